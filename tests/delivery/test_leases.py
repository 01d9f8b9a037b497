"""Leases: one holder at a time, fences that only grow, and nothing done with a lease that is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services import delivering
from storage import leases
from storage.leases import Lease, Outdated
from tests.delivery.setting import Post, row

SHORT = timedelta(seconds=0.3)


async def take(post: Post, holder: str, lasts: timedelta = leases.LEASE) -> Lease | None:
    async with post.database.work() as work:
        lease = await leases.take(work, "send:chat", holder, lasts)
        await work.commit()
    return lease


async def renew(post: Post, lease: Lease, lasts: timedelta = leases.LEASE) -> None:
    async with post.database.work() as work:
        await leases.renew(work, lease, lasts)
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
        await renew(shared_post, first, SHORT)
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
    async with shared_post.database.work() as work:
        await leases.check(work, first)
        rival = asyncio.create_task(take(shared_post, "second"))
        await asyncio.sleep(SHORT.total_seconds() + 0.1)
        assert not rival.done()
        await work.commit()
    assert await rival is not None
