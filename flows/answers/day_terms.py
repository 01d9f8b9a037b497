"""What the words that name a day mean: which days, seen from today, and where they stand in a text."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from domain.lunar import clear_and_bright, lantern_festival, lunar, new_year, new_years_eve, solar
from flows.answers.day_words import KINDS, MONTHS, WORDS
from flows.answers.reading import number

PAST_AT_MOST: Final = timedelta(days=60)  # a month-day gone by longer than this is next year's (travel_dates.tsv)
AHEAD_AT_MOST: Final = timedelta(days=120)  # further ahead the person is asked whether they are sure (travel_dates.tsv)
CENTURY: Final = 2000  # of 27年3月1号
OLDEST, NEWEST = 2020, 2098  # years that a message can be about; the almanac holds them all

MONTHS_TO_TRY: Final = 4  # of three months in a row one has a 31st; two lunar ones in a row can lack a 30th

Days = tuple[date, date]  # first and last, both included


class Kind(Enum):
    """What a word says of a day, as far as words beside it care."""

    PLAIN = auto()
    FESTIVAL = auto()
    WEEKDAY = auto()
    SOLAR_DAY = auto()  # the number of a day in a solar month that is not named
    LUNAR_DAY = auto()  # the same in a lunar month
    NUMBER = auto()  # a number alone, which is a day only where another word makes it one


@dataclass(frozen=True, slots=True)
class Term:
    """A word for days: where it stands, what it can mean (nothing where there is no such day), and its number."""

    start: int
    end: int
    kind: Kind
    options: tuple[Days, ...]
    number: int = 0


_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}
_WEEKDAYS: Final = "一二三四五六日"
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def terms(text: str, today: date) -> list[Term]:
    """Every word for days in a plain text, in order."""
    found = []
    for match in WORDS.finditer(text):
        kind = next(kind for kind in KINDS if match[kind])
        found.append(_MEANINGS[kind](match, today))
    return found


# ── Which days ───────────────────────────────────────────────────────────────────────────────────────────────────────


def day_of(year: int, month: int, day: int) -> date | None:
    """That day, None where the calendar has none such or the year is beyond what a message can be about."""
    if not OLDEST <= year <= NEWEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def next_solar_day(day: int, since: date) -> date | None:
    """The next day of that number in its month."""
    days = (day_of(*_months_on(since, ahead), day) for ahead in range(MONTHS_TO_TRY))
    return next((found for found in days if found is not None and found >= since), None)


def _months_on(day: date, count: int) -> tuple[int, int]:
    """Year and month, that many months after the day's."""
    months = day.year * 12 + day.month - 1 + count
    return months // 12, months % 12 + 1


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


def _nearest(of_year: Callable[[int], date | None], this_year: int, today: date) -> date | None:
    """The yearly day that is meant: the first that is not gone by longer than two months."""
    days = (of_year(year) for year in (this_year - 1, this_year, this_year + 1, this_year + 2))
    return next((day for day in days if day is not None and day >= today - PAST_AT_MOST), None)


def _solar(month: int, day: int, today: date) -> date | None:
    return _nearest(lambda year: day_of(year, month, day), today.year, today)


def _lunar(month: int, day: int, today: date, *, leap: bool = False) -> date | None:
    def of_year(year: int) -> date | None:
        found = solar(year, month, day, leap=leap)
        if found is None and (month, day) == (12, 30):
            return new_years_eve(year + 1)  # in years without a 30th people still say it
        return found

    return _nearest(of_year, lunar(today).year, today)


def _likely(options: list[date | None], today: date) -> tuple[Days, ...]:
    """Of several readings those that lie within reach, else all."""
    days = sorted({day for day in options if day is not None})
    near = [day for day in days if today <= day <= today + AHEAD_AT_MOST]
    return tuple((day, day) for day in near or days)


def bare_lunar(day: int, today: date) -> tuple[Days, ...]:
    """初八 without its month: around the festival that of 正月; towards the end of the year it may be either.

    In 正月 itself a day that has gone is past. (Conventions of travel_dates.tsv.)
    """
    now = lunar(today)
    if now.month == 1 and not now.leap:
        return _days(solar(now.year, 1, day))
    coming = next_lunar_day(day, today)
    festival = solar(now.year + 1, 1, day)
    if coming is not None and now.month == LAST_MONTH != lunar(coming).month:
        return _days(festival)
    return _likely([coming, festival], today) if now.month >= LATE_IN_THE_YEAR else _days(coming)


