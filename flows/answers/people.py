"""Who travels: the name, the phone number, and how many people."""

from __future__ import annotations

import re
from typing import Final

from phonenumbers import PhoneNumber, PhoneNumberType, number_type

from domain.people import Name, Phone
from domain.refusals import Refused
from domain.registrations import MOST_IN_A_PARTY
from flows.answers.reading import BLANK, CJK, SMALL_NUMBER, bare, number, plain
from flows.flow import Answers, Ask, Choice, Context, Found, Reader, choice
from flows.words import SMALL_TALK
from texts.say import Words

# ── Name ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

LONGEST_NAME: Final = 20  # names of the minorities with their dots
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌"
    "马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁"
    "毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田"
    "樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳焦巴车侯全班仇"
    "伊宫宁甘厉武符刘景龙叶司黎薄白蒲从索咸赖卓蔺屠蒙池乔谭党翟贡姬申扶冉雍桑桂牛边燕温庄晏柴瞿阎连茹习艾"
    "鱼容向古易廖终居衡步耿满匡国文寇广东欧殳沃利蔚越隆师巩聂晁敖冷辛阚那简饶曾沙养鞠丰关查后荆红游竺权盖"
    "益桓公覃农粟肖闭磨银岳帅闫付代仝佘植仫"
)
_CALLED: Final = re.compile(r"^(?:我的?)?(?:名字|姓名|名|本人)?\s*(?:叫做?|是|:|my name is|i am|i'm)?\s*")
_CHINESE_NAME: Final = re.compile(rf"[{CJK}]{{2,6}}|(?=.{{2,{LONGEST_NAME}}}$)[{CJK}]+(?:[·•.][{CJK}]+)+")
_LATIN_NAME: Final = re.compile(r"[a-z][a-z .'-]{0,38}[a-z]")
_NO_NAME: Final = re.compile(r"[不没吗呢吧啊的了么你我们他她是]|随便|保密")
# Where a name ends that other words follow without a break.
_ENDS: Final = (
    rf"(?=[^{CJK}·]|$|初|正月|腊月|[今明后]天|电话|手机|号码|从|去|到|要|想|我|和|跟|在|来自|打算|报名"
    r"|[一两二三四五]个人)"
)
_NAMED: Final = re.compile(
    rf"(?:我叫|我名叫|名字[是叫:]?|姓名[是叫:]?)\s*([{CJK}]+(?:·[{CJK}]+)+|[{CJK}]{{2,4}}?){_ENDS}"
    rf"|我是\s*([{_SURNAMES}][{CJK}]{{1,2}}?)(?=[^{CJK}]|$|电话|手机)"
    rf"|^\s*([{_SURNAMES}][{CJK}]{{1,2}})[\s,:、]*(?:电话|手机)?[\s,:]*(?={BLANK})"
    r"|\bmy name is ([a-z]+(?: [a-z]+){0,2})(?=\s*(?:[^a-z ]|$))"
)
_PHONE_BEHIND: Final = re.compile(r"[\d\s+()-]+$")
_DOT: Final = re.compile(rf"(?<=[{CJK}])[•.．・‧](?=[{CJK}])")
_SPACES: Final = re.compile(r"\s+")
_TITLES: Final = re.compile(r"(?:经理|老板|师傅|总|主任|老师|你好|您好|女士|先生)$")


def read_name(text: str, context: Context) -> Name:  # noqa: ARG001 - every reader is called with both
    """A name as it was written; raises Refused("name.not_understood")."""
    said = _CALLED.sub("", bare(plain(text)), count=1)
    name = bare(_PHONE_BEHIND.sub("", said))
    if (
        said in SMALL_TALK
        or _NO_NAME.search(name)
        or not (_CHINESE_NAME.fullmatch(name) or _LATIN_NAME.fullmatch(name))
    ):
        raise Refused("name.not_understood")
    at = plain(text).rfind(name)
    return Name(_as_written(text[at : at + len(name)]))


