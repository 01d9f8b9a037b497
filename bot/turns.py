"""The turns: messages from every channel wait here; what has gathered during one commit makes the next batch."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import structlog

from bot import metrics
from domain.messages import Message
from services.converse import Turned, converse
from services.desk import Desk
from storage.database import Database

MOST_AT_ONCE = 300  # messages in one transaction: beyond that a batch only makes everybody in it wait longer

log = structlog.get_logger()


class Turns:
    """Takes messages and answers when they are stored. One loop decides them; nothing waits for a batch to fill."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk
        self._waiting: asyncio.Queue[tuple[Message, asyncio.Future[Turned]]] = asyncio.Queue()

    async def take(self, message: Message) -> Turned:
        """Returns when the message and all that it changed is committed. Raises what the database raises."""
        done: asyncio.Future[Turned] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((message, done))
        return await done

    async def run(self) -> None:
        """Decides what is waiting, batch after batch, until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._turn(batch)
            for _ in batch:
                self._waiting.task_done()

    async def stop(self) -> None:
        """Returns when everything that was taken is decided; `run` is still needed for it."""
        await self._waiting.join()

    async def _turn(self, batch: Sequence[tuple[Message, asyncio.Future[Turned]]]) -> None:
        try:
            with metrics.TURN_SECONDS.time():
                turned = await converse(self._database, self._desk, [message for message, _ in batch])
        except Exception as failure:  # the database is away: each sender hears it and sends again
            log.exception("turns_failed", count=len(batch))
            for _, done in batch:
                if not done.done():
                    done.set_exception(failure)
            return
        _count(turned, batch)
        for (_, done), one in zip(batch, turned, strict=True):
            if not done.done():
                done.set_result(one)


def _count(turned: Sequence[Turned], batch: Sequence[tuple[Message, asyncio.Future[Turned]]]) -> None:
    kinds = Counter(
        (message.channel, "new" if one.fresh else "seen") for (message, _), one in zip(batch, turned, strict=True)
    )
    for (channel, outcome), count in kinds.items():
        metrics.TURNS.labels(channel, outcome).inc(count)
