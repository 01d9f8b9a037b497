"""The day, or the window of days, on which a person can travel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from domain.days import Window, today
from domain.lunar import new_year
from domain.refusals import Refused
from flows.answers.day_calendar import AHEAD_AT_MOST
from flows.answers.day_hours import hour
from flows.answers.day_windows import SHORT, meant
from flows.answers.reading import bare, plain
from flows.flow import Answers, Ask, Choice, Context, Found, Reader, choice
from texts.say import Words

_NO_DAY_YET: Final = r"还?(?:没有?(?:定|想好|决定|确定|说好|谱|准)|不确定|不一定|未定|待定|定不下来|说不准|不好说)"
_DATE: Final = r"日子|日期|哪一?[天日]|几[号时]|(?:什么|啥)(?:时候|日子)|(?:出发|走)的?时间|好久走?"
_ANY: Final = re.compile(
    r"随时|(?:哪|那|任何|任意|什么|啥|几)一?(?:天|日|时候|时间|号)(?:走|去|出发|回)?[都也](?:行|可以|好|ok|没问题|能|得)|都(?:行|可以|得)$|无所谓|随便$"
    r"|(?:听|服从|按|等)(?:你们?|您|公司|政府|组织|统一)?(?:的)?(?:安排|通知)|(?:你们?|您)(?:安排|定|看着?办)|有车就(?:行|走|可以)"
    r"|\bany ?(?:day|time)\b|\bwhenever\b"
)
_ANY_CLEAR: Final = re.compile(
    r"随时[都也]?(?:行|可以|能|走|出发)|哪一?天有(?:车|票|位置?|座位?)就?哪一?天|(?:哪一?天|几号|(?:什么|啥)时候)(?:走|出发|去|回)?[都也](?:行|可以|得|好)"
    r"|时间(?:听|由|按|看|随)?(?:你们?|您|公司)(?:的)?(?:安排|定)|\bany day\b|\bany time\b"
)
_SOON: Final = re.compile(
    r"越快越好|越早越好|尽快|尽早|马上|立刻|立即|现在就?[走出]|\basap\b|\bas soon as possible\b|\bright away\b"
)
_UNDECIDED: Final = re.compile(
    rf"{_NO_DAY_YET}|(?:不知道?|不清楚|不晓得)(?:{_DATE})"
    r"|\bnot (?:sure|settled|decided)\b|\bundecided\b|\bdon't know when\b"
    r"|再?过个?(?:一?[几些]|三五|一?段|一?阵|阵子)(?:天|日|子|个?星期|个?礼拜|周|个?月|时间)*"
    r"|等几天|[几些]天[以之]?后|这(?:[几两些]|一?阵)[天日子]|近期|近几天|最近|改天|改日|回头|再说|看情况|到时候"
    r"|\b(?:in )?a few days\b|\bsome ?(?:day|time)\b|\blater\b"
)
_UNDECIDED_CLEAR: Final = re.compile(
    rf"(?:{_DATE})(?:\S{{0,4}}?){_NO_DAY_YET}|{_NO_DAY_YET}(?:下来)?(?:{_DATE})|(?:不知道?|不清楚|不晓得)(?:{_DATE})(?:能|会|要|可以)?[走去回出]"
    r"|\b(?:date|day) (?:is )?(?:not (?:settled|decided|fixed)|undecided)"
)
_SIGNS_UP: Final = re.compile(
    r"[\s,]?我?(?:能不能|还?能|想|来|可以|就)?(?:报名|登记|问|打)"
)  # 今天报名 is no day of travel
_COMPACT: Final = re.compile(r"(?<!\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_BESIDE_COMPACT: Final = re.compile(r"我们?|想|要|打算|准备|走|出发|回去|吧|左右|的|就|可以|都|行|大概|[\s,.!?;:、。]")


def read(text: str, context: Context) -> Window | Ask:
    """The window of days; Ask where the words fit several or lie more than 120 days ahead.

    Raises Refused("day.not_understood"), or ("day.past", day=) for one that has gone.
    """
    said, now = plain(text), today(context.now)
    windows = _windows(said, now)
    if not windows:
        raise Refused("day.not_understood")
    return _ahead(windows, now)


def find(text: str, context: Context) -> Found | None:
    """A window that is named in so many words; Ask where it fits several or lies far ahead.

    Raises Refused("day.past", day=) where the only day that is named has gone.
    """
    said, now = plain(text), today(context.now)
    named = meant(said, now, strict=True)
    if named is None:
        return _unnamed(said, now)
    told = named.told and (
        all(_gone(window, now) for window in named.windows) or _SIGNS_UP.match(said, named.spans[-1][1])
    )
    if told or not named.windows:
        return None
    return Found(_ahead(named.windows, now), named.spans)


def _unnamed(said: str, now: date) -> Found | None:
    """Any day, as soon as can be, or not settled yet, where that is clearly said of the day."""
    if match := _ANY_CLEAR.search(said):
        return Found(Window(), (match.span(),))
    if match := _SOON.search(said):
        return Found(Window(first=now), (match.span(),))
    if match := _UNDECIDED_CLEAR.search(said):
        return Found(Window(undecided=True), (match.span(),))
    return None


def _ahead(windows: tuple[Window, ...], now: date) -> Window | Ask:
    """The one window that is meant, else those to pick from. Raises Refused("day.past", day=) where all have gone."""
    ahead = tuple(dict.fromkeys(_from_today(window, now) for window in windows if not _gone(window, now)))
    if not ahead:
        raise Refused("day.past", day=windows[-1])
    if len(ahead) == 1 and not _far(ahead[0], now):
        return ahead[0]
    return Ask(tuple(choice(window, _worded(window, now)) for window in ahead))


def _worded(window: Window, now: date) -> Words:
    """The words of a choice; a day of another season with its year."""
    edge = window.first or window.last
    if edge is not None and edge > now + YEAR_IS_CLEAR:
        return Words("day.choice.year", {"day": window, "year": str(edge.year)})
    return Words("day.choice", {"day": window})


YEAR_IS_CLEAR: Final = timedelta(days=300)  # a day further ahead may be taken for the one of this year


def suggestions(context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """Three likely days and "not settled yet".

    Around the festival the days on which people leave ("三六九，往外走", domain.md), else the next days.
    """
    return _suggested(today(context.now))


@lru_cache(maxsize=8)
def _suggested(now: date) -> tuple[Choice, ...]:
    days = (Window(day, day) for day in likely(now))
    undecided = choice(Window(undecided=True), Words("day.undecided"))
    return (*(choice(window, Words("day.choice", {"day": window})) for window in days), undecided)


def likely(now: date) -> tuple[date, ...]:
    """Three days on which people are likely to leave, seen from that day."""
    picks = [day for day in _leaving_days(now) if now < day <= now + SEASON_IS_NEAR]
    saturday = now + timedelta(days=(5 - now.weekday()) % 7 or 7)
    for day in (now + timedelta(days=1), now + timedelta(days=2), saturday, now + timedelta(days=3)):
        if len(picks) < PICKS and day not in picks:
            picks.append(day)
    return tuple(sorted(picks))


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
    if (
        len(said) <= SHORT
        and (match := _COMPACT.search(said))
        and not _BESIDE_COMPACT.sub("", bare(said).replace(match[0], ""))
    ):
        said = f"{int(match[1])}月{int(match[2])}号"
    named = meant(said, now, strict=False)
    if named is not None and not (named.told and _UNDECIDED.search(said)):
        return named.windows
    if _SOON.search(said):
        return (Window(first=now),)
    if _UNDECIDED.search(said):
        return (Window(undecided=True),)
    if _ANY.search(said):
        part, at, _ = hour(said, 0, apart_from=0)
        return (Window(part=part, at=at),)
    return ()


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
    r"[月腊旬夕年初历廿卅节宵清旦五六十端秋庆后过昨前周星礼号日内随哪久排定越尽立抬阳半惊夏冬分种谷满暑露降雪寒水]"
    r"|[今明听寻琴后][天日个儿早晚朝]|[马现什啥几]|\d[/.-]\d|20\d\d|[a-z]{2}"
)

WINDOW: Final = Reader(Window, read, find, marks=_MARKS)
