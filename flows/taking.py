"""Taking answers: from a text or a picked candidate, before consent and after it, new or as a correction."""

from __future__ import annotations

import dataclasses

from msgspec.structs import replace

from domain.messages import MOST_CHARACTERS
from domain.people import Phone
from domain.places import Place
from domain.refusals import Refused
from flows import prompts
from flows.answers import yes_no
from flows.correcting import corrected
from flows.flow import Choice, Flow, Question
from flows.going import Turn
from flows.hearing import Heard, hear
from flows.noting import noted
from flows.state import CONSENT, REVIEW, State, Step, answers_of, decoded
from flows.steering import back, called_for_a_person, cancelled
from flows.words import intent
from texts.say import Say, Value, say


def picked_by(turn: Turn, words: str) -> Choice | None:
    """The candidate of the open prompt that those words name.

    A word that would lead away (取消, 删除) is still an answer where one choice begins with it.
    """
    prompt = turn.state.open if turn.state else None
    if prompt is None:
        return None
    leads_away = intent(words) is not None or turn.flows.opened_by(words) is not None
    return prompts.picked(prompt, words, turn.context.texts, by_head=leads_away)


def answers(turn: Turn, text: str) -> bool:
    """Whether the open question takes the text."""
    flow, state = turn.open()
    question = flow.question(state.open.question) if state.open else None
    try:
        return question is not None and question.reader.read(text, turn.context) is not None
    except Refused:
        return False


def answered(turn: Turn, text: str) -> Step:
    """Words while a prompt is open that name none of its candidates."""
    flow, state = turn.open()
    if state.open is not None and state.open.question == CONSENT:
        return _before_consent(turn, text)
    return taken(turn, flow, text)


def pick(turn: Turn, candidate: Choice) -> Step:
    """A candidate of the open prompt was picked."""
    flow, state = turn.open()
    asked = state.open.question if state.open else ""
    if meaning := prompts.meaning(candidate):
        return _meant(turn, meaning, asked)
    if asked == CONSENT:
        return _consented(turn, agreed=decoded(candidate.value, bool) is True)
    if asked == REVIEW:
        line = flow.question(str(decoded(candidate.value, str)))
        return turn.asked(prompts.ask(flow, state, line, turn.context)) if line else turn.again()
    question = flow.question(asked)
    if question is None:
        return turn.again(say("engine.stale"))
    corrects = asked in answers_of(flow, state)
    state, echo = noted(flow, state, {asked: decoded(candidate.value, question.reader.holds)}, turn.context)
    return turn.changed(flow, state, echo) if corrects else turn.onward(flow, state, *echo)


def taken(turn: Turn, flow: Flow, text: str, *says: Say) -> Step:
    """The text as answers to this flow: all that it says is taken, and only what is doubtful is asked."""
    state = turn.open()[1]
    before = answers_of(flow, state)
    asked = state.open.question if state.open else ""
    question = flow.question(asked)
    heard = corrected(flow, text, turn.context, before) if before else None
    try:
        heard = heard or hear(flow, question, text, turn.context, before)
    except Refused as refusal:
        return _missed(turn, say(refusal.key, **told(refusal)))
    heard = _narrowed(turn, question, heard)
    if not heard.values and not heard.asks:
        return _missed(turn, say("engine.not_understood")) if state.open else turn.onward(flow, state, *says)
    return taken_as(turn, flow, heard, *says)


def _narrowed(turn: Turn, question: Question | None, heard: Heard) -> Heard:
    """Which of the offered places a wider one means: 海口 where 龙华 in 深圳 or in 海口 was asked."""
    prompt, said = turn.open()[1].open, heard.values.get(question.name) if question else None
    if prompt is None or question is None or not isinstance(said, Place):
        return heard
    offered = [decoded(one.value, question.reader.holds) for one in prompt.candidates if not prompts.meaning(one)]
    meant = [one for one in offered if isinstance(one, Place) and turn.context.areas.within(one.code, said.code)]
    if len(meant) != 1 or said.town:
        return heard
    return dataclasses.replace(heard, values={**heard.values, question.name: meant[0]})


