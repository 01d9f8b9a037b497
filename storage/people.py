"""People: their names, phones and identity numbers, sealed, found through keyed hashes.

A row holds what one person gave: with an identity number it is another row than without, and two rows may bear the same
number. So nobody who only knows a name and a phone gets hold of the number that belongs to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, delete, exists, func, select, text, union, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.people import Identity, Name, Phone
from domain.registrations import Wish
from storage.database import Look, Work
from storage.many import Many
from storage.sealing import pieces
from storage.tables import contacts, name_pieces, people, registrations

PHONE_TAIL = 4  # digits that staff search by
_LOCK_BYTES = 8  # PostgreSQL: pg_advisory_xact_lock takes a bigint


class Who(NamedTuple):
    """What a person gave of themselves."""

    name: Name
    phone: Phone
    identity: Identity | None = None


def who(wish: Wish) -> Who:
    """Whose wish it is."""
    return Who(wish.name, wish.phone, wish.identity)


def same(look: Look, one: Who) -> bytes:
    """The hash under which the row stands: of the phone, the name, white space and case apart, and the number."""
    number = f"|{one.identity.digits}" if one.identity else ""
    return look.seal.hash("same", f"{one.phone.digits}|{_spelled(one.name.text)}{number}")


async def keep(work: Work, everybody: Sequence[Who], now: datetime) -> dict[Who, int]:
    """The ids of these people, stored where they were not, locked until the work is over."""
    hashes = {one: same(work, one) for one in everybody}
    hashes = dict(sorted(hashes.items(), key=lambda one: one[1]))  # in one order, so that nobody locks crosswise
    numbers = {one.identity: identity_hash(work, one.identity) for one in everybody if one.identity}
    await _lock(work, sorted(numbers.values()))
    agreed = await _agreed(work, list(numbers.values()))
    await _KEEP.run(
        work, [_row(work, one, hashed, now) | _numbered(work, one, agreed, now) for one, hashed in hashes.items()]
    )
    wanted = select(people.c.id, people.c.same).where(people.c.same.in_(list(hashes.values())))
    found = await work.db.execute(wanted.order_by(people.c.id).with_for_update(key_share=True))
    ids = {bytes(row.same): row.id for row in found}
    rows = [
        {"person": ids[hashed], "hash": work.seal.hash("piece", piece)}
        for one, hashed in hashes.items()
        for piece in set(pieces(one.name.text))
    ]
    await _KEEP_PIECES.run(work, rows)
    return {one: ids[hashed] for one, hashed in hashes.items()}


_KEEP = Many(
    sqlite.insert(people).inline().on_conflict_do_nothing(index_elements=["same"]),
    postgresql.insert(people).inline().on_conflict_do_nothing(index_elements=["same"]),
    names=(
        *("name", "phone", "same", "phone_hash", "phone_tail_hash"),
        *("identity", "identity_hash", "identity_consented_at", "created_at"),
    ),
    instants=("identity_consented_at", "created_at"),
)
_KEEP_PIECES = Many(
    sqlite.insert(name_pieces).on_conflict_do_nothing(index_elements=["person", "hash"]),
    postgresql.insert(name_pieces).on_conflict_do_nothing(index_elements=["person", "hash"]),
    names=("person", "hash"),
)


async def rows_of(look: Look, everybody: Sequence[Who]) -> dict[Who, frozenset[int]]:
    """The rows that stand for the same person as each of those: the same identity number, else the same phone and name
    (design.md, Storage). Two different numbers are two people, whatever they are called.
    """
    hashes = {one: same(look, Who(one.name, one.phone)) for one in everybody}
    phones = {one: look.seal.hash("phone", one.phone.digits) for one in everybody if one.identity is None}
    numbers = {one: identity_hash(look, one.identity) for one in everybody if one.identity}
    found = await look.db.execute(_candidates(list(hashes.values()), list(phones.values()), list(numbers.values())))
    rows = [
        (row.id, bytes(row.same), bytes(row.phone_hash), bytes(row.identity_hash or b""), row.name) for row in found
    ]

    def is_theirs(one: Who, row: tuple[int, bytes, bytes, bytes, bytes]) -> bool:
        _, hashed, phone, number, name = row
        if hashed == hashes[one] or (one.identity and number == numbers[one]):
            return True
        if one.identity or not number or phone != phones[one]:
            return False
        return _spelled(look.seal.open_text(name)) == _spelled(one.name.text)

    return {one: frozenset(row[0] for row in rows if is_theirs(one, row)) for one in everybody}


def _candidates(hashes: list[bytes], phones: list[bytes], numbers: list[bytes]) -> CompoundSelect[Any]:
    p = people.c
    looks = select(p.id, p.same, p.phone_hash, p.identity_hash, p.name)
    ways: list[tuple[ColumnElement[bool], ...]] = [(p.same.in_(hashes),)]
    if phones:
        ways.append((p.phone_hash.in_(phones), p.identity_hash.is_not(None)))
    if numbers:
        ways.append((p.identity_hash.in_(numbers),))
    return union(*(looks.where(*way) for way in ways))  # not with OR: SQLite would read the whole table for it


def identity_hash(look: Look, identity: Identity) -> bytes:
    """The hash under which an identity number is found."""
    return look.seal.hash("identity", identity.digits)


async def replace(work: Work, registration: int, was: int, shall_be: int) -> None:
    """Gives a registration to another person. Where nothing is left of the one it had, that was a slip of the pen or
    something taken back: their chats follow, and what was stored of them goes.
    """
    await work.db.execute(update(registrations).where(registrations.c.id == registration).values(person=shall_be))
    left = exists().where(registrations.c.person == was)
    await work.db.execute(update(contacts).where(contacts.c.person == was, ~left).values(person=shall_be))
    await drop_unused(work, [was])


async def drop_unused(work: Work, ids: Sequence[int]) -> None:
    """Deletes those of these people whom no registration needs any more; a chat that was theirs is nobody's then."""
    used = exists().where(registrations.c.person == people.c.id)
    unused = select(people.c.id).where(people.c.id.in_(ids), ~used).scalar_subquery()
    await work.db.execute(update(contacts).where(contacts.c.person.in_(unused)).values(person=None))
    await work.db.execute(delete(name_pieces).where(name_pieces.c.person.in_(unused)))
    await work.db.execute(delete(people).where(people.c.id.in_(ids), ~used))


