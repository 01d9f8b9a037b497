"""Noting: what was understood joins the answers, and how it is said back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from flows import prompts
from flows.flow import Answers, Context, Flow, Question
from flows.state import State, answers_of, holding
from texts.say import Say, say

A_SENTENCE = 3  # so many answers in one message are a whole sentence: what it leaves open takes its default


def noted(
    flow: Flow, state: State, values: Mapping[str, object], context: Context, doubtful: Collection[str] = ()
) -> tuple[State, tuple[Say, ...]]:
    """The state with those answers (question → value) and what they tell of others, and how they are said back.

    No question that is `doubtful` takes its default.
    """
    before = answers_of(flow, state)
    values = {**_filled(flow, before, values, context), **values}
    answers = _joined(flow, before, values, doubtful)
    trail = tuple(name for name in state.trail if name not in values) + tuple(values)
    told = [
        question
        for question in flow.questions
        if question.name in values and question.line and question.applies(context, answers)
    ]
    return replace(holding(flow, state, answers), trail=trail), _echo(flow, told, before, answers)


def scanned(flow: Flow, values: Mapping[str, object]) -> tuple[Say, ...]:
    """What a printed code answers, said back."""
    answers = Answers(values)
    return tuple(
        say("engine.scanned", label=prompts.label(flow, one), value=prompts.value(flow, one, answers))
        for one in flow.questions
        if one.name in values and one.line
    )


def _filled(flow: Flow, before: Answers, values: Mapping[str, object], context: Context) -> dict[str, object]:
    """What those answers tell of questions that are open still."""
    filled: dict[str, object] = {}
    for name, value in values.items():
        if (question := flow.question(name)) is not None:
            filled |= {
                other: told
                for other, told in question.fills(value, context).items()
                if other not in before and other not in values
            }
    return filled


def _joined(flow: Flow, before: Answers, values: Mapping[str, object], doubtful: Collection[str]) -> Answers:
    answers = before
    for name, value in values.items():
        question = flow.question(name)
        if question is not None and name in answers and answers.raw(name) != value:
            answers = answers.without(*question.resets)
        answers = answers.plus(name, value)
    if len(values) >= A_SENTENCE:
        for question in flow.questions:
            if question.default is not None and question.name not in answers and question.name not in doubtful:
                answers = answers.plus(question.name, question.default)
    return answers


def _echo(flow: Flow, told: list[Question], before: Answers, answers: Answers) -> tuple[Say, ...]:
    """A correction names what it corrects; what is new stands alone, or on numbered lines."""
    if any(one.name in before and before.raw(one.name) != answers.raw(one.name) for one in told):
        fresh = [one for one in told if one.name not in before or before.raw(one.name) != answers.raw(one.name)]
        return tuple(
            say(
                "engine.changed" if one.name in before else "engine.new",
                label=prompts.label(flow, one),
                value=prompts.value(flow, one, answers),
            )
            for one in fresh
        )
    if len(told) == 1:
        return (say("engine.noted", value=prompts.value(flow, told[0], answers)),)
    return (say("engine.noted_many"), *prompts.line_says(flow, told, answers)) if told else ()
