"""Employers: the list that staff keep, and what is found in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.places import Areas, Place

LONGEST_NAME = 60  # characters; the full registered names of companies stay below
SHORTEST_NAME = 2  # one alone names nobody
LONGEST_SHORT_NAME = 40  # as long as what the chat takes as written (flows.answers.employers)
MOST_SHORT_NAMES = 30
LONGEST_CONTACT = 40
CITY_DEPTH = 2  # province and city: the head of an area's path


@dataclass(frozen=True, slots=True)
class Employer:
    """One employer of the list: the name that stands in registrations, what people call it too, and where it is."""

    name: str
    short_names: tuple[str, ...] = ()
    place: Place | None = None


class Directory:
    """The list of employers, read at start and again whenever staff change it. Never changed where it stands."""

    def __init__(self, employers: Iterable[Employer] = ()) -> None:
        self._by_name = {employer.name: employer for employer in employers}

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> Employer | None:
        """The employer of exactly that name."""
        return self._by_name.get(name)

    def all(self) -> tuple[Employer, ...]:
        """Every employer, in the order of the list."""
        return tuple(self._by_name.values())


NOBODY = Directory()


@dataclass(frozen=True, slots=True)
class EmployerSheet:
    """An employer as staff type it; the contact is who receives people there, "" where nobody is known."""

    name: str
    short_names: tuple[str, ...] = ()
    place: Place | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An employer as it stands in the list; `area` is whose staff keep it. The contact is "" for everybody else."""

    id: int
    area: str
    employer: Employer
    changed_at: datetime
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An employer as people wrote it that is no name of the list, and how many active registrations say so."""

    text: str
    registrations: int


def spelled(name: str) -> str:
    """A name as names are compared: ＢＹＤ and byd are one, and so are names that differ in their spaces only."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def nearest_to(candidates: Sequence[Employer], place: Place, areas: Areas) -> tuple[Employer, ...]:
    """Those of the candidates that somebody who goes to that place means: in the same town, else where one of the two
    places lies in the other, else in the same city; all of them where the place decides nothing.
    """
    for near in (_in_town, _in_each_other, _in_city):
        if found := tuple(one for one in candidates if one.place and near(one.place, place, areas)):
            return found
    return tuple(candidates)


def _in_town(one: Place, other: Place, _areas: Areas) -> bool:
    return one.town != "" and one == other


def _in_each_other(one: Place, other: Place, areas: Areas) -> bool:
    return areas.within(one.code, other.code) or areas.within(other.code, one.code)


def _in_city(one: Place, other: Place, areas: Areas) -> bool:
    cities = [[area.code for area in areas.path(place.code)][:CITY_DEPTH] for place in (one, other)]
    return len(cities[0]) == CITY_DEPTH and cities[0] == cities[1]
