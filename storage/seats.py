"""Seats: who sits on which trip, who could, and which chat leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, bindparam, case, func, insert, or_, select, update

from domain.people import Name, Phone
from domain.places import Place
from domain.refusals import NotFound
from domain.registrations import Status
from domain.rosters import Passenger
from domain.scope import Scope, span
from domain.trips import Seat, Stop, TripStatus
from storage.database import Look, Work
from storage.tables import contacts, people, registrations, seats, stops, trips
from storage.trips import declined

PAGE = 1000  # candidates looked at with one statement


@dataclass(frozen=True, slots=True)
class Held:
    """One seat with whose it is: `person` and `contact` of its registration. `standing` is False for a registration
    that was cancelled. `seated` is False once the seat was freed; `elsewhere` says that its registration has
    another one now.
    """

    id: int
    trip: int
    stop: int
    registration: int
    party: int
    coming: bool | None
    seated: bool
    person: int
    contact: int | None
    standing: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Aboard:
    """One seat of a trip and the chat that leads to its people, 0 where there is none."""

    seat: int
    stop: int
    contact: int
    channel: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat to be made: that registration with so many people at that stop."""

    registration: int
    stop: int
    party: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registration that could be put on a trip; `seated` where it has a seat already."""

    id: int
    party: int
    active: bool
    seated: bool


def reach() -> ScalarSelect[int]:
    """The chat of a registration, beside `registrations` in a statement: the one it was made from, or the newest of its
    person where there is none or it leads nowhere any more. NULL: nobody can be written to.
    """
    own = select(contacts.c.id).where(contacts.c.id == registrations.c.contact, contacts.c.gone_at.is_(None))
    other = select(func.max(contacts.c.id)).where(
        contacts.c.person == registrations.c.person, contacts.c.gone_at.is_(None)
    )
    return select(
        func.coalesce(own.correlate(registrations).scalar_subquery(), other.correlate(registrations).scalar_subquery())
    ).scalar_subquery()


# ── Counting and writing (the trip's row is locked by the caller) ────────────────────────────────────────────────────


async def taken(look: Look, ids: Iterable[int]) -> dict[int, int]:
    """Trip → how many people have a seat on it, counted from the seats."""
    wanted = sorted(set(ids))
    statement = (
        select(seats.c.trip, func.sum(seats.c.party))
        .where(seats.c.trip.in_(wanted), seats.c.freed_at.is_(None))
        .group_by(seats.c.trip)
    )
    return dict.fromkeys(wanted, 0) | {row[0]: row[1] for row in await look.db.execute(statement)}


async def taken_stops(look: Look, trip: int) -> frozenset[int]:
    """The stops of the trip where somebody gets on."""
    return frozenset(
        await look.db.scalars(select(seats.c.stop).where(seats.c.trip == trip, seats.c.freed_at.is_(None)).distinct())
    )


async def add(work: Work, trip: int, wanted: Sequence[Wanted], now: datetime) -> tuple[int, ...]:
    """Makes the seats and returns their ids, in order."""
    if not wanted:
        return ()
    rows = [
        {
            "trip": trip,
            "registration": one.registration,
            "stop": one.stop,
            "party": one.party,
            "created_at": now,
        }
        for one in wanted
    ]
    made = await work.db.scalars(insert(seats).returning(seats.c.id, sort_by_parameter_order=True), rows)
    return tuple(made)


async def free(work: Work, ids: Sequence[int], now: datetime) -> None:
    """Frees those seats; what their people answered stays as it was."""
    await work.db.execute(update(seats).where(seats.c.id.in_(ids), seats.c.freed_at.is_(None)).values(freed_at=now))


async def free_registrations(work: Work, ids: Sequence[int], now: datetime) -> tuple[int, ...]:
    """Frees the seats of registrations that are being cancelled and returns their ids."""
    freed = await work.db.scalars(
        update(seats)
        .where(seats.c.registration.in_(ids), seats.c.freed_at.is_(None))
        .values(freed_at=now)
        .returning(seats.c.id)
    )
    return tuple(freed)


async def answer(work: Work, answers: Mapping[int, bool], now: datetime) -> None:
    """Stores what people answered: seat → coming (a freed seat is taken again), not coming frees it."""
    if not answers:
        return
    statement = (
        update(seats)
        .where(seats.c.id == bindparam("seat"))
        .values(coming=bindparam("is_coming"), freed_at=bindparam("freed"), answered_at=now)
    )
    rows = [
        {"seat": seat, "is_coming": coming, "freed": None if coming else now}
        for seat, coming in sorted(answers.items())
    ]
    await work.db.execute(statement, rows)


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def held(look: Look, ids: Iterable[int]) -> dict[int, Held]:
    """Those seats by their ids, whether freed or not."""
    again = seats.alias("again")
    elsewhere = (
        select(again.c.id)
        .where(again.c.registration == seats.c.registration, again.c.id != seats.c.id, again.c.freed_at.is_(None))
        .exists()
    )
    statement = (
        select(seats, registrations.c.person, registrations.c.contact, registrations.c.status, elsewhere.label("more"))
        .join(registrations, registrations.c.id == seats.c.registration)
        .where(seats.c.id.in_(sorted(set(ids))))
    )
    return {
        row.id: Held(
            id=row.id,
            trip=row.trip,
            stop=row.stop,
            registration=row.registration,
            party=row.party,
            coming=row.coming,
            seated=row.freed_at is None,
            person=row.person,
            contact=row.contact,
            standing=row.status == Status.ACTIVE,
            elsewhere=row.more,
        )
        for row in await look.db.execute(statement)
    }


async def of_scope(scope: Scope, look: Look, seat: int) -> Held:
    """A seat on a trip that this person may see. Raises NotFound."""
    trip = await look.db.scalar(
        select(trips.c.id)
        .join(seats, seats.c.trip == trips.c.id)
        .where(seats.c.id == seat, trips.c.area.between(scope.low, scope.high))
    )
    if trip is None:
        raise NotFound
    return (await held(look, [seat]))[seat]


async def aboard(look: Look, trip: int) -> tuple[Aboard, ...]:
    """The seats of a trip that are taken, with the way to their people."""
    return await _reached(look, and_(seats.c.trip == trip, seats.c.freed_at.is_(None)))


async def reached(look: Look, ids: Sequence[int]) -> tuple[Aboard, ...]:
    """Those seats, freed or not, with the way to their people."""
    return await _reached(look, seats.c.id.in_(ids))


async def passengers(look: Look, trip: int) -> tuple[tuple[Passenger, ...], tuple[Passenger, ...]]:
    """Who sits on the trip, and who said that they don't come; each in the order in which they were put there."""
    statement = (
        select(
            seats,
            registrations.c.number,
            people.c.name,
            people.c.phone,
            reach().label("contact"),
        )
        .join(registrations, registrations.c.id == seats.c.registration)
        .join(people, people.c.id == registrations.c.person)
        .where(seats.c.trip == trip, or_(seats.c.freed_at.is_(None), declined()))
        .order_by(seats.c.id)
    )
    rows = (await look.db.execute(statement)).all()
    return (
        tuple(_passenger(look, row) for row in rows if row.freed_at is None),
        tuple(_passenger(look, row) for row in rows if row.freed_at is not None),
    )


