"""Fan-out: a broadcast to a million people into the outbox, against a bare INSERT … SELECT of the same rows."""

from __future__ import annotations

import asyncio
import os
import time
from types import TracebackType
from typing import Self

from sqlalchemy import func, select, text
from typing_extensions import override

from bench.desk import desk, sealer
from bench.figures import Better, Figure, Part, Rounds
from bench.ground import Ground
from bench.talk import HOME
from domain.notices import Audience
from domain.scope import Scope
from services import notices
from services.notices import Writing
from storage.database import Database, Work
from storage.tables import outbox
from tests.support.databases import Databases

FEW, MANY = 10_000, 1_000_000
ROUNDS = {"sqlite": 3, "postgres": 2}  # a round of the latter takes a minute
ROUNDS_OF_FEW = 7


class Watched(Database):
    """The database, with a clock on every unit of work: that is how long it can hold a write lock."""

    def __init__(self, url: str) -> None:
        super().__init__(url, sealer())
        self.held: list[float] = []

    @override
    def work(self) -> Work:
        return _Timed(self)


class _Timed(Work):
    def __init__(self, database: Watched) -> None:
        super().__init__(database.engine, database.seal, database.wakes)
        self._held = database.held
        self._began = 0.0

    @override
    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._began = time.monotonic()
        return self

    @override
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        self._held.append(time.monotonic() - self._began)


async def measure(ground: Ground) -> Rounds:
    """Each round on copies of one database, so that all begin with the same tables."""
    few, many = ground.size(FEW, 500), ground.size(MANY, 2_000)
    small, large = await ground.seeded(few), await ground.seeded(many)
    found: dict[str, list[float]] = {}
    for kind, databases in ground.databases.items():
        vs_bare, longest, of_many, of_few = (
            found.setdefault(f"{name}_{kind}", [])
            for name in ("fanout_1m_vs_bare", "fanout_longest_lock_ms", "fanout_rows_a_second", "fanout_growth")
        )
        for _ in range(ground.rounds(ROUNDS_OF_FEW)):
            url = await _copy(databases, small[kind])
            of_few.append((await _spread(url, few))[0] / few)
            await databases.drop(url)
        cheapest = sorted(of_few)[len(of_few) // 2]
        of_few.clear()
        for _ in range(ground.rounds(ROUNDS[kind])):
            url, bare = await _copy(databases, large[kind]), await _copy(databases, large[kind])
            took, held = await _spread(url, many)
            took_bare = await _bare(bare, many)
            for one in (url, bare):
                await databases.drop(one)
            vs_bare.append(took / took_bare)
            longest.append(held * 1000)
            of_many.append(many / took)
            of_few.append(took / many / cheapest)
            ground.note(f"   {kind}: {took:.1f} s, bare {took_bare:.1f} s, longest {held * 1000:.0f} ms")
    return found


async def _copy(databases: Databases, template: str) -> str:
    """A copy that is on the disk already: else whoever commits first waits until all of it is written."""
    url = await databases.fresh(template)
    database = Database(url, sealer())
    if not database.sqlite:
        async with database.engine.connect() as connection:
            await connection.execute(text("CHECKPOINT"))
    await database.close()
    await asyncio.to_thread(os.sync)
    return url


async def _spread(url: str, people: int) -> tuple[float, float]:
    """Writes to everybody. Returns how long it took to fill the outbox, and the longest unit of work, in seconds."""
    database, office = Watched(url), desk()
    scope = Scope(HOME, staff=1)
    notice = await notices.save(scope, database, office, Writing(Audience(), "初八的车改到七点半发。"))
    await notices.send(scope, database, office, notice)
    database.held.clear()
    began = time.monotonic()
    while await notices.spread(database, office):
        pass
    took = time.monotonic() - began
    assert await _rows(database) == people, "not everybody is told"
    longest = max(database.held)
    await database.close()
    return took, longest


async def _bare(url: str, people: int) -> float:
    """The same rows in one statement of SQL, one transaction; in seconds."""
    database = Database(url, sealer())
    began = time.monotonic()
    async with database.work() as work:
        await work.db.execute(
            text(
                """INSERT INTO outbox (once, contact, channel, priority, occasion, ref, not_before, expires_at, state,
                     created_at)
                   SELECT 'n:1:' || id, id, channel, 3, 'notice', 1, created_at, created_at, 'queued', created_at
                   FROM contacts"""
            )
        )
        await work.commit()
    took = time.monotonic() - began
    assert await _rows(database) == people
    await database.close()
    return took


async def _rows(database: Database) -> int:
    async with database.look() as look:
        return (await look.db.execute(select(func.count()).select_from(outbox))).scalar_one()


PART = Part(
    (
        Figure("fanout_1m_vs_bare", Better.LOWER, 3),
        Figure("fanout_longest_lock_ms", Better.LOWER, 100, of_rounds=max),
        Figure("fanout_growth", Better.LOWER, 1.5),
        Figure("fanout_rows_a_second", Better.HIGHER),
    ),
    measure,
)
