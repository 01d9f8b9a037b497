"""Where people get on and where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from domain.places import Place
from domain.refusals import Refused
from flows.answers import misspelt, routes
from flows.answers.chains import FILLER, Heard, confirmed, hear, is_at_home, nearest, outermost, unconfirmed
from flows.answers.gazetteer import Mention, gazetteer
from flows.answers.reading import CJK, bare, plain
from flows.flow import Ask, Context, Found, Reader, choice
from texts.say import Words

MOST_CANDIDATES: Final = 8  # buttons that a person can still look through
MOST_NAMES: Final = 2  # in a text; where more stand as they should, nothing is put right beside them
MOST_PIECES: Final = 4  # parts of an answer that are looked at for a slip
LONGEST_WITH_A_SLIP: Final = 40  # characters; in a longer text a name stands as it should, or behind 去
BESIDE_A_SLIP: Final = 3  # characters that may follow a misspelt name: 温洲鞋厂
LONGEST_ECHO: Final = 20  # characters of what a person wrote that are said back
_PIECE: Final = re.compile(f"[{CJK}]{{2,}}")
_SPACES: Final = re.compile(r"\s+")


def read_origin(text: str, context: Context) -> Place | Ask:
    """Where to get on; the home area decides ties. Raises Refused as read_destination does."""
    heard = hear(plain(text), context)
    route = routes.routed(heard, context)
    places = nearest(route.origin or _meant(heard, route.destinations, context), context.office.area, context.areas)
    return _one_of(places, heard.said)


def read_destination(text: str, context: Context) -> Place | Ask:
    """Where to go; a name that several areas bear becomes Ask.

    Raises Refused("place.not_understood"), or ("place.too_many", name=) for a name that very many places bear.
    """
    heard = hear(plain(text), context)
    route = routes.routed(heard, context)
    return _one_of(route.destination or _meant(heard, route.origins, context), heard.said)


def find_origin(text: str, context: Context) -> Found | None:
    """A place behind 从, before 上车 or 出发, or one that is followed by 去 and another place.

    Ask where several places bear the name and none of them is near home.
    """
    route = routes.routed(hear(plain(text), context), context)
    return _found(nearest(route.origin, context.office.area, context.areas), route.origins)


def find_destination(text: str, context: Context) -> Found | None:
    """A place behind 去, 到, 往 or 回, or where work is. What is glued behind it stays for the employer.

    Ask where several places bear the name, or where several were named.
    """
    route = routes.routed(hear(plain(text), context), context)
    return _found(route.destination, route.destinations)


def _found(places: Sequence[Place], spans: tuple[tuple[int, int], ...]) -> Found | None:
    if not places or len(places) > MOST_CANDIDATES:
        return None
    return Found(places[0] if len(places) == 1 else _ask(places), spans)


def _one_of(places: Sequence[Place], said: str) -> Place | Ask:
    if not places:
        raise Refused("place.not_understood")
    if len(places) == 1:
        return places[0]
    if len(places) > MOST_CANDIDATES:
        raise Refused("place.too_many", name=bare(said)[:LONGEST_ECHO])
    return _ask(places)


def _ask(places: Sequence[Place]) -> Ask:
    return Ask(tuple(choice(place, Words("place.choice", {"place": place})) for place in places))


def _meant(heard: Heard, others: Sequence[tuple[int, int]], context: Context) -> Sequence[Place]:
    """What the whole text can mean: the names that confirm each other most, wherever they stand.

    `others` are the spans of names that were clearly said about the other end of the way.
    """
    said = heard.said
    mentions = [
        one
        for one in heard.mentions
        if not routes.is_set_aside(said, one.start, one.end)
        and not any(start <= one.start < end for start, end in others)
    ]
    places = confirmed(mentions, context.areas) or unconfirmed(mentions, said, context)
    if (
        len(said) <= LONGEST_WITH_A_SLIP
        and all(place.town for place in places)
        and len(mentions) == len(heard.mentions)
    ):
        places = _put_right(said, places, mentions, context)
    return outermost(places, context.areas)


def _put_right(said: str, towns: Sequence[Place], mentions: Sequence[Mention], context: Context) -> Sequence[Place]:
    """What a text means whose one name is misspelt, or torn apart by spaces; `towns` bear the name as it stands.

    A town far away that happens to be written like the slip is offered beside it; one that people here know is meant,
    unless the slip goes beyond its name: 呼伦贝而.
    """
    book = gazetteer(context.areas)
    named = max((one.end - one.start for one in mentions), default=0)
    known = any(is_at_home(town, context) or any(town in one.known for one in mentions) for town in towns)
    joined = _SPACES.sub("", said)
    if joined != said and not known:
        apart = book.mentions(joined)
        if places := confirmed(apart, context.areas) or unconfirmed(apart, joined, context):
            return places
    for piece in _PIECE.findall(FILLER.sub(" ", joined))[:MOST_PIECES] if len(mentions) < MOST_NAMES else ():
        slip = misspelt.opening(piece, book, rest=BESIDE_A_SLIP)
        if slip is not None and (slip.end > named or not known):
            return (*towns, *slip.areas) if slip.end == named else slip.areas
    return towns


ORIGIN: Final = Reader(Place, read_origin, find_origin, marks=routes.MARKS)
DESTINATION: Final = Reader(Place, read_destination, find_destination, marks=routes.MARKS)
