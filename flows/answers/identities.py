"""The number of the identity card: 18 characters that prove themselves right."""

from __future__ import annotations

import re
from typing import Final

from domain.days import today
from domain.people import IDENTITY_LENGTH, Identity, age, birth_date, check_character
from domain.refusals import Refused
from flows.answers.reading import plain
from flows.flow import Ask, Context, Found, Reader, choice
from texts.say import Words

YOUNGEST: Final = 16  # years; below it nobody may be employed (Labour Law, article 15)
OLDEST: Final = 75  # years; beyond it a mistyped year is likelier than a worker
OLD_LENGTH: Final = 15  # digits of a number of before 1999; no longer valid since 2013 (Identity Card Law, 2011)
MOST_CANDIDATES: Final = 4  # numbers that are offered to pick from
# Written in one piece, or in the three parts that the number has.
_WRITTEN: Final = re.compile(r"(?<![0-9])[0-9]{6}[\s-]?[0-9]{8}[\s-]?[0-9]{3}[0-9x](?![0-9a-z])")
_RUN: Final = re.compile(r"[0-9](?:[\s-]{0,2}[0-9])*(?:[\s-]{0,2}x)?")


def read_identity(text: str, context: Context) -> Identity | Ask:
    """An identity number; two right ones are a question.

    Raises Refused: "identity.not_understood" where no digit stands, "identity.length" with the number of characters n,
    "identity.old" for one of 15 digits, "identity.wrong" where the check character or the date of birth can't be,
    "identity.age" with youngest and oldest. The area in front is no reason to refuse: areas are renamed and moved.
    """
    said = plain(text)
    written = [match[0] for match in _WRITTEN.finditer(said)] or [match[0] for match in _RUN.finditer(said)]
    numbers = [_bare(one) for one in written]
    if not numbers:
        raise Refused("identity.not_understood")
    whole = list(dict.fromkeys(one for one in numbers if len(one) == IDENTITY_LENGTH))
    right = [one for one in whole if _fault(one, context) is None]
    if len(right) == 1:
        return Identity(right[0])
    if right:
        return _ask(right[:MOST_CANDIDATES])
    raise (_fault(whole[0], context) if whole else None) or _wrong_length(len(max(numbers, key=len)))


def find_identity(text: str, context: Context) -> Found | None:
    """The one identity number that is right in every respect; two are a question."""
    right = [
        (number, match.span())
        for match in _WRITTEN.finditer(plain(text))
        if _fault(number := _bare(match[0]), context) is None
    ]
    numbers = list(dict.fromkeys(number for number, _ in right))
    if not numbers:
        return None
    value = Identity(numbers[0]) if len(numbers) == 1 else _ask(numbers[:MOST_CANDIDATES])
    return Found(value, tuple(span for _, span in right))


def _fault(number: str, context: Context) -> Refused | None:
    """What is wrong with 18 characters, None where nothing is."""
    if "X" in number[:-1] or number[-1] != check_character(number):
        return Refused("identity.wrong")
    born = birth_date(Identity(number))
    on = today(context.now)
    if born is None or born > on:
        return Refused("identity.wrong")
    if not YOUNGEST <= age(born, on) <= OLDEST:
        return Refused("identity.age", youngest=YOUNGEST, oldest=OLDEST)
    return None


def _wrong_length(characters: int) -> Refused:
    return Refused("identity.old") if characters == OLD_LENGTH else Refused("identity.length", n=characters)


def _ask(numbers: list[str]) -> Ask:
    return Ask(tuple(choice(Identity(one), Words("identity.choice", {"identity": Identity(one)})) for one in numbers))


def _bare(written: str) -> str:
    return "".join(char for char in written if char.isalnum()).upper()


IDENTITY: Final = Reader(Identity, read_identity, find_identity, marks=re.compile("[0-9]{6}"), private=_WRITTEN)
