"""The webhook: who may bring updates, what is refused, and that 200 means stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.channel import Outgoing
from bot.channels.telegram.channel import PATH, Telegram
from bot.channels.telegram.settings import Mode, TelegramSettings
from bot.channels.telegram.updates import Blocked
from bot.channels.telegram.webhook import MOST_BYTES, SECRET, webhook
from domain.messages import Message, Text
from tests.fakes.telegram import FakeTelegram
from texts.render import Rendered

NOW = datetime(2027, 2, 7, 1, 0, tzinfo=UTC)
UPDATE = b'{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},"text":"%s"}}'


@dataclass
class Desk:
    """What the webhook handed over; the first `failures` messages can't be stored."""

    taken: list[Message] = field(default_factory=list)
    lost: list[Blocked] = field(default_factory=list)
    failures: int = 0
    committed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        await self.committed.wait()
        self.taken.append(message)

    async def lose(self, blocked: Blocked) -> None:
        self.lost.append(blocked)


@pytest.fixture
def desk_of_hook() -> Desk:
    desk = Desk()
    desk.committed.set()
    return desk


@contextlib.asynccontextmanager
async def served(channel: Telegram, desk: Desk) -> AsyncIterator[str]:
    application = web.Application(client_max_size=1 << 30)
    application.router.add_post(PATH, webhook(channel, desk.take, desk.lose, lambda: NOW))
    async with TestServer(application) as server:
        yield str(server.make_url(PATH))


@pytest.fixture
async def url(hooked: Telegram, desk_of_hook: Desk) -> AsyncIterator[str]:
    async with served(hooked, desk_of_hook) as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET: ""}, {SECRET: "wrong"}, {SECRET: "a-secret_for-TEST"}, {SECRET: "A-SECRET_FOR-TESTS"}, {SECRET: "é"}],
    ids=["none", "empty", "wrong", "shorter", "other case", "not ASCII"],
)
async def test_without_the_secret_nothing_is_taken(
    url: str, http: aiohttp.ClientSession, desk_of_hook: Desk, headers: dict[str, str]
) -> None:
    async with http.post(url, data=UPDATE, headers=headers) as response:
        assert response.status == 403
    assert desk_of_hook.taken == []


async def test_a_bot_without_a_secret_takes_nothing(http: aiohttp.ClientSession, desk_of_hook: Desk) -> None:
    channel = Telegram(TelegramSettings("1:x", Mode.WEBHOOK))
    async with served(channel, desk_of_hook) as url, http.post(url, data=UPDATE, headers={SECRET: ""}) as response:
        assert response.status == 403
    assert desk_of_hook.taken == []


async def test_an_update_is_taken_and_answered_with_nothing(
    url: str, http: aiohttp.ClientSession, hooked: Telegram, desk_of_hook: Desk
) -> None:
    headers = {SECRET: hooked.settings.webhook_secret}
    async with http.post(url, data=UPDATE % "初八".encode(), headers=headers) as response:
        assert (response.status, await response.read()) == (200, b"")
    assert desk_of_hook.taken == [Message("telegram", "42", "1", Text("初八"), NOW)]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[1]", b"\x00\xff", b'{"update_id":1,"x":' + b"[" * 100_000])
async def test_garbage_is_refused(
    url: str, http: aiohttp.ClientSession, hooked: Telegram, desk_of_hook: Desk, body: bytes
) -> None:
    async with http.post(url, data=body, headers={SECRET: hooked.settings.webhook_secret}) as response:
        assert response.status == 400
    assert desk_of_hook.taken == []


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 65536


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_refused(
    url: str, http: aiohttp.ClientSession, hooked: Telegram, desk_of_hook: Desk, *, chunked: bool
) -> None:
    body = pieces(8) if chunked else UPDATE % (b"x" * MOST_BYTES)
    async with http.post(url, data=body, headers={SECRET: hooked.settings.webhook_secret}) as response:
        assert response.status == 413
    assert desk_of_hook.taken == []


async def test_the_longest_message_is_no_huge_body(
    url: str, http: aiohttp.ClientSession, hooked: Telegram, desk_of_hook: Desk
) -> None:
    body = UPDATE % ("\\ud83d\\udc4d" * 4096).encode()
    async with http.post(url, data=body, headers={SECRET: hooked.settings.webhook_secret}) as response:
        assert response.status == 200


async def test_the_answer_waits_until_the_message_is_stored(
    url: str, http: aiohttp.ClientSession, hooked: Telegram, desk_of_hook: Desk
) -> None:
    desk_of_hook.committed.clear()
    headers = {SECRET: hooked.settings.webhook_secret}
    answer = asyncio.create_task(http.post(url, data=UPDATE % b"x", headers=headers))
    _, waiting = await asyncio.wait([answer], timeout=0.1)
    assert waiting
    desk_of_hook.committed.set()
    assert (await answer).status == 200


async def test_what_could_not_be_stored_is_brought_again(
    telegram_api: FakeTelegram, hooked: Telegram, url: str, desk_of_hook: Desk
) -> None:
    await hooked.set_webhook()
    telegram_api.courier.url = url
    desk_of_hook.failures = 2
    number = telegram_api.user(42).says("初八")
    await telegram_api.delivered()
    assert [message.id for message in desk_of_hook.taken] == [str(number)]
    assert telegram_api.courier.statuses == [500, 500, 200]


async def test_one_chat_comes_in_order_and_a_button_gets_its_answer(
    telegram_api: FakeTelegram, hooked: Telegram, url: str, desk_of_hook: Desk
) -> None:
    await hooked.set_webhook()
    telegram_api.courier.url = url
    worker = telegram_api.user(42)
    for number in range(20):
        worker.says(str(number))
    await telegram_api.delivered()
    assert [message.said for message in desk_of_hook.taken] == [Text(str(number)) for number in range(20)]
    await hooked.send(Outgoing(1, "42", Rendered("您来吗？", (("我会来", "t1:come"),))))
    worker.presses("我会来")
    await telegram_api.called("answerCallbackQuery")
    worker.blocks()
    await telegram_api.delivered()
    assert desk_of_hook.lost == [Blocked("42")]


async def test_another_secret_than_the_one_that_was_set_gets_nowhere(
    telegram_api: FakeTelegram, hooked: Telegram, url: str, desk_of_hook: Desk
) -> None:
    telegram_api.courier.url = url
    assert await telegram_api.courier.post({"update_id": 1}, secret="guessed") == 403
    assert await telegram_api.courier.post({"update_id": 1}, secret=hooked.settings.webhook_secret) == 200
    assert desk_of_hook.taken == []
