"""Alembic's way in: on the connection that storage.migrate hands over; for the command line on a throw-away database.

A new revision, once storage/tables.py has changed:

    alembic -c storage/migrations/alembic.ini revision --autogenerate --rev-id 0002 -m "what changes"

It compares the tables with what the revisions so far make of an empty database.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from storage.tables import Instant, metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_spelled,
        render_as_batch=bool(context.script.get_heads()),  # SQLite can't alter a table in place; the first only makes
    )
    with context.begin_transaction():
        context.run_migrations()


def _spelled(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Our own type as the one it stands on, so that old revisions do not hang on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _on_a_throw_away_database() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        so_far = MigrationContext.configure(connection, opts={"fn": _up_to_head})
        with Operations.context(so_far):
            so_far.run_migrations()
        _run(connection)


def _up_to_head(revision: str, _context: MigrationContext) -> list[RevisionStep]:
    return context.script._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic.command.upgrade calls as well


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    _on_a_throw_away_database()
else:
    _run(handed_over)