LAST_MONTH: Final = 12  # 腊月
LATE_IN_THE_YEAR: Final = 10  # the lunar month from which on 正月 is within reach


def number_options(day: int, today: date) -> tuple[Days, ...]:
    """A number alone (十五): the day of the month, or the lunar day."""
    lunar_days = [first for first, _ in bare_lunar(day, today)]
    return _likely([next_solar_day(day, today), *(one for one in lunar_days if one >= today)], today)


def _days(*days: date | None) -> tuple[Days, ...]:
    return tuple((day, day) for day in days if day is not None)


# ── What each word means ─────────────────────────────────────────────────────────────────────────────────────────────

Match = re.Match[str]


def _term(match: Match, options: tuple[Days, ...], kind: Kind = Kind.PLAIN, day: int = 0) -> Term:
    return Term(match.start(), match.end(), kind, options, day)


def _compact(match: Match, today: date) -> Term:  # noqa: ARG001 - all meanings are called alike
    text = match["compact"]
    return _term(match, _days(day_of(int(text[:4]), int(text[4:6]), int(text[6:]))))


def _iso(match: Match, today: date) -> Term:  # noqa: ARG001 - all meanings are called alike
    year = int(match["iso_y"][-2:]) + CENTURY
    return _term(match, _days(day_of(year, int(match["iso_m"]), int(match["iso_d"]))))


def _month_day(match: Match, today: date) -> Term:
    month = _LUNAR_MONTHS.get(match["md_m"]) or number(match["md_m"]) or 0
    day = number(match["md_d"]) or 0
    by_moon = (
        match["md_m"] in _LUNAR_MONTHS
        or match["md_lunar"]
        or match["md_first"]
        or "廿" in match["md_d"]
        or match["md_leap"]
    )
    if by_moon:
        if match["md_year"] in ("明年", "来年"):
            return _term(match, _days(solar(lunar(today).year + 1, month, day)))
        return _term(match, _days(_lunar(month, day, today, leap=bool(match["md_leap"]))))
    if match["md_year"]:
        return _term(match, _days(day_of(today.year + (match["md_year"] != "今年"), month, day)))
    plain_day = _solar(month, day, today)
    if match["md_mark"] or match["md_m"].isdigit() or match["md_d"].isdigit():
        return _term(match, _days(plain_day), Kind.SOLAR_DAY, day)
    return _term(match, _likely([plain_day, _lunar(month, day, today)], today))


_TENTHS: Final = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (25, 31), "末": (25, 31)}


def _tenth(match: Match, today: date) -> Term:
    first, last = _TENTHS[match["t_part"] or match["t_bare"]]
    ahead = (match["t_rel"] or "").count("下")
    year, month = _months_on(today, ahead)
    if match["t_m"]:
        start = _solar(number(match["t_m"]) or 0, 1, today)
        if start is None:
            return _term(match, ())
        year, month = start.year, start.month
    begin, end = date(year, month, first), date(year, month, min(last, monthrange(year, month)[1]))
    return _term(match, ((max(begin, min(today, end)), end),))


def _rel_month(match: Match, today: date) -> Term:
    year, month = _months_on(today, 1 if match["rm"].startswith("下") else 0)
    day = number(match["rm_d"]) or 0
    return _term(match, _days(day_of(year, month, day)), Kind.SOLAR_DAY, day)


def _eve(match: Match, today: date) -> Term:
    return _term(match, _days(_nearest(new_years_eve, today.year, today)), Kind.FESTIVAL)


def _first(match: Match, today: date) -> Term:
    day = number(match["f_d"]) or 0
    options = _days(_lunar(1, day, today)) if match[0].startswith(("大年", "年")) else bare_lunar(day, today)
    if match["f_e"]:
        other = number(match["f_e"]) or 0
        if other == day + 1:  # 初八九: one day or the next
            options = tuple((first, last + timedelta(days=1)) for first, last in options)
    return _term(match, options, Kind.LUNAR_DAY, day)


def _twenty(match: Match, today: date) -> Term:
    day = number(match["tw_d"] or match["tw_b"]) or 0
    return _term(match, bare_lunar(day, today), Kind.LUNAR_DAY, day)


def _festival(match: Match, today: date) -> Term:
    name = match["festival"].removesuffix("节")
    yearly = _FESTIVALS[name]
    if name == "小年":  # the 23rd in the north, the 24th in the south
        days = _days(_lunar(12, 23, today), _lunar(12, 24, today))
    else:
        days = _days(_nearest(yearly, today.year, today))
    return _term(match, days, Kind.FESTIVAL)


