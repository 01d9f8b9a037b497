"""代报名: signing up other people, one after another, without saying again what stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.others import RegisterOther
from domain.people import Name, Phone
from domain.registrations import Amend
from flows import prompts
from flows.answers.picked import NUMBER, pick_one
from flows.answers.travellers import TRAVELLER, read_called
from flows.flow import Answers, Choice, Context, Flow, Left, Question, Reader, Start, choice, never
from flows.registration import QUESTIONS, answers_from, wish
from texts.say import Words

_STAYS = ("direction", "day", "origin", "destination", "employer")  # from one person to the next; all else is theirs
_OF_THE_SITTING = (*_STAYS, "registrar", "count", "phone_before")

REGISTRAR = Reader(Name, read_called, greedy=True)  # whom they sign up is found in passing, they themselves never
PHONE_BEFORE = Reader(Phone, pick_one)


def own_name(context: Context) -> object:
    """How the person is called, where they are signed up themselves."""
    return context.known[0].wish.name if context.known else None


def same_name(context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """How they were called the last time."""
    name = context.others[0].registrar_name if context.others else None
    return (choice(name, Words("others.registrar.same", {"name": name})),) if name else ()


def once_introduced(_context: Context, answers: Answers) -> bool:
    """Everything about the traveller comes after the registrar's own name: until then a name is theirs."""
    return "registrar" in answers


def introduced(question: Question) -> Question:
    """That question where it comes after the registrar's own name; what is never asked stays so."""
    return question if question.applies is never else replace(question, applies=once_introduced)


def who(_context: Context, answers: Answers) -> tuple[Words, ...]:
    """The next person; at the first one, whom one may sign up at all."""
    if "name" in answers:
        return (Words("others.name.ask"),)
    return (Words("others.next"),) if answers.get("count", int) else (Words("others.only_who_asked"),)


def that_is_all(_context: Context, answers: Answers) -> tuple[Choice, ...]:
    """The way out, once somebody has been signed up."""
    if answers.get("count", int) and "name" not in answers:
        return (choice(prompts.CANCEL, Words("others.finish")),)
    return ()


def known_phones(context: Context, answers: Answers) -> tuple[Choice, ...]:
    """The number of the person before (a family may share one), and the registrar's own."""
    last = answers.get("phone_before", Phone)
    own = context.known[0].wish.phone if context.known else None
    choices: tuple[Choice, ...] = (choice(last, Words("others.phone.same", {"phone": last})),) if last else ()
    if own and own != last:
        choices += (choice(own, Words("others.phone.own", {"phone": own})),)
    return choices


_SIZES = (
    choice(1, Words("others.party.alone")),
    *(choice(size, Words("party.people", {"n": size})) for size in (2, 3, 4)),
)


def party_sizes(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """They alone, and two to four people."""
    return _SIZES


def one_person(_value: object, _context: Context) -> Mapping[str, object]:
    """Who is signed up by somebody else mostly travels alone; the review says so, and it can be changed there."""
    return {"party": 1}


def of_traveller(question: Question) -> Question:
    """A question of the registration, put to somebody who answers for another person."""
    match question.name:
        case "name":
            return replace(question, reader=TRAVELLER, asks=who, choices=that_is_all)
        case "phone":
            return replace(question, choices=known_phones, fills=one_person)
        case "party":
            return replace(question, choices=party_sizes)
        case "identity":  # nobody can agree to that for somebody else
            return replace(question, applies=never)
    return replace(question, words=f"registration.{question.name}")  # asked in words that fit anybody


TRAVELLER_QUESTIONS = tuple(of_traveller(one) for one in QUESTIONS if one.name != "identity_agreed")


def register_other(answers: Answers, _context: Context) -> RegisterOther:
    """Signing up somebody else."""
    return RegisterOther(answers.of("registrar", Name), wish(answers), answers.get("count", int) or 0)


def next_one(done: RegisterOther) -> Start:
    """The same once more for the next person."""
    given = {name: value for name, value in answers_from(done.wish).items() if name in _STAYS}
    same = {"registrar": done.registrar, "count": done.before + 1, "phone_before": done.wish.phone}
    return Start("others", given | same)


def enough(answers: Answers, _context: Context) -> Left:
    """Cancelling drops the person that is being asked about; with none, that was all."""
    theirs = [name for name in answers if name not in _OF_THE_SITTING]
    if theirs:
        return Left(Words("others.dropped"), Start("others", dict(answers.without(*theirs).items())))
    count = answers.get("count", int)
    return Left(Words("others.finished", {"n": count})) if count else Left(Words("others.left"))


def amend(answers: Answers, _context: Context) -> Amend:
    """Changing what was signed up for somebody else."""
    return Amend(answers.of("registration", int), wish(answers))


FLOWS = (
    Flow(
        name="others",
        questions=(
            Question("registrar", REGISTRAR, same_name, assumes=own_name, line=False),
            Question("count", NUMBER, applies=never, line=False),
            Question("phone_before", PHONE_BEFORE, applies=never, line=False),
            *(introduced(question) for question in TRAVELLER_QUESTIONS),
        ),
        becomes=register_other,
        opens=(
            *("代报名", "帮别人报名", "帮人报名", "替人报名", "替别人报名", "帮家里人报名", "给别人报名", "代报"),
            *("register others", "sign up others", "register someone else", "sign up someone else"),
        ),
        leaves=enough,
        nudged=True,
        ends=("报完了", "报完", "完了", "结束", "没有了", "就这些", "done", "finished", "that's all"),
        review=True,
    ),
    Flow(
        name="change_other",
        questions=(Question("registration", NUMBER, applies=never, line=False), *TRAVELLER_QUESTIONS),
        becomes=amend,
        review=True,
        words="others",
    ),
)
