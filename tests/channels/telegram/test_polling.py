"""Long polling: nothing is forgotten by the platform before it is stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.channel import Outgoing
from bot.channels.telegram import polling
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.polling import poll
from bot.channels.telegram.updates import Blocked
from domain.messages import Message, Text
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_faults import Trouble
from texts.render import Rendered

NOW = datetime(2027, 2, 7, 1, 0, tzinfo=UTC)


@dataclass
class Store:
    """Where messages and the offset are kept; `refuse` says which messages can't be stored now."""

    taken: list[Message] = field(default_factory=list)
    lost: list[Blocked] = field(default_factory=list)
    offset: int | None = None
    refuse: Callable[[Message], bool] = lambda _: False
    refused: int = 0

    async def take(self, message: Message) -> None:
        await asyncio.sleep(0)
        if self.refuse(message):
            self.refused += 1
            raise OSError("the disk is full")
        self.taken.append(message)

    async def lose(self, blocked: Blocked) -> None:
        self.lost.append(blocked)

    async def read(self) -> int | None:
        return self.offset

    async def write(self, offset: int) -> None:
        self.offset = offset

    @property
    def texts(self) -> list[str]:
        return [message.said.text for message in self.taken if isinstance(message.said, Text)]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_PAUSE", timedelta(milliseconds=20))


@contextlib.asynccontextmanager
async def polled(channel: Telegram, store: Store) -> AsyncIterator[None]:
    task = asyncio.create_task(poll(channel, store, store.take, store.lose, lambda: NOW))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_what_was_written_before_and_during_a_poll_is_taken_in_order(
    telegram_api: FakeTelegram, channel: Telegram
) -> None:
    store = Store()
    worker = telegram_api.user(42)
    worker.says("一")
    worker.says("二")
    async with polled(channel, store):
        await telegram_api.delivered()
        worker.says("三")
        await telegram_api.delivered()
    assert store.texts == ["一", "二", "三"]
    assert {message.at for message in store.taken} == {NOW}


async def test_an_update_that_was_not_stored_comes_again(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store(refuse=lambda _: store.refused < 3)
    telegram_api.user(42).says("初八")
    async with polled(channel, store):
        await telegram_api.delivered()
    assert store.texts == ["初八"]
    assert store.refused == 3


async def test_what_came_before_a_failure_is_kept_and_the_rest_comes_again(
    telegram_api: FakeTelegram, channel: Telegram
) -> None:
    store = Store(refuse=lambda message: message.address == "2" and store.refused < 1)
    numbers = [telegram_api.user(number).says("你好") for number in (1, 2, 3)]
    async with polled(channel, store):
        await telegram_api.delivered()
    # 3 was stored beside the failure and comes twice: the inbox knows it by its number.
    assert sorted(message.address for message in store.taken) == ["1", "2", "3", "3"]
    assert {message.id for message in store.taken} == {str(number) for number in numbers}


async def test_a_poller_that_dies_before_the_offset_is_written_gets_the_update_again(
    telegram_api: FakeTelegram, channel: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store()

    async def die(_: int) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", die)
        number = telegram_api.user(42).says("初八")
        with pytest.raises(asyncio.CancelledError):
            await poll(channel, store, store.take, store.lose, lambda: NOW)
    assert telegram_api.pending == [number]
    async with polled(channel, store):
        await telegram_api.delivered()
    assert [message.id for message in store.taken] == [str(number)] * 2


async def test_a_restart_goes_on_at_the_offset(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store()
    worker = telegram_api.user(42)
    for text in ("一", "二"):
        worker.says(text)
        async with polled(channel, store):
            await telegram_api.delivered()
    assert store.texts == ["一", "二"]


async def test_more_than_one_answer_holds_are_all_taken(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store()
    for number in range(250):
        telegram_api.user(number + 1).says(str(number))
    async with polled(channel, store):
        await telegram_api.delivered()
    assert store.texts == [str(number) for number in range(250)]


async def test_an_update_that_nobody_can_read_stops_no_other(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store()
    telegram_api.user(42).says("一")
    telegram_api.deliver({"message": {"text": 7}})
    telegram_api.user(42).says("二")
    async with polled(channel, store):
        await telegram_api.delivered()
    assert store.texts == ["一", "二"]
    telegram_api.violations.clear()  # our own malformed update


async def test_whoever_blocks_the_bot_is_noted(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store()
    telegram_api.user(42).blocks()
    async with polled(channel, store):
        await telegram_api.delivered()
    assert store.lost == [Blocked("42")]


@pytest.mark.parametrize(
    "trouble", [Trouble.DROP_BEFORE, Trouble.ERROR_500, Trouble.GARBAGE, Trouble.FLOOD, Trouble.BAD_GATEWAY]
)
async def test_polling_goes_on_after_trouble(telegram_api: FakeTelegram, channel: Telegram, trouble: Trouble) -> None:
    store = Store()
    telegram_api.fail(trouble, method="getUpdates", times=2, seconds=1)
    telegram_api.user(42).says("你好")
    async with polled(channel, store):
        await telegram_api.delivered(20)
    assert store.texts == ["你好"]


async def test_a_pressed_button_is_answered_once_it_is_stored(telegram_api: FakeTelegram, channel: Telegram) -> None:
    store = Store()
    worker = telegram_api.user(42)
    worker.opens()
    await channel.send(Outgoing(1, "42", Rendered("您来吗？", (("我会来", "t1:come"),))))
    worker.presses("我会来")
    async with polled(channel, store):
        await telegram_api.called("answerCallbackQuery")
    assert [message.address for message in store.taken] == ["42", "42"]