async def lock_registrations(work: Work, ids: Iterable[int]) -> None:
    """Nobody else cancels those registrations or gives them a seat before this work is over."""
    wanted = select(registrations.c.id).where(registrations.c.id.in_(sorted(set(ids)))).order_by(registrations.c.id)
    await work.db.execute(wanted.with_for_update(key_share=True))


async def registrations_of_scope(scope: Scope, look: Look, ids: Sequence[int]) -> dict[int, Candidate]:
    """Those registrations by their ids. Raises NotFound where one of them lies outside the scope."""
    statement = select(registrations.c.id, registrations.c.party, registrations.c.status, seated().label("seated"))
    rows = await look.db.execute(
        statement.where(registrations.c.id.in_(ids), registrations.c.area.between(scope.low, scope.high))
    )
    found = {row.id: Candidate(row.id, row.party, row.status == Status.ACTIVE, row.seated) for row in rows}
    if set(ids) - found.keys():
        raise NotFound
    return found


async def candidates(
    scope: Scope, look: Look, day: date, destination: Place, most: int, after: int
) -> tuple[Candidate, ...]:
    """The next page of registrations without a seat that suit a trip on that day to that place, the oldest first:
    parties of at most so many people, with ids above `after`.
    """
    statement = (
        select(registrations.c.id, registrations.c.party)
        .where(
            registrations.c.id > after,
            registrations.c.status == Status.ACTIVE,
            registrations.c.area.between(scope.low, scope.high),
            registrations.c.destination.between(*span(destination.code)),
            registrations.c.party <= most,
            *holds(day),
            ~seated(),
        )
        .order_by(registrations.c.id)
        .limit(PAGE)
    )
    if destination.town:
        statement = statement.where(registrations.c.destination_town == destination.town)
    return tuple(Candidate(row.id, row.party, active=True, seated=False) for row in await look.db.execute(statement))


