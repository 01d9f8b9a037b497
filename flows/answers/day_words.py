"""The words that name a day, as one pattern: which kinds there are and how each is spelt, in Chinese and in English."""

from __future__ import annotations

import re
from typing import Final

from domain.lunar import SOLAR_TERMS

# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_NO_PLACE: Final = r"(?!江(?![津北夏门阴苏西南宁安川油陵岸山都])|亚(?!洲)|门峡|连浩特)"  # 初十三江去深圳
CHINESE: Final = rf"(?:(?:[一二三]?十|廿|卅)(?:[一二三四五六七八九]{_NO_PLACE})?|[一二三四五六七八九])"
FIGURES: Final = rf"(?:\d{{1,2}}|{CHINESE})"  # the number of a day or of a month
_NEXT: Final = "(?:" + "|".join(
    f"(?<={one}){two}" for one, two in zip("一二三四五六七八一两", "二三四五六七八九两三", strict=True)
) + ")"  # fmt: skip
_SMALL: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
ENGLISH_NUMBERS: Final = _SMALL

# 3号楼, 2号门 and 5号线 are no days; nor are 十五个人, 100块, 2.5万.
_NO_DAY: Final = (
    r"(?!\s?(?:楼|线|店|门|院|厂|桌|车|机|栋|幢|座|口|出口|入口|床|公|馆|仓|地铁|站|铺|码|宿舍|房|室|桥|窗|柜|台|路|街|巷"
    r"|区|组|队|坑|井|矿|工|库|岗|层|单元|屋|棚|摊|员|选手|箱|文件|通知|令|电池|球|技师|师傅|包|服务|信箱|舱|厅|病|教|校))"
)
_COUNTED: Final = (
    r"个|人|块|元(?!宵|霄|旦)|位|口|点|时|岁|名|层|楼|万|千|百|亿|米|年|月|天|周|星期|礼拜|多|几|路|斤|件|张|台|辆|号线|座|次|批|公里"
    r"|小时|分|度|栋|幢|室|班|车|趟|只|条|双|袋|箱|包|瓶|杯|折|倍|届|期|等|级|本|家|间|户|组|排|村|队|兄|姐|哥|弟|妹"
    r"|夫|寸|克|吨|升|亩|尺|片|种|样|份|顿|%|[a-z]"
)
_NO_COUNT: Final = rf"(?![\d:]|\.\d|\s?(?:{_COUNTED}))"
_NO_DECIMAL: Final = rf"(?![\d.:/]|\s?(?:{_COUNTED}))"
_AMOUNT: Final = r"(?<![资薪价高温重长宽度费钱率版本第约共达值余付给])"

# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_MOON: Final = r"农历|阴历|旧历|老历"
_SUN: Final = r"公历|阳历|新历|西历"
_WEEK: Final = r"(?:周|星期|礼拜)"
_THIS: Final = r"(?:这一?个?|本|今个?|呢个)"
_UNIT: Final = r"(?:天|日(?!元)|个?星期|个?礼拜|周(?!岁|年)|个?月)"
_COUNT: Final = rf"(?:{FIGURES}|两|半)"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY: Final = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_YEAR_BEHIND: Final = r"(?:,? (?P<{}>20\d\d))?"
_ORDINAL: Final = r"(?:st|nd|rd|th)"
_YEAR: Final = r"(?:19|20)\d\d年|\d\d年|二[〇零]\S{2}年|明年|今年|来年|后年|去年"
_WEATHER: Final = r"雨水|小满|大暑|小暑|处暑|白露|寒露|霜降|小雪|大雪|小寒|大寒"  # names that mean other things as well
_TERMS: Final = "|".join(name for name in SOLAR_TERMS if name not in _WEATHER.split("|"))

