"""The migrated schema is the one of storage/tables.py, on both databases, however many processes start at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import Connection, text

from storage.database import Database
from storage.migrate import MIGRATIONS, Alone, Taken, migrate, migrated
from storage.sealing import sealer
from storage.tables import metadata

ROOT = Path(__file__).parents[1]
SEAL = sealer([Fernet.generate_key().decode()], "hash key of the tests, long enough")


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


async def test_the_migrated_tables_are_those_that_the_code_knows(database_url: str) -> None:
    database = Database(database_url, SEAL)
    try:
        assert not await migrated(database)
        await migrate(database)
        assert await migrated(database)
        async with database.engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await database.close()


async def test_a_second_start_changes_nothing(database_url: str) -> None:
    database = Database(database_url, SEAL)
    try:
        await migrate(database)
        await migrate(database)
        assert await migrated(database)
    finally:
        await database.close()


async def test_processes_that_start_together_take_turns(postgres_url: str) -> None:
    databases = [Database(postgres_url, SEAL) for _ in range(4)]
    try:
        await asyncio.gather(*(migrate(database) for database in databases))
        assert await migrated(databases[0])
    finally:
        for database in databases:
            await database.close()


def test_a_sqlite_file_serves_one_process(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}", SEAL)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "a.db")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Taken, match=f"in use by process {holder.pid}: SQLite serves one process"):
            Alone(database).__enter__()
        holder.kill()
        holder.wait()
    with Alone(database):  # the kernel has let the lock of the killed one go
        pass


HOLDER = """
import sys
from cryptography.fernet import Fernet
from storage.database import Database
from storage.migrate import Alone
from storage.sealing import sealer
seal = sealer([Fernet.generate_key().decode()], "x" * 32)
with Alone(Database(f"sqlite+aiosqlite:///{sys.argv[1]}", seal)):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_what_was_stored_by_the_first_revision_stays(database_url: str) -> None:
    """Rows that point at each other, in every table that a later revision alters."""
    database = Database(database_url, SEAL)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(to_revision, "0001")
            for statement in (ROOT / "tests" / "first_revision.sql").read_text("utf-8").strip().split(";\n"):
                await connection.execute(text(statement))
        await migrate(database)
        async with database.look() as look:
            for table in ("people", "contacts", "registrations", "trips", "stops", "seats", "due", "help_requests"):
                count = await look.db.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names from above
                assert count == 1, table
    finally:
        await database.close()


def to_revision(connection: Connection, revision: str) -> None:
    """The tables as that revision knew them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