def find_name(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """A name that is introduced as one, or that stands at the head right before the phone number."""
    match = _NAMED.search(plain(text))
    if match is None or match.lastindex is None:
        return None
    name = match[match.lastindex]
    if _NO_NAME.search(name) or _TITLES.search(name):
        return None
    start, end = match.span(match.lastindex)
    return Found(Name(_as_written(text[start:end])), (match.span(),))


def _as_written(name: str) -> str:
    """The person's own spelling, but one kind of dot and of space."""
    return _SPACES.sub(" ", _DOT.sub("·", name)).strip()


# ── Phone ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_CHINA: Final = 86  # the code of the country
MOBILE_DIGITS: Final = 11  # the numbering plan of mainland China
_SPOKEN: Final = str.maketrans("幺一二两三四五六七八九零〇", "1122345678900")
_SPOKEN_RUN: Final = re.compile(r"[幺一二两三四五六七八九零〇\d](?:[\s-]*[幺一二两三四五六七八九零〇\d]){6,}")
_RUN: Final = re.compile(r"\+?\(?\d(?:[\s().+-]{0,3}\d)*")
_MOBILE: Final = re.compile(
    r"(?<!\d)(?:\+?(?:00)?86[\s-]?)?(1[3-9]\d(?:[\s-]?\d{4}){2}|1[3-9]\d{3}[\s-]?\d{3}[\s-]?\d{3})(?!\d)"
)


def read_phone(text: str, context: Context) -> Phone | Ask:  # noqa: ARG001 - every reader is called with both
    """A mobile number of mainland China.

    Raises Refused: "phone.not_understood" where no digit stands, "phone.too_short" and "phone.too_long" with the
    number of digits n, "phone.not_mobile".
    """
    said = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), plain(text))
    runs = [_national(run) for run in _RUN.findall(said)]
    mobiles = tuple(dict.fromkeys(digits for digits in runs if _is_mobile(digits)))
    if len(mobiles) == 1:
        return Phone(mobiles[0])
    if mobiles:
        return Ask(tuple(choice(Phone(digits), Words("phone.choice", {"phone": Phone(digits)})) for digits in mobiles))
    if not runs:
        raise Refused("phone.not_understood")
    longest = max(runs, key=len)
    if len(longest) != MOBILE_DIGITS and not longest.startswith("0"):
        raise Refused("phone.too_short" if len(longest) < MOBILE_DIGITS else "phone.too_long", n=len(longest))
    raise Refused("phone.not_mobile")


