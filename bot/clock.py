"""The clock: starts the ticks of reminders, notices and sweeping. What is due stands in the tables, never here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.metrics import ticking
from domain.days import SHANGHAI
from services import notices, nudging, reminders, sweeping
from services.desk import Desk
from storage.database import Database
from storage.notices import NOTICES

REMIND_EVERY = timedelta(seconds=10)
SPREAD_EVERY = timedelta(seconds=10)  # a notice for a later hour; one for now rings
SWEEP_EVERY = timedelta(minutes=5)
GRACE = timedelta(hours=1)  # a tick that comes late still comes: the default of 1 s drops it without a word

log = structlog.get_logger()


async def run(database: Database, desk: Desk, stopping: asyncio.Event) -> None:
    """Ticks until `stopping` is set; a tick that is under way is finished. Any number of processes may tick."""

    async def remind() -> None:
        await reminders.remind(database, desk)
        await nudging.nudge(database, desk)

    async def spread() -> None:
        while not stopping.is_set() and await notices.spread(database, desk):
            pass

    async def sweep() -> None:
        await sweeping.sweep(database, desk.now())

    jobs = {"remind": (remind, REMIND_EVERY), "spread": (spread, SPREAD_EVERY), "sweep": (sweep, SWEEP_EVERY)}
    bells = {name: asyncio.Event() for name in jobs}
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(
        timezone=SHANGHAI, job_defaults={"coalesce": True, "misfire_grace_time": int(GRACE.total_seconds())}
    )
    for name, (_job, every) in jobs.items():
        # The scheduler only rings: a job that takes longer than its interval is neither doubled nor skipped.
        scheduler.add_job(_ring, "interval", [bells[name]], seconds=every.total_seconds(), id=name)
        bells[name].set()  # once at start: what fell due while nobody was here
    scheduler.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            workers = [tasks.create_task(_work(name, job, bells[name], stopping)) for name, (job, _) in jobs.items()]
            hearing = tasks.create_task(_hear(database, bells["spread"]))
            await stopping.wait()
            for bell in bells.values():
                bell.set()
            await asyncio.wait(workers)
            hearing.cancel()
    finally:
        scheduler.shutdown(wait=False)


async def _ring(bell: asyncio.Event) -> None:
    bell.set()


async def _work(name: str, job: Callable[[], Awaitable[None]], bell: asyncio.Event, stopping: asyncio.Event) -> None:
    while True:
        await bell.wait()
        bell.clear()
        if stopping.is_set():
            return
        try:
            with ticking(name):
                await job()
        except Exception:
            log.exception("tick_failed", job=name)


async def _hear(database: Database, bell: asyncio.Event) -> None:
    """A notice that is to go now is spread at once."""
    async with database.wakes.listen(NOTICES) as rung:
        while True:
            await rung.wait(SPREAD_EVERY.total_seconds())
            bell.set()
