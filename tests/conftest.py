"""The fixtures of every test: databases and a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page

from tests.support import browser as browsers
from tests.support import postgres
from tests.support.databases import Databases, PostgresDatabases, SqliteFiles


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the mark `browser` on the tests that use one."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresDatabases]:
    """The one PostgreSQL of this run."""
    with postgres.running() as url:
        server = PostgresDatabases(url)
        yield server
        asyncio.run(server.drop_templates())


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """The SQLite databases of this run."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases come from; a test that asks for it runs once on each kind."""
    found: SqliteFiles | PostgresDatabases = request.getfixturevalue(
        "sqlite_files" if request.param == "sqlite" else "postgres_server"
    )
    return found


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """An empty database, on SQLite and on PostgreSQL."""
    url = await databases.fresh()
    yield url
    await databases.drop(url)


@pytest.fixture
async def postgres_url(postgres_server: PostgresDatabases) -> AsyncIterator[str]:
    """An empty database on PostgreSQL, for what SQLite does not have."""
    url = await postgres_server.fresh()
    yield url
    await postgres_server.drop(url)


@pytest.fixture
def complaints() -> Iterator[browsers.Complaints]:
    """What the browser found wrong; a test says here what it expects (complaints.expect)."""
    heard = browsers.Complaints()
    yield heard
    assert not heard.left, "the browser found something wrong: " + "; ".join(heard.left)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, for this test alone."""
    async with browsers.chromium() as started:
        yield started


@pytest.fixture
async def page(browser: Browser, complaints: browsers.Complaints) -> AsyncIterator[Page]:
    """A worker's telephone, 360 pixels wide and touched with a finger."""
    async with browsers.opened(browser, complaints, browsers.PHONE, has_touch=True, is_mobile=True) as opened:
        yield opened


@pytest.fixture
async def desk(browser: Browser, complaints: browsers.Complaints) -> AsyncIterator[Page]:
    """The screen of a member of staff."""
    async with browsers.opened(browser, complaints, browsers.DESK) as opened:
        yield opened
