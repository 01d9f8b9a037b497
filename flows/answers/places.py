"""Where people get on and where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.places import Areas, Place
from domain.refusals import Refused
from flows.answers.gazetteer import Mention, gazetteer
from flows.answers.reading import bare, plain
from flows.flow import Ask, Context, Found, Reader, choice
from texts.say import Words

MOST_CANDIDATES: Final = 8  # buttons that a person can still look through
MOST_BESIDE_A_TOWN: Final = 2  # characters; 东菀虎门 is still about 虎门
LONGEST_ECHO: Final = 20  # characters of what a person wrote that are said back
_WORDS_TOO: Final = frozenset({"地方", "老家"})  # names of towns that are mostly just words
_JOINT: Final = re.compile(r"[\s,、·的/-]*")
_TO: Final = re.compile(r"(?:去|往|赴|到|回|\bto)\s*(?:我?老家|我家)?\s*$")
_FROM: Final = re.compile(r"(?:从|由|\bfrom)\s*(?:我?老家|我家)?\s*$")
_GETTING_ON: Final = re.compile(r"^(?:汽车站|火车站|高铁站|车站|这边|这里)?\s*(?:上车|出发|坐车|乘车|动身|走(?!路))")
_ONWARD: Final = re.compile(r"^\s*(?:去|到|往|至|->|→|to\b|--?)")
# What may stand around the one name of a town that is no county's: 我去虎门打工.
_FILLER: Final = re.compile(r"我|想|要|在|去|到|往|回|从|打工|上班|那边|这边|的|吧|了|上车|出发|走|镇|[\s,.!?;:、。]")
_NOT: Final = re.compile(r"(?:不是|不去|不到|不在)\s*$")


@dataclass(frozen=True, slots=True)
class _Chain:
    """Names that stand one behind the other and belong together: 广东深圳宝安沙井."""

    start: int
    end: int
    places: tuple[Place, ...]


def read_origin(text: str, context: Context) -> Place | Ask:
    """Where to get on; the home area decides ties. Raises Refused as read_destination does."""
    return _read(text, context, home=context.office.area)


def read_destination(text: str, context: Context) -> Place | Ask:
    """Where to go; a name that several areas bear becomes Ask.

    Raises Refused("place.not_understood"), or ("place.too_many", name=) for a name that very many places bear.
    """
    return _read(text, context, home="")


def find_origin(text: str, context: Context) -> Found | None:
    """A place behind 从, before 上车 or 出发, or one that is followed by 去 and another place."""
    said = plain(text)
    chains = _chains(said, context)
    for index, chain in enumerate(chains):
        onward = _ONWARD.match(said[chain.end :])
        then = index + 1 < len(chains) and onward and chain.end + onward.end() == chains[index + 1].start
        before = said[: chain.start]
        if _FROM.search(before) or _GETTING_ON.match(said[chain.end :]) or (then and not _TO.search(before)):
            places = _nearest(chain.places, context.office.area, context.areas)
            if len(places) == 1:
                return Found(places[0], ((chain.start, chain.end),))
    return None


def find_destination(text: str, context: Context) -> Found | None:
    """A place behind 去, 到, 往 or 回. What is glued behind it stays for the employer."""
    said = plain(text)
    for chain in _chains(said, context):
        before = said[: chain.start]
        if _TO.search(before) and not re.search(r"不(?:想)?去\s*$", before) and len(chain.places) == 1:
            return Found(chain.places[0], ((chain.start, chain.end),))
    return None


def _read(text: str, context: Context, home: str) -> Place | Ask:
    said = plain(text)
    places = _meant(said, context, home)
    if not places:
        raise Refused("place.not_understood")
    if len(places) == 1:
        return places[0]
    if len(places) > MOST_CANDIDATES:
        raise Refused("place.too_many", name=bare(said)[:LONGEST_ECHO])
    return Ask(tuple(choice(place, Words("place.choice", {"place": place})) for place in places))


def _meant(said: str, context: Context, home: str) -> Sequence[Place]:
    """What the whole text can mean: the names that confirm each other most, wherever they stand."""
    mentions = [one for one in gazetteer(context.areas).mentions(said) if not _NOT.search(said[: one.start])]
    places = _confirmed(mentions, context.areas) or _alone(mentions, said, context)
    return _nearest(_outermost(places, context.areas), home, context.areas)


def _confirmed(mentions: Sequence[Mention], areas: Areas) -> Sequence[Place]:
    """The meanings in which most other names of the text lie above; areas before towns. Empty where none does."""
    most, best = 0, list[Place]()
    for one in mentions if len(mentions) > 1 else ():
        for place in (*one.areas, *one.below):
            above = {area.code for area in areas.path(place.code)}
            if not place.town:
                above.discard(place.code)
            count = sum(any(other.code in above for other in two.areas) for two in mentions if two is not one)
            if count > most:
                most, best = count, []
            if count == most > 0:
                best.append(place)
    return [place for place in best if not place.town] or best


def _alone(mentions: Sequence[Mention], said: str, context: Context) -> Sequence[Place]:
    """What names mean that nothing confirms: areas, towns at home, other towns where hardly anything else was said."""
    areas = [place for one in mentions for place in one.areas]
    towns = [town for one in mentions for town in one.towns]
    at_home = [town for town in towns if _at_home(town, context)]
    if areas:
        return areas if any(_at_home(place, context) for place in areas) else [*areas, *at_home]
    if at_home:
        return at_home
    rest = _FILLER.sub("", said)
    if len(mentions) != 1 or len(rest) - (mentions[0].end - mentions[0].start) > MOST_BESIDE_A_TOWN:
        return ()
    return () if said[mentions[0].start : mentions[0].end] in _WORDS_TOO else towns


def _at_home(place: Place, context: Context) -> bool:
    return context.office.area != "" and context.areas.within(place.code, context.office.area)


def _outermost(places: Sequence[Place], areas: Areas) -> Sequence[Place]:
    """Without those that lie in another of them: 长沙 is the city, not its county of the same name."""
    if len(places) < 2:  # noqa: PLR2004 - nothing lies in itself
        return places
    codes = {place.code for place in places if not place.town}
    return tuple(
        place
        for place in dict.fromkeys(places)
        if place.town or not any(area.code in codes for area in areas.path(place.code)[:-1])
    )


def _chains(said: str, context: Context) -> list[_Chain]:
    """The names of the text, those that stand together and lie in each other as one."""
    areas, chains = context.areas, list[_Chain]()
    for one in gazetteer(areas).mentions(said):
        last = chains[-1] if chains else None
        if last and _JOINT.fullmatch(said[last.end : one.start]):
            above = {place.code for place in last.places if not place.town}
            inner = [p for p in (*one.areas, *one.below) if any(area.code in above for area in areas.path(p.code))]
            inner = [place for place in inner if place.town or place.code not in above]
            if inner:
                places = _outermost([place for place in inner if not place.town] or inner, areas)
                chains[-1] = _Chain(last.start, one.end, tuple(places))
                continue
        if places := _clear(one, said, context):
            chains.append(_Chain(one.start, one.end, tuple(places)))
    return chains


def _clear(one: Mention, said: str, context: Context) -> Sequence[Place]:
    """What a name in a sentence means: areas, towns at home, or the one town whose full name it is."""
    if one.areas:
        return _outermost(one.areas, context.areas)
    at_home = [town for town in one.towns if _at_home(town, context)]
    full = [town for town in one.towns if plain(town.town) == said[one.start : one.end]]
    return at_home or (full if len(full) == 1 else ())


def _nearest(places: Sequence[Place], home: str, areas: Areas) -> Sequence[Place]:
    """Those in the home area, else in its city, else in its province, else all."""
    for area in reversed(areas.path(home)) if len(places) > 1 else ():
        near = tuple(place for place in places if areas.within(place.code, area.code))
        if near:
            return near
    return places


ORIGIN: Final = Reader(Place, read_origin, find_origin, marks=re.compile("[从由车发身走去到往至→-]|from|to"))
DESTINATION: Final = Reader(Place, read_destination, find_destination, marks=re.compile("[去往赴到回]|to"))
