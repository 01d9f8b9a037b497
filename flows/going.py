"""Going on: which prompt stands open next, how a conversation begins, ends, and becomes what it is for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from flows import prompts
from flows.flow import Context, Flow, Start, Tell
from flows.registry import Flows
from flows.state import CONSENT, REVIEW, State, Step, Talk, answers_of, raw
from texts.say import Say, say

_NOTED = frozenset(("engine.noted", "engine.noted_many", "engine.line"))  # what a review says anyway


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one talk: everything that deciding looks at, and the few ways in which a turn goes on."""

    flows: Flows
    talk: Talk
    context: Context

    @property
    def state(self) -> State | None:
        """Where the conversation stands; None where none is under way."""
        return self.talk.state

    @property
    def flow(self) -> Flow | None:
        """The flow that is under way."""
        return self.flows.get(self.talk.state.flow) if self.talk.state else None

    @property
    def listening(self) -> Flow | None:
        """The flow that takes the words which no open question takes; None where none does now."""
        return next((one for one in self.flows.flows if one.during is not None and one.during(self.context)), None)

    def beneath(self) -> Turn:
        """The turn where it stands but for a flow that only listens: what waits below that."""
        flow, state = self.flow, self.state
        return self.standing(state.below) if state and flow and flow.during is not None else self

    def open(self) -> tuple[Flow, State]:
        """The flow and its state, where one must be under way."""
        flow, state = self.flow, self.state
        if state is None or flow is None:
            raise RuntimeError("no conversation is open")
        return flow, state

    def standing(self, state: State | None) -> Turn:
        """The same turn with the conversation standing there."""
        return Turn(self.flows, self.talk.standing(state), self.context)

    def start(self, flow: Flow, answers: Mapping[str, object] | None = None, *says: Say) -> Step:
        """That flow begins; a form that is under way waits below it. One without questions acts at once."""
        if not flow.questions:
            return self.become(flow, self.state, ends=False)
        if self.flow is flow and not answers:
            return self.again(*says)
        below = self.state if self.flow and self.flow.review else self.state.below if self.state else None
        if below is not None and below.flow == flow.name and not answers:
            return self.standing(below).again(*says)
        if flow.review and below is not None:
            below = replace(below, below=None)  # one form may wait for another, no more: nobody remembers a pile
        given = {name: raw(value) for name, value in (answers or {}).items()}
        return self.onward(flow, State(flow.name, flow.version, given, below=below), *says)

    def onward(self, flow: Flow, state: State, *says: Say) -> Step:
        """Opens what comes next; where nothing does, the answers become what the flow is for."""
        state = prompts.opened(flow, state, self.talk, self.context)
        if state.open is None:
            return self.become(flow, state, ends=True)
        if state.open.question == REVIEW:
            says = tuple(one for one in says if one.words.key not in _NOTED)
        return self.asked(state, *says)

    def changed(self, flow: Flow, state: State, echo: tuple[Say, ...]) -> Step:
        """An answer was changed: where all others stand, only that is said, and the review's actions under it."""
        if not flow.review or prompts.next_question(flow, answers_of(flow, state), self.context) is not None:
            return self.onward(flow, state, *echo)
        state = prompts.review(flow, state, self.context, changed=True)
        rest = say("engine.rest_stays", *(prompts.buttons(state.open) if state.open else ()))
        return Step(self.talk.standing(state), (*echo, rest))

    def become(self, flow: Flow, state: State | None, *, ends: bool) -> Step:
        """What the flow is for: a command, another flow, or a last word. Without `ends` the open question stays."""
        fresh = State(flow.name, flow.version, {})
        end = flow.becomes(answers_of(flow, state if state and ends else fresh), self.context)
        if isinstance(end, Tell):
            says = tuple(map(Say, end.words))
            return self.standing(state).closed(*says) if ends else self.again(*says)
        if isinstance(end, Start):
            other = self.flows.get(end.flow)
            if other is None:
                raise KeyError(end.flow)
            return self.standing(state.below if state and ends else state).start(other, end.answers)
        return Step(self.standing(state).talk, command=end, ends=ends)

    def reopened(self, state: State, question: str | None, refusal: Say) -> Step:
        """The end was refused: the question it was refused for stands open again, else the review."""
        flow = self.flows.get(state.flow)
        if flow is None or not flow.review:
            return self.closed(refusal)
        asked = flow.question(question) if question else None
        if asked and not asked.line:  # what it was about is gone: no other answer could mend that
            return self.closed(refusal)
        review = prompts.review(flow, state, self.context)
        return self.asked(prompts.ask(flow, state, asked, self.context) if asked else review, refusal)

    def closed(self, *says: Say) -> Step:
        """The conversation is over; the one that waited below it goes on."""
        return self.standing(self._waiting()).again(*says)

    def _waiting(self) -> State | None:
        """What waits below. Once the data notice was agreed to it is not put again; where nothing had been said but
        a greeting, nothing goes on: who came to sign up others, or with a code, did not ask to sign up.
        """
        below = self.state.below if self.state else None
        if below is None or below.open is None or below.open.question != CONSENT or not self.talk.consented:
            return below
        return replace(below, open=None) if below.answers else below.below

    def again(self, *says: Say) -> Step:
        """Says that, and the open question again under it; its buttons go on working."""
        if self.state is None or self.flow is None:
            return Step(self.talk, says)
        if self.state.open is None:
            return self.onward(self.flow, self.state, *says)
        return self.asked(self.state, *says)

    def lost(self, *says: Say) -> Step:
        """Says that; where no question is open that could follow, what a person can do now."""
        return self.again(*says) if self.state else Step(self.talk, (*says, say("engine.idle")))

    def forgetting(self) -> Turn:
        """The same turn without what was said before the consent."""
        return dataclasses.replace(self, talk=dataclasses.replace(self.talk, held=None))

    def asked(self, state: State, *says: Say, which: bool = False) -> Step:
        """Says that, and the prompt that is open in the state; `which` asks to pick one of its candidates."""
        flow = self.flows.get(state.flow)
        shown = prompts.shown(flow, state, self.context) if flow else ()
        if which and flow and state.open and (question := flow.question(state.open.question)):
            shown = (say(f"{flow.key(question)}.which", *prompts.buttons(state.open)),)
        return Step(self.talk.standing(state), (*says, *shown))
