"""People: what identifies them, and how it is masked where the whole is not needed."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

LEAST_TO_SHOW_SEVEN = 8  # digits: of a shorter number, seven would be all
IDENTITY_LENGTH = 18  # GB 11643-1999: area 6, date of birth 8, sequence 3, check 1
SHOWN_OF_AN_IDENTITY = 4  # characters; see masked_identity


class Name(Struct, frozen=True, tag="name"):
    """A person's name as they write it."""

    text: str


class Phone(Struct, frozen=True, tag="phone"):
    """A phone number, digits only. `work` marks a number of an office or an escort, which may be shown to anybody."""

    digits: str
    work: bool = False


class Identity(Struct, frozen=True, tag="identity"):
    """A citizen's identity number (GB 11643-1999): 17 digits and the check character, 0 to 9 or X."""

    digits: str


class Companion(Struct, frozen=True, tag="companion"):
    """Somebody who travels with the person that signs up; without a phone they are reached through that person."""

    name: Name
    phone: Phone | None = None


def check_character(digits: str) -> str:
    """The check character of the first 17 digits of an identity number (GB 11643-1999: ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * 2 ** (IDENTITY_LENGTH - 1 - at) for at, digit in enumerate(digits[: IDENTITY_LENGTH - 1]))
    return "10X98765432"[total % 11]


def birth_date(identity: Identity) -> date | None:
    """The date of birth that the number carries, None where there is no such day."""
    born = identity.digits[6:14]
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return None


def age(born: date, on: date) -> int:
    """Full years on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def masked_name(name: str) -> str:
    """韦小明 → 韦*明, 李四 → 李*: the last character stays only where one lies between."""
    first, middle, last = name[:1], name[1:-1], name[2:][-1:]
    return f"{first}{'*' * max(len(middle), 1)}{last}" if name[1:] else "*"


def masked_phone(digits: str) -> str:
    """13800012345 → 138****2345; a number too short for that keeps its last two digits."""
    if len(digits) < LEAST_TO_SHOW_SEVEN:
        return "*" * max(len(digits) - 2, 0) + digits[-2:]
    return f"{digits[:3]}****{digits[-4:]}"


def masked_identity(digits: str) -> str:
    """450206199001010018 → **************0018.

    The last four tell two people of one list apart and can be held against a card. What stands before them would only
    give away more: the area is the same for most people of a county, and the rest is the date of birth.
    """
    return "*" * (len(digits) - SHOWN_OF_AN_IDENTITY) + digits[-SHOWN_OF_AN_IDENTITY:]
