"""What is claimed, in which order, and what is left."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from domain.notices import Priority
from storage import sending
from storage.outbox import State
from storage.sending import TURNS, Ended, shared
from tests.delivery.setting import NOON, Post, names, row

MOST_COST = 1000


async def test_one_person_gets_one_message_of_a_class_at_a_time_and_in_order(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(row("a", one), row("b", one), row("c", other), row("urgent", one, Priority.URGENT))
    first = await post.claim()
    assert sorted(names(first, await post.rows())) == ["a", "c", "urgent"]
    assert await post.claim() == ()
    await post.settle(*(Ended(claimed, State.SENT) for claimed in first))
    assert names(await post.claim(), await post.rows()) == ["b"]


async def test_a_message_that_waits_to_be_tried_again_keeps_its_place(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("a", one), row("b", one))
    (a,) = await post.claim()
    await post.settle(Ended(a, State.QUEUED, again_at=NOON + timedelta(minutes=2), strike=True))
    post.clock.goes(minutes=1)
    await post.put(row("c", one))
    assert await post.claim() == ()
    post.clock.goes(minutes=2)
    for wanted in "abc":
        (claimed,) = await post.claim()
        assert names([claimed], await post.rows()) == [wanted]
        await post.settle(Ended(claimed, State.SENT))


async def test_a_message_for_later_holds_nobody_up(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("tomorrow", one, not_before=NOON + timedelta(days=1)), row("now", one))
    assert names(await post.claim(), await post.rows()) == ["now"]
    post.clock.goes(days=1)
    assert await post.claim() == ()  # the other one is on its way
    await post.recover(2)
    assert names(await post.claim(fence=2), await post.rows()) == ["tomorrow"]


async def test_nothing_goes_before_its_time_and_the_next_time_is_known(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(
        row("later", one, not_before=NOON + timedelta(hours=2)),
        row("soon", other, Priority.REMINDER, not_before=NOON + timedelta(hours=1)),
    )
    assert await post.claim() == ()
    async with post.database.look() as look:
        assert await sending.next_at(look, "chat", NOON) == NOON + timedelta(hours=1)
        assert await sending.next_at(look, "other", NOON) is None
    post.clock.goes(hours=1)
    assert names(await post.claim(), await post.rows()) == ["soon"]


async def test_what_is_past_its_time_expires_and_what_stands_behind_it_goes(post: Post) -> None:
    people = await post.people(30)
    hour = NOON + timedelta(hours=1)
    await post.put(*(row(f"old-{one}", one, expires_at=hour) for one in people))
    await post.put(*(row(f"new-{one}", one) for one in people))
    post.clock.goes(hours=1)
    assert len(await post.claim(5)) == 5
    states = await post.states()
    assert {state for once, state in states.items() if once.startswith("old")} == {"expired"}
    assert len(await post.claim()) == 25


async def test_a_message_is_still_sent_just_before_it_expires(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("a", one, expires_at=NOON + timedelta(seconds=1)))
    assert len(await post.claim()) == 1


async def test_the_same_message_is_put_only_once(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("a", one), row("b", one))
    await post.put(row("b", one), row("c", one), row("a", one))
    assert list(await post.states()) == ["a", "b", "c"]


async def test_other_channels_and_people_who_rest_are_passed_over(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(row("a", one), row("b", other), row("c", other, Priority.ANSWER, channel="box"))
    assert names(await post.claim(resting={one}), await post.rows()) == ["b"]


async def test_values_are_sealed_in_the_tables(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("sentinel-韦小明", one))
    stored = (await post.rows())["sentinel-韦小明"]
    assert b"sentinel" not in stored.values
    assert b"sentinel" in post.database.seal.open(stored.values)


async def test_all_classes_move_while_all_have_work(post: Post) -> None:
    people = await post.people(40)
    await post.put(*(row(f"{priority}-{one}", one, priority) for priority in Priority for one in people))
    taken = [claimed.priority for turn in range(0, 40, 4) for claimed in await post.claim(4, turn=turn)]
    assert {priority: taken.count(priority) for priority in Priority} == {
        Priority.ANSWER: 20,
        Priority.URGENT: 8,
        Priority.REMINDER: 6,
        Priority.NOTICE: 4,
        Priority.REST: 2,
    }


@given(st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 60), st.integers(0, 100))
def test_shares_take_as_many_as_there_are_and_starve_nobody(waiting: list[int], limit: int, turn: int) -> None:
    ready = {priority: list(range(100 * priority, 100 * priority + waiting[priority])) for priority in Priority}
    chosen = shared(ready, limit, turn)
    assert len(chosen) == len(set(chosen)) == min(limit, sum(waiting))
    for priority in Priority:
        mine = [one for one in chosen if one in ready[priority]]
        assert mine == ready[priority][: len(mine)]
        share = sum(TURNS[place % len(TURNS)] is priority for place in range(turn, turn + len(chosen)))
        assert len(mine) >= min(share, waiting[priority])


async def test_two_claims_at_once_never_take_the_same_row(shared_post: Post) -> None:
    people = await shared_post.people(400)
    await shared_post.put(*(row(f"n-{one}", one) for one in people))

    async def takes(fence: int) -> list[int]:
        mine: list[int] = []
        while claimed := await shared_post.claim(7, fence=fence):
            mine += (one.id for one in claimed)
        return mine

    taken = [one for mine in await asyncio.gather(*(takes(fence) for fence in range(1, 5))) for one in mine]
    assert len(taken) == len(set(taken)) == 400


async def test_a_claim_that_is_not_committed_holds_up_no_other(shared_post: Post) -> None:
    people = await shared_post.people(4)
    await shared_post.put(*(row(f"n-{one}", one) for one in people))
    async with shared_post.database.work() as work, asyncio.timeout(5):
        mine = await sending.claim(work, "chat", 2, NOON, 1)
        others = await shared_post.claim(2, fence=2)
        assert not {one.id for one in mine} & {one.id for one in others}
        assert len(others) == 2


@pytest.mark.parametrize("counted", [False, True], ids=["before ANALYZE", "after ANALYZE"])
async def test_the_claim_walks_the_indexes_and_nothing_else(post: Post, counted: bool) -> None:
    people = await post.people(3000)
    await post.put(*(row(f"n-{one}", one) for one in people))
    plan = await _plan(post, counted=counted)
    assert "ix_outbox_waiting" in plan
    assert "ix_outbox_open" in plan
    for wrong in (
        "Seq Scan",
        "Hash",
        "Sort",
        "Bitmap Index Scan on ix",
        "SCAN row",
        "SCAN outbox",
        "TEMP B-TREE",
        "JIT",
    ):
        assert wrong not in plan, plan
    # What PostgreSQL expects to pay: a plan that looks dear is compiled, which takes 50 ms at a million rows.
    costs = [float(cost) for cost in re.findall(r"^\S.*cost=[\d.]+\.\.([\d.]+)", plan, re.MULTILINE)]
    assert max(costs, default=0) < MOST_COST, plan


async def _plan(post: Post, *, counted: bool) -> str:
    """The plans of all statements of a claim."""
    said: list[tuple[str, tuple[object, ...]]] = []

    def hear(_connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_more: object) -> None:
        said.append((statement, tuple(values)))

    async with post.database.work() as work:
        if counted:
            await work.db.exec_driver_sql("ANALYZE outbox")
        event.listen(post.database.engine.sync_engine, "before_cursor_execute", hear)
        await sending.claim(work, "chat", 10, NOON, 1)
        event.remove(post.database.engine.sync_engine, "before_cursor_execute", hear)
        explain = "EXPLAIN QUERY PLAN" if work.sqlite else "EXPLAIN"
        assert len(said) == 2
        plans = [await work.db.exec_driver_sql(f"{explain} {statement}", values) for statement, values in said]
        return "\n".join(str(line[-1]) for plan in plans for line in plan)
