"""Telegram as a channel: sends one message and says how it ended; sets up the bot's menu and how updates come."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus

import msgspec
from msgspec import Struct
from telegram import Bot, BotCommand
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from typing_extensions import override

from bot.channels.channel import Channel, Outcome, Outgoing, PersonGone, Rejected, Sent, TryLater, Unknown
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.request import Busy, Down, NotWritten, SessionRequest
from bot.channels.telegram.settings import Mode, TelegramSettings
from bot.channels.telegram.updates import NAME, WANTED, Me
from domain.channels import Rate, Traits
from texts.render import Rendered

TELEGRAM = Traits(  # "My bot is hitting limits" in https://core.telegram.org/bots/faq; sendMessage for the length
    name=NAME,
    length=4096,
    buttons=True,
    abroad=True,
    rate=Rate(30, timedelta(seconds=1)),
    chat_rate=Rate(1, timedelta(seconds=1)),
)
PATH = "/hooks/telegram"
POLL_WAIT = timedelta(seconds=25)  # for which the platform holds an empty getUpdates open
POLL_SLACK = timedelta(seconds=10)
ANSWER_PRESS_WITHIN = timedelta(seconds=5)
MOST_PRESSES = 100  # answers to pressed buttons on their way; one more is left out, the wheel stops by itself
WIDE = 16  # columns of a label above which two don't fit side by side on a narrow screen; 汉 counts two
GONE = ("chat not found", "user not found", "peer_id_invalid", "input_user_deactivated")  # in a 400's description
MOST_REASON = 200


class Batch(Struct, frozen=True):
    """The answer to getUpdates; each update is parsed alone, so that one that can't be read stops no other."""

    result: list[msgspec.Raw]


_batch = msgspec.json.Decoder(Batch)


