"""`fangang understand`: what the readers make of a text, as plain values that a case file can be compared with."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.channels.terminal.traits import TERMINAL
from bot.employer_file import listed
from bot.tables import load_areas, load_catalogues
from domain.days import SHANGHAI, Window
from domain.employers import NOBODY, Directory
from domain.office import Office
from domain.people import Identity, Name, Phone
from domain.places import Areas, Place
from domain.refusals import Refused
from flows import prompts
from flows.answers import days, employers, identities, names, parties, phones, places
from flows.engine import found_in
from flows.flow import Answers, Ask, Context, Flow, Reader
from flows.hearing import TAKEN, hear, without
from flows.noting import noted
from flows.registry import load as load_flows
from flows.state import State, answers_of, decoded
from flows.words import tidy
from texts.catalogue import Catalogue

Value = str | int | list[str] | None
Understood = dict[str, Value]
"""What one text was understood as: the names and values of interfaces.md, "Commands"."""


_OF_A_SENTENCE = ("direction", "day", "origin", "destination", "employer", "name", "phone", "party")  # interfaces.md


class UnknownKind(Exception):  # noqa: N818 - said to whoever typed the command
    """There is no reader of that kind (yet)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What reading depends on beside the text. `question` is "to" or "from" for places."""

    now: datetime
    home: str = ""
    question: str = "to"


class Understander:
    """The readers with the tables that they need, loaded once.

    `known` is a file of employers that the service shall know (bot/employer_file.py); raises ValueError where it can't
    be read.
    """

    def __init__(self, known: Path | None = None) -> None:
        self._areas: Areas = load_areas()
        self._texts: Catalogue = next(iter(load_catalogues(self._areas, "").values()))
        self._front = load_flows().front
        self._employers = Directory(listed(known, self._areas)) if known else NOBODY

    def understand(self, kind: str, text: str, given: Circumstances) -> Understood:
        """One text as that kind. Raises UnknownKind."""
        understand = _KINDS.get(kind)
        if understand is None:
            raise UnknownKind(kind)
        return understand(self, text, given)

    def day(self, text: str, given: Circumstances) -> Understood:
        """The outcomes and columns of travel_dates.tsv."""
        context = self.context(given)
        try:
            read = days.WINDOW.read(text, context)
        except Refused as refused:
            window = refused.values.get("day")
            if refused.key == "day.past" and isinstance(window, Window):
                return {"outcome": "past", "first": _span(window), "last": None, "part": None}
            return {"outcome": "none", "first": None, "last": None, "part": None}
        if isinstance(read, Ask):
            windows = [window for window in _candidates(read, Window) if isinstance(window, Window)]
            if len(windows) > 1:
                return {"outcome": "ask", "first": [_span(window) for window in windows], "last": None, "part": None}
            return {"outcome": "far", **_columns(windows[0])}
        if not isinstance(read, Window) or read.undecided:
            return {"outcome": "none", "first": None, "last": None, "part": None}
        return {"outcome": _shape(read), **_columns(read)}

    def place(self, text: str, given: Circumstances) -> Understood:
        """The outcomes and columns of places.tsv."""
        reader = places.ORIGIN if given.question == "from" else places.DESTINATION
        try:
            read = reader.read(text, self.context(given))
        except Refused:
            return {"outcome": "none", "area": None}
        if isinstance(read, Ask):
            return {"outcome": "ask", "area": [_area(place) for place in _candidates(read, Place)]}
        return {"outcome": "area", "area": _area(read)}

    def sentence(self, text: str, given: Circumstances) -> Understood:
        """Everything that first words answer, what remains to be asked, and what nobody took.

        It goes the way that the conversation goes (flows.taking), so what it says is what the bot does: a part that
        can mean several things is among what must be asked.
        """
        context, flow, text = self.context(given), self._front, tidy(text)
        heard = hear(flow, None, text, context, Answers({}))
        state, _ = noted(flow, State(flow.name, flow.version, {}), heard.values, context, heard.doubtful)
        answers = prompts.assumed(flow, answers_of(flow, state), context)
        rest = text
        for name, part in found_in(flow, text, context).found.items():
            rest = without(rest, part) if name in _OF_A_SENTENCE else rest
        return {
            **{name: _plain(answers.raw(name)) for name in _OF_A_SENTENCE},
            "ask": list(_to_ask(flow, answers, context)),
            "rest": " ".join(rest.replace(TAKEN, " ").split()),
        }

    def context(self, given: Circumstances) -> Context:
        """What the readers know beside the text."""
        return Context(
            given.now, Office(given.home), self._areas, self._texts, TERMINAL, token="", employers=self._employers
        )


def _to_ask(flow: Flow, answers: Answers, context: Context) -> Iterator[str]:
    """The questions that come, one after the other."""
    while (question := prompts.next_question(flow, answers, context)) is not None:
        yield question.name
        answers = answers.plus(question.name, None)


_Understand = Callable[[Understander, str, Circumstances], Understood]


def _value_of(reader: Reader) -> _Understand:
    def understand(of: Understander, text: str, given: Circumstances) -> Understood:
        try:
            read = reader.read(text, of.context(given))
        except Refused:
            return {"outcome": "none", "value": None}
        if isinstance(read, Ask):
            return {"outcome": "ask", "value": [str(_plain(one)) for one in _candidates(read, reader.holds)]}
        return {"outcome": "ok", "value": _plain(read)}

    return understand


_KINDS: Mapping[str, _Understand] = {
    "day": Understander.day,
    "place": Understander.place,
    "sentence": Understander.sentence,
    "name": _value_of(names.NAME),
    "phone": _value_of(phones.PHONE),
    "party": _value_of(parties.PARTY),
    "identity": _value_of(identities.IDENTITY),
    "employer": _value_of(employers.EMPLOYER),
}
KINDS = tuple(_KINDS)


# ── Case files ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a case file: the text, its circumstances, and what it must be understood as."""

    line: int
    text: str
    given: Circumstances
    expected: Understood


