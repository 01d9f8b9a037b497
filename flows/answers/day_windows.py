"""What the words for days in one text mean together: joined, corrected, opened to one side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from domain.days import Window
from domain.lunar import LANTERN_DAY
from flows.answers import day_calendar as calendar
from flows.answers.day_calendar import days
from flows.answers.day_groups import JOINER, NEAR, TO, Group, before, groups_of, merged
from flows.answers.day_hours import hour
from flows.answers.day_meanings import Kind
from flows.answers.day_terms import Term, terms
from flows.answers.name_words import LIKE_PREPOSITIONS, SURNAMES
from flows.answers.reading import number

SHORT: Final = 24  # characters of a text that may be a number and hardly more
FULL_NUMBER: Final = 11  # below, a lunar day is said with 初
LAST_NUMBER: Final = 31

_JOINED: Final = re.compile(rf"\s?(?:{JOINER})\s?")
_LISTED: Final = re.compile(rf"\s?(?:{JOINER}|,)\s?")
_AFTER: Final = re.compile(
    r"\s?(?:节|那天)?\s?(以后|之后|过后|(?:[之以]?后|过了?)(?![天日面来年几])|过完|开始|起(?![床飞来])|往后|以来"
    r"|\bonwards?\b|\bor later\b|\bon\b(?! \w+ \w)|and after)"
)
_BESIDE: Final = re.compile(r"\s?的?(?:([前后])第?([一二两三四五六七1-7])[天日]|(第二)天)")  # 元宵前一天
_BEFORE: Final = re.compile(r"\s?(?:节|那天)?\s?(?:[之以]前|前(?![后天年往面去来几]))")
_AROUND: Final = re.compile(r"\s?(?:前后|左右|上下)")
_WITHIN: Final = re.compile(r"\s?(?:[之以]?内|为止|截止|最[晚迟]|at the latest)")
_PASSED: Final = re.compile(
    r"(?:过完了?|(?<!不)过了|(?<![路经不家去来乡里])过|等过|(?<![外])出了?|忙完|吃完|\bafter(?: the)?)\s?$"
)
_SINCE: Final = re.compile(
    r"(?:\b(?:from|since|as of|starting)(?: the)?|最[早快]也?[要得]?|至早|不早于"
    r"|\bearliest|\bnot before|\bno earlier than)\s?$"
)
_LATEST: Final = re.compile(
    r"(?:最迟|最晚|至迟|不[能得可]?(?:晚于|迟于|超过)|截[至止]到?"
    r"|\bby(?: the)?|\bno later than|\buntil|\bwithin|\bat the latest)\s?$"
)
_EARLIER: Final = re.compile(r"\bbefore(?: the)?\s?$")
_NEGATED: Final = re.compile(
    r"(?:(?<!是)不是|不要|(?<!特)别|不去|不想|不在|\bnot(?: on)?|生日|出生(?:日期|于)?|生于)[:是]?\s?$"
)
_REFUSED: Final = re.compile(
    r"\s?(?:我|也|都|那天)?(?:不行|不走|走不了|走不成|不能走|没空|没时间|有事|来不及|去不了|不得空|不去|不可以|没票|没车|满了|出生|生的|生日|\bcan't|\bcannot|\bwon't)"
    r"(?!了?的话|,?那?就)"
)
_EXCEPT: Final = re.compile(r"(?:除了?|except(?: for)?)\s?$")
_CORRECTED: Final = re.compile(
    r"不对|错了|(?<!是)不是|改|换[到成为]?|提前|推迟|延[后到期]|推到|应该是|算了|哦不"
    r"|\bno\b|\bsorry\b|\bi mean\b|\bactually\b|\binstead\b"
)
_RATHER: Final = re.compile(r"[,。;.!…]\s?还是$")
_GOES: Final = re.compile(r"\s?(?:号)?(?:走|出发|动身|启程|出门|那天|[之以]后|过后|后(?![天日])|[之以]前|前(?![天后]))")
_OVER: Final = re.compile(r"\s?(?:过后|过了|过完)")
_FILLER: Final = re.compile(
    r"我们?|想|要|打算|准备|走|出发|回去|去|吧|左右|的|就|可以|都|行|大概|大约|应该|呢|啊|[\s,.!?;:、。~]|-|到|至|或者?|和|还是"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text says: the windows that it can mean, and the characters that say it.

    `told` where it may only tell of a day (昨天问过了) and name none to travel on.
    """

    windows: tuple[Window, ...]
    spans: tuple[tuple[int, int], ...]
    told: bool = False


