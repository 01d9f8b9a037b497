"""The office of these tests, empty, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.departures import setting
from tests.departures.setting import County
from tests.support.databases import Databases, PostgresDatabases


@pytest.fixture
async def county(databases: Databases) -> AsyncIterator[County]:
    """A county without people."""
    async for opened in _opened(databases):
        yield opened


@pytest.fixture
async def shared_county(postgres_server: PostgresDatabases) -> AsyncIterator[County]:
    """The same on PostgreSQL, for what only works that run side by side do."""
    async for opened in _opened(postgres_server):
        yield opened


async def _opened(databases: Databases) -> AsyncIterator[County]:
    url = await databases.fresh(await databases.template("departures", setting.create))
    opened = await setting.opened(url)
    yield opened
    await opened.database.close()
    await databases.drop(url)
