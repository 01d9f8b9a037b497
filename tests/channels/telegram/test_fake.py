"""The fake Bot API itself: it lets nothing pass that the published one does not know."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError

from bot.channels.channel import Outgoing, Sent
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import TelegramSettings
from tests.fakes.telegram import TOKEN, FakeTelegram
from texts.render import Rendered


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("method", "parameters", "violation"),
    [
        ("sendMesage", {}, "sendMesage is no method"),
        ("sendMessage", {"chat_id": 42}, "sendMessage.text is missing"),
        ("sendMessage", {"chat_id": 42, "text": "x", "silent": True}, "sendMessage.silent is unknown"),
        ("sendMessage", {"chat_id": 42, "text": 7}, "sendMessage.text: String is wanted, not int"),
        ("sendMessage", {"chat_id": None, "text": "x"}, "sendMessage.chat_id: Integer is wanted, not NoneType"),
        (
            "sendMessage",
            {"chat_id": 42, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0].data is unknown",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "help"}]},
            "setMyCommands.commands[0].description is missing",
        ),
        ("getUpdates", {"timeout": "25"}, "getUpdates.timeout: Integer is wanted, not str"),
        ("getUpdates", {"allowed_updates": "message"}, "getUpdates.allowed_updates: a list is wanted, not str"),
    ],
)
async def test_a_call_that_does_not_fit_is_refused_and_kept(
    telegram_api: FakeTelegram,
    http: aiohttp.ClientSession,
    method: str,
    parameters: dict[str, object],
    violation: str,
) -> None:
    telegram_api.user(42).opens()
    async with http.post(f"{telegram_api.url}/bot{TOKEN}/{method}", json=parameters) as response:
        assert response.status in {400, 404}
        assert (await response.json())["ok"] is False
    assert telegram_api.violations == [violation]
    telegram_api.violations.clear()  # the fixture would fail this test, as it should fail others


async def test_the_librarys_own_way_of_writing_calls_is_understood(telegram_api: FakeTelegram) -> None:
    worker = telegram_api.user(42)
    worker.opens()
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("初八", callback_data="day:8")]])
    async with Bot(TOKEN, f"{telegram_api.url}/bot") as bot:
        sent = await bot.send_message(42, "几号走？", reply_markup=keys)
        await bot.edit_message_text("几号走呢？", 42, sent.message_id, reply_markup=keys)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("几号走呢？", 42, sent.message_id, reply_markup=keys)
        (update,) = await bot.get_updates()
        worker.presses("初八")
        (press,) = await bot.get_updates(offset=update.update_id + 1)
        assert press.callback_query
        assert press.callback_query.data == "day:8"
        await press.callback_query.answer()
        with pytest.raises(BadRequest, match="too old"):
            await press.callback_query.answer()
        await bot.set_webhook("http://127.0.0.1/x", secret_token="x", drop_pending_updates=True)
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == ("http://127.0.0.1/x", 0)
        with pytest.raises(Conflict):
            await bot.get_updates()
        await bot.delete_webhook()
    assert worker.messages[0].text == "几号走呢？"


async def test_another_token_is_refused(telegram_api: FakeTelegram) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:x", f"{telegram_api.url}/bot"):
            pass


async def test_a_method_that_the_fake_can_not_play_says_so(telegram_api: FakeTelegram) -> None:
    async with Bot(TOKEN, f"{telegram_api.url}/bot") as bot:
        with pytest.raises(BadRequest, match="does not know"):
            await bot.log_out()


async def test_a_second_takes_as_many_as_the_rate_says(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.rate = 30
    telegram_api.open_to_all = True
    ends = [await channel.send(Outgoing(1, str(number), Rendered("x"))) for number in range(1, 41)]
    assert sum(isinstance(end, Sent) for end in ends) == 30
    assert telegram_api.books.most_in_any(1.0) == 30
    assert telegram_api.books.sends_by_second.total() == 30
    assert telegram_api.books.total == 40


async def test_a_lean_fake_counts_and_keeps_the_rate_and_nothing_else() -> None:
    fake = FakeTelegram(lean=True, rate=2)
    await fake.start()
    channel = Telegram(TelegramSettings(TOKEN, api_url=fake.url))
    await channel.set_up()
    ends = [await channel.send(Outgoing(1, "42", Rendered("x"))) for _ in range(3)]
    await channel.close()
    await fake.stop()
    assert [isinstance(end, Sent) for end in ends] == [True, True, False]
    assert fake.books.by_method["sendmessage"] == 3
    assert fake.books.calls == []


async def test_a_stopped_fake_starts_again_where_it_was(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.user(42).opens()
    port = telegram_api.port
    await telegram_api.stop()
    with pytest.raises(NetworkError):
        await channel.fetch(None)
    await telegram_api.start()
    assert telegram_api.port == port
    assert isinstance(await channel.send(Outgoing(1, "42", Rendered("x"))), Sent)


async def test_a_person_who_sees_nothing_says_what_they_saw(telegram_api: FakeTelegram, channel: Telegram) -> None:
    worker = telegram_api.user(42)
    worker.opens()
    await channel.send(Outgoing(1, "42", Rendered("您好")))
    with pytest.raises(AssertionError, match="您好"):
        await worker.sees("再见", within=0.05)
    with pytest.raises(AssertionError, match="no message with buttons"):
        worker.presses("来")
