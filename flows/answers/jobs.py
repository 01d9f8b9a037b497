"""What a job seeker wants: the trade, and how much a month."""

from __future__ import annotations

import re
from typing import Final

from domain.ledger_requests import Trade
from domain.refusals import Refused
from flows.answers.reading import CJK, bare, plain
from flows.flow import Answers, Choice, Context, Reader, choice
from flows.words import SMALL_TALK
from texts.say import Value, Words

LONGEST_TRADE: Final = 30  # characters
LEAST_PAY, MOST_PAY = 500, 100_000  # yuan a month; beyond them something else was meant
_LETTER: Final = re.compile(rf"[{CJK}a-z]")
_HEAD: Final = re.compile(r"^(?:我)?(?:想|要|会|能|可以|希望)*(?:做|干|当|找|学过|是)?(?:个|份)?")
_TAIL: Final = re.compile(r"(?:的)?(?:工作|活)?(?:吧|啊|呀|了|的)?$")
_ANY_TRADE: Final = re.compile(
    r"(?:什么|啥|做什么|干什么|干啥|做啥|哪样|怎样)?(?:工作|活|工)?(?:都行|都可以|都好|都能做|都干)|随便|anything"
)
_OPEN: Final = re.compile(
    r"面议|看着给|看着办|随便|都行|都可以|不限|没(?:有)?要求|无所谓|不知道|多少都行|越(?:多|高)越好"
    r"|decide|negotiable|any|whatever"
)
_NOT_A_MONTH: Final = re.compile(
    r"(?:一|每)(?:天|日|小时|个?钟|年)|[/\\](?:天|日|小时|时|年)|(?:天|日|时|年)薪|年包"
    r"|(?:an?|per) (?:day|hour|year)|/ ?(?:day|hour|h|year)\b"
)
_UNITS: Final = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000, "百": 100}
_FIGURES: Final = {
    char: digit
    for digit, chars in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_FIGURE: Final = "".join(_FIGURES)
# 6000, 6,000, 1.2万, 1万2, 五千五, 五六千, 5-6k: the least is what stands first.
_SUM: Final = re.compile(
    rf"(?P<one>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}(?:\.\d{{1,2}})?|[{_FIGURE}])(?P<unit>[万w千k百]|(?P<to>\s*[-~到至、,]?\s*(?:\d{{1,2}}|[{_FIGURE}])\s*(?P<both>[万w千k百])))?"
    rf"(?:(?<=[万w千k百])(?P<more>[\d{_FIGURE}])(?![\d{_FIGURE}])(?P<below>[千百])?)?"
)


def read_trade(text: str, context: Context) -> str:  # noqa: ARG001 - every reader is called with both
    """One of Trade where it is said to be any, else the words; raises Refused("job.trade.unclear")."""
    said = bare(plain(text))
    if _ANY_TRADE.fullmatch(said):
        return Trade.OTHER
    trade = _TAIL.sub("", _HEAD.sub("", said)) or said
    if said in SMALL_TALK or not _LETTER.search(trade) or len(trade) > LONGEST_TRADE:
        raise Refused("job.trade.unclear", most=LONGEST_TRADE)
    return trade


def read_pay(text: str, context: Context) -> int | None:  # noqa: ARG001 - every reader is called with both
    """The least a month in yuan: 5000, 五千, 5k, 6000-8000 (6000), 五六千 (5000); None for 面议.

    Raises Refused("job.pay.a_month") for what is paid by the day, the hour or the year, ("job.pay.unclear") for
    anything else.
    """
    said = plain(text)
    if _NOT_A_MONTH.search(said):
        raise Refused("job.pay.a_month")
    yuan = _yuan(match) if (match := _SUM.search(said)) else None
    if yuan is None and _OPEN.search(said):
        return None
    if yuan is None or not LEAST_PAY <= yuan <= MOST_PAY:
        raise Refused("job.pay.unclear")
    return yuan


def _yuan(match: re.Match[str]) -> int | None:
    """What the figures come to; None for a bare Chinese figure (五), which is no sum."""
    one, unit = match["one"], match["both"] or match["unit"]
    if unit is None:
        return None if one in _FIGURES else int(float(one.replace(",", "")))
    number = _FIGURES[one] if one in _FIGURES else float(one.replace(",", ""))
    times = _UNITS[unit]
    if number >= LEAST_PAY:  # 5000-6千: the unit is the other's
        return int(number)
    more = match["more"]
    if more is None:
        return round(number * times)
    rest = _FIGURES[more] if more in _FIGURES else int(more)
    return round(number * times) + rest * (_UNITS[match["below"]] if match["below"] else times // 10)


# ── What can be picked ───────────────────────────────────────────────────────────────────────────────────────────────

_TRADES: Final = tuple(choice(trade, Words(f"job.trade.{trade}")) for trade in Trade)
_PAYS: Final = (
    *(choice(yuan, Words("job.pay.from", {"n": yuan})) for yuan in (4000, 5000, 6000, 8000)),
    choice(None, Words("job.pay.skipped")),
)


def trades(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The trades that most look for."""
    return _TRADES


def pays(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """A few sums, and leaving it open."""
    return _PAYS


def shown_trade(value: object) -> Value:
    """The trade in words."""
    trade = str(value)
    return Words(f"job.trade.{trade}") if trade in set(Trade) else trade


def shown_pay(value: object) -> Value:
    """The least pay in words."""
    return Words("job.pay.from", {"n": int(str(value))})


TRADE: Final = Reader(str, read_trade, greedy=True)
PAY: Final = Reader(int, read_pay)
