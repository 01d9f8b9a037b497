"""Forms: what was typed, what is wrong with it field by field, and what an ambiguous answer can mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from console.words import words_of
from domain.days import SHANGHAI
from domain.messages import MOST_CHARACTERS
from domain.refusals import Faults, Refused
from flows.flow import Ask, Choice, Context, Reader
from flows.state import decoded
from texts.say import Words

E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Form:
    """One form on its way between browser and service. `faults` are said beside their fields; "" stands for the whole.

    `choices` are what an ambiguous answer can mean, to pick from beside the field (`NAME.pick`).
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, Words] = field(default_factory=dict)
    choices: dict[str, tuple[Choice, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.faults

    def text(self, name: str) -> str:
        """What was typed there, without the space around it."""
        return self[name].strip()[:MOST_CHARACTERS]

    def refuse(self, name: str, refused: Refused) -> None:
        """Says what is wrong beside that field."""
        self.faults.setdefault(name, words_of(refused))

    def take(self, refused: Refused) -> None:
        """Says what the service refused: beside the fields that it names, else above the form."""
        if isinstance(refused, Faults):
            for name, fault in refused.by_field.items():
                self.refuse(name, fault)
        else:
            self.refuse(refused.question or "", refused)

    def whole(self, name: str, *, most: int) -> int | None:
        """A whole number; None where there is none, with the fault where something else stands."""
        text = self.text(name)
        if not text:
            return None
        if text.isdecimal() and int(text) <= most:
            return int(text)
        self.refuse(name, Refused("form.no_number", most=most))
        return None

    def day(self, name: str) -> date | None:
        """A day of the calendar, as <input type=date> writes it."""
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(name, Refused("form.no_day"))
            return None

    def hour(self, name: str) -> time | None:
        """An hour of the clock, HH:MM (a full-width colon does too)."""
        text = self.text(name).replace("：", ":")
        if not text:
            return None
        hours, _, minutes = text.partition(":")
        try:
            return time(int(hours), int(minutes[:2]))
        except ValueError:
            self.refuse(name, Refused("form.no_hour"))
            return None

    def moment(self, day: str, hour: str) -> datetime | None:
        """The moment of two fields; None where one of them is empty or wrong."""
        on, at = self.day(day), self.hour(hour)
        return datetime.combine(on, at, SHANGHAI) if on is not None and at is not None else None

    def one_of(self, name: str, kind: type[E]) -> E | None:
        """One of a few; None for anything else."""
        text = self.text(name)
        return kind(text) if text in set(kind) else None

    def read(self, name: str, reader: Reader, context: Context) -> object:
        """What the reader of the conversation makes of the field; None with the fault, or with the choices to pick."""
        try:
            found = reader.read(self.text(name), context)
        except Refused as refused:
            self.refuse(name, refused)
            return None
        if not isinstance(found, Ask):
            return found
        picked = self[f"{name}.pick"].encode()
        for choice in found.candidates:
            if bytes(choice.value) == picked:
                return decoded(choice.value, reader.holds)
        self.choices[name] = found.candidates
        self.refuse(name, Refused("form.which"))
        return None
