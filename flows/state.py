"""The state of a conversation: what has been answered, the trail of what was asked, and the prompt that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from flows.flow import Answers, Choice, Command, Flow
from texts.say import Say

REVIEW = "review"  # the prompt that reads everything back
CONSENT = "consent"  # the prompt of the data notice


class Prompt(Struct, frozen=True):
    """The open question: its name, the token that its buttons carry, what can be picked, how often it was misread."""

    question: str
    token: str
    candidates: tuple[Choice, ...] = ()
    misses: int = 0


class State(Struct, frozen=True):
    """Where a conversation stands. `below` is the one that waits until this one is over."""

    flow: str
    version: int
    answers: dict[str, Raw]
    trail: tuple[str, ...] = ()
    open: Prompt | None = None
    below: State | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """One person on one channel. `held` is what they wrote before they consented; it never stands in the state."""

    state: State | None = None
    held: str | None = None
    consented: bool = False
    language: str = "zh-CN"

    def standing(self, state: State | None) -> Talk:
        """The same talk with the conversation standing there."""
        return Talk(state, self.held, self.consented, self.language)


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine made of a message: the talk after it, what to say, and perhaps a command to carry out first.

    A command that `ends` the conversation closes it when it is done; any other leaves the open question standing.
    """

    talk: Talk
    says: tuple[Say, ...] = ()
    command: Command | None = None
    ends: bool = False


_encoder = msgspec.json.Encoder()
_state_decoder = msgspec.json.Decoder(State)


@lru_cache(maxsize=256)
def _decoder(kind: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind | None)


@cache
def _decoders(flow: Flow) -> Mapping[str, Callable[[Raw], object]]:
    return {question.name: _decoder(question.reader.holds).decode for question in flow.questions}


def dump(state: State) -> bytes:
    """The state as JSON."""
    return _encoder.encode(state)


def load(data: bytes) -> State | None:
    """The state that `dump` wrote; None where an older service wrote it in a shape that can't be read any more."""
    try:
        return _state_decoder.decode(data)
    except msgspec.DecodeError:
        return None


def answers_of(flow: Flow, state: State) -> Answers:
    """What stands in the state, each answer as the type that its question holds.

    An answer that today's questions can't hold any more (the flow has changed meanwhile) is left out and asked again.
    """
    read = _newest.read
    if read.flow is flow and read.raws is state.answers:
        return read.answers
    decoders, values = _decoders(flow), dict[str, object]()
    for name, raw in state.answers.items():
        if (decode := decoders.get(name)) is None:
            continue
        try:
            values[name] = decode(raw)
        except msgspec.ValidationError:
            continue
    answers = Answers(values)
    _newest.read = _Read(flow, state.answers, answers)
    return answers


def holding(flow: Flow, state: State, answers: Answers) -> State:
    """The state with those answers; of those that stand there already none is written anew."""
    before = answers_of(flow, state)
    if answers is before and len(before) == len(state.answers):
        return state
    raws = {
        name: state.answers[name] if name in before and before.raw(name) is value else raw(value)
        for name, value in answers.items()
    }
    return replace(state, answers=raws)


def decoded(raw: Raw, kind: type) -> object:
    """The value that a choice or an answer holds, as that type or None."""
    return _decoder(kind).decode(raw)


def raw(value: object) -> Raw:
    """A value as it stands in the answers."""
    return Raw(_encoder.encode(value))


@dataclass(frozen=True, slots=True)
class _Read:
    flow: Flow | None
    raws: dict[str, Raw]
    answers: Answers


@dataclass(slots=True)
class _Newest:
    """What was read last: one turn looks at the same answers many times. Nobody changes them where they stand."""

    read: _Read = field(default_factory=lambda: _Read(None, {}, Answers({})))


_newest = _Newest()
