"""Talking with the staff: while a help request is open for it, every word goes there."""

from __future__ import annotations

from typing import Final

from domain.ledger_requests import HangUp, PassOn
from flows.flow import Answers, Choice, Command, Context, Flow, Question, Reader, choice
from flows.words import plain
from texts.say import Words

# Some of them lead somewhere else in a form; here they all mean the same.
ENOUGH: Final = frozenset(
    (
        *("结束", "好了", "说完了", "返回", "上一步", "上一个", "退回", "取消", "算了"),
        *("end", "done", "that's all", "back", "go back", "cancel", "quit"),
    )
)
_END: Final = (choice(None, Words("helping.end"), numbered=False),)


def read(text: str, context: Context) -> str | None:  # noqa: ARG001 - every reader is called with both
    """Any words as they are; None for those that end the talk."""
    return None if plain(text) in ENOUGH else text


def the_end(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The one button. It has no number: a number that is written here is meant for the staff."""
    return _END


def goes_on(context: Context) -> bool:
    """Whether there is a request that the person's words go to."""
    return context.request is not None


def passed_on(answers: Answers, context: Context) -> Command:
    """The words to the staff, or the end."""
    words = answers.get("words", str)
    return HangUp() if words is None or context.request is None else PassOn(context.request, words)


FLOWS = (
    Flow(
        name="helping",
        questions=(Question("words", Reader(str, read, greedy=True), the_end, line=False, takes=ENOUGH),),
        becomes=passed_on,
        personal=False,
        during=goes_on,
    ),
)