def find_phone(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """The one mobile number in the text; two are a question."""
    matches = [match for match in _MOBILE.finditer(plain(text)) if _is_mobile(_national(match[0]))]
    numbers = {_national(match[0]) for match in matches}
    return Found(Phone(numbers.pop()), tuple(match.span() for match in matches)) if len(numbers) == 1 else None


def _national(run: str) -> str:
    """The digits of a run without the code of the country."""
    digits = "".join(char for char in run if "0" <= char <= "9")
    for code in ("0086", "86"):
        if digits.startswith(code) and len(digits) - len(code) >= MOBILE_DIGITS - 1:
            return digits[len(code) :]
    return digits


def _is_mobile(digits: str) -> bool:
    if len(digits) != MOBILE_DIGITS or not digits.startswith("1"):
        return False
    return number_type(PhoneNumber(_CHINA, int(digits))) == PhoneNumberType.MOBILE


# ── Party ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_RELATIVE: Final = (
    "(?:老婆|老公|爱人|媳妇|妻子|丈夫|[男女]朋友|对象|儿子|女儿|[小]?孩子?|娃|爸爸?|妈妈?|父亲|母亲|弟弟?|哥哥?|姐姐?|妹妹?|朋友|老乡|同事"
    "|工友|同学|邻居|堂\\w|表\\w|叔叔?|[一-龥]?嫂)"
)
_COUNTED: Final = re.compile(
    rf"(?<![第\d])({SMALL_NUMBER})\s*(?:个人|人(?!民|工)|位(?!置)|名(?!字)|口(?!水|岸)|个大人)"
)
_SIZE: Final = re.compile(rf"{SMALL_NUMBER}个?")
_FAMILY: Final = re.compile(rf"一家({SMALL_NUMBER})口人?|({SMALL_NUMBER})口之家")
_ALONE: Final = re.compile(
    r"[就只](?:有)?我(?:一个人?|自己)?|我一个人?|(?:我)?自己(?:一个)?|一个人|单独"
    r"|\b(?:just|only) me\b|\bmyself\b|\balone\b"
)
_CLEARLY_ALONE: Final = re.compile(r"[就只]有?我(?:一个人?|自己)|我一个人|(?<![第\d])一个人|\bjust me\b")
_PAIR: Final = re.compile(r"两口子|夫妻[俩二]?|我?[们]?俩|我们两个")
_WITH: Final = re.compile(
    rf"我[和跟同与带](?:我)?((?:(?:{SMALL_NUMBER}个)?{_RELATIVE}[、,和跟]?)+)"
    r"|\bme and my (?:wife|husband|friend|brother|sister|son)\b"
)
_EACH: Final = re.compile(rf"(?:({SMALL_NUMBER})个)?{_RELATIVE}")
_WE: Final = re.compile(rf"(?:我们|我[们]?一共|一共|总共|加我)({SMALL_NUMBER})个?")
_ENGLISH: Final = re.compile(r"\b(\d{1,3}|one|two|three|four|five|six) (?:people|persons?|of us)\b")
_ENGLISH_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def read_party(text: str, context: Context) -> int:  # noqa: ARG001 - every reader is called with both
    """How many people, the person included; raises Refused("party.not_understood") or ("party.too_many", most=)."""
    said = bare(plain(text))
    found = _counted(said)
    size = found[0] if found else number(said.removesuffix("个")) if _SIZE.fullmatch(said) else None
    if size is None and said in _ENGLISH_NUMBERS:
        size = _ENGLISH_NUMBERS[said]
    if size is None and _ALONE.search(said):
        size = 1
    if not size:
        raise Refused("party.not_understood")
    if size > MOST_IN_A_PARTY:
        raise Refused("party.too_many", most=MOST_IN_A_PARTY)
    return size


def find_party(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """How many people, where they are counted or named."""
    said = plain(text)
    found = _counted(said)
    if found is None:
        alone = _CLEARLY_ALONE.search(said)
        return Found(1, (alone.span(),)) if alone else None
    size, span = found
    return Found(size, (span,)) if 1 <= size <= MOST_IN_A_PARTY else None


def _counted(said: str) -> tuple[int, tuple[int, int]] | None:
    """The number of people that the words count, and where they stand."""
    if match := _FAMILY.search(said):
        return number(match[1] or match[2]) or 0, match.span()
    if match := _WE.search(said):
        return number(match[1]) or 0, match.span()
    if match := _WITH.search(said):
        others = sum(number(each[1]) or 1 if each[1] else 1 for each in _EACH.finditer(match[1] or ""))
        return 1 + (others or 1), match.span()
    if match := _COUNTED.search(said):
        return number(match[1]) or 0, match.span()
    if match := _PAIR.search(said):
        return 2, match.span()
    if match := _ENGLISH.search(said):
        return _ENGLISH_NUMBERS.get(match[1]) or number(match[1]) or 0, match.span()
    return None


_SIZES: Final = (
    choice(1, Words("party.just_me")),
    *(choice(size, Words("party.people", {"n": size})) for size in (2, 3, 4)),
)


def party_sizes(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """Just me, and two to four people."""
    return _SIZES


NAME: Final = Reader(Name, read_name, find_name, greedy=True, marks=re.compile(rf"[我名姓{BLANK}]|my name"))
PHONE: Final = Reader(Phone, read_phone, find_phone, marks=re.compile(r"1[3-9]\d"))
PARTY: Final = Reader(int, read_party, find_party, marks=re.compile("[人位名口俩妻我共]|[a-z]{2}"))
