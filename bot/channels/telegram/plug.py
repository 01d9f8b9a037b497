"""Telegram joins the service where FANGANG_TELEGRAM_TOKEN is set."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.channels.plug import Plugged, Sockets
from bot.leased import under_lease
from bot.settings import Settings
from domain.messages import Message
from services.mailbox import contact_at
from services.office import keep_telegram_bot
from storage import sending
from storage.database import Database
from storage.settings import put, values

if TYPE_CHECKING:
    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.updates import Blocked

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=1)

log = structlog.get_logger()


def plug(sockets: Sockets) -> Plugged | None:
    """The bot's account, and how its updates come in: fetched under a lease, or brought to /hooks/telegram."""
    telegram = account(sockets.settings)
    if telegram is None:
        return None
    from bot.channels.telegram.channel import PATH, TELEGRAM  # noqa: PLC0415 - the library takes 0.3 s to load
    from bot.channels.telegram.polling import poll  # noqa: PLC0415 - the same
    from bot.channels.telegram.settings import Mode  # noqa: PLC0415 - the same
    from bot.channels.telegram.webhook import webhook  # noqa: PLC0415 - the same

    async def take(message: Message) -> None:
        await sockets.take(message)

    async def lose(blocked: Blocked) -> None:
        contact = await contact_at(sockets.database, TELEGRAM.name, blocked.address)
        async with sockets.database.work() as work:
            await sending.mark_gone(work, [contact] if contact else [], sockets.desk.now())
            await work.commit()

    async def fetch() -> None:
        await _set_up(telegram, sockets.database)
        await poll(telegram, Offsets(sockets.database, telegram.me.id), take, lose, sockets.desk.now)

    async def fetch_alone(stopping: asyncio.Event) -> None:
        await under_lease(sockets.database, f"poll:telegram:{telegram.me.id}", sockets.holder, fetch, stopping)

    async def announce(stopping: asyncio.Event) -> None:
        setting_up = asyncio.ensure_future(_set_up(telegram, sockets.database))
        stopped = asyncio.ensure_future(stopping.wait())
        await asyncio.wait((setting_up, stopped), return_when=asyncio.FIRST_COMPLETED)
        for task in (setting_up, stopped):
            task.cancel()

    polling = telegram.settings.mode is Mode.POLLING
    routes = [web.post(PATH, webhook(telegram, take, lose, sockets.desk.now))]
    return Plugged(telegram, routes, runs=[fetch_alone if polling else announce])


def account(settings: Settings) -> Telegram | None:
    """The account that the settings name, None where they name none."""
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram.channel import Telegram  # noqa: PLC0415 - the library takes 0.3 s to load
    from bot.channels.telegram.settings import Mode, TelegramSettings  # noqa: PLC0415 - the same

    secret = settings.telegram_webhook_secret
    return Telegram(
        TelegramSettings(
            token=settings.telegram_token.get_secret_value(),
            mode=Mode(settings.telegram_mode),
            webhook_secret=secret.get_secret_value() if secret else "",
            api_url=settings.telegram_api_url,
            public_url=settings.address,
        )
    )


async def set_up_once(settings: Settings) -> tuple[str, ...]:
    """Tells the platform how updates shall come; what is wrong in words, nothing where all went well."""
    telegram = account(settings)
    if telegram is None:
        return ("FANGANG_TELEGRAM_TOKEN: nothing was given, wanted is the token that BotFather gave",)
    from telegram.error import TelegramError  # noqa: PLC0415 - the library takes 0.3 s to load

    try:
        await telegram.set_up()
    except TelegramError as error:
        return (f"Telegram ({settings.telegram_api_url}): {error}",)
    finally:
        await telegram.close()
    return ()


@dataclass(frozen=True, slots=True)
class Offsets:
    """The number of the next update, kept among the settings: a restart, or another process, goes on there."""

    database: Database
    bot: int

    async def read(self) -> int | None:
        """The next update's number, None before the first."""
        async with self.database.look() as look:
            found = (await values(look)).get(f"telegram_offset:{self.bot}")
        return None if found is None else int(found)

    async def write(self, offset: int) -> None:
        """Every update before this one is stored."""
        async with self.database.work() as work:
            await put(work, f"telegram_offset:{self.bot}", str(offset))
            await work.commit()


async def _set_up(telegram: Telegram, database: Database) -> None:
    """Tells the platform how updates shall come, until it has heard; the bot's name is kept for printed codes."""
    from telegram.error import TelegramError  # noqa: PLC0415 - the library takes 0.3 s to load

    pause = FIRST_PAUSE
    while True:
        try:
            await telegram.set_up()
            await keep_telegram_bot(database, telegram.me.username)
            return
        except TelegramError as error:
            log.warning("telegram_not_set_up", reason=str(error), pause_seconds=pause.total_seconds())
        await asyncio.sleep(pause.total_seconds())
        pause = min(pause * 2, LONGEST_PAUSE)
