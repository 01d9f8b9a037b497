"""The tables of what workers type: days and places (their heads explain the columns)."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from domain.days import Window
from domain.places import Place
from domain.refusals import Refused
from flows.flow import Ask, Context
from tests.answers.setting import cases, context, read


@pytest.mark.parametrize(
    ("now", "phrase", "outcome", "first", "last", "part"), [*cases("travel_dates.tsv"), *cases("days_more.tsv")]
)
def test_day_is_read_as_its_row_says(now: str, phrase: str, outcome: str, first: str, last: str, part: str) -> None:
    if outcome == "past":  # the row names the day, whatever the window that was understood
        last = first
    assert _day_seen(phrase, context(now)) == (outcome, set(first.split(",")), last, part)


@pytest.mark.parametrize(
    ("home", "question", "phrase", "outcome", "area"), [*cases("places.tsv"), *cases("places_more.tsv")]
)
def test_place_is_read_as_its_row_says(home: str, question: str, phrase: str, outcome: str, area: str) -> None:
    kind = "origin" if question == "from" else "destination"
    assert _place_seen(kind, phrase, context(home=home)) == (outcome, set(area.split(",")))


def _day_seen(phrase: str, where: Context) -> tuple[str, set[str], str, str]:
    """What the reader makes of it, in the columns of the table."""
    try:
        value = read("day", phrase, where)
    except Refused as refusal:
        if refusal.key != "day.past":
            return "none", {""}, "", ""
        return "past", {_text(_window(refusal.values["day"]).first)}, _text(_window(refusal.values["day"]).last), ""
    if isinstance(value, Ask):
        windows = [msgspec.json.decode(one.value, type=Window) for one in value.candidates]
        if len(windows) > 1:
            return "ask", {_span(window) for window in windows}, "", ""
        return "far", {_text(windows[0].first)}, _text(windows[0].last), ""
    first, last, part = _columns(_window(value))
    return _outcome(_window(value)), {first}, last, part


def _place_seen(kind: str, phrase: str, where: Context) -> tuple[str, set[str]]:
    try:
        value = read(kind, phrase, where)
    except Refused:
        return "none", {""}
    if isinstance(value, Ask):
        return "ask", {_place(msgspec.json.decode(one.value, type=Place)) for one in value.candidates}
    assert isinstance(value, Place)
    return "area", {_place(value)}


def _window(value: object) -> Window:
    assert isinstance(value, Window)
    return value


def _outcome(window: Window) -> str:
    if window.undecided:
        return "none"
    if window.last is None:
        return "any" if window.first is None else "from"
    return "until" if window.first is None else "day"


def _columns(window: Window) -> tuple[str, str, str]:
    part = window.at.strftime("%H:%M") if window.at else (window.part or "")
    return _text(window.first), _text(window.last), str(part)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _span(window: Window) -> str:
    return _text(window.first) if window.first == window.last else f"{_text(window.first)}..{_text(window.last)}"


def _place(place: Place) -> str:
    return f"{place.code}/{place.town}" if place.town else place.code
