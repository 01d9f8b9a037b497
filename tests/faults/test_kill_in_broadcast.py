"""A broadcast whose sender is killed, replaced or put to sleep loses nobody, and doubles at most what was in flight."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.delivery import ASK_FOR_LEASE, SLOTS
from domain.notices import Priority
from tests.delivery.setting import Post, row

ROOT = Path(__file__).parents[2]
BROADCAST = 2000
FIRST = 10  # messages that show which process holds the lease, before the other one is there
LEASE = 2.0  # seconds; 10 in earnest

pytestmark = pytest.mark.faults


@dataclass(slots=True)
class Sink:
    """A platform that takes everything within some milliseconds and remembers it."""

    url: str = ""
    delay: float = 0.005
    by_row: Counter[int] = field(default_factory=Counter)
    by_holder: Counter[str] = field(default_factory=Counter)
    last_begun: dict[str, float] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0

    async def take(self, request: web.Request) -> web.Response:
        message = await request.json()
        self.by_row[message["row"]] += 1
        self.by_holder[message["holder"]] += 1
        self.last_begun[message["holder"]] = message["begun"]
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.at_once -= 1
        return web.Response(text=f"m{message['row']}")

    @property
    def taken(self) -> int:
        return self.by_row.total()

    @property
    def doubles(self) -> int:
        return self.taken - len(self.by_row)

    async def until(self, number: int, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while self.taken < number:  # noqa: ASYNC110 - it is polled as the world outside would
                await asyncio.sleep(0.002)


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    found = Sink()
    app = web.Application()
    app.router.add_post("/", found.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield found
    finally:
        await runner.cleanup()


@asynccontextmanager
async def sender(post: Post, platform: Sink, holder: str) -> AsyncIterator[Process]:
    """A process that sends; it is killed when the test leaves it."""
    url = post.database.url.render_as_string(hide_password=False)
    arguments = (sys.executable, "-m", "tests.faults.sender", url, platform.url, holder, str(LEASE))
    process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        await process.wait()


async def broadcast(post: Post, number: int = BROADCAST) -> None:
    people = await post.people(number)
    await post.put(*(row(f"n{one}", one, Priority.NOTICE) for one in people))


async def test_a_sender_killed_again_and_again_loses_nobody(post: Post) -> None:
    await broadcast(post)
    kills = 3
    async with sink() as platform:
        for kill in range(kills):
            async with sender(post, platform, f"sender {kill}") as process:
                await platform.until(platform.taken + 300)
                process.kill()
        assert platform.taken < BROADCAST, "it was over before it was killed"
        async with sender(post, platform, "the last"):
            await post.until_ended(60)
        assert len(platform.by_row) == BROADCAST
        assert set((await post.states()).values()) == {"sent"}
        assert platform.doubles <= kills * SLOTS
        assert max(platform.by_row.values()) <= 1 + kills
        assert platform.most_at_once <= 2 * SLOTS  # a killed one's and its successor's


async def test_another_process_takes_over_within_the_lease(shared_post: Post) -> None:
    async with sink() as platform, sender(shared_post, platform, "first") as first:
        await broadcast(shared_post, FIRST)
        await platform.until(FIRST)
        async with sender(shared_post, platform, "second"):
            await broadcast(shared_post)
            await platform.until(FIRST + 300)
            assert set(platform.by_holder) == {"first"}
            first.kill()
            killed = time.monotonic()
            async with asyncio.timeout(30):
                while not platform.by_holder["second"]:  # noqa: ASYNC110 - polled as the world outside would
                    await asyncio.sleep(0.01)
            assert time.monotonic() - killed < LEASE + ASK_FOR_LEASE + 1.5
            await shared_post.until_ended(60)
        assert len(platform.by_row) == FIRST + BROADCAST
        assert platform.doubles <= SLOTS


async def test_a_process_that_slept_past_its_lease_sends_nothing_more(shared_post: Post) -> None:
    """What it was handing over when it was stopped may still leave it: the platform knows no fences."""
    async with sink() as platform, sender(shared_post, platform, "sleeper") as sleeper:
        await broadcast(shared_post, FIRST)
        await platform.until(FIRST)
        async with sender(shared_post, platform, "second"):
            await broadcast(shared_post)
            await platform.until(FIRST + 300)
            assert not platform.by_holder["second"]
            sleeper.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            async with asyncio.timeout(30):
                while platform.by_holder["second"] < 50:  # noqa: ASYNC110 - polled as the world outside would
                    await asyncio.sleep(0.01)
            sleeper.send_signal(signal.SIGCONT)
            await shared_post.until_ended(60)
        assert platform.last_begun["sleeper"] <= stopped + 0.01
        assert len(platform.by_row) == FIRST + BROADCAST
        assert platform.doubles <= SLOTS


async def test_a_sender_that_is_told_to_stop_leaves_nothing_unknown(post: Post) -> None:
    await broadcast(post)
    async with sink() as platform:
        async with sender(post, platform, "first") as process:
            await platform.until(300)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
        states = Counter((await post.states()).values())
        assert states["sent"] == platform.taken == len(platform.by_row)
        assert states["queued"] == BROADCAST - platform.taken
