"""The registrations of the person who writes: which one is meant, and how it reads in one line."""

from __future__ import annotations

from domain.registrations import Registered
from flows.flow import Answers, Choice, Context, choice
from texts.say import Words


def several(context: Context, _answers: Answers) -> bool:
    """Which one is asked only of a person who has more than one."""
    return len(context.known) > 1


def which(context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """One choice a registration."""
    return tuple(choice(one.id, summary(one)) for one in context.known)


def summary(one: Registered) -> Words:
    """A registration in one line."""
    wish = one.wish
    return Words(
        "mine.summary",
        {
            "number": one.number,
            "name": wish.name,
            "day": wish.window,
            "origin": wish.origin,
            "destination": wish.destination,
        },
    )
