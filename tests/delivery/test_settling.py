"""How sends end: tried again, taken back, picked up from a sender that died, and what staff see of it."""

from __future__ import annotations

from datetime import timedelta

from domain.notices import Occasion, Priority
from storage import outbox, sending
from storage.outbox import State
from storage.sending import Ended
from tests.delivery.setting import NOON, Post, names, row

HOUR = timedelta(hours=1)


async def supersede(post: Post, ref: int, revision: int | None = None, most: int | None = None) -> int:
    async with post.database.work() as work:
        number = await outbox.supersede(work, (Occasion.NOTICE,), ref, revision, post.clock(), most=most)
        await work.commit()
    return number


async def test_what_ended_is_written_down_whole(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(row("a", one), row("b", other))
    a, b = await post.claim()
    post.clock.goes(seconds=3)
    await post.settle(
        Ended(a, State.SENT, message="m" * 500, said=b"sentinel"),
        Ended(b, State.FAILED, "why\0" + "x" * 500, strike=True),
    )
    rows = await post.rows()
    assert (rows["a"].state, len(rows["a"].message), rows["a"].ended_at) == ("sent", 128, NOON + timedelta(seconds=3))
    assert b"sentinel" not in rows["a"].said
    assert post.database.seal.open(rows["a"].said) == b"sentinel"
    assert (rows["b"].state, rows["b"].attempts, len(rows["b"].reason), rows["b"].reason[:4]) == (
        "failed",
        1,
        200,
        "whyx",
    )


async def test_a_row_comes_back_with_its_strikes(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("a", one))
    (a,) = await post.claim()
    await post.settle(Ended(a, State.QUEUED, "busy", again_at=NOON + HOUR, strike=True, unknown=True))
    assert await post.claim() == ()
    assert (await post.rows())["a"].reason == "busy"
    post.clock.goes(hours=1)
    (again,) = await post.claim()
    assert (again.attempts, again.unknowns) == (1, 1)


async def test_a_new_revision_takes_back_what_was_not_sent_of_the_old(post: Post) -> None:
    one, other, third = await post.people(3)
    await post.put(
        row("old", one, ref=7, revision=1),
        row("held", other, ref=7, revision=1, state="held"),
        row("new", other, ref=7, revision=2),
        row("else", third, ref=8, revision=1),
        row("reminder", third, Priority.REMINDER, ref=7, revision=1, occasion=Occasion.REMINDER),
    )
    assert await supersede(post, 7, 2) == 2
    assert await post.states() == {
        "old": "superseded",
        "held": "superseded",
        "new": "queued",
        "else": "queued",
        "reminder": "queued",
    }


async def test_what_is_being_sent_when_it_is_taken_back_is_not_sent_again(post: Post) -> None:
    people = await post.people(4)
    await post.put(*(row(f"n{place}", one, ref=7, revision=1) for place, one in enumerate(people)))
    again, arrived, lost, unknown = await post.claim()
    assert await supersede(post, 7) == 4
    assert await supersede(post, 7) == 0
    await post.settle(
        Ended(again, State.QUEUED, "busy", again_at=NOON, strike=True),
        Ended(arrived, State.SENT),
        Ended(unknown, State.QUEUED, "unknown", again_at=NOON, unknown=True),
    )
    assert await post.states() == {"n0": "superseded", "n1": "sent", "n2": "sending", "n3": "superseded"}
    assert (await post.rows())["n1"].reason is None
    assert (await post.rows())["n0"].ended_at == NOON
    await post.recover(2)
    assert (await post.states())["n2"] == "superseded"
    assert lost.id == (await post.rows())["n2"].id


async def test_a_large_notice_is_stopped_held_and_resumed_in_pieces(post: Post) -> None:
    people = await post.people(10)
    await post.put(*(row(f"n{one}", one, ref=7) for one in people))
    async with post.database.work() as work:
        assert [await outbox.hold(work, Occasion.NOTICE, 7, most=6) for _ in range(3)] == [6, 4, 0]
        await work.commit()
    assert await post.claim() == ()
    async with post.database.work() as work:
        assert await outbox.resume(work, Occasion.NOTICE, 7, most=4) == 4
        await work.commit()
    assert len(await post.claim()) == 4
    assert [await supersede(post, 7, most=7) for _ in range(3)] == [7, 3, 0]


async def test_staff_see_how_far_it_is_and_why_some_failed(post: Post) -> None:
    people = await post.people(6)
    await post.put(*(row(f"n{one}", one, ref=7) for one in people), row("other", people[0], ref=8))
    a, b, c, d, *_ = await post.claim(4)
    await post.settle(
        Ended(a, State.SENT),
        Ended(b, State.FAILED, "gone"),
        Ended(c, State.FAILED, "gone"),
        Ended(d, State.FAILED, "too long"),
    )
    async with post.database.look() as look:
        counts = await outbox.counts(look, Occasion.NOTICE, 7)
    assert counts.by_state == {State.SENT: 1, State.FAILED: 3, State.QUEUED: 2}
    assert counts.failed_for == {"gone": 2, "too long": 1}
    assert counts.of(State.QUEUED, State.SENDING) == 2


async def test_what_a_dead_sender_left_goes_again_and_only_that(post: Post) -> None:
    people = await post.people(5)
    await post.put(*(row(f"n{one}", one) for one in people))
    dead = await post.claim(2, fence=1)
    mine = await post.claim(2, fence=2)
    assert await post.recover(2) == 2
    assert {claimed.id for claimed in await post.claim(fence=2)} > {claimed.id for claimed in dead}
    assert len(mine) == 2


async def test_a_sender_that_was_replaced_writes_nothing_over_its_successor(post: Post) -> None:
    people = await post.people(2)
    await post.put(*(row(f"n{place}", one) for place, one in enumerate(people)))
    old = await post.claim(fence=1)
    await post.recover(2)
    await post.claim(1, fence=2)
    await post.settle(*(Ended(one, State.FAILED, "late") for one in old), fence=1)
    assert await post.states() == {"n0": "sending", "n1": "queued"}


async def test_an_answer_whose_process_died_before_it_went_back_goes_out_after_a_minute(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("passive", one, state="sending"))
    assert await post.recover(5) == 0
    post.clock.goes(seconds=61)
    assert await post.recover(5) == 1
    assert names(await post.claim(fence=5), await post.rows()) == ["passive"]


async def test_what_stands_behind_a_row_that_waits_is_not_looked_at_meanwhile(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(row("a", one), row("b", one), row("c", one, Priority.ANSWER), row("d", other))
    claimed = {name: claim for claim in await post.claim() for name in names([claim], await post.rows())}
    await post.settle(
        Ended(claimed["a"], State.QUEUED, again_at=NOON + HOUR), *(Ended(claimed[name], State.SENT) for name in "cd")
    )
    assert (await post.rows())["b"].not_before == NOON + HOUR
    async with post.database.look() as look:
        assert await sending.next_at(look, "chat", NOON) == NOON + HOUR


async def test_gone_is_marked_once(post: Post) -> None:
    one, _other = await post.people(2)
    for hours in (0, 1):
        async with post.database.work() as work:
            await sending.mark_gone(work, {one}, NOON + hours * HOUR)
            await work.commit()
    await post.put(row("a", one))
    async with post.database.look() as look:
        readers = await sending.readers(look, await post.claim())
    assert readers[one].gone
