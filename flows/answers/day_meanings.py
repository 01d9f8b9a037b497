"""What a word for days means that names them by number, month or festival: which days, seen from today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from domain.lunar import LANTERN_DAY, SOLAR_TERMS, lantern_festival, lunar, new_year, new_years_eve, solar, solar_term
from flows.answers import day_calendar as calendar
from flows.answers.day_calendar import OLDEST, Days, day_of, days
from flows.answers.reading import number

CENTURY: Final = 2000  # of 27年3月1号
YOUNGEST_BIRTH: Final = 50  # from 50年 on a year of two figures is one of the last century: somebody's birth


class Kind(Enum):
    """What a word says of a day, as far as words beside it care."""

    PLAIN = auto()
    FESTIVAL = auto()
    WEEKDAY = auto()
    SOLAR_DAY = auto()  # by the number of the day in its solar month
    LUNAR_DAY = auto()  # the same in a lunar month
    TOLD = auto()  # today and what lies before it: people tell of those, too (昨天问过了)
    NUMBER = auto()  # a number alone, which is a day only where another word makes it one


Match = re.Match[str]
Meaning = tuple[tuple[Days, ...], Kind, int]  # what it can mean, its kind, the number of the day
BIRTH: Final[Meaning] = ((), Kind.NUMBER, 0)  # 1990年1月1日 is nobody's day of travel


# ── Days by their number ─────────────────────────────────────────────────────────────────────────────────────────────


def _plain(*found: date | None) -> Meaning:
    return days(*found), Kind.PLAIN, 0


def span(found: Days | None) -> Meaning:
    """Some days in a row, or none."""
    return (() if found is None else (found,)), Kind.PLAIN, 0


def from_today(first: date, last: date, today: date) -> Days:
    """That span, from today on where it has begun."""
    return (max(first, min(today, last)), last)


def longer(options: tuple[Days, ...], more: int) -> tuple[Days, ...]:
    """七八号: that day or the next."""
    return tuple((first, first + timedelta(days=more)) for first, _ in options)


def _some(options: tuple[Days, ...]) -> tuple[Days, ...]:
    """二十多号: one of the nine days behind it, in the same month."""
    one = timedelta(days=1)
    return tuple((first + one, min(first + 9 * one, calendar.month_end(first))) for first, _ in options)


def compact(match: Match, _today: date) -> Meaning:
    """20270213."""
    text = match["compact"]
    return days(day_of(int(text[:4]), int(text[4:6]), int(text[6:]))), Kind.SOLAR_DAY, int(text[6:])


def _year(said: str, today: date) -> int:
    """2027, 27, 二〇二七, 明年 as a year."""
    relative = {"今年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1}
    if said in relative:
        return today.year + relative[said]
    figures = said.removesuffix("年").translate(str.maketrans("〇零一二三四五六七八九", "00123456789"))
    year = int(figures) if figures.isdigit() else 0
    return year + CENTURY if year < YOUNGEST_BIRTH else year


def iso(match: Match, today: date) -> Meaning:
    """2027-02-13, 27年2月13号."""
    year, day = _year(match["iso_y"], today), int(match["iso_d"])
    if year < OLDEST:
        return BIRTH
    return days(day_of(year, int(match["iso_m"]), day)), Kind.SOLAR_DAY, day


_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}


def month_day(match: Match, today: date) -> Meaning:
    """2月13号 by the sun, 正月初八 by the moon, 二月二十 by either."""
    month = _LUNAR_MONTHS.get(match["md_m"]) or number(match["md_m"]) or 0
    day = LANTERN_DAY if match["md_half"] else number(match["md_d"]) or 0
    year = _year(match["md_year"], today) if match["md_year"] else 0
    if match["md_year"] and year < OLDEST:
        return BIRTH
    by_moon = bool(
        match["md_m"] in _LUNAR_MONTHS or match["md_lunar"] or match["md_first"] or match["md_half"] or match["md_leap"]
    ) or (match["md_d"].startswith(("廿", "卅")) and not match["md_mark"])
    if by_moon:
        leap = bool(match["md_leap"])
        if match["md_year"] in {"今年", "明年", "来年", "去年"}:
            year += lunar(today).year - today.year
        found = calendar.lunar_day_of(year, month, day, leap=leap) if year else None
        options = days(found if year else calendar.lunar_day(month, day, today, leap=leap))
        kind = Kind.LUNAR_DAY
    else:
        plain = day_of(year, month, day) if year else calendar.solar_day(month, day, today)
        figures = match["md_m"].isdigit() or match["md_d"].isdigit()
        kind, options = Kind.SOLAR_DAY, days(plain)
        if not (year or match["md_mark"] or match["md_solar"] or figures):
            kind, options = Kind.PLAIN, calendar.likely(either_calendar(match, today), today)
    if match["md_some"]:
        options = _some(options)
    return longer(options, 1) if match["md_next"] else options, kind, day


def either_calendar(match: Match, today: date) -> tuple[Days, ...]:
    """二月二十 in Chinese figures: by the sun and by the moon."""
    month, day = number(match["md_m"]) or 0, number(match["md_d"]) or 0
    return days(calendar.solar_day(month, day, today), calendar.lunar_day(month, day, today))


def day(match: Match, today: date) -> Meaning:
    """13号, 十七八号, 二十多号: the coming one."""
    day = 10 if match["d_teen"] else number(match["d_d"]) or 0
    options = days(calendar.next_solar_day(day, today))
    if match["d_next"]:
        options, day = longer(options, 1), day + 1
    elif match["d_teen"] or match["d_some"]:
        options = _some(
            days(calendar.last_solar_day(day, today) if today.day > day else options[0][0] if options else None)
        )
    return options, Kind.SOLAR_DAY, day


def first(match: Match, today: date) -> Meaning:
    """初八, 大年初八, 初七八."""
    day = number(match["f_d"]) or 0
    options = (
        days(calendar.lunar_day(1, day, today)) if match["f_new"] or match["f_of"] else calendar.bare_lunar(day, today)
    )
    return longer(options, 1) if match["f_e"] else options, Kind.LUNAR_DAY, day


def twenty(match: Match, today: date) -> Meaning:
    """廿二, 农历十八."""
    day = number(match["tw_d"] or match["tw_b"]) or 0
    return calendar.bare_lunar(day, today), Kind.LUNAR_DAY, day


def eve(_match: Match, today: date) -> Meaning:
    """除夕, 年三十."""
    return days(calendar.nearest(new_years_eve, today.year, today)), Kind.FESTIVAL, 0


def year_end(match: Match, today: date) -> Meaning:
    """年廿八: the 28th of the last lunar month."""
    day = number(match["ye_d"]) or 0
    return days(calendar.lunar_day(calendar.LAST_MONTH, day, today)), Kind.LUNAR_DAY, day


# ── Months ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TENTHS: Final = {
    "初": (1, 10), "头": (1, 10), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20), "下旬": (21, 31),
    "底": (25, 31), "末": (25, 31), "尾": (25, 31),
    "early": (1, 10), "beginning": (1, 10), "start": (1, 10), "mid": (11, 20), "middle": (11, 20), "late": (21, 31),
    "end": (25, 31),
}  # fmt: skip


def ahead_of(said: str) -> int:
    """How many months or weeks 下下个 and its like lie ahead."""
    return said.count("下") - said.count("上")


def tenth(match: Match, today: date) -> Meaning:
    """月底, 三月中旬, 腊月底."""
    first, last = TENTHS[match["t_part"] or match["t_bare"]]
    if match["t_m"]:
        moon = match["t_m"] in _LUNAR_MONTHS or match["t_lunar"]
        month = _LUNAR_MONTHS.get(match["t_m"]) or number(match["t_m"]) or 0
        whole = calendar.lunar_month(month, today) if moon else calendar.solar_month(month, today)
        return span(part_of(whole, first, last, today))
    year, month = calendar.months_on(today, ahead_of(match["t_rel"] or ""))
    whole = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if match["t_rel"] is None and today > whole[0] + timedelta(days=last - 1):
        whole = (calendar.same_day(whole[0], 1), calendar.same_day(whole[0], 2) - timedelta(days=1))
    return span(part_of(whole, first, last, today))


def part_of(month: Days | None, first: int, last: int, today: date) -> Days | None:
    """From the first to the last of these numbers of a month."""
    if month is None:
        return None
    return from_today(month[0] + timedelta(days=first - 1), min(month[0] + timedelta(days=last - 1), month[1]), today)


def month_ahead(today: date, ahead: int) -> Days:
    """What is left of this month, or the whole of one ahead."""
    first = date(*calendar.months_on(today, ahead), 1)
    return from_today(first, calendar.same_day(first, 1) - timedelta(days=1), today)


def rel_month(match: Match, today: date) -> Meaning:
    """下个月5号, 这个月."""
    ahead = ahead_of(match["rm"])
    if not match["rm_d"]:
        return span(month_ahead(today, ahead))
    day = number(match["rm_d"]) or 0
    return days(day_of(*calendar.months_on(today, ahead), day)), Kind.SOLAR_DAY, day


def whole_month(match: Match, today: date) -> Meaning:
    """3月份, 正月."""
    said = match["wm"]
    if said in _LUNAR_MONTHS:
        whole = calendar.lunar_month(_LUNAR_MONTHS[said], today)
    else:
        whole = calendar.solar_month(number(said) or 0, today)
    return span(None if whole is None else from_today(*whole, today))


# ── Festivals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lunar_festival(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: solar(year, month, day)


def _solar_festival(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _solar_term(name: str) -> Callable[[int], date | None]:
    return lambda year: solar_term(name, year)


_YEARLY: Final[dict[Callable[[int], date | None], str]] = {
    new_year: "春 过年 过完年 过了年 过完节 过了节 年 节 chinese|new|year lunar|new|year spring|festival",
    lantern_festival: "元宵 lantern|festival",
    _lunar_festival(2, 2): "龙抬头 二月二",
    _lunar_festival(3, 3): "三月三",
    _lunar_festival(5, 5): "端午 五月五 dragon|boat|festival",
    _lunar_festival(6, 6): "六月六",
    _lunar_festival(7, 7): "七夕 七月七",
    _lunar_festival(7, 15): "中元 七月半",
    _lunar_festival(8, 15): "中秋 八月半 八月十五 mid-autumn mid-autumn|festival midautumn midautumn|festival",
    _lunar_festival(9, 9): "重阳 九月九",
    _lunar_festival(12, 8): "腊八",
    _solar_festival(1, 1): "元旦 new|year's|day",
    _solar_festival(2, 14): "情人",
    _solar_festival(3, 8): "妇女 三八妇女 三八 women's|day",
    _solar_festival(3, 12): "植树",
    _solar_festival(5, 1): "劳动 五一 labour|day labor|day may|day",
    _solar_festival(6, 1): "儿童 六一",
    _solar_festival(10, 1): "国庆 十一 national|day",
    _solar_festival(12, 25): "圣诞",
    _solar_term("清明"): "qingming qing|ming qingming|festival qing|ming|festival tomb-sweeping|day tomb|sweeping|day",
}
_FESTIVALS: Final = {name.replace("|", " "): yearly for yearly, names in _YEARLY.items() for name in names.split()} | {
    name: _solar_term(name) for name in SOLAR_TERMS
}


def festival(match: Match, today: date) -> Meaning:
    """元宵, 清明, 三月三: the one that is meant."""
    said = (match["festival"] or match["double"]).removeprefix("the ").replace("霄", "宵")
    if said.startswith("小年"):  # the 23rd in the north, the 24th in the south
        found = days(calendar.lunar_day(12, 23, today), calendar.lunar_day(12, 24, today))
    else:
        yearly = _FESTIVALS[said if said in _FESTIVALS else said.removesuffix("节")]
        found = days(calendar.nearest(yearly, today.year, today))
    return found, Kind.FESTIVAL, LANTERN_DAY if said.startswith("元宵") else 0
