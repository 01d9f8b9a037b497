"""Marks of registrations, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from domain.marks import Mark
from storage.database import Look, Work
from storage.tables import marks
from storage.upsert import upsert


async def add(work: Work, wanted: Sequence[tuple[int, Mark]], now: datetime, staff: int | None = None) -> None:
    """Marks those registrations (id, mark); what is marked already stays as it was."""
    if wanted:
        rows = [{"registration": one, "mark": mark, "staff": staff, "created_at": now} for one, mark in wanted]
        await work.db.execute(upsert(work, marks).on_conflict_do_nothing(index_elements=["registration", "mark"]), rows)


async def drop(work: Work, registration: int, unwanted: Collection[Mark]) -> None:
    """Takes those marks off one registration."""
    await work.db.execute(delete(marks).where(marks.c.registration == registration, marks.c.mark.in_(unwanted)))


async def of(look: Look, registration: int) -> frozenset[Mark]:
    """The marks of one registration."""
    found = await look.db.scalars(select(marks.c.mark).where(marks.c.registration == registration))
    return frozenset(map(Mark, found))
