"""What a person asks of the service beside transport: a person to talk to, silence, to be forgotten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Command: somebody of the office shall look after this person; staff see it in their list."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Command: no notices and reminders any more, or (with `on` false) again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Erase:
    """Command: everything that is stored of this person goes, their registrations and seats with it."""
