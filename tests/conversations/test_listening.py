"""While the staff may have asked something: what goes to them, and what still means what it always means."""

from __future__ import annotations

import pytest

from domain.days import Window
from domain.ledger_requests import HangUp, PassOn
from domain.messages import Message, Pressed, Text
from domain.office import Office
from domain.people import Name, Phone
from domain.places import Place
from domain.registrations import Direction, Registered, Wish
from domain.trips import AnswerSeat, Seat, Stop
from domain.wishes import Erase
from flows import engine
from flows.flow import Command, Context, Done, Start
from flows.helping import ENOUGH
from flows.state import Step, Talk
from tests.conversations.stage import CHANNELS, NOW, OFFICE_PHONE, areas, catalogues, flows, moment

SEAT = Seat(7, 1, "LJ-1", 1, Stop(1, "柳江汽车站", moment("2027-02-14T07:30")), "桂B·12345", None)
WISH = Wish(
    Direction.WORK,
    Window(undecided=True),
    Place("450206"),
    Place("440310"),
    "比亚迪",
    Name("韦小明"),
    Phone("13800012345"),
    1,
)
IDLE = Talk(consented=True)
ASKED = 5  # the request in which the staff have asked something


def context(request: int | None = ASKED) -> Context:
    """Somebody with a seat, whose words go to that request."""
    return Context(
        now=moment(NOW),
        office=Office("450200", OFFICE_PHONE),
        areas=areas(),
        texts=catalogues()["zh-CN"],
        traits=CHANNELS["web"],
        token="t",
        known=(Registered(1, "LJ-AAAAA2", WISH, SEAT),),
        request=request,
    )


def heard(text: str, talk: Talk = IDLE, *, request: int | None = ASKED) -> Step:
    return engine.advance(flows(), talk, _message(Text(text)), context(request))


def _message(said: Text | Pressed) -> Message:
    return Message("web", "anna", "m1", said, moment(NOW))


def helping() -> Talk:
    """Somebody who is talking with the staff."""
    done = Done("helping.passed_on", then=Start("helping"))
    return engine.conclude(flows(), heard("喂"), done, context()).talk


@pytest.mark.parametrize("text", ["2", "1", "谢谢", "好的", "你好", "初八不行，改成初九", "999"])
@pytest.mark.parametrize("talking", [False, True])
def test_words_and_numbers_go_to_the_staff(text: str, talking: bool) -> None:
    step = heard(text, helping() if talking else IDLE)
    assert step.command == PassOn(ASKED, text)


@pytest.mark.parametrize(("text", "command"), [("1", AnswerSeat(7, coming=True)), ("2", AnswerSeat(7, coming=False))])
def test_number_answers_the_departure_where_nobody_has_asked_anything(text: str, command: Command) -> None:
    assert heard(text, request=None).command == command


@pytest.mark.parametrize("talking", [False, True])
def test_words_and_buttons_under_a_notice_work_all_the_same(talking: bool) -> None:
    talk = helping() if talking else IDLE
    assert heard("不来了", talk).command == AnswerSeat(7, coming=False)
    pressed = engine.advance(flows(), talk, _message(Pressed("a.coming.7")), context())
    assert pressed.command == AnswerSeat(7, coming=True)


@pytest.mark.parametrize("word", sorted(ENOUGH))
def test_whoever_has_said_enough_ends_it(word: str) -> None:
    step = heard(word, helping())
    assert (step.command, step.ends) == (HangUp(), True)


def test_a_talk_that_the_staff_have_closed_takes_no_words() -> None:
    assert not isinstance(heard("2月14日怎么走", helping(), request=None).command, PassOn)


def test_data_can_be_deleted_while_talking() -> None:
    step = heard("删除", helping())
    assert step.talk.state is not None
    sure = heard("对，删除全部", step.talk)
    assert sure.command == Erase()
