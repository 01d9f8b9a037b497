"""Nudges: when a person who left a sign-up unfinished, or has not settled the day, is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.days import SHANGHAI, today
from domain.season import busiest_days_ahead

QUIET_FROM = time(21)  # a nudge is less urgent than a reminder: it keeps a longer night (domain.reminders)
QUIET_UNTIL = time(8)


@dataclass(frozen=True, slots=True)
class Nudge:
    """One rule: so long `after` the person's last message, of use for `lapses_after` from the moment it falls due."""

    name: str
    after: timedelta
    lapses_after: timedelta


FIRST = Nudge("nudge", after=timedelta(hours=2), lapses_after=timedelta(hours=12))
SECOND = Nudge("nudge_again", after=timedelta(days=1), lapses_after=timedelta(hours=24))
NUDGES = {one.name: one for one in (FIRST, SECOND)}

UNDECIDED = "undecided"  # the rule that asks people who have not settled the day
ASKED_AGAIN_AT = time(10)
BEFORE_THE_BUSIEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """From when on something is due, and until when it is of use."""

    due_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class SettleDay:
    """Command: the person chose that day under the question, for a registration that has none."""

    registration: int
    day: date


def quiet(moment: datetime) -> bool:
    """Whether it is too late or too early to nudge anybody: from 21:00 to 8:00 in China."""
    hour = moment.astimezone(SHANGHAI).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def quiet_again(moment: datetime) -> datetime:
    """When the next quiet time begins, seen from a moment outside of it."""
    return datetime.combine(today(moment), QUIET_FROM, SHANGHAI)


def planned(nudge: Nudge, spoke_at: datetime) -> Span:
    """When that nudge falls due for a person whose last message came at `spoke_at`: at 8:00 the next morning where it
    would fall into the quiet time.
    """
    due_at = _out_of_the_quiet(spoke_at + nudge.after)
    return Span(due_at, due_at + nudge.lapses_after)


def following(nudge: Nudge, spoke_at: datetime, *, told: bool) -> Nudge | None:
    """The nudge after that one, which has gone out (`told`) or lapsed unsent; None where no more is to go.

    There are two at most, and where both would have come in the quiet time only one goes.
    """
    if nudge is not FIRST:
        return None
    both = quiet(spoke_at + FIRST.after) and quiet(spoke_at + SECOND.after)
    return None if told and both else SECOND


def asked_again(now: datetime) -> Span | None:
    """When a person who signs up now without a day is asked again; None where the busiest days are over.

    At 10:00, a week before the first of the busiest days; in that last week the next day at 10:00. It is of use until
    the middle one of them is over: after that hardly a coach is left to be planned.
    """
    ahead = busiest_days_ahead(today(now))
    if ahead is None:
        return None
    first, middle, _last = ahead
    day = max(first - BEFORE_THE_BUSIEST, today(now) + timedelta(days=1))
    if day > middle:
        return None
    over = datetime.combine(middle + timedelta(days=1), time(), SHANGHAI)
    return Span(datetime.combine(day, ASKED_AGAIN_AT, SHANGHAI), over)


def _out_of_the_quiet(moment: datetime) -> datetime:
    if not quiet(moment):
        return moment
    there = moment.astimezone(SHANGHAI)
    morning = there.date() + timedelta(days=1) if there.time() >= QUIET_FROM else there.date()
    return datetime.combine(morning, QUIET_UNTIL, SHANGHAI)
