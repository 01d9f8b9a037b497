"""How conversations get things done: who asked for what, and which function carries it out."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import services
from domain.refusals import Refused
from flows.flow import Done
from services.desk import Desk
from storage.database import Work

C_co = TypeVar("C_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Asked(Generic[C_co]):
    """A command and who asked for it: the contact (a row of contacts), their person where they are known, and how
    the answer will reach them.
    """

    contact: int
    person: int | None
    channel: str
    command: C_co


Outcome = Done | Refused
CarryOut = Callable[[Work, Desk, Sequence[Asked[object]]], Awaitable[list[Outcome]]]
"""Carries out all commands of one kind at once, inside the turn's own transaction; one outcome each, in order."""


@cache
def carriers() -> dict[type, CarryOut]:
    """Every module of services/ with its CARRIES_OUT: command type → function. Two for one command are an error."""
    found: dict[type, CarryOut] = {}
    for module in pkgutil.iter_modules(services.__path__, "services."):
        for command, carry_out in getattr(importlib.import_module(module.name), "CARRIES_OUT", {}).items():
            if command in found:
                raise ValueError(f"carried out twice: {command.__name__}")
            found[command] = carry_out
    return found
