"""When a nudge falls due, when it lapses, and when people without a day are asked again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import SHANGHAI, Window
from domain.lunar import lunar
from domain.nudges import (
    FIRST,
    SECOND,
    Nudge,
    SettleDay,
    asked_again,
    following,
    planned,
    quiet,
    quiet_again,
)
from domain.season import busiest_days_ahead
from flows.undecided import button, settle

moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - a zone is put on
    lambda naive: naive.replace(tzinfo=SHANGHAI)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("spoke", "first", "second"),
    [
        ("2027-02-08T09:00", "2027-02-08T11:00", "2027-02-09T09:00"),
        ("2027-02-08T18:59:59", "2027-02-08T20:59:59", "2027-02-09T18:59:59"),
        ("2027-02-08T19:00", "2027-02-09T08:00", "2027-02-09T19:00"),
        ("2027-02-08T20:59", "2027-02-09T08:00", "2027-02-09T20:59"),
        ("2027-02-08T21:00", "2027-02-09T08:00", "2027-02-10T08:00"),
        ("2027-02-09T00:30", "2027-02-09T08:00", "2027-02-10T08:00"),
        ("2027-02-09T05:59", "2027-02-09T08:00", "2027-02-10T08:00"),
        ("2027-02-09T06:00", "2027-02-09T08:00", "2027-02-10T08:00"),
        ("2027-02-09T07:59", "2027-02-09T09:59", "2027-02-10T08:00"),
        ("2027-02-09T08:00", "2027-02-09T10:00", "2027-02-10T08:00"),
        ("2027-12-31T22:00", "2028-01-01T08:00", "2028-01-02T08:00"),
        ("2028-02-28T19:30", "2028-02-29T08:00", "2028-02-29T19:30"),
    ],
)
def test_nudge_falls_due_outside_of_the_quiet_time(spoke: str, first: str, second: str) -> None:
    assert planned(FIRST, at(spoke)).due_at == at(first)
    assert planned(SECOND, at(spoke)).due_at == at(second)


@given(moments, st.sampled_from([FIRST, SECOND]))
def test_nudge_wakes_nobody_and_comes_no_sooner_than_its_rule_says(spoke: datetime, nudge: Nudge) -> None:
    span = planned(nudge, spoke)
    assert not quiet(span.due_at)
    assert nudge.after <= span.due_at - spoke <= nudge.after + timedelta(hours=11)
    assert span.lapses_at - span.due_at == nudge.lapses_after


@given(moments)
def test_second_nudge_comes_well_after_the_first(spoke: datetime) -> None:
    assert planned(SECOND, spoke).due_at - planned(FIRST, spoke).due_at >= timedelta(hours=11)


@pytest.mark.parametrize(
    ("nudge", "spoke", "told", "after"),
    [
        (FIRST, "2027-02-08T09:00", True, SECOND),
        (FIRST, "2027-02-08T20:59", True, SECOND),  # only the first would have come in the quiet time
        (FIRST, "2027-02-08T21:00", True, None),  # both would
        (FIRST, "2027-02-09T05:59", True, None),
        (FIRST, "2027-02-09T06:00", True, SECOND),  # the first comes at 8:00 by itself
        (FIRST, "2027-02-08T21:00", False, SECOND),  # the first lapsed
        (SECOND, "2027-02-08T09:00", True, None),
        (SECOND, "2027-02-08T21:00", False, None),
    ],
)
def test_there_are_two_at_most_and_one_where_both_would_come_at_night(
    nudge: Nudge, spoke: str, told: bool, after: Nudge | None
) -> None:
    assert following(nudge, at(spoke), told=told) is after


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [("20:59:59", False), ("21:00", True), ("00:00", True), ("07:59:59", True), ("08:00", False)],
)
def test_quiet_time_is_from_nine_in_the_evening_to_eight(moment: str, is_quiet: bool) -> None:
    there = at(f"2027-02-08T{moment}")
    assert quiet(there) is is_quiet
    assert quiet(there.astimezone(UTC)) is is_quiet
    if not is_quiet:
        assert quiet_again(there.astimezone(UTC)) == at("2027-02-08T21:00")


@pytest.mark.parametrize(
    ("day", "third"),
    [
        (date(2026, 12, 31), date(2027, 2, 8)),
        (date(2027, 1, 1), date(2027, 2, 8)),
        (date(2027, 2, 5), date(2027, 2, 8)),  # 除夕
        (date(2027, 2, 11), date(2027, 2, 8)),  # 初六 itself
        (date(2027, 2, 12), None),
        (date(2027, 3, 31), None),
        (date(2027, 4, 1), date(2028, 1, 28)),
        (date(2028, 1, 31), date(2028, 1, 28)),
        (date(2028, 2, 1), None),
        (date(2033, 12, 31), date(2034, 2, 21)),  # 2033 has a leap eleventh month
    ],
)
def test_busiest_days_are_those_of_the_festival_ahead(day: date, third: date | None) -> None:
    found = busiest_days_ahead(day)
    assert (found and found[0]) == third
    assert [(lunar(one).month, lunar(one).day) for one in found or ()] == ([(1, 3), (1, 6), (1, 9)] if found else [])


@pytest.mark.parametrize(
    ("now", "asked", "over"),
    [
        ("2026-10-01T12:00", "2027-02-01T10:00", "2027-02-12T00:00"),
        ("2027-01-31T23:59", "2027-02-01T10:00", "2027-02-12T00:00"),
        ("2027-02-01T09:59", "2027-02-02T10:00", "2027-02-12T00:00"),  # not on the day on which they signed up
        ("2027-02-01T10:00", "2027-02-02T10:00", "2027-02-12T00:00"),
        ("2027-02-10T23:59", "2027-02-11T10:00", "2027-02-12T00:00"),
        ("2027-02-11T00:00", None, None),  # the next day the peak is over
        ("2027-02-12T00:00", None, None),
        ("2027-03-31T12:00", None, None),
        ("2027-04-01T00:00", "2028-01-21T10:00", "2028-02-01T00:00"),
        ("2028-01-20T12:00", "2028-01-21T10:00", "2028-02-01T00:00"),
    ],
)
def test_people_without_a_day_are_asked_a_week_before_the_busiest_days(
    now: str, asked: str | None, over: str | None
) -> None:
    span = asked_again(at(now))
    assert (span and span.due_at) == (asked and at(asked))
    assert (span and span.lapses_at) == (over and at(over))


@given(moments)
def test_question_for_the_day_wakes_nobody_and_comes_before_it_lapses(now: datetime) -> None:
    span = asked_again(now)
    if span is not None:
        assert not quiet(span.due_at)
        assert now < span.due_at < span.lapses_at


@given(st.integers(0, 2**40), st.dates())
def test_button_of_a_day_carries_the_registration_and_the_day(registration: int, day: date) -> None:
    made = button(registration, day)
    kind, name, number = made.data.split(".")
    assert (kind, name) == ("a", "settle_day")
    assert settle(int(number)) == SettleDay(registration, day)
    assert made.words.values == {"day": Window(day, day)}
    assert len(made.data.encode()) <= 64  # Telegram Bot API, InlineKeyboardButton: callback_data


@given(st.integers(0))
def test_number_that_nobody_made_is_no_error(number: int) -> None:
    assert isinstance(settle(number), SettleDay)
