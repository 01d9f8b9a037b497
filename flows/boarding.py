"""What people can answer to a departure, a reminder or a change: I come, I don't, I have seen it."""

from __future__ import annotations

from domain.boarding import SeeChange
from domain.trips import AnswerSeat
from flows.flow import Action, Command, Context
from texts.say import Button, Words


def newest_seat(context: Context) -> int | None:
    """The seat that is meant where only words are said: that of the newest registration that has one; of somebody else
    whom they signed up, where that can be only one.
    """
    own = next((known.seat.id for known in context.known if known.seat is not None), None)
    if own is not None:
        return own
    others = [one.seat.id for one in context.others if one.seat is not None and not one.taken]
    return others[0] if len(others) == 1 else None


def come(seat: int) -> Command:
    """They come (also after having said that they don't)."""
    return AnswerSeat(seat, coming=True)


def stay(seat: int) -> Command:
    """They don't come."""
    return AnswerSeat(seat, coming=False)


def see(seat: int) -> Command:
    """They have read what changed."""
    return SeeChange(seat)


COMING = Action(
    name="coming",
    said=("我会来", "会来", "来", "我来", "一定来", "还是来", "coming", "i'll come", "i will come", "i'm coming"),
    number=1,
    finds=newest_seat,
    command=come,
)
NOT_COMING = Action(
    name="not_coming",
    said=(
        "我不来了",
        "不来了",
        "不来",
        "我不来",
        "来不了",
        "来不了了",
        "不去了",
        "not coming",
        "i'm not coming",
        "can't come",
    ),
    number=2,
    finds=newest_seat,
    command=stay,
)
SEEN = Action(
    name="seen",
    said=("知道了", "我知道了", "晓得了", "收到", "got it", "noted"),
    number=0,
    finds=newest_seat,
    command=see,
)

ACTIONS = (COMING, NOT_COMING, SEEN)


def button(action: Action, seat: int) -> Button:
    """The button under a message about that seat."""
    return Button(f"a.{action.name}.{seat}", Words(f"boarding.{action.name}"))