def taken_as(turn: Turn, flow: Flow, heard: Heard, *says: Say) -> Step:
    """What was heard joins the answers, and the conversation goes on with what is open then."""
    state = turn.open()[1]
    before = answers_of(flow, state)
    asked = state.open.question if state.open else ""
    question = flow.question(asked)
    state, echo = noted(flow, state, heard.values, turn.context, heard.doubtful)
    if heard.asks:
        return _doubted(turn, flow, state, heard, *says, *echo)
    after = answers_of(flow, state)
    if question is not None and asked not in before and asked not in after:  # what was asked is still open
        return turn.asked(prompts.ask(flow, state, question, turn.context), *says, *echo)
    if asked == REVIEW or asked in before:
        return turn.changed(flow, state, echo)
    return turn.onward(flow, state, *says, *echo)


def _doubted(turn: Turn, flow: Flow, state: State, heard: Heard, *says: Say) -> Step:
    """Of what was said only this part is asked about: which of several, or again with the reason."""
    if heard.candidates is not None:
        state = prompts.pick_from(state, heard.asks, heard.candidates.candidates, turn.context)
        return turn.asked(state, *says, which=True)
    question = flow.question(heard.asks)
    if question is None:
        raise KeyError(heard.asks)
    why = (say(heard.refusal.key, **told(heard.refusal)),) if heard.refusal else ()
    return turn.asked(prompts.ask(flow, state, question, turn.context), *says, *why)


def told(refusal: Refused) -> dict[str, Value]:
    """What of a refusal can stand in its sentence."""
    return {name: value for name, value in refusal.values.items() if isinstance(value, Value)}


def _before_consent(turn: Turn, text: str) -> Step:
    """Words before the consent are held, apart and for a short time; a plain yes or no decides."""
    try:
        agreed = yes_no.YES_NO.read(text, turn.context)
    except Refused:
        step = turn.again(say("consent.first"))
        held = f"{turn.talk.held}，{text}" if turn.talk.held else text
        return dataclasses.replace(step, talk=dataclasses.replace(step.talk, held=held[:MOST_CHARACTERS]))
    return _consented(turn, agreed=agreed is True)


def _consented(turn: Turn, *, agreed: bool) -> Step:
    flow, state = turn.open()
    if not agreed:
        phone = Phone(turn.context.office.phone, work=True)
        return Step(dataclasses.replace(turn.talk, state=None, held=None), (say("consent.refused", phone=phone),))
    held = turn.talk.held
    turn = dataclasses.replace(turn, talk=dataclasses.replace(turn.talk, consented=True, held=None))
    if held is None:
        return turn.onward(flow, state)
    return taken(turn.standing(replace(state, open=None)), flow, held)


def _meant(turn: Turn, meaning: str, asked: str) -> Step:
    """A choice that is no answer but steers the conversation."""
    flow, state = turn.open()
    match meaning:
        case prompts.CONFIRM:
            return turn.become(flow, state, ends=True)
        case prompts.CANCEL:
            return cancelled(turn)
        case prompts.AGAIN:
            return turn.asked(prompts.review(flow, state, turn.context))
        case prompts.BACK:
            return back(turn)
        case prompts.KEEP:
            return turn.onward(flow, replace(state, open=None, trail=(*state.trail, asked)))
        case prompts.PERSON:
            return called_for_a_person(turn)
    raise ValueError(meaning)


def _missed(turn: Turn, refusal: Say) -> Step:
    """The question again, the other answers kept; after three misreadings a way out beside it."""
    flow, state = turn.open()
    prompt = state.open
    question = flow.question(prompt.question) if prompt else None
    if prompt is None or question is None:
        return turn.again(refusal)
    return turn.asked(prompts.ask(flow, state, question, turn.context, prompt.misses + 1), refusal)
