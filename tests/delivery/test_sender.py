"""The one sender of a channel, running: what it sends, what it writes down, and what does not stop it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from bot import delivery
from bot.channels.channel import Outcome, Outgoing, PersonGone, Rejected, Sent, TryLater, Unknown
from bot.delivery import Delivery, Limits
from bot.rate import SLACK
from domain.channels import Rate, Traits
from domain.notices import Priority
from services import delivering, mailbox
from tests.delivery.setting import BOX, NOON, WORDINGS, FakeChannel, Post, row, text
from texts.render import Rendered

SECOND = timedelta(seconds=1)
SLOW = Traits("chat", 200, buttons=False, rate=Rate(30, SECOND), chat_rate=Rate(1, SECOND))


@asynccontextmanager
async def sending(
    post: Post, channel: FakeChannel, *, slots: int = 20, holder: str = "here"
) -> AsyncIterator[Delivery]:
    """A sender at work; when it is left it stops in its own time."""
    stopping = asyncio.Event()
    sender = Delivery(post.database, post.desk, WORDINGS, channel, holder, Limits(slots=slots))
    running = asyncio.create_task(sender.run(stopping))
    try:
        yield sender
    finally:
        stopping.set()
        done, _still_running = await asyncio.wait({running}, timeout=15)
        assert done, "the sender did not stop"
        await running


def answering(**by_text: Outcome) -> Callable[[Outgoing], Awaitable[Outcome]]:
    """Answers a message by its last word, everything else with Sent."""

    async def answer(outgoing: Outgoing) -> Outcome:
        return by_text.get(outgoing.message.text.partition("：")[2], Sent("m"))

    return answer


async def test_what_is_put_goes_out_at_once_and_is_written_down(post: Post) -> None:
    channel = FakeChannel()
    (one,) = await post.people(1)
    async with sending(post, channel):
        await asyncio.sleep(0.3)  # it has looked and found nothing
        started = time.monotonic()
        await post.put(row("a", one))
        await post.until_ended()
        assert time.monotonic() - started < delivery.IDLE / 2
    stored = (await post.rows())["a"]
    assert (stored.state, stored.message, stored.said) == ("sent", f"m{stored.id}", None)
    assert channel.sent == [Outgoing(stored.id, "chat-0", Rendered("您好：a"))]


async def test_a_broadcast_goes_side_by_side_within_its_slots_each_person_in_order(post: Post) -> None:
    async def slowly(_outgoing: Outgoing) -> Outcome:
        await asyncio.sleep(0.01)
        return Sent("m")

    channel = FakeChannel(answer=slowly)
    people = await post.people(60)
    await post.put(*(row(f"{turn}-{one}", one) for turn in range(3) for one in people))
    async with sending(post, channel, slots=8):
        await post.until_ended()
    assert channel.most_at_once == 8
    assert len(channel.texts) == len(set(channel.texts)) == 180
    for one in people:
        assert [said[3] for said in channel.texts if said.endswith(f"-{one}")] == ["0", "1", "2"]


async def test_a_slot_is_free_only_once_its_outcome_is_stored(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = asyncio.Event()
    settle = delivering.settle

    async def held(*arguments: object) -> None:
        await stored.wait()
        await settle(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(delivering, "settle", held)
    channel = FakeChannel()
    people = await post.people(30)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel, slots=5):
        for _ in range(3):
            await asyncio.sleep(0.1)
            post.later(seconds=1)  # and however often it looks for work
        assert len(channel.sent) == 5
        stored.set()
        await post.until_ended()
    assert len(channel.sent) == 30


async def test_each_outcome_ends_as_it_should_and_stalls_nobody(post: Post) -> None:
    channel = FakeChannel(
        answer=answering(
            rejected=Rejected("too long"),
            blocked=PersonGone("blocked"),
            unknown=Unknown("cut"),
            busy=TryLater(reason="busy"),
        )
    )
    names = ["rejected", "blocked", "unknown", "busy", *(f"n{place}" for place in range(40))]
    people = dict(zip(names, await post.people(len(names)), strict=True))
    await post.put(*(row(name, one) for name, one in people.items()), row("after", people["blocked"]))
    async with sending(post, channel, slots=4):
        async with asyncio.timeout(20):
            while list((await post.states()).values()).count("sent") < 40:  # noqa: ASYNC110 - rows ring no bell
                await asyncio.sleep(0.02)
        rows = await post.rows()
        assert (rows["rejected"].state, rows["rejected"].reason) == ("failed", "too long")
        assert (rows["blocked"].state, rows["blocked"].reason) == ("failed", "gone")
        assert (rows["unknown"].state, rows["unknown"].unknowns) == ("queued", 1)
        assert (rows["busy"].state, rows["busy"].attempts, rows["busy"].not_before) == ("queued", 1, NOON + 5 * SECOND)
        post.later(seconds=6)
        await post.until_ended_but("busy")
    rows = await post.rows()
    assert (rows["after"].state, rows["after"].reason) == ("failed", "gone")
    assert "您好：after" not in channel.texts
    assert (rows["unknown"].state, rows["unknown"].reason) == ("failed", "unknown: cut")
    assert channel.texts.count("您好：unknown") == 2
    assert rows["busy"].attempts == 2


async def test_a_row_that_cannot_be_worded_stops_no_other(post: Post) -> None:
    channel = FakeChannel()
    (torn,) = await post.people(1, state=b"not sealed")
    people = await post.people(10)
    await post.put(
        row("broken", people[0], values=text("broken")),
        row("garbled", people[1], values=b"{"),
        row("torn", torn),
        *(row(f"n{one}", one) for one in people[2:]),
    )
    async with sending(post, channel):
        await post.until_ended()
    rows = await post.rows()
    assert {name for name, stored in rows.items() if stored.state == "failed"} == {"broken", "garbled"}
    assert rows["broken"].reason == "no words"
    assert "您好：torn" in channel.texts  # without the open question, which nobody can read any more


async def test_an_adapter_with_a_bug_loses_and_repeats_nothing_else(post: Post) -> None:
    async def answer(outgoing: Outgoing) -> Outcome:
        if "bug" in outgoing.message.text:
            raise RuntimeError("a bug")
        return Sent("m")

    channel = FakeChannel(answer=answer)
    one, *people = await post.people(10)
    await post.put(row("bug", one), *(row(f"n{other}", other) for other in people))
    async with sending(post, channel):
        await post.until_ended_but("bug")
        post.later(seconds=6)
        await post.until_ended()
    assert (await post.rows())["bug"].reason == "unknown: RuntimeError"
    assert len(channel.sent) == 11


async def test_a_mailbox_keeps_what_was_said_and_rings_its_page(post: Post) -> None:
    channel = FakeChannel(BOX)
    (one,) = await post.people(1, channel="box")
    async with sending(post, channel), post.database.wakes.listen(mailbox.topic(one)) as bell:
        await post.put(row("a", one, channel="box"))
        async with asyncio.timeout(5):
            await bell.wait(10)
        stored = (await post.rows())["a"]
    assert stored.state == "sent"
    assert msgspec.json.decode(post.database.seal.open(stored.said), type=Rendered) == Rendered("您好：a")


async def test_a_platform_that_asks_for_patience_gets_it_and_nothing_is_lost(post: Post) -> None:
    asked: list[float] = []
    calls: list[float] = []

    async def answer(_outgoing: Outgoing) -> Outcome:
        calls.append(time.monotonic())
        if len(calls) == 3:
            asked.append(time.monotonic())
            return TryLater(timedelta(seconds=0.6), strike=False, account=True)
        await asyncio.sleep(0.01)
        return Sent("m")

    channel = FakeChannel(answer=answer)
    post.desk.now = lambda: NOON + timedelta(seconds=time.monotonic())
    people = await post.people(30)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel, slots=2):
        await post.until_ended()
    assert set((await post.states()).values()) == {"sent"}
    assert not [call for call in calls if asked[0] + 0.02 < call < asked[0] + 0.58]
    assert {stored.attempts for stored in (await post.rows()).values()} == {0}


async def test_the_rates_are_kept_and_nobody_waits_behind_a_chatterbox(post: Post) -> None:
    times: list[tuple[float, str]] = []

    async def answer(outgoing: Outgoing) -> Outcome:
        times.append((time.monotonic(), outgoing.message.text))
        return Sent("m")

    channel = FakeChannel(SLOW, answer)
    *chatty, third = await post.people(3)
    people = await post.people(40)
    await post.put(*(row(f"chatty{turn}-{one}", one, Priority.ANSWER) for turn in range(3) for one in chatty))
    await post.put(*(row(f"n{one}", one) for one in (third, *people)))
    async with sending(post, channel, slots=2) as sender:
        await post.until_ended()
    assert len(sender.account._limiter._ways) == 47  # each one's way was followed
    starts = [at for at, _said in times]
    assert max(sum(0 <= other - at < 1 for other in starts) for at in starts) <= 30
    for one in chatty:
        mine = [at for at, said in times if said.startswith("您好：chatty") and said.endswith(f"-{one}")]
        assert len(mine) == 3
        assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(mine))
    # Both slots would be taken by those who must wait a second, and nobody else would get anything in the first one.
    assert sum(at - starts[0] < 1 for at, said in times if said.startswith("您好：n")) >= 20


async def test_what_is_put_for_later_goes_when_its_time_has_come(post: Post) -> None:
    channel = FakeChannel()
    started = time.monotonic()
    post.desk.now = lambda: NOON + timedelta(seconds=time.monotonic() - started)
    (one,) = await post.people(1)
    await post.put(row("later", one, not_before=NOON + timedelta(seconds=0.8)))
    async with sending(post, channel):
        await post.until_ended()
    assert 0.8 <= time.monotonic() - started < 0.8 + delivery.IDLE / 2


async def test_what_expires_in_hand_is_not_sent(post: Post) -> None:
    """It is claimed a tenth of a second before its turn comes, and lapses in that time."""
    post.desk.now = lambda: NOON + timedelta(seconds=time.monotonic())
    channel = FakeChannel(Traits("chat", 200, buttons=False, rate=Rate(1, timedelta(seconds=0.5))))
    one, other = await post.people(2)
    await post.put(row("a", one))
    async with sending(post, channel):
        while not channel.sent:  # noqa: ASYNC110 - the fake rings no bell
            await asyncio.sleep(0.001)
        turn = NOON + timedelta(seconds=time.monotonic() + 0.5 * SLACK)
        await post.put(row("brief", other, expires_at=turn - timedelta(seconds=0.02)))
        await post.until_ended()
    rows = await post.rows()
    assert rows["brief"].tried_at is not None
    assert rows["brief"].state == "expired"
    assert channel.texts == ["您好：a"]


async def test_a_database_that_fails_for_a_while_costs_no_message(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "AFTER_FAILURE", 0.05)
    failures = {"claim": 2, "settle": 3, "word": 2, "next_at": 1, "start": 1}
    for name in failures:
        monkeypatch.setattr(delivering, name, _failing(name, failures, getattr(delivering, name)))
    channel = FakeChannel()
    people = await post.people(50)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel):
        async with asyncio.timeout(20):
            while any(failures.values()) or set((await post.states()).values()) != {"sent"}:
                await asyncio.sleep(0.02)
                if not failures["claim"]:
                    post.later(seconds=1)
    assert len(channel.sent) == 50


def _failing(name: str, left: dict[str, int], function: Callable[..., Awaitable[object]]) -> object:
    async def fails(*arguments: object, **more: object) -> object:
        if left[name]:
            left[name] -= 1
            raise OperationalError("SELECT", {}, Exception("the database is away"))
        return await function(*arguments, **more)

    return fails


async def test_a_commit_that_nobody_answered_leaves_nothing_behind(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim is stored, and the answer to its commit is lost: the rows go out all the same, and once."""
    monkeypatch.setattr(delivery, "AFTER_FAILURE", 0.05)
    claim = delivering.claim
    failed: list[object] = []

    async def stored_unheard(*arguments: object, **more: object) -> object:
        claimed = await claim(*arguments, **more)  # type: ignore[arg-type]
        if claimed and not failed:
            failed.append(claimed)
            raise OperationalError("COMMIT", {}, Exception("the connection is gone"))
        return claimed

    monkeypatch.setattr(delivering, "claim", stored_unheard)
    channel = FakeChannel()
    people = await post.people(5)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel):
        await post.until_ended()
    assert len(channel.sent) == 5