# Of two that begin at one place the first counts, so the longer words stand before the shorter.
_KINDS: Final = {
    "double": (rf"(?:二月二|三月三|五月五|六月六|七月七|九月九|八月十五)(?!十|\s?[号日]|个|{_NEXT})|[七八]月半"),
    "compact": r"20\d{6}(?!\d)",
    "iso": (
        r"(?P<iso_y>(?:19|20)\d\d|\d\d(?=\s?年))\s?[-/.年]\s?(?P<iso_m>\d{1,2})\s?[-/.月]\s?(?P<iso_d>\d{1,2})(?!\d)"
        r"(?:\s?[日号])?"
    ),
    "month_day": (
        rf"(?:(?P<md_year>{_YEAR})的?)?(?:(?P<md_lunar>{_MOON})的?|(?P<md_solar>{_SUN})的?)?(?P<md_leap>闰)?"
        rf"(?P<md_m>{FIGURES}|[正冬腊])\s?月(?:份|里)?的?\s?(?P<md_first>初|出(?=[一二三四五六七八九十](?![一二三四五六七八九])))?\s?"
        rf"(?:(?P<md_d>{FIGURES})(?P<md_next>{_NEXT})?(?P<md_some>[多几来](?=[号日]))?"
        rf"(?:\s?(?P<md_mark>[号日])|{_NO_COUNT})|(?P<md_half>半))"
    ),
    "tenth": (
        rf"(?:(?P<t_rel>{_THIS}月|下下个?月|下个?月)|(?:(?P<t_lunar>{_MOON})的?)?(?P<t_m>{FIGURES}|[正冬腊])\s?月份?|(?<!个)月)的?"
        r"(?P<t_part>初|头|上旬|中旬|下旬|中(?![午间秋])|底|末|尾)|(?P<t_bare>[上中下]旬)"
    ),
    "rel_month": (
        rf"(?P<rm>{_THIS}月|下下个?月|下个?月|上个?月)份?(?:的?\s?(?P<rm_d>{FIGURES})(?:\s?[号日]|{_NO_COUNT}))?"
    ),
    "whole_month": (
        r"(?<![块元千百万多几半\d])(?P<wm>(?:1[0-2]|[1-9])|十[一二]?|[一二三四五六七八九]|[正冬腊])\s?月(?:份|里)?(?![份里])"
        r"(?!\s?\d(?!\d?\s?(?:个|人|位))|薪|工资|租|饼|亮|嫂|子|结|均|收|经|票|费|供|光|季)"
    ),
    "eve": r"除夕夜?|大年夜|年夜|(?:大?年|(?:腊月|十二月)的?)(?:三十|卅|30)[晚夜]?|三十[晚夜]",
    "year_end": r"大?年(?P<ye_d>廿[一二三四五六七八九]|二十[一二三四五六七八九]|2[1-9](?!\d))",
    "first": (
        r"(?:(?P<f_new>大年)(?=十[一二三四五六七八九])|(?P<f_of>大年|过了年|过完年|年后|节后|春节后?|年)?"
        rf"(?:{_MOON})?初\s?)(?P<f_d>{FIGURES})(?P<f_e>(?:{_NEXT}{_NO_PLACE}|(?<=九)十(?![一二三四五六七八九]))(?!个|人|点|月|位))?"
        r"(?!(?<=\d)\d|(?<=十[一二三四五六七八九])天(?![气冷])|\s?(?:个|人(?!数)|毕业|学|年级|文化|生))(?:号|日)?"
    ),
    "day": (
        rf"(?<!第)(?<![前后](?=[一二两三四五六七1-7][天日]))(?<![\d月年.a-z路街道巷弄栋幢楼村园])(?P<d_d>{FIGURES})(?P<d_next>{_NEXT})?(?P<d_some>[多几来])?"
        rf"\s?[号日]{_NO_DAY}"
        rf"|(?P<d_teen>几十|十[几多])\s?[号日]{_NO_DAY}"
    ),
    "twenty": rf"(?:{_MOON})的?(?P<tw_d>{CHINESE})|(?P<tw_b>廿[一二三四五六七八九]?|卅){_NO_COUNT}",
    "festival": (
        rf"(?:元[宵霄]节?|小年夜?|春节|清明节?|元旦节?|劳动节|五一节?(?!\s?[号日月点个])|端午节?|中秋节?|国庆节?|十一(?=国庆|长假|放假|节)"
        r"|(?<![家去来乡里])过年(?=[以之]?[前后]|那|时|当|\s*$)|过[完了][年节](?!日)|(?:三八)?妇女节|三八节|植树节"
        r"|儿童节|六一节?(?!\s?[号日月点个])|龙抬头|重阳节?|七夕节?|中元节?|腊八节?|圣诞节?"
        rf"|情人节|(?<![一二两三四五六七八九十几半今明去\d])[年节](?=[以之]?[前后](?!天|年))"
        rf"|(?:{_TERMS})|(?<!下)(?<!有)(?:{_WEATHER})(?=节气|那天|以?[前后]|之[前后]|过后|[走去出]|\s*$)"
        r"|(?:the )?(?:lantern festival|(?:chinese|lunar) new year(?!'s eve| eve)|spring festival"
        r"|qing ?ming(?: festival)?"
        r"|tomb[- ]sweeping day|dragon boat festival|mid-?autumn(?: festival)?|national day|labou?r day"
        r"|may day|women's day|new year's day))(?!广场|大道|[路街村镇乡桥站店]|新村|公园|小区|上河)"
    ),
    "in_days": (
        rf"(?:再?过|再等|等)?(?P<i_n>{_COUNT})(?P<i_next>{_NEXT})?\s?(?P<i_unit>{_UNIT})(?P<i_how>以后|之后|过后|后(?!天)|之?前(?!天)|(?=[之以]?内))"
        rf"|(?:再?过|再等)(?P<j_n>{_COUNT})(?P<j_next>{_NEXT})?\s?(?P<j_unit>{_UNIT})"
        rf"|(?:in|after|(?<=within )) ?(?P<k_n>\d{{1,2}}|{'|'.join(_SMALL)}) (?P<k_unit>days?|weeks?|months?)\b"
        rf"|(?P<l_n>\d{{1,2}}|{'|'.join(_SMALL)}) (?P<l_unit>days?|weeks?|months?) (?:later|from now|from today)\b"
    ),
    "near": (
        r"(?:今明|明后)[两天]天?|大大后天|大后天|大后[日儿]|后(?:[天日儿]|个儿?)|[明听][天日儿]|[明今]个儿?(?!月|星期|礼拜|周)|今[天日儿]|[昨寻琴][天日儿]|前[天日儿]|[今明后听](?=早|晚|朝)"
        r"|(?:the )?day after tomorrow\b|tomorrow\b|today\b|tonight\b|yesterday\b"
    ),
    "week": (
        rf"(?:(?P<w_rel>(?:下一?个?){{1,3}}|{_THIS}|上一?个?)"
        r"|(?<![\d两每第叫姓])(?:(?<![一二三四五六七八九十])|(?<=[周期拜][一二三四五六日天])))"
        rf"{_WEEK}(?P<w_day>[一二三四五六日天末]|[1-7](?![\d天]))(?P<w_next>(?:{_NEXT}|(?<=六)[日天])(?![个人点]))?"
        rf"|(?P<w_only>(?:下一?个?){{1,3}}|{_THIS}|上一?个?){_WEEK}"
    ),
    "en_week": (
        rf"(?:(?:the )?(?P<ew_rel>next|this|coming) )?(?P<ew_day>{_WEEKDAY}|weekend)\b(?P<ew_late> next week\b)?"
        r"|(?:the )?(?P<ew_only>next|this) week\b|(?P<ew_two>the week after next)\b"
    ),
    "en_month": (
        r"(?:the )?(?P<en_part>end|beginning|start|middle) of (?:the |(?P<en_next>next) |this )?month\b"
        rf"|(?:the )?(?P<en_of>early|mid|late|end of|beginning of|start of|middle of)[ -](?P<en_m>{_MONTH})\b(?! \d)"
        r"|(?P<en_rel>next|this) month\b"
    ),
    "en_md": rf"(?P<em_m>{_MONTH})\.? ?(?:the )?(?P<em_d>\d{{1,2}}){_ORDINAL}?{_YEAR_BEHIND.format('em_y')}\b",
    "en_dm": (
        rf"(?:the )?(?P<ed_d>\d{{1,2}}){_ORDINAL}? ?(?:of )?"
        rf"(?P<ed_m>{_MONTH})\b\.?{_YEAR_BEHIND.format('ed_y')}(?!\d)"
    ),
    "en_lunar": (
        rf"(?:the )?(?P<el_d>\d{{1,2}}){_ORDINAL}?(?: day)? of (?:the )?(?P<el_leap>leap )?"
        rf"(?P<el_m>\d{{1,2}}{_ORDINAL}|first|second|last|twelfth) lunar month"
    ),
    "en_whole": rf"(?:(?<=in )may|(?!may\b|mar\b|dec\b|sun\b){_MONTH})\b(?!\.? ?\d)",
    "en_day": rf"(?:the )?(?P<eo_d>\d{{1,2}}){_ORDINAL}\b(?! (?:floor|street|time|person|of|batch|grade|class))",
    "slash": (
        rf"(?<![.:/]){_AMOUNT}(?P<s_m>0?[1-9]|1[0-2])(?:/|\.)(?P<s_d>[12]\d|3[01]|0?[1-9])"
        rf"(?:/(?P<s_y>20\d\d))?{_NO_DECIMAL}(?:\s?[号日])?"
        rf"|(?<![.:/-]){_AMOUNT}(?P<s_d2>1[3-9]|2\d|3[01])/(?P<s_m2>0?[1-9]|1[0-2])(?:/(?P<s_y2>20\d\d))?{_NO_DECIMAL}"
    ),
    "dash": (
        rf"(?<![.:/a-z-])(?<![-㐀-鿿])(?P<ds_a>0?[1-9]|[12]\d|3[01])-(?P<ds_b>0?[1-9]|[12]\d|3[01])"
        rf"(?![\d.:/-]|\s?(?:[号日后楼院房]|{_COUNTED}))(?=[~到至走出从去\s,]|$)"
    ),
    "number": rf"(?<![.:第])(?P<n_d>{FIGURES}){_NO_COUNT}",
}

# Where a word can begin: most characters of a text are none of these, and are passed over at once.
_STARTS: Final = (
    r"(?=(?<!\d)\d|(?<![a-z])[a-z]|[一二三四五六七八九十廿卅两半几正冬腊闰农阴旧老公阳新西明今来后去这本呢下上中月除大年过节春"
    r"初元小清劳端国妇植儿龙重圣情立雨惊谷芒夏处白秋寒霜再等听昨寻琴前周星礼])"
)
WORDS: Final = re.compile(
    _STARTS + "(?:" + "|".join(f"(?P<{kind}>{spelling})" for kind, spelling in _KINDS.items()) + ")"
)
KINDS: Final = tuple(_KINDS)
