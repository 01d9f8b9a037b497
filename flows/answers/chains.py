"""What the names of a text mean together: each narrows down the others that it lies in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.places import Areas, Place
from flows.answers import misspelt
from flows.answers.gazetteer import MOST_MENTIONS, Mention, gazetteer
from flows.answers.known_towns import WORDS_TOO
from flows.answers.reading import plain
from flows.flow import Context

MOST_BESIDE_A_TOWN: Final = 2  # characters; what else may stand beside the one name of a town far from home
CAPITAL: Final = "0100"  # with which the code of a province's capital ends
LONGEST_JOINT: Final = 6  # characters between names that belong together: 东莞那边的长安
_JOINT: Final = re.compile(r"[\s,、·的/-]*(?:(?:那边|下面|这边|那里|市区)的?)?[\s,、]*")
# What may stand around the one name of a town that is no county's: 我去虎门打工.
FILLER: Final = re.compile(
    r"我们?|俺|想|要|在|去|到|往|回|从|坐车|就是|是|打算|准备|今年|打工|上班|做工|务工|干活|那边|这边|那里|这里|的|吧|了|呢|呀|啊"
    r"|上车|出发|走|镇|[\s,.!?;:、。]"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """Names that stand one behind the other and belong together: 广东深圳宝安沙井.

    `places` is what they mean, `possible` what they could mean if more were said.
    """

    start: int
    end: int
    places: tuple[Place, ...]
    possible: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The names in a text, and the chains that they make."""

    said: str
    mentions: Sequence[Mention]
    chains: Sequence[Chain]


@dataclass(slots=True)
class _Newest:
    """What was heard last: both finders look at the same text. Older texts are not kept."""

    of: tuple[str, Areas, str] | None = None
    heard: Heard | None = None


_newest: Final = _Newest()


def hear(said: str, context: Context) -> Heard:
    """The names in a plain text, those put right that are misspelt beside another or behind 去 or 从."""
    asked = (said, context.areas, context.office.area)
    if (heard := _newest.heard) is not None and _newest.of == asked:
        return heard
    book = gazetteer(context.areas)
    mentions = book.mentions(said)
    if len(mentions) > MOST_MENTIONS:
        mentions = []  # a list of places is no answer
    else:
        mentions = misspelt.beside(said, mentions, book)
        slips = misspelt.behind_cues(said, mentions, book)
        mentions = _without_overlaps(sorted([*mentions, *slips], key=lambda one: one.start)) if slips else mentions
    heard = Heard(said, mentions, chained(said, mentions, context))
    _newest.of, _newest.heard = asked, heard
    return heard


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    found: list[Mention] = []
    for one in mentions:
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def chained(said: str, mentions: Sequence[Mention], context: Context) -> list[Chain]:
    """The names of the text, those that stand together and lie in each other, in either order, as one."""
    areas, chains = context.areas, list[Chain]()
    for one in mentions:
        last = chains[-1] if chains else None
        meanings = (*one.areas, *one.below)
        between = said[last.end : one.start] if last else ""
        if last and len(between) <= LONGEST_JOINT and _JOINT.fullmatch(between):
            inner = lying_in(meanings, last.places or last.possible, areas)
            inner = inner or lying_in(last.possible, one.areas, areas)
            if inner:
                chains[-1] = Chain(last.start, one.end, inner, inner)
                continue
        chains.append(Chain(one.start, one.end, tuple(alone(one, said, context)), meanings))
    return [chain for chain in chains if chain.places]


def lying_in(inner: Sequence[Place], outer: Sequence[Place], areas: Areas) -> tuple[Place, ...]:
    """Those of the one that lie in an area of the other (or are the same); areas before towns."""
    above = {place.code for place in outer if not place.town}
    same = tuple(place for place in inner if place in outer)
    lower = [place for place in inner if any(area.code in above for area in areas.path(place.code))]
    lower = [place for place in lower if place.town or place.code not in above]
    return tuple(outermost([place for place in lower if not place.town] or lower, areas)) or same


def alone(one: Mention, said: str, context: Context) -> Sequence[Place]:
    """What a name means that nothing else narrows down: areas, towns at home, known towns, a town's full name."""
    towns = one.towns
    at_home = [town for town in towns if is_at_home(town, context)]
    if any(is_at_home(place, context) for place in one.areas):
        return outermost(one.areas, context.areas)
    if not at_home and (capital := [place for place in one.areas if place.code.endswith(CAPITAL)]):
        return capital  # 西安, and no district of that name
    if one.areas or one.known or at_home:
        return outermost([*one.areas, *one.known, *at_home], context.areas)
    full = [town for town in towns if plain(town.town) == said[one.start : one.end]]
    return full if len(full) == 1 else ()


def confirmed(mentions: Sequence[Mention], areas: Areas) -> Sequence[Place]:
    """The meanings in which most other names of the text lie above; areas before towns. Empty where none does."""
    most, best = 0, list[Place]()
    mentions = list({(one.areas, one.below): one for one in mentions}.values())
    codes = [{place.code for place in one.areas} for one in mentions]
    for one in mentions if len(mentions) > 1 else ():
        others = [above for above, two in zip(codes, mentions, strict=True) if two is not one and above]
        for place in (*one.areas, *one.below) if others else ():
            path = {area.code for area in areas.path(place.code)}
            if not place.town:
                path.discard(place.code)
            count = sum(not path.isdisjoint(above) for above in others)
            if count > most:
                most, best = count, []
            if count == most > 0:
                best.append(place)
    return [place for place in best if not place.town] or best


def unconfirmed(mentions: Sequence[Mention], said: str, context: Context) -> Sequence[Place]:
    """What names mean that nothing confirms: areas, known towns, towns at home, others where little else was said."""
    if len(mentions) == 1 or said.strip() in WORDS_TOO:
        counted = list(mentions)
    else:
        counted = [one for one in mentions if said[one.start : one.end] not in WORDS_TOO]
    rest = len(FILLER.sub("", said))
    if len(counted) == 1 and said[counted[0].start : counted[0].end] in WORDS_TOO:
        one = counted[0]
        if rest > one.end - one.start or not one.areas:
            return ()
    if clear := [place for one in counted for place in alone(one, "", context)]:
        return clear
    if len(counted) != 1 or rest - (counted[0].end - counted[0].start) > MOST_BESIDE_A_TOWN:
        return ()
    return () if FILLER.sub("", said[: counted[0].start]) else counted[0].towns  # 李建国 is none of seven 建国镇


def is_at_home(place: Place, context: Context) -> bool:
    """Whether it lies in the office's own area."""
    return context.office.area != "" and context.areas.within(place.code, context.office.area)


def outermost(places: Sequence[Place], areas: Areas) -> Sequence[Place]:
    """Without those that lie in another of them: 长沙 is the city, not its county of the same name."""
    if len(places) < 2:  # noqa: PLR2004 - nothing lies in itself
        return tuple(places)
    codes = {place.code for place in places if not place.town}
    return tuple(
        place
        for place in dict.fromkeys(places)
        if place.town or not any(area.code in codes for area in areas.path(place.code)[:-1])
    )


def nearest(places: Sequence[Place], home: str, areas: Areas) -> Sequence[Place]:
    """Those in the home area, else in its city, else in its province, else all."""
    for area in reversed(areas.path(home)) if len(places) > 1 else ():
        near = tuple(place for place in places if areas.within(place.code, area.code))
        if near:
            return near
    return places
