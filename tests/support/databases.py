"""Empty databases for tests, made in no time: SQLite files, and databases of one PostgreSQL server."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import asyncpg
from sqlalchemy.engine import URL, make_url

Fill = Callable[[str], Awaitable[None]]
"""What makes a template out of an empty database, given its URL; it has closed its connections when it returns."""


class Databases(Protocol):
    """Where databases come from. URLs are SQLAlchemy's, with the async driver."""

    async def fresh(self, template: str | None = None) -> str:
        """The URL of a new database: an empty one, or a copy of the one at the URL `template`."""
        ...

    async def template(self, name: str, fill: Fill) -> str:
        """The URL of a database to copy from. `fill` makes it the first time that this name is asked for."""
        ...

    async def drop(self, url: str) -> None:
        """Remove the database with whoever is connected to it."""
        ...


class SqliteFiles:
    """SQLite databases, each a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    async def fresh(self, template: str | None = None) -> str:
        path = self._folder / f"{next(self._numbers)}.db"
        if template is not None:
            shutil.copyfile(_path(template), path)
        return f"sqlite+aiosqlite:///{path}"

    async def template(self, name: str, fill: Fill) -> str:
        if name not in self._templates:
            url = await self.fresh()
            await fill(url)
            if _path(url).with_suffix(".db-wal").exists():
                message = f"the template {name} is still open"
                raise RuntimeError(message)
            self._templates[name] = url
        return self._templates[name]

    async def drop(self, url: str) -> None:
        for suffix in (".db", ".db-wal", ".db-shm"):
            _path(url).with_suffix(suffix).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases of one PostgreSQL server; `url` names any one of them, whose user may create others."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._names = (f"fangang_test_{os.getpid()}_{number}" for number in itertools.count(1))
        self._templates: dict[str, str] = {}

    async def fresh(self, template: str | None = None) -> str:
        name = next(self._names)
        source = "template0" if template is None else make_url(template).database
        await self._order(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return _spelled(self._url.set(database=name))

    async def template(self, name: str, fill: Fill) -> str:
        if name not in self._templates:
            url = await self.fresh()
            await fill(url)
            self._templates[name] = url
        return self._templates[name]

    async def drop(self, url: str) -> None:
        await self._order(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    async def drop_templates(self) -> None:
        """Leave a server that is not ours as it was."""
        for url in self._templates.values():
            await self.drop(url)
        self._templates.clear()

    async def _order(self, statement: str) -> None:
        connection = await asyncpg.connect(_spelled(self._url.set(drivername="postgresql")))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _spelled(url: URL) -> str:
    return url.render_as_string(hide_password=False)
