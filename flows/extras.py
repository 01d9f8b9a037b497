"""After signing up, and nobody has to answer: who comes along, where the office asks it, and what offices heed."""

from __future__ import annotations

import re
from typing import Final

from domain.companions import AddCompanions
from domain.marks import GROUPS, NEEDS, AddMarks, Mark
from domain.people import Companion
from domain.refusals import Refused
from flows.answers.companions import only_who, read_companions
from flows.answers.marks import MARKS, NOTED
from flows.answers.picked import NUMBER, WORD
from flows.answers.reading import bare, plain
from flows.flow import Answers, Ask, Choice, Command, Context, Flow, Question, Reader, Start, Tell, choice, never
from texts.say import Words

_LATER: Final = re.compile(
    r"(?:以后|等下|下次|过后|回头)(?:再说|再讲|说|讲|补)?|再说|不(?:太)?方便|不(?:想|用|要|便)?(?:说|讲|写|填)?|算了|跳过"
    r"|later|skip|not now"
)


_LATER_CHOICE: Final = (choice((), Words("companions.later")),)


def read_names(text: str, context: Context) -> tuple[Companion, ...] | Ask:
    """Who comes along; none where somebody would rather not say, asked again where only 老婆 was said.

    Raises Refused("companions.not_understood").
    """
    if _LATER.fullmatch(bare(plain(text)).rstrip("吧了啊")):
        return ()
    if "?" in plain(text):
        raise Refused("companions.not_understood")
    return Ask(_LATER_CHOICE) if only_who(text) else read_companions(text, context) or ()


def later(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The way out."""
    return _LATER_CHOICE


def asked_names(_context: Context, answers: Answers) -> tuple[Words, ...]:
    """The question; after a list that was too long, why it is asked again."""
    most = answers.of("most", int)
    if answers.get("again", int):
        return (Words("companions.too_many", {"n": most + 1, "most": most}), Words("companions.again"))
    return (Words("companions.ask"),)


def accompanied(answers: Answers, _context: Context) -> Command | Start:
    """Stores the names, or asks on at once where there are none."""
    number, most = answers.of("number", str), answers.of("most", int)
    named: tuple[Companion, ...] = answers.get("companions", tuple) or ()
    if len(named) > most:
        return Start("companions", {"number": number, "most": most, "again": 1})
    return AddCompanions(number, named) if named else Start("extras", {"number": number})


def offered(_context: Context, answers: Answers) -> tuple[Choice, ...]:
    """One choice a mark that was not named yet, and "nothing (more)"."""
    noted = answers.get("noted", tuple) or ()
    left = (mark for mark in (*GROUPS, *NEEDS) if mark not in noted)
    nothing = Words("extras.no_more" if noted else "extras.nothing")
    return (*(choice((mark,), Words(f"mark.{mark}")) for mark in left), choice((), nothing))


def asked(_context: Context, answers: Answers) -> tuple[Words, ...]:
    """The question, or whether there is more."""
    return (Words("extras.more" if "noted" in answers else "extras.marks.ask"),)


def noted(answers: Answers, _context: Context) -> Command | Tell:
    """Marks the registration; with nothing to mark it is over."""
    said: tuple[Mark, ...] = answers.get("marks", tuple) or ()
    if said:
        return AddMarks(answers.of("number", str), (*(answers.get("noted", tuple) or ()), *said))
    return Tell((Words("extras.done"),))


FLOWS = (
    Flow(
        name="companions",
        questions=(
            Question("number", WORD, line=False),
            Question("most", NUMBER, line=False, applies=never),
            Question("again", NUMBER, line=False, applies=never),
            Question(
                "companions",
                Reader(tuple[Companion, ...], read_names, greedy=True),
                later,
                asks=asked_names,
                line=False,
                words="companions",
            ),
        ),
        becomes=accompanied,
        passing=True,
    ),
    Flow(
        name="extras",
        questions=(
            Question("number", WORD, line=False),
            Question("noted", NOTED, line=False, applies=never),
            Question("marks", MARKS, offered, asks=asked, line=False),
        ),
        becomes=noted,
        passing=True,
    ),
)
