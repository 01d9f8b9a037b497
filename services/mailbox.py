"""What was said to a person on a channel that keeps it (web chat, terminal), for the page that fetches it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, literal_column, select

from storage.database import Database
from storage.tables import Instant, contacts, outbox
from texts.render import Rendered

MOST = 50  # messages that a page shows when it is opened again

_rendered = msgspec.json.Decoder(Rendered)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was said: `row` is its outbox row, `at` when it was sent."""

    row: int
    at: datetime
    message: Rendered


def topic(contact: int) -> str:
    """What rings when something has been said to that contact."""
    return f"mail:{contact}"


async def contact_at(database: Database, channel: str, address: str) -> int | None:
    """The contact at that address, None for somebody who has never written."""
    async with database.look() as look:
        found = await look.db.execute(
            select(contacts.c.id).where(contacts.c.channel == channel, contacts.c.address == address)
        )
        return found.scalar_one_or_none()


async def on_its_way(database: Database, contact: int, now: datetime) -> bool:
    """Whether a message to that contact could go now and has not yet."""
    waiting = outbox.c.state.in_([literal_column("'queued'"), literal_column("'sending'")])
    async with database.look() as look:
        found = await look.db.execute(
            select(outbox.c.id)
            .where(outbox.c.contact == contact, waiting, outbox.c.not_before <= bindparam("now", type_=Instant))
            .limit(1),
            {"now": now},
        )
        return found.first() is not None


async def mail(database: Database, contact: int, seen: Collection[int] = ()) -> list[Mail]:
    """The last messages to that contact but those `seen`, in the order in which they were said.

    Rows are not said in the order of their numbers: an answer overtakes a notice that was put in before it.
    """
    async with database.look() as look:
        rows = await look.db.execute(
            select(outbox.c.id, outbox.c.ended_at, outbox.c.created_at, outbox.c.said)
            .where(outbox.c.contact == contact, outbox.c.said.is_not(None))
            .order_by(outbox.c.id.desc())
            .limit(MOST)
        )
        new = [
            Mail(row.id, row.ended_at or row.created_at, _rendered.decode(look.seal.open(row.said)))
            for row in rows
            if row.id not in seen
        ]
    return sorted(new, key=lambda one: (one.at, one.row))