_FESTIVALS: Final[dict[str, Callable[[int], date | None]]] = {
    "元宵": lantern_festival,
    "小年": new_year,
    "春": new_year,
    "过年": new_year,
    "过完年": new_year,
    "年": new_year,
    "清明": clear_and_bright,
    "元旦": lambda year: date(year, 1, 1),
    "劳动": lambda year: date(year, 5, 1),
    "五一": lambda year: date(year, 5, 1),
    "端午": lambda year: solar(year, 5, 5),
    "中秋": lambda year: solar(year, 8, 15),
    "国庆": lambda year: date(year, 10, 1),
    "十一": lambda year: date(year, 10, 1),
}


def _in_days(match: Match, today: date) -> Term:
    count = number((match["i_n"] or match["j_n"] or match["k_n"]).replace("两", "二")) or 0
    unit = match["i_unit"] or match["j_unit"] or match["k_unit"]
    return _term(match, _days(today + timedelta(days=count * (1 if unit in ("天", "日", "day", "days") else 7))))


_NEAR: Final = {
    "大后": 3, "后": 2, "明": 1, "听": 1, "今": 0, "昨": -1, "前": -2,
    "day after tomorrow": 2, "the day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0, "yesterday": -1,
}  # fmt: skip


def _near(match: Match, today: date) -> Term:
    word = match["near"]
    return _term(match, _days(today + timedelta(days=_NEAR[word if word.isascii() else word.rstrip("天日")])))


def _week(match: Match, today: date) -> Term:
    """A Chinese week runs from Monday to Sunday: 下周三 lies in the next one."""
    said = match["w_rel"] or match["w_only"] or ""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=said.count("下") - said.count("上"))
    if match["w_only"]:
        return _term(match, ((max(monday, today), monday + timedelta(days=6)),))
    day = match["w_day"]
    if day == "末":
        return _term(match, ((max(monday + timedelta(days=5), today), monday + timedelta(days=6)),))
    weekday = int(day) - 1 if day.isdigit() else _WEEKDAYS.index("日" if day == "天" else day)
    if said:
        return _term(match, _days(monday + timedelta(days=weekday)))
    return _term(match, _days(today + timedelta(days=(weekday - today.weekday()) % 7)), Kind.WEEKDAY)


def _en_week(match: Match, today: date) -> Term:
    said = match["ew_rel"] or match["ew_only"] or ""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=said == "next")
    if match["ew_only"]:
        return _term(match, ((max(monday, today), monday + timedelta(days=6)),))
    if match["ew_day"] == "weekend":
        return _term(match, ((max(monday + timedelta(days=5), today), monday + timedelta(days=6)),))
    weekday = _ENGLISH_WEEKDAYS.index(match["ew_day"][:3])
    if said == "next":
        return _term(match, _days(monday + timedelta(days=weekday)))
    return _term(match, _days(today + timedelta(days=(weekday - today.weekday()) % 7)), Kind.WEEKDAY)


def _english(prefix: str) -> Callable[[Match, date], Term]:
    def meaning(match: Match, today: date) -> Term:
        month = MONTHS.index(match[f"{prefix}_m"][:3]) + 1
        day, year = int(match[f"{prefix}_d"]), match[f"{prefix}_y"]
        return _term(match, _days(day_of(int(year), month, day) if year else _solar(month, day, today)))

    return meaning


def _slash(match: Match, today: date) -> Term:
    return _term(match, _days(_solar(int(match["s_m"]), int(match["s_d"]), today)))


def _day(match: Match, today: date) -> Term:
    day = number(match["d_d"]) or 0
    return _term(match, _days(next_solar_day(day, today)), Kind.SOLAR_DAY, day)


def _number(match: Match, today: date) -> Term:
    day = number(match["n_d"]) or 0
    return _term(match, number_options(day, today), Kind.NUMBER, day)


_MEANINGS: Final[dict[str, Callable[[Match, date], Term]]] = {
    "compact": _compact,
    "iso": _iso,
    "month_day": _month_day,
    "tenth": _tenth,
    "rel_month": _rel_month,
    "eve": _eve,
    "first": _first,
    "twenty": _twenty,
    "festival": _festival,
    "in_days": _in_days,
    "near": _near,
    "week": _week,
    "en_week": _en_week,
    "en_md": _english("em"),
    "en_dm": _english("ed"),
    "slash": _slash,
    "day": _day,
    "number": _number,
}
