"""Seats: who sits on which trip, never more than the cap, and what staff do about it.

Every function that gives a seat away locks the trip's row first and counts the people who sit there then: on
PostgreSQL others wait for the lock, on SQLite there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.days import today
from domain.refusals import NotFound, Refused
from domain.rosters import Placed
from domain.scope import Scope
from domain.trips import Stop, Trip, TripStatus, seats_left
from services.desk import Desk
from services.telling import say_no_more, tell_called_off, tell_departure
from storage import seats as rows
from storage import trips
from storage.database import Database, Work


async def place(
    scope: Scope, database: Database, desk: Desk, trip: int, stop: int, registrations: Sequence[int]
) -> Placed:
    """Puts those registrations on the trip at that stop, in the order given, as far as there is room. On a published
    trip they are told at once. Raises NotFound, Refused("trip.cancelled" | "trip.departed").
    """
    now = desk.now()
    async with database.work() as work:
        found = await trips.of_scope(scope, work, trip, lock=True)
        at = _open_stop(found, stop, now)
        await rows.lock_registrations(work, registrations)
        wanted = await rows.registrations_of_scope(scope, work, registrations)
        free = [wanted[one] for one in dict.fromkeys(registrations) if wanted[one].active and not wanted[one].seated]
        chosen = fitting(free, await _room(work, found))
        seats = await _give(work, found, at, chosen, now)
        await work.commit()
    return Placed(
        seats=seats,
        no_room=tuple(one.id for one in free if one not in chosen),
        elsewhere=tuple(one.id for one in wanted.values() if one.active and one.seated),
        cancelled=tuple(one.id for one in wanted.values() if not one.active),
    )


async def place_all_that_fit(
    scope: Scope, database: Database, desk: Desk, trip: int, stop: int | None = None
) -> Placed:
    """Puts every registration that fits on the trip (at its first stop where none is named), the oldest first: active,
    without a seat, on a day that suits, to the trip's destination or below. A party is never split.
    Raises NotFound, Refused("trip.cancelled" | "trip.departed").
    """
    now = desk.now()
    async with database.work() as work:
        found = await trips.of_scope(scope, work, trip, lock=True)
        at = _open_stop(found, found.stops[0].id if stop is None else stop, now)
        seats = await _give_all_that_fit(scope, work, found, at, now)
        await work.commit()
    return Placed(seats)


async def release(scope: Scope, database: Database, desk: Desk, seat: int) -> None:
    """Takes a registration off its trip, back to the list; the person is told if the trip is published.
    Releasing twice changes nothing. Raises NotFound.
    """
    now = desk.now()
    async with database.work() as work:
        held = await rows.of_scope(scope, work, seat)
        trip = (await trips.by_ids(work, [held.trip], lock=True))[held.trip]
        held = await rows.of_scope(scope, work, seat)
        if held.seated:
            await rows.free(work, [seat], now)
            if trip.status is TripStatus.PUBLISHED:
                await tell_called_off(work, trip, await rows.reached(work, [seat]), now)
        await work.commit()


async def move(scope: Scope, database: Database, desk: Desk, seat: int, trip: int, stop: int) -> int:
    """Moves a registration to another stop or trip and tells the person. Returns the new seat's id.
    Raises NotFound, Refused("seats.no_room" | "seats.freed_already" | "trip.cancelled" | "trip.departed").
    """
    now = desk.now()
    async with database.work() as work:
        held = await rows.of_scope(scope, work, seat)
        await trips.of_scope(scope, work, trip)
        both = await trips.by_ids(work, [held.trip, trip], lock=True)
        held = await rows.of_scope(scope, work, seat)
        if not held.seated:
            raise Refused("seats.freed_already")
        _open_stop(both[trip], stop, now)
        await rows.lock_registrations(work, [held.registration])
        await rows.free(work, [seat], now)
        if held.party > await _room(work, both[trip]):
            raise Refused("seats.no_room", left=await _room(work, both[trip]))
        (new,) = await rows.add(work, trip, [rows.Wanted(held.registration, stop, held.party)], now)
        await _tell_moved(work, both[held.trip], both[trip], seat, new, now)
        await work.commit()
    return new


def fitting(candidates: Sequence[rows.Candidate], room: int) -> list[rows.Candidate]:
    """Those who find room, in their order; a party that is too large is passed over, never split."""
    chosen = []
    for one in candidates:
        if one.party <= room:
            chosen.append(one)
            room -= one.party
    return chosen


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _open_stop(trip: Trip, stop: int, now: datetime) -> Stop:
    """The stop, if people can still be put there."""
    if trip.status is TripStatus.CANCELLED:
        raise Refused("trip.cancelled", code=trip.code)
    found = next((one for one in trip.stops if one.id == stop), None)
    if found is None:
        raise NotFound
    if found.departs_at <= now:
        raise Refused("trip.departed", code=trip.code)
    return found


async def _room(work: Work, trip: Trip) -> int:
    return seats_left(trip.seats, trip.cap, (await rows.taken(work, [trip.id]))[trip.id])


async def _give_all_that_fit(scope: Scope, work: Work, trip: Trip, stop: Stop, now: datetime) -> tuple[int, ...]:
    """Gives a seat to everybody who fits, page by page. Another trip may take some of a page while it is read: what was
    chosen is read again under its lock, and the page once more.
    """
    room = await _room(work, trip)
    seats: tuple[int, ...] = ()
    after = 0
    while room:
        page = await rows.candidates(scope, work, today(stop.departs_at), trip.destination, room, after)
        if not page:
            break
        wanted = [one.id for one in fitting(page, room)]
        await rows.lock_registrations(work, wanted)
        locked = await rows.registrations_of_scope(scope, work, wanted)
        sure = fitting([locked[one] for one in wanted if locked[one].active and not locked[one].seated], room)
        seats += await _give(work, trip, stop, sure, now)
        room -= sum(one.party for one in sure)
        if len(sure) == len(wanted):
            after = page[-1].id
    return seats


async def _give(work: Work, trip: Trip, stop: Stop, chosen: Sequence[rows.Candidate], now: datetime) -> tuple[int, ...]:
    """Makes the seats and, on a published trip, tells their people."""
    seats = await rows.add(work, trip.id, [rows.Wanted(one.id, stop.id, one.party) for one in chosen], now)
    if seats and trip.status is TripStatus.PUBLISHED:
        await tell_departure(work, trip, await rows.reached(work, seats), now)
    return seats


async def _tell_moved(work: Work, was: Trip, on: Trip, old: int, new: int, now: datetime) -> None:
    """Who was told of the old trip learns of the new one, or that there is none yet."""
    was_told = was.status is TripStatus.PUBLISHED
    if on.status is TripStatus.PUBLISHED:
        await say_no_more(work, [old], now)
        await tell_departure(work, on, await rows.reached(work, [new]), now, moved=was_told)
    elif was_told:
        await tell_called_off(work, was, await rows.reached(work, [old]), now)
