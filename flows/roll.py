"""名单: the people whom somebody has signed up, to be looked at, changed, cancelled, or given a new code."""

from __future__ import annotations

from collections.abc import Sequence

from domain.others import RenewCode
from domain.refusals import Refused
from domain.registrations import Registered, Withdraw
from domain.trips import AnswerSeat
from flows import prompts
from flows.answers import yes_no
from flows.answers.picked import NUMBER, WORD
from flows.answers.reading import bare, plain
from flows.flow import Answers, Ask, Choice, Command, Context, Flow, Question, Reader, Start, Tell, choice, never
from flows.mine import seat, values_of
from flows.registration import answers_from
from texts.say import Value, Words

PAGE = 8  # people on one page: a phone shows so many buttons without scrolling much
NEXT = 0  # stands where a registration's id would: the page after this one
LEAST_DIGITS = 4  # of a phone number, so that a bare number picks a line


def find_person(text: str, context: Context) -> int | Ask:
    """The one of the list whose name, phone or registration number holds the text, several to pick from.

    Raises Refused("roll.nobody").
    """
    said = "".join(bare(plain(text)).split())
    found = [one for one in context.others if said and _fits(one, said)][: PAGE + 1]
    if not found:
        raise Refused("roll.nobody")
    return found[0].id if len(found) == 1 else Ask(lines(found[:PAGE]))


def _fits(one: Registered, said: str) -> bool:
    name, number = "".join(one.wish.name.text.split()).casefold(), one.number.casefold()
    if said.isdigit() and len(said) >= LEAST_DIGITS and said in one.wish.phone.digits:
        return True
    return said in name or said.replace("-", "") == number.replace("-", "")


def lines(some: Sequence[Registered]) -> tuple[Choice, ...]:
    """One choice a person."""
    return tuple(choice(one.id, line(one)) for one in some)


def line(one: Registered) -> Words:
    """A person of the list, in one line of a small phone too."""
    values: dict[str, Value] = {"name": one.wish.name, "day": one.wish.window}
    return Words("roll.line_taken" if one.taken else "roll.line", values)


def page_of(answers: Answers) -> int:
    """Which page of the list is shown, 0 the first."""
    return answers.get("page", int) or 0


def people(context: Context, answers: Answers) -> tuple[Choice, ...]:
    """The people of this page, and the ways to the next one and out."""
    start = page_of(answers) * PAGE
    shown = lines(context.others[start : start + PAGE])
    more = (choice(NEXT, Words("roll.next")),) if len(context.others) > start + PAGE else ()
    return (*shown, *more, choice(prompts.CANCEL, Words("roll.close")))


def how_many(context: Context, _answers: Answers) -> tuple[Words, ...]:
    """How many there are, and how else to find one."""
    n = len(context.others)
    return (Words("roll.many" if n > PAGE else "roll.registration.ask", {"n": n}),)


def some(context: Context, _answers: Answers) -> bool:
    """Whether there is anybody on the list."""
    return bool(context.others)


def chosen(context: Context, answers: Answers) -> Registered | None:
    """Whose registration is talked about."""
    wanted = answers.get("registration", int)
    return next((one for one in context.others if one.id == wanted), None) if wanted else None


def somebody(context: Context, answers: Answers) -> bool:
    """Whether one was picked."""
    return chosen(context, answers) is not None


def deeds(context: Context, answers: Answers) -> tuple[Choice, ...]:
    """What can be done for that person; nothing for one who has taken it over."""
    one = chosen(context, answers)
    can: tuple[str, ...] = ()
    if one is not None and not one.taken:
        can = ("change", "withdraw", "code")
        if one.seat is not None:
            can = (*(("stay",) if one.seat.coming else ("come", "stay")), *can)
    return tuple(choice(deed, Words(f"roll.{deed}")) for deed in (*can, "back"))


def read_out(context: Context, answers: Answers) -> tuple[Words, ...]:
    """The person, read out before it is asked what to do."""
    one = chosen(context, answers)
    if one is None:
        return (Words("roll.none"),)
    if one.taken:
        return (Words("roll.taken", {"name": one.wish.name, "number": one.number}),)
    return (Words("roll.whole", values_of(one)), *seat(one), Words("roll.deed.ask"))


def to_cancel(context: Context, answers: Answers) -> bool:
    """Whether it is asked once more."""
    return answers.get("deed", str) == "withdraw" and somebody(context, answers)


def sure(context: Context, answers: Answers) -> tuple[Words, ...]:
    """Who it is, before it is asked whether their registration shall be cancelled."""
    one = chosen(context, answers)
    return (Words("roll.sure.ask", {"name": one.wish.name}),) if one else (Words("roll.none"),)


def go_on(answers: Answers, context: Context) -> Command | Start | Tell:
    """What was picked is done; some of it is a conversation of its own."""
    if answers.get("registration", int) == NEXT:
        return Start("roll", {"page": page_of(answers) + 1})
    one = chosen(context, answers)
    if one is None:
        return Tell((Words("roll.none"),))
    match answers.get("deed", str):
        case "change":
            return Start("change_other", {"registration": one.id, **answers_from(one.wish)})
        case "withdraw":
            return Withdraw(one.id) if answers.get("sure", bool) else Tell((Words("mine.kept"),))
        case "code":
            return RenewCode(one.id)
        case "come" | "stay" as answer if one.seat is not None:
            return AnswerSeat(one.seat.id, coming=answer == "come")
    return Start("roll", {"page": page_of(answers)})


def shown_person(_value: object) -> Value:
    """The one that was picked: who it is stands below."""
    return Words("roll.picked")


FLOWS = (
    Flow(
        name="roll",
        questions=(
            Question("page", NUMBER, applies=never, line=False),
            Question(
                "registration",
                Reader(int, find_person),
                people,
                applies=some,
                asks=how_many,
                shows=shown_person,
                line=False,
            ),
            Question("deed", WORD, deeds, applies=somebody, asks=read_out, line=False),
            Question(
                "sure",
                yes_no.YES_NO,
                yes_no.yes_or_no("roll.yes", "withdraw.no"),
                applies=to_cancel,
                asks=sure,
                line=False,
            ),
        ),
        becomes=go_on,
        opens=("名单", "代报名单", "我代报的", "看名单", "我帮别人报的", "my list", "list"),
        personal=False,
    ),
)
