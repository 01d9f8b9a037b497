"""Which way: back to work or back home."""

from __future__ import annotations

import re
from typing import Final

from domain.refusals import Refused
from domain.registrations import Direction
from flows.answers.reading import plain
from flows.flow import Answers, Choice, Context, Found, Reader, choice
from texts.say import Words

# Said so clearly that it needs no question.
_CLEAR: Final = {
    Direction.WORK: re.compile(r"返岗|返工|复工|回厂|back to work"),
    Direction.HOME: re.compile(r"返乡|回家|回老家|回乡|(?:back|go|going) home"),
}
# Enough where the question has just been asked.
_ENOUGH: Final = {
    Direction.WORK: re.compile(r"返岗|返工|复工|回厂|上班|打工|务工|做工|工作|外出|出去|\bwork"),
    Direction.HOME: re.compile(r"返乡|家|回乡|\bhome"),
}
_NOT: Final = re.compile(r"(?:不是|不要|不想|不|别|not )\s*$")


def read(text: str, context: Context) -> Direction:  # noqa: ARG001 - every reader is called with both
    """One of the two; raises Refused("direction.not_understood")."""
    said = _said(plain(text), _ENOUGH)
    if len(said) != 1:
        raise Refused("direction.not_understood")
    return said[0][0]


def find(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """One of the two, where it is named."""
    said = _said(plain(text), _CLEAR)
    return Found(said[0][0], (said[0][1],)) if len(said) == 1 else None


def _said(text: str, words: dict[Direction, re.Pattern[str]]) -> list[tuple[Direction, tuple[int, int]]]:
    found = []
    for direction, pattern in words.items():
        match = pattern.search(text)
        if match and not _NOT.search(text[: match.start()]):
            found.append((direction, match.span()))
    return found


_BOTH: Final = tuple(choice(way, Words(f"direction.{way}")) for way in Direction)


def both(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The two ways."""
    return _BOTH


DIRECTION: Final = Reader(Direction, read, find, marks=re.compile("[返复回]|back|home"))