def cases(file: Path, given: Circumstances) -> Iterator[Case]:
    """The cases of a file: tab-separated, comments begin with #, the first other line names the columns.

    `phrase` (or `text`) is what is said; now, home and question are its circumstances; every other column is
    expected. Raises ValueError, naming the line, for what can't be read.
    """
    rows = [(number, line) for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if line.strip()]
    body = [(number, line) for number, line in rows if not line.startswith("#")]
    columns: list[str] = []
    for number, line in body:
        cells = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
        if not columns:
            columns = cells
            continue
        if len(cells) > len(columns):
            raise ValueError(f"{file.name}, line {number}: {len(cells)} cells under {len(columns)} columns")
        row = dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
        yield _case(number, row, given)


def _case(line: int, row: dict[str, str], given: Circumstances) -> Case:
    now = row.pop("now", "")
    told = Circumstances(
        now=moment(now) if now else given.now,
        home=row.pop("home", "") or given.home,
        question=row.pop("question", "") or given.question,
    )
    text = row.pop("phrase", None)
    text = row.pop("text", "") if text is None else text
    return Case(line, text, told, {name: value or None for name, value in row.items()})


def wrong(case: Case, understood: Understood) -> tuple[str, ...]:
    """The columns that were understood otherwise than expected; empty where all is right.

    Lists are compared as sets, and case files write them with commas; | stands between values that are equally right.
    """
    return tuple(name for name, expected in case.expected.items() if not _same(expected, understood.get(name)))


def _same(expected: Value, value: Value) -> bool:
    if isinstance(value, list):
        return set(value) == set(str(expected or "").split(",")) - {""}
    return str("" if value is None else value) in str(expected or "").split("|")


def moment(text: str) -> datetime:
    """A moment in ISO 8601, Shanghai's time where no zone is named. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def this_moment() -> datetime:
    """Now."""
    return datetime.now(UTC)


# ── Plain values ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _plain(value: object) -> Value:
    match value:
        case Window():
            return _span(value)
        case Place():
            return _area(value)
        case Name(text=text):
            return text
        case Phone(digits=digits) | Identity(digits=digits):
            return digits
        case int() | None:
            return value
        case _:
            return str(value)


def _candidates(ask: Ask, kind: type) -> Sequence[object]:
    return [decoded(candidate.value, kind) for candidate in ask.candidates]


def _area(place: object) -> str:
    if not isinstance(place, Place):
        return ""
    return f"{place.code}/{place.town}" if place.town else place.code


def _shape(window: Window) -> str:
    match (window.first, window.last):
        case (None, None):
            return "any"
        case (_, None):
            return "from"
        case (None, _):
            return "until"
        case _:
            return "day"


def _columns(window: Window) -> Understood:
    part = f"{window.at:%H:%M}" if window.at else window.part.value if window.part else None
    return {"first": _iso(window.first), "last": _iso(window.last), "part": part}


def _span(window: Window) -> str:
    if window.first == window.last:
        return _iso(window.first) or ("undecided" if window.undecided else "any")
    return f"{_iso(window.first) or ''}..{_iso(window.last) or ''}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