def meant(said: str, today: date, *, strict: bool) -> Meant | None:
    """What the words for days mean together; None where there are none, no windows where they name no day.

    `strict` (in a sentence that says other things as well): nor where they stand apart.
    """
    found = terms(said, today)
    named = _without_numbers(found, said, today, strict=strict) if found else ()
    if not named:
        return None
    groups = _said_together(_without_seasons(named, said) if strict else named, said, today)
    if not groups or not all(group.options for group in groups):
        return NOTHING
    if len({group.options for group in groups}) == 1:  # 正月十五吃完元宵就走
        groups = groups[-1:]
    windows = tuple(dict.fromkeys(window for one in groups for window in _bounded(one, said)))
    group = groups[0]
    if len(groups) > 1 and (between := _between(groups, said)):
        windows, group = between, replace(group, end=groups[-1].end)
    elif len(groups) > 1 and strict:
        return NOTHING
    start, end = _reach(group, said)
    part, at, end = hour(said, end, apart_from=None if strict else group.start)
    if not (part or at) and end != group.end:
        part, at, _ = hour(said, group.end)
    if (part or at) and not group.from_part:
        windows = tuple(Window(one.first, one.last, part, at) for one in windows)
    dropped = tuple((term.start, term.end) for term in named if term.end <= start)
    return Meant(windows, (*dropped, (start, end)), told=group.told)


NOTHING: Final = Meant((), ())


def _between(groups: Sequence[Group], said: str) -> tuple[Window, ...]:
    """初八以后十五以前: from the one to the other."""
    if len(groups) > 2:  # noqa: PLR2004 - two ends
        return ()
    starts, ends = (tuple(_bounded(group, said)) for group in groups)
    if any(one.first is None or one.last for one in starts) or any(one.first or one.last is None for one in ends):
        return ()
    return tuple(
        Window(one.first, other.last)
        for one in starts
        for other in ends
        if one.first and other.last and one.first <= other.last
    )


def _without_seasons(named: Sequence[Term], said: str) -> Sequence[Term]:
    """回家过元宵 and 春节回家 name no day in a sentence; 春节后 and 过完元宵 do.

    Beside a plain day neither do 过了年 and 年前, nor 国庆 as somebody's name: 我过了年要回厂，正月初九.
    """
    plainly = [term for term in named if term.kind in _PLAINLY and term.options]
    named = [term for term in named if term.kind is not Kind.FESTIVAL or not _is_vague(term, plainly, said)]
    begins = _AT_WORK_THEN if any(_LEAVES_THEN.match(said, term.end) for term in named) else _WORK_BEGINS
    to_travel_on = [term for term in named if not (_WORK_BEGINS.match(said, term.end) or begins.match(said, term.end))]
    named = to_travel_on or named
    return [
        term
        for term in named
        if term.kind is not Kind.FESTIVAL
        or not (_AT_HOME.search(before(said, term)) or (term.match and _SEASON.match(term.match[0])))
        or _OPENED.match(said, term.end)
        or _PASSED.search(before(said, term))
    ]


def _is_vague(term: Term, plainly: Sequence[Term], said: str) -> bool:
    """Whether a festival's word only says around when, beside plain days, or is part of a name."""
    if term.match is None or not plainly or any(_to_or_from(term, day, said) for day in plainly):
        return False
    word = term.match[0]
    return bool(_VAGUE.fullmatch(word) or (_IN_NAMES.fullmatch(word) and before(said, term)[-1:] in _FAMILIES))


def _to_or_from(term: Term, day: Term, said: str) -> bool:
    first, last = sorted((term, day), key=lambda one: one.start)
    return last.start - first.end <= NEAR and TO.fullmatch(said, first.end, last.start) is not None