async def of_registrations_at(look: Look, ids: Sequence[int], now: datetime) -> dict[int, Seat]:
    """Registration → its seat as the person's conversation knows it: on a published trip that has not left by then,
    taken, or freed because they said that they don't come (`coming` is False then, and they may take it back).
    """
    if not ids:
        return {}
    taken_first = case((seats.c.freed_at.is_(None), 0), else_=1)
    statement = (
        select(seats, trips.c.code, trips.c.revision, trips.c.vehicle, stops.c.place, stops.c.departs_at)
        .join(trips, trips.c.id == seats.c.trip)
        .join(stops, stops.c.id == seats.c.stop)
        .where(seats.c.registration.in_(ids), trips.c.status == TripStatus.PUBLISHED, stops.c.departs_at > now)
        .order_by(seats.c.registration, taken_first, seats.c.id.desc())
    )
    newest: dict[int, Row[Any]] = {}
    for row in await look.db.execute(statement):
        newest.setdefault(row.registration, row)
    return {
        registration: Seat(
            id=row.id,
            trip=row.trip,
            code=row.code,
            revision=row.revision,
            stop=Stop(row.stop, row.place, row.departs_at),
            vehicle=row.vehicle,
            coming=row.coming,
        )
        for registration, row in newest.items()
        if row.freed_at is None or row.coming is False
    }


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def holds(day: date) -> tuple[ColumnElement[bool], ...]:
    """The registrations whose people can travel on that day (domain.days.Window.holds, as SQL)."""
    return (
        registrations.c.undecided.is_(False),
        or_(registrations.c.first.is_(None), registrations.c.first <= day),
        or_(registrations.c.last.is_(None), registrations.c.last >= day),
    )


def seated() -> ColumnElement[bool]:
    """The registrations that have a seat, beside `registrations` in a statement."""
    return (
        select(seats.c.id)
        .where(seats.c.registration == registrations.c.id, seats.c.freed_at.is_(None))
        .correlate(registrations)
        .exists()
    )


async def _reached(look: Look, condition: ColumnElement[bool]) -> tuple[Aboard, ...]:
    statement = (
        select(seats.c.id, seats.c.stop, contacts.c.id.label("contact"), contacts.c.channel)
        .join(registrations, registrations.c.id == seats.c.registration)
        .outerjoin(contacts, contacts.c.id == reach())
        .where(condition)
        .order_by(seats.c.id)
    )
    return tuple(
        Aboard(row.id, row.stop, row.contact or 0, row.channel or "") for row in await look.db.execute(statement)
    )


def _passenger(look: Look, row: Row[Any]) -> Passenger:
    return Passenger(
        seat=row.id,
        registration=row.registration,
        number=row.number,
        name=Name(look.seal.open_text(row.name)),
        phone=Phone(look.seal.open_text(row.phone)),
        party=row.party,
        stop=row.stop,
        coming=row.coming,
        answered_at=row.answered_at,
        reachable=row.contact is not None,
    )
