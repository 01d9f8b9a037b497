"""The day, or the window of days, on which a person can travel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final

from domain.days import Part, Window, today
from domain.lunar import new_year
from domain.refusals import Refused
from flows.answers.day_terms import AHEAD_AT_MOST, Days, Kind, Term, bare_lunar, next_lunar_day, next_solar_day, terms
from flows.answers.reading import bare, number, plain
from flows.flow import Answers, Ask, Choice, Context, Found, Reader, choice
from texts.say import Words

_TO: Final = re.compile(r"\s*(?:号|日)?\s*(?:到|至|~|-+|—+|–|直到|\bto\b|\buntil\b)\s*")
_OR: Final = re.compile(r"[\s,、/()]*(?:或者?|还是|或是|和|跟|以及|\bor\b|\band\b)?(?:是)?[\s,、/()]*")
_REPEATS: Final = re.compile(r"[\s,(]*")
_AFTER: Final = re.compile(r"\s*(?:节|那天)?\s*(以后|之后|过后|后|过了|开始|起|往后|以来|\bonwards?\b|\bor later\b)")
_BESIDE: Final = re.compile(r"\s*的?([前后])([一二两三四五六七1-7])[天日]")  # 元宵前一天
_BEFORE: Final = re.compile(r"\s*(?:节|那天)?\s*(?:以前|之前|前)")
_PASSED: Final = re.compile(r"(?:过完了?|过了|过|等过|\bafter)\s*$")
_SINCE: Final = re.compile(r"(?:\bfrom|\bsince)\s*$")
_LATEST: Final = re.compile(r"(?:最迟|最晚|至迟|\bby|\bno later than|\buntil)\s*$")
_EARLIER: Final = re.compile(r"(?:\bbefore)\s*$")
_NEGATED: Final = re.compile(r"(?:不是|不要|别|不去|not )\s*$")
_CORRECTED: Final = re.compile(r"不对|错了|不是|改[到成为]|应该是|\bno\b|\bsorry\b")
_ANY: Final = re.compile(
    r"随时|(?:哪|那|任何|任意|什么|啥)一?(?:天|日|时候|时间)都?(?:行|可以|好|ok|没问题|能)|都(?:行|可以)$|无所谓"
    r"|\bany ?(?:day|time)\b|\bwhenever\b"
)
_ANY_CLEAR: Final = re.compile(r"随时(?:都)?(?:行|可以|能|走|出发)|哪一?天都?(?:行|可以)|\bany day\b|\bany time\b")
_SOON: Final = re.compile(r"越快越好|越早越好|尽快|尽早|马上|立刻|\basap\b|\bas soon as possible\b")
_UNDECIDED: Final = re.compile(
    r"还?没[有]?(?:定|想好|决定|确定)|不确定|未定|定不下来|\bnot (?:sure|settled|decided)\b|\bundecided\b"
)
_FILLER: Final = re.compile(r"我们?|想|要|打算|准备|走|出发|回去|吧|左右|的|就|可以|都|行|大概|[\s,.!?;:、。]")
_COMPACT_MONTH_DAY: Final = re.compile(r"(0[1-9]|1[0-2])([0-3]\d)")
_PART: Final = re.compile(
    r"\s*(?:的|那天|,)?\s*(?:"
    r"(?P<early>凌晨|半夜|before dawn)|(?P<am>一?大?清?(?<!越)(?<!最)早上?(?!点|些)|早晨|上午|(?:in the )?morning)"
    r"|(?P<noon>中午|正午|(?:at )?noon)|(?P<pm>下午|午后|(?:in the )?afternoon)"
    r"|(?P<evening>傍晚|(?<!最)晚上?(?!点|些)|夜里|夜晚|(?:in the )?evening|at night|night))?"
    r"\s*(?:(?P<hour>[01]?\d|2[0-4]|十?[一二两三四五六七八九十])"
    r"(?:[点时](?:(?P<half>半)|(?P<quarter>一刻)|(?P<minute>[0-5]?\d)分?)?|:(?P<min>[0-5]\d)))?"
)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a text says: the windows that it can mean, and the characters that say it."""

    windows: tuple[Window, ...]
    spans: tuple[tuple[int, int], ...]


