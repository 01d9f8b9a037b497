"""Bringing the tables up to today's revision at start, and seeing that only one process works on a SQLite file."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x66616E67616E67  # "fangang": the number of the PostgreSQL advisory lock


class Taken(Exception):  # noqa: N818 - said to the operator: it is nobody's error
    """Another process works on this SQLite file."""

    def __init__(self, file: Path, holder: str) -> None:
        super().__init__(
            f"{file} is in use by {holder or 'another process'}: SQLite serves one process. "
            "Stop that one first, or set FANGANG_DATABASE_URL to a PostgreSQL database, which serves any number."
        )


class Alone:
    """The right to be the one process on a SQLite file, for as long as this is entered; on PostgreSQL all may enter.

    Entering raises Taken. The kernel lets the lock go however the process ends.
    """

    def __init__(self, database: Database) -> None:
        self._file = Path(database.url.database or "") if database.sqlite else None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._file is None:
            return self
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lock = self._file.with_name(f"{self._file.name}.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise Taken(self._file, holder) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        self._lock = lock
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


async def migrate(database: Database) -> None:
    """Brings the tables up to today's revision, in one transaction; processes that start together take turns."""
    async with database.engine.begin() as connection:
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        await connection.run_sync(_upgrade)


async def migrated(database: Database) -> bool:
    """Whether the tables stand at today's revision."""
    async with database.look() as look:
        present = await look.db.run_sync(_present)
    return present == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
