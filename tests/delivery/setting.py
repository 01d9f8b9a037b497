"""A small office to deliver in: a clock that stands still, two channels, sentences that say what they are told."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import insert, select
from typing_extensions import override

from bot.channels.channel import Channel, Outcome, Outgoing, Sent
from domain.channels import Traits
from domain.notices import Occasion, Priority
from domain.office import Office
from domain.places import Areas
from flows.flow import Answers, Context, Flow, Question, Reader, Tell
from flows.registry import Flows
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from storage import leases, outbox, sending
from storage.database import Database, Look
from storage.leases import Lease
from storage.outbox import Row, State
from storage.sealing import sealer
from storage.sending import Claimed, Ended
from storage.tables import contacts, metadata
from storage.tables import outbox as table
from texts.catalogue import Catalogue
from texts.say import Say, say

NOON = datetime(2027, 2, 12, 4, tzinfo=UTC)
KEYS = [base64.urlsafe_b64encode(b"a key for tests, 32 bytes long .").decode()]  # the same in every process of a test
HASH_KEY = "the hash key of these tests, long enough"
CHAT = Traits("chat", length=200, buttons=False)
BOX = Traits("box", length=200, buttons=False, mailbox=True)

SENTENCES = {
    "zh-CN": {"test.say": ("您好：{text}",), "test.color.ask": ("您要什么颜色？",)},
    "en": {"test.say": ("Hello: {text}",), "test.color.ask": ("Which colour?",)},
}


def color(text: str, _context: Context) -> object:
    return text


def done(_answers: Answers, _context: Context) -> Tell:
    return Tell(())


ASKING = Flow("test", (Question("color", Reader(str, color)),), becomes=done, personal=False)


@dataclass(slots=True)
class Clock:
    """A clock that goes only when it is told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **by: float) -> None:
        self.now += timedelta(**by)


def desk(now: Callable[[], datetime], *traits: Traits) -> Desk:
    areas = Areas([], {})
    catalogues = {
        language: Catalogue(language, sentences, lambda _n: 0, areas) for language, sentences in SENTENCES.items()
    }
    by_name = {one.name: one for one in (CHAT, BOX, *traits)}
    return Desk(Flows((ASKING,), ()), areas, catalogues, by_name, now, Office("450200"))


def text(words: str) -> bytes:
    """The values of a message that says these words."""
    return msgspec.json.encode((say("test.say", text=words),))


async def word(_look: Look, _desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """Says what the values hold; nothing where they hold nothing; "broken" is a bug."""
    said: dict[int, tuple[Say, ...] | None] = {}
    for row in rows:
        says = msgspec.json.decode(row.values or b"[]", type=tuple[Say, ...])
        if any(one.words.values.get("text") == "broken" for one in says):
            raise RuntimeError("a bug in the words of one row")
        said[row.id] = says or None
    return said


WORDINGS: Mapping[Occasion, Wording] = {occasion: Wording(occasion, word) for occasion in Occasion}

Answer = Callable[[Outgoing], Awaitable[Outcome]]


@dataclass(slots=True)
class FakeChannel(Channel):
    """A platform that takes everything, or answers as it is told. It remembers what was sent, and how many at once."""

    of: Traits = CHAT
    answer: Answer | None = None
    sent: list[Outgoing] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    @override
    def traits(self) -> Traits:
        return self.of

    @override
    async def send(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.answer(outgoing) if self.answer else Sent(f"m{outgoing.row}")
        finally:
            self.at_once -= 1

    @override
    async def close(self) -> None:
        pass

    @property
    def texts(self) -> list[str]:
        return [one.message.text for one in self.sent]


@dataclass(slots=True)
class Post:
    """An outbox and what tests do with it."""

    database: Database
    clock: Clock
    desk: Desk
    holder: str = "here"
    addresses: Iterator[int] = field(default_factory=itertools.count)

    async def people(self, number: int, *, channel: str = "chat", **more: Any) -> list[int]:  # noqa: ANN401 - columns of contacts
        """So many contacts; returns their ids."""
        given = {"channel": channel, "language": "zh-CN", "created_at": NOON, **more}
        async with self.database.work() as work:
            made = await work.db.execute(
                insert(contacts).returning(contacts.c.id, sort_by_parameter_order=True),
                [{**given, "address": f"{channel}-{next(self.addresses)}"} for _ in range(number)],
            )
            ids = [row.id for row in made]
            await work.commit()
        return ids

    async def put(self, *rows: Row) -> None:
        async with self.database.work() as work:
            await outbox.put(work, rows, self.clock())
            await work.commit()

    async def lease(self, channel: str = "chat", holder: str | None = None) -> Lease:
        async with self.database.work() as work:
            lease = await leases.take(work, f"send:{channel}", holder or self.holder)
            await work.commit()
        assert lease is not None
        return lease

    async def claim(self, limit: int = 100, *, fence: int = 1, **more: Any) -> tuple[Claimed, ...]:  # noqa: ANN401 - what claim takes
        async with self.database.work() as work:
            claimed = await sending.claim(work, "chat", limit, self.clock(), fence, **more)
            await work.commit()
        return claimed

    async def settle(self, *ended: Ended, fence: int = 1) -> None:
        async with self.database.work() as work:
            await sending.settle(work, ended, fence, self.clock())
            await work.commit()

    async def recover(self, fence: int) -> int:
        async with self.database.work() as work:
            found = await sending.recover(work, "chat", fence, self.clock())
            await work.commit()
        return found

    async def rows(self) -> dict[str, Any]:
        """Every row under its `once`."""
        async with self.database.look() as look:
            return {row.once: row for row in await look.db.execute(select(table).order_by(table.c.id))}

    async def states(self) -> dict[str, str]:
        return {once: row.state for once, row in (await self.rows()).items()}

    def later(self, **by: float) -> None:
        """So much time passes, and whoever waits for it wakes."""
        self.clock.goes(**by)
        self.database.wakes.ring((outbox.OUTBOX,))

    async def until_ended(self, seconds: float = 20) -> None:
        """Waits until nothing is queued or being sent."""
        await self.until_ended_but("", seconds)

    async def until_ended_but(self, name: str, seconds: float = 20) -> None:
        """Waits until nothing is queued or being sent but that row."""
        async with asyncio.timeout(seconds):
            while any(  # noqa: ASYNC110 - rows ring no bell here
                state in {State.QUEUED, State.SENDING} for once, state in (await self.states()).items() if once != name
            ):
                await asyncio.sleep(0.01)


def row(once: str, contact: int, priority: Priority = Priority.NOTICE, **more: Any) -> Row:  # noqa: ANN401 - what Row takes
    """A message that says its own `once`."""
    given: dict[str, Any] = {"channel": "chat", "occasion": Occasion.NOTICE, "values": text(once), **more}
    return Row(once=once, contact=contact, priority=priority, **given)


def names(claimed: Sequence[Claimed], rows: Mapping[str, Any]) -> list[str]:
    """The `once` of what was claimed, in its order."""
    by_id = {found.id: once for once, found in rows.items()}
    return [by_id[one.id] for one in claimed]


async def create(url: str) -> None:
    """Today's tables in an empty database."""
    database = open_database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await database.close()


def open_database(url: str) -> Database:
    return Database(url, sealer(KEYS, HASH_KEY))
