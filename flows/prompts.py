"""Asking: which question comes next, what can be picked, and how the open prompt reads."""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec
from msgspec.structs import replace

from domain.days import Window
from flows.answers import yes_no
from flows.flow import Answers, Choice, Context, Flow, Question, assume_nothing, choice
from flows.state import CONSENT, REVIEW, Prompt, State, Talk, answers_of, holding
from flows.words import CONFIRMATIONS, number, parts, plain
from texts.catalogue import Catalogue
from texts.say import Button, Say, Value, Words, say

# What a choice stands for beside answers: text that no reader gives back, because it starts with "!".
CONFIRM, CANCEL, AGAIN, BACK, KEEP, PERSON = ("!confirm", "!cancel", "!again", "!back", "!keep", "!person")
_AGREE = yes_no.yes_or_no("consent.agree", "consent.disagree")
_CANCEL = choice(CANCEL, Words("engine.cancel_button"))
_AGAIN = choice(AGAIN, Words("engine.again_button"))
_BACK = choice(BACK, Words("engine.back_button"))
_KEEP = choice(KEEP, Words("engine.keep_button"))
_PERSON = choice(PERSON, Words("engine.person"))
_SAYS_NOTHING = (int, Window)  # of the person
PATIENCE = 3  # misreadings of one question before buttons and a person are offered (conversations.md)


def meaning(candidate: Choice) -> str:
    """What a choice stands for, where it is not an answer of its question; "" for an answer."""
    if bytes(candidate.value).startswith(b'"!'):
        return msgspec.json.decode(candidate.value, type=str)
    return ""


def picked(prompt: Prompt, words: str, texts: Catalogue, *, by_head: bool) -> Choice | None:
    """The candidate that those words name: by its number, its label or a part of it, None where they fit several.

    With `by_head` the words can also be how a part begins.
    """
    bare = number(words)
    if bare is not None and 1 <= bare <= len(prompt.candidates) and prompt.candidates[bare - 1].numbered:
        return prompt.candidates[bare - 1]
    labels = [(_label(candidate.words, texts), candidate) for candidate in prompt.candidates]
    for (whole, *_), candidate in labels:
        if whole == words:
            return candidate
    named = [candidate for (_, *pieces), candidate in labels if words in pieces]
    if not named and by_head:
        named = [candidate for (_, *pieces), candidate in labels if any(one.startswith(words) for one in pieces)]
    if len(named) == 1:
        return named[0]
    if prompt.question == REVIEW and words in CONFIRMATIONS:
        return next(one for one in prompt.candidates if meaning(one) == CONFIRM)
    return None


def _label(words: Words, texts: Catalogue) -> tuple[str, ...]:
    """A label as words are compared, and its pieces. Labels that say nothing of a person are kept."""
    if not words.values or all(isinstance(value, _SAYS_NOTHING) for value in words.values.values()):
        return _kept_label(texts, words.key, *words.values.items())
    return _pieces(texts.word(words))


@lru_cache(maxsize=1024)
def _kept_label(texts: Catalogue, key: str, *values: tuple[str, Value]) -> tuple[str, ...]:
    return _pieces(texts.word(Words(key, dict(values))))


def _pieces(label: str) -> tuple[str, ...]:
    whole = plain(label)
    return (whole, *parts(whole))


def next_question(flow: Flow, answers: Answers, context: Context) -> Question | None:
    """The first question that applies and has no answer; None when everything is answered."""
    for question in flow.questions:
        if question.name not in answers and question.applies(context, answers):
            return question
    return None


def assumed(flow: Flow, answers: Answers, context: Context) -> Answers:
    """The answers with those that can be taken as given."""
    for question in _assuming(flow):
        if question.name not in answers and (value := question.assumes(context)) is not None:
            answers = answers.plus(question.name, value)
    return answers


@cache
def _assuming(flow: Flow) -> tuple[Question, ...]:
    return tuple(question for question in flow.questions if question.assumes is not assume_nothing)


def lines(flow: Flow, answers: Answers, context: Context) -> list[Question]:
    """The questions whose answers are read back, in their order."""
    return [
        question
        for question in flow.questions
        if question.line and question.name in answers and question.applies(context, answers)
    ]


