"""Steering: the words that work at every point, the flows that words open, and the actions under notices."""

from __future__ import annotations

from msgspec.structs import replace

from domain.people import Phone
from flows import prompts
from flows.flow import Left
from flows.going import Turn
from flows.state import CONSENT, REVIEW, State, Step, answers_of
from flows.words import Intent, number
from texts.say import Say, say


def steered(turn: Turn, wanted: Intent) -> Step:
    """A word that works at every point."""
    match wanted:
        case Intent.BACK:
            return back(turn)
        case Intent.CANCEL:
            return cancelled(turn.beneath())
        case Intent.HELP:
            return _helped(turn)
        case Intent.RESTART:
            return _restarted(turn.beneath())
        case Intent.CHINESE | Intent.ENGLISH:
            return turn.lost(say("engine.language"))


def back(turn: Turn) -> Step:
    """The question before, with what is noted for it."""
    state, flow = turn.state, turn.flow
    if state is None or flow is None or not state.trail:
        return turn.lost(say("engine.nothing_before"))
    question = flow.question(state.trail[-1])
    state = replace(state, trail=state.trail[:-1])
    if question is None:
        return back(turn.standing(state))
    return turn.asked(prompts.ask(flow, state, question, turn.context), say("engine.back"))


def cancelled(turn: Turn) -> Step:
    """The conversation is dropped. With none under way, who is signed up means their registration."""
    if turn.state is None:
        withdraw = turn.flows.get("withdraw")
        if withdraw is not None and turn.context.known:
            return turn.start(withdraw)
        return turn.lost(say("engine.nothing_open"))
    flow, state = turn.flow, turn.state
    left = flow.leaves(answers_of(flow, state), turn.context) if flow else None
    if left is not None:
        return _left(turn, state, left)
    if flow is not turn.flows.front:
        return turn.closed(say("engine.left"))
    return turn.forgetting().closed(say("engine.cancelled_this" if turn.context.known else "engine.cancelled"))


def _left(turn: Turn, state: State, left: Left) -> Step:
    """The flow's own way of being cancelled."""
    turn = turn.forgetting()
    if left.then is None:
        return turn.closed(Say(left.words))
    other = turn.flows.get(left.then.flow)
    if other is None:
        raise KeyError(left.then.flow)
    return turn.standing(state.below).start(other, left.then.answers, Say(left.words))


def ended_by(turn: Turn, words: str) -> Step | None:
    """The flow's own words for "that is all". What is half said is not dropped by them."""
    flow, state = turn.flow, turn.state
    if flow is None or state is None or words not in flow.ends:
        return None
    left = flow.leaves(answers_of(flow, state), turn.context)
    if (state.open and state.open.question == REVIEW) or (left is not None and left.then is not None):
        return turn.again(say(f"{flow.words or flow.name}.half_said"))
    return cancelled(turn)


def opened_by(turn: Turn, words: str) -> Step | None:
    """What the words begin, wherever the conversation stands: a flow, or an action under a notice."""
    if (opens := turn.flows.opened_by(words)) is not None:
        return turn.start(opens)
    # A number answers the open question, where one is open, or the staff who may just have asked one.
    bare = number(words) if turn.state is None and turn.listening is None else None
    for action in turn.flows.actions:
        meant = words in action.said or (bare is not None and bare == action.number)
        if meant and (about := action.finds(turn.context)) is not None:
            return Step(turn.talk, command=action.command(about))
    return None


def called_for_a_person(turn: Turn) -> Step:
    """The button that stands beside a question that was misread too often."""
    person = turn.flows.opened_by("人工")
    return turn.start(person) if person else _helped(turn)


def _helped(turn: Turn) -> Step:
    says: tuple[Say, ...] = (say("engine.help", phone=Phone(turn.context.office.phone, work=True)),)
    prompt = turn.state.open if turn.state else None
    if prompt and prompt.question == CONSENT:
        says += (say("consent.help"),)
    elif turn.flow and prompt and (question := turn.flow.question(prompt.question)):
        says += (say(f"{turn.flow.key(question)}.help"),)
    return turn.lost(*says)


def _restarted(turn: Turn) -> Step:
    """From the first question on. What a review does not read back (which registration is changed) was never asked."""
    flow, before = turn.flow or turn.flows.front, turn.state
    given = {one.name for one in flow.questions if flow.review and not one.line}
    answers = {name: raw for name, raw in before.answers.items() if name in given} if before else {}
    state = State(flow.name, flow.version, answers, below=before.below if before else None)
    return turn.forgetting().onward(flow, state, say("engine.restarted"))
