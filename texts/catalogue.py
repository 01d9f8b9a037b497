"""One language's sentences, and the words for the values that stand in their gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.days import SHANGHAI, Moment, Window
from domain.lunar import lunar
from domain.people import Identity, Name, Phone, masked_identity, masked_name, masked_phone
from domain.places import Area, Areas, Level, Place
from texts.latin import latin_name
from texts.say import Value, Words, Written

MOBILE_DIGITS = 11  # the numbering plan of mainland China; 138 0001 2345 is how people read one aloud
# Seven digits are the shortest number that reaches a person (a local landline); with gaps only a mobile is meant.
PERSONAL_DIGITS = re.compile(r"\d{7,}|1\d\d[ -]?\d{4}[ -]?\d{4}")
# What may name a person in words that staff wrote: a mobile, or an identity number (15 or 18 digits).
MOBILE_NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{15,})(?!\d)")


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The sentences of one language; `areas` and `home` (an area's code, "" where none is set) word the places.

    `sentences` maps a key to its forms, each with {named} gaps: one form, or as many as the language has plurals;
    then the gap `n` decides, and `plural` says which form a number takes. An unknown key and a gap without a value
    are bugs and raise KeyError.
    """

    language: str
    sentences: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]
    areas: Areas
    home: str = ""

    def word(self, words: Words, *, masked: bool = False) -> str:
        """The sentence in words. `masked` is for readers abroad: names, phones and long numbers are covered."""
        gaps = {name: self.value(value, masked=masked) for name, value in words.values.items()}
        return self._form(words).format_map(gaps)

    def value(self, value: Value, *, masked: bool = False) -> str:
        """A value as it stands in a gap."""
        match value:
            case str():
                return PERSONAL_DIGITS.sub(_covered, value) if masked else value
            case Written(text=text):
                return MOBILE_NUMBERS.sub(_covered, text) if masked else text
            case int():
                return str(value)
            case Words():
                return self.word(value, masked=masked)
            case Window():
                return self._window(value)
            case Moment(at=at):
                return self._moment(at)
            case Place():
                return self._place(value)
            case Name() | Phone() | Identity():
                return _of_person(value, masked=masked)

    def _form(self, words: Words) -> str:
        forms = self.sentences[words.key]
        if len(forms) == 1:
            return forms[0]
        n = words.values["n"]
        return forms[self.plural(n if isinstance(n, int) else 0)]

    def _say(self, key: str, /, **gaps: str) -> str:
        """One of the fixed pieces that values are made of (values.po)."""
        return self.sentences[key][0].format_map(gaps)

    # ── Days ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _window(self, window: Window) -> str:
        days = self._days(window)
        if window.at is not None:
            return self._say("value.window.hour", window=days, hour=_clock(window.at))
        if window.part is not None:
            return self._say("value.window.hour", window=days, hour=self._say(f"value.part.{window.part}"))
        return days

    def _days(self, window: Window) -> str:
        if window.undecided:
            return self._say("value.window.undecided")
        match (window.first, window.last):
            case (None, None):
                return self._say("value.window.any")
            case (None, date() as last):
                return self._say("value.window.until", last=self._day(last))
            case (date() as first, None):
                return self._say("value.window.from", first=self._day(first))
            case (date() as first, date() as last) if first != last:
                return self._say("value.window.range", first=self._day(first), last=self._day(last))
            case (first, _):
                return self._day(first) if first is not None else ""

    def _day(self, day: date) -> str:
        """Both calendars: people name days by the lunar one (domain.md, "Facts worth knowing")."""
        return self._say(
            "value.day",
            weekday=self._say(f"value.weekday.{day.isoweekday()}"),
            month=self._say(f"value.month.{day.month}"),
            day=str(day.day),
            lunar=self._lunar(day),
        )

    def _lunar(self, day: date) -> str:
        one = lunar(day)
        month = self._say(f"value.lunar_month.{one.month}")
        if one.leap:
            month = self._say("value.lunar_month.leap", month=month)
        return self._say("value.lunar", month=month, day=self._say(f"value.lunar_day.{one.day}"))

    def _moment(self, at: datetime) -> str:
        there = at.astimezone(SHANGHAI)
        return self._say("value.moment", day=self._day(there.date()), hour=_clock(there.time()))

    # ── Places ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _place(self, place: Place) -> str:
        """The areas from the province down. `full` leaves out the home area's own province, `brief` every province
        that a city stands below; `latin` is `brief` in pinyin for those who don't read Chinese.
        """
        path = self.areas.path(place.code)
        full = path[1:] if self._at_home(path) and (len(path) > 1 or place.town) else path
        brief = path[1:] if any(area.level is Level.CITY for area in path) else path
        town = (place.town,) if place.town else ()
        reads_latin = "{latin}" in self.sentences["value.place"][0]
        return self._say(
            "value.place",
            full=" ".join((*(area.name for area in full), *town)),
            brief=" ".join((*(area.name for area in brief), *town)),
            latin=", ".join(latin_name(name) for name in (*(area.short for area in brief), *town))
            if reads_latin
            else "",
        )

    def _at_home(self, path: tuple[Area, ...]) -> bool:
        return bool(path) and self.home != "" and self.areas.path(self.home)[:1] == path[:1]


def _of_person(value: Name | Phone | Identity, *, masked: bool) -> str:
    match value:
        case Name(text=text):
            return masked_name(text) if masked else text
        case Phone(digits=digits, work=work):
            return masked_phone(digits) if masked and not work else _spaced(digits)
        case Identity(digits=digits):
            return masked_identity(digits) if masked else f"{digits[:6]} {digits[6:14]} {digits[14:]}"


def _covered(digits: re.Match[str]) -> str:
    return masked_phone(digits[0])


def _spaced(digits: str) -> str:
    """13800012345 → 138 0001 2345; any other number as it is."""
    if len(digits) == MOBILE_DIGITS and digits.startswith("1"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return digits


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
