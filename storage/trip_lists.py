"""What the screens show beside a trip: who was reached, where else there is room, and what is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.notices import Occasion
from domain.scope import Scope
from domain.trips import Trip, TripStatus, seats_left
from storage import seats, trips
from storage.database import Look
from storage.tables import due, outbox, stops
from storage.tables import trips as trips_table

MOST_AHEAD = 60
ABOUT_A_SEAT = (Occasion.DEPARTURE, Occasion.CHANGE, Occasion.CALLED_OFF, Occasion.REMINDER)


@dataclass(frozen=True, slots=True)
class Reached:
    """The newest message about a seat: what it told, its state in the outbox, and why it failed, else ""."""

    occasion: Occasion
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A trip that has not left yet: how many have a seat and how many seats are left under the cap."""

    trip: Trip
    taken: int
    left: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A reminder that could not go out in time."""

    trip: int
    code: str
    rule: str
    due_at: datetime


async def reached(look: Look, ids: Sequence[int]) -> dict[int, Reached]:
    """Seat → the newest message about it."""
    if not ids:
        return {}
    about = (outbox.c.occasion.in_(ABOUT_A_SEAT), outbox.c.ref.in_(ids))
    newest = select(func.max(outbox.c.id)).where(*about).group_by(outbox.c.ref)
    rows = await look.db.execute(
        select(outbox.c.ref, outbox.c.occasion, outbox.c.state, outbox.c.reason).where(outbox.c.id.in_(newest))
    )
    return {row.ref: Reached(Occasion(row.occasion), row.state, row.reason or "") for row in rows}


async def ahead(
    scope: Scope, look: Look, now: datetime, *, until: datetime | None = None, most: int = MOST_AHEAD
) -> Sequence[Ahead]:
    """The trips of the scope that leave from now on (and before `until`), the soonest first, without cancelled ones."""
    leaves = func.min(stops.c.departs_at)
    query = (
        select(trips_table.c.id)
        .join(stops, stops.c.trip == trips_table.c.id)
        .where(
            trips_table.c.area.between(scope.low, scope.high),
            trips_table.c.status != TripStatus.CANCELLED,
            stops.c.departs_at > now,
            stops.c.position >= 0,
        )
        .group_by(trips_table.c.id)
        .order_by(leaves)
        .limit(most)
    )
    if until is not None:
        query = query.having(leaves < until)
    ids = list(await look.db.scalars(query))
    found, taken = await trips.by_ids(look, ids), await seats.taken(look, ids)
    return [Ahead(found[one], taken[one], seats_left(found[one].seats, found[one].cap, taken[one])) for one in ids]


async def missed(scope: Scope, look: Look, since: datetime) -> Sequence[Missed]:
    """The reminders of the scope's trips that were missed since then, the newest first."""
    rows = await look.db.execute(
        select(due.c.trip, trips_table.c.code, due.c.rule, due.c.due_at)
        .join(trips_table, trips_table.c.id == due.c.trip)
        .where(
            due.c.state == "missed",
            due.c.due_at >= since,
            trips_table.c.area.between(scope.low, scope.high),
        )
        .order_by(due.c.due_at.desc())
        .limit(MOST_AHEAD)
    )
    return [Missed(row.trip, row.code, row.rule, row.due_at) for row in rows]
