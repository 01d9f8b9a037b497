"""Places that no word beside them explains: where they stand in the sentence, and on which side of the way they lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from domain.days import today
from domain.places import Place
from domain.registrations import Direction
from domain.season import season_direction
from flows.answers.chains import Chain, is_at_home
from flows.answers.known_towns import WORDS_TOO
from flows.answers.name_words import COMMON_WORDS, DOUBLE_SURNAMES, SURNAMES
from flows.answers.reading import BLANK, CJK
from flows.flow import Context

AROUND: Final = 8  # characters beside a name that say whether it stands alone
LONGEST_PERSON: Final = 3  # characters of most people's names
PROVINCE: Final = slice(0, 2)  # of the code of an area
AT_HOME: Final = 2  # the nearness of what lies in the office's own area
ENOUGH: Final = 2  # parts that others found: the text is a sentence, and no answer to one question
HOMEWARD: Final = re.compile(r"回家|返乡|回老家|回乡|回屋|[回返](?:[去来]|[^\s,;、。去从到不]{1,8})过年")
_BACK_TO_WORK: Final = re.compile("返岗|返工|复工|返厂|回厂|开工|back to work")
_WORKWARD: Final = re.compile(f"{_BACK_TO_WORK.pattern}|进厂|打工|上班|务工")
_BREAK: Final = rf"\s,.;:、。!?()/|{BLANK}"
_OPENS: Final = re.compile(rf"(?:^|[{_BREAK}])\s*(?:(?:我|俺|咱|本人)?(?:是|系)|本人|我|俺|咱)?\s*$")
_BELONGS: Final = (
    rf"的\s*(?:{BLANK}|(?:[{SURNAMES}]|{DOUBLE_SURNAMES})[{CJK}]{{1,2}}(?:$|[{_BREAK}\d]|[要想去我到从跟和同带])"
    rf"|[{CJK}]{{2,3}}(?=[要想][去到从在])|[走去要想到从]|(?:我|人|老乡)?\s*(?:$|[{_BREAK}]))"
)
_OF_A_PERSON: Final = re.compile(rf"的(?:[{SURNAMES}]|{DOUBLE_SURNAMES})[{CJK}]{{1,2}}[要想去到从在跟和]")
_VILLAGE: Final = rf"(?:[{CJK}]{{1,5}}(?:村|屯|寨|农场|林场|社区|街|大?队|站))?"
_CLOSES: Final = re.compile(
    rf"{_VILLAGE}(?:这边|这里|那边|那里|老家|县城|街上|镇上)?(?:人?(?:[{SURNAMES}][{CJK}](?![厂店司村镇乡站])[{CJK}])?\s*(?:$|[{_BREAK}])|(?P<whose>{_BELONGS}))"
)
_GOES_ON: Final = re.compile(r"人|那边的?人|的?(?:老乡|朋友|工资|天气|车票?|票|老板|中介)|方向来")
_BEGUN: Final = re.compile(
    rf"(?:从|由|自|from )\s*{BLANK}|{BLANK}[^{_BREAK}]{{0,3}}(?:上车|出发|坐车|乘车|动身|起程)"
    rf"|(?:上车|出发)(?:地点?|点|站)[是在:]?\s*{BLANK}"
)
_FULL: Final = re.compile("[县市区旗盟镇乡]$|街道$")


def way(said: str, context: Context) -> Direction | None:
    """Which way the sentence goes, by its words or by the season."""
    if HOMEWARD.search(said):
        return Direction.HOME
    return Direction.WORK if _WORKWARD.search(said) else season_direction(today(context.now))


def is_sentence(said: str) -> bool:
    """Whether enough else was said that a place alone answers no other question, as 深圳比亚迪上班 may."""
    return bool(
        HOMEWARD.search(said)
        or _BACK_TO_WORK.search(said)
        or _BEGUN.search(said)
        or len(re.findall(f"{BLANK}+", said)) >= ENOUGH
    )


def opens(said: str, one: Chain) -> bool:
    """Whether a piece of the sentence begins with that name, whatever follows: 深圳市龙岗区比亚迪."""
    return _begins(said, one) and not _GOES_ON.match(said, one.end)


def stands_alone(said: str, one: Chain) -> bool:
    """Whether it is a piece of its own, or says where somebody is from: 柳江，去深圳; 武宣的韦柳青要去佛山."""
    if not _begins(said, one):
        return False
    closes = _CLOSES.match(said, one.end)
    return closes is not None and not (closes["whose"] and COMMON_WORDS.match(closes["whose"].lstrip("的 ")))


def says_whose(said: str, one: Chain) -> bool:
    """Whether it says where a person is from: 贵州荔波的蒙秀菊去东莞."""
    closes = _CLOSES.match(said, one.end) if stands_alone(said, one) else None
    return closes is not None and closes["whose"] is not None


def _begins(said: str, one: Chain) -> bool:
    opening = _OPENS.search(said, max(0, one.start - AROUND), one.start)
    return opening is not None and not _is_a_word(said, one)


def is_clear(said: str, one: Chain) -> bool:
    """Whether the name is not the beginning of another word: 我是乌兰其其格 names a person."""
    if _FULL.search(said, one.start, one.end):
        return True
    return not re.match(rf"[{CJK}]", said[one.end :]) or said[one.end] in "的人走这那里上下住出坐去到有想要县街我"


def nearness(places: Sequence[Place], context: Context) -> int:
    """How near to home: AT_HOME in the office's own area, 1 in its province, 0 elsewhere."""
    home = context.office.area
    if any(is_at_home(place, context) for place in places):
        return AT_HOME
    return int(home != "" and any(place.code[PROVINCE] == home[PROVINCE] for place in places))


def _is_a_word(said: str, one: Chain) -> bool:
    """A word of everyday, or what may as well be the name of a person: 安居, 高明."""
    name = said[one.start : one.end]
    if name in WORDS_TOO:
        return all(place.town for place in one.places) or _OF_A_PERSON.match(said, one.end) is None
    like_a_person = len(name) <= LONGEST_PERSON and name[0] in SURNAMES and not _FULL.search(name)
    return like_a_person and all(place.town for place in one.places)
