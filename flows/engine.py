"""The engine: one message and the state of a talk in, the next state and what to say or do out. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from domain.messages import MOST_CHARACTERS, Medium, Message, Opened, Pressed, Sent, SharedPhone, Text
from domain.refusals import Refused
from flows import prompts
from flows.amending import begun_amending, says_much
from flows.flow import Context, Done, Flow, Start
from flows.going import Turn
from flows.hearing import found_in
from flows.noting import noted, scanned
from flows.registry import Flows
from flows.state import CONSENT, REVIEW, State, Step, Talk, answers_of, holding
from flows.steering import ended_by, opened_by, steered
from flows.taking import answered, answers, pick, picked_by, taken, told
from flows.words import COURTESIES, GREETINGS, intent, plain, tidy
from texts.say import Say, say

PASSING = timedelta(minutes=30)

__all__ = ["advance", "conclude", "found_in", "open_question"]


def advance(flows: Flows, talk: Talk, message: Message, context: Context) -> Step:
    """What a message makes of a talk. Whatever a person sends, they get an answer."""
    turn = Turn(flows, _resumed(flows, talk, context), context)
    match message.said:
        case Text(text) | SharedPhone(text):
            return _heard(turn, text)
        case Pressed(data):
            return _pressed(turn, data)
        case Opened():
            return _entered(_past(turn))
        case Sent(Medium.GROUP):
            return Step(talk, (say("media.group"),))
        case Sent(medium):
            return _no_words(_past(turn), medium)


def conclude(flows: Flows, step: Step, outcome: Done | Refused, context: Context) -> Step:
    """What to say once the command of that step was carried out or refused."""
    turn = Turn(flows, step.talk, context)
    if isinstance(outcome, Done):
        done = say(outcome.key, **outcome.values)
        if outcome.forget:
            return Step(Talk(language=step.talk.language), (done,))
        if outcome.then is not None:
            return _went_on(turn, step, outcome.then, done)
        return turn.closed(done) if step.ends else turn.again(done)
    refusal = say(outcome.key, **told(outcome))
    if not step.ends or step.talk.state is None:
        return turn.again(refusal)
    return turn.reopened(step.talk.state, outcome.question, refusal)


def _went_on(turn: Turn, step: Step, then: Start, done: Say) -> Step:
    """What was done leads on to another flow; a conversation that it ended is over, any other waits below."""
    flow, state = turn.flows.get(then.flow), turn.state
    if flow is None:
        raise KeyError(then.flow)
    if step.ends and state is not None:
        turn = turn.standing(state.below)
    return turn.start(flow, then.answers, done)


def open_question(flows: Flows, talk: Talk, context: Context) -> tuple[Say, ...]:
    """The question that waits for this person, to stand again under a notice; its buttons go on working."""
    talk = _resumed(flows, talk, context)
    flow = flows.get(talk.state.flow) if talk.state else None
    return prompts.shown(flow, talk.state, context) if flow and talk.state and not flow.passing else ()


def _resumed(flows: Flows, talk: Talk, context: Context) -> Talk:
    """The talk as today's flows can go on with it: a flow that is gone is left, a question that is gone not asked."""
    state = talk.state
    if state is None:
        return talk
    flow = flows.get(state.flow)
    if flow is None or not _stands(flow, context):
        return _resumed(flows, dataclasses.replace(talk, state=state.below), context)
    asked = state.open.question if state.open else ""
    if state.version == flow.version and (asked in {CONSENT, REVIEW} or flow.question(asked) is not None):
        return talk
    state = holding(flow, state, answers_of(flow, state))
    trail = tuple(name for name in state.trail if name in state.answers)
    return dataclasses.replace(talk, state=replace(state, version=flow.version, trail=trail, open=None))


def _past(turn: Turn) -> Turn:
    """The turn without a question that was asked in passing."""
    if turn.state is not None and turn.flow is not None and turn.flow.passing:
        return turn.standing(turn.state.below)
    return turn


def _stands(flow: Flow, context: Context) -> bool:
    """Whether the flow can still go on: a question in passing is forgotten after a while, so that a number which is
    written days later, under a notice, does not answer it.
    """
    if flow.passing and context.spoke_at is not None and context.now - context.spoke_at > PASSING:
        return False
    return flow.during is None or flow.during(context)


def _heard(turn: Turn, text: str) -> Step:
    """Words: those that work everywhere first, then the open question, then whatever they may begin."""
    text = tidy(text)
    if not text:
        return turn.lost(say("engine.empty"))
    if len(text) > MOST_CHARACTERS:
        return turn.lost(say("engine.too_long", most=MOST_CHARACTERS))
    return _said(turn, text)


