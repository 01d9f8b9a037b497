"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells once for each."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Look


def upsert(look: Look, table: Table) -> postgresql.Insert:
    """An INSERT into that table on which `on_conflict_do_update` and `on_conflict_do_nothing` can be called."""
    if look.sqlite:
        return sqlite.insert(table)  # type: ignore[return-value]  # the two have the same methods and no common type
    return postgresql.insert(table)
