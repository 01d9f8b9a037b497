"""The sender: how near it keeps to the platform's rate, counted where the platform counts."""

from __future__ import annotations

import asyncio
from itertools import count

from bench.desk import desk, sealer
from bench.figures import Better, Figure, Part, Rounds
from bench.ground import Ground
from bench.talk import TOKEN
from bot.channels.telegram.channel import TELEGRAM, Telegram
from bot.channels.telegram.settings import TelegramSettings
from bot.delivery import Delivery
from domain.notices import Occasion, Priority
from services.occasions import reply
from storage import contacts, outbox
from storage.database import Database
from storage.migrate import migrate
from texts.say import say

LIMIT = 30  # messages a second
ROUND_TRIP = 0.1  # seconds until the platform answers
SETTLING = 1.0  # seconds at the start that are not counted
COUNTED = 20.0  # seconds that are


async def measure(ground: Ground) -> Rounds:
    """One round for each database: what counts is the worst second of many."""
    platform = await ground.process("platform", delay=ROUND_TRIP)
    seconds = ground.size(int(COUNTED), 4)
    found = {}
    for kind, databases in ground.databases.items():
        await platform.ask("forget")
        people = int((SETTLING + seconds + 3) * LIMIT)
        await _send(await databases.fresh(), platform.ready["url"], people, SETTLING + seconds + 1)
        arrived = await platform.ask("arrived", count=1, within=1)
        since = arrived[0] + SETTLING
        counted = sum(since <= at < since + seconds for at in arrived)
        found[f"sender_share_of_limit_{kind}"] = [counted / seconds / LIMIT]
        found[f"sender_most_in_any_second_{kind}"] = [await platform.ask("most")]
    return found


async def _send(url: str, platform: str, people: int, seconds: float) -> None:
    """Lets delivery work for so long on more than it can send."""
    database, office = Database(url, sealer()), desk()
    await migrate(database)
    numbers = count(1)
    async with database.work() as work:
        where = [(TELEGRAM.name, str(1_000_000 + next(numbers))) for _ in range(people)]
        rows = [
            outbox.Row(
                once=f"bench:{contact.id}",
                contact=contact.id,
                channel=TELEGRAM.name,
                priority=Priority.NOTICE,
                occasion=Occasion.REPLY,
                values=reply.values((say("engine.hello"),)),
            )
            for contact in (await contacts.lock(work, where, office.now())).values()
        ]
        await outbox.put(work, rows, office.now())
        await work.commit()
    telegram, stopping = Telegram(TelegramSettings(TOKEN, api_url=platform)), asyncio.Event()
    delivery = Delivery(database, office, {Occasion.REPLY: reply.OCCASION}, telegram, "bench")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(delivery.run(stopping))
        await asyncio.sleep(seconds)
        stopping.set()
    await telegram.close()
    await database.close()


PART = Part(
    (
        Figure("sender_share_of_limit", Better.HIGHER, 0.97),
        Figure("sender_most_in_any_second", Better.LOWER, LIMIT, of_rounds=max),
    ),
    measure,
)
