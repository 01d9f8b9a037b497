"""People: what identifies them, and how it is masked where the whole is not needed."""

from __future__ import annotations

from msgspec import Struct

LEAST_TO_SHOW_SEVEN = 8  # digits: of a shorter number, seven would be all


class Name(Struct, frozen=True, tag="name"):
    """A person's name as they write it."""

    text: str


class Phone(Struct, frozen=True, tag="phone"):
    """A phone number, digits only. `work` marks a number of an office or an escort, which may be shown to anybody."""

    digits: str
    work: bool = False


def masked_name(name: str) -> str:
    """韦小明 → 韦*明, 李四 → 李*: the last character stays only where one lies between."""
    first, middle, last = name[:1], name[1:-1], name[2:][-1:]
    return f"{first}{'*' * max(len(middle), 1)}{last}" if name[1:] else "*"


def masked_phone(digits: str) -> str:
    """13800012345 → 138****2345; a number too short for that keeps its last two digits."""
    if len(digits) < LEAST_TO_SHOW_SEVEN:
        return "*" * max(len(digits) - 2, 0) + digits[-2:]
    return f"{digits[:3]}****{digits[-4:]}"
