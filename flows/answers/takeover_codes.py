"""Codes with which a person takes over a registration, as they are copied, typed or read aloud."""

from __future__ import annotations

import re
from typing import Final

from domain.others import CODE_LENGTH
from domain.refusals import Refused
from domain.registrations import ALPHABET
from flows.answers.reading import plain
from flows.flow import Context, Found, Reader

_CHARACTER: Final = f"[{ALPHABET.lower()}]"
_BETWEEN: Final = r"[\s.·_-]{0,2}"
_CODE: Final = re.compile(rf"(?<![a-z0-9]){_CHARACTER}(?:{_BETWEEN}{_CHARACTER}){{{CODE_LENGTH - 1}}}(?![a-z0-9])")
_BESIDES: Final = re.compile(r"[^a-z0-9]")


def read_code(text: str, context: Context) -> str:
    """The one code in the text, in capitals without gaps; raises Refused("takeover.code.unclear")."""
    found = find_code(text, context)
    if found is None:
        raise Refused("takeover.code.unclear", most=CODE_LENGTH)
    return str(found.value)


def find_code(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """The one code in the text; two are none."""
    matches = list(_CODE.finditer(plain(text)))
    codes = {_BESIDES.sub("", match[0]).upper() for match in matches}
    return Found(codes.pop(), tuple(match.span() for match in matches)) if len(codes) == 1 else None


CODE: Final = Reader(str, read_code, find_code, marks=_CODE)
