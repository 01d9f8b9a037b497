"""What is counted and shown under /metrics, and the pages that tell a supervisor how the process is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.migrate import migrated
from storage.tables import outbox

TURNS = Counter("fangang_turns", "Messages of people that were answered", ["channel", "outcome"])
TURN_SECONDS = Histogram(
    "fangang_turn_seconds",
    "One batch of messages: from taking it up to its being stored",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
SENDS = Counter("fangang_sends", "Messages handed to a platform", ["channel", "outcome"])
TICKS = Counter("fangang_ticks", "Runs of the clock's jobs", ["job", "outcome"])
TICK_SECONDS = Histogram("fangang_tick_seconds", "How long a job of the clock ran", ["job"])
OUTBOX = Gauge("fangang_outbox", "Messages that wait or are being sent, counted up to 100,000", ["state"])

COUNTED_UP_TO = 100_000  # a count that stops costs the same in the middle of a broadcast to a million
COUNT_EVERY_SECONDS = 15.0
OPEN_STATES = ("queued", "sending")  # the two that partial indexes cover; how the rest ended is in fangang_sends


@contextmanager
def ticking(job: str) -> Iterator[None]:
    """Counts and times one run of a job."""
    started = time.monotonic()
    try:
        yield
    except Exception:
        TICKS.labels(job, "failed").inc()
        raise
    finally:
        TICK_SECONDS.labels(job).observe(time.monotonic() - started)
    TICKS.labels(job, "done").inc()


class Health:
    """/healthz (the process answers), /readyz (the database answers and is migrated), /metrics."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted_at = -COUNT_EVERY_SECONDS

    def routes(self) -> list[web.RouteDef]:
        """The three pages."""
        return [
            web.get("/healthz", self._alive),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._metrics),
        ]

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        try:
            ready, why = await migrated(self._database), "not migrated"
        except (SQLAlchemyError, OSError):
            ready, why = False, "the database does not answer"
        return web.Response(text="ready\n" if ready else f"{why}\n", status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        if time.monotonic() - self._counted_at >= COUNT_EVERY_SECONDS:
            self._counted_at = time.monotonic()
            await self._count()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _count(self) -> None:
        async with self._database.look() as look:
            for state in OPEN_STATES:
                some: Select[Any] = select(literal_column("1")).where(outbox.c.state == literal_column(f"'{state}'"))
                count = select(func.count()).select_from(some.limit(COUNTED_UP_TO).subquery())
                OUTBOX.labels(state).set((await look.db.execute(count)).scalar_one())