def read(text: str, context: Context) -> Window | Ask:
    """The window of days; Ask where the words fit several or lie more than 120 days ahead.

    Raises Refused("day.not_understood"), or ("day.past", day=) for one that has gone.
    """
    said, now = plain(text), today(context.now)
    windows = _windows(said, now)
    if not windows:
        raise Refused("day.not_understood")
    ahead = tuple(_from_today(window, now) for window in windows if not _gone(window, now))
    if not ahead:
        raise Refused("day.past", day=windows[-1])
    if len(ahead) == 1 and not _far(ahead[0], now):
        return ahead[0]
    return Ask(tuple(choice(window, Words("day.choice", {"day": window})) for window in ahead))


def find(text: str, context: Context) -> Found | None:
    """A window that is named in so many words, ahead and within reach."""
    said, now = plain(text), today(context.now)
    meant = _combined(_named(said, now, alone=False), said, strict=True)
    if meant is None:
        match = _ANY_CLEAR.search(said) or _SOON.search(said)
        if match is None:
            return None
        return Found(Window(first=now) if _SOON.match(match[0]) else Window(), (match.span(),))
    if len(meant.windows) != 1 or _gone(meant.windows[0], now) or _far(meant.windows[0], now):
        return None
    return Found(_from_today(meant.windows[0], now), meant.spans)


