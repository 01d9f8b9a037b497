"""A running `fangang serve`, and the staff's part of a departure, done in the console as a person would."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page

ROOT = Path(__file__).parents[2]
READY_WITHIN = 60.0  # seconds, on a machine that does other things too
STOPPED_WITHIN = 20.0
NAME, PASSWORD, AREA = "覃主任", "liujiang-2027-song", "柳州市"
SOON = 60_000  # milliseconds that a page may take to show what it must


@dataclass(slots=True)
class Service:
    """The service of one office: a data folder (or a database) that outlives its processes."""

    folder: Path
    database: str
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    setup: str = ""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.asynccontextmanager
    async def running(self, now: str) -> AsyncIterator[None]:
        """One process of it, its clock starting at that moment; it must stop cleanly when asked to."""
        self.port = self.port or free_port()
        with (self.folder / "log.jsonl").open("a") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve",
                cwd=self.folder, env=self._environment(now), stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        try:
            await asyncio.wait_for(self._ready(process), READY_WITHIN)
            yield
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), STOPPED_WITHIN) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _environment(self, now: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANGANG_")}
        ours = {
            "PYTHONPATH": str(ROOT),
            "FANGANG_NOW": now,
            "FANGANG_DATABASE_URL": self.database,
            "FANGANG_PORT": str(self.port),
            "FANGANG_PUBLIC_URL": self.url,
        }
        return kept | ours | self.settings

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        seen = ""
        while "/console" not in seen:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended: {(self.folder / 'log.jsonl').read_text()[-2000:]}"
            seen += line
        with contextlib.suppress(TimeoutError):  # the setup link stands there on the very first start only
            while not self.setup:
                line = (await asyncio.wait_for(process.stdout.readline(), 1)).decode()
                if found := re.search(r"^setup: (\S+)", line):
                    self.setup = found[1]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def set_up(desk: Page, service: Service) -> None:
    """The first member of staff uses the link and signs in."""
    await desk.goto(service.setup)
    await desk.fill("#name", NAME)
    await desk.fill("#password", PASSWORD)
    await desk.fill("#again", PASSWORD)
    await desk.fill("#area", AREA)
    await desk.fill("#phone", "0772-7210000")
    await desk.click("form[method=post] button:not([hidden])")
    await desk.wait_for_url("**/sign-in*")
    await sign_in(desk, service)


async def sign_in(desk: Page, service: Service) -> None:
    """A member of staff signs in."""
    await desk.goto(f"{service.url}/console/sign-in")
    await desk.fill("#name", NAME)
    await desk.fill("#password", PASSWORD)
    await desk.click("article form[method=post] button")
    await desk.wait_for_url(lambda url: "sign-in" not in url)


async def make_trip(desk: Page, service: Service, day: str, time: str) -> str:
    """A coach of 45 seats to 深圳坪山 with one stop; returns its address. `day` is ISO."""
    await desk.goto(f"{service.url}/console/trips/new")
    await desk.fill("#vehicle", "桂B·12345")
    await desk.fill("#seats", "45")
    await desk.fill("[id='stop.0.place']", "柳江汽车站 2 号门")
    await desk.fill("[id='stop.0.day']", day)
    await desk.fill("[id='stop.0.time']", time)
    await desk.fill("#destination", "深圳坪山")
    await desk.fill("#arrival", "比亚迪 1 号门")
    await desk.fill("#escort_name", "覃师傅")
    await desk.fill("#escort_phone", "13800000001")
    await desk.fill("#bring", "带好身份证")
    await desk.click(".buttons button[value=save]")
    await desk.wait_for_url(re.compile(r"/console/trips/\d+$"))
    return desk.url


async def fill_and_publish(desk: Page) -> None:
    """Puts everybody on it who fits, and publishes."""
    await desk.click("form[action$='/place-all'] button")
    await desk.wait_for_selector("a[href*='/registrations/']")
    await desk.click("form[action$='/publish'] button")
    await desk.wait_for_selector(".tag.good")


async def change_trip(desk: Page, trip: str, **fields: str) -> None:
    """Corrects a published trip: field id → what is typed."""
    await desk.goto(f"{trip}/edit")
    for name, value in fields.items():
        await desk.fill(f"[id='{name.replace('__', '.')}']", value)
    await desk.click(".buttons button[value=save]")
    await desk.wait_for_url(re.compile(r"/console/trips/\d+$"))