_WORK_BEGINS: Final = re.compile(r"\s?(?:就|要|才)?(?:开工|报到|报道)")  # 初十开工，初八走
_AT_WORK_THEN: Final = re.compile(r"\s?(?:就|要|才|去)?(?:上班|到[厂岗]|进厂|复工|返工)")  # 初八上班，初七走
_LEAVES_THEN: Final = re.compile(r"\s?(?:就|要|再|[早晚]上)?(?:走|出发|动身|坐车)")
_PLAINLY: Final = {Kind.SOLAR_DAY, Kind.LUNAR_DAY, Kind.WEEKDAY, Kind.PLAIN}
_VAGUE: Final = re.compile("过?[完了]?[年节]|过年|春节")
_IN_NAMES: Final = re.compile("国庆|元旦|立[春秋冬夏]|重阳|中秋|端午|清明|春分|谷雨|惊蛰")
_FAMILIES: Final = frozenset(SURNAMES) - frozenset(LIKE_PREPOSITIONS)
_AT_HOME: Final = re.compile(r"[家去来乡里]过$")
_SEASON: Final = re.compile(r"春节|过年|(?:the )?(?:chinese|lunar) new year|(?:the )?spring festival")
_OPENED: Final = re.compile(r"\s?节?(?:再|才|就|[以之]?[前后]|过后|那天|当天|第二天)")


def _said_together(named: Sequence[Term], said: str, today: date) -> Sequence[Group]:
    """The days that count, those together that are said together; of 今天想问一下，初八有车吗 only the second."""
    if any(_EXCEPT.search(before(said, term)) for term in named):
        return ()
    kept = merged(_without_corrected(named, said), said)
    if len(named) % SAID_BACK == 0 and len(kept) * SAID_BACK > len(named):
        kept = _of_another_year(named, said, today) or kept
    if not all(term.options or term.kind is Kind.NUMBER for term in kept):
        return ()
    groups = list(groups_of(kept, said, today))
    return [group for group in groups if not group.told] or groups if len(groups) > 1 else groups


AS_SAID_BACK: Final = {Kind.SOLAR_DAY, Kind.WEEKDAY, Kind.LUNAR_DAY, Kind.PLAIN, Kind.FESTIVAL}
SAID_BACK: Final = 3  # words in which the service says a day: 2月13日 周日（正月十九）
MONTHS_AWAY: Final = (6, 12, 24, 36, 48, -12)  # whence a day is looked for that is said with weekday and lunar day


def _of_another_year(named: Sequence[Term], said: str, today: date) -> Sequence[Term]:
    """A day far ahead as the service says it: without its year, which the day of the week and the lunar day give."""
    if not {Kind.SOLAR_DAY, Kind.WEEKDAY} < {term.kind for term in named} <= AS_SAID_BACK:
        return ()
    for months in MONTHS_AWAY:
        there = terms(said, calendar.same_day(today, months))
        kept = merged(there, said)
        if len(kept) * SAID_BACK == len(named) == len(there):
            return kept
    return ()


# ── Which words count ────────────────────────────────────────────────────────────────────────────────────────────────


def _without_numbers(found: Sequence[Term], said: str, today: date, *, strict: bool) -> Sequence[Term]:
    """Of the numbers only those that are days here: beside a day (20-25号, 初八到十二) or all that is said."""
    if all(term.kind is not Kind.NUMBER for term in found):
        return found
    if not strict and len(said) <= SHORT and all(term.kind is Kind.NUMBER for term in found) and _only(found, said):
        return [replace(term, options=calendar.number_options(term.number, today)) for term in found]
    known = list(found)
    for index in range(len(known) - 2, -1, -1):  # 13、14号: the day of the last
        one, other = known[index], known[index + 1]
        if (
            one.kind is Kind.NUMBER
            and other.kind is Kind.SOLAR_DAY
            and other.options
            and _joined(one, other, said, _LISTED)
        ):
            day = calendar.last_solar_day(one.number, other.options[0][0])
            known[index] = replace(one, kind=Kind.SOLAR_DAY, options=days(day))
    kept: list[Term] = []
    for term in known:
        if term.kind is not Kind.NUMBER or (
            kept and kept[-1].kind is not Kind.TOLD and _joined(kept[-1], term, said, _JOINED)
        ):
            kept.append(term)
        elif FULL_NUMBER <= term.number <= LAST_NUMBER:
            kept.extend(_alone(term, said, today))
    return kept


