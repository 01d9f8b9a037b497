"""Reminders: what is due is taken and told to everybody on board whom it concerns."""

from __future__ import annotations

from domain.reminders import silent_now
from services.desk import Desk
from storage import due
from storage.database import Database


async def remind(database: Database, desk: Desk) -> int:
    """The tick: takes what is due and puts the reminders into the outbox, a chunk of one stop's people in each
    transaction. Returns how many messages were put there. A second run is harmless, on however many machines: a due
    row is taken by one at a time, and a message that stands in the outbox is not put there again.
    """
    now = desk.now()
    async with database.look() as look:
        if not await due.anything(look, now):
            return 0
    async with database.work() as work:
        await due.miss(work, now)
        await work.commit()
    told = 0
    while (more := await _remind_some(database, desk)) is not None:
        told += more
    return told


async def _remind_some(database: Database, desk: Desk) -> int | None:
    """One chunk; None where nothing is due any more."""
    now = desk.now()
    async with database.work() as work:
        taken = await due.take(work, now, silent_now(now))
        if taken is None:
            return None
        told = await due.fan_out(work, taken, now)
        await work.commit()
    return told
