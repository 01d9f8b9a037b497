"""Who signed up without a day is asked once more, where there is still something to ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.days import Window
from domain.messages import Pressed, Text
from domain.scope import Scope
from services import registrations as at_the_office
from services.nudging import nudge
from storage import tables
from tests.conversations.stage import HOME, Stage, fresh_url, moment
from tests.support.databases import Databases, PostgresDatabases
from texts.render import Rendered

CHANNEL = "telegram-like"
SIGNED_UP = "我叫{name}，一个人从柳江去深圳富士康"
ANNA, BAO = "韦小明13800012345", "覃小梅19900054321"
OFFICE = Scope(HOME, 1)
ASKED = "02-01T10:00"


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    url = await fresh_url(databases)
    async with Stage(url, moment("2027-01-10T09:00")) as opened:
        yield opened
    await databases.drop(url)


async def says(stage: Stage, *lines: str, who: str = "anna") -> list[Rendered]:
    """They write that; what they are told last."""
    for line in lines:
        await stage.take(stage.message(CHANNEL, who, Text(line)))
    return [message for _, message in await stage.deliver(CHANNEL)]


async def sign_up(stage: Stage, name: str = ANNA, *, day: str = "还没定", who: str = "anna") -> None:
    told = await says(stage, "报名", "同意", "返岗", SIGNED_UP.format(name=name), day, "都对", who=who)
    assert told[-1].text.startswith("报名成功")


async def at(stage: Stage, clock: str) -> list[Rendered]:
    """What people are told at that time."""
    stage.now = moment(f"2027-{clock}")
    put = await stage.tick()
    told = [message for _, message in await stage.deliver(CHANNEL)]
    assert len(told) == put
    return told


async def all_of(stage: Stage, table: Any) -> list[Any]:  # noqa: ANN401 - a row of any table
    async with stage.database.look() as look:
        return list((await look.db.execute(select(table).order_by(table.c.id))).all())


async def planned(stage: Stage) -> list[tuple[int, str]]:
    """The questions for a day: registration and state."""
    return [(row.registration, row.state) for row in await all_of(stage, tables.due) if row.rule == "undecided"]


async def correct(stage: Stage, window: Window) -> None:
    """Staff correct the day of the first registration."""
    page = await at_the_office.show(OFFICE, stage.database, 1)
    wish = replace(page.wish, window=window)
    await at_the_office.correct(OFFICE, stage.database, stage.desk, 1, wish, page.changed_at)


async def test_person_without_a_day_is_asked_once(stage: Stage) -> None:
    await sign_up(stage)
    assert await at(stage, "02-01T09:59") == []
    (asked,) = await at(stage, ASKED)
    assert "日子还没定" in asked.text
    assert len(asked.buttons) == 3
    for day in ("02-01T10:01", "02-02T10:00", "02-08T10:00", "02-11T10:00"):
        assert await at(stage, day) == []
    assert await planned(stage) == [(1, "done")]


async def test_person_with_a_day_is_not_asked(stage: Stage) -> None:
    await sign_up(stage, day="2月13号")
    assert await planned(stage) == []


async def test_day_that_is_pressed_is_stored_only_once_it_is_confirmed(stage: Stage) -> None:
    await sign_up(stage)
    (asked,) = await at(stage, ASKED)
    await stage.take(stage.message(CHANNEL, "anna", Pressed(asked.buttons[1][1])))
    assert (await all_of(stage, tables.registrations))[0].undecided
    await says(stage, "都对")
    (row,) = await all_of(stage, tables.registrations)
    assert (row.undecided, row.first, row.last) == (False, date(2027, 2, 13), date(2027, 2, 13))


async def test_button_of_another_person_changes_nothing(stage: Stage) -> None:
    await sign_up(stage)
    await sign_up(stage, BAO, day="2月13号", who="bao")
    asked = await at(stage, ASKED)
    await stage.take(stage.message(CHANNEL, "bao", Pressed(asked[0].buttons[1][1])))
    (told,) = [message for _, message in await stage.deliver(CHANNEL)]
    assert told.text.startswith("这个报名已经不在了")


@pytest.mark.parametrize("lines", [("改成2月13号", "都对"), ("取消报名", "是"), ("退订",), ("删除", "是")])
async def test_who_settled_cancelled_or_wants_no_messages_is_not_asked(stage: Stage, lines: tuple[str, ...]) -> None:
    await sign_up(stage)
    assert await planned(stage) == [(1, "waiting")]
    await says(stage, *lines)
    assert await at(stage, ASKED) == []
    assert await planned(stage) in ([(1, "dropped")], [])  # erased with the registration


@pytest.mark.parametrize("lines", [("改成初八", "都对"), ("取消报名", "是"), ("退订",)])
async def test_question_says_nothing_once_it_is_settled(stage: Stage, lines: tuple[str, ...]) -> None:
    await sign_up(stage)
    stage.now = moment(f"2027-{ASKED}")
    assert await stage.tick() == 1
    told = await says(stage, *lines)
    assert len(told) == len(lines)
    assert not any("日子还没定" in message.text for message in told)


async def test_who_has_a_seat_is_not_asked(stage: Stage) -> None:
    await sign_up(stage)
    trip = {"id": 1, "code": "LJ-1", "area": HOME, "mode": "coach", "vehicle": "", "seats": 40, "cap": 100}
    trip |= {"destination": "440300", "destination_town": "", "arrival": "", "escort_name": b"", "escort_phone": b""}
    trip |= {"bring": "", "reminders": "{}", "status": "published", "revision": 1, "created_at": stage.now}
    leaves = moment("2027-02-13T07:30")
    async with stage.database.work() as work:
        await work.db.execute(tables.trips.insert(), [trip])
        stop = {"id": 1, "trip": 1, "position": 1, "place": "", "departs_at": leaves}
        await work.db.execute(tables.stops.insert(), [stop])
        seat = {"trip": 1, "registration": 1, "stop": 1, "party": 1, "created_at": stage.now}
        await work.db.execute(tables.seats.insert(), [seat])
        await work.commit()
    assert await at(stage, ASKED) == []
    assert await planned(stage) == [(1, "dropped")]


async def test_who_takes_the_day_back_is_asked_once_however_often(stage: Stage) -> None:
    await sign_up(stage, day="2月13号")
    await correct(stage, Window(undecided=True))
    assert await planned(stage) == [(1, "waiting")]
    await correct(stage, Window(date(2027, 2, 13), date(2027, 2, 13)))
    await correct(stage, Window(undecided=True))
    assert await planned(stage) == [(1, "waiting")]
    assert len(await at(stage, ASKED)) == 1
    await correct(stage, Window(date(2027, 2, 13), date(2027, 2, 13)))
    await correct(stage, Window(undecided=True))
    assert await planned(stage) == [(1, "done")]


async def test_who_settled_it_and_took_it_back_after_the_tick_is_asked(stage: Stage) -> None:
    await sign_up(stage)
    await correct(stage, Window(date(2027, 2, 13), date(2027, 2, 13)))
    assert await at(stage, ASKED) == []
    await correct(stage, Window(undecided=True))
    assert await planned(stage) == [(1, "dropped"), (1, "waiting")]
    assert await at(stage, "02-01T20:59") == []
    assert len(await at(stage, "02-02T10:00")) == 1


async def test_two_registrations_of_one_chat_are_asked_for_one_by_one(stage: Stage) -> None:
    await sign_up(stage)
    await sign_up(stage, BAO)
    assert len(await at(stage, ASKED)) == 2


async def test_who_is_gone_is_asked_in_their_other_chat(stage: Stage) -> None:
    await sign_up(stage)
    await says(stage, "你好", who="bao")
    async with stage.database.work() as work:
        (first, second) = await work.db.scalars(select(tables.contacts.c.id).order_by(tables.contacts.c.id))
        row = update(tables.contacts)
        await work.db.execute(row.where(tables.contacts.c.id == first).values(gone_at=stage.now))
        await work.db.execute(row.where(tables.contacts.c.id == second).values(person=1))
        await work.commit()
    stage.now = moment(f"2027-{ASKED}")
    assert await stage.tick() == 1
    assert [address for address, _ in await stage.deliver(CHANNEL)] == ["bao"]


@pytest.mark.parametrize(
    ("back", "told"), [("02-02T12:00", 1), ("02-11T20:59", 1), ("02-11T21:30", 0), ("02-12T10:00", 0)]
)
async def test_question_that_comes_late_is_asked_until_the_peak_is_over(stage: Stage, back: str, told: int) -> None:
    await sign_up(stage)
    assert len(await at(stage, back)) == told


async def test_who_signs_up_after_the_peak_is_not_asked(stage: Stage) -> None:
    stage.now = moment("2027-02-12T09:00")
    await sign_up(stage)
    assert await planned(stage) == []


async def test_ticks_at_once_ask_once(postgres_server: PostgresDatabases) -> None:
    url = await fresh_url(postgres_server)
    async with Stage(url, moment("2027-01-10T09:00")) as one, Stage(url) as other:
        for number in range(10):
            await sign_up(one, f"韦小明138000{number:05}", who=f"p{number}")
        one.now = other.now = moment(f"2027-{ASKED}")
        told = await asyncio.gather(*(nudge(stage.database, stage.desk) for stage in (one, other, one, other)))
        assert sum(told) == len(await one.deliver(CHANNEL)) == 10
    await postgres_server.drop(url)
