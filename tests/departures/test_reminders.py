"""Reminders: when they fall due, who gets them, what a change of the trip does to them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import SHANGHAI, today
from domain.notices import Occasion
from domain.places import Place
from domain.reminders import RULES, Left, ahead, planned, quiet, rules_of, time_left
from domain.trips import Mode, Stop, Trip, TripStatus
from services import trips
from services.reminders import remind
from storage import tables
from tests.departures.setting import LEAVES, MORNING, SHEET, County, hours

NOBODY = Trip(
    id=1,
    code="LJ-0214-1",
    area="450206",
    mode=Mode.COACH,
    vehicle="桂B·12345",
    seats=40,
    cap=100,
    stops=(Stop(1, "柳江汽车站", LEAVES),),
    destination=Place("440300"),
    arrival="",
    escort_name="覃师傅",
    escort_phone="13800000001",
    bring="",
    status=TripStatus.PUBLISHED,
    revision=1,
)

moments = st.datetimes(datetime(2026, 12, 1), datetime(2027, 12, 1)).map(  # noqa: DTZ001 - a zone is put on
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
minutes = st.integers(5, 2880).map(str)
clocks = st.times().map(lambda one: f"{one:%H:%M}")
changes = st.fixed_dictionaries(
    {}, optional={"tomorrow": st.just("") | clocks, "hours_before": st.just("") | minutes, "board_soon": minutes}
)


def trip_at(leaves: datetime, *, changed: dict[str, str] | None = None) -> Trip:
    return replace(NOBODY, stops=(Stop(1, "站", leaves),), reminders=tuple((changed or {}).items()))


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def at(text: str) -> datetime:
    return datetime.strptime(f"2027-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("leaves", "tomorrow", "hours_before", "board_soon"),
    [
        ("02-14 12:00", "02-13 18:00", "02-14 09:00", "02-14 11:30"),
        ("02-14 09:00", "02-13 18:00", "02-14 06:00", "02-14 08:30"),
        ("02-14 08:59", "02-13 18:00", "02-13 21:30", "02-14 08:29"),
        ("02-14 02:00", "02-13 18:00", "02-13 21:30", "02-14 01:30"),
        ("02-14 01:00", "02-13 18:00", "02-13 21:30", "02-14 00:30"),
        ("02-14 00:59", "02-13 18:00", "02-13 21:59", "02-14 00:29"),
    ],
)
def test_reminder_falls_due(leaves: str, tomorrow: str, hours_before: str, board_soon: str) -> None:
    dues = {due.rule: due.due_at for due in planned(trip_at(at(leaves)))}
    assert dues == {"tomorrow": at(tomorrow), "hours_before": at(hours_before), "board_soon": at(board_soon)}


@given(moments, changes)
def test_reminder_wakes_nobody_and_never_follows_the_departure(leaves: datetime, changed: dict[str, str]) -> None:
    loud = {rule.name for rule in RULES if rule.loud}
    for due in planned(trip_at(leaves, changed=changed)):
        assert due.due_at < leaves
        assert due.due_at <= due.lapses_at <= leaves
        assert due.rule in loud or not quiet(due.due_at)


@given(moments, changes, moments)
def test_reminder_that_is_made_lies_ahead(leaves: datetime, changed: dict[str, str], now: datetime) -> None:
    dues = planned(trip_at(leaves, changed=changed))
    assert all(due.due_at > now for due in ahead(dues, now))
    assert {due.rule for due in dues} == {rule.name for rule in rules_of(tuple(changed.items()))}


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
def test_time_left_is_said_closely_enough(leaves: datetime, before: timedelta) -> None:
    left = time_left(leaves, leaves - before)
    match left:
        case Left("days", n):
            assert n == (today(leaves) - today(leaves - before)).days > 0
        case Left("hours", n):
            assert abs(timedelta(hours=n) - before) <= timedelta(minutes=30)
        case Left("minutes", n):
            assert abs(timedelta(minutes=n) - before) <= timedelta(minutes=4)


# ── The tick ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def tick(county: County, moment: datetime) -> list[str]:
    """What people are told at that moment, each by its first words."""
    county.clock.at(moment)
    await remind(county.database, county.desk)
    return [text.partition("】")[0] + "】" for _, text in await county.say()]


async def aboard(county: County, **changes: object) -> int:
    trip = await county.trip(replace(SHEET, **changes), aboard=await county.people(1), published=True)  # type: ignore[arg-type]
    await county.say()
    return trip


async def test_three_reminders_go_out_in_turn(county: County) -> None:
    await aboard(county)
    assert await tick(county, at("02-13 17:59")) == []
    assert await tick(county, at("02-13 18:00")) == ["【明天出发】"]
    assert await tick(county, at("02-13 18:01")) == []
    assert await tick(county, at("02-13 21:30")) == ["【明天出发】"]  # 4:30 would wake people
    assert await tick(county, at("02-14 04:30")) == []
    assert await tick(county, at("02-14 07:00")) == ["【还有 30 分钟】"]


async def test_reminder_says_where_and_when(county: County) -> None:
    county.clock.at(MORNING)
    await aboard(county, stops=(replace(SHEET.stops[0], departs_at=LEAVES + hours(4)),))
    county.clock.at(LEAVES + hours(1))
    await remind(county.database, county.desk)
    said = (await county.say())[-1][1]
    assert said.splitlines() == [
        "【还有 3 小时】11:30 在柳江汽车站 2 号门上车，请 11:10 到。",
        "车牌：桂B·12345  随车：覃师傅 138 0000 0001",
        "上车请系好安全带。不坐超员车、黑车。",
    ]


async def test_trip_changes_and_switches_off_its_reminders(county: County) -> None:
    await aboard(county, reminders=(("tomorrow", "12:00"), ("hours_before", ""), ("board_soon", "60")))
    assert await tick(county, at("02-13 12:00")) == ["【明天出发】"]
    assert await tick(county, at("02-13 21:30")) == []
    assert await tick(county, at("02-14 06:30")) == ["【还有 60 分钟】"]


async def test_ticks_side_by_side_remind_once(county: County) -> None:
    trip = await county.trip(aboard=await county.people(30), published=True)
    await county.say()
    county.clock.at(at("02-13 18:00"))
    told = await asyncio.gather(*(remind(county.database, county.desk) for _ in range(4)))
    assert sum(told) == len(await county.waiting(Occasion.REMINDER)) == 30
    assert trip


async def test_fan_out_goes_in_chunks_and_a_second_run_is_harmless(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.due.CHUNK", 7)
    await county.trip(aboard=await county.people(30), published=True)
    county.clock.at(at("02-13 18:00"))
    assert await remind(county.database, county.desk) == 30
    async with county.database.work() as work:  # as if the process had died before it could write down that it is done
        await work.db.execute(tables.due.update().values(state="waiting", cursor=0))
        await work.commit()
    assert await remind(county.database, county.desk) == 0
    assert len(await county.waiting(Occasion.REMINDER)) == 30


async def test_late_reminder_is_sent_while_it_is_useful_and_then_missed(county: County) -> None:
    trip = await aboard(county)
    assert await tick(county, at("02-13 19:30")) == ["【明天出发】"]
    assert await tick(county, at("02-14 06:40")) == []
    assert await tick(county, at("02-14 07:30")) == []
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [(one.rule, one.state) for one in page.reminders] == [
        ("tomorrow", "done"),
        ("hours_before", "missed"),
        ("board_soon", "missed"),
    ]


async def test_late_reminder_waits_until_people_are_up(county: County) -> None:
    await aboard(county)
    await tick(county, at("02-13 18:00"))
    assert await tick(county, at("02-13 22:30")) == []
    assert await tick(county, at("02-14 05:59")) == []
    assert await tick(county, at("02-14 06:00")) == ["【还有 90 分钟】"]


async def test_rule_that_fell_due_before_publication_is_covered_by_the_departure_notice(county: County) -> None:
    county.clock.at(at("02-13 20:00"))
    trip = await aboard(county)
    assert await tick(county, at("02-13 20:01")) == []
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [one.rule for one in page.reminders] == ["hours_before", "board_soon"]


async def test_moved_departure_moves_its_reminders(county: County) -> None:
    trip = await aboard(county)
    await tick(county, at("02-13 18:00"))
    await county.edit(trip, leaves=LEAVES + hours(24))
    assert await tick(county, at("02-13 21:30")) == ["【时间有变】"]
    assert await tick(county, at("02-14 07:00")) == []
    assert await tick(county, at("02-14 18:00")) == ["【明天出发】"]
    assert await tick(county, at("02-14 21:30")) == ["【明天出发】"]
    assert await tick(county, at("02-15 07:00")) == ["【还有 30 分钟】"]


async def test_departure_moved_there_and_back_reminds_as_before_and_only_once(county: County) -> None:
    trip = await aboard(county)
    await tick(county, at("02-13 18:00"))
    await county.edit(trip, leaves=LEAVES + hours(1))
    await county.edit(trip, leaves=LEAVES)
    assert await tick(county, at("02-13 18:01")) == []
    assert await tick(county, at("02-13 21:30")) == ["【明天出发】"]


async def test_change_of_plate_does_not_remind_again(county: County) -> None:
    trip = await aboard(county)
    await tick(county, at("02-13 18:00"))
    await county.edit(trip, vehicle="桂B·2")
    assert await tick(county, at("02-13 18:01")) == ["【班次有变】"]


async def test_change_of_plate_does_not_swallow_a_reminder_that_is_late(county: County) -> None:
    trip = await aboard(county)
    county.clock.at(at("02-13 18:05"))
    await county.edit(trip, vehicle="桂B·2")
    assert await tick(county, at("02-13 18:06")) == ["【班次有变】", "【明天出发】"]


async def test_unsent_reminder_of_the_old_hour_is_not_sent(county: County) -> None:
    trip = await aboard(county)
    county.clock.at(at("02-13 18:00"))
    await remind(county.database, county.desk)
    await county.edit(trip, leaves=LEAVES + hours(24))
    assert [text[:6] for _, text in await county.say()] == ["【时间有变】"]


async def test_reminder_that_was_being_sent_when_the_hour_moved_says_nothing_later(county: County) -> None:
    trip = await aboard(county)
    county.clock.at(at("02-13 18:00"))
    await remind(county.database, county.desk)
    (row,) = await county.waiting(Occasion.REMINDER)
    await county.change(tables.outbox, row.id, state="sending")
    await county.edit(trip, leaves=LEAVES + hours(24))
    await county.say()
    await county.change(tables.outbox, row.id, state="queued")
    assert await county.say() == []


async def test_late_joiner_gets_the_present_state_and_no_reminder_that_has_passed(county: County) -> None:
    trip = await aboard(county)
    county.clock.at(at("02-13 18:30"))  # the tick is late
    await county.place(trip, await county.people(1))
    await remind(county.database, county.desk)
    said = [(chat, text[:6]) for chat, text in await county.say()]
    assert said == [(2, "【发车通知】"), (1, "【明天出发】")]
    assert len(await tick(county, at("02-13 21:30"))) == 2


async def test_who_does_not_come_or_wants_no_messages_is_not_reminded(county: County) -> None:
    ids = await county.people(4)
    await county.trip(aboard=ids, published=True)
    await county.say()
    await county.answer(1, coming=False, contact=1)
    await county.change(tables.contacts, 2, stopped_at=MORNING)
    await county.change(tables.contacts, 3, gone_at=MORNING)
    county.clock.at(at("02-13 18:00"))
    await remind(county.database, county.desk)
    assert [chat for chat, _ in await county.say()] == [4]


async def test_who_said_no_between_the_tick_and_the_sending_is_not_reminded(county: County) -> None:
    await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    county.clock.at(at("02-13 18:00"))
    await remind(county.database, county.desk)
    await county.answer(1, coming=False, contact=1)
    assert await county.say() == []


async def test_who_stopped_messages_is_still_told_of_their_own_trip(county: County) -> None:
    await county.trip(aboard=await county.people(1))
    await county.change(tables.contacts, 1, stopped_at=MORNING)
    await trips.publish(county.scope, county.database, county.desk, 1)
    await trips.call_off(county.scope, county.database, county.desk, 1)
    assert [text[:6] for _, text in await county.say()] == ["【班次取消】"]


async def test_called_off_trip_reminds_nobody(county: County) -> None:
    trip = await aboard(county)
    await trips.call_off(county.scope, county.database, county.desk, trip)
    await county.say()
    assert await tick(county, at("02-13 18:00")) == []
