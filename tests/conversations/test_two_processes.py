"""Several processes on one PostgreSQL: one person's messages one after the other, different people side by side."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.messages import Message, Pressed, Text
from storage import inbox
from storage.tables import contacts, outbox, registrations
from tests.conversations.stage import Stage, fresh_url
from tests.support.databases import PostgresDatabases

PEOPLE = 12
WORDS = ("报名", "同意", "初八", "柳江", "深圳", "富士康", "{name}", "{phone}", "1", "都对")
SURNAMES = "韦覃黄李王张刘陈杨赵周吴"


def _script(stage: Stage, person: int) -> list[Message]:
    gaps = {"name": f"{SURNAMES[person]}小明", "phone": f"138000{person:05}"}
    return [stage.message("web", f"p{person}", Text(words.format(**gaps))) for words in WORDS]


async def _play(stages: tuple[Stage, Stage], script: list[Message], dice: random.Random) -> None:
    """One person's messages in their order, each to whichever process, now and then to both (a retry)."""
    for message in script:
        first, second = dice.sample(stages, 2)
        if dice.random() < 0.3:
            turned = await asyncio.gather(first.take(message), second.take(message))
            assert sorted(one.fresh for (one,) in turned) == [False, True]
        else:
            ((only,),) = (await first.take(message),)
            assert only.fresh


def _slowly(take: Callable[..., Awaitable[set[inbox.Key]]]) -> Callable[..., Awaitable[set[inbox.Key]]]:
    async def slow(*arguments: Any) -> set[inbox.Key]:  # noqa: ANN401 - what inbox.take takes
        await asyncio.sleep(0.2)
        return await take(*arguments)

    return slow


async def test_two_processes_share_people_without_losing_or_doubling(postgres_server: PostgresDatabases) -> None:
    url = await fresh_url(postgres_server)
    async with Stage(url) as one, Stage(url, sent=1_000_000) as other:
        dice = random.Random(7)
        scripts = [_script(one, person) for person in range(PEOPLE)]
        await asyncio.gather(*(_play((one, other), script, random.Random(dice.random())) for script in scripts))
        async with one.database.look() as look:
            assert await look.db.scalar(select(func.count()).select_from(registrations)) == PEOPLE
            assert await look.db.scalar(select(func.count()).select_from(contacts)) == PEOPLE
            assert await look.db.scalar(select(func.count()).select_from(outbox)) == PEOPLE * len(WORDS)


async def test_messages_of_one_person_in_two_processes_at_once_are_decided_one_on_the_other(
    postgres_server: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await fresh_url(postgres_server)
    monkeypatch.setattr(
        inbox, "take", _slowly(inbox.take)
    )  # both have read before either writes, if nothing stops them
    async with Stage(url) as one, Stage(url, sent=1_000_000) as other:
        for words in ("报名", "同意"):
            await one.take(one.message("web", "p", Text(words)))
        answers = await asyncio.gather(
            one.take(one.message("web", "p", Text("初八"))), other.take(other.message("web", "p", Text("13800012345")))
        )
        assert all(turned.answer is not None for (turned,) in answers)
        (last,) = await one.take(one.message("web", "p", Text("从柳江去深圳")))
        assert last.answer is not None
        (kept,) = await one.take(one.message("web", "p", Pressed("p.none.0")))  # stale: it shows where we stand
        assert kept.answer is not None
        for words in ("富士康", "韦小明", "1"):
            (last,) = await other.take(other.message("web", "p", Text(words)))
        assert last.answer is not None
        assert "2月13日" in last.answer.text  # neither of the two was lost
        assert "138 0001 2345" in last.answer.text
