"""The lunar calendar as a table: solar day ↔ lunar day, the festivals that people name days by, and the solar terms."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.almanac import FIRST_YEAR, LAST_YEAR, YEARS

LANTERN_DAY = 15  # 元宵, of the first month
LONG = 30  # days of a long month


@dataclass(frozen=True, slots=True)
class Lunar:
    """A day of the lunar calendar: month 1–12, day 1–30; `leap` marks the second of two months of one number."""

    year: int
    month: int
    day: int
    leap: bool = False


@dataclass(frozen=True, slots=True)
class _Month:
    first: date
    days: int
    month: int
    leap: bool


@lru_cache(maxsize=256)
def _months(year: int) -> tuple[_Month, ...]:
    """The months of one lunar year in their order; raises ValueError outside the table."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no lunar calendar for {year}")
    begins, twice, lengths, _ = YEARS[year - FIRST_YEAR].split()
    first, month, leap = date(year, int(begins[:2]), int(begins[2:])), 0, False
    found = []
    for length in lengths:
        leap = not leap and month == int(twice) > 0
        month += not leap
        days = LONG if length == "L" else LONG - 1
        found.append(_Month(first, days, month, leap))
        first += timedelta(days=days)
    return tuple(found)


@lru_cache(maxsize=256)
def _firsts(year: int) -> tuple[date, ...]:
    return tuple(month.first for month in _months(year))


@lru_cache(maxsize=4096)
def lunar(day: date) -> Lunar:
    """That day in the lunar calendar; raises ValueError outside the years 1902–2099."""
    year = day.year if day >= new_year(day.year) else day.year - 1
    month = _months(year)[bisect_right(_firsts(year), day) - 1]
    return Lunar(year, month.month, (day - month.first).days + 1, month.leap)


def solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The day that a lunar date falls on; None where the year has no such month or the month no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    for one in _months(year):
        if one.month == month and one.leap == leap:
            return one.first + timedelta(days=day - 1) if 1 <= day <= one.days else None
    return None


def new_year(year: int) -> date:
    """正月初一 of the lunar year that begins in that solar year (2027: 6 February)."""
    return _firsts(year)[0]


def new_years_eve(year: int) -> date:
    """除夕, the last evening before the new year of that solar year: 腊月三十, or 廿九 where the month has no 30th."""
    return new_year(year) - timedelta(days=1)


def lantern_festival(year: int) -> date:
    """元宵, the fifteenth of the first month."""
    return new_year(year) + timedelta(days=LANTERN_DAY - 1)


SOLAR_TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip


@lru_cache(maxsize=256)
def solar_term(name: str, year: int) -> date:
    """The day of one of the 24 solar terms in that solar year (清明: 4-6 April)."""
    place = SOLAR_TERMS.index(name)
    day = YEARS[year - FIRST_YEAR].split()[-1][place]
    return date(year, place // 2 + 1, int(day, base=36))
