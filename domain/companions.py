"""Companions: those who travel with the person that signed up, by name."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people import Companion


@dataclass(frozen=True, slots=True)
class AddCompanions:
    """Command: these people, and no others, come along on the person's own registration of that number."""

    number: str
    companions: tuple[Companion, ...]
