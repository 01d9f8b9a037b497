"""The office's settings: one row a name."""

from __future__ import annotations

from sqlalchemy import delete, select

from storage.database import Look, Work
from storage.tables import settings
from storage.upsert import upsert

SETTINGS = "settings"  # the wake topic of those who keep settings at hand


async def values(look: Look) -> dict[str, str]:
    """Every setting, name → value."""
    rows = await look.db.execute(select(settings.c.name, settings.c.value))
    return {row.name: row.value for row in rows}


async def put(work: Work, name: str, value: str) -> None:
    """Stores one setting and wakes those who keep them at hand."""
    statement = upsert(work, settings).values(name=name, value=value)
    await work.db.execute(
        statement.on_conflict_do_update(index_elements=[settings.c.name], set_={"value": statement.excluded.value})
    )
    work.wake(SETTINGS)


async def take(work: Work, name: str) -> str | None:
    """Removes a setting and gives what it held; of two who take it at once one gets None."""
    rows = await work.db.execute(delete(settings).where(settings.c.name == name).returning(settings.c.value))
    found = rows.scalar_one_or_none()
    return None if found is None else str(found)
