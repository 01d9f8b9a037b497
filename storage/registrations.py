"""Registrations as conversations write and read them. The lists of staff stand in registration_lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from domain.days import Part, Window, today
from domain.people import Name, Phone
from domain.places import Place
from domain.registrations import Direction, Registered, Status, Wish
from storage import seats
from storage.database import Look, Work
from storage.tables import people, registrations


async def of_contacts(look: Look, contacts: Sequence[int], now: datetime) -> dict[int, tuple[Registered, ...]]:
    """The active registrations of those contacts that are not over, the newest first, with their seats."""
    return await _registered(look, registrations.c.contact.in_(contacts), "contact", now)


async def of_people(look: Look, ids: Sequence[int], now: datetime) -> dict[int, tuple[Registered, ...]]:
    """The active registrations of those people, whoever signed them up."""
    return await _registered(look, registrations.c.person.in_(ids), "person", now)


async def add(work: Work, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores new registrations: columns of the table, made by `columns` and the caller."""
    await work.db.execute(registrations.insert(), list(rows))


async def change(work: Work, registration: int, columns: Mapping[str, object]) -> None:
    """Stores other values for those columns of one registration."""
    await work.db.execute(update(registrations).where(registrations.c.id == registration).values(**columns))


async def taken_numbers(look: Look, numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that some registration has already."""
    return set(await look.db.scalars(select(registrations.c.number).where(registrations.c.number.in_(numbers))))


def columns(wish: Wish) -> dict[str, object]:
    """A wish as columns of the table (without the person)."""
    window = wish.window
    return {
        "direction": wish.direction,
        "first": window.first,
        "last": window.last,
        "part": window.part,
        "at": window.at.strftime("%H:%M") if window.at else None,
        "undecided": window.undecided,
        "origin": wish.origin.code,
        "origin_town": wish.origin.town,
        "destination": wish.destination.code,
        "destination_town": wish.destination.town,
        "employer": wish.employer,
        "party": wish.party,
    }


def window_of(row: Row[Any]) -> Window:
    """The days in those columns."""
    return Window(
        first=row.first,
        last=row.last,
        part=Part(row.part) if row.part else None,
        at=time.fromisoformat(row.at) if row.at else None,
        undecided=row.undecided,
    )


def wish_of(look: Look, row: Row[Any]) -> Wish:
    """The wish in a row that holds a registration with its person's name and phone."""
    return Wish(
        direction=Direction(row.direction),
        window=window_of(row),
        origin=Place(row.origin, row.origin_town),
        destination=Place(row.destination, row.destination_town),
        employer=row.employer,
        name=Name(look.seal.open_text(row.name)),
        phone=Phone(look.seal.open_text(row.phone)),
        party=row.party,
    )


_WISHES = (
    select(registrations, people.c.name, people.c.phone)
    .join(people, people.c.id == registrations.c.person)
    .where(
        registrations.c.status == Status.ACTIVE,
        or_(registrations.c.last.is_(None), registrations.c.last >= bindparam("day")),
    )
    .order_by(registrations.c.id.desc())
)


async def _registered(look: Look, whose: Any, by: str, now: datetime) -> dict[int, tuple[Registered, ...]]:  # noqa: ANN401 - an SQL condition
    rows = (await look.db.execute(_WISHES.where(whose), {"day": today(now)})).all()
    if not rows:
        return {}
    held = await seats.of_registrations_at(look, [row.id for row in rows], now)
    found: dict[int, list[Registered]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(Registered(row.id, row.number, wish_of(look, row), held.get(row.id)))
    return {whose: tuple(registered) for whose, registered in found.items()}
