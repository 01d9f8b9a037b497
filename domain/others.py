"""Signing up others: what a registrar asks for, and the code with which a person takes over what is theirs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from domain.people import Name
from domain.registrations import ALPHABET, Wish

CODE_LENGTH = 8  # 28 ** 8 codes: who guesses ten an hour (WRONG_AN_HOUR) finds none
CODE_LASTS = timedelta(days=7)
WRONG_AN_HOUR = 10  # codes that one chat may get wrong, by the clock's hour


@dataclass(frozen=True, slots=True)
class RegisterOther:
    """Command: sign up somebody else; `registrar` is how the one who does it is called, `before` how many they have
    signed up in this sitting already.
    """

    registrar: Name
    wish: Wish
    before: int = 0


@dataclass(frozen=True, slots=True)
class RenewCode:
    """Command: a new code for a registration that was made for somebody else; older ones end."""

    registration: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Command: the registration behind that code belongs to this chat from now on."""

    code: str


def new_code() -> str:
    """A code to take a registration over with; never seven digits in a row, which would read as somebody's number."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not (code[1:].isdigit() or code[:-1].isdigit()):
            return code