def opened(flow: Flow, state: State, talk: Talk, context: Context) -> State:
    """The state with its next prompt open: consent first, then the questions, then the review.

    Nothing is open when everything is answered and the flow has no review.
    """
    if flow.personal and not talk.consented:
        return replace(state, open=Prompt(CONSENT, context.token, _AGREE(context, Answers({}))))
    answers = assumed(flow, answers_of(flow, state), context)
    state = holding(flow, state, answers)
    question = next_question(flow, answers, context)
    if question is not None:
        return ask(flow, state, question, context)
    if flow.review:
        return review(flow, state, context)
    return replace(state, open=None)


def ask(flow: Flow, state: State, question: Question, context: Context, misses: int = 0) -> State:
    """The state with that question open. After too many misreadings a way out stands beside its choices."""
    answers = answers_of(flow, state)
    candidates = question.choices(context, answers)
    if question.name in answers:
        candidates += (_KEEP,)
    if misses >= PATIENCE:
        candidates += (_PERSON, _BACK) if state.trail else (_PERSON,)
    return replace(state, open=Prompt(question.name, context.token, candidates, misses))


def pick_from(state: State, question: str, candidates: tuple[Choice, ...], context: Context) -> State:
    """The state with that question open on what an ambiguous text can mean."""
    return replace(state, open=Prompt(question, context.token, candidates))


def review(flow: Flow, state: State, context: Context, *, changed: bool = False) -> State:
    """The state with everything read back: the lines are numbered first, the actions after them."""
    answers = answers_of(flow, state)
    numbered = (_line(flow, question) for question in lines(flow, answers, context))
    actions = (_confirm(flow), _CANCEL, _AGAIN) if changed else (_confirm(flow), _CANCEL)
    return replace(state, open=Prompt(REVIEW, context.token, (*numbered, *actions)))


@cache
def _line(flow: Flow, question: Question) -> Choice:
    return choice(question.name, label(flow, question), shown=False)


@cache
def _confirm(flow: Flow) -> Choice:
    return choice(CONFIRM, Words(f"{flow.words or flow.name}.confirm"))


@cache
def label(flow: Flow, question: Question) -> Words:
    """The short name of a question: 日期."""
    return Words(f"{flow.key(question)}.label")


def called(flow: Flow, question: Question, context: Context) -> str:
    """That short name as it is read in words."""
    return plain(context.texts.word(label(flow, question)))


def value(flow: Flow, question: Question, answers: Answers) -> Value:
    """The answer as it stands in a sentence."""
    raw = answers.raw(question.name)
    return Words(f"{flow.key(question)}.skipped") if raw is None else question.shows(raw)


def shown(flow: Flow, state: State, context: Context) -> tuple[Say, ...]:
    """The open prompt in sentences with its buttons; nothing where nothing is open."""
    prompt = state.open
    if prompt is None:
        return ()
    if prompt.question == CONSENT:
        return (say("consent.ask", *buttons(prompt)),)
    answers = answers_of(flow, state)
    if prompt.question == REVIEW:
        return _review_says(flow, answers, buttons(prompt), context)
    question = flow.question(prompt.question)
    if question is None:  # the flow has changed under an open prompt: `resumed` mends it before it gets here
        return ()
    now: tuple[Say, ...] = ()
    if question.name in answers:
        now = (say("engine.now", value=value(flow, question, answers)),)
    asked = question.asks(context, answers) if question.asks else (Words(f"{flow.key(question)}.ask"),)
    if prompt.misses:
        asked = asked[-1:]  # what was read out once stands above
    return (*now, *map(Say, asked[:-1]), Say(asked[-1], buttons(prompt)))


def buttons(prompt: Prompt) -> tuple[Button, ...]:
    """The candidates as buttons that carry the prompt's token; a number chooses each of them too."""
    return tuple(
        Button(f"p.{prompt.token}.{place}", candidate.words, place + 1 if candidate.numbered else 0, candidate.shown)
        for place, candidate in enumerate(prompt.candidates)
    )


def line_says(flow: Flow, questions: list[Question], answers: Answers) -> tuple[Say, ...]:
    """Each answer on a numbered line."""
    return tuple(
        say("engine.line", n=place, label=label(flow, question), value=value(flow, question, answers))
        for place, question in enumerate(questions, start=1)
    )


def _review_says(flow: Flow, answers: Answers, all_of_them: tuple[Button, ...], context: Context) -> tuple[Say, ...]:
    return (
        say("engine.review"),
        *line_says(flow, lines(flow, answers, context), answers),
        Say(Words(f"{flow.words or flow.name}.foot"), all_of_them),
    )
