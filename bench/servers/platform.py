"""The platform that gets the answers: the tests' fake Bot API in its lean mode."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bench.servers.serving import obey, run
from tests.fakes.telegram import FakeTelegram

LOOK_EVERY = 0.005  # seconds


async def _main(settings: Mapping[str, Any]) -> None:
    fake = FakeTelegram(lean=True)
    fake.delay = settings.get("delay", 0.0)
    await fake.start()

    async def forget() -> None:
        fake.books.sends.clear()

    async def arrived(count: int, within: float) -> list[float]:
        """The moment (time.monotonic()) of each message, once so many have arrived."""
        async with asyncio.timeout(within):
            while len(fake.books.sends) < count:  # noqa: ASYNC110 - the fake tells nobody
                await asyncio.sleep(LOOK_EVERY)
        return fake.books.sends

    async def most() -> int:
        return fake.books.most_in_any(1.0)

    await obey({"url": fake.url}, forget=forget, arrived=arrived, most=most)


if __name__ == "__main__":
    run(_main)