class Telegram(Channel):
    """One bot's account. Nothing is opened before the first call; `close` lets go of everything."""

    def __init__(self, settings: TelegramSettings) -> None:
        self.settings = settings
        self.me = Me(int(settings.token.partition(":")[0] or 0))
        self._request = SessionRequest(settings.api_url)
        self._base = f"{settings.api_url.rstrip('/')}/bot"
        # Not initialised the library's way: that asks getMe first, and an outage there would stop our start.
        self._bot = Bot(settings.token, self._base, request=self._request, get_updates_request=self._request)
        self._presses: set[asyncio.Task[None]] = set()
        logging.getLogger("telegram").setLevel(logging.WARNING)  # below that the library writes messages to the log

    @property
    @override
    def traits(self) -> Traits:
        return TELEGRAM

    @override
    async def send(self, outgoing: Outgoing) -> Outcome:
        try:
            chat = int(outgoing.address)
        except ValueError:
            return Rejected("the address is not a chat's number")
        try:
            # Bot.send_message builds objects for 0.145 ms a call, this 0.014; the Bot API's names are
            # case-insensitive ("Making requests"), and "sendMessage" itself would make the library warn.
            result = await self._bot.do_api_request("SendMessage", _parameters(chat, outgoing.message))
        except TelegramError as error:
            return outcome_of(error)
        match result:
            case {"message_id": int(number)}:
                return Sent(str(number))
            case _:
                return Unknown("the answer has no message_id")

    @override
    async def close(self) -> None:
        for task in self._presses:
            task.cancel()
        await asyncio.gather(*self._presses, return_exceptions=True)
        await self._request.shutdown()

    def answer_press(self, callback: str) -> None:
        """Stops the wheel on a pressed button (its callback query's id), soon and without anybody waiting for it."""
        if len(self._presses) < MOST_PRESSES:
            task = asyncio.get_running_loop().create_task(self._answer_press(callback))
            self._presses.add(task)
            task.add_done_callback(self._presses.discard)

    async def _answer_press(self, callback: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_PRESS_WITHIN.total_seconds()):
                await self._bot.do_api_request("AnswerCallbackQuery", {"callback_query_id": callback})
        except (TelegramError, TimeoutError):
            logging.getLogger(__name__).info("a pressed button was not answered")

    async def set_up(self) -> None:
        """Learns the bot's own name, sets its menu in Chinese and English, and sets or deletes the webhook as the
        settings say. Raises TelegramError where the platform can't be reached or refuses the token; may be repeated.
        """
        user = await self._bot.get_me()
        self.me = Me(user.id, user.username or "")
        await self._bot.set_my_commands([BotCommand(one.name, one.zh) for one in COMMANDS])
        await self._bot.set_my_commands([BotCommand(one.name, one.en) for one in COMMANDS], language_code="en")
        if self.settings.mode == Mode.WEBHOOK:
            await self.set_webhook()
        else:
            await self.delete_webhook()

    async def set_webhook(self) -> None:
        """Has updates brought to our public address; raises TelegramError."""
        await self._bot.set_webhook(
            self.settings.public_url.rstrip("/") + PATH,
            secret_token=self.settings.webhook_secret,
            allowed_updates=WANTED,
            max_connections=100,  # the most that setWebhook takes; one chat's updates then come side by side
        )

    async def delete_webhook(self) -> None:
        """Has updates wait to be fetched, those that came meanwhile too; raises TelegramError."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def fetch(self, offset: int | None) -> list[bytes]:
        """The updates (JSON each) from this number on, waiting for the first up to 25 s; asking for a number tells the
        platform to forget all before it. Raises TelegramError; Conflict where a webhook is set or another one fetches.
        """
        parameters: dict[str, object] = {"timeout": int(POLL_WAIT.total_seconds()), "allowed_updates": WANTED}
        if offset is not None:
            parameters["offset"] = offset
        status, payload = await self._request.call(
            f"{self._base}{self.settings.token}/getUpdates",
            parameters,
            answer_within=(POLL_WAIT + POLL_SLACK).total_seconds(),
        )
        if status == HTTPStatus.CONFLICT:
            raise Conflict("getUpdates: a webhook is set, or another process fetches too")
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            raise InvalidToken("getUpdates: the token was refused")
        try:
            return [bytes(raw) for raw in _batch.decode(payload).result]
        except msgspec.DecodeError:
            raise NetworkError(f"getUpdates: {status} and no updates") from None


def outcome_of(error: TelegramError) -> Outcome:
    """How a send ended that ended with this error."""
    reason = str(error)[:MOST_REASON]
    match error:
        case Busy():
            return TryLater(error.wait, strike=False, account=True, reason=reason)
        case InvalidToken():
            return TryLater(account=True, reason=f"FANGANG_TELEGRAM_TOKEN is refused by Telegram: {reason}")
        case NotWritten():
            return TryLater(account=True, reason=reason)
        case Down() | Conflict():
            return TryLater(reason=reason)
        case Forbidden():
            return PersonGone(reason)
        case BadRequest():
            return PersonGone(reason) if any(words in reason.lower() for words in GONE) else Rejected(reason)
        case ChatMigrated():
            return Rejected(reason)
        case _:
            return Unknown(reason)  # TimedOut, a broken connection, an answer that can't be read


def keyboard(buttons: Iterable[tuple[str, str]]) -> list[list[dict[str, str]]]:
    """(label, data) pairs as the rows of an inline keyboard: two a row, or one where any label is long."""
    keys = [{"text": label, "callback_data": data} for label, data in buttons]
    beside = 1 if any(_columns(key["text"]) > WIDE for key in keys) else 2
    return [keys[first : first + beside] for first in range(0, len(keys), beside)]


def _columns(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


def _parameters(chat: int, message: Rendered) -> dict[str, object]:
    parameters: dict[str, object] = {
        "chat_id": chat,
        "text": message.text,
        "link_preview_options": {"is_disabled": True},  # Telegram would fetch the page, and with it use up a link
    }
    if message.buttons:
        parameters["reply_markup"] = {"inline_keyboard": keyboard(message.buttons)}
    return parameters
