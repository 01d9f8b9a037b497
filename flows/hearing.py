"""Hearing: what one text answers, at the open question or anywhere in the flow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from domain.refusals import Refused
from flows.answers import reading
from flows.answers.asides import without_asides
from flows.flow import Answers, Ask, Context, Find, Flow, Found, Question, nothing_follows
from flows.words import plain

TAKEN = "␣"  # stands for a character that another finder has taken
WHOLE = 2  # so many parts in one text make a sentence of which the rest may be an answer too
# Digits that belong together come first, then who, when and where: each finder sees what is left by those before it.
_ORDER = ("identity", "phone", "name", "day", "party", "origin", "destination", "employer")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the finders made of a text: question → its part; and the questions whose part can't be taken, with why.

    `left` is the text with all parts blanked out, and without its asides.
    """

    found: Mapping[str, Found]
    refused: Mapping[str, Refused]
    left: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text answers: question → value. `asks` names the one question that is left doubtful: what it may mean
    stands in `candidates`, why it can't be taken in `refusal`; with neither it is to be asked anew. `doubtful` are all
    questions of which something was said that can't be taken as it stands: none of them takes its default.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    asks: str = ""
    candidates: Ask | None = None
    refusal: Refused | None = None
    doubtful: frozenset[str] = frozenset()


def found_in(flow: Flow, text: str, context: Context) -> Parts:
    """Every part that some question's finder recognises in the text, asides left out."""
    found, refused = dict[str, Found](), dict[str, Refused]()
    said = reading.plain(text)
    left = without_asides(text, said)
    said = said if left is text else reading.plain(left)
    for name, marks, find in _finders(flow):
        if marks.search(said) is None:
            continue
        try:
            part = find(left, context)
        except Refused as why:
            refused[name] = why
            continue
        if part is None:
            continue
        found[name] = part
        left, said = without(left, part), without(said, part)
        if not left.strip(TAKEN):
            break
    if len(found) >= WHOLE:
        left = _glean(flow, left, context, found)
    return Parts(found, refused, left)


def _glean(flow: Flow, left: str, context: Context, found: dict[str, Found]) -> str:
    """What the finders left of a whole sentence may be an answer too: each gleaner sees what the others left."""
    for name, glean in _gleaners(flow):
        if name not in found and (part := glean(left, context)) is not None:
            found[name] = part
            left = without(left, part)
    return left


def hear(flow: Flow, question: Question | None, text: str, context: Context, answers: Answers) -> Heard:
    """What the text answers. `question` is the open one, None in a review or at the start.

    Raises Refused where it answers nothing; the refusal is the open question's own.
    """
    text = veiled(flow, text, context, answers, question.name if question else "")
    parts = found_in(flow, text, context)
    unclear = {name for name, part in parts.found.items() if isinstance(part.value, Ask)}
    heard = _hear(flow, question, text, context, answers, parts)
    return replace(heard, doubtful=frozenset({*unclear, *parts.refused} - heard.values.keys()))


def _hear(flow: Flow, question: Question | None, text: str, context: Context, answers: Answers, parts: Parts) -> Heard:
    asked = question.name if question else ""
    applying = {one.name for one in flow.questions if one.name == asked or one.applies(context, answers)}
    found = {name: part for name, part in parts.found.items() if name in applying}
    values = {name: part.value for name, part in found.items() if not isinstance(part.value, Ask)}
    settled = _settled(flow, found, {**dict(answers.items()), **values}, context)
    values |= settled
    doubtful = {name: part for name, part in found.items() if name not in settled}
    doubt = _doubt(flow, doubtful, {name: why for name, why in parts.refused.items() if name in applying})
    values |= _following(flow, values, parts, {*applying} - {doubt.asks}, context, answers)
    if question is None or asked in found or asked in values:
        return Heard(values, doubt.asks, doubt.candidates, doubt.refusal)
    rest = text
    for part in found.values():
        rest = without(rest, part)
    rest = rest.replace(TAKEN, " ").strip()
    if found and (question.reader.greedy or not plain(rest)):
        return Heard(values, doubt.asks, doubt.candidates, doubt.refusal)
    try:
        read = question.reader.read(rest, context)
    except Refused:
        if found or (doubt.refusal and doubt.asks != asked):
            return Heard(values, doubt.asks, doubt.candidates, doubt.refusal)
        raise
    if isinstance(read, Ask):
        read = question.settles(read, {**dict(answers.items()), **values}, context) or read
    if isinstance(read, Ask):
        return Heard(values, asked, read)
    values = {**values, asked: read}
    values |= _following(flow, values, parts, {*applying} - {doubt.asks}, context, answers)
    return Heard(values) if doubt.asks == asked else Heard(values, doubt.asks, doubt.candidates, doubt.refusal)


def _settled(
    flow: Flow, found: Mapping[str, Found], known: Mapping[str, object], context: Context
) -> dict[str, object]:
    """What of several meanings the other answers leave: of two plants the one in the city where the person goes."""
    settled: dict[str, object] = {}
    for name, part in found.items():
        question = flow.question(name)
        if question is None or not isinstance(part.value, Ask):
            continue
        if (value := question.settles(part.value, known, context)) is not None:
            settled[name] = value
    return settled


def _following(
    flow: Flow, values: Mapping[str, object], parts: Parts, open_ones: set[str], context: Context, answers: Answers
) -> dict[str, object]:
    """What follows for questions of which nothing was said, from what was heard now and answered before."""
    known = {**dict(answers.items()), **values}
    following = {
        one.name: one.follows(known, parts.left, context)
        for one in flow.questions
        if one.follows is not nothing_follows and one.name in open_ones and one.name not in known
    }
    return {name: value for name, value in following.items() if value is not None}


def veiled(flow: Flow, text: str, context: Context, answers: Answers, asked: str = "") -> str:
    """The text without what may not be kept: what looks like the answer of a private question that is not put to this
    person. Otherwise an identity number that nobody asked for would end up in the name of an employer.
    """
    for question in _private(flow):
        looks = question.reader.private
        if looks is None or question.name == asked or question.applies(context, answers):
            continue
        for match in looks.finditer(reading.plain(text)):
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text


def without(text: str, part: Found) -> str:
    """The text with what that part took blanked out, at the same length."""
    for start, end in part.spans:
        text = text[:start] + TAKEN * (end - start) + text[end:]
    return text


def _doubt(flow: Flow, found: Mapping[str, Found], refused: Mapping[str, Refused]) -> Heard:
    """The first question, in the flow's order, of which the text says something that can't be taken as it stands."""
    for question in flow.questions:
        part = found.get(question.name)
        if part is not None and isinstance(part.value, Ask):
            return Heard(asks=question.name, candidates=part.value)
        if (why := refused.get(question.name)) is not None:
            return Heard(asks=question.name, refusal=why)
    return Heard()


@cache
def _private(flow: Flow) -> tuple[Question, ...]:
    return tuple(one for one in flow.questions if one.reader.private is not None)


@cache
def _finders(flow: Flow) -> tuple[tuple[str, re.Pattern[str], Find], ...]:
    """The questions that can be answered in passing, in the order in which they look, and where it is worth it."""
    return tuple(
        (one.name, one.reader.marks, one.reader.find)
        for one in sorted(flow.questions, key=_turn)
        if one.reader.find is not None
    )


@cache
def _gleaners(flow: Flow) -> tuple[tuple[str, Find], ...]:
    return tuple((one.name, one.gleans) for one in sorted(flow.questions, key=_turn) if one.gleans is not None)


def _turn(question: Question) -> int:
    return _ORDER.index(question.name) if question.name in _ORDER else len(_ORDER)
