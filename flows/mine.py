"""我的报名: what is stored of this person, to be changed or cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from domain.days import Moment
from domain.people import masked_identity
from domain.registrations import Registered, Withdraw
from flows.answers import yes_no
from flows.answers.companions import shown_names
from flows.answers.picked import NUMBER, WORD
from flows.flow import Answers, Choice, Command, Context, Flow, Question, Start, Tell, choice
from flows.known import several, summary, which
from flows.registration import answers_from
from texts.say import Value, Words


def some(context: Context, _answers: Answers) -> bool:
    """Whether there is anything to be asked about."""
    return bool(context.known)


def deeds(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """What can be done with a registration."""
    return (
        choice("change", Words("mine.change")),
        choice("withdraw", Words("mine.withdraw")),
        choice("keep", Words("mine.keep")),
    )


def values_of(one: Registered) -> dict[str, Value]:
    """All that is stored of a registration, as it stands in sentences."""
    wish = one.wish
    return {
        "number": one.number,
        "direction": Words(f"direction.{wish.direction.value}"),
        "day": wish.window,
        "origin": wish.origin,
        "destination": wish.destination,
        "employer": wish.employer or Words("registration.employer.skipped"),
        "name": wish.name,
        "phone": wish.phone,
        "people": Words("party.people", {"n": wish.party}),
    }


def whole(one: Registered) -> tuple[Words, ...]:
    """A registration with all that is stored of it, who made it for them, and the seat where there is one."""
    made_by = (Words("mine.registrar", {"name": one.registrar_name}),) if one.registrar_name else ()
    return (Words("mine.whole", values_of(one)), *_told_by_them(one), *made_by, *seat(one))


def _told_by_them(one: Registered) -> Iterator[Words]:
    """What only some offices ask: the identity number, of which nobody needs to see more here, and who comes along."""
    if one.wish.identity:
        yield Words("mine.identity", {"masked": masked_identity(one.wish.identity.digits)})
    if one.companions:
        yield Words("mine.companions", {"names": shown_names(one.companions)})


def seat(one: Registered) -> tuple[Words, ...]:
    """Where and when to board, or that no vehicle is arranged yet."""
    if one.seat is None or one.seat.coming is False:
        return (Words("mine.no_seat"),)
    held = one.seat
    return (
        Words(
            "mine.seat",
            {
                "departs": Moment(held.stop.departs_at),
                "boards": Moment(held.stop.boards_at),
                "place": held.stop.place,
                "vehicle": held.vehicle,
            },
        ),
    )


def chosen(answers: Answers, context: Context) -> Registered | None:
    """The registration that is talked about."""
    wanted = answers.get("registration", int)
    return next((one for one in context.known if wanted in {None, one.id}), None)


def read_out(context: Context, answers: Answers) -> tuple[Words, ...]:
    """The registration, read out before it is asked what to do with it."""
    one = chosen(answers, context)
    return (*whole(one), Words("mine.deed.ask")) if one else (Words("mine.none"),)


def sure(context: Context, answers: Answers) -> tuple[Words, ...]:
    """Which registration it is, before it is asked whether it shall be cancelled."""
    one = chosen(answers, context)
    return (summary(one), Words("withdraw.sure.ask")) if one else (Words("mine.none"),)


def go_on(answers: Answers, context: Context) -> Start | Tell:
    """Changing and cancelling are conversations of their own."""
    one = chosen(answers, context)
    if one is None:
        return Tell((Words("mine.none"),))
    match answers.get("deed", str):
        case "change":
            return Start("change", {"registration": one.id, **answers_from(one.wish)})
        case "withdraw":
            return Start("withdraw", {"registration": one.id})
    return Tell((Words("mine.kept"),))


def withdraw(answers: Answers, context: Context) -> Command | Tell:
    """Cancels the registration once the person is sure."""
    one = chosen(answers, context)
    if one is None:
        return Tell((Words("mine.none"),))
    if answers.get("sure", bool):
        return Withdraw(one.id)
    return Tell((Words("mine.kept"),))


FLOWS = (
    Flow(
        name="mine",
        questions=(
            Question("registration", NUMBER, which, applies=several, line=False),
            Question("deed", WORD, deeds, applies=some, asks=read_out, line=False),
        ),
        becomes=go_on,
        opens=("我的报名", "查询", "查报名", "我的", "my registration", "my"),
        personal=False,
    ),
    Flow(
        name="withdraw",
        questions=(
            Question("registration", NUMBER, which, applies=several, line=False),
            Question(
                "sure",
                yes_no.YES_NO,
                yes_no.yes_or_no("withdraw.yes", "withdraw.no"),
                applies=some,
                asks=sure,
                line=False,
            ),
        ),
        becomes=withdraw,
        opens=("我不去了", "不走了", "我不走了", "不坐了", "i'm not going"),
        personal=False,
    ),
)
