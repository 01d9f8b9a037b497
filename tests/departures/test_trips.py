"""Trips: written, published, changed, called off; who is told what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.notices import Occasion, Priority
from domain.places import Place
from domain.refusals import Faults, NotFound, Refused
from domain.rosters import Told, TripSearch
from domain.scope import Scope
from domain.sheets import StopSheet
from domain.trips import TripStatus
from services import seats, trips
from storage import tables
from tests.departures.setting import CITY_STAFF, LEAVES, LIUJIANG, LIUZHOU, MORNING, SHEET, County, hours


async def test_code_counts_the_trips_of_an_area_and_a_day(county: County) -> None:
    made = [await county.trip() for _ in range(2)]
    pages = [await trips.show(county.scope, county.database, county.desk, one) for one in made]
    assert [page.trip.code for page in pages] == ["LJ-0214-1", "LJ-0214-2"]
    assert pages[0].trip.escort_phone == "13800000001"


async def test_published_trip_tells_its_people_at_once(county: County) -> None:
    (alone,) = await county.people(1)
    (family,) = await county.people(1, party=2)
    trip = await county.trip(aboard=[alone, family])
    assert not await county.waiting()
    told = await trips.publish(county.scope, county.database, county.desk, trip)
    assert told == Told(2, 0)
    (_, first), (_, second) = await county.say()
    assert first.splitlines() == [
        "【发车通知】您坐的车定了：",
        "2月14日 周日（正月初九）7:30 发车，请 7:10 到",
        "上车：柳江汽车站 2 号门",
        "车牌：桂B·12345  随车：覃师傅 138 0000 0001",
        "到：广东省 深圳市，比亚迪 1 号门，约 17:00",
        "带好身份证。",
        "座位：1 个",
    ]
    assert second.endswith("座位：2 个，您和家人（同伴）")


async def test_publishing_twice_tells_once(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    assert await trips.publish(county.scope, county.database, county.desk, trip) == Told(0, 0)
    assert len(await county.waiting()) == 1


async def test_who_has_no_chat_is_counted(county: County) -> None:
    ids = await county.people(3)
    await county.change(tables.registrations, ids[0], contact=None)  # signed up at the counter, but once wrote
    await county.change(tables.contacts, ids[1], gone_at=MORNING)  # blocked the bot
    trip = await county.trip(aboard=ids)
    assert await trips.publish(county.scope, county.database, county.desk, trip) == Told(2, 1)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [one.reachable for one in page.passengers] == [True, False, True]


async def test_who_joins_a_published_trip_is_told_at_once(county: County) -> None:
    trip = await county.trip(published=True)
    county.clock.at(LEAVES - hours(1))
    await county.place(trip, await county.people(1))
    ((_, text),) = await county.say()
    assert text.startswith("【发车通知】")


async def test_registrar_reads_whose_seat_it_is(county: County) -> None:
    ids = await county.people(2)
    await county.change(tables.registrations, ids[1], contact=ids[0])
    await county.trip(aboard=ids, published=True)
    said = await county.say()
    assert [chat for chat, _ in said] == [ids[0], ids[0]]
    assert ["乘车人：韦2" in text for _, text in said] == [False, True]


async def test_registrar_without_a_registration_reads_whose_seats_they_are_until_these_are_taken_over(
    county: County,
) -> None:
    registrar, first, second = await county.people(3)
    await county.change(tables.registrations, registrar, status="cancelled")
    await county.change(tables.contacts, registrar, person=None)
    name = county.database.seal.seal_text("韦建国")
    for one in (first, second):
        await county.change(tables.registrations, one, contact=registrar, registrar=registrar, registrar_name=name)
    await county.change(tables.registrations, second, contact=second)  # has taken it over
    await county.trip(aboard=[first, second], published=True)
    said = await county.say()
    assert [chat for chat, _ in said] == [registrar, second]
    assert ["乘车人：韦2" in text for _, text in said] == [True, False]
    assert not any("乘车人：韦3" in text for _, text in said)


# ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_moved_departure_is_told_with_what_it_was(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, leaves=LEAVES + hours(0.5))
    ((_, text),) = await county.say()
    assert text.splitlines() == ["【时间有变】发车改到 8:00（原来 7:30），请 7:40 到。", "其他不变。"]


async def test_change_of_plate_and_escort_is_told(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, vehicle="桂B·99999", escort_phone="19900000002", escort_name="李师傅")
    ((_, text),) = await county.say()
    assert text.splitlines()[1:] == [
        "车牌改成：桂B·99999（原来 桂B·12345）",
        "随车的人换成：李师傅 199 0000 0002",
        "其他不变。",
    ]


async def test_only_the_people_of_the_changed_stop_are_told(county: County) -> None:
    both = replace(SHEET, stops=(*SHEET.stops, StopSheet(0, "拉堡路口", LEAVES + hours(0.5))))
    trip = await county.trip(both, published=True)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    first, second = await county.people(2)
    await seats.place(county.scope, county.database, county.desk, trip, page.trip.stops[0].id, [first])
    await seats.place(county.scope, county.database, county.desk, trip, page.trip.stops[1].id, [second])
    await county.say()
    moved = [StopSheet(one.id, one.place, one.departs_at) for one in page.trip.stops]
    moved[1] = replace(moved[1], place="拉堡镇政府")
    await trips.save(county.scope, county.database, county.desk, replace(SHEET, stops=tuple(moved)), trip)
    assert [chat for chat, _ in await county.say()] == [second]


async def test_change_that_nobody_needs_to_know_tells_nobody(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, seats=45)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert (page.trip.seats, page.trip.revision) == (45, 1)
    assert not await county.waiting()


async def test_unsent_departure_is_replaced_by_one_of_the_new_revision(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.edit(trip, leaves=LEAVES + hours(0.5))
    ((_, text),) = await county.say()
    assert text.startswith("【发车通知】")
    assert "8:00 发车" in text


async def test_two_changes_before_the_first_was_sent_are_told_as_one(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, leaves=LEAVES + hours(0.5), vehicle="桂B·2")
    await county.edit(trip, leaves=LEAVES + hours(1), vehicle="桂B·2")
    ((_, text),) = await county.say()
    assert text.splitlines() == [
        "【时间有变】发车改到 8:30（原来 7:30），请 8:10 到。",
        "车牌改成：桂B·2（原来 桂B·12345）",
        "其他不变。",
    ]


async def test_change_that_is_taken_back_before_it_was_sent_is_not_told(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, vehicle="桂B·2")
    await county.edit(trip)
    assert not await county.say()


async def test_message_of_an_older_revision_never_follows_a_newer_one(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    (first,) = await county.waiting()
    await county.change(tables.outbox, first.id, state="sending")  # the platform asks to wait, and meanwhile…
    await county.edit(trip, leaves=LEAVES + hours(0.5))
    await county.say()
    await county.change(tables.outbox, first.id, state="queued")
    assert not await county.say()


async def test_changes_of_tomorrow_are_urgent(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    await county.edit(trip, vehicle="桂B·2")
    county.clock.at(MORNING + hours(24))
    await county.say()
    await county.edit(trip, vehicle="桂B·3")
    urgent = [row.priority for row in await county.all(tables.outbox) if row.occasion == Occasion.CHANGE]
    assert urgent == [Priority.NOTICE, Priority.URGENT]


async def test_departed_trip_can_be_corrected_and_tells_nobody(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await county.say()
    county.clock.at(LEAVES + hours(1))
    await county.edit(trip, vehicle="桂B·2")
    assert not await county.waiting()


# ── Calling off ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_called_off_trip_tells_people_and_frees_their_seats(county: County) -> None:
    ids = await county.people(2)
    trip = await county.trip(aboard=ids, published=True)
    await county.say()
    assert await trips.call_off(county.scope, county.database, county.desk, trip) == Told(2, 0)
    said = await county.say()
    assert said[0][1].splitlines() == [
        "【班次取消】2月14日 周日（正月初九）7:30 从 柳江汽车站 2 号门 去 广东省 深圳市 的车取消了，请不要去等车。",
        "您的报名还在，排上别的车马上告诉您。着急请打 0772-7212345。",
    ]
    assert await county.place(await county.trip(), ids)
    assert {row.state for row in await county.all(tables.due)} == {"dropped"}
    assert await trips.call_off(county.scope, county.database, county.desk, trip) == Told(0, 0)


async def test_called_off_trip_says_nothing_else_any_more(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1), published=True)
    await trips.call_off(county.scope, county.database, county.desk, trip)
    assert [text[:6] for _, text in await county.say()] == ["【班次取消】"]
    with pytest.raises(Refused, match=r"trip\.cancelled"):
        await county.edit(trip)


async def test_draft_is_called_off_without_a_word(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1))
    await trips.call_off(county.scope, county.database, county.desk, trip)
    assert not await county.waiting()


# ── Faults and scopes ────────────────────────────────────────────────────────────────────────────────────────────────

Wrong = dict[str, Any]


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"area": "440300"}, "area", "trip.area_wanted"),
        ({"mode": None}, "mode", "trip.mode_wanted"),
        ({"seats": None}, "seats", "trip.seats_range"),
        ({"seats": 0}, "seats", "trip.seats_range"),
        ({"cap": 101}, "cap", "trip.cap_range"),
        ({"seats": 1, "cap": 50}, "cap", "trip.cap_leaves_none"),
        ({"stops": ()}, "stops", "trip.stops_wanted"),
        ({"stops": (StopSheet(0, " ", LEAVES),)}, "stop.0.place", "trip.place_wanted"),
        ({"stops": (StopSheet(0, "站", None),)}, "stop.0.departs_at", "trip.hour_wanted"),
        ({"stops": (StopSheet(0, "站", MORNING - hours(1)),)}, "stop.0.departs_at", "trip.hour_passed"),
        ({"stops": (StopSheet(0, "站", LEAVES + hours(24 * 500)),)}, "stop.0.departs_at", "trip.hour_far"),
        ({"destination": None}, "destination", "trip.destination_wanted"),
        ({"destination": Place("999999")}, "destination", "trip.destination_wanted"),
        ({"vehicle": "桂" * 33}, "vehicle", "trip.too_long"),
        ({"escort_phone": "138"}, "escort_phone", "trip.escort_phone_wrong"),
        ({"reminders": (("tomorrow", "25:00"),)}, "reminder.tomorrow", "trip.reminder_clock"),
        ({"reminders": (("board_soon", "soon"),)}, "reminder.board_soon", "trip.reminder_minutes"),
    ],
)
async def test_fault_stands_beside_its_field(county: County, wrong: Wrong, field: str, key: str) -> None:
    with pytest.raises(Faults) as found:
        await county.trip(replace(SHEET, **wrong))
    assert {name: fault.key for name, fault in found.value.by_field.items()} == {field: key}


async def test_all_faults_are_named_at_once_and_nothing_is_stored(county: County) -> None:
    with pytest.raises(Faults) as found:
        await county.trip(replace(SHEET, seats=None, cap=0, mode=None))
    assert found.value.by_field.keys() == {"seats", "cap", "mode"}
    assert not await county.all(tables.trips)


async def test_draft_may_lack_what_publishing_asks_for(county: County) -> None:
    trip = await county.trip(replace(SHEET, vehicle="", escort_name="", escort_phone=""))
    with pytest.raises(Faults) as found:
        await trips.publish(county.scope, county.database, county.desk, trip)
    assert found.value.by_field.keys() == {"vehicle", "escort_name", "escort_phone"}


async def test_trip_that_has_left_is_not_published(county: County) -> None:
    trip = await county.trip()
    county.clock.at(LEAVES)
    with pytest.raises(Faults) as found:
        await trips.publish(county.scope, county.database, county.desk, trip)
    assert found.value.by_field["stop.0.departs_at"].key == "trip.hour_passed"


async def test_stop_where_people_get_on_stays(county: County) -> None:
    trip = await county.trip(aboard=await county.people(1))
    with pytest.raises(Faults) as found:
        await trips.save(county.scope, county.database, county.desk, SHEET, trip)
    assert found.value.by_field["stops"].key == "trip.stop_in_use"


async def test_stop_that_is_served_no_more_goes(county: County) -> None:
    trip = await county.trip()
    await trips.save(county.scope, county.database, county.desk, replace(SHEET, seats=30), trip)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert (len(page.trip.stops), page.trip.seats) == (1, 30)


async def test_stop_of_another_trip_is_refused(county: County) -> None:
    one, other = await county.trip(), await county.trip()
    page = await trips.show(county.scope, county.database, county.desk, other)
    theirs = replace(SHEET, stops=(StopSheet(page.trip.stops[0].id, "站", LEAVES),))
    with pytest.raises(NotFound):
        await trips.save(county.scope, county.database, county.desk, theirs, one)


async def test_published_trip_keeps_its_destination(county: County) -> None:
    trip = await county.trip(published=True)
    with pytest.raises(Faults) as found:
        await county.edit(trip, destination=Place("440100"))
    assert found.value.by_field["destination"].key == "trip.destination_fixed"


Use = Callable[[County, Scope, int], Any]


@pytest.mark.parametrize(
    "use",
    [
        lambda county, scope, trip: trips.show(scope, county.database, county.desk, trip),
        lambda county, scope, trip: trips.publish(scope, county.database, county.desk, trip),
        lambda county, scope, trip: trips.call_off(scope, county.database, county.desk, trip),
        lambda county, scope, trip: trips.save(scope, county.database, county.desk, SHEET, trip),
        lambda county, scope, trip: seats.place(scope, county.database, county.desk, trip, 1, []),
        lambda county, scope, trip: seats.place_all_that_fit(scope, county.database, county.desk, trip),
    ],
)
async def test_trip_of_another_county_is_not_found(county: County, use: Use) -> None:
    trip = await county.trip()
    with pytest.raises(NotFound):
        await use(county, Scope("450222", 1), trip)
    with pytest.raises(NotFound):
        await use(county, county.scope, trip + 1)


async def test_city_sees_the_trips_of_its_counties_and_a_county_not_those_of_the_city(county: County) -> None:
    city = Scope(LIUZHOU, CITY_STAFF)
    await county.trip(aboard=await county.people(2, party=2))
    await trips.save(city, county.database, county.desk, replace(SHEET, area=LIUZHOU))
    assert len(await trips.list_trips(city, county.database, county.desk, TripSearch())) == 2
    (line,) = await trips.list_trips(county.scope, county.database, county.desk, TripSearch())
    assert (line.area, line.usable, line.taken, line.departs_at) == (LIUJIANG, 40, 4, LEAVES)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (TripSearch(day=date(2027, 2, 14)), 1),
        (TripSearch(day=date(2027, 2, 13)), 0),
        (TripSearch(status=TripStatus.DRAFT), 1),
        (TripSearch(status=TripStatus.PUBLISHED), 0),
        (TripSearch(destination="440000"), 1),
        (TripSearch(destination="440100"), 0),
        (TripSearch(code="lj-0214"), 1),
        (TripSearch(code="%"), 0),
        (TripSearch(after=1), 0),
    ],
)
async def test_list_meets_every_condition(county: County, search: TripSearch, found: int) -> None:
    await county.trip()
    assert len(await trips.list_trips(county.scope, county.database, county.desk, search)) == found