async def test_stopping_finishes_what_is_in_flight(post: Post) -> None:
    going = asyncio.Event()

    async def answer(_outgoing: Outgoing) -> Outcome:
        going.set()
        await asyncio.sleep(0.3)
        return Sent("m")

    channel = FakeChannel(answer=answer)
    people = await post.people(20)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel, slots=4):
        await going.wait()
    states = list((await post.states()).values())
    assert states.count("sent") == len(channel.sent) == 4
    assert states.count("queued") == 16


async def test_stopping_gives_back_what_waits_for_its_turn(post: Post) -> None:
    channel = FakeChannel(Traits("chat", 200, buttons=False, rate=Rate(1, timedelta(seconds=1))))
    people = await post.people(5)
    await post.put(*(row(f"n{one}", one) for one in people))
    async with sending(post, channel):
        async with asyncio.timeout(5):
            while sorted((await post.states()).values())[:4] != ["queued", "queued", "queued", "sending"]:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert len(channel.sent) == 1  # another one is claimed and waits
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert sorted((await post.states()).values()) == ["queued", "queued", "queued", "queued", "sent"]


async def test_a_bell_that_rings_while_it_stops_does_not_keep_it(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio.wait_for (before Python 3.12) loses a cancellation that comes together with what it waits for."""
    finish = delivery._Term._finish

    async def rung(term: delivery._Term) -> None:
        await finish(term)
        post.later(seconds=1)
        await asyncio.sleep(0)

    monkeypatch.setattr(delivery._Term, "_finish", rung)
    async with sending(post, FakeChannel()):
        await asyncio.sleep(0.2)


async def test_a_stuck_send_ends_with_the_process(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "STOP_WITHIN", timedelta(seconds=0.2))

    async def never(_outgoing: Outgoing) -> Outcome:
        await asyncio.Event().wait()
        return Sent("m")

    (one,) = await post.people(1)
    await post.put(row("a", one))
    channel = FakeChannel(answer=never)
    async with sending(post, channel):
        while not channel.sent:  # noqa: ASYNC110 - the fake rings no bell
            await asyncio.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert await post.states() == {"a": "sending"}
    channel.answer = None
    started = time.monotonic()
    async with sending(post, channel):
        await post.until_ended()
        assert time.monotonic() - started < 3  # the next one picks it up when it starts, not when it first renews
    assert len(channel.sent) == 2


async def test_of_two_senders_one_sends_and_the_other_takes_over(shared_post: Post) -> None:
    first, second = FakeChannel(), FakeChannel()
    people = await shared_post.people(40)
    await shared_post.put(*(row(f"a{one}", one) for one in people))
    async with sending(shared_post, second, holder="second"):
        async with sending(shared_post, first, holder="first"):
            await shared_post.until_ended()
            assert (len(first.sent), len(second.sent)) in {(40, 0), (0, 40)}
            await shared_post.put(*(row(f"b{one}", one) for one in people))
            await shared_post.until_ended()
        await shared_post.put(*(row(f"c{one}", one) for one in people))
        await shared_post.until_ended()
    assert sorted(first.texts + second.texts) == sorted(f"您好：{letter}{one}" for letter in "abc" for one in people)
    assert {said[3] for said in second.texts} >= {"c"}


async def test_a_sender_whose_lease_is_taken_from_it_sends_nothing_more(
    shared_post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sleeps past its lease with rows in hand (as under SIGSTOP): its successor sends them, and it does not."""
    channel = FakeChannel()
    people = await shared_post.people(10)
    word, held = delivering.word, asyncio.Event()

    async def asleep(*arguments: object, **more: object) -> object:
        worded = await word(*arguments, **more)  # type: ignore[arg-type]
        await held.wait()
        return worded

    monkeypatch.setattr(delivering, "word", asleep)
    monkeypatch.setattr(delivery, "MARGIN", 1.0)  # the moment it wakes its lease is over
    await shared_post.put(*(row(f"n{one}", one) for one in people))
    async with sending(shared_post, channel, holder="first"):
        async with asyncio.timeout(5):
            while "sending" not in (await shared_post.states()).values():  # noqa: ASYNC110 - rows ring no bell
                await asyncio.sleep(0.01)
        held.set()
        await asyncio.sleep(0.3)
        assert channel.sent == []
