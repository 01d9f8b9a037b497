"""Seats: given away, never more than the cap; given back, taken again, moved."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from domain.places import Place
from domain.refusals import NotFound, Refused
from domain.rosters import Placed
from domain.scope import Scope
from domain.sheets import StopSheet
from services import seats, trips
from storage import seats as rows
from storage import tables
from storage import trips as stored_trips
from tests.departures.setting import CITY_STAFF, LEAVES, LIUZHOU, MORNING, SHEET, County, hours

FEW = replace(SHEET, seats=10, cap=50)  # five people


async def fill(county: County, trip: int, stop: int | None = None) -> Placed:
    return await seats.place_all_that_fit(county.scope, county.database, county.desk, trip, stop)


async def test_full_coach_refuses_the_next_person(county: County) -> None:
    ids = await county.people(7)
    trip = await county.trip(FEW)
    stop = (await trips.show(county.scope, county.database, county.desk, trip)).trip.stops[0].id
    placed = await seats.place(county.scope, county.database, county.desk, trip, stop, ids)
    assert (len(placed.seats), placed.no_room) == (5, tuple(ids[5:]))
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert (page.usable, page.taken, page.left) == (5, 5, 0)


async def test_party_is_never_split(county: County) -> None:
    (three,) = await county.people(1, party=3)
    (too_many,) = await county.people(1, party=3)
    pair, single = [*await county.people(1, party=2), *await county.people(1)]
    trip = await county.trip(FEW)
    await fill(county, trip)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [one.registration for one in page.passengers] == [three, pair]
    assert too_many
    assert single


@pytest.mark.parametrize(
    ("column", "value", "fits"),
    [
        ("first", date(2027, 2, 15), False),
        ("last", date(2027, 2, 13), False),
        ("first", date(2027, 2, 10), True),
        ("first", None, True),
        ("last", None, True),
        ("undecided", True, False),
        ("destination", "440300", True),
        ("destination", "440000", False),
        ("destination", "440100", False),
        ("status", "cancelled", False),
        ("area", "450222", False),
        ("party", 6, False),
    ],
)
async def test_only_those_whom_the_trip_suits_are_put_on_it(
    county: County, column: str, value: object, fits: bool
) -> None:
    await county.people(1, **{"last": date(2027, 2, 16), column: value})
    assert len((await fill(county, await county.trip(FEW))).seats) == int(fits)


async def test_trip_to_a_town_takes_only_those_who_go_there(county: County) -> None:
    await county.people(1)
    (there,) = await county.people(1, destination="440310", destination_town="坑梓街道")
    trip = await county.trip(replace(FEW, destination=Place("440310", "坑梓街道")))
    await fill(county, trip)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [one.registration for one in page.passengers] == [there]


async def test_who_has_a_seat_gets_no_second_one(county: County) -> None:
    ids = await county.people(1)
    await county.trip(aboard=ids)
    other = await county.trip()
    assert not (await fill(county, other)).seats
    stop = (await trips.show(county.scope, county.database, county.desk, other)).trip.stops[0].id
    placed = await seats.place(county.scope, county.database, county.desk, other, stop, ids)
    assert placed == Placed((), elsewhere=tuple(ids))


async def test_thousands_of_candidates_are_read_page_by_page(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "PAGE", 3)
    await county.people(4, party=4)
    await county.people(9)
    assert len((await fill(county, await county.trip(FEW))).seats) == 2


async def test_cancelled_registration_and_foreign_one_get_no_seat(county: County) -> None:
    (gone,) = await county.people(1, status="cancelled")
    (foreign,) = await county.people(1, area="450222")
    trip = await county.trip()
    stop = (await trips.show(county.scope, county.database, county.desk, trip)).trip.stops[0].id
    placed = await seats.place(county.scope, county.database, county.desk, trip, stop, [gone])
    assert placed == Placed((), cancelled=(gone,))
    with pytest.raises(NotFound):
        await seats.place(county.scope, county.database, county.desk, trip, stop, [foreign])


async def test_nobody_is_put_on_a_trip_that_has_left(county: County) -> None:
    trip = await county.trip()
    county.clock.at(LEAVES)
    with pytest.raises(Refused, match=r"trip\.departed"):
        await fill(county, trip)


# ── Side by side ─────────────────────────────────────────────────────────────────────────────────────────────────────

CLAIMANTS = 40


async def rush(county: County) -> tuple[int, int]:
    """Many claim the seats of one trip at the same moment: (people on it, seats under the cap)."""
    ids = await county.people(CLAIMANTS)
    trip = await county.trip(FEW)
    await asyncio.gather(*(county.place(trip, [one]) for one in ids))
    page = await trips.show(county.scope, county.database, county.desk, trip)
    return page.taken, page.usable


async def test_many_claimants_get_exactly_the_seats_there_are(county: County) -> None:
    assert await rush(county) == (5, 5)


async def test_without_the_lock_the_same_rush_sells_too_many(
    shared_county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it shows that the test above would see a seat sold twice."""
    load, room = stored_trips.of_scope, seats._room

    async def unlocked(*arguments: object, lock: bool = False) -> object:
        return await load(*arguments)  # type: ignore[arg-type]

    async def slow(*arguments: object) -> int:
        found = await room(*arguments)  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        return found

    monkeypatch.setattr(stored_trips, "of_scope", unlocked)
    monkeypatch.setattr(seats, "_room", slow)
    taken, usable = await rush(shared_county)
    assert taken > usable


