"""The questions of signing up for the peers: the same readers, choices and sentences, without our engine."""

from __future__ import annotations

from typing import Any

from bench.desk import desk
from bot.channels.telegram.channel import TELEGRAM
from domain.refusals import Refused
from domain.registrations import Direction, Wish
from flows import prompts
from flows.answers import yes_no
from flows.flow import Answers, Choice, Context, Question
from flows.registration import FLOWS, wish
from texts.render import Rendered, rendered
from texts.say import Button, Say, Words, say

FLOW = FLOWS[0]
CONSENT = "consent"
REVIEW = "review"
BEGIN = (REVIEW,)  # what stands before the first question and after the last


class Form:
    """Asks and reads. What has been answered is the peer's own to keep, in whatever it offers for that."""

    def __init__(self) -> None:
        self._desk = desk()
        context, nothing = self._context(), Answers({})
        asked = [  # the direction is the season's, as ours
            one for one in FLOW.questions if one.name != "direction" and one.applies(context, nothing)
        ]
        self.steps = (CONSENT, *(question.name for question in asked), REVIEW)
        self._questions = {question.name: question for question in asked}
        self.registered: list[Wish] = []

    def begin(self) -> Rendered:
        """The first thing that is asked."""
        return self._asked(CONSENT, {}, self._context())

    def answer(self, step: str, text: str, answers: dict[str, Any]) -> tuple[str | None, Rendered]:
        """Reads the answer to that step into `answers`; the step that comes next (None at the end), and what to say."""
        context = self._context()
        try:
            noted = self._read(step, text, answers, context)
        except Refused as refusal:
            again = self._asked(step, answers, context)
            said = rendered((say(refusal.key),), context.texts, TELEGRAM)
            return step, Rendered(f"{said.text}\n{again.text}", again.buttons)
        if step == REVIEW:
            self.registered.append(wish(Answers({"direction": Direction.WORK, **answers})))
            return None, rendered((say("registration.done", number="LJ-4K7P2M"),), context.texts, TELEGRAM)
        following = self.steps[self.steps.index(step) + 1]
        return following, self._asked(following, answers, context, *noted)

    def _read(self, step: str, text: str, answers: dict[str, Any], context: Context) -> tuple[Say, ...]:
        if step in {CONSENT, REVIEW}:
            if text != "都对" and yes_no.YES_NO.read(text, context) is not True:
                raise Refused("engine.not_understood")
            return ()
        question = self._questions[step]
        answers[step] = question.reader.read(text, context)
        return (say("engine.noted", value=prompts.value(FLOW, question, Answers(answers))),)

    def _asked(self, step: str, answers: dict[str, Any], context: Context, *noted: Say) -> Rendered:
        given = Answers(answers)
        if step == CONSENT:
            agree = yes_no.yes_or_no("consent.agree", "consent.disagree")(context, given)
            says: tuple[Say, ...] = (say("consent.ask", *_buttons(agree)),)
        elif step == REVIEW:
            ends = (Button("p.0", Words("registration.confirm")), Button("p.1", Words("engine.cancel_button")))
            asked = prompts.line_says(FLOW, list(self._questions.values()), given)
            says = (say("engine.review"), *asked, say("registration.foot", *ends))
        else:
            question: Question = self._questions[step]
            choices = _buttons(question.choices(context, given))
            says = (*noted, Say(Words(f"{FLOW.key(question)}.ask"), choices))
        return rendered(says, context.texts, TELEGRAM)

    def _context(self) -> Context:
        at = self._desk
        return Context(at.now(), at.office, at.areas, at.catalogue("zh-CN"), TELEGRAM, token="")


def _buttons(choices: tuple[Choice, ...]) -> tuple[Button, ...]:
    return tuple(Button(f"p.{place}", one.words, place + 1) for place, one in enumerate(choices))
