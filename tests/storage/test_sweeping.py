"""What is kept for a while only is gone when its time is over, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from domain.messages import Text
from services.sweeping import sweep
from storage.tables import contacts, outbox
from tests.conversations.stage import Stage, fresh_url
from tests.support.databases import Databases


async def _count(stage: Stage, what: object) -> int:
    async with stage.database.look() as look:
        return (await look.db.execute(select(func.count()).select_from(what))).scalar_one()  # type: ignore[arg-type]


async def _held(stage: Stage) -> int:
    async with stage.database.look() as look:
        held = select(func.count()).select_from(contacts).where(contacts.c.held.is_not(None))
        return (await look.db.execute(held)).scalar_one()


async def test_words_from_before_the_consent_are_gone_within_thirty_minutes(databases: Databases) -> None:
    async with Stage(await fresh_url(databases)) as stage:
        await stage.take(stage.message("web", "a", Text("我叫韦小明，初八走")))
        await sweep(stage.database, stage.now + timedelta(minutes=20))
        assert await _held(stage) == 1
        await sweep(stage.database, stage.now + timedelta(minutes=25))  # the clock sweeps every five minutes
        assert await _held(stage) == 0


async def test_address_of_somebody_who_refused_is_dropped_after_a_day_and_others_stay(databases: Databases) -> None:
    async with Stage(await fresh_url(databases)) as stage:
        for text in ("你好", "不同意"):
            await stage.take(stage.message("web", "refused", Text(text)))
        await stage.take(stage.message("web", "asked", Text("你好")))
        await stage.take(stage.message("web", "silent", Text("退订")))
        await sweep(stage.database, stage.now + timedelta(hours=23))
        assert await _count(stage, contacts) == 3
        await sweep(stage.database, stage.now + timedelta(hours=25))
        assert await _count(stage, contacts) == 2
        async with stage.database.look() as look:
            assert set(await look.db.scalars(select(contacts.c.address))) == {"asked", "silent"}
        assert await _count(stage, outbox) == 2
