"""Registrations: one person's wish to travel, its number, and what forbids a second one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.days import Window
from domain.people import Companion, Identity, Name, Phone
from domain.places import Place

if TYPE_CHECKING:
    from domain.trips import Seat

# No 0/O, 1/I/L and no vowels: a number that is read aloud on the phone can't be misheard or spell a word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 6  # characters of a registration number behind the area's letters, the last of them the check
MOST_IN_A_PARTY = 60  # one full coach; more people than that are a list from an office, not a chat


class Direction(StrEnum):
    """返岗 back to work, or 返乡 back home (Inner Mongolia 2022 asks for both)."""

    WORK = "work"
    HOME = "home"


class Status(StrEnum):
    """Whether a registration counts; that a person is on a trip is seen from their seat, never stored here."""

    ACTIVE = "active"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person asks for: which way, when, from where, to where, to which employer, with how many people.

    `employer` is as written; "" where none has been found yet. `party` counts the person themselves.
    `identity` is None where the office does not ask for it or the person did not want to say.
    """

    direction: Direction
    window: Window
    origin: Place
    destination: Place
    employer: str
    name: Name
    phone: Phone
    party: int
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration as its person's conversation knows it.

    `registrar` is the contact that signed them up, where that was somebody else, and `registrar_name` how they are
    called; `taken` says that the person has taken it over since. `companions` are those who come along, by name.
    """

    id: int
    number: str
    wish: Wish
    seat: Seat | None = None
    registrar: int | None = None
    registrar_name: Name | None = None
    taken: bool = False
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Command: store a new registration."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Amend:
    """Command: change a registration into this wish."""

    registration: int
    wish: Wish


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Command: cancel a registration."""

    registration: int


def new_number(letters: str) -> str:
    """A registration number: the area's letters, five random characters and one that checks them (LJ-4K7P2M)."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return f"{letters}-{drawn}{check_character(letters + drawn)}"


def check_character(text: str) -> str:
    """The character that makes one wrong character or two swapped neighbours show (weighted sum, ISO 7064's idea).

    Letters outside the alphabet (an area's initials may hold any) count by their code point.
    """
    size = len(ALPHABET) + 1  # 29 is prime, so every single slip and every swap of neighbours changes the sum
    total = 0
    for place, char in enumerate(text, start=2):
        value = ALPHABET.index(char) if char in ALPHABET else ord(char)
        total += place * value
    return (ALPHABET + "A")[total % size]


def is_number(text: str) -> bool:
    """Whether the text is a registration number whose check character is right."""
    letters, dash, rest = text.upper().partition("-")
    return bool(dash) and len(rest) == LENGTH and check_character(letters + rest[:-1]) == rest[-1]


def clashing(wish: Wish, others: Iterable[Registered]) -> Registered | None:
    """The first of this person's other registrations that shares days and direction with the wish, or None."""
    for other in others:
        if other.wish.direction is wish.direction and other.wish.window.overlaps(wish.window):
            return other
    return None
