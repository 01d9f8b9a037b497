"""Reminders as rules: when people are reminded of a departure, counted from their own stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from domain.days import SHANGHAI
from domain.refusals import Refused
from domain.trips import Trip

QUIET_FROM = time(22)  # design.md, Reminders
QUIET_UNTIL = time(6)
BEFORE_THE_QUIET = time(21, 30)
LONGEST_BEFORE = timedelta(hours=48)
SHORTEST_BEFORE = timedelta(minutes=5)
SAID_IN_HOURS = timedelta(minutes=115)  # what is left from here on rounds to two hours and is said in hours
ONE_STEP = timedelta(minutes=5)  # what is left below that is said in steps of so much

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_MINUTES = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One rule. Either `before` (so long before the departure), or `at` that hour, `day` days after the departure's
    (-1: the day before). It is still useful for `lapses_after`. `loud` rules are told in the quiet hours too.
    """

    name: str
    lapses_after: timedelta
    before: timedelta | None = None
    day: int = 0
    at: time | None = None
    loud: bool = False


RULES = (
    Reminder("tomorrow", day=-1, at=time(18), lapses_after=timedelta(hours=4)),
    Reminder("hours_before", before=timedelta(hours=3), lapses_after=timedelta(hours=2)),
    Reminder("board_soon", before=timedelta(minutes=30), lapses_after=timedelta(minutes=20), loud=True),
)


@dataclass(frozen=True, slots=True)
class Due:
    """That the people of a stop are to be reminded by that rule. `boards_at` is when they are asked to be there: with
    another hour it is another reminder. After `lapses_at` it is of no use any more.
    """

    stop: int
    rule: str
    boards_at: datetime
    due_at: datetime
    lapses_at: datetime


def planned(trip: Trip) -> tuple[Due, ...]:
    """Every reminder that a trip's people are to get, whether its time has come or not."""
    return tuple(
        _due(rule, stop.id, stop.departs_at, stop.boards_at) for stop in trip.stops for rule in rules_of(trip.reminders)
    )


def ahead(dues: Sequence[Due], now: datetime) -> tuple[Due, ...]:
    """Those whose time is still to come; what has passed is covered by what people are told right now."""
    return tuple(due for due in dues if due.due_at > now)


def rules_of(changes: Sequence[tuple[str, str]]) -> tuple[Reminder, ...]:
    """The rules as one trip wants them: rule → "HH:MM", minutes, or "" for off (domain.trips.Trip.reminders).
    Raises Refused with the field `reminder.RULE` where a time can't be read.
    """
    wanted = dict(changes)
    if unknown := wanted.keys() - {rule.name for rule in RULES}:
        raise ValueError(f"no such reminder: {sorted(unknown)}")
    changed = (changed_rule(rule, wanted[rule.name]) if rule.name in wanted else rule for rule in RULES)
    return tuple(rule for rule in changed if rule is not None)


def changed_rule(rule: Reminder, text: str) -> Reminder | None:
    """The rule with its time as a trip writes it, None where it is switched off."""
    text = text.strip()
    if not text:
        return None
    if rule.before is None:
        return replace(rule, at=_clock(rule, text))
    return replace(rule, before=_minutes(rule, text))


def quiet(moment: datetime) -> bool:
    """Whether people sleep at that moment: then only loud reminders go out."""
    hour = moment.astimezone(SHANGHAI).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def silent_now(now: datetime) -> frozenset[str]:
    """The rules that wait at that moment, because people sleep."""
    return frozenset(rule.name for rule in RULES if not rule.loud) if quiet(now) else frozenset()


@dataclass(frozen=True, slots=True)
class Left:
    """How much time is left, as it is said: `n` of `unit`, which is days (1: tomorrow), hours or minutes."""

    unit: str
    n: int


def time_left(departs_at: datetime, now: datetime) -> Left:
    """What is left until a departure, said as a person would: tomorrow, in 3 hours, in 25 minutes (at least 5)."""
    days = (departs_at.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days
    left = departs_at - now
    if days > 0 and left > SAID_IN_HOURS * 2:
        return Left("days", days)
    if left >= SAID_IN_HOURS:
        return Left("hours", round(left / timedelta(hours=1)))
    return Left("minutes", max(round(left / ONE_STEP), 1) * 5)


def _due(rule: Reminder, stop: int, departs_at: datetime, boards_at: datetime) -> Due:
    moment = _moment(rule, departs_at)
    lapses_at = min(moment + rule.lapses_after, departs_at)
    return Due(stop, rule.name, boards_at, _out_of_the_quiet(rule, moment), lapses_at)


def _moment(rule: Reminder, departs_at: datetime) -> datetime:
    if rule.before is not None:
        return departs_at - rule.before
    if rule.at is None:
        raise ValueError(f"the reminder {rule.name} has no time")
    there = departs_at.astimezone(SHANGHAI)
    return datetime.combine(there.date() + timedelta(days=rule.day), rule.at, SHANGHAI)


def _out_of_the_quiet(rule: Reminder, moment: datetime) -> datetime:
    """21:30 of the evening before for what would wake people; `lapses_at` stays where it was."""
    if rule.loud or not quiet(moment):
        return moment
    there = moment.astimezone(SHANGHAI)
    evening = there.date() if there.time() >= QUIET_FROM else there.date() - timedelta(days=1)
    return datetime.combine(evening, BEFORE_THE_QUIET, SHANGHAI)


def _clock(rule: Reminder, text: str) -> time:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise Refused("trip.reminder_clock", f"reminder.{rule.name}")
    return time(int(match[1]), int(match[2]))


def _minutes(rule: Reminder, text: str) -> timedelta:
    before = timedelta(minutes=int(text)) if _MINUTES.fullmatch(text) else timedelta()
    if not SHORTEST_BEFORE <= before <= LONGEST_BEFORE:
        raise Refused("trip.reminder_minutes", f"reminder.{rule.name}")
    return before
