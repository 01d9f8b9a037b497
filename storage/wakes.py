"""Waking those who wait for work: an event in this process, NOTIFY across processes on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Self


class Wakes:
    """Topics that somebody can wait for. A wake that nobody hears is forgotten: what counts stands in the tables."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, topics: Iterable[str]) -> None:
        """Wakes everybody in this process who waits for one of them."""
        for topic in topics:
            for event in self._waiting.get(topic, ()):
                event.set()

    def listen(self, topic: str) -> Waiting:
        """A bell for that topic: `async with` it first, then look for work, then wait, so that nothing slips by."""
        return Waiting(self._waiting, topic)


class Waiting:
    """One listener. It hears what rings from the moment it is entered."""

    def __init__(self, waiting: defaultdict[str, set[asyncio.Event]], topic: str) -> None:
        self._waiting = waiting
        self._topic = topic
        self._event = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._waiting[self._topic].add(self._event)
        return self

    async def __aexit__(self, *_failure: object) -> None:
        listeners = self._waiting[self._topic]
        listeners.discard(self._event)
        if not listeners:
            del self._waiting[self._topic]

    async def wait(self, seconds: float) -> None:
        """Returns when it rings (or has rung since the last wait), at the latest after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for: in Python 3.11 it can lose a cancellation
                await self._event.wait()
        self._event.clear()
