"""Leases: one holder at a time, fences that only grow, and nothing done with a lease that is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from services import delivering
from storage import leases
from storage.database import Work
from storage.leases import Lease, Outdated
from storage.outbox import State
from storage.sending import Ended
from tests.delivery.setting import Post, row

SHORT = timedelta(seconds=0.3)


async def take(post: Post, holder: str, lasts: timedelta = leases.LEASE) -> Lease | None:
    async with post.database.work() as work:
        lease = await leases.take(work, "send:chat", holder, lasts)
        await work.commit()
    return lease


async def renew(post: Post, lease: Lease) -> None:
    async with post.database.work() as work:
        await leases.renew(work, lease)
        await work.commit()


async def check(post: Post, lease: Lease) -> None:
    async with post.database.work() as work:
        await leases.check(work, lease)


async def test_a_fence_only_grows(post: Post) -> None:
    fences = []
    for _ in range(3):
        lease = await take(post, "here")
        assert lease is not None
        fences.append(lease.fence)
        await delivering.stop(post.database, lease)
    assert fences == [1, 2, 3]


async def test_only_one_holds_it_until_it_runs_out_or_is_given_back(shared_post: Post) -> None:
    first = await take(shared_post, "first", SHORT)
    assert first is not None
    assert await take(shared_post, "second") is None
    await asyncio.sleep(SHORT.total_seconds() + 0.05)
    second = await take(shared_post, "second")
    assert second is not None
    assert second.fence > first.fence
    assert await take(shared_post, "first") is None
    await delivering.stop(shared_post.database, second)
    third = await take(shared_post, "first")
    assert third is not None
    assert third.fence > second.fence


async def test_of_many_who_ask_at_once_one_gets_it(shared_post: Post) -> None:
    got = await asyncio.gather(*(take(shared_post, f"holder {number}") for number in range(8)))
    assert sum(lease is not None for lease in got) == 1


async def test_whoever_renews_keeps_it(shared_post: Post) -> None:
    first = await take(shared_post, "first", SHORT)
    assert first is not None
    for _ in range(4):
        await asyncio.sleep(SHORT.total_seconds() / 2)
        await renew(shared_post, first)
        assert await take(shared_post, "second") is None


async def test_on_sqlite_the_holder_before_is_dead_and_replaced_at_once(sqlite_post: Post) -> None:
    first = await take(sqlite_post, "first")
    second = await take(sqlite_post, "second")
    assert first is not None
    assert second is not None
    with pytest.raises(Outdated):
        await check(sqlite_post, first)


async def test_a_lease_that_has_run_out_claims_nothing(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("a", one))
    lease = await take(post, "first", SHORT)
    assert lease is not None
    await check(post, lease)
    await asyncio.sleep(SHORT.total_seconds() + 0.05)
    with pytest.raises(Outdated):
        await delivering.claim(post.database, post.desk, lease, "chat", 10)
    assert await post.states() == {"a": "queued"}


async def test_a_lease_that_somebody_else_has_now_renews_and_releases_nothing(post: Post) -> None:
    first = await take(post, "here", SHORT)
    second = await take(post, "here")
    assert first is not None
    assert second is not None
    with pytest.raises(Outdated):
        await renew(post, first)
    await delivering.stop(post.database, first)
    await check(post, second)


async def test_nobody_takes_it_between_the_check_and_the_commit(shared_post: Post) -> None:
    first = await take(shared_post, "first", SHORT)
    assert first is not None
    await asyncio.sleep(SHORT.total_seconds() * 0.7)
    async with shared_post.database.work() as work:
        await leases.check(work, first)
        rival = asyncio.create_task(take(shared_post, "second"))
        await asyncio.sleep(SHORT.total_seconds() * 0.6)  # the lease is over
        assert not rival.done()
        await work.commit()
    assert await rival is not None


@pytest.mark.parametrize("begins", ["check", "settle", "renew"])
async def test_a_holder_that_falls_asleep_inside_a_transaction_is_replaced_all_the_same(
    shared_post: Post, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await shared_post.people(3)
    await shared_post.put(*(row(f"n{one}", one) for one in people))
    first = await take(shared_post, "first", SHORT)
    assert first is not None
    claimed = await delivering.claim(shared_post.database, shared_post.desk, first, "chat", 10)
    asleep, sleeps = asyncio.Event(), asyncio.Event()
    commit = Work.commit

    async def falls_asleep(work: Work) -> None:
        if asyncio.current_task() is holder:
            asleep.set()
            await sleeps.wait()
        await commit(work)

    async def goes_on() -> None:
        desk, database = shared_post.desk, shared_post.database
        match begins:
            case "check":
                await delivering.claim(database, desk, first, "chat", 10)
            case "settle":
                await delivering.settle(database, desk, first, [Ended(one, State.SENT) for one in claimed])
            case _:
                await delivering.renew(database, desk, first, "chat")

    monkeypatch.setattr(Work, "commit", falls_asleep)
    holder = asyncio.create_task(goes_on())
    await asleep.wait()
    async with asyncio.timeout(10):
        while await delivering.start(shared_post.database, shared_post.desk, "chat", "second") is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    sleeps.set()
    with pytest.raises(DBAPIError):  # the server has ended its transaction
        await holder
    assert set((await shared_post.states()).values()) == {"queued"}