async def test_two_trips_filled_at_once_share_the_people(county: County) -> None:
    await county.people(12)
    both = [await county.trip(replace(SHEET, seats=8)) for _ in range(2)]
    placed = await asyncio.gather(*(fill(county, trip) for trip in both))
    assert sorted(len(one.seats) for one in placed) == [4, 8]


async def test_one_registration_claimed_by_many_trips_gets_one_seat(county: County) -> None:
    ids = await county.people(1)
    many = [await county.trip() for _ in range(6)]
    given = await asyncio.gather(*(county.place(trip, ids) for trip in many))
    assert sum(len(one) for one in given) == 1


async def test_seats_freed_and_taken_back_at_once_stay_under_the_cap(county: County) -> None:
    trip = await county.trip(FEW, published=True)
    ids = await county.people(10)
    held = await county.place(trip, ids)
    for seat, chat in zip(held, ids, strict=False):
        await county.answer(seat, coming=False, contact=chat)
    back = [county.answer(seat, coming=True, contact=chat) for seat, chat in zip(held, ids, strict=False)]
    await asyncio.gather(county.place(trip, ids[5:]), *back)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert page.taken == 5


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_coming_is_kept_and_shown(county: County) -> None:
    ids = await county.people(1)
    trip = await county.trip(aboard=ids, published=True)
    assert await county.answer(1, coming=True, contact=1) == "boarding.coming_done"
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert [one.coming for one in page.passengers] == [True]


async def test_not_coming_frees_the_seat_and_shows_staff(county: County) -> None:
    trip = await county.trip(FEW, aboard=await county.people(1, party=5), published=True)
    assert await county.answer(1, coming=False, contact=1) == "boarding.not_coming_done"
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert (page.left, [one.registration for one in page.declined]) == (5, [1])
    assert not await county.waiting()  # what was still to be told is not told any more


async def test_seat_is_taken_back_while_it_is_free(county: County) -> None:
    trip = await county.trip(FEW, aboard=await county.people(1, party=5), published=True)
    await county.answer(1, coming=False, contact=1)
    assert await county.answer(1, coming=False, contact=1) == "boarding.not_coming_done"
    assert await county.answer(1, coming=True, contact=1) == "boarding.taken_back"
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert (page.taken, page.declined) == (5, ())
    await county.answer(1, coming=False, contact=1)
    (other,) = await county.people(1)
    await county.place(trip, [other])
    assert await county.answer(1, coming=True, contact=1) == "boarding.full"


async def test_nothing_is_answered_once_the_coach_has_left(county: County) -> None:
    await county.trip(aboard=await county.people(1), published=True)
    county.clock.at(LEAVES)
    assert await county.answer(1, coming=False, contact=1) == "boarding.departed"


async def test_seat_of_somebody_else_is_not_answered_for(county: County) -> None:
    await county.trip(aboard=await county.people(2), published=True)
    assert await county.answer(1, coming=False, contact=2) == "boarding.not_yours"
    assert await county.answer(77, coming=False, contact=2) == "boarding.not_yours"


