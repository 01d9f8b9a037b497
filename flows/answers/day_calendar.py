"""Which day a number, a month-day or a yearly day means, seen from today (conventions of travel_dates.tsv)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

from domain.lunar import lunar, new_years_eve, solar

PAST_AT_MOST: Final = timedelta(days=60)  # a month-day gone by longer than this is next year's (travel_dates.tsv)
AHEAD_AT_MOST: Final = timedelta(days=120)  # further ahead the person is asked whether they are sure (travel_dates.tsv)
OLDEST, NEWEST = 2020, 2098  # years that a message can be about; the almanac holds them all
MONTHS_TO_TRY: Final = 4  # of three months in a row one has a 31st; two lunar ones in a row can lack a 30th
LAST_MONTH: Final = 12  # 腊月
LATE_IN_THE_YEAR: Final = 10  # the lunar month from which on 正月 is within reach

Days = tuple[date, date]  # first and last, both included


def days(*found: date | None) -> tuple[Days, ...]:
    """Each of those that there are, as a span of one day."""
    return tuple((day, day) for day in found if day is not None)


def day_of(year: int, month: int, day: int) -> date | None:
    """That day, None where the calendar has none such or the year is beyond what a message can be about."""
    if not OLDEST <= year <= NEWEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def months_on(day: date, count: int) -> tuple[int, int]:
    """Year and month, that many months after the day's."""
    months = day.year * 12 + day.month - 1 + count
    return months // 12, months % 12 + 1


def same_day(day: date, months: int) -> date:
    """That many months later, on the last of the month where it has no such day."""
    year, month = months_on(day, months)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_end(day: date) -> date:
    """The last day of that day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_solar_day(day: int, since: date) -> date | None:
    """The next day of that number in its month."""
    coming = (day_of(*months_on(since, ahead), day) for ahead in range(MONTHS_TO_TRY))
    return next((found for found in coming if found is not None and found >= since), None)


def last_solar_day(day: int, until: date) -> date | None:
    """The last day of that number in its month, up to that day."""
    gone = (day_of(*months_on(until, -back), day) for back in range(MONTHS_TO_TRY))
    return next((found for found in gone if found is not None and found <= until), None)


def next_lunar_day(day: int, since: date) -> date | None:
    """The next day of that number in its lunar month."""
    at = since
    for _ in range(MONTHS_TO_TRY):
        there = lunar(at)
        found = solar(there.year, there.month, day, leap=there.leap)
        if found is not None and found >= since:
            return found
        at += timedelta(days=31 - there.day)
    return None


def nearest(of_year: Callable[[int], date | None], this_year: int, today: date) -> date | None:
    """The yearly day that is meant: the first that is not gone by longer than two months."""
    found = (of_year(year) for year in (this_year - 1, this_year, this_year + 1, this_year + 2))
    return next((day for day in found if day is not None and day >= today - PAST_AT_MOST), None)


def solar_day(month: int, day: int, today: date) -> date | None:
    """2月13号, in the year that is meant."""
    return nearest(lambda year: day_of(year, month, day), today.year, today)


def lunar_day_of(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """That day of a lunar year; 腊月三十 is the last evening also in years whose month has no 30th."""
    if not OLDEST <= year < NEWEST:
        return None
    found = solar(year, month, day, leap=leap)
    return new_years_eve(year + 1) if found is None and (month, day) == (LAST_MONTH, 30) else found


def lunar_day(month: int, day: int, today: date, *, leap: bool = False) -> date | None:
    """正月初八, in the year that is meant."""
    return nearest(lambda year: lunar_day_of(year, month, day, leap=leap), lunar(today).year, today)


def lunar_month(month: int, today: date) -> Days | None:
    """The first and the last day of the lunar month that is meant: the running one or the next of that name."""
    for year in (lunar(today).year, lunar(today).year + 1):
        first, last = solar(year, month, 1), solar(year, month, 30) or solar(year, month, 29)
        if first is not None and last is not None and last >= today:
            return first, last
    return None


def solar_month(month: int, today: date) -> Days | None:
    """The first and the last day of the month that is meant: the running one or the next of that name."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
        return None
    year = today.year + (month < today.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def likely(options: Iterable[Days], today: date) -> tuple[Days, ...]:
    """Of several readings those that lie within reach, else all."""
    found = sorted(set(options))
    near = tuple(one for one in found if today <= one[0] <= today + AHEAD_AT_MOST)
    return near or tuple(found)


def bare_lunar(day: int, today: date) -> tuple[Days, ...]:
    """初八 without its month: around the festival that of 正月; towards the end of the year it may be either.

    In 正月 itself a day that has gone is past.
    """
    now = lunar(today)
    if now.month == 1 and not now.leap:
        return days(solar(now.year, 1, day))
    coming = next_lunar_day(day, today)
    festival = solar(now.year + 1, 1, day)
    if coming is not None and now.month == LAST_MONTH != lunar(coming).month:
        return days(festival)
    return likely(days(coming, festival), today) if now.month >= LATE_IN_THE_YEAR else days(coming)


def number_options(day: int, today: date) -> tuple[Days, ...]:
    """A number alone (十五): the day of the month, or the lunar day."""
    by_moon = (one for one in bare_lunar(day, today) if one[0] >= today)
    return likely((*days(next_solar_day(day, today)), *by_moon), today)
