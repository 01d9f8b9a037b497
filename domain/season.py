"""The season: at which time of the year the direction of a journey needs no asking."""

from __future__ import annotations

from datetime import date

from domain.lunar import new_year
from domain.registrations import Direction

LAST_MONTH_OF_THE_PEAK = 3  # domain.md, "Season": from just after the festival to the end of March is the peak


def season_direction(day: date) -> Direction | None:
    """Which way everybody travels on that day, None where a person has to be asked.

    From 正月初一 to the end of March people go back to work (domain.md, "Season"). At any other time both ways are
    served: Inner Mongolia 2022 asks for 返岗 and 返乡 alike, and from April the service runs all year.
    """
    if new_year(day.year) <= day and day.month <= LAST_MONTH_OF_THE_PEAK:
        return Direction.WORK
    return None
