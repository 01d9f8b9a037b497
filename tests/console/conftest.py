"""The fixtures of the console's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from console.app import console_app
from storage.database import Database
from storage.sealing import sealer
from tests.console.setting import CITY, HASH_KEY, KEYS, LIUZHOU, Browser, Clock, House, create, new_desk, staff_up
from tests.support.databases import Databases

NewBrowser = Callable[[], Awaitable[Browser]]


@asynccontextmanager
async def opened(databases: Databases, template: str, home: str) -> AsyncIterator[House]:
    """A copy of that database with the service on it."""
    url = await databases.fresh(template)
    database = Database(url, sealer(KEYS, HASH_KEY))
    clock = Clock()
    yield House(database, new_desk(clock, home), clock)
    await database.close()
    await databases.drop(url)


@asynccontextmanager
async def served(house: House) -> AsyncIterator[NewBrowser]:
    """The console of that service, over HTTP."""
    app = web.Application()
    console = console_app(
        house.database, house.desk, secure=False, public_url="https://fangang.example/", passwords=house.passwords
    )
    app.add_subapp("/console", console)
    server = TestServer(app)
    await server.start_server()
    clients: list[TestClient] = []  # type: ignore[type-arg]  # see setting.Browser

    async def new() -> Browser:
        client = TestClient(server, cookie_jar=CookieJar(unsafe=True))
        clients.append(client)
        return Browser(client)

    yield new
    for client in clients:
        await client.session.close()
    await server.close()


@pytest.fixture
async def bare(databases: Databases) -> AsyncIterator[House]:
    """A service that nobody has set up yet."""
    async with opened(databases, await databases.template("console", create), home="") as house:
        yield house


@pytest.fixture
async def house(databases: Databases) -> AsyncIterator[House]:
    """An office with staff."""
    async with opened(databases, await databases.template("console with staff", staff_up), home=LIUZHOU) as house:
        yield house


@pytest.fixture
async def new_browser(house: House) -> AsyncIterator[NewBrowser]:
    """Makes browsers for the office, each with its own cookies."""
    async with served(house) as new:
        yield new


@pytest.fixture
async def stranger(new_browser: NewBrowser) -> Browser:
    """A browser that nobody has signed in with."""
    return await new_browser()


@pytest.fixture
async def first(bare: House) -> AsyncIterator[Browser]:
    """A browser at the service that nobody has set up yet."""
    async with served(bare) as new:
        yield await new()


@pytest.fixture
async def city(house: House, new_browser: NewBrowser) -> Browser:
    """The browser of a member of the city's staff."""
    browser = await new_browser()
    page = await browser.sign_in(CITY)
    assert page.status == 303
    await browser.get("/settings")
    return browser
