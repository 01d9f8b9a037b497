"""What is said, before it is worded: a key, the values for its gaps, and the buttons under it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from domain.days import Moment, Window
from domain.people import Identity, Name, Phone
from domain.places import Place


class Words(Struct, frozen=True, tag="words"):
    """A sentence of texts/ with values for its gaps; it can stand inside another sentence's gap."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


class Written(Struct, frozen=True, tag="written"):
    """Words that staff wrote for everybody: their office's numbers may stand there, a mobile may be a worker's."""

    text: str


Value = str | int | Written | Window | Moment | Name | Phone | Identity | Place | Words
"""What can stand in a gap. Each kind knows how it reads in a language and how it is masked on a channel abroad."""


class Button(Struct, frozen=True):
    """A choice under a message: what it carries back when pressed, its words, and the number that chooses it too.

    `number` is 0 where a number can't choose it (under a notice). A button that is not `shown` stands as a line of
    the text already, with its number (the lines of a review).
    """

    data: str
    words: Words
    number: int = 0
    shown: bool = True


class Say(Struct, frozen=True):
    """One sentence with its buttons. Several of them make one message; the buttons of all stand below it."""

    words: Words
    buttons: tuple[Button, ...] = ()


def say(key: str, /, *buttons: Button, **values: Value) -> Say:
    """A sentence, in the short spelling that flows use."""
    return Say(Words(key, values), buttons)
