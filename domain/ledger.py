"""The ledger: what staff see of registrations, in the list and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.days import Window
from domain.people import Companion, Name
from domain.places import Place
from domain.registrations import Direction, Wish


class Standing(StrEnum):
    """Where a registration stands: without a seat, on a trip, on it and coming, said not to come, or cancelled."""

    WAITING = "waiting"
    PLACED = "placed"
    COMING = "coming"
    NOT_COMING = "not_coming"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RegistrationSearch:
    """Which registrations to list, every condition that is set.

    `text` is a number, a phone or its last four digits, a whole identity number, a name or a piece of it, several of
    them parted by spaces. `day` is one that the person can travel on, `undecided` asks for those who have none;
    `destination` and `county` mean everything below them. The newest stand first; `older_than` and `newer_than` are ids
    of lines at the edge of the page that was seen before.
    """

    text: str = ""
    day: date | None = None
    undecided: bool = False
    destination: str = ""
    county: str = ""
    standing: Standing | None = None
    older_than: int | None = None
    newer_than: int | None = None


@dataclass(frozen=True, slots=True)
class Aboard:
    """The trip that a registration has a seat on; `area` is whose trip it is, `coming` what the person answered."""

    seat: int
    trip: int
    code: str
    area: str
    departs_at: datetime
    coming: bool | None


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One registration in a list: name and phone are masked already."""

    id: int
    number: str
    name: str
    phone: str
    direction: Direction
    window: Window
    origin: Place
    destination: Place
    employer: str
    party: int
    channel: str
    standing: Standing
    aboard: Aboard | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationList:
    """One page of the list. `older` and `newer` are the ids to go on from, None where that end is reached."""

    lines: tuple[RegistrationLine, ...]
    older: int | None = None
    newer: int | None = None


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """One registration with everything that staff see of it, in clear. `registrar` is who signed the person up, None
    where they did it themselves; `taken` says that the person has taken it over since. `companions` come along, by
    name.
    """

    id: int
    number: str
    person: int
    area: str
    wish: Wish
    channel: str
    standing: Standing
    aboard: Aboard | None
    reachable: bool
    created_at: datetime
    changed_at: datetime
    registrar: Name | None = None
    taken: bool = False
    identity_consented_at: datetime | None = None
    companions: tuple[Companion, ...] = ()


def standing(*, cancelled: bool, aboard: Aboard | None, declined: bool) -> Standing:
    """Where a registration stands; `declined` says that the person gave a seat back."""
    if cancelled:
        return Standing.CANCELLED
    if aboard is not None:
        return Standing.COMING if aboard.coming else Standing.PLACED
    return Standing.NOT_COMING if declined else Standing.WAITING