def _said(turn: Turn, text: str) -> Step:
    words = plain(text)
    if (candidate := picked_by(turn, words)) is not None:
        return pick(turn, candidate)
    if (past := _past(turn)) is not turn and not answers(turn, text):
        return _said(past, text)
    if _takes(turn, words):
        return answered(turn, text)
    if (wanted := intent(words)) is not None:
        return steered(turn, wanted)
    if (step := ended_by(turn, words) or opened_by(turn, words)) is not None:
        return step
    if (led := turn.flows.led_by(words)) is not None:
        return _led(turn, *led)
    if turn.state is None or turn.state.open is None:
        return _begun(turn, text)
    return answered(turn, text)


def _takes(turn: Turn, words: str) -> bool:
    """Whether the open question takes those words, whatever else they could mean."""
    prompt = turn.state.open if turn.state else None
    question = turn.flow.question(prompt.question) if turn.flow and prompt else None
    return question is not None and words in question.takes


def _no_words(turn: Turn, medium: Medium) -> Step:
    """A photo, a voice message: nothing that is read here, and nothing that is passed on."""
    listening = turn if turn.state else _listening(turn)
    flow = listening.flow if listening else None
    if listening is None or flow is None or flow.during is None or medium is Medium.EDITED:
        return turn.lost(say(f"media.{medium.value}"))
    return listening.again(say(f"{flow.words or flow.name}.only_words"))


def _led(turn: Turn, flow: Flow, rest: str) -> Step:
    """A flow that was opened with an answer behind the word; before the consent that answer is held."""
    step = turn.start(flow)
    state = step.talk.state
    if state is None or state.open is None:
        return step
    if state.open.question == CONSENT:
        return dataclasses.replace(step, talk=dataclasses.replace(step.talk, held=rest))
    return answered(turn.standing(state), rest)


def _pressed(turn: Turn, data: str) -> Step:
    """A button: a candidate of the open prompt, or an action under a notice; anything else is stale."""
    kind, _, rest = data.partition(".")
    name, _, place = rest.partition(".")
    if not (place.isascii() and place.isdigit()):
        return turn.lost(say("engine.stale"))
    prompt = turn.state.open if turn.state else None
    if kind == "p" and prompt and prompt.token == name and int(place) < len(prompt.candidates):
        return pick(turn, prompt.candidates[int(place)])
    if kind == "a" and (action := turn.flows.action(name)):
        return Step(turn.talk, command=action.command(int(place)))
    return turn.lost(say("engine.stale"))


def _listening(turn: Turn) -> Turn | None:
    """The turn with the flow open that takes the words which no open question takes; None where none does now."""
    flow = turn.listening
    if flow is None:
        return None
    return turn.standing(prompts.opened(flow, State(flow.name, flow.version, {}), turn.talk, turn.context))


def _entered(turn: Turn) -> Step:
    """The conversation was opened, perhaps through a code that carries answers."""
    if turn.context.preset:
        return _scanned(turn, turn.context.preset)
    return turn.again(say("engine.welcome_back")) if turn.state else _begun(turn, "")


def _scanned(turn: Turn, preset: Mapping[str, object]) -> Step:
    """A printed code: what it carries joins what has been answered already."""
    front = turn.flows.front
    if turn.state is None and turn.context.known:
        return _begun(turn, "")
    if turn.state is None or turn.flow is not front:
        return turn.start(front, preset, say("engine.hello"), *scanned(front, preset))
    state, _ = noted(front, replace(turn.state, open=None), preset, turn.context)
    return turn.onward(front, state, *scanned(front, preset))


def _begun(turn: Turn, text: str) -> Step:
    """First words with no question open: who is known sees what is stored, who signed up others sees those, and a
    stranger begins to sign up.
    """
    words, mine, others = plain(text), turn.flows.opened_by("我的报名"), turn.flows.opened_by("名单")
    empty = not text or words in GREETINGS
    if text and (listening := _listening(turn)) is not None:
        return answered(listening, text)
    if words in COURTESIES:
        return turn.lost(say("engine.at_your_service"))
    front = turn.flows.front
    if turn.context.known and mine is not None:
        amended = None if empty else begun_amending(turn, text)
        if amended is not None:
            return amended
        if empty or not says_much(front, text, turn.context):
            return turn.start(mine)
    elif turn.context.others and others is not None and (empty or not says_much(front, text, turn.context)):
        return turn.start(others)
    state = State(front.name, front.version, {})
    if turn.talk.consented and not empty:
        hello = () if turn.context.known else (say("engine.hello"),)
        return taken(turn.standing(state), front, text, *hello)
    step = turn.onward(front, state, say("engine.hello"))
    held = None if empty or turn.talk.consented else text
    return dataclasses.replace(step, talk=dataclasses.replace(step.talk, held=held))
