"""Long polling: fetches updates, has them stored, and only then lets the platform forget them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

import msgspec
import structlog
from msgspec import Struct
from telegram.error import TelegramError

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.request import Busy
from bot.channels.telegram.updates import Blocked, Malformed, Read, read_update
from domain.messages import Message

Take = Callable[[Message], Awaitable[None]]
Lose = Callable[[Blocked], Awaitable[None]]
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)

log = structlog.get_logger()


class Offsets(Protocol):
    """Where the number of the next update is kept, so that a restart goes on where it was."""

    async def read(self) -> int | None:
        """The next update's number, None before the first."""
        ...

    async def write(self, offset: int) -> None:
        """Every update before this one is stored."""
        ...


class Numbered(Struct, frozen=True):
    """An update of which nothing else can be read."""

    update_id: int


async def poll(telegram: Telegram, offsets: Offsets, take: Take, lose: Lose, now: Callable[[], datetime]) -> NoReturn:
    """Fetches for as long as it is not cancelled; only one process may do so for one bot.

    `take` stores a message and returns when it is committed; the messages of one fetch are handed over side by side, in
    their order. `lose` notes a person who blocked the bot. An update whose storing fails comes again, and so do those
    after it: the same message may be handed over twice.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            raws = await telegram.fetch(await offsets.read())
            if raws:
                await _store(telegram, offsets, [_read(raw, now(), telegram) for raw in raws], take, lose)
            pause = FIRST_PAUSE
            continue
        except Busy as busy:
            pause = busy.wait
            log.warning("telegram_poll_busy", wait_seconds=pause.total_seconds())
        except TelegramError as error:
            log.warning("telegram_poll_failed", reason=str(error), pause_seconds=pause.total_seconds())
        except Exception:
            log.exception("telegram_poll_not_stored", pause_seconds=pause.total_seconds())
        await asyncio.sleep(pause.total_seconds())
        pause = min(pause * 2, LONGEST_PAUSE)


async def _store(telegram: Telegram, offsets: Offsets, reads: Sequence[Read], take: Take, lose: Lose) -> None:
    """Has all stored and writes down how far that went; then raises the first error, where there was one."""
    ends = await asyncio.gather(*(_hand_over(telegram, one, take, lose) for one in reads), return_exceptions=True)
    failed = next((place for place, end in enumerate(ends) if end is not None), None)
    if failed != 0:
        # Not the highest number: after a silent week Telegram begins anew at a number of its choosing.
        await offsets.write(reads[-1 if failed is None else failed - 1].id + 1)
    if failed is not None and (error := ends[failed]):
        raise error


async def _hand_over(telegram: Telegram, read: Read, take: Take, lose: Lose) -> None:
    if isinstance(read.said, Message):
        await take(read.said)
    elif isinstance(read.said, Blocked):
        await lose(read.said)
    if read.callback:
        telegram.answer_press(read.callback)


def _read(raw: bytes, now: datetime, telegram: Telegram) -> Read:
    try:
        return read_update(raw, now, telegram.me)
    except Malformed:
        number = msgspec.json.decode(raw, type=Numbered).update_id
        log.warning("telegram_update_unreadable", update=number)
        return Read(number, None)
