"""After signing up: one question that nobody has to answer, about what offices count and heed."""

from __future__ import annotations

from domain.marks import GROUPS, NEEDS, AddMarks, Mark
from flows.answers.marks import MARKS, NOTED
from flows.answers.picked import WORD
from flows.flow import Answers, Choice, Command, Context, Flow, Question, Tell, choice
from texts.say import Words


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
        name="extras",
        questions=(
            Question("number", WORD, line=False),
            Question("noted", NOTED, line=False, applies=lambda _context, _answers: False),
            Question("marks", MARKS, offered, asks=asked, line=False),
        ),
        becomes=noted,
        passing=True,
    ),
)
