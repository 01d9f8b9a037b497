"""What a word for days means that counts from today or from a week, is English, or stands in figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from flows.answers import day_calendar as calendar
from flows.answers.day_calendar import Days, day_of, days
from flows.answers.day_meanings import (
    TENTHS,
    Kind,
    Match,
    Meaning,
    ahead_of,
    from_today,
    longer,
    month_ahead,
    part_of,
    span,
)
from flows.answers.day_words import ENGLISH_NUMBERS, MONTHS
from flows.answers.reading import number

# ── Days counted from today, weeks ───────────────────────────────────────────────────────────────────────────────────


def _counted(said: str, unit: str, today: date) -> date | None:
    """That many days, weeks or months after today (半个月 are fifteen days)."""
    if said == "半":
        return today + timedelta(days=15) if "月" in unit else None
    count = ENGLISH_NUMBERS.get(said) or number(said.replace("两", "二")) or 0
    if "月" in unit or unit.startswith("month"):
        return calendar.same_day(today, count)
    return today + timedelta(days=count * (1 if unit in {"天", "日", "day", "days"} else 7))


def in_days(match: Match, today: date) -> Meaning:
    """三天后, 过两天, 半个月后, 三天前, in a week."""
    form = next(form for form in "ijkl" if match[f"{form}_n"])
    unit = match[f"{form}_unit"]
    day = _counted(match[f"{form}_n"], unit, today)
    if day is not None and (match["i_how"] or "").endswith("前"):
        return days(today - (day - today)), Kind.TOLD, 0
    if match["i_next"] or match["j_next"]:  # 三四天后
        more = _counted("一", unit, today)
        return longer(days(day), (more - today).days if more else 0), Kind.PLAIN, 0
    return days(day), Kind.SOLAR_DAY, day.day if day else 0


_NEAR: Final = {
    "大大后": 4, "大后": 3, "后": 2, "明": 1, "听": 1, "今": 0, "昨": -1, "寻": -1, "琴": -1, "前": -2,
    "day after tomorrow": 2, "the day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0, "yesterday": -1,
}  # fmt: skip


_NEAR_TWO: Final = {"今明": 0, "明后": 1}  # 明后天, 今明两天


def near(match: Match, today: date) -> Meaning:
    """明天, 听日, 明后天, the day after tomorrow."""
    word = match["near"]
    if word[:2] in _NEAR_TWO:
        first = today + timedelta(days=_NEAR_TWO[word[:2]])
        return longer(days(first), 1), Kind.PLAIN, 0
    day = today + timedelta(days=_NEAR[word if word.isascii() else word.rstrip("天日个儿")])
    return days(day), Kind.SOLAR_DAY if day > today else Kind.TOLD, day.day


_WEEKDAYS: Final = "一二三四五六日"
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _in_week(today: date, ahead: int | None, weekday: int) -> date:
    """That weekday of this week or of one ahead; the coming one where no week is named."""
    if ahead is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=weekday - today.weekday(), weeks=ahead)


def _weekend(today: date, ahead: int) -> Days:
    return from_today(_in_week(today, ahead, 5), _in_week(today, ahead, 6), today)


def week(match: Match, today: date) -> Meaning:
    """A Chinese week runs from Monday to Sunday: 下周三 lies in the next one."""
    said = match["w_rel"] or match["w_only"]
    ahead = ahead_of(said) if said else None
    if match["w_only"]:
        return span(from_today(_in_week(today, ahead or 0, 0), _in_week(today, ahead or 0, 6), today))
    day = match["w_day"]
    if day == "末":
        return span(_weekend(today, ahead or 0))
    weekday = int(day) - 1 if day.isdigit() else _WEEKDAYS.index("日" if day == "天" else day)
    options = days(_in_week(today, ahead, weekday))
    told = ahead is not None and ahead < 0
    return longer(options, 1) if match["w_next"] else options, Kind.TOLD if told else Kind.WEEKDAY, weekday + 1


def en_week(match: Match, today: date) -> Meaning:
    """Next Wednesday lies in the next week, as 下周三 does; Friday and this Friday are the coming one."""
    said = match["ew_rel"] or match["ew_only"] or ""
    ahead = 2 if match["ew_two"] else 1 if said == "next" or match["ew_late"] else 0
    if match["ew_only"] or match["ew_two"]:
        return span(from_today(_in_week(today, ahead, 0), _in_week(today, ahead, 6), today))
    if match["ew_day"] == "weekend":
        return span(_weekend(today, ahead))
    weekday = _ENGLISH_WEEKDAYS.index(match["ew_day"][:3])
    return days(_in_week(today, ahead or None, weekday)), Kind.WEEKDAY, weekday + 1


# ── English days and months, figures ─────────────────────────────────────────────────────────────────────────────────


def _english_month(said: str) -> int:
    return MONTHS.index(said[:3]) + 1


def english(prefix: str) -> Callable[[Match, date], Meaning]:
    """The meaning of Feb 13 or 13 Feb, whose groups in the pattern begin with that prefix."""

    def meaning(match: Match, today: date) -> Meaning:
        month = _english_month(match[f"{prefix}_m"])
        day, year = int(match[f"{prefix}_d"]), match[f"{prefix}_y"]
        found = day_of(int(year), month, day) if year else calendar.solar_day(month, day, today)
        return days(found), Kind.SOLAR_DAY, day

    return meaning


def en_lunar(match: Match, today: date) -> Meaning:
    """8th of 1st lunar month, as the service itself says it."""
    named = {"first": 1, "second": 2, "last": 12, "twelfth": 12}
    month, day = named.get(match["el_m"]) or int(match["el_m"][:-2]), int(match["el_d"])
    return days(calendar.lunar_day(month, day, today, leap=bool(match["el_leap"]))), Kind.LUNAR_DAY, day


def en_month(match: Match, today: date) -> Meaning:
    """End of March, next month."""
    if match["en_rel"]:
        return span(month_ahead(today, match["en_rel"] == "next"))
    first, last = TENTHS[(match["en_part"] or match["en_of"]).removesuffix(" of")]
    if match["en_m"]:
        whole = calendar.solar_month(_english_month(match["en_m"]), today)
    else:
        start = date(*calendar.months_on(today, match["en_next"] is not None), 1)
        whole = start, calendar.same_day(start, 1) - timedelta(days=1)
    return span(part_of(whole, first, last, today))


def en_whole(match: Match, today: date) -> Meaning:
    """In March."""
    whole = calendar.solar_month(_english_month(match["en_whole"]), today)
    return span(None if whole is None else from_today(*whole, today))


def en_day(match: Match, today: date) -> Meaning:
    """The 13th."""
    day = int(match["eo_d"])
    return days(calendar.next_solar_day(day, today)), Kind.SOLAR_DAY, day


def slash(match: Match, today: date) -> Meaning:
    """2/13, 2.13, 13/2, 2/13/2027."""
    month, day = int(match["s_m"] or match["s_m2"]), int(match["s_d"] or match["s_d2"])
    year = match["s_y"] or match["s_y2"]
    return days(day_of(int(year), month, day) if year else calendar.solar_day(month, day, today)), Kind.SOLAR_DAY, day


NARROW: Final = 4  # days between the two numbers of 8-10, at most, where they are no month and day


def dash(match: Match, today: date) -> Meaning:
    """2-22 is a month and a day; 8-10 may be two days of a month."""
    one, other = int(match["ds_a"]), int(match["ds_b"])
    by_month = calendar.solar_day(one, other, today) if one <= calendar.LAST_MONTH else None
    near = days(by_month) if by_month and today <= by_month <= today + calendar.AHEAD_AT_MOST else ()
    first = calendar.next_solar_day(one, today)
    last = calendar.next_solar_day(other, first) if first else None
    if first and last and one < other and (by_month is None or other - one <= NARROW) and "0" not in match["dash"][:1]:
        return (*near, (first, last)), Kind.SOLAR_DAY, other
    return near or days(by_month), Kind.SOLAR_DAY, other
