"""The season: when the direction of a journey needs no asking, and on which days most people leave."""

from __future__ import annotations

from datetime import date, timedelta

from domain.lunar import new_year
from domain.registrations import Direction

LAST_MONTH_OF_THE_PEAK = 3  # domain.md, "Season": from just after the festival to the end of March is the peak
BUSIEST = (3, 6, 9)  # of the first lunar month: "三六九，往外走" (domain.md)


def season_direction(day: date) -> Direction | None:
    """Which way everybody travels on that day, None where a person has to be asked.

    From 正月初一 to the end of March people go back to work (domain.md, "Season"). At any other time both ways are
    served: Inner Mongolia 2022 asks for 返岗 and 返乡 alike, and from April the service runs all year.
    """
    if new_year(day.year) <= day and day.month <= LAST_MONTH_OF_THE_PEAK:
        return Direction.WORK
    return None


def busiest_days_ahead(day: date) -> tuple[date, date, date] | None:
    """初三, 初六 and 初九 of the festival that a journey not settled on that day is for; None where they are over.

    初六 counts as the peak of the season: it is the middle of the three, it lies at the end of the public holiday
    (until 初七, so factories open around it), and after it what is left of the coaches is planned. Between it and the
    end of March it is over; from April on the next festival's days are meant.
    """
    here = _busiest_days(day.year)
    if day <= here[1]:
        return here
    return None if day.month <= LAST_MONTH_OF_THE_PEAK else _busiest_days(day.year + 1)


def _busiest_days(year: int) -> tuple[date, date, date]:
    third, sixth, ninth = (new_year(year) + timedelta(days=lunar_day - 1) for lunar_day in BUSIEST)
    return third, sixth, ninth
