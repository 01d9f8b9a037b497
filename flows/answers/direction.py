"""Which way: back to work or back home."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from domain.days import today
from domain.places import Place
from domain.refusals import Refused
from domain.registrations import Direction
from domain.season import season_direction
from flows.answers.reading import BLANK, plain
from flows.flow import Answers, Choice, Context, Found, Reader, choice
from texts.say import Words

_SOMEWHERE: Final = r"[^\s,;:、。!?去到从回不没看找接送]{1,14}"
_BACK_TO: Final = re.compile(rf"(?:回(?:老家|到|去|来)?|返)\s*{BLANK}(?![^,;。]{{0,8}}(?:上班|打工|务工|做工|干活))")
# Said so clearly that it needs no question.
_CLEAR: Final = {
    Direction.WORK: re.compile(
        r"返岗|返工|复工|返厂|[回进](?:工厂|厂[里子]?|单位|公司)(?!商)|开工(?!资)"
        rf"|去{_SOMEWHERE}(上班|打工|务工|做工|干活)(?!的(?:那|人|老|儿|女|哥|弟|姐|妹))"
        r"|(?:回去|[出外]去|出外|外出|回来|(?<![不回])去)(?:上班|打工|务工|做工|干活|工作|开工|做事)|外出务工"
        r"|(?:back|going|go) to work"
    ),
    Direction.HOME: re.compile(
        r"返乡|回(?:自己)?(?:老?家|乡)(?![具电])|[回返](?:[去来]|[^\s,;、。去到从不]{1,8})(过(?:年|节|春节))|过年回(?!厂|单位|公司|工)"
        r"|(?:back|go|going) home"
    ),
}
# Enough where the question has just been asked.
_ENOUGH: Final = {
    Direction.WORK: re.compile(r"上班|打工|务工|做工|工作|外出|出去|出门|进厂|厂里|工地|\bwork"),
    Direction.HOME: re.compile(r"(?<![厂大])家(?![具电厂])|乡下|过年|\bhome"),
}
_NOT: Final = re.compile(r"(?:不是|不要|不想|不用|不|别|没有?|not )\s*(?:要|想)?(?:回|去)?\s*$")
_GOING_OVER: Final = re.compile(r"(?:离开|从)(?:自己)?(?:老?家)")  # where from, not which way


def read(text: str, context: Context) -> Direction:  # noqa: ARG001 - every reader is called with both
    """One of the two; raises Refused("direction.not_understood")."""
    said = plain(text)
    for words in (_CLEAR, _ENOUGH):
        found = _said(_GOING_OVER.sub("", said), words)
        if len(found) == 1:
            return found[0][0]
        if found:
            break
    raise Refused("direction.not_understood")


def find(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """One of the two, where it is named."""
    said = _said(plain(text), _CLEAR)
    return Found(said[0][0], (said[0][1],)) if len(said) == 1 else None


def by_places(origin: Place, destination: Place, context: Context) -> Direction | None:
    """The way that the two places tell: into the office's area is home, out of it is to work.

    None where both lie on the same side of its border, or where no area is set.
    """
    home = context.office.area
    if not home:
        return None
    match (context.areas.within(origin.code, home), context.areas.within(destination.code, home)):
        case (False, True):
            return Direction.HOME
        case (True, False):
            return Direction.WORK
        case _:
            return None


def follows(known: Mapping[str, object], left: str, context: Context) -> Direction | None:
    """The way that the places tell against the season: 下周三从深圳回柳江.

    Outside the season only 回 tells: 从深圳到柳江 is asked about.
    """
    origin, destination = known.get("origin"), known.get("destination")
    if not isinstance(destination, Place):
        return None
    back = _BACK_TO.search(plain(left)) is not None
    way = season = season_direction(today(context.now))
    if isinstance(origin, Place):
        way = by_places(origin, destination, context) if back or season else None
        if back and season is None and way is None and _is_home(destination, context):
            way = Direction.HOME  # both ends at home: 在包头上班，回丰镇
    elif back and _is_home(destination, context):
        way = Direction.HOME
    return way if way is not season else None


def _is_home(place: Place, context: Context) -> bool:
    return context.office.area != "" and context.areas.within(place.code, context.office.area)


def _said(text: str, words: dict[Direction, re.Pattern[str]]) -> list[tuple[Direction, tuple[int, int]]]:
    """Each way that is named and not denied, with the first place where it is."""
    found = []
    for direction, pattern in words.items():
        for match in pattern.finditer(text):
            if not _NOT.search(text, max(0, match.start() - 6), match.start()):
                found.append((direction, match.span(match.lastindex or 0)))  # what stands between is no part of it
                break
    return found


_BOTH: Final = tuple(choice(way, Words(f"direction.{way}")) for way in Direction)


def both(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The two ways."""
    return _BOTH


DIRECTION: Final = Reader(Direction, read, find, marks=re.compile("[返复回工出进年去]|back|home|go"))
