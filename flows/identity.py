"""The identity number: a consent of its own, and the number. Declining it never hinders anybody."""

from __future__ import annotations

import re
from typing import Final

from domain.refusals import Refused
from flows.answers import yes_no
from flows.answers.identities import IDENTITY
from flows.answers.reading import bare, plain
from flows.flow import Answers, Choice, Context, Question, Reader, choice
from texts.say import Value, Words

_RATHER_NOT: Final = re.compile(
    r"(?:算了,?)?(?:我?(?:先|就)?不(?:太|大)?(?:想|愿意?|肯|敢|用|要|方便)?|别|没法)(?:填|给|写|说|提供|告诉|方便)?"
    r"|算了|skip|(?:i'?d )?rather not"
)
_GLADLY: Final = re.compile(r"(?:我|可以|愿意|行|好){0,2}填")


def read_agreed(text: str, context: Context) -> bool:
    """Whether the number may be kept; raises Refused("identity.agreed.first"), also where the number itself was sent:
    it is not read before that.
    """
    said = bare(plain(text)).rstrip("了吧啊的")
    if _RATHER_NOT.fullmatch(said):
        return False
    if _GLADLY.fullmatch(said):
        return True
    try:
        return yes_no.read(text, context)
    except Refused:
        raise Refused("identity.agreed.first") from None


def not_agreed(context: Context, answers: Answers) -> bool:
    """Asked where the office asks for numbers; read back as long as there is none, so that it can be changed."""
    return context.office.identities and not answers.get("identity_agreed", bool)


def agreed(context: Context, answers: Answers) -> bool:
    """Whether this person's number is asked for."""
    return context.office.identities and answers.get("identity_agreed", bool) is True


def shown_agreed(value: object) -> Value:
    """Only a refusal is read back: who agreed has a line with the number."""
    return Words("identity.agree" if value else "identity.decline")


def without_number(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The way out, also for a number that stands."""
    return (choice(None, Words("identity.leave_out")),)


QUESTIONS = (
    Question(
        "identity_agreed",
        Reader(bool, read_agreed),
        yes_no.yes_or_no("identity.agree", "identity.decline"),
        applies=not_agreed,
        resets=("identity",),
        shows=shown_agreed,
        called=("身份证号码", "身份证号", "identity number", "id number"),
        words="identity.agreed",
    ),
    Question(
        "identity",
        IDENTITY,
        without_number,
        applies=agreed,
        called=("身份证号码", "身份证", "identity card"),
        words="identity.number",
    ),
)
