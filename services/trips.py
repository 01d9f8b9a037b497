"""Trips, as staff make them: written, published, changed, called off, and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.days import SHANGHAI
from domain.letters import area_letters
from domain.refusals import Refused
from domain.reminders import planned
from domain.rosters import Told, TripLine, TripPage, TripSearch
from domain.scope import Scope
from domain.sheets import Checking, Sheet, sheet_of, trip_of
from domain.trips import Trip, TripStatus, change, seats_left, usable_seats
from services.desk import Desk
from services.telling import tell_called_off, tell_change, tell_departure
from storage import due, seats
from storage import trips as rows
from storage.database import Database, Work

TOLD_NOBODY = Told(0, 0)


async def save(scope: Scope, database: Database, desk: Desk, sheet: Sheet, trip: int | None = None) -> int:
    """Stores a new draft (`trip` None), changes a draft, or makes the next revision of a published trip and tells
    its people what changed. Returns the trip's id. Raises Faults, NotFound, Refused("trip.cancelled").
    """
    async with database.work() as work:
        saved = await _make(scope, work, desk, sheet) if trip is None else await _edit(scope, work, desk, sheet, trip)
        await work.commit()
    return saved


async def publish(scope: Scope, database: Database, desk: Desk, trip: int) -> Told:
    """Publishes a draft: its people are told and its reminders stand. Publishing a published trip changes nothing.
    Raises Faults where something is still missing, NotFound, Refused("trip.cancelled").
    """
    now = desk.now()
    async with database.work() as work:
        draft = await rows.of_scope(scope, work, trip, lock=True)
        _refuse_cancelled(draft)
        if draft.status is TripStatus.PUBLISHED:
            return TOLD_NOBODY
        checked = trip_of(sheet_of(draft), Checking(scope, desk.areas, now, before=draft, complete=True))
        published = replace(checked, status=TripStatus.PUBLISHED, revision=draft.revision + 1)
        await rows.store(work, published, published_at=now)
        await due.arrange(work, trip, planned(published), now)
        told = await tell_departure(work, published, await seats.aboard(work, trip), now)
        await work.commit()
    return told


async def call_off(scope: Scope, database: Database, desk: Desk, trip: int) -> Told:
    """Cancels a trip: its people are told and go back to the list. Calling off twice changes nothing.
    Raises NotFound.
    """
    now = desk.now()
    async with database.work() as work:
        before = await rows.of_scope(scope, work, trip, lock=True)
        if before.status is TripStatus.CANCELLED:
            return TOLD_NOBODY
        cancelled = replace(before, status=TripStatus.CANCELLED, revision=before.revision + 1)
        await rows.store(work, cancelled)
        await due.arrange(work, trip, (), now)
        aboard = await seats.aboard(work, trip)
        await seats.free(work, [one.seat for one in aboard], now)
        was_told = before.status is TripStatus.PUBLISHED
        told = await tell_called_off(work, cancelled, aboard, now) if was_told else TOLD_NOBODY
        await work.commit()
    return told


async def list_trips(scope: Scope, database: Database, _desk: Desk, search: TripSearch) -> tuple[TripLine, ...]:
    """At most `storage.trips.PAGE` trips, the newest made first."""
    async with database.look() as look:
        return await rows.lines(scope, look, search)


async def show(scope: Scope, database: Database, _desk: Desk, trip: int) -> TripPage:
    """One trip with its people (names and phones in clear: mask them on the page). Raises NotFound."""
    async with database.look() as look:
        found = await rows.of_scope(scope, look, trip)
        passengers, declined = await seats.passengers(look, trip)
        reminders = await due.of_trip(look, trip)
    taken = sum(one.party for one in passengers)
    return TripPage(
        trip=found,
        usable=usable_seats(found.seats, found.cap),
        taken=taken,
        left=seats_left(found.seats, found.cap, taken),
        passengers=passengers,
        declined=declined,
        reminders=reminders,
    )


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _make(scope: Scope, work: Work, desk: Desk, sheet: Sheet) -> int:
    now = desk.now()
    trip = trip_of(sheet, Checking(scope, desk.areas, now))
    stem = f"{area_letters(desk.areas[trip.area])}-{trip.departs_at.astimezone(SHANGHAI):%m%d}"
    number = await rows.highest_number(work, stem)
    while True:  # somebody else may take the number at the same moment
        number += 1
        made = await rows.insert(work, replace(trip, code=f"{stem}-{number}"), now)
        if made is not None:
            return made


async def _edit(scope: Scope, work: Work, desk: Desk, sheet: Sheet, trip: int) -> int:
    now = desk.now()
    before = await rows.of_scope(scope, work, trip, lock=True)
    _refuse_cancelled(before)
    published = before.status is TripStatus.PUBLISHED
    served = await seats.taken_stops(work, trip)
    written = trip_of(sheet, Checking(scope, desk.areas, now, before, complete=published, served=served))
    after = replace(written, stops=await rows.store_stops(work, trip, written.stops))
    if published:
        await _revise(work, before, after, now)
    else:
        await rows.store(work, after)
    return trip


async def _revise(work: Work, before: Trip, after: Trip, now: datetime) -> None:
    """The next revision, where anything changed that people are told."""
    if any(change(before, after, stop.id).matters for stop in after.stops):
        after = replace(after, revision=before.revision + 1)
    await rows.store(work, after)
    await due.arrange(work, after.id, planned(after), now)
    await tell_change(work, before, after, await seats.aboard(work, after.id), now)


def _refuse_cancelled(trip: Trip) -> None:
    if trip.status is TripStatus.CANCELLED:
        raise Refused("trip.cancelled", code=trip.code)
