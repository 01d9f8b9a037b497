"""Words for days that say one day together (2月20日 周六), and those that are joined (初八到初十, 初八或初九)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from domain.lunar import lunar, solar
from flows.answers import day_calendar as calendar
from flows.answers.day_calendar import Days, days
from flows.answers.day_meanings import Kind
from flows.answers.day_terms import Term

NEAR: Final = 18  # characters before a word in which is looked for what goes with it

_DAYTIME: Final = r"(?P<part>的?(?:早上?|上午|中午|下午|晚上?|凌晨|傍晚))?"
TO: Final = re.compile(
    rf"\s?(?:号|日|节|那天|开始|起|一)?{_DAYTIME},?\s?"
    r"(?:一?直?到|至|~|-+|—+|–|直至|\b(?:to|until|till|through|thru)\b)\s?(?:the )?"
)
_BETWEEN: Final = re.compile(r"\bbetween\s(?:the )?$")
JOINER: Final = (
    r"或者?是?|还是|或是|要么|要不|和|跟|同|以及|(?:不行|没票|没车|满了|走不了)(?:的话)?,?(?:那?就)?"
    r"|、|/|&|\+|\bor\b|\band\b"
)
_OR: Final = re.compile(rf"[\s,()]{{0,3}}(?P<joiner>{JOINER})?(?:是|the )?[\s,()]{{0,3}}")
_REPEATS: Final = re.compile(r"[\s,(的]{0,3}(?:也?就是|即|也是)?[\s,(]{0,2}")


def before(said: str, term: Term | Group) -> str:
    """The characters right before it, in which is looked for what goes with it."""
    return said[max(0, term.start - NEAR) : term.start]


# ── Words that say the same day ──────────────────────────────────────────────────────────────────────────────────────


def merged(named: Sequence[Term], said: str) -> Sequence[Term]:
    """2月20日 周六（正月十五） is one day: what stands right behind a day and only repeats it is part of it."""
    kept: list[Term] = []
    for term in named:
        last = kept[-1] if kept else None
        if last is None or not (both := _beside(last, term, said)):
            kept.append(term)
            continue
        end = term.end + said.startswith(")", term.end)
        narrower = term if last.kind is Kind.WEEKDAY or last.options[0][0] < last.options[0][1] else last
        kept[-1] = replace(narrower, start=last.start, end=end, options=both)
    return kept


def _beside(last: Term, term: Term, said: str) -> tuple[Days, ...]:
    if term.start - last.end > NEAR or not last.options or not _REPEATS.fullmatch(said, last.end, term.start):
        return ()
    return _repeated(last, term)


def _repeated(last: Term, term: Term) -> tuple[Days, ...]:
    """The days that both words can mean: 2月20日 周六, 下周的周三, 3月 25号."""
    shared = tuple(one for one in last.options if one in (*term.options, *term.possible, *term.since(one[0])))
    if shared or not term.options:
        return shared
    if last.kind is Kind.WEEKDAY is not term.kind:
        return _repeated(term, last)
    if term.kind is Kind.WEEKDAY and last.kind is Kind.WEEKDAY:
        return ()
    found: list[Days] = []
    for first, end in last.options:
        if term.kind is Kind.WEEKDAY:
            day = first + timedelta(days=(term.options[0][0].weekday() - first.weekday()) % 7)
            found.extend([(day, day)] if day <= end else [])
        elif first < end:
            found.extend(one for one in term.since(first)[:1] if one[1] <= end)
    return tuple(found)


# ── Words that stand together ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Group:
    """Words that stand together: what they can mean, where they stand, and what they are."""

    start: int
    end: int
    options: tuple[Days, ...]
    festival: bool
    told: bool
    joined: bool = False
    from_part: bool = False  # 初八早上到初十晚上: the part of the day is not that of the whole


def _group(first: Term, last: Term, options: tuple[Days, ...], to: re.Match[str] | None) -> Group:
    festival, told = last.kind is Kind.FESTIVAL, first.kind is Kind.TOLD
    return Group(first.start, last.end, options, festival, told, to is not None, bool(to and to["part"]))


def groups_of(named: Sequence[Term], said: str, today: date) -> Iterator[Group]:
    """The words joined by 到 or 或 or standing side by side, as one; the others apart."""
    if not named:
        return
    begin = last = named[0]
    options, to = begin.options, None
    for term in named[1:]:
        near = term.start - last.end <= NEAR
        until = TO.fullmatch(said, last.end, term.start) if near else None
        either = _OR.fullmatch(said, last.end, term.start) if near else None
        if either and either["joiner"] == "and" and _BETWEEN.search(before(said, begin)):
            until = TO.fullmatch("到")
        if until:
            options, to = tuple(window for first, _ in options for window in _until(first, last, term)), until
        elif either:
            others = tuple(dict.fromkeys(one for first, _ in options for one in _other(first, last, term, today)))
            same_sort = either["joiner"] or last.kind is term.kind or term.kind is Kind.NUMBER
            options = _either(options, others) if same_sort else tuple(dict.fromkeys((*options, *others)))
        else:
            yield _group(begin, last, options, to)
            begin, options, to = term, term.options, None
        last = term
    yield _group(begin, last, options, to)


def _until(first: date, last: Term, term: Term) -> Iterator[Days]:
    """From that day to the second word, which takes its month or week from the first where it names none."""
    ends = _like(last, term, first) if term.kind is Kind.NUMBER else term.since(first)
    for _, end in ends[:1]:
        yield first, end


def _other(first: date, last: Term, term: Term, today: date) -> tuple[Days, ...]:
    """Another day beside the first, of the same month or week where it names none."""
    if term.kind is Kind.NUMBER:
        return _like(last, term, first)
    if term.kind is Kind.WEEKDAY and last.kind is Kind.WEEKDAY:
        same = tuple(_moved(one, first) for one in term.options)
        return same if same and same[0][0] >= today else term.options
    if _names_month(last) and not _names_month(term):
        moon = term.kind is Kind.LUNAR_DAY
        same_month = _in_month(term.number, first, moon=moon) if term.number else term.since(first)
        return same_month or term.options
    return term.options


def _moved(one: Days, beside: date) -> Days:
    """A day of the week, or two, moved to the week in which that other day lies."""
    shift = timedelta(days=beside.weekday() - one[0].weekday())
    start = beside - shift
    return start, start + (one[1] - one[0])


_NUMBER_ONLY: Final = frozenset({"first", "day", "twenty", "en_day"})


def _names_month(term: Term) -> bool:
    """Whether a month stands in the word itself, or follows from it."""
    if term.match is None or term.match.lastgroup == "tenth":
        return term.match is not None and bool(term.match["t_m"] or term.match["t_rel"])
    return term.match.lastgroup not in _NUMBER_ONLY


def _like(last: Term, term: Term, since: date) -> tuple[Days, ...]:
    """The day of that number after the first, counted in the same week or calendar."""
    if last.kind is Kind.WEEKDAY:
        if not 1 <= term.number <= 7:  # noqa: PLR2004 - the days of a week
            return ()
        return days(since + timedelta(days=(term.number - since.isoweekday()) % 7))
    find = calendar.next_lunar_day if _by_moon(last, since) else calendar.next_solar_day
    return days(find(term.number, since))


def _by_moon(term: Term, day: date) -> bool:
    """Whether the word means that day by the moon."""
    if term.kind in {Kind.LUNAR_DAY, Kind.FESTIVAL}:
        return True
    return term.kind is not Kind.SOLAR_DAY and day.day != term.number == lunar(day).day


def _in_month(day: int, beside: date, *, moon: bool) -> tuple[Days, ...]:
    """The day of that number in the month of the other."""
    if moon:
        there = lunar(beside)
        return days(solar(there.year, there.month, day, leap=there.leap))
    return days(calendar.day_of(beside.year, beside.month, day))


def _either(one: Iterable[Days], other: Iterable[Days]) -> tuple[Days, ...]:
    """Days that touch are a window, the others stand to be picked from."""
    merged: list[Days] = []
    for first, last in sorted({*one, *other}):
        if merged and first <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)
