"""Days and hours: the one time zone, and the window of days in which a person can travel."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the whole of China, no daylight saving


class Part(StrEnum):
    """The part of the day that a person named."""

    EARLY = "early"
    AM = "am"
    NOON = "noon"
    PM = "pm"
    EVENING = "evening"


class Window(Struct, frozen=True, tag="window"):
    """The days on which a person can travel, both ends included.

    `first` or `last` is None where that end is open; both are None for "any day". `undecided` is the answer
    "not settled yet" (还没定): no day is known and staff see that it is missing.
    """

    first: date | None = None
    last: date | None = None
    part: Part | None = None
    at: time | None = None
    undecided: bool = False

    def holds(self, day: date) -> bool:
        """Whether a person with this window can travel on that day (nobody can on an undecided one)."""
        return (
            not self.undecided and (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        )

    def overlaps(self, other: Window) -> bool:
        """Whether one day lies in both; an undecided window shares its days with every other."""
        if self.undecided or other.undecided:
            return True
        starts_in_time = self.first is None or other.last is None or self.first <= other.last
        ends_late_enough = self.last is None or other.first is None or other.first <= self.last
        return starts_in_time and ends_late_enough


class Moment(Struct, frozen=True, tag="moment"):
    """A day and an hour that a person is told, an aware datetime."""

    at: datetime


def today(now: datetime) -> date:
    """The calendar day in Shanghai at that moment."""
    return now.astimezone(SHANGHAI).date()