def suggestions(context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """Three likely days and "not settled yet".

    Around the festival the days on which people leave ("三六九，往外走", domain.md), else the next days.
    """
    return _suggested(today(context.now))


@lru_cache(maxsize=8)
def _suggested(now: date) -> tuple[Choice, ...]:
    picks = [day for day in _leaving_days(now) if now < day <= now + SEASON_IS_NEAR]
    saturday = now + timedelta(days=(5 - now.weekday()) % 7 or 7)
    for day in (now + timedelta(days=1), now + timedelta(days=2), saturday, now + timedelta(days=3)):
        if len(picks) < PICKS and day not in picks:
            picks.append(day)
    days = (Window(day, day) for day in sorted(picks))
    undecided = choice(Window(undecided=True), Words("day.undecided"))
    return (*(choice(window, Words("day.choice", {"day": window})) for window in days), undecided)


PICKS: Final = 3
SEASON_IS_NEAR: Final = timedelta(days=45)  # people plan for after the festival from about then on


def _leaving_days(now: date) -> Iterator[date]:
    """初六, 初八, 初九 (conversations.md)."""
    for year in (now.year, now.year + 1):
        for lunar_day in (6, 8, 9):
            yield new_year(year) + timedelta(days=lunar_day - 1)


# ── The whole text ───────────────────────────────────────────────────────────────────────────────────────────────────


def _windows(said: str, now: date) -> tuple[Window, ...]:
    """Every window that the text can mean as the answer to "which day"."""
    whole = _FILLER.sub("", bare(said))
    if match := _COMPACT_MONTH_DAY.fullmatch(whole):
        said = f"{int(match[1])}月{int(match[2])}号"
    alone = number(whole) is not None
    meant = _combined(_named(said, now, alone=alone), said, strict=False)
    if meant is not None:
        return meant.windows
    if _SOON.search(said):
        return (Window(first=now),)
    if _UNDECIDED.search(said):
        return (Window(undecided=True),)
    if _ANY.search(said):
        return (Window(),)
    return ()


def _named(said: str, now: date, *, alone: bool) -> list[Term]:
    """The words for days, of the numbers only those that are days here (all, where a number is all that was said)."""
    named = []
    for term in terms(said, now):
        if term.kind is not Kind.NUMBER or alone or _belongs(term, said):
            named.append(term)
        elif term.number >= FULL_NUMBER and _PASSED.search(said[: term.start]):  # 过完十五: the festival
            named.append(replace(term, kind=Kind.LUNAR_DAY, options=bare_lunar(term.number, now)))
    return named


def _belongs(term: Term, said: str) -> bool:
    """Whether a number alone is a day here: beside the word that joins it to one (初八到十二, 20-25号)."""
    before, after = said[: term.start], said[term.end :]
    if re.match(rf"\s*(?:到|至|~|-|、)\s*{_DAY_NUMBER}\s*[号日]", after):
        return True
    return re.search(r"(?:[号日]|初\S{1,2}|月\s*\S{1,3}|十\S?)\s*(?:到|至|~|-|、)\s*$", before) is not None


_DAY_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
FULL_NUMBER: Final = 11  # below, a lunar day is said with 初


def _combined(named: Sequence[Term], said: str, *, strict: bool) -> _Meant | None:
    """What the words for days mean together; None where they mean nothing. `strict`: nor where they stand apart."""
    named = _without_corrected(named, said)
    named = _merged(named, said)
    if not named or any(not term.options for term in named):
        return None
    groups = list(_groups(named, said))
    if strict and len(groups) > 1:
        return None
    windows = tuple(dict.fromkeys(window for group in groups for window in _bounded(group, said)))
    first = groups[0]
    part, at, end = _hour(said, first.end, apart=not strict)
    if part or at:
        windows = tuple(Window(one.first, one.last, part, at) for one in windows)
    return _Meant(windows, ((first.start, max(end, _bounded_end(first, said))),))


def _without_corrected(named: Sequence[Term], said: str) -> Sequence[Term]:
    """Of "初八，不对，初十" the last, of "不是初八，是初九" the second."""
    kept = [term for term in named if not _NEGATED.search(said[: term.start])]
    for index in range(len(kept) - 1, 0, -1):
        if _CORRECTED.search(said[kept[index - 1].end : kept[index].start]):
            return kept[index:]
    return kept


def _merged(named: Sequence[Term], said: str) -> Sequence[Term]:
    """2月20日 周六（正月十五） is one day: what stands right behind a day and only repeats it is part of it."""
    kept: list[Term] = []
    for term in named:
        last = kept[-1] if kept else None
        both = _repeated(last, term) if last and _REPEATS.fullmatch(said, last.end, term.start) else ()
        if last and both:
            end = term.end + said.startswith(")", term.end)
            kept[-1] = replace(term if last.kind is Kind.WEEKDAY else last, start=last.start, end=end, options=both)
        else:
            kept.append(term)
    return kept


def _repeated(last: Term, term: Term) -> tuple[Days, ...]:
    """The days that both words can mean; a day of the week only has to fall on the other's."""
    if term.kind is Kind.WEEKDAY and term.options:
        return tuple(days for days in last.options if days[0].weekday() == term.options[0][0].weekday())
    if last.kind is Kind.WEEKDAY:
        return _repeated(term, last)
    return tuple(days for days in last.options if days in term.options)


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that stand together: what they can mean, where they stand, and whether the last is a festival."""

    start: int
    end: int
    options: tuple[Days, ...]
    festival: bool


def _groups(named: Sequence[Term], said: str) -> Iterator[_Group]:
    """The words joined by 到 or 或 or standing side by side, as one; the others apart."""
    start, options, last = named[0].start, named[0].options, named[0]
    for term in named[1:]:
        gap = said[last.end : term.start]
        if _TO.fullmatch(gap):
            options = tuple(window for first, _ in options for window in _until(first, last, term))
        elif _OR.fullmatch(gap):
            options = _either(
                options, term.options if term.kind is not Kind.NUMBER else _like(last, term, options[0][0])
            )
        else:
            yield _Group(start, last.end, options, last.kind is Kind.FESTIVAL)
            start, options = term.start, term.options
        last = term
    yield _Group(start, last.end, options, last.kind is Kind.FESTIVAL)


def _until(first: date, last: Term, term: Term) -> Iterator[Days]:
    """From that day to the second word, which takes its month from the first where it names none."""
    ends = _like(last, term, first) if term.kind in (Kind.NUMBER, Kind.SOLAR_DAY, Kind.LUNAR_DAY) else term.options
    for _, end in ends:
        if first <= end:
            yield first, end


def _like(last: Term, term: Term, since: date) -> tuple[Days, ...]:
    """The day of that number after the first, counted in the same calendar."""
    if term.kind is Kind.SOLAR_DAY and term.options[0][0] >= since:
        return term.options
    by_sun = term.kind is Kind.SOLAR_DAY or (term.kind is Kind.NUMBER and last.kind in (Kind.SOLAR_DAY, Kind.NUMBER))
    day = next_solar_day(term.number, since) if by_sun else next_lunar_day(term.number, since)
    return ((day, day),) if day else ()


def _either(one: tuple[Days, ...], other: tuple[Days, ...]) -> tuple[Days, ...]:
    """Two days that touch are a window, else both stand to be picked from."""
    if len(one) == 1 and len(other) == 1:
        (first, last), (start, end) = sorted((one[0], other[0]))
        if start <= last + timedelta(days=1):
            return ((first, max(last, end)),)
    shared = tuple(days for days in one if days in other)
    return shared or tuple(dict.fromkeys((*one, *other)))


# ── Before and after ─────────────────────────────────────────────────────────────────────────────────────────────────


def _bounded(group: _Group, said: str) -> Iterator[Window]:
    """The group's windows, opened to one side by 以后, 之前, 最晚 and their like (conventions of travel_dates.tsv)."""
    before, day = said[: group.start], timedelta(days=1)
    after = _AFTER.match(said, group.end)
    beside = _BESIDE.match(said, group.end)
    eating = said[group.start : group.end].startswith("过完")
    for first, last in group.options:
        if beside:
            away = day * (number(beside[2].replace("两", "二")) or 0)
            yield Window(first - away, first - away) if beside[1] == "前" else Window(last + away, last + away)
        elif _LATEST.search(before):
            yield Window(None, last)
        elif _EARLIER.search(before) or _BEFORE.match(said, group.end):
            yield Window(None, first - day)
        elif _PASSED.search(before) or eating or (after and (group.festival or after[1] in EXCLUDING)):
            yield Window(last + day, None)
        elif after or _SINCE.search(before):
            yield Window(first, None)
        else:
            yield Window(first, last)


EXCLUDING: Final = frozenset({"后", "之后", "过后", "过了"})


def _bounded_end(group: _Group, said: str) -> int:
    """Where the words end that open the group's windows."""
    match = _BESIDE.match(said, group.end) or _BEFORE.match(said, group.end) or _AFTER.match(said, group.end)
    return match.end() if match else group.end


def _hour(said: str, end: int, *, apart: bool) -> tuple[Part | None, time | None, int]:
    """The part of the day or the clock right behind the days (or anywhere, where `apart`), and where they end."""
    for match in (_PART.match(said, end), *(_PART.finditer(said) if apart else ())):
        if match is None or not match[0].strip():
            continue
        part = next((part for part in Part if match[part.value]), None)
        at = _clock(match, part)
        if part or at:
            return None if at else part, at, match.end()
    return None, None, end


def _clock(match: re.Match[str], part: Part | None) -> time | None:
    if not match["hour"]:
        return None
    hour = number(match["hour"].replace("两", "二")) or 0
    if part in (Part.PM, Part.EVENING) and hour < NOON:
        hour += NOON
    minute = 30 if match["half"] else 15 if match["quarter"] else int(match["minute"] or match["min"] or 0)
    return time(hour % 24, minute)


NOON: Final = 12


# ── Gone and far ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _gone(window: Window, now: date) -> bool:
    return not window.undecided and window.last is not None and window.last < now


def _far(window: Window, now: date) -> bool:
    edge = window.first or window.last
    return edge is not None and edge > now + AHEAD_AT_MOST


def _from_today(window: Window, now: date) -> Window:
    """A window that began before today begins today."""
    if window.first is not None and window.first < now:
        return Window(now, window.last, window.part, window.at)
    return window


# A letter or two of each spelling in day_words.py that names a day in passing, and of "any" and "soon".
_MARKS: Final = re.compile(
    r"[月旬夕年初历廿节宵清旦五十端秋庆后过昨前周星礼号日随哪越尽立]|[今明][天日早晚]|马上|\d[/.]\d|20\d\d|[a-z]{3}"
)

WINDOW: Final = Reader(Window, read, find, marks=_MARKS)
