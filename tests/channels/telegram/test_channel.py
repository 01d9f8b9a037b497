"""How each send ends, against a Bot API on this machine."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.channels.channel import Outcome, Outgoing, PersonGone, Rejected, Sent, TryLater, Unknown
from bot.channels.telegram import request
from bot.channels.telegram.channel import MOST_PRESSES, TELEGRAM, Telegram, keyboard
from bot.channels.telegram.settings import TelegramSettings
from tests.fakes.telegram import USERNAME, FakeTelegram
from tests.fakes.telegram_faults import Trouble
from texts.render import Rendered

SECOND = timedelta(seconds=1)


def to(address: int | str, text: str = "初八 7:30 从柳江汽车站出发", *buttons: tuple[str, str]) -> Outgoing:
    return Outgoing(1, str(address), Rendered(text, buttons))


async def test_a_message_arrives_with_its_buttons(telegram_api: FakeTelegram, channel: Telegram) -> None:
    worker = telegram_api.user(42)
    worker.opens()
    outcome = await channel.send(to(42, "您来吗？", ("我会来", "t1:come"), ("我不来了", "t1:stay")))
    shown = await worker.sees("您来吗？")
    assert outcome == Sent(str(shown.id))
    assert shown.buttons == [[("我会来", "t1:come"), ("我不来了", "t1:stay")]]


@pytest.mark.parametrize(
    ("trouble", "outcome", "arrived"),
    [
        (Trouble.DROP_BEFORE, Unknown("ServerDisconnectedError"), False),
        (Trouble.DROP_AFTER, Unknown("ServerDisconnectedError"), True),
        (Trouble.GARBAGE, Unknown("The answer is not the Bot API's"), True),
        (Trouble.NOT_OK, TryLater(reason="500 Internal Server Error"), False),
        (Trouble.ERROR_500, TryLater(reason="500 Internal Server Error"), False),
        (Trouble.BAD_GATEWAY, TryLater(reason="502, and not from the Bot API"), False),
        (Trouble.FIREWALL, TryLater(reason="403, and not from the Bot API"), False),
        (
            Trouble.FLOOD,
            TryLater(7 * SECOND, strike=False, account=True, reason="Too Many Requests: retry after 7"),
            False,
        ),
        (Trouble.MIGRATED, Rejected("Group migrated to supergroup. New chat id: -1001234567890"), False),
    ],
    ids=lambda value: value.name if isinstance(value, Trouble) else "",
)
async def test_trouble_ends_as_the_table_says(
    telegram_api: FakeTelegram, channel: Telegram, trouble: Trouble, outcome: Outcome, *, arrived: bool
) -> None:
    worker = telegram_api.user(42)
    worker.opens()
    telegram_api.fail(trouble, seconds=7)
    assert await channel.send(to(42)) == outcome
    assert len(worker.messages) == arrived
    assert isinstance(await channel.send(to(42)), Sent)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Chat not found", PersonGone),
        ("User not found", PersonGone),
        ("PEER_ID_INVALID", PersonGone),
        ("Message is too long", Rejected),
        ("BUTTON_DATA_INVALID", Rejected),
    ],
)
async def test_a_bad_request_is_final(
    telegram_api: FakeTelegram, channel: Telegram, words: str, kind: Callable[[str], Outcome]
) -> None:
    telegram_api.user(42).opens()
    telegram_api.fail(Trouble.BAD_REQUEST, text=f"Bad Request: {words}")
    assert await channel.send(to(42)) == kind(words.capitalize())  # the library writes it so


async def test_whoever_blocked_left_or_never_wrote_is_gone(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.user(1).blocks()
    left = telegram_api.user(2)
    left.opens()
    left.deactivated = True
    assert [await channel.send(to(number)) for number in (1, 2, 3)] == [
        PersonGone("Forbidden: bot was blocked by the user"),
        PersonGone("Forbidden: user is deactivated"),
        PersonGone("Chat not found"),
    ]


async def test_somebody_who_unblocks_can_be_told_again(telegram_api: FakeTelegram, channel: Telegram) -> None:
    worker = telegram_api.user(1)
    worker.opens()
    worker.blocks()
    assert isinstance(await channel.send(to(1)), PersonGone)
    worker.unblocks()
    assert isinstance(await channel.send(to(1)), Sent)


@pytest.mark.parametrize("text", ["", " \n", "长" * 4097, "半\ud83d"])
async def test_a_text_that_no_message_can_hold_is_rejected(
    telegram_api: FakeTelegram, channel: Telegram, text: str
) -> None:
    telegram_api.user(42).opens()
    assert isinstance(await channel.send(to(42, text)), Rejected)


async def test_an_address_that_is_no_number_is_rejected_without_a_call(
    telegram_api: FakeTelegram, channel: Telegram
) -> None:
    assert isinstance(await channel.send(to("@somebody")), Rejected)
    assert telegram_api.books.total == 0


async def test_button_data_of_64_bytes_goes_and_of_65_does_not(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.user(42).opens()
    assert isinstance(await channel.send(to(42, "几号？", ("初八", "x" * 64))), Sent)
    assert isinstance(await channel.send(to(42, "几号？", ("初八", "x" * 65))), Rejected)


async def test_a_wrong_token_stops_the_whole_account_and_says_so(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.token = "123456789:another"
    outcome = await channel.send(to(42))
    assert isinstance(outcome, TryLater)
    assert outcome.account
    assert "FANGANG_TELEGRAM_TOKEN" in outcome.reason


async def test_no_reason_holds_the_token(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.user(42).opens()
    for trouble in Trouble:
        telegram_api.fail(trouble, seconds=0, text="x")
        assert channel.settings.token not in repr(await channel.send(to(42)))
    await telegram_api.stop()
    assert channel.settings.token not in repr(await channel.send(to(42)))
    assert channel.settings.token not in repr(channel.settings)


async def test_a_refused_connection_is_tried_again(telegram_api: FakeTelegram, channel: Telegram) -> None:
    await telegram_api.stop()
    outcome = await channel.send(to(42))
    assert isinstance(outcome, TryLater)
    assert outcome.account
    assert outcome.reason.startswith("ClientConnectorError")


async def test_a_name_that_does_not_exist_is_tried_again() -> None:
    channel = Telegram(TelegramSettings("1:x", api_url="http://no-such-host.invalid"))
    outcome = await channel.send(to(42))
    await channel.close()
    assert isinstance(outcome, TryLater)


async def test_a_connection_that_does_not_come_about_in_time_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "CONNECT_WITHIN", timedelta(seconds=0.2))
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):  # the queue of a socket that accepts nothing is full after these
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        channel = Telegram(TelegramSettings("1:x", api_url=f"http://127.0.0.1:{deaf.getsockname()[1]}"))
        outcome = await channel.send(to(42))
        await channel.close()
    assert outcome == TryLater(account=True, reason="ConnectionTimeoutError")


async def test_an_answer_that_does_not_come_leaves_it_unknown(
    telegram_api: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "ANSWER_WITHIN", timedelta(seconds=0.2))
    channel = Telegram(TelegramSettings(telegram_api.token, api_url=telegram_api.url))
    worker = telegram_api.user(42)
    worker.opens()
    telegram_api.fail(Trouble.SLOW, seconds=0.5)
    outcome = await channel.send(to(42))
    await channel.close()
    assert outcome == Unknown("SocketTimeoutError")
    assert len(worker.messages) == 1


async def test_the_platforms_rates_are_told_with_their_wait(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.chat_rate = 1
    telegram_api.user(42).opens()
    outcomes = [await channel.send(to(42)) for _ in range(2)]
    assert isinstance(outcomes[0], Sent)
    assert outcomes[1] == TryLater(SECOND, strike=False, account=True, reason="Too Many Requests: retry after 1")


async def test_setting_up_learns_the_name_and_sets_the_menu(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.courier.url = "http://127.0.0.1/old"
    await channel.set_up()
    assert channel.me.username == USERNAME
    assert telegram_api.courier.url == ""
    assert telegram_api.commands.keys() == {"", "en"}
    assert [one["command"] for one in telegram_api.commands[""]] == [
        one["command"] for one in telegram_api.commands["en"]
    ]


async def test_setting_up_by_webhook_tells_our_address_and_the_secret(
    telegram_api: FakeTelegram, hooked: Telegram
) -> None:
    await hooked.set_up()
    assert telegram_api.courier.url == "http://127.0.0.1/hooks/telegram"
    assert telegram_api.courier.secret == hooked.settings.webhook_secret


async def test_setting_up_with_a_wrong_token_is_refused(telegram_api: FakeTelegram) -> None:
    channel = Telegram(TelegramSettings("1:wrong", api_url=telegram_api.url))
    with pytest.raises(InvalidToken):
        await channel.set_up()
    with pytest.raises(InvalidToken):
        await channel.fetch(None)
    await channel.close()


async def test_fetching_beside_a_webhook_is_a_conflict(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.courier.url = "http://127.0.0.1/elsewhere"
    with pytest.raises(Conflict):
        await channel.fetch(None)


async def test_a_second_fetcher_ends_the_first(telegram_api: FakeTelegram, channel: Telegram) -> None:
    first = asyncio.create_task(channel.fetch(None))
    await telegram_api.called("getUpdates")
    second = asyncio.create_task(channel.fetch(None))
    with pytest.raises(Conflict):
        await first
    telegram_api.user(1).says("你好")
    assert len(await second) == 1


async def test_a_fetch_that_the_platform_refuses_is_an_error(telegram_api: FakeTelegram, channel: Telegram) -> None:
    telegram_api.fail(Trouble.BAD_REQUEST, method="getUpdates", text="Bad Request: no")
    with pytest.raises(NetworkError):
        await channel.fetch(None)


async def test_a_pressed_button_gets_its_answer(telegram_api: FakeTelegram, channel: Telegram) -> None:
    worker = telegram_api.user(42)
    worker.opens()
    await channel.send(to(42, "您来吗？", ("我会来", "t1:come")))
    worker.presses("来")
    (query,) = worker.presses_open
    channel.answer_press(query)
    await telegram_api.called("answerCallbackQuery")
    assert telegram_api.answered == [query]


async def test_answers_to_presses_are_bounded_and_let_go_at_the_end(
    telegram_api: FakeTelegram, channel: Telegram
) -> None:
    telegram_api.delay = 30
    for number in range(MOST_PRESSES + 50):
        channel.answer_press(str(number))
    await asyncio.sleep(0.05)
    await channel.close()
    assert telegram_api.books.total <= MOST_PRESSES


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        ([], []),
        (["来"], [1]),
        (["来", "不来"], [2]),
        (["初六", "初七", "初八"], [2, 1]),
        (["富士康科技集团龙华园区", "比亚迪"], [1, 1]),
        (["Not found yet", "Something else"], [2]),
        (["Foxconn Technology Group", "BYD"], [1, 1]),
    ],
)
def test_short_buttons_stand_side_by_side(labels: list[str], rows: list[int]) -> None:
    assert [len(row) for row in keyboard((label, "x") for label in labels)] == rows


def test_the_traits_are_the_platforms() -> None:
    assert dataclasses.asdict(TELEGRAM) == {
        "name": "telegram",
        "length": 4096,
        "buttons": True,
        "abroad": True,
        "mailbox": False,
        "rate": {"most": 30, "per": SECOND},
        "chat_rate": {"most": 1, "per": SECOND},
    }
