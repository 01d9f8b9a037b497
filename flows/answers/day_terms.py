"""The words for days in a text: what each can mean, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.answers import day_counts as by_count
from flows.answers import day_meanings as by_name
from flows.answers.day_calendar import Days
from flows.answers.day_meanings import BIRTH, Kind, Match, Meaning, either_calendar
from flows.answers.day_words import WORDS
from flows.answers.reading import number

MOST_DAYS: Final = 12  # a text that names more of them is no answer to "which day"
MOST_NUMBERS: Final = 60  # looked at in one text, beside them


@dataclass(frozen=True, slots=True)
class Term:
    """A word for days: where it stands, what it can mean (nothing where there is no such day), and its number.

    A number's meaning hangs on its neighbours; `options` stays empty until they have been looked at.
    """

    start: int
    end: int
    kind: Kind
    options: tuple[Days, ...]
    number: int = 0
    match: Match | None = None
    possible: tuple[
        Days, ...
    ] = ()  # what it can mean beside a word that settles it: 9月2日（八月初二）, where not `options`

    def since(self, day: date) -> tuple[Days, ...]:
        """What it means seen from that day on."""
        options = self.options
        if self.match is not None and all(first < day for first, _ in options):
            options = _MEANINGS[self.match.lastgroup or ""](self.match, day)[0]
        return tuple(one for one in options if one[0] >= day)


def terms(text: str, today: date) -> list[Term]:
    """The words for days in a plain text, in order; of the numbers only where they stand.

    A text that holds too many is no answer: none of them are given.
    """
    found: list[Term] = []
    named = 0
    for match in WORDS.finditer(text):
        kind = match.lastgroup or ""
        if kind == "number":
            found.append(Term(match.start(), match.end(), Kind.NUMBER, (), number(match["n_d"]) or 0))
        elif (meaning := _MEANINGS[kind](match, today)) is not BIRTH:
            options, sort, day = meaning
            possible = either_calendar(match, today) if kind == "month_day" and sort is Kind.PLAIN else ()
            found.append(Term(match.start(), match.end(), sort, options, day, match, possible))
            named += 1
        if named > MOST_DAYS or len(found) > MOST_NUMBERS:
            return []
    return found


_MEANINGS: Final[dict[str, Callable[[Match, date], Meaning]]] = {
    "double": by_name.festival,
    "compact": by_name.compact,
    "iso": by_name.iso,
    "month_day": by_name.month_day,
    "tenth": by_name.tenth,
    "rel_month": by_name.rel_month,
    "whole_month": by_name.whole_month,
    "eve": by_name.eve,
    "year_end": by_name.year_end,
    "first": by_name.first,
    "day": by_name.day,
    "twenty": by_name.twenty,
    "festival": by_name.festival,
    "in_days": by_count.in_days,
    "near": by_count.near,
    "week": by_count.week,
    "en_week": by_count.en_week,
    "en_month": by_count.en_month,
    "en_md": by_count.english("em"),
    "en_dm": by_count.english("ed"),
    "en_lunar": by_count.en_lunar,
    "en_whole": by_count.en_whole,
    "en_day": by_count.en_day,
    "slash": by_count.slash,
    "dash": by_count.dash,
}
