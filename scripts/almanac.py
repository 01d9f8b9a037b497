"""Writes domain/almanac.py anew from lunar_python: python -m scripts.almanac."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lunar_python import Lunar, LunarYear, Solar

FIRST_YEAR, LAST_YEAR = 1901, 2099  # what lunar_python is checked for
FIGURES = "0123456789abcdefghijklmnopqrstuv"  # a day of the month as one character
FILE = Path(__file__).parents[1] / "domain" / "almanac.py"
HEAD = '''"""The lunar calendar as a table, made by scripts/almanac.py from lunar_python; not edited by hand.

Each year: the month and day of its first day, the month that comes twice (0: none), its months in order (L has 30 days,
s has 29), and the day of the month of each of the 24 solar terms from 小寒 on (0-9, a-v for 10-31).
"""

FIRST_YEAR, LAST_YEAR = {first}, {last}
YEARS = (
{rows}
)
'''


def row(year: int) -> str:
    """One year of the table."""
    months = LunarYear.fromYear(year).getMonthsInYear()
    begins = _day(months[0].getFirstJulianDay())
    leap = next((abs(month.getMonth()) for month in months if month.isLeap()), 0)
    lengths = "".join("L" if month.getDayCount() == 30 else "s" for month in months)  # noqa: PLR2004 - a long month
    terms = LunarYear.fromYear(year).getJieQiJulianDays()
    at = Lunar.JIE_QI_IN_USE.index("小寒")  # its list begins with two terms of the December before
    days = [_day(term) for term in terms[at : at + 24]]
    if [day.month for day in days] != [place // 2 + 1 for place in range(24)]:
        raise ValueError(f"{year}: two terms do not fall into each month")
    return f'    "{begins:%m%d} {leap} {lengths} {"".join(FIGURES[day.day] for day in days)}",  # {year}'


def _day(julian: float) -> date:
    day = Solar.fromJulianDay(julian)
    return date(day.getYear(), day.getMonth(), day.getDay())


if __name__ == "__main__":
    rows = "\n".join(row(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
    FILE.write_text(HEAD.format(first=FIRST_YEAR, last=LAST_YEAR, rows=rows), encoding="utf-8")
