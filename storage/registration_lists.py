"""Registrations as staff see them: found through keyed hashes, filtered, paged by key."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, exists, select, true

from domain.ledger import (
    Aboard,
    RegistrationLine,
    RegistrationList,
    RegistrationPage,
    RegistrationSearch,
    Standing,
    standing,
)
from domain.people import IDENTITY_LENGTH, Companion, Name, masked_name, masked_phone
from domain.places import Place
from domain.registrations import Direction, Status
from domain.scope import Scope, span
from storage import companions
from storage.database import Look, Work
from storage.registrations import window_of, wish_of
from storage.sealing import Sealer, pieces
from storage.seats import holds, reach
from storage.tables import name_pieces, people, registrations, seats, stops, trips

PAGE = 50
LONGEST_SEARCH = 60
_TAIL = 4  # the last digits of a phone under which it is found (design.md, Storage)
_SHORTEST_PHONE = 7
_NUMBER_LENGTHS = range(6, 9)  # LJ4K7P2M, the dash apart; without letters where no area was set

_r = registrations.c


# ── Searching ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def found(scope: Scope, look: Look, search: RegistrationSearch) -> RegistrationList:
    """One page of the registrations that meet every condition, the newest first."""
    query = (
        select(registrations, people.c.name, people.c.phone)
        .join(people, people.c.id == _r.person)
        .where(in_scope(scope, look), *conditions(look, search), *terms(look.seal, search.text))
    )
    backwards = search.newer_than is not None
    query = query.where(_r.id > search.newer_than).order_by(_r.id) if backwards else query.order_by(_r.id.desc())
    if search.older_than is not None:
        query = query.where(_r.id < search.older_than)
    rows = (await look.db.execute(query.limit(PAGE + 1))).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows = rows[::-1]
    lines = await _lines(look, rows)
    if not lines:
        return RegistrationList(())
    return RegistrationList(
        lines,
        older=lines[-1].id if more or backwards else None,
        newer=lines[0].id if (more and backwards) or search.older_than is not None else None,
    )


def in_scope(scope: Scope, look: Look) -> ColumnElement[bool]:
    """The registrations that belong to the scope."""
    return _within(look, _r.area, scope.area)


def _within(look: Look, column: Column[str], area: str) -> ColumnElement[bool]:
    """The rows whose code lies in that area. One code is found through its index, which holds them in order; a span of
    codes is not: SQLite would take all of them from the index and sort them, where walking down the ids finds a page
    at once.
    """
    low, high = span(area)
    if low == high:
        return column == low
    return (column.concat("") if look.sqlite else column).between(low, high)


def conditions(look: Look, search: RegistrationSearch) -> list[ColumnElement[bool]]:
    """The filters of a search, without its text."""
    wanted: list[ColumnElement[bool]] = []
    if search.day is not None:
        wanted.extend(holds(search.day))
    if search.undecided:
        wanted.append(_r.undecided.is_(True))
    if search.destination:
        wanted.append(_within(look, _r.destination, search.destination))
    if search.county:
        wanted.append(_within(look, _r.area, search.county))
    if search.standing is not None:
        wanted.append(_stands(search.standing))
    return wanted


def _stands(wanted: Standing) -> ColumnElement[bool]:
    """The same rule as domain.ledger.standing, for the database."""
    if wanted is Standing.CANCELLED:
        return _r.status == Status.CANCELLED
    seated = exists().where(seats.c.registration == _r.id, seats.c.freed_at.is_(None))
    declined = exists().where(seats.c.registration == _r.id, seats.c.freed_at.is_not(None), seats.c.coming.is_(False))
    match wanted:
        case Standing.WAITING:
            rest = and_(~seated, ~declined)
        case Standing.NOT_COMING:
            rest = and_(~seated, declined)
        case Standing.COMING:
            rest = and_(seated.where(seats.c.coming.is_(True)))
        case _:
            rest = and_(seated)
    return and_(_r.status == Status.ACTIVE, rest)


def terms(seal: Sealer, text: str) -> list[ColumnElement[bool]]:
    """What each word of a search text asks for: a number, a phone or its tail, or (a piece of) a name."""
    words = unicodedata.normalize("NFKC", text)[:LONGEST_SEARCH].split()
    joined = "".join(words)
    if joined.isascii() and joined.replace("-", "").replace("+", "").isdigit():
        words = [joined]  # 138 0001 2345
    return [_term(seal, word) for word in words]


def _term(seal: Sealer, word: str) -> ColumnElement[bool]:
    digits = word.replace("-", "").removeprefix("+86")
    if len(digits) == IDENTITY_LENGTH and digits[:-1].isdigit() and digits.isascii():
        return _of(people.c.identity_hash == seal.hash("identity", digits.upper()))
    if digits.isascii() and digits.isdigit():
        if len(digits) == _TAIL:
            return _of(people.c.phone_tail_hash == seal.hash("tail", digits))
        if len(digits) >= _SHORTEST_PHONE:
            return _of(people.c.phone_hash == seal.hash("phone", digits))
    compact = word.replace("-", "").upper()
    if compact.isascii() and len(compact) in _NUMBER_LENGTHS and any(char.isdigit() for char in compact):
        return _r.number == f"{compact[:-6]}-{compact[-6:]}"
    return and_(true(), *(_named(seal.hash("piece", piece)) for piece in _asked(word)))


def _asked(word: str) -> Sequence[str]:
    """The pieces that a name must hold to contain that word."""
    found = list(pieces(word))
    pairs = [piece for piece in found[:-1] if len(piece) == 2]  # noqa: PLR2004 - pieces are of one and two characters
    return pairs or found[-1:]


def _named(piece: bytes) -> ColumnElement[bool]:
    return _r.person.in_(select(name_pieces.c.person).where(name_pieces.c.hash == piece))


def _of(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return _r.person.in_(select(people.c.id).where(condition))


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def one(scope: Scope, look: Look, registration: int) -> RegistrationPage | None:
    """One registration in the scope, in clear."""
    rows = await look.db.execute(_whole().where(_r.id == registration, in_scope(scope, look)))
    row = rows.one_or_none()
    if row is None:
        return None
    aboard, declined = await _aboard(look, [registration])
    along = (await companions.of(look, [registration])).get(registration, ())
    return _page(look, row, aboard.get(registration), along, declined=registration in declined)


def _whole() -> Select[tuple[object, ...]]:
    p = people.c
    who = (p.name, p.phone, p.identity, p.identity_consented_at)
    return select(registrations, *who, reach().is_not(None).label("reachable")).join(people, p.id == _r.person)


async def _lines(look: Look, rows: Sequence[Row[Any]]) -> tuple[RegistrationLine, ...]:
    aboard, declined = await _aboard(look, [row.id for row in rows])
    return tuple(
        RegistrationLine(
            id=row.id,
            number=row.number,
            name=masked_name(look.seal.open_text(row.name)),
            phone=masked_phone(look.seal.open_text(row.phone)),
            direction=Direction(row.direction),
            window=window_of(row),
            origin=Place(row.origin, row.origin_town),
            destination=Place(row.destination, row.destination_town),
            employer=row.employer,
            party=row.party,
            channel=row.channel,
            standing=_standing(row, aboard.get(row.id), declined=row.id in declined),
            aboard=aboard.get(row.id),
            created_at=row.created_at,
        )
        for row in rows
    )


async def _aboard(look: Look, ids: Sequence[int]) -> tuple[dict[int, Aboard], set[int]]:
    """Which of these registrations have a seat, and which gave one back."""
    if not ids:
        return {}, set()
    rows = await look.db.execute(
        select(seats, trips.c.code, trips.c.area, stops.c.departs_at)
        .join(trips, trips.c.id == seats.c.trip)
        .join(stops, stops.c.id == seats.c.stop)
        .where(seats.c.registration.in_(ids))
    )
    aboard, declined = {}, set()
    for row in rows:
        if row.freed_at is None:
            aboard[row.registration] = Aboard(row.id, row.trip, row.code, row.area, row.departs_at, row.coming)
        elif row.coming is False:
            declined.add(row.registration)
    return aboard, declined


def _page(
    look: Look, row: Row[Any], aboard: Aboard | None, along: tuple[Companion, ...], *, declined: bool
) -> RegistrationPage:
    return RegistrationPage(
        id=row.id,
        number=row.number,
        person=row.person,
        area=row.area,
        wish=wish_of(look, row),
        channel=row.channel,
        standing=_standing(row, aboard, declined=declined),
        aboard=aboard,
        reachable=bool(row.reachable),
        created_at=row.created_at,
        changed_at=row.changed_at,
        registrar=Name(look.seal.open_text(row.registrar_name)) if row.registrar_name else None,
        taken=row.registrar is not None and row.contact != row.registrar,
        identity_consented_at=row.identity_consented_at,
        companions=along,
    )


def _standing(row: Row[Any], aboard: Aboard | None, *, declined: bool) -> Standing:
    return standing(cancelled=row.status == Status.CANCELLED, aboard=aboard, declined=declined)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def lock(work: Work, registration: int) -> None:
    """Holds the registration until the end of the work."""
    await work.db.execute(select(_r.id).where(_r.id == registration).with_for_update(key_share=True))
