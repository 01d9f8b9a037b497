"""An outbox for a test, on SQLite, on PostgreSQL, or once on each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.delivery import setting
from tests.delivery.setting import Clock, Post
from tests.support.databases import Databases, PostgresDatabases, SqliteFiles


@pytest.fixture
async def post(databases: Databases) -> AsyncIterator[Post]:
    """An empty outbox."""
    async for opened in _opened(databases):
        yield opened


@pytest.fixture
async def shared_post(postgres_server: PostgresDatabases) -> AsyncIterator[Post]:
    """An empty outbox on PostgreSQL, for what only several processes do."""
    async for opened in _opened(postgres_server):
        yield opened


@pytest.fixture
async def sqlite_post(sqlite_files: SqliteFiles) -> AsyncIterator[Post]:
    """An empty outbox on SQLite, for what only one process does."""
    async for opened in _opened(sqlite_files):
        yield opened


async def _opened(databases: Databases) -> AsyncIterator[Post]:
    url = await databases.fresh(await databases.template("delivery", setting.create))
    database = setting.open_database(url)
    clock = Clock()
    yield Post(database, clock, setting.desk(clock))
    await database.close()
    await databases.drop(url)
