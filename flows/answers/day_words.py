"""The words that name a day, as one pattern: which kinds there are and how each is spelt, in Chinese and in English."""

from __future__ import annotations

import re
from typing import Final

FIGURES: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"  # the number of a day or of a month
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CHINESE: Final = r"[一二三四五六七八九十廿卅]{1,3}"
_COUNT: Final = rf"(?:{FIGURES}|两)"
_UNIT: Final = r"(?:天|个?星期|个?礼拜|周)"
_WEEK: Final = r"(?:周|星期|礼拜)"
_THIS: Final = r"这个?|本"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY: Final = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_YEAR_BEHIND: Final = r"(?:,? (?P<{}>20\d\d))?"

# 3号楼, 2号门 and 5号线 are no days; nor are 十五个人, 100块, 2.5万.
_NO_DAY: Final = r"(?!\s*(?:楼|线|店|门|院|厂|桌|车|机|栋|口|床|公馆|仓|地铁|站|铺|码|宿舍|房))"
_NO_DECIMAL: Final = r"(?![\d.:/]|\s*(?:元|块|万|米|公里|号线|%|kg|斤|吨|小时))"
_NO_COUNT: Final = r"(?![\d.:]|\s*(?:个|人|块|元|位|口|点|时|岁|名|层|楼|万|千|百|米|年|月|天|周|星期|多|几|路|[a-z]))"

# Of two that begin at one place the first counts, so the longer words stand before the shorter.
_KINDS: Final = {
    "compact": r"(?<!\d)20\d{6}(?!\d)",
    "iso": (
        r"(?<!\d)(?P<iso_y>20\d\d|\d\d(?=年))\s*[-/.年]\s*(?P<iso_m>\d{1,2})\s*[-/.月]\s*(?P<iso_d>\d{1,2})(?!\d)"
        r"\s*[日号]?"
    ),
    "month_day": (
        r"(?:(?P<md_year>明年|今年|来年)的?)?(?P<md_lunar>农历|阴历|旧历)?(?P<md_leap>闰)?"
        rf"(?<!\d)(?P<md_m>{FIGURES}|[正冬腊])月份?\s*(?P<md_first>初)?\s*(?P<md_d>{FIGURES})\s*(?P<md_mark>[号日])?"
    ),
    "tenth": (
        r"(?:(?P<t_rel>这个?月|本月|下下个?月|下个?月)|(?<!\d)(?P<t_m>\d{1,2}|十?[一二三四五六七八九十])月份?|(?<!个)月)"
        r"(?P<t_part>初|上旬|中旬|下旬|底|末)|(?P<t_bare>[上中下]旬)"
    ),
    "rel_month": rf"(?P<rm>这个?月|本月|下个?月)的?\s*(?P<rm_d>{FIGURES})[号日]?",
    "eve": r"除夕夜?|大年夜|大?年三十",
    "first": (
        r"(?:大年|农历|阴历|年)?初\s*(?P<f_d>十|10|[一二三四五六七八九]|[1-9](?!\d))"
        r"(?P<f_e>(?<=[一二三四五六七八])[二三四五六七八九](?!个|人|点))?"
    ),
    "twenty": rf"(?:农历|阴历)(?P<tw_d>{_CHINESE})|(?P<tw_b>廿[一二三四五六七八九]?)",
    "festival": (
        r"元宵节?|小年|春节|清明节?|元旦|劳动节|五一|端午节?|中秋节?|国庆节?|十一(?=国庆|长假|放假)|过年|过完年|年(?=[前后])"
    ),
    "in_days": (
        rf"(?:再?过)?(?P<i_n>{_COUNT})\s*(?P<i_unit>{_UNIT}|日)(?:以后|之后|后)|再?过(?P<j_n>{_COUNT})\s*(?P<j_unit>{_UNIT})"
        r"|\bin (?P<k_n>\d{1,2}) (?P<k_unit>days?|weeks?)\b"
    ),
    "near": (
        r"大后天|大后日|后天|后日|明天|明日|听日|今天|今日|昨天|昨日|前天|[今明后](?=早|晚)"
        r"|\b(?:the )?day after tomorrow\b|\btomorrow\b|\btoday\b|\btonight\b|\byesterday\b"
    ),
    "week": (
        rf"(?P<w_rel>下+个?|{_THIS}|上个?)?{_WEEK}(?P<w_day>[一二三四五六日天末]|[1-6](?!\d))"
        rf"|(?P<w_only>下+个?|{_THIS}){_WEEK}"
    ),
    "en_week": (
        rf"\b(?:(?P<ew_rel>next|this|coming) )?(?P<ew_day>{_WEEKDAY}|weekend)\b|\b(?P<ew_only>next|this) week\b"
    ),
    "en_md": (rf"\b(?P<em_m>{_MONTH})\.? (?P<em_d>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR_BEHIND.format('em_y')}\b"),
    "en_dm": (rf"\b(?P<ed_d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<ed_m>{_MONTH})\.?{_YEAR_BEHIND.format('ed_y')}\b"),
    "slash": rf"(?<![\d.:/-])(?P<s_m>\d{{1,2}})(?:/|\.)(?P<s_d>\d{{1,2}}){_NO_DECIMAL}",
    "day": rf"(?<![\d月年第.])(?P<d_d>{FIGURES})\s*[号日]{_NO_DAY}",
    "number": rf"(?<![\d.:第])(?P<n_d>{FIGURES}){_NO_COUNT}",
}

WORDS: Final = re.compile("|".join(f"(?P<{kind}>{spelling})" for kind, spelling in _KINDS.items()))
KINDS: Final = tuple(_KINDS)