def _spelled(name: str) -> str:
    return "".join(name.split()).casefold()


async def _lock(work: Work, hashes: Sequence[bytes]) -> None:
    """Of two who bring the same number at once, one waits: their rows may be different ones. SQLite has one writer."""
    if not work.sqlite:
        for hashed in hashes:
            lock = int.from_bytes(hashed[:_LOCK_BYTES], signed=True)
            await work.db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


async def _agreed(look: Look, hashes: Sequence[bytes]) -> dict[bytes, datetime]:
    """When the people with those numbers first agreed to their being kept."""
    if not hashes:
        return {}
    p = people.c
    first = select(p.identity_hash, func.min(p.identity_consented_at).label("at")).group_by(p.identity_hash)
    return {bytes(row.identity_hash): row.at for row in await look.db.execute(first.where(p.identity_hash.in_(hashes)))}


def _numbered(work: Work, one: Who, agreed: dict[bytes, datetime], now: datetime) -> dict[str, object]:
    if one.identity is None:
        return {"identity": None, "identity_hash": None, "identity_consented_at": None}
    hashed = identity_hash(work, one.identity)
    sealed = work.seal.seal_text(one.identity.digits)
    return {"identity": sealed, "identity_hash": hashed, "identity_consented_at": agreed.get(hashed, now)}


def _row(work: Work, one: Who, hashed: bytes, now: datetime) -> dict[str, object]:
    return {
        "name": work.seal.seal_text(one.name.text),
        "phone": work.seal.seal_text(one.phone.digits),
        "same": hashed,
        "phone_hash": work.seal.hash("phone", one.phone.digits),
        "phone_tail_hash": work.seal.hash("tail", one.phone.digits[-PHONE_TAIL:]),
        "created_at": now,
    }
