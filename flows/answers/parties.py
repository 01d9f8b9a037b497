"""How many people travel, the person included: counted, or named one by one."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from domain.refusals import Refused
from domain.registrations import MOST_IN_A_PARTY
from flows.answers.reading import BLANK, CJK, SMALL_NUMBER, bare, number, plain
from flows.flow import Answers, Ask, Choice, Context, Found, Reader, choice
from texts.say import Words

Span = tuple[int, int]
UNCLEAR: Final = 0  # more than one, and nobody said how many: "我和老乡们"

_N: Final = rf"(?<![第\d.初周]){SMALL_NUMBER}"
_TWO: Final = (
    "父母|爸妈|爹妈|爷爷奶奶|外公外婆|公婆|公公婆婆|岳父岳母|哥嫂|弟妹俩|姐妹俩|兄妹俩|兄弟俩|一儿一女|一对儿女|儿女"
)
_RELATIVE: Final = (
    "老婆|老公|爱人|媳妇儿?|妻子|丈夫|老伴|[男女]朋友|对象|儿媳妇?|女婿|儿子|女儿|闺女|小孩子?|孩子|小朋友|娃娃?|宝宝|[大小]?仔(?!细)|崽|娃儿|男人(?![的们])|(?:家)?(?:那口子|当家的)|小叔子|[大小]?舅子|[大小]姨子|小姑子|婆娘|堂客|阿[爸妈哥姐弟妹公婆]|老汉儿?|屋头(?:的|人)?|屋里的|屋里人"
    "|爸爸?|老爸|妈妈?|老妈|父亲|母亲|公公|婆婆|爷爷|奶奶|外公|外婆|孙子|孙女|岳父|岳母"
    "|弟弟|弟媳|老弟|表[哥弟姐妹]|堂[哥弟姐妹]|弟|[大二三四]?哥哥?|[大二三四]?姐姐?|姐夫|老?妹妹?|妹夫|嫂子?|兄弟|姐妹"
    "|叔叔?|婶婶?|伯伯|舅舅?|姑姑?|姨|侄子|侄女|外甥女?"
    "|幺[儿女妹弟叔姑爸]|老幺|老表"
    rf"|[他她](?=$|[^{CJK}]|[两俩去走一三都])|朋友|老乡|同乡|同事|工友|同学|邻居|亲戚|室友|伙伴|徒弟|师傅"
)
_STAYS: Final = (  # who is named, but not as one who comes along
    r"(?!\s{0,2}[他她们]?[就都也]?(?:不[去走来坐跟回]|不一起|留[在家]|在家|没空|以后|先走|已经|[说讲吵]|商量|打电话|打听"
    "|[送叫让]我|介绍|可以吗|行吗|行不行|要钱|吗))"
)
_ITEM: Final = (
    rf"(?:我们?的?|他|她)?(?:(?:{_N}(?!哥|姐)|俩|几|好几|一些|一帮|一群|很多)\s{{0,2}}[个位名]?\s{{0,2}}(?:小|大)?|个)?"
    rf"(?:{_TWO}|{_RELATIVE})们?俩?{_STAYS}"
)
_EACH: Final = re.compile(
    rf"(?:({SMALL_NUMBER}(?!哥|姐)|俩|几|好几|一些|一帮|一群|很多)\s{{0,2}}[个位名]?\s{{0,2}}(?:小|大)?)?(?:({_TWO})|(?:{_RELATIVE}))(们)?(俩)?"
)
_AND: Final = r"\s{0,2}(?:(?:同埋|还有|加上?|以及|带着|带上|[和跟同与带、,+])\s{0,2}){0,2}"
_COUPLE: Final = (
    r"(?:[我俺咱]们?(?:夫妻|两口子|夫妇)?(?:俩(?!口)|二(?=人))|[我俺咱]们(?:[两2]个人?|夫妻|夫妇|两口子)"
    r"|(?:夫妻|夫妇)(?:俩|二(?=人))?|[两俩]口子|小两口|[俩两]公婆)"
)
_COUPLE_ALONE: Final = re.compile(_COUPLE)
_ME: Final = rf"(?:{_COUPLE}|我(?:自己|本人)?|本人)"
_JOINED: Final = r"\s{0,2}(?:同埋|带着|带上|[要想会]带|还有|加上?|[和跟同与带、])\s{0,2}"
# 我和老婆俩 are two; whether 我和我兄弟俩 are two or three nobody knows.
_SPOUSE_TWO: Final = re.compile(r"我?(?:老婆|老公|爱人|媳妇儿?|妻子|丈夫|老伴|对象|婆娘|堂客)俩")
_MINE_TWO: Final = re.compile(r"我.{1,4}俩")
_ITEMS: Final = re.compile(rf"{_ITEM}(?:{_AND}{_ITEM})*")
_I_AND: Final = re.compile(rf"({_ME})[也都]?{_JOINED}|(?<![不没别他她以能])带[着上起]?\s{{0,2}}")
_AND_I: Final = re.compile(r"\s{0,2}(?:[和跟同与、,]|还有|加上?)\s{0,2}我(?![的们妈爸弟哥姐妹老])")
_COME_TOO: Final = re.compile("也去(?![过了])|也走(?![过了])|也要去|也一起|和我|跟我|一起去|一起走|一块去|一块走")
_CLAUSE: Final = re.compile(rf"(?:^|[\s,;。{BLANK}])$")
LONGEST_LIST: Final = 24  # characters of those who are named before 和我 or 也去
MOST_TRIED: Final = 20  # times that a text names the person beside others; one with more is no sentence
# A total right behind the list says it all again: 我和老婆孩子三个人.
_TOTAL: Final = re.compile(
    rf"\s{{0,2}},?\s{{0,2}}(?:一起|一共|总共|共|就)?({SMALL_NUMBER})(?:个人|个(?![{CJK}])|人|位|口)"
)
_NOBODY: Final = "民|工|次|座|都没|都不|也没|也不|都还没|多|以|间|铺|房|行李|的(?:包|东西|行李|箱|位)"
_COUNTED: Final = re.compile(
    rf"({_N})\s{{0,2}}(?:个大?人|个[男女](?:的|人)|个乘客|人|位(?![置数于子])|名(?![字额单称])|口(?![水岸井锅气饭罩袋子]))(?!{_NOBODY})"
)
_FAMILY: Final = re.compile(
    rf"[全一]家(?:子|人)?(?:一共|总共|共)?({SMALL_NUMBER})(?:口人?|个人?(?![{CJK}])|人)|({SMALL_NUMBER})口之家"
)
_WE: Final = re.compile(
    r"(?:(?:加上?|算上|连|包括|带上)我(?:自己|在内)?(?:一共|总共|共|是|有)?|我们(?:这边)?(?:一共|总共|共|有|是)?"
    rf"|我?们?(?:一共|总共)(?:有|是|要)?|同行|人数[是有:]?\s{{0,2}})({SMALL_NUMBER})"
    rf"(?:个人|人|位(?![置数于子])|个(?!包|箱|月|小时|行李|袋|星期|礼拜|厂|县|地方|问题|电话)|(?![{CJK}\d./-]))"
)
_BY_AGE: Final = re.compile(
    rf"({_N})个?(?:大人|成年?人|大)(?:[和跟带、,加]|还有)?({SMALL_NUMBER})个?(?:小孩子?|小朋友|孩子|儿童|娃|小)"
)
_ITEM_OF_A_LIST: Final = re.compile(rf"(?:^|[\s,;、。{BLANK}])({SMALL_NUMBER})个(?=[\s,;、。{BLANK}]|$)")
_LUGGAGE: Final = re.compile("行李|[箱包袋件]")
# 五六个人: one or the other.
_EITHER: Final = re.compile(
    r"(?<![第十\d初月])(一两|一二|两三|二三|三四|四五|五六|六七|七八|八九)(?:个人|个(?=$|[吧了\s,。])|人)"
)
# 可能两个也可能三个
_ONE_OR_OTHER: Final = re.compile(
    rf"({_N})个?人?[\s,]?(?:或者?|还是|要么|也?可能|也许|到|至|[-~])+(?:是|有)?({SMALL_NUMBER})(?:个人|个(?=$|[\s,。])|人)"
)
_SOME_OF_US: Final = re.compile(
    r"(?:我们|咱们?|一共|总共|同行)(?:有|是)?好?几个(?:人|老乡|工友|同事|朋友|兄弟|姐妹)?(?=$|[\s,。想要去从坐一])"
    r"|[和跟同与](?:我们?)?(?:村|寨|屯|队|厂|家|屋)[里头]?的?人们?(?=一[起块道路])"
)
_SIZE_IS_OPEN: Final = re.compile(
    r"(?:几个人?|几人|多少个?人|人数)(?:走|去|坐车)?(?:都|也)?(?:还没有?|没有?|还?未|还?不)(?:定|确定|一定|知道|清楚|晓得|说好)"
)
_SOME_MORE: Final = re.compile(r"\s?好?几(?:个|人|位)")  # 我和老乡几个
_THREE: Final = re.compile("[哥姐爷娘弟妹]仨|我们仨|咱们?仨|仨人|^仨$")
_PAIR: Final = re.compile(
    rf"{_COUPLE}|我俩|咱俩|俩人|两口人|两人|(?:[爷娘哥姐]儿?|父[子女]|母[子女]|姐[弟妹]|兄[弟妹]|叔侄|婆媳|[爷婆]孙|姊妹)俩"
)
# 两爷子, 三兄弟: those of one family with the person among them; 我三个: counted without a word for people.
_TOGETHER: Final = re.compile(
    rf"(?:(?:我|咱|俺)们|(?:^|[\s,;。{BLANK}]))(?:兄弟|弟兄|姐妹|姊妹|老表|老乡|工友|父子|母子)([两俩二三四五六])个人?(?=$|[\s,;。{BLANK}])"
    r"|(?<![有的和跟同与带个第])([两俩二三四五])(?:爷[子崽孙]|娘[母崽]|父子|母子|兄弟|弟兄|姐妹|姊妹|老表|叔侄)(?![们家的])"
    r"|(?<![和跟同与带送])[我俺咱]们?([两俩二三四五六])个(?=$|[\s,;、。从由去走要想坐到出一])"
)
# 还有我老婆, said behind everything else.
_ALSO: Final = re.compile(
    rf"(?:还有|另外还?有|加上|连同|领着|同埋|(?:^|[\s,;。{BLANK}])[和跟同与搭](?=[^,;。]{{1,12}}一[起块道路]))\s?(?P<items>{_ITEM}(?:{_AND}{_ITEM}){{0,6}})"
    rf"(?=$|[\s,;、。!{BLANK}]|[也都]?一[起块道路]|也[去走要])"
)
# A clause that is nothing else: 跟三个老乡，初十去…
_WITH: Final = re.compile(rf"(?:^|[\s,;。{BLANK}])[和跟同与](?P<items>{_ITEM}(?:{_AND}{_ITEM}){{0,6}})(?=$|[,;。])")
_FOR_ANOTHER: Final = re.compile(  # somebody else signs up for them: those who are named may not travel at all
    rf"(?:帮|替|给|代)(?:我|俺)?的?(?:{_RELATIVE})[^,;。]{{0,4}}(?:报|登记)"
)
_ALONE_IN_ENGLISH: Final = r"(?<![a-z])(?:just me|only me|(?:by )?myself|alone)(?![a-z])"
_ALONE: Final = re.compile(
    r"[就只]有?我(?:一个人?|自己)?|我?一个人?(?=$|走|去|坐)|自己(?:一个人?)?|一个人|一人|单独|单人|单身"
    rf"|{_ALONE_IN_ENGLISH}"
)
_CLEARLY_ALONE: Final = re.compile(
    r"[就只]有?我(?:自己)?(?:一个人?|一人|自己)|(?<![第\d])(?:我自己)?一个人(?!都|也|座|多|以)"
    rf"|{_ALONE_IN_ENGLISH}"
)
_BARE: Final = re.compile(
    rf"(?:要|共|大概|是|有)?({SMALL_NUMBER})\s{{0,2}}(?:[个位人名口]|个座位?)?(?:人|一起)?[吧了啊呢]?"
)
_MANY: Final = re.compile(r"好?几个人?|一[帮群]人?|一些人|不少人|several|a few")
_ENGLISH_NUMBERS: Final = {
    name: value
    for value, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_FIGURE: Final = rf"(\d{{1,3}}|{'|'.join(_ENGLISH_NUMBERS)})"
_ENGLISH: Final = re.compile(
    rf"(?<![a-z\d])(?:{_FIGURE} (?:people|persons?|of us|adults|passengers|travellers)"
    rf"|(?:family|party|group) of {_FIGURE})(?![a-z\d])"
)
_KIN: Final = "(?:wife|husband|friend|brother|sister|son|daughter|mother|father)"
_ENGLISH_LIST: Final = re.compile(
    rf"(?<![a-z])(?:(?:me and my|with my|i and my) {_KIN}(?! and)|my {_KIN} and (?:i|me))(?![a-z])"
)
_LOTS: Final = frozenset(("几", "好几", "一些", "一帮", "一群", "很多"))


def read_party(text: str, context: Context) -> int | Ask:  # noqa: ARG001 - every reader is called with both
    """How many people, the person included; several that nobody counted are a question.

    Raises Refused("party.not_understood") or ("party.too_many", most=).
    """
    said = bare(plain(text))
    if either := _EITHER.search(said):
        return _either(either)
    found = _counted(said)
    size = found[0] if found else None
    if size is None and (match := _BARE.fullmatch(said)):
        size = number(match[1]) or None
    if size is None:
        size = _ENGLISH_NUMBERS.get(said)
    if size is None and _ALONE.search(said) and "都" not in said:
        size = 1
    if size is None and _MANY.search(said):
        size = UNCLEAR
    if size is None or size < 0:
        raise Refused("party.not_understood")
    if size > MOST_IN_A_PARTY:
        raise Refused("party.too_many", most=MOST_IN_A_PARTY)
    return size or _which()


def find_party(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """How many people, where they are counted or named; several that nobody counted are a question."""
    said = plain(text)
    if either := _EITHER.search(said):
        return Found(_either(either), (either.span(),))
    if (either := _ONE_OR_OTHER.search(said)) and (one := number(either[1])) and (other := number(either[2])):
        return Found(Ask((_people(one), _people(other))), (either.span(),))
    if some := _SIZE_IS_OPEN.search(said) or _SOME_OF_US.search(said):
        return Found(_which(), (some.span(),))
    found = _counted(said)
    if found is None:
        alone = _CLEARLY_ALONE.search(said)
        return Found(1, (alone.span(),)) if alone else None
    size, span = found
    return Found(size or _which(), (span,)) if size <= MOST_IN_A_PARTY else None


def _counted(said: str) -> tuple[int, Span] | None:
    """The number of people that the words count (UNCLEAR where they leave it open), and where they stand."""
    if ages := _BY_AGE.search(said):
        return (number(ages[1]) or 0) + (number(ages[2]) or 0), ages.span()
    for pattern in (_FAMILY, _WE):
        if found := _number_in(pattern, said):
            return found
    if not _FOR_ANOTHER.search(said) and (found := _listed(said)):
        return found
    if found := _number_in(_COUNTED, said):
        return found
    if several := _THREE.search(said) or _PAIR.search(said):
        return 3 if "仨" in several[0] else 2, several.span()
    if together := _TOGETHER.search(said):
        return number((together[1] or together[2] or together[3]).replace("俩", "两")) or 0, together.span()
    if found := _number_in(_ENGLISH, said) or (None if _LUGGAGE.search(said) else _number_in(_ITEM_OF_A_LIST, said)):
        return found
    pair = _ENGLISH_LIST.search(said)
    return (2, pair.span()) if pair else None


def _number_in(pattern: re.Pattern[str], said: str) -> tuple[int, Span] | None:
    """The number that the last group of a match holds, of the first match where there is one."""
    for match in pattern.finditer(said):
        figure = match[match.lastindex or 0]
        if size := _ENGLISH_NUMBERS.get(figure) or number(figure):
            return size, match.span()
    return None


def _listed(said: str) -> tuple[int, Span] | None:
    """The person and those whom they name: 我和老婆，两个孩子 are four."""
    for me in islice(_I_AND.finditer(said), MOST_TRIED):
        if items := _ITEMS.match(said, me.end()):
            return _total(said, items[0], me.start(), items.end(), 2 if _COUPLE_ALONE.fullmatch(me[1] or "") else 1)
    for too in islice(_AND_I.finditer(said), MOST_TRIED):
        if items := _list_before(said, too.start()):
            return _total(said, items[0], items.start(), too.end())
    if also := _ALSO.search(said) or _WITH.search(said):
        return _total(said, also["items"], *also.span())
    for too in islice(_COME_TOO.finditer(said), MOST_TRIED):
        if (items := _list_before(said, too.start())) and (items[0].startswith("我") or _is_clause(said, items)):
            return _total(said, items[0], *items.span())
    return None


def _is_clause(said: str, items: re.Match[str]) -> bool:
    """Whether nothing stands before those who are named: 媳妇也去, but not 他媳妇也去."""
    return items[0][:1] not in "他她" and _CLAUSE.search(said, 0, items.start()) is not None


def _list_before(said: str, end: int) -> re.Match[str] | None:
    """Those who are named right before that place."""
    for items in _ITEMS.finditer(said, max(0, end - LONGEST_LIST), end):
        if items.end() == end:
            return items
    return None


def _total(said: str, items: str, start: int, end: int, base: int = 1) -> tuple[int, Span]:
    """How many the list makes with the person (or the couple) who names it, and where all of it stands."""
    if base == 1 and _SPOUSE_TWO.fullmatch(items):
        return 2, (start, end)
    others = [UNCLEAR] if _MINE_TWO.fullmatch(items) else [_size(each) for each in _EACH.finditer(items)]
    total = UNCLEAR if UNCLEAR in others else base + sum(others)
    if (again := _TOTAL.match(said, end)) and (size := number(again[1]) or 0) >= max(total, 2):
        return size, (start, again.end())
    if more := _SOME_MORE.match(said, end):
        return UNCLEAR, (start, more.end())
    return total, (start, end)


def _size(each: re.Match[str]) -> int:
    """How many one name of the list stands for; UNCLEAR for 老乡们."""
    count, two, several, both = each.groups()
    if count in _LOTS or several:
        return UNCLEAR
    if count == "俩" or two or both:
        return 2
    return (number(count) or 1) if count else 1


def _people(size: int) -> Choice:
    return choice(size, Words("party.people", {"n": size}))


_SIZES: Final = (choice(1, Words("party.just_me")), *(_people(size) for size in (2, 3, 4)))
_SEVERAL: Final = tuple(_people(size) for size in (2, 3, 4, 5, 6))


def _either(match: re.Match[str]) -> Ask:
    return Ask(tuple(_people(number(figure) or 1) for figure in match[1]))


def _which() -> Ask:
    return Ask(_SEVERAL)


def party_sizes(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """Just me, and two to four people."""
    return _SIZES


PARTY: Final = Reader(
    int,
    read_party,
    find_party,
    marks=re.compile("[个大带仨人位名口俩两二三四五有加连领妻夫妇我共行男女和跟同与搭也几数]|[a-z]{2}"),
)
