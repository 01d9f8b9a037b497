"""Who is nudged to finish a sign-up: twice at most, never after it is over, and once however many clocks tick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, update

from bot import clock
from domain.messages import Text
from domain.notices import Occasion
from services.nudging import nudge
from storage.outbox import OUTBOX
from storage.tables import contacts, due, outbox
from tests.conversations.stage import Stage, fresh_url, moment
from tests.support.databases import Databases, PostgresDatabases

CHANNEL = "telegram-like"
BEGUN = ("报名", "同意", "初八")
FINISHED = (*BEGUN, "柳江", "深圳", "富士康", "韦小明", "13800012345", "1", "都对")
NUDGED = "您报名还差一点"


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    url = await fresh_url(databases)
    async with Stage(url) as opened:
        yield opened
    await databases.drop(url)


async def says(stage: Stage, *lines: str, who: str = "anna") -> None:
    """They write that, and get their answers."""
    for line in lines:
        await stage.take(stage.message(CHANNEL, who, Text(line)))
    await stage.deliver(CHANNEL)


async def at(stage: Stage, clock: str) -> list[str]:
    """What people are told at that time (02-08T11:00)."""
    stage.now = moment(f"2027-{clock}")
    put = await stage.tick()
    told = [message.text.splitlines()[0] for _, message in await stage.deliver(CHANNEL)]
    assert len(told) == put
    return told


async def rows(stage: Stage) -> list[tuple[str, str]]:
    """The due rows: rule and state, in their order."""
    async with stage.database.look() as look:
        return [(row.rule, row.state) for row in await look.db.execute(select(due).order_by(due.c.id))]


async def test_two_nudges_and_not_three(stage: Stage) -> None:
    await says(stage, *BEGUN)
    assert await at(stage, "02-08T10:59") == []
    assert len(await at(stage, "02-08T11:00")) == 1
    assert await at(stage, "02-08T11:01") == []
    assert await at(stage, "02-09T08:59") == []
    assert len(await at(stage, "02-09T09:00")) == 1
    for day in range(10, 20):
        assert await at(stage, f"02-{day}T12:00") == []
    assert await rows(stage) == [("nudge", "done"), ("nudge_again", "done")]


async def test_second_nudge_waits_a_day_after_what_was_written_in_between(stage: Stage) -> None:
    await says(stage, *BEGUN)
    assert len(await at(stage, "02-08T11:00")) == 1
    stage.now = moment("2027-02-08T15:00")
    await says(stage, "柳江")
    assert await at(stage, "02-08T17:00") == []
    assert await at(stage, "02-09T09:00") == []
    assert len(await at(stage, "02-09T15:00")) == 1
    assert await at(stage, "02-10T15:00") == []


async def test_nudge_is_moved_on_while_the_person_writes(stage: Stage) -> None:
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T10:30")
    await says(stage, "柳江")
    assert await at(stage, "02-08T11:00") == []
    assert await rows(stage) == [("nudge", "dropped"), ("nudge", "waiting")]
    assert await at(stage, "02-08T12:29") == []
    assert len(await at(stage, "02-08T12:30")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("报名",),  # no consent
        ("报名", "不同意"),
        FINISHED,
        (*BEGUN, "取消"),
        (*BEGUN, "退订"),
        (*BEGUN, "删除"),  # "sure?" is what is open
        (*BEGUN, "删除", "是"),
        ("退订",),
        (*FINISHED, "我的报名"),
        (*FINISHED, "改成初十"),  # an unfinished change is no unfinished sign-up
    ],
)
async def test_nobody_is_nudged_who_left_no_sign_up_unfinished(stage: Stage, lines: Sequence[str]) -> None:
    await says(stage, *lines)
    assert await at(stage, "02-08T12:00") == []
    assert await at(stage, "02-09T12:00") == []
    assert all(state == "dropped" for _, state in await rows(stage))


async def test_nobody_is_nudged_whose_address_is_gone(stage: Stage) -> None:
    await says(stage, *BEGUN)
    async with stage.database.work() as work:
        await work.db.execute(update(contacts).values(gone_at=stage.now))
        await work.commit()
    assert await at(stage, "02-08T12:00") == []
    assert await rows(stage) == [("nudge", "dropped")]


async def test_erasing_takes_what_was_due(stage: Stage) -> None:
    await says(stage, *BEGUN)
    await says(stage, *BEGUN, who="bao")
    await says(stage, "删除", "是")
    assert await rows(stage) == [("nudge", "waiting")]
    assert len(await at(stage, "02-08T11:00")) == 1


async def test_sign_up_that_is_cancelled_and_begun_anew_is_nudged_as_one(stage: Stage) -> None:
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T09:30")
    await says(stage, "取消", *BEGUN)
    told = [len(await at(stage, f"02-08T{hour}")) for hour in ("11:00", "11:30", "12:00", "20:00")]
    assert told == [0, 1, 0, 0]
    told = [len(await at(stage, f"02-09T{hour}")) for hour in ("09:00", "09:30", "10:00", "20:00")]
    assert told == [0, 1, 0, 0]
    assert await at(stage, "02-10T12:00") == []


async def test_sign_up_begun_after_both_nudges_of_another_has_its_own(stage: Stage) -> None:
    await says(stage, *BEGUN)
    assert len(await at(stage, "02-08T11:00") + await at(stage, "02-09T09:00")) == 2
    await says(stage, "取消", *BEGUN)
    assert len(await at(stage, "02-09T11:00") + await at(stage, "02-10T09:00")) == 2
    assert await at(stage, "02-11T12:00") == []


async def test_second_nudge_of_a_sign_up_that_was_cancelled_does_not_join_those_of_the_next(stage: Stage) -> None:
    await says(stage, *BEGUN)
    assert len(await at(stage, "02-08T11:00")) == 1
    await says(stage, "取消", *BEGUN)
    told = [len(await at(stage, f"02-{hour}")) for hour in ("08T13:00", "09T09:00", "09T11:00", "09T13:00", "10T12:00")]
    assert told == [1, 0, 1, 0, 0]


async def test_two_sign_ups_of_one_night_are_nudged_once_in_the_morning(stage: Stage) -> None:
    stage.now = moment("2027-02-08T21:30")
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T22:30")
    await says(stage, "取消", *BEGUN)
    assert await at(stage, "02-09T07:59") == []
    assert len(await at(stage, "02-09T08:00")) == 1
    assert await at(stage, "02-10T12:00") == []


# ── The clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("02-08T20:59", 1),  # ten hours late
        ("02-08T21:30", 0),  # people sleep
        ("02-09T08:30", 0),  # too late for the first, too early for the second
        ("02-09T09:00", 1),  # the second
        ("02-10T08:59", 1),
        ("02-10T09:00", 0),
    ],
)
async def test_nudge_that_comes_late_is_sent_while_it_is_of_use(stage: Stage, back: str, told: int) -> None:
    await says(stage, *BEGUN)
    assert len(await at(stage, back)) == told


async def test_nudge_that_was_due_while_nobody_ticked_comes_after_the_quiet_time(stage: Stage) -> None:
    stage.now = moment("2027-02-08T18:30")
    await says(stage, *BEGUN)
    assert await at(stage, "02-08T23:00") == []
    assert len(await at(stage, "02-09T08:00")) == 1


async def test_clock_nudges(stage: Stage) -> None:
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T11:00")
    stopping = asyncio.Event()
    async with stage.database.wakes.listen(OUTBOX) as rung, asyncio.TaskGroup() as tasks:
        tasks.create_task(clock.run(stage.database, stage.desk, stopping))
        await rung.wait(60)
        stopping.set()
    assert len(await stage.deliver(CHANNEL)) == 1


async def test_ticks_at_once_nudge_once(postgres_server: PostgresDatabases) -> None:
    url = await fresh_url(postgres_server)
    async with Stage(url) as one, Stage(url) as other:
        for number in range(20):
            await says(one, *BEGUN, who=f"p{number}")
        one.now = other.now = moment("2027-02-08T11:00")
        told = await asyncio.gather(*(nudge(stage.database, stage.desk) for stage in (one, other, one, other)))
        assert sum(told) == len(await one.deliver(CHANNEL)) == 20
        assert (await rows(one)).count(("nudge_again", "waiting")) == 20
    await postgres_server.drop(url)


async def test_tick_goes_in_chunks_and_a_second_run_is_harmless(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.nudges.CHUNK", 3)
    for number in range(8):
        await says(stage, *BEGUN, who=f"p{number}")
    stage.now = moment("2027-02-08T11:00")
    assert await stage.tick() == 8
    async with stage.database.work() as work:  # as if what was told had never been written down
        await work.db.execute(update(due).where(due.c.state == "done").values(state="waiting"))
        await work.commit()
    await stage.tick()
    async with stage.database.look() as look:
        nudges = select(func.count()).select_from(outbox).where(outbox.c.occasion == Occasion.NUDGE)
        assert await look.db.scalar(nudges) == 8


# ── Between the tick and the sending ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lines", [("柳江",), ("取消",), ("退订",), ("删除", "是"), ("取消", *BEGUN)])
async def test_nudge_says_nothing_once_the_person_has_spoken(stage: Stage, lines: Sequence[str]) -> None:
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T11:00")
    assert await stage.tick() == 1
    stage.now += timedelta(seconds=1)
    for line in lines:
        await stage.take(stage.message(CHANNEL, "anna", Text(line)))
    told = [message.text for _, message in await stage.deliver(CHANNEL)]
    assert told
    assert not any(NUDGED in text for text in told)


async def test_nudge_that_is_not_sent_before_the_quiet_time_is_not_sent_at_all(stage: Stage) -> None:
    stage.now = moment("2027-02-08T18:00")
    await says(stage, *BEGUN)
    stage.now = moment("2027-02-08T20:30")
    assert await stage.tick() == 1
    stage.now = moment("2027-02-08T21:00")
    assert await stage.deliver(CHANNEL) == []


async def test_nudge_reaches_the_page_that_fetches_its_messages(stage: Stage) -> None:
    for line in BEGUN:
        await stage.take(stage.message("web", "anna", Text(line)))
    stage.now = moment("2027-02-08T11:00")
    assert await stage.tick() == 1
    ((_, message),) = await stage.deliver("web")
    assert message.text.startswith(NUDGED)


# ── What it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_the_turn_that_begins_a_sign_up_writes_what_is_due(stage: Stage) -> None:
    statements: list[str] = []

    def heard(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - what SQLAlchemy hands to its listeners
        statements.append(statement)

    event.listen(stage.database.engine.sync_engine, "before_cursor_execute", heard)
    counts = []
    for line in FINISHED:
        statements.clear()
        messages = [stage.message(CHANNEL, who, Text(line)) for who in ("anna", "bao", "chen")]
        await stage.take(*messages)
        counts.append(sum("due" in one.split() for one in statements))
    assert counts == [0, 1, *[0] * (len(FINISHED) - 2)]
