"""The database: where it is, how it is opened, and one unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

import asyncpg
from sqlalchemy import Connection, Dialect, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.sealing import Sealer
from storage.wakes import Wakes

SQLITE_READERS = 4
POSTGRES_CONNECTIONS = 8
BUSY_MILLISECONDS = 10_000  # another program holds the file (a backup, sqlite3 on the command line)
NOTIFY_CHANNEL = "fangang"


class Look:
    """A view of the tables: a connection that reads one state of them, and the sealer that opens what it finds."""

    def __init__(self, engine: AsyncEngine, seal: Sealer) -> None:
        self._engine = engine
        self.seal = seal
        self._stack = AsyncExitStack()
        self._connection: AsyncConnection | None = None

    @property
    def db(self) -> AsyncConnection:
        """The connection; only inside `async with`."""
        if self._connection is None:
            raise RuntimeError("used outside `async with`")
        return self._connection

    @property
    def dialect(self) -> Dialect:
        """How this database spells statements."""
        return self._engine.dialect

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite, for the few statements that differ."""
        return self._engine.dialect.name == "sqlite"

    async def __aenter__(self) -> Self:
        self._connection = await self._stack.enter_async_context(self._engine.connect())
        await self._connection.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection = None
        await self._stack.aclose()  # rolls back what was not committed


class Work(Look):
    """One unit of work: everything in it is stored by `commit`, or nothing."""

    def __init__(self, engine: AsyncEngine, seal: Sealer, wakes: Wakes) -> None:
        super().__init__(engine, seal)
        self._wakes = wakes
        self._topics: set[str] = set()

    def wake(self, topic: str) -> None:
        """Wakes those who wait for that topic once this work is committed."""
        self._topics.add(topic)

    async def commit(self) -> None:
        """Stores it all and wakes whom it concerns."""
        if self._topics and not self.sqlite:
            for topic in sorted(self._topics):
                await self.db.execute(text("SELECT pg_notify(:name, :topic)"), {"name": NOTIFY_CHANNEL, "topic": topic})
        await self.db.commit()
        self._wakes.ring(self._topics)
        self._topics.clear()


class Database:
    """The tables behind one SQLAlchemy URL (sqlite+aiosqlite or postgresql+asyncpg)."""

    def __init__(self, url: str, seal: Sealer) -> None:
        self.url = make_url(url)
        self.seal = seal
        self.wakes = Wakes()
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            self._writer = _sqlite(url, begin="BEGIN IMMEDIATE", size=1, pragmas=(*_PRAGMAS, *_WRITER_PRAGMAS))
            self._reader = _sqlite(url, begin="BEGIN", size=SQLITE_READERS, pragmas=_PRAGMAS)
        else:
            self._writer = self._reader = create_async_engine(
                url,
                pool_size=POSTGRES_CONNECTIONS,
                max_overflow=0,
                pool_pre_ping=True,
                connect_args={"server_settings": dict(_SERVER_SETTINGS)},
            )

    def work(self) -> Work:
        """A unit of work. On SQLite they queue for the one writer; on PostgreSQL they run side by side."""
        return Work(self._writer, self.seal, self.wakes)

    def look(self) -> Look:
        """A view to read from; it holds no writer up."""
        return Look(self._reader, self.seal)

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine, for migrations."""
        return self._writer

    async def close(self) -> None:
        """Lets go of every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()

    async def listen(self) -> None:
        """Passes on what other processes ring, until cancelled. SQLite has no other processes: nothing to do there."""
        if self.sqlite:
            return
        while True:
            with suppress(OSError, asyncpg.PostgresError):
                await self._listen_once()
            await asyncio.sleep(1)

    async def _listen_once(self) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _connection: gone.set())
        try:
            await connection.add_listener(NOTIFY_CHANNEL, lambda *heard: self.wakes.ring((str(heard[3]),)))
            await gone.wait()
        finally:
            await connection.close()


def _sqlite(url: str, *, begin: str, size: int, pragmas: Sequence[str]) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=60)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver's guess
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


_PRAGMAS: Sequence[str] = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a departure that was said to be stored is stored, also through a power cut
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",  # what a person had erased leaves no trace in free pages
)
_WRITER_PRAGMAS: Sequence[str] = (
    "PRAGMA wal_autocheckpoint = 2000",  # pages (8 MB): not every chunk pays for a checkpoint
)

_SERVER_SETTINGS: Mapping[str, str] = {
    "jit": "off",  # every statement is short; compiling one takes longer than it does
    "random_page_cost": "1.1",  # an SSD, or cached: no whole table is read for a chunk of rows
}
