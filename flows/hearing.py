"""Hearing: what one text answers, at the open question or anywhere in the flow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from domain.refusals import Refused
from flows.answers import reading
from flows.flow import Answers, Ask, Context, Find, Flow, Found, Question
from flows.words import plain

TAKEN = "␣"  # stands for a character that another finder has taken
# Digits that belong together come first, then who, when and where: each finder sees what is left by those before it.
_ORDER = ("phone", "name", "day", "party", "origin", "destination", "employer")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text answers: question → value; or, for the one question `asks` names, what it may mean."""

    values: Mapping[str, object]
    asks: str = ""
    candidates: Ask | None = None


def found_in(flow: Flow, text: str, context: Context) -> dict[str, Found]:
    """Every part that some question's finder recognises in the text."""
    found: dict[str, Found] = {}
    left, said = text, reading.plain(text)
    for name, marks, find in _finders(flow):
        if marks.search(said) is None or (part := find(left, context)) is None:
            continue
        found[name] = part
        left, said = _without(left, part), _without(said, part)
        if not left.strip(TAKEN):
            break
    return found


def hear(flow: Flow, question: Question | None, text: str, context: Context, answers: Answers) -> Heard:
    """What the text answers. `question` is the open one, None in a review or at the start.

    Raises Refused where it answers nothing; the refusal is the open question's own.
    """
    found = {
        name: part
        for name, part in found_in(flow, text, context).items()
        if (asked := flow.question(name)) is not None and asked.applies(context, answers)
    }
    values = {name: part.value for name, part in found.items()}
    if question is None:
        return Heard(values)
    if question.name in values:
        return Heard(values)
    rest = text
    for part in found.values():
        rest = _without(rest, part)
    rest = rest.replace(TAKEN, " ").strip()
    if values and (question.reader.greedy or not plain(rest)):
        return Heard(values)
    try:
        read = question.reader.read(rest, context)
    except Refused:
        if values:
            return Heard(values)
        raise
    if isinstance(read, Ask):
        return Heard(values, question.name, read)
    return Heard({**values, question.name: read})


@cache
def _finders(flow: Flow) -> tuple[tuple[str, re.Pattern[str], Find], ...]:
    """The questions that can be answered in passing, in the order in which they look, and where it is worth it."""
    return tuple(
        (one.name, one.reader.marks, one.reader.find)
        for one in sorted(flow.questions, key=_turn)
        if one.reader.find is not None
    )


def _turn(question: Question) -> int:
    return _ORDER.index(question.name) if question.name in _ORDER else len(_ORDER)


def _without(text: str, part: Found) -> str:
    for start, end in part.spans:
        text = text[:start] + TAKEN * (end - start) + text[end:]
    return text
