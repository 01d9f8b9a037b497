"""The databases and the browser that the other tests stand on."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web
from playwright.async_api import Page
from pytest_aiohttp import AiohttpServer
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support import postgres
from tests.support.browser import Complaints
from tests.support.databases import Databases
from tests.support.machine import cannot_run


async def run(url: str, *statements: str) -> list[object]:
    """What the last statement gives, as the list of its first column."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(text(statement))
            return list((await connection.execute(text(statements[-1]))).scalars())
    finally:
        await engine.dispose()


async def test_a_database_is_empty_and_takes_rows(database_url: str) -> None:
    assert await run(
        database_url, "CREATE TABLE seats (n int)", "INSERT INTO seats VALUES (7)", "SELECT n FROM seats"
    ) == [7]


async def test_the_next_database_knows_nothing_of_it(database_url: str) -> None:
    await run(database_url, "CREATE TABLE seats (n int)", "SELECT 1")


async def test_a_template_is_made_once_and_copied(databases: Databases) -> None:
    made = []

    async def fill(url: str) -> None:
        made.append(url)
        await run(url, "CREATE TABLE seats (n int)", "INSERT INTO seats VALUES (7)", "SELECT 1")

    first = await databases.fresh(await databases.template("test_support", fill))
    second = await databases.fresh(await databases.template("test_support", fill))
    await run(first, "UPDATE seats SET n = 8", "SELECT 1")
    assert await run(second, "SELECT n FROM seats") == [7]
    assert len(made) == 1
    for url in (first, second):
        await databases.drop(url)


def test_a_test_that_cannot_run_is_skipped_and_under_ci_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        cannot_run("no browser")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        cannot_run("no browser")


async def test_the_server_that_the_package_carries_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres, "_programs", postgres._carried)
    with postgres.running() as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the user who runs PostgreSQL can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="fangang-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_the_server_stops_when_the_tests_are_killed(open_folder: Path) -> None:
    started = """
from tests.support import postgres
postgres._memory = lambda: None  # what is left of it shall be in our folder
with postgres.running() as url:
    print(url, flush=True)
    input()
"""
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", started],
        cwd=root,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "TMPDIR": str(open_folder), "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        port = make_url(process.stdout.readline().decode().strip()).port
        assert port is not None
        process.kill()
    assert _closes(port)


def _closes(port: int) -> bool:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return True
        time.sleep(0.05)
    return False


@pytest.fixture
async def site(aiohttp_server: AiohttpServer) -> str:
    """Pages to open: / is clean, the others each have one fault."""
    pages = {
        "/": "<meta name=viewport content='width=device-width'><h1>返岗通</h1>"
        "<script>document.title = innerWidth + ' ' + navigator.language</script>",
        "/throws": "<script>throw new Error('spilt')</script>",
        "/logs": "<script>console.error('broken')</script>",
        "/abroad": "<img src='https://example.com/pixel.png' alt=''>",
    }

    async def show(request: web.Request) -> web.Response:
        if request.path not in pages:
            raise web.HTTPNotFound
        return web.Response(text="<link rel=icon href='data:,'>" + pages[request.path], content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", show)
    server = await aiohttp_server(app)
    return str(server.make_url("/")).rstrip("/")


async def test_a_telephone_and_a_desk_open_a_page(page: Page, desk: Page, site: str) -> None:
    await page.goto(site)
    await desk.goto(site)
    assert await page.title() == "360 zh-CN"
    assert await desk.title() == "1280 zh-CN"


@pytest.mark.parametrize(
    ("path", "fault"),
    [("/throws", "spilt"), ("/logs", "broken"), ("/abroad", "another host: https://example.com"), ("/gone", "404")],
)
async def test_what_is_wrong_with_a_page_is_heard(
    page: Page, complaints: Complaints, site: str, path: str, fault: str
) -> None:
    await page.goto(site + path, wait_until="networkidle")
    assert any(fault in complaint for complaint in complaints.left)
    complaints.expect(fault)
    complaints.expect("ERR_NAME_NOT_RESOLVED")  # the other half of asking abroad
