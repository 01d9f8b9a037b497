"""Trips and their stops, stored and found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, case, func, select, update

from domain.days import SHANGHAI
from domain.places import Place
from domain.refusals import NotFound
from domain.rosters import TripLine, TripSearch
from domain.scope import Scope, span
from domain.trips import Mode, Stop, Trip, TripStatus, usable_seats
from storage.database import Look, Work
from storage.tables import seats, stops, trips
from storage.upsert import upsert

PAGE = 50  # trips on one page of the list
REMOVED = -1  # the position of a stop that is no longer served; it stays for the sake of old seats and reminders

_SERVED = stops.c.position >= 0


async def of_scope(scope: Scope, look: Look, trip: int, *, lock: bool = False) -> Trip:
    """The trip, which nobody else can change meanwhile if `lock` (in a unit of work). Raises NotFound."""
    found = await _load(look, and_(trips.c.id == trip, trips.c.area.between(scope.low, scope.high)), lock=lock)
    if not found:
        raise NotFound
    return found[0]


async def by_ids(look: Look, ids: Iterable[int], *, lock: bool = False) -> dict[int, Trip]:
    """Those trips. Locks are taken in the order of the ids, so that no two works wait for each other."""
    return {trip.id: trip for trip in await _load(look, trips.c.id.in_(sorted(set(ids))), lock=lock)}


async def insert(work: Work, trip: Trip, now: datetime) -> int | None:
    """Stores a new trip with its stops and returns its id; None where its code is taken."""
    statement = (
        upsert(work, trips)
        .values(code=trip.code, area=trip.area, status=trip.status, created_at=now, **_columns(work, trip))
        .on_conflict_do_nothing(index_elements=[trips.c.code])
        .returning(trips.c.id)
    )
    stored: int | None = await work.db.scalar(statement)
    if stored is not None:
        await store_stops(work, stored, trip.stops)
    return stored


async def store(work: Work, trip: Trip, published_at: datetime | None = None) -> None:
    """Writes everything of a trip anew but its code, area and stops. `published_at` stays as it was where None."""
    more = {} if published_at is None else {"published_at": published_at}
    await work.db.execute(
        update(trips).where(trips.c.id == trip.id).values(status=trip.status, **_columns(work, trip), **more)
    )


async def store_stops(work: Work, trip: int, wanted: Sequence[Stop]) -> tuple[Stop, ...]:
    """Makes these the stops of the trip, in this order, and returns them with their ids; others are served no more."""
    kept = [stop.id for stop in wanted if stop.id]
    await work.db.execute(
        update(stops).where(stops.c.trip == trip, stops.c.id.not_in(kept), _SERVED).values(position=REMOVED)
    )
    found = []
    for position, stop in enumerate(wanted):  # a handful: a coach has few stops
        values = {"position": position, "place": stop.place, "departs_at": stop.departs_at}
        if stop.id:
            await work.db.execute(update(stops).where(stops.c.id == stop.id, stops.c.trip == trip).values(values))
            found.append(stop)
            continue
        made = await work.db.scalar(upsert(work, stops).values(trip=trip, **values).returning(stops.c.id))
        found.append(Stop(int(made or 0), stop.place, stop.departs_at))
    return tuple(found)


async def highest_number(look: Look, stem: str) -> int:
    """The highest n of the codes stem-n that stand already, 0 where there is none."""
    rows = await look.db.scalars(select(trips.c.code).where(trips.c.code.like(f"{stem}-%")))
    return max((int(code.rpartition("-")[2]) for code in rows), default=0)


async def lines(scope: Scope, look: Look, search: TripSearch) -> tuple[TripLine, ...]:
    """At most a page of the trips that meet the search, the newest made first."""
    leaves = select(func.min(stops.c.departs_at)).where(stops.c.trip == trips.c.id, _SERVED).scalar_subquery()
    statement = (
        select(trips, leaves.label("departs_at"))
        .where(trips.c.area.between(scope.low, scope.high), *_conditions(search))
        .order_by(trips.c.id.desc())
        .limit(PAGE)
    )
    rows = (await look.db.execute(statement)).all()
    heads = await _heads(look, [row.id for row in rows])
    return tuple(_line(row, *heads.get(row.id, (0, 0, 0))) for row in rows)


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _load(look: Look, condition: ColumnElement[bool], *, lock: bool) -> list[Trip]:
    statement = select(trips).where(condition).order_by(trips.c.id)
    if lock:  # SQLite has one writer and knows no locks of rows: SQLAlchemy leaves the words out there
        statement = statement.with_for_update(key_share=True)
    rows = (await look.db.execute(statement)).all()
    calls: dict[int, list[Stop]] = {row.id: [] for row in rows}
    wanted = select(stops).where(stops.c.trip.in_(list(calls)), _SERVED).order_by(stops.c.position)
    for stop in await look.db.execute(wanted) if calls else ():
        calls[stop.trip].append(Stop(stop.id, stop.place, stop.departs_at))
    return [_trip(look, row, tuple(calls[row.id])) for row in rows]


def _trip(look: Look, row: Row[Any], calls: tuple[Stop, ...]) -> Trip:
    return Trip(
        id=row.id,
        code=row.code,
        area=row.area,
        mode=Mode(row.mode),
        vehicle=row.vehicle,
        seats=row.seats,
        cap=row.cap,
        stops=calls,
        destination=Place(row.destination, row.destination_town),
        arrival=row.arrival,
        escort_name=look.seal.open_text(row.escort_name),
        escort_phone=look.seal.open_text(row.escort_phone),
        bring=row.bring,
        status=TripStatus(row.status),
        revision=row.revision,
        reminders=msgspec.json.decode(row.reminders, type=tuple[tuple[str, str], ...]),
    )


def _columns(work: Work, trip: Trip) -> dict[str, object]:
    return {
        "mode": trip.mode,
        "vehicle": trip.vehicle,
        "seats": trip.seats,
        "cap": trip.cap,
        "destination": trip.destination.code,
        "destination_town": trip.destination.town,
        "arrival": trip.arrival,
        "escort_name": work.seal.seal_text(trip.escort_name),
        "escort_phone": work.seal.seal_text(trip.escort_phone),
        "bring": trip.bring,
        "reminders": msgspec.json.encode(trip.reminders).decode(),
        "revision": trip.revision,
    }


def _conditions(search: TripSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.status is not None:
        found.append(trips.c.status == search.status)
    if search.destination:
        found.append(trips.c.destination.between(*span(search.destination)))
    if search.code:
        found.append(trips.c.code.startswith(search.code.strip().upper(), autoescape=True))
    if search.after is not None:
        found.append(trips.c.id < search.after)
    if search.day is not None:
        start = datetime.combine(search.day, time(), SHANGHAI)
        that_day = select(stops.c.trip).where(
            stops.c.departs_at >= start, stops.c.departs_at < start + timedelta(days=1), _SERVED
        )
        found.append(trips.c.id.in_(that_day))
    return found


async def _heads(look: Look, ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Trip → people with a seat, people who said that they come, people who said that they don't."""
    if not ids:
        return {}
    seated = seats.c.freed_at.is_(None)
    statement = (
        select(
            seats.c.trip,
            func.sum(case((seated, seats.c.party), else_=0)),
            func.sum(case((and_(seated, seats.c.coming), seats.c.party), else_=0)),
            func.sum(case((declined(), seats.c.party), else_=0)),
        )
        .where(seats.c.trip.in_(ids))
        .group_by(seats.c.trip)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await look.db.execute(statement)}


def declined() -> ColumnElement[bool]:
    """Seats that were freed because their people said that they don't come, and who have no seat there again."""
    again = seats.alias("again")
    back = select(again.c.id).where(
        again.c.registration == seats.c.registration, again.c.trip == seats.c.trip, again.c.freed_at.is_(None)
    )
    return and_(seats.c.freed_at.is_not(None), seats.c.coming.is_(False), ~back.exists())


def _line(row: Row[Any], taken: int, coming: int, not_coming: int) -> TripLine:
    return TripLine(
        id=row.id,
        code=row.code,
        area=row.area,
        mode=Mode(row.mode),
        vehicle=row.vehicle,
        departs_at=row.departs_at,
        destination=Place(row.destination, row.destination_town),
        status=TripStatus(row.status),
        usable=usable_seats(row.seats, row.cap),
        taken=taken,
        coming=coming,
        declined=not_coming,
    )
