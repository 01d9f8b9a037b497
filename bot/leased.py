"""Work that one process at a time does: it is taken up by another when this one dies or stops."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storage import leases
from storage.database import Database
from storage.leases import LEASE, Lease, Outdated

RENEW_SECONDS = LEASE.total_seconds() / 3
ASK_SECONDS = 2.0  # how often those without the lease look whether it is free
MARGIN_SECONDS = 1.0  # before the lease runs out the work stops

log = structlog.get_logger()


async def under_lease(
    database: Database, name: str, holder: str, work: Callable[[], Awaitable[None]], stopping: asyncio.Event
) -> None:
    """Runs `work` (which runs until it is cancelled) whenever this process has the lease, until `stopping` is set.

    What `work` raises is logged, and it is started again.
    """
    while not stopping.is_set():
        try:
            lease = await _taken(database, name, holder)
            if lease is not None:
                await _while_held(database, lease, work, stopping)
        except Exception:
            log.exception("leased_work_failed", lease=name)
        await _pause(stopping, ASK_SECONDS)


async def _taken(database: Database, name: str, holder: str) -> Lease | None:
    async with database.work() as work:
        lease = await leases.take(work, name, holder)
        await work.commit()
    return lease


async def _while_held(
    database: Database, lease: Lease, work: Callable[[], Awaitable[None]], stopping: asyncio.Event
) -> None:
    doing = asyncio.ensure_future(work())
    keeping = asyncio.ensure_future(_keep(database, lease))
    stopped = asyncio.ensure_future(stopping.wait())
    tasks: tuple[asyncio.Future[object], ...] = (doing, keeping, stopped)  # type: ignore[assignment] # any results
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(SQLAlchemyError, OSError):
            await _release(database, lease)
    if isinstance(ends[0], Exception):
        raise ends[0]


async def _keep(database: Database, lease: Lease) -> None:
    """Renews until the lease is lost; returns then."""
    held_until = time.monotonic() + LEASE.total_seconds() - MARGIN_SECONDS
    while time.monotonic() < held_until:
        await asyncio.sleep(RENEW_SECONDS)
        asked = time.monotonic()
        try:
            async with database.work() as work:
                await leases.renew(work, lease)
                await work.commit()
            held_until = asked + LEASE.total_seconds() - MARGIN_SECONDS
        except Outdated:
            log.warning("lease_lost", lease=lease.name)
            return
        except (SQLAlchemyError, OSError):
            log.exception("lease_not_renewed", lease=lease.name)


async def _release(database: Database, lease: Lease) -> None:
    async with database.work() as work:
        await leases.release(work, lease)
        await work.commit()


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
