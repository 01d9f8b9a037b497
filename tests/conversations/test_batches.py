"""Messages that are taken together come to the same as one after the other, also when something breaks meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Sequence
from unittest import mock

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.messages import Message, Text
from flows.state import State
from services.converse import Turned
from storage import contacts, tables
from storage.database import Work
from tests.conversations.stage import Stage, fresh_url
from tests.conversations.test_machine import ERASED, failing
from tests.conversations.transcript import CODE, NUMBER
from tests.support.databases import Databases, SqliteFiles

# Each person has a name and a phone of their own: whose message comes first then decides nothing.
WHO = {"anna": "韦小明13800012345", "bao": "覃小梅19900054321"}
WORDS = """
    报名 同意 不同意 初八 初九 柳江 深圳 龙华 富士康 还没找到 都对 好的 我的报名 改报名 取消报名 取消 返回 重来 人工
    退订 删除 是 改成初十 1 2 9 10 English 中文 代报名 韦建国 名单 报完了
"""
LINES = st.tuples(st.sampled_from(sorted(WHO)), st.one_of(st.sampled_from(WORDS.split()), st.just("ALL")))


def words(who: str, line: str) -> Text:
    """What that person says."""
    return Text(f"我叫{WHO[who]}，初八一个人从柳江去深圳比亚迪") if line == "ALL" else Text(line)


async def outcome(databases: Databases, lines: Sequence[tuple[str, str]], *, together: bool) -> object:
    """What is said to each person and what stands in the tables, without what is random."""
    url = await fresh_url(databases)
    said: dict[str, list[str]] = {who: [] for who in WHO}
    async with Stage(url) as stage:
        messages = [stage.message("web", who, words(who, line)) for who, line in lines]
        turned = await stage.take(*messages) if together else [(await stage.take(one))[0] for one in messages]
        for message, one in zip(messages, turned, strict=True):
            assert one.answer is not None
            said[message.address].append(one.answer.text)
        left, numbers = await stands(stage), await own_numbers(stage)
    await databases.drop(url)
    for who, texts in said.items():
        if not any(text.startswith(ERASED) for text in texts):
            assert {number for text in texts for number in NUMBER.findall(text)} <= numbers[who]
    return {who: [CODE.sub("CODE", NUMBER.sub("NUMBER", text)) for text in texts] for who, texts in said.items()}, left


async def own_numbers(stage: Stage) -> dict[str, set[str]]:
    """The registration numbers that each person was given."""
    given: dict[str, set[str]] = {who: set() for who in WHO}
    mine = select(tables.contacts.c.address, tables.registrations.c.number).join(
        tables.registrations, tables.registrations.c.contact == tables.contacts.c.id
    )
    async with stage.database.look() as look:
        for address, number in await look.db.execute(mine):
            given[address].add(number)
    return given


async def stands(stage: Stage) -> object:
    """The talks without their tokens, and whose registration is which."""
    rows = tables.registrations.c
    async with stage.database.look() as look:
        by_id = {row.id: row.address for row in await look.db.execute(select(tables.contacts))}
        talks = await contacts.talks(look, list(by_id), stage.now)
        signed_up = await look.db.execute(
            select(rows.contact, rows.status, rows.first, rows.destination, rows.employer, rows.party).order_by(rows.id)
        )
        registered = sorted((by_id[row.contact], *map(str, row[1:])) for row in signed_up)
    return {
        by_id[one.id]: (without_token(one.talk.state), one.talk.held, one.talk.consented, one.talk.language)
        for one in talks.values()
    }, registered


def without_token(state: State | None) -> object:
    """What a state says without random tokens and numbers and without ids (a batch stores in another order)."""
    if state is None:
        return None
    answers = {name: bytes(raw) for name, raw in state.answers.items() if name not in {"registration", "number"}}
    open_ = state.open and (state.open.question, [one.words.key for one in state.open.candidates], state.open.misses)
    return state.flow, answers, state.trail, open_, without_token(state.below)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(LINES, min_size=2, max_size=10))
def test_batch_comes_to_the_same_as_one_after_the_other(
    sqlite_files: SqliteFiles, lines: list[tuple[str, str]]
) -> None:
    async def both() -> tuple[object, object]:
        together = await outcome(sqlite_files, lines, together=True)
        return together, await outcome(sqlite_files, lines, together=False)

    together, apart = asyncio.run(both())
    assert together == apart


@pytest.mark.parametrize(
    "lines",
    [
        "报名 同意 ALL 都对 我的报名 改报名 改成初九 都对 取消 是",
        "ALL 同意 都对 报名 ALL 都对 改成初九 都对 我的报名 1 3",
        "ALL 同意 都对 删除 是 报名 同意 ALL 都对 报名 ALL 都对",
        "代报名 同意 韦建国 ALL 都对 ALL 取消 报完了 名单 1 1 改成初九 都对 名单 1 2 是 名单",
    ],
)
async def test_whole_conversation_in_one_batch_comes_to_the_same(lines: str, databases: Databases) -> None:
    both = [(who, line) for line in lines.split() for who in sorted(WHO)]
    assert await outcome(databases, both, together=True) == await outcome(databases, both, together=False)


async def test_message_on_which_the_engine_fails_leaves_the_others_alone(databases: Databases) -> None:
    url = await fresh_url(databases)
    async with Stage(url) as stage:
        messages = [stage.message("web", who, Text("报名")) for who in ("anna", "bao", "chen")]
        with failing(messages[1]), structlog.testing.capture_logs() as logs:
            turned = await stage.take(*messages)
        starts = [one.answer.text[:3] for one in turned if one.answer]
        assert starts == ["先跟您", "对不起", "先跟您"]
        assert [line["event"] for line in logs] == ["engine_failed"]
        async with stage.database.look() as look:
            failed = await look.db.execute(select(tables.inbox.c.message).where(tables.inbox.c.failed.is_(True)))
            assert list(failed.scalars()) == [messages[1].id]
        again = stage.message("web", "bao", Text("报名"))
        (turned_again,) = await stage.take(again)
        assert turned_again.answer
        assert turned_again.answer.text.startswith("先跟您")
    await databases.drop(url)


@pytest.mark.parametrize(("failures", "told"), [(1, 0), (2, 1), (4, 3)])
async def test_batch_that_can_not_be_stored_is_done_one_by_one(failures: int, told: int, databases: Databases) -> None:
    """The first commit that fails is the batch's, the next ones are those of single messages."""
    url = await fresh_url(databases)
    async with Stage(url) as stage:
        messages = [stage.message("web", who, Text("报名")) for who in ("anna", "bao", "chen")]
        turned = await _taken_while_commits_fail(stage, messages, failures, every_second=failures > 2)
        assert [one.fresh for one in turned] == [True] * 3
        apologies = [one for one in turned if one.answer and re.match("对不起", one.answer.text)]
        assert len(apologies) == told
        async with stage.database.look() as look:
            rows = list(await look.db.scalars(select(tables.outbox.c.once)))
            failed = await look.db.execute(select(tables.inbox.c.message).where(tables.inbox.c.failed.is_(True)))
            assert len(list(failed.scalars())) == told
        assert sorted(rows) == sorted(f"r:web:{one.id}" for one in messages)
    await databases.drop(url)


async def _taken_while_commits_fail(
    stage: Stage, messages: Sequence[Message], failures: int, *, every_second: bool
) -> Sequence[Turned]:
    """The batch fails, then each message's own commit (with `every_second` its apology goes through)."""
    commit, tries = Work.commit, itertools.count()

    async def fails(work: Work) -> None:
        number = next(tries)
        broken = number == 0 or number % 2 == 1 if every_second else number < failures
        if broken:
            raise OSError("the disk is full")
        await commit(work)

    with mock.patch.object(Work, "commit", fails), structlog.testing.capture_logs():
        return await stage.take(*messages)