def _alone(term: Term, said: str, today: date) -> Iterator[Term]:
    """过完十五 is the festival's day; 十六走 a day of either calendar."""
    if _PASSED.search(before(said, term)) or _OVER.match(said, term.end):
        lantern = days(calendar.lunar_day(1, term.number, today)) if term.number == LANTERN_DAY else ()
        yield replace(term, kind=Kind.LUNAR_DAY, options=lantern or calendar.bare_lunar(term.number, today))
    elif _GOES.match(said, term.end):
        yield replace(term, options=calendar.number_options(term.number, today))


def _only(found: Sequence[Term], said: str) -> bool:
    """Whether the text holds nothing beside these numbers."""
    rest, at = "", 0
    for term in found:
        rest, at = rest + said[at : term.start], term.end
    return not _FILLER.sub("", rest + said[at:])


def _joined(one: Term, other: Term, said: str, joiner: re.Pattern[str]) -> bool:
    if other.start - one.end > NEAR:
        return False
    if one.end == other.start and one.number and other.number == one.number + 1:  # 正月十六十七
        return True
    return (TO.fullmatch(said, one.end, other.start) or joiner.fullmatch(said, one.end, other.start)) is not None


def _without_corrected(named: Sequence[Term], said: str) -> Sequence[Term]:
    """Of "初八，不对，初十" the last, of "不是初八，是初九" the second."""
    kept: list[Term] = []
    for one in named:
        if _REFUSED.match(said, one.end):
            if kept and TO.fullmatch(said, kept[-1].end, one.start):  # 初一到初七不走
                kept.pop()
        elif not _NEGATED.search(before(said, one)):
            kept.append(one)
    for index in range(len(kept) - 1, 0, -1):
        gap = said[kept[index - 1].end : kept[index].start]
        if gap and (_CORRECTED.search(gap) or (_RATHER.search(gap) and said.startswith("吧", kept[index].end))):
            return kept[index:]
    return kept


# ── Before and after ─────────────────────────────────────────────────────────────────────────────────────────────────

EXCLUDING: Final = frozenset({"后", "之后", "过后", "过了", "过", "过完", "and after"})


def _bounded(group: Group, said: str) -> Iterator[Window]:
    """The group's windows, opened to one side by 以后, 之前, 最晚 and their like (conventions of travel_dates.tsv)."""
    ahead, day = before(said, group), timedelta(days=1)
    around = _AROUND.match(said, group.end)
    after = None if around else _AFTER.match(said, group.end)
    beside = None if around else _BESIDE.match(said, group.end)
    eating = said.startswith(("过完", "过了"), group.start)
    for first, last in group.options:
        if beside:
            away = day * (1 if beside[3] else number(beside[2].replace("两", "二")) or 0)
            yield Window(first - away, first - away) if beside[1] == "前" else Window(last + away, last + away)
        elif _LATEST.search(ahead) or (_WITHIN.match(said, group.end) and (first == last or "内" not in said)):
            yield Window(None, last)
        elif _EARLIER.search(ahead) or _BEFORE.match(said, group.end):
            yield Window(None, first - day)
        elif (
            (not group.joined and _PASSED.search(ahead))
            or eating
            or (after and (group.festival or after[1] in EXCLUDING))
        ):
            yield Window(last + day, None)
        elif after or (_SINCE.search(ahead) and not group.joined):
            yield Window(first, None)
        else:
            yield Window(first, last)


def _reach(group: Group, said: str) -> tuple[int, int]:
    """Where the words begin and end that say the group's windows."""
    ahead, start = before(said, group), group.start
    for pattern in (_LATEST, _EARLIER, _PASSED, _SINCE):
        if match := pattern.search(ahead):
            start = group.start - len(ahead) + match.start()
            break
    for pattern in (_AROUND, _BESIDE, _WITHIN, _BEFORE, _AFTER):
        if match := pattern.match(said, group.end):
            return start, match.end()
    return start, group.end
