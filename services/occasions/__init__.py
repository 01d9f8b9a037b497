"""Why a message is sent, one module each: it words all claimed messages of its occasion at once. Found at start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.notices import Occasion
from services.desk import Desk
from storage.database import Look
from texts.say import Say


@dataclass(frozen=True, slots=True)
class Telling:
    """One message that is about to be sent, as the module that words it sees it.

    `id` is its row in the outbox, `contact` the row of who gets it; `ref` and `revision` name what it is about.
    `values` is the JSON that was put with it, opened.
    """

    id: int
    contact: int
    ref: int | None
    revision: int | None
    values: bytes | None


Wordings = Mapping[int, tuple[Say, ...] | None]  # row → what it says; None: there is nothing to say any more
Word = Callable[[Look, Desk, Sequence[Telling]], Awaitable[Wordings]]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a module of this folder declares as OCCASION: its name, and the function that words its messages.

    `word` gets every claimed message of this occasion and answers for each of them by its id: what it says at this
    moment, or None where there is nothing to say any more (the trip was called off meanwhile): it ends superseded.
    It reads with a few statements for all of them. A message that it can't word raises, and is then tried alone.
    """

    name: Occasion
    word: Word


def load() -> dict[Occasion, Wording]:
    """Every occasion of this folder. Raises ValueError where one of domain.notices.Occasion is missing or doubled."""
    found: dict[Occasion, Wording] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        declared = getattr(importlib.import_module(module.name), "OCCASION", None)
        if not isinstance(declared, Wording):
            raise ValueError(f"{module.name} declares no OCCASION")  # noqa: TRY004 - a module that is wrong, not a type
        if declared.name in found:
            raise ValueError(f"{module.name}: the occasion {declared.name} is declared twice")
        found[declared.name] = declared
    if missing := set(Occasion) - set(found):
        raise ValueError(f"no module of {__name__} words {', '.join(sorted(missing))}")
    return found
