"""What people are told of their seats: what a message speaks of, what was said, and what is taken back unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.notices import Occasion
from domain.people import Name
from domain.registrations import Status
from domain.trips import Stop, Trip
from storage import trips
from storage.database import Look, Work
from storage.outbox import State
from storage.tables import contacts, outbox, people, registrations, stops
from storage.tables import seats as seat_rows


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message about a seat that was not sent and now never will be; `values` is its JSON, opened."""

    seat: int
    occasion: Occasion
    values: bytes


async def take_back(work: Work, seats: Sequence[int], occasions: Sequence[Occasion], now: datetime) -> list[Unsent]:
    """Takes back what still waits to be said about those seats. What is being sent at this moment may arrive."""
    if not seats:
        return []
    rows = await work.db.execute(
        update(outbox)
        .where(
            outbox.c.occasion.in_(occasions),
            outbox.c.ref.in_(seats),
            outbox.c.state.in_((State.QUEUED, State.HELD)),
        )
        .values(state=State.SUPERSEDED, reason=State.SUPERSEDED, ended_at=now)
        .returning(outbox.c.ref, outbox.c.occasion, outbox.c["values"].label("about"))
    )
    return [Unsent(row.ref, Occasion(row.occasion), _opened(work, row.about)) for row in rows]


async def newest_told(look: Look, seats: Sequence[int]) -> dict[int, int]:
    """Seat → the highest revision of its trip that its people were told, as far as that was sent."""
    rows = await look.db.execute(
        select(outbox.c.ref, outbox.c.revision).where(
            outbox.c.occasion.in_((Occasion.DEPARTURE, Occasion.CHANGE)),
            outbox.c.ref.in_(seats),
            outbox.c.state == State.SENT,
        )
    )
    found: dict[int, int] = {}
    for seat, revision in rows:
        found[seat] = max(found.get(seat, 0), revision or 0)
    return found


@dataclass(frozen=True, slots=True)
class Boarding:
    """One seat with what its people are told about it. `standing` is False for a registration that was cancelled."""

    seat: int
    trip: Trip
    stop: Stop
    party: int
    freed: bool
    person: int
    name: Name
    standing: bool


async def boardings(look: Look, seats: Sequence[int]) -> dict[int, Boarding]:
    """Those seats, freed or not, with their trips as they stand now."""
    rows = (
        await look.db.execute(
            select(
                seat_rows,
                registrations.c.person,
                registrations.c.status,
                people.c.name,
                stops.c.place,
                stops.c.departs_at,
            )
            .join(registrations, registrations.c.id == seat_rows.c.registration)
            .join(people, people.c.id == registrations.c.person)
            .join(stops, stops.c.id == seat_rows.c.stop)
            .where(seat_rows.c.id.in_(seats))
        )
    ).all()
    found = await trips.by_ids(look, [row.trip for row in rows])
    return {
        row.id: Boarding(
            seat=row.id,
            trip=found[row.trip],
            stop=Stop(row.stop, row.place, row.departs_at),
            party=row.party,
            freed=row.freed_at is not None,
            person=row.person,
            name=Name(look.seal.open_text(row.name)),
            standing=row.status == Status.ACTIVE,
        )
        for row in rows
    }


async def people_of(look: Look, chats: Sequence[int]) -> dict[int, int | None]:
    """Contact → whom it belongs to, None where that is not known."""
    rows = await look.db.execute(select(contacts.c.id, contacts.c.person).where(contacts.c.id.in_(chats)))
    return {row.id: row.person for row in rows}


async def languages_of(look: Look, chats: Sequence[int]) -> dict[int, str]:
    """Contact → the language that they read."""
    rows = await look.db.execute(select(contacts.c.id, contacts.c.language).where(contacts.c.id.in_(chats)))
    return {row.id: row.language for row in rows}


def _opened(look: Look, sealed: bytes | None) -> bytes:
    return look.seal.open(sealed) if sealed is not None else b"{}"
