"""返岗通 behind its webhook: everything stored, and with `platform` every answer sent there too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from bench.desk import desk, sealer
from bench.servers.serving import listen, obey, run
from bench.talk import SECRET, TOKEN, now
from bot import logs
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import Mode, TelegramSettings
from bot.channels.telegram.updates import Blocked
from bot.channels.telegram.webhook import webhook
from bot.delivery import Delivery, Limits
from bot.turns import Turns
from domain.messages import Message
from domain.notices import Occasion
from services.desk import Desk
from services.occasions import reply
from storage.database import Database
from storage.migrate import migrate
from storage.tables import registrations

SLOTS = 200  # messages in flight while no limit is kept


async def _main(settings: Mapping[str, Any]) -> None:
    logs.configure()
    database, office = Database(settings["database"], sealer()), desk()
    await migrate(database)
    turns = Turns(database, office)
    platform = settings.get("platform", "http://127.0.0.1:9")
    telegram = Telegram(TelegramSettings(TOKEN, Mode.WEBHOOK, SECRET, platform))

    async def take(message: Message) -> None:
        await turns.take(message)

    async def lose(_blocked: Blocked) -> None:
        raise AssertionError

    async def registered() -> int:
        async with database.look() as look:
            return (await look.db.execute(select(func.count()).select_from(registrations))).scalar_one()

    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(turns.run())
        sending = "platform" in settings and tasks.create_task(_delivery(database, office, telegram).run(stopping))
        port = await listen(webhook(telegram, take, lose, now))
        await obey({"port": port}, registered=registered)
        stopping.set()
        running.cancel()
        if sending:
            await sending
    await telegram.close()
    await database.close()


def _delivery(database: Database, office: Desk, telegram: Telegram) -> Delivery:
    wordings = {Occasion.REPLY: reply.OCCASION}
    return Delivery(database, office, wordings, telegram, "bench", Limits(slots=SLOTS, rates=False))


if __name__ == "__main__":
    run(_main)
