"""The lunar table, the season that follows from it, and the letters of areas."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from lunar_python import Solar

from domain.almanac import FIRST_YEAR, LAST_YEAR, YEARS
from domain.letters import area_letters
from domain.lunar import SOLAR_TERMS, lantern_festival, lunar, new_year, new_years_eve, solar, solar_term
from domain.registrations import Direction
from domain.season import season_direction
from scripts.almanac import row
from tests.answers.setting import areas


def test_table_agrees_with_the_almanac_and_with_itself() -> None:
    day = date(2026, 1, 1)
    while day < date(2031, 1, 1):
        known, ours = Solar.fromYmd(day.year, day.month, day.day).getLunar(), lunar(day)
        month = -ours.month if ours.leap else ours.month
        assert (known.getYear(), known.getMonth(), known.getDay()) == (ours.year, month, ours.day)
        assert solar(ours.year, ours.month, ours.day, leap=ours.leap) == day
        day += timedelta(days=1)


def test_table_is_what_the_almanac_makes() -> None:
    rows = [row(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    assert [one.split('"')[1] for one in rows] == list(YEARS)


def test_days_that_people_name() -> None:
    assert (new_year(2027), new_year(2028)) == (date(2027, 2, 6), date(2028, 1, 26))  # domain.md
    assert new_years_eve(2027) == date(2027, 2, 5)  # 廿九: 2027 has no 腊月三十
    assert lantern_festival(2027) == date(2027, 2, 20)
    assert solar_term("清明", 2027) == date(2027, 4, 5)
    assert solar_term("冬至", 2027) == date(2027, 12, 22)


def test_solar_terms_divide_the_year() -> None:
    days = [solar_term(name, 2027) for name in SOLAR_TERMS]
    assert all(14 <= (later - earlier).days <= 17 for earlier, later in pairwise(days))
    assert (days[0].month, days[-1].month) == (1, 12)


@pytest.mark.parametrize(("month", "day"), [(12, 30), (1, 31), (13, 1), (0, 1), (1, 0)])
def test_day_that_is_not_is_none(month: int, day: int) -> None:
    assert solar(2026, month, day) is None
    assert solar(3000, month, day) is None


@pytest.mark.parametrize(
    ("day", "direction"),
    [
        (date(2027, 2, 5), None),
        (date(2027, 2, 6), Direction.WORK),
        (date(2027, 3, 31), Direction.WORK),
        (date(2027, 4, 1), None),
        (date(2026, 11, 22), None),
    ],
)
def test_direction_is_clear_from_the_festival_to_the_end_of_march(day: date, direction: Direction | None) -> None:
    assert season_direction(day) is direction


@pytest.mark.parametrize(("code", "letters"), [("450206", "LJ"), ("500000", "CQ"), ("150000", "NM"), ("130133", "ZX")])
def test_letters_are_the_initials_of_the_short_name(code: str, letters: str) -> None:
    assert area_letters(areas()[code]) == letters


def test_every_area_has_two_letters() -> None:
    made = [area_letters(area) for area in areas().all()]
    assert all(len(one) == 2 and one.isascii() and one.isalpha() and one.isupper() for one in made)
