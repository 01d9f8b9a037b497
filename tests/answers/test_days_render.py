"""Every window that the service says, in Chinese and in English, reads back as itself."""

from __future__ import annotations

from datetime import date, time, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.days import Part, Window
from flows.answers import days
from flows.flow import Ask
from tests.answers.setting import catalogues, context

LANGUAGES = ("zh-CN", "en")
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
MOMENTS = st.dates(FIRST, LAST)
HOURS = st.one_of(
    st.none(),
    st.sampled_from(Part),
    st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
)
AHEAD = st.integers(0, 120)


def _reads_back(window: Window, now: date, language: str) -> object:
    words = catalogues()[language].value(window)
    read = days.read(words, context(f"{now.isoformat()}T09:00"))
    if isinstance(read, Ask):
        return [msgspec.json.decode(one.value, type=Window) for one in read.candidates]
    return read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ahead", [0, 1, 17, 59, 120])
def test_every_day_reads_back(language: str, ahead: int) -> None:
    for ordinal in range(FIRST.toordinal(), LAST.toordinal() + 1):
        day = date.fromordinal(ordinal)
        window = Window(day, day)
        assert _reads_back(window, day - timedelta(days=ahead), language) == window


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(now=MOMENTS, ahead=AHEAD, longer=st.integers(0, 60), open_end=st.sampled_from(["", "first", "last"]), hour=HOURS)
def test_every_window_reads_back(
    language: str, now: date, ahead: int, longer: int, open_end: str, hour: Part | time | None
) -> None:
    first = None if open_end == "first" else now + timedelta(days=ahead)
    last = (
        None
        if open_end == "last"
        else now + timedelta(days=min(ahead + longer, 120) if first is None else ahead + longer)
    )
    part, at = (hour, None) if isinstance(hour, Part) else (None, hour)
    window = Window(first, last, part, at)
    assert _reads_back(window, now, language) == window


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=100, deadline=None)
@given(now=MOMENTS, ahead=st.integers(121, 4 * 365))
def test_day_far_ahead_reads_back_in_its_year(language: str, now: date, ahead: int) -> None:
    day = now + timedelta(days=ahead)
    assert _reads_back(Window(day, day), now, language) == [Window(day, day)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("window", [Window(), Window(undecided=True), *(Window(part=part) for part in Part)])
def test_window_without_days_reads_back(language: str, window: Window) -> None:
    assert _reads_back(window, date(2027, 2, 8), language) == window


@pytest.mark.parametrize("language", LANGUAGES)
def test_choice_of_another_year_names_it_and_reads_back(language: str) -> None:
    far = days.read("2028年2月1日", context())
    assert isinstance(far, Ask)
    words = catalogues()[language].word(far.candidates[0].words)
    assert "2028" in words
    assert days.read(words, context()) == far
