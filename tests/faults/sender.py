"""A process that sends what an outbox holds to a local sink, as fast as it goes, until it is killed or stopped.

python -m tests.faults.sender DATABASE_URL SINK_URL HOLDER LEASE_SECONDS
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from typing_extensions import override

from bot import logs
from bot.channels.channel import Channel, Outcome, Outgoing, Sent, TryLater, Unknown
from bot.delivery import Delivery, Limits
from domain.channels import Traits
from tests.delivery.setting import CHAT, NOON, WORDINGS, desk, open_database


@dataclass(slots=True)
class Sink(Channel):
    """The local sink as a platform."""

    session: aiohttp.ClientSession
    url: str
    holder: str

    @property
    @override
    def traits(self) -> Traits:
        return CHAT

    @override
    async def send(self, outgoing: Outgoing) -> Outcome:
        message = {"row": outgoing.row, "holder": self.holder, "begun": time.monotonic()}
        try:
            async with self.session.post(self.url, json=message) as response:
                return Sent(await response.text())
        except aiohttp.ClientConnectorError:
            return TryLater(account=True, reason="refused")
        except aiohttp.ClientError:
            return Unknown("cut")

    @override
    async def close(self) -> None:
        await self.session.close()


async def main(url: str, sink: str, holder: str, lasts: str) -> None:
    logs.configure()  # to stderr: nobody reads what is on stdout after "ready"
    database = open_database(url)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    connector = aiohttp.TCPConnector(limit=100)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(database.listen())
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        limits = Limits(rates=False, lease=timedelta(seconds=float(lasts)))
        platform = Sink(session, sink, holder)
        await Delivery(database, desk(lambda: NOON), WORDINGS, platform, holder, limits).run(stopping)
        listening.cancel()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
