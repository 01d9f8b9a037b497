"""People: their names and phones, sealed, found through keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.people import Name, Phone
from storage.database import Look, Work
from storage.many import Many
from storage.sealing import pieces
from storage.tables import name_pieces, people, registrations

Identity = tuple[Name, Phone]
PHONE_TAIL = 4  # digits that staff search by


def same(look: Look, who: Identity) -> bytes:
    """The hash of what makes a person the same: the phone and the name, white space and case apart."""
    name, phone = who
    return look.seal.hash("same", f"{phone.digits}|{''.join(name.text.split()).casefold()}")


async def keep(work: Work, everybody: Sequence[Identity], now: datetime) -> dict[Identity, int]:
    """The ids of these people, stored where they were not, locked until the work is over."""
    hashes = {who: same(work, who) for who in everybody}
    hashes = dict(sorted(hashes.items(), key=lambda one: one[1]))  # in one order, so that nobody locks crosswise
    await _KEEP.run(work, [_row(work, who, hashed, now) for who, hashed in hashes.items()])
    wanted = select(people.c.id, people.c.same).where(people.c.same.in_(list(hashes.values())))
    found = await work.db.execute(wanted.order_by(people.c.id).with_for_update(key_share=True))
    ids = {bytes(row.same): row.id for row in found}
    rows = [
        {"person": ids[hashed], "hash": work.seal.hash("piece", piece)}
        for who, hashed in hashes.items()
        for piece in set(pieces(who[0].text))
    ]
    await _KEEP_PIECES.run(work, rows)
    return {who: ids[hashed] for who, hashed in hashes.items()}


_KEEP = Many(
    sqlite.insert(people).inline().on_conflict_do_nothing(index_elements=["same"]),
    postgresql.insert(people).inline().on_conflict_do_nothing(index_elements=["same"]),
    names=("name", "phone", "same", "phone_hash", "phone_tail_hash", "created_at"),
    instants=("created_at",),
)
_KEEP_PIECES = Many(
    sqlite.insert(name_pieces).on_conflict_do_nothing(index_elements=["person", "hash"]),
    postgresql.insert(name_pieces).on_conflict_do_nothing(index_elements=["person", "hash"]),
    names=("person", "hash"),
)


async def drop_unused(work: Work, ids: Sequence[int]) -> None:
    """Deletes those of these people whom no registration needs any more."""
    used = exists().where(registrations.c.person == people.c.id)
    unused = select(people.c.id).where(people.c.id.in_(ids), ~used).scalar_subquery()
    await work.db.execute(delete(name_pieces).where(name_pieces.c.person.in_(unused)))
    await work.db.execute(delete(people).where(people.c.id.in_(ids), ~used))


def _row(work: Work, who: Identity, hashed: bytes, now: datetime) -> dict[str, object]:
    name, phone = who
    return {
        "name": work.seal.seal_text(name.text),
        "phone": work.seal.seal_text(phone.digits),
        "same": hashed,
        "phone_hash": work.seal.hash("phone", phone.digits),
        "phone_tail_hash": work.seal.hash("tail", phone.digits[-PHONE_TAIL:]),
        "created_at": now,
    }
