"""What people can press under the question for a day that they left open: one of the likely days."""

from __future__ import annotations

from datetime import date

from domain.days import Window
from domain.nudges import SettleDay
from flows.flow import Action, Command, Context
from texts.say import Button, Words

_DAYS = date.max.toordinal() + 1  # what a button carries is one number: registration * _DAYS + the day's ordinal


def by_its_button_alone(_context: Context) -> None:
    """Words for a day are not an action's: who is signed up and names one begins to change it."""


def settle(number: int) -> Command:
    """The day that was pressed."""
    registration, ordinal = divmod(number, _DAYS)
    return SettleDay(registration, date.fromordinal(max(ordinal, 1)))


SETTLE = Action(name="settle_day", said=(), number=0, finds=by_its_button_alone, command=settle)

ACTIONS = (SETTLE,)


def button(registration: int, day: date) -> Button:
    """The button of that day."""
    number = registration * _DAYS + day.toordinal()
    return Button(f"a.{SETTLE.name}.{number}", Words("day.choice", {"day": Window(day, day)}))
