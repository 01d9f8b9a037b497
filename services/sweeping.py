"""Sweeping: what was kept for a while only is erased when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from storage import contacts, inbox, takeovers
from storage.database import Database
from storage.tables import sign_ins

KEEP_SIGN_INS = timedelta(days=30)  # after they were last used; they have ended long before (domain.staff)


async def sweep(database: Database, now: datetime) -> dict[str, int]:
    """Erases what was kept for a while only; returns how many of each kind. A second run is harmless.

    That is: what people wrote before a consent that never came; the addresses of people of whom nothing else is kept;
    messages that no platform sends again; codes that ran out long ago; sign-ins that nobody can use any more.
    """
    async with database.work() as work:
        held = await contacts.erase_held(work, now)
        messages = await inbox.forget(work, now)
        nameless = await contacts.drop_nameless(work, now)
        codes = await takeovers.forget(work, now)
        ended = await work.db.execute(delete(sign_ins).where(sign_ins.c.seen_at < now - KEEP_SIGN_INS))
        await work.commit()
    return {"held": held, "messages": messages, "nameless": nameless, "codes": codes, "sign_ins": ended.rowcount}