async def test_seat_that_staff_took_away_is_not_taken_back(county: County) -> None:
    await county.trip(aboard=await county.people(1), published=True)
    await seats.release(county.scope, county.database, county.desk, 1)
    assert await county.answer(1, coming=True, contact=1) == "boarding.over"


async def test_seat_of_a_cancelled_registration_is_not_taken_back(county: County) -> None:
    await county.trip(aboard=await county.people(1), published=True)
    await county.answer(1, coming=False, contact=1)
    await county.change(tables.registrations, 1, status="cancelled")
    assert await county.answer(1, coming=True, contact=1) == "boarding.over"


# ── Releasing and moving ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_released_person_is_told_and_back_on_the_list(county: County) -> None:
    ids = await county.people(1)
    trip = await county.trip(aboard=ids, published=True)
    await county.say()
    for _twice in range(2):
        await seats.release(county.scope, county.database, county.desk, 1)
    ((_, text),) = await county.say()
    assert text.startswith("【座位有变】")
    assert len((await fill(county, trip)).seats) == 1


async def test_move_to_another_trip_is_told_as_one_message(county: County) -> None:
    await county.trip(aboard=await county.people(1), published=True)
    later = await county.trip(
        replace(SHEET, stops=(StopSheet(0, "拉堡路口", LEAVES + hours(2)),), vehicle="桂B·2"), published=True
    )
    await county.say()
    stop = (await trips.show(county.scope, county.database, county.desk, later)).trip.stops[0].id
    new = await seats.move(county.scope, county.database, county.desk, 1, later, stop)
    ((_, text),) = await county.say()
    assert text.splitlines()[0] == "【换车通知】您换了一班车，请按这个来："
    assert "拉堡路口" in text
    page = await trips.show(county.scope, county.database, county.desk, later)
    assert [one.seat for one in page.passengers] == [new]
    with pytest.raises(Refused, match=r"seats\.freed_already"):
        await seats.move(county.scope, county.database, county.desk, 1, later, stop)


async def test_move_to_a_full_trip_leaves_everything_as_it_was(county: County) -> None:
    ids = await county.people(6)
    trip = await county.trip(aboard=ids[:1])
    full = await county.trip(FEW, aboard=ids[1:])
    stop = (await trips.show(county.scope, county.database, county.desk, full)).trip.stops[0].id
    with pytest.raises(Refused, match=r"seats\.no_room"):
        await seats.move(county.scope, county.database, county.desk, 1, full, stop)
    page = await trips.show(county.scope, county.database, county.desk, trip)
    assert page.taken == 1


async def test_seat_of_another_county_is_not_found(county: County) -> None:
    trip = await trips.save(Scope(LIUZHOU, CITY_STAFF), county.database, county.desk, replace(SHEET, area=LIUZHOU))
    stop = (await trips.show(Scope(LIUZHOU, CITY_STAFF), county.database, county.desk, trip)).trip.stops[0].id
    ids = await county.people(1)
    await seats.place(Scope(LIUZHOU, CITY_STAFF), county.database, county.desk, trip, stop, ids)
    with pytest.raises(NotFound):
        await seats.release(county.scope, county.database, county.desk, 1)


# ── What conversations know ──────────────────────────────────────────────────────────────────────────────────────────


async def test_conversation_knows_a_seat_from_publication_to_departure(county: County) -> None:
    ids = await county.people(1)
    trip = await county.trip(aboard=ids)

    async def known(now: object = MORNING) -> bool | str | None:
        async with county.database.look() as look:
            found = await rows.of_registrations_at(look, ids, now)  # type: ignore[arg-type]
        return found[1].coming if 1 in found else "none"

    assert await known() == "none"
    await trips.publish(county.scope, county.database, county.desk, trip)
    assert await known() is None
    await county.answer(1, coming=False, contact=1)
    assert await known() is False  # it can be taken back
    assert await known(LEAVES) == "none"
    async with county.database.work() as work:
        await work.db.execute(update(tables.seats).values(coming=None))
        await work.commit()
    assert await known() == "none"  # staff took it away
