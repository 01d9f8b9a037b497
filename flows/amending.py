"""What a person who is signed up says in their own words: a change of what is stored, or something new."""

from __future__ import annotations

from collections.abc import Mapping

from flows.correcting import corrected
from flows.flow import Answers, Ask, Context, Flow
from flows.going import Turn
from flows.hearing import Heard, found_in, veiled
from flows.noting import A_SENTENCE
from flows.state import State, Step, raw
from flows.taking import taken_as


def begun_amending(turn: Turn, text: str) -> Step | None:
    """The flow that changes what is stored, begun with what the text corrects; None where it corrects nothing.

    Nothing is stored before the person has confirmed it.
    """
    for flow in turn.flows.flows:
        things = flow.amends(turn.context) if flow.amends else ()
        heard = [(given, _heard(flow, text, turn.context, Answers(given))) for given in things]
        meant = [(given, one) for given, one in heard if one is not None]
        if not meant:
            continue
        given, what = meant[0]
        if len(meant) > 1:
            given = {}  # which one is meant is asked, and then brings what is stored of it
        state = State(flow.name, flow.version, {name: raw(value) for name, value in given.items()})
        return taken_as(turn.standing(state), flow, what)
    return None


def says_much(flow: Flow, text: str, context: Context) -> bool:
    """Whether the text is a whole sentence for that flow: somebody signs up once more, or somebody else."""
    text = veiled(flow, text, context, Answers({}))
    return len(found_in(flow, text, context).found) >= A_SENTENCE


def _heard(flow: Flow, text: str, context: Context, answers: Answers) -> Heard | None:
    """What the text changes: a correction, or one or two answers that differ from those that stand."""
    heard = corrected(flow, text, context, answers)
    if heard is not None and (heard.asks or _differs(heard.values, answers)):
        return heard
    found = found_in(flow, veiled(flow, text, context, answers), context).found
    said = {name: part.value for name, part in found.items() if not isinstance(part.value, Ask)}
    values = {name: value for name, value in said.items() if value is not None}  # 找工作 takes no employer away
    if not values or len(found) >= A_SENTENCE or not _differs(values, answers):
        return None
    return Heard(values)


def _differs(values: Mapping[str, object], answers: Answers) -> bool:
    return any(answers.raw(name) != value for name, value in values.items())
