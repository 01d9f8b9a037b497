"""Registrations as conversations write and read them. The lists of staff stand in registration_lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any, overload

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, union, update
from typing_extensions import override

from domain.days import Part, Window, today
from domain.people import Companion, Identity, Name, Phone
from domain.places import Place
from domain.registrations import Direction, Registered, Status, Wish
from domain.trips import Seat
from storage import companions, seats
from storage.database import Look, Work
from storage.sealing import Sealer
from storage.tables import people, registrations

_r = registrations.c


class Unopened(Sequence[Registered]):
    """Registrations whose names and phones are opened when somebody looks: a registrar may have hundreds of them, and
    most of their turns look at none.
    """

    def __init__(self, seal: Sealer, rows: Sequence[Row[Any]], held: Mapping[int, Seat]) -> None:
        self._seal, self._rows, self._held = seal, rows, held

    @cached_property
    def _opened(self) -> tuple[Registered, ...]:
        return tuple(_registered(self._seal, row, self._held) for row in self._rows)

    @overload
    def __getitem__(self, place: int) -> Registered: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Registered]: ...

    @override
    def __getitem__(self, place: int | slice) -> Registered | Sequence[Registered]:
        return self._opened[place]

    @override
    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, slots=True)
class Theirs:
    """What a contact is told of, the newest first: `known` are its own registrations, `others` those that it made for
    other people, also where these have taken them over.
    """

    known: tuple[Registered, ...] = ()
    others: Sequence[Registered] = ()


async def of_contacts(
    look: Look, contacts: Sequence[int], registrars: Sequence[int], now: datetime
) -> dict[int, Theirs]:
    """The active registrations of those contacts that are not over, and those that they made for others; `registrars`
    are the ones among them who may have made any.
    """
    which = _r.contact.in_(contacts)
    if registrars:  # not with OR: SQLite would read the whole table for it
        made = select(_r.id).where(_r.registrar.in_(registrars))
        which = _r.id.in_(union(select(_r.id).where(which), made))
    rows, held = await _active(look, which, now)
    wanted, known = set(contacts), defaultdict[int, list[Registered]](list)
    along = await companions.of(look, [row.id for row in rows if row.named and row.contact in wanted])
    others: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.contact in wanted and row.contact != row.registrar:
            known[row.contact].append(_registered(look.seal, row, held, along.get(row.id, ())))
        if row.registrar in wanted:
            others[row.registrar].append(row)
    return {
        one: Theirs(tuple(known.get(one, ())), Unopened(look.seal, others[one], held) if one in others else ())
        for one in contacts
    }


async def of_people(look: Look, ids: Sequence[int], now: datetime) -> dict[int, tuple[Registered, ...]]:
    """The active registrations of those people, whoever signed them up."""
    rows, held = await _active(look, _r.person.in_(ids), now)
    found: dict[int, list[Registered]] = defaultdict(list)
    for row in rows:
        found[row.person].append(_registered(look.seal, row, held))
    return {person: tuple(registered) for person, registered in found.items()}


async def one_of(look: Look, contact: int, registration: int, now: datetime) -> Registered | None:
    """That registration, if it stands and this contact may change it: their own, or one that they made for somebody who
    has not taken it over.
    """
    rows, held = await _active(look, and_(_r.id == registration, _r.contact == contact), now)
    return _registered(look.seal, rows[0], held) if rows else None


async def person_of(look: Look, registration: int) -> int:
    """Whose registration it is."""
    return int((await look.db.execute(select(_r.person).where(_r.id == registration))).scalar_one())


async def ids_of(look: Look, numbers: Sequence[str]) -> dict[str, int]:
    """The ids of the registrations with those numbers."""
    rows = await look.db.execute(select(_r.number, _r.id).where(_r.number.in_(numbers)))
    return {row.number: row.id for row in rows}


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
    """The wish in a row that holds a registration with its person's name, phone and identity number."""
    return _wish(look.seal, row)


def _wish(seal: Sealer, row: Row[Any]) -> Wish:
    return Wish(
        direction=Direction(row.direction),
        window=window_of(row),
        origin=Place(row.origin, row.origin_town),
        destination=Place(row.destination, row.destination_town),
        employer=row.employer,
        name=Name(seal.open_text(row.name)),
        phone=Phone(seal.open_text(row.phone)),
        party=row.party,
        identity=Identity(seal.open_text(row.identity)) if row.identity else None,
    )


_WISHES = (
    select(registrations, people.c.name, people.c.phone, people.c.identity, companions.named().label("named"))
    .join(people, people.c.id == registrations.c.person)
    .where(
        registrations.c.status == Status.ACTIVE,
        or_(registrations.c.last.is_(None), registrations.c.last >= bindparam("day")),
    )
    .order_by(registrations.c.id.desc())
)


async def _active(
    look: Look, which: ColumnElement[bool], now: datetime
) -> tuple[Sequence[Row[Any]], Mapping[int, Seat]]:
    """The rows of the registrations that count and are not over, the newest first, and the seats of those that have
    one.
    """
    rows = (await look.db.execute(_WISHES.where(which), {"day": today(now)})).all()
    return rows, await seats.of_registrations_at(look, [row.id for row in rows], now)


def _registered(seal: Sealer, row: Row[Any], held: Mapping[int, Seat], along: tuple[Companion, ...] = ()) -> Registered:
    return Registered(
        row.id,
        row.number,
        _wish(seal, row),
        held.get(row.id),
        registrar=row.registrar,
        registrar_name=Name(seal.open_text(row.registrar_name)) if row.registrar_name else None,
        taken=row.registrar is not None and row.contact != row.registrar,
        companions=along,
    )
