"""A service without a network: a database, a desk, a clock that is set by hand, and people who write to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from cryptography.fernet import Fernet
from sqlalchemy import event, insert, select

from bot.channels.web.traits import WEB
from bot.tables import load_areas, load_catalogues
from domain.channels import Traits
from domain.days import SHANGHAI
from domain.messages import Message, Said
from domain.notices import Occasion, Priority
from domain.office import Office
from domain.places import Areas
from flows import registry
from flows.registry import Flows
from services.converse import Turned, converse
from services.delivering import claim, settle, start, stop, word
from services.desk import Desk
from services.nudging import nudge
from services.occasions import Wording, answer, reply, seen_to, undecided
from services.occasions import nudge as nudging
from storage import outbox
from storage.database import Database
from storage.migrate import migrate
from storage.outbox import State
from storage.sealing import sealer
from storage.sending import Ended
from storage.tables import staff
from tests.support.databases import Databases
from texts.catalogue import Catalogue
from texts.render import Rendered
from texts.say import Say

KEYS = ([Fernet.generate_key().decode()], "the hash key of these tests, long enough")
CHANNELS = {
    "web": WEB,
    "plain": Traits("plain", length=2000, buttons=False, mailbox=True),
    "telegram-like": Traits("telegram-like", length=4096, buttons=True, abroad=True),
}
# Answers are worded by the service's own module; a notice of these tests says what was put with it in the same way.
WORDINGS: Mapping[Occasion, Wording] = {
    Occasion.REPLY: reply.OCCASION,
    Occasion.ANSWER: answer.OCCASION,
    Occasion.SEEN_TO: seen_to.OCCASION,
    Occasion.NOTICE: Wording(Occasion.NOTICE, reply.word),
    Occasion.NUDGE: nudging.OCCASION,
    Occasion.UNDECIDED: undecided.OCCASION,
}
NOW = "2027-02-08T09:00"  # a Monday, 正月初三
HOME = "450200"  # 柳州
OFFICE_PHONE = "07722812333"


@lru_cache
def areas() -> Areas:
    """All areas, read once."""
    return load_areas()


@lru_cache
def flows() -> Flows:
    """All flows."""
    return registry.load()


@lru_cache
def catalogues(home: str = HOME) -> Mapping[str, Catalogue]:
    """Both languages, as an office in that area speaks them."""
    return load_catalogues(areas(), home)


def moment(text: str) -> datetime:
    """2027-02-08T09:00 in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def fresh_url(databases: Databases) -> str:
    """A database with its tables and nothing in them."""
    return await databases.fresh(await databases.template("migrated", _migrated))


async def _migrated(url: str) -> None:
    database = Database(url, sealer(*KEYS))
    await migrate(database)
    await database.close()


@dataclass(slots=True)
class Stage:
    """The service as it runs, and the time it thinks it is. Ids of messages are drawn from `sent`; `asks` is what the
    office has switched on: identities, companions.
    """

    url: str
    now: datetime = field(default_factory=lambda: moment(NOW))
    home: str = HOME
    asks: Collection[str] = ()
    sent: int = 0
    database: Database = field(init=False)
    desk: Desk = field(init=False)
    wrote: set[Occasion] = field(default_factory=set)  # what was written of its own accord

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.database.close()

    async def restart(self) -> None:
        """Throws everything in memory away."""
        await self.database.close()
        self._open()

    def message(self, channel: str, address: str, said: Said, language: str | None = None) -> Message:
        """A message that has not been sent before."""
        self.sent += 1
        return Message(channel, address, f"m{self.sent}", said, self.now, language)

    async def take(self, *messages: Message) -> list[Turned]:
        """What the service makes of those messages, taken together."""
        return await converse(self.database, self.desk, list(messages))

    async def hired(self) -> int:
        """A member of the city's staff, the same one each time."""
        async with self.database.work() as work:
            member = await work.db.scalar(select(staff.c.id))
            if member is None:
                row = {"name": "覃晓梅", "password": "-", "area": HOME, "role": "city", "language": "zh-CN"}
                hire = insert(staff).values({**row, "created_at": self.now}).returning(staff.c.id)
                member = (await work.db.execute(hire)).scalar_one()
            await work.commit()
        return int(member)

    async def put_notice(self, contact: int, channel: str, says: Sequence[Say]) -> None:
        """A notice of those words for that contact."""
        self.sent += 1
        row = outbox.Row(
            once=f"n:{self.sent}",
            contact=contact,
            channel=channel,
            priority=Priority.NOTICE,
            occasion=Occasion.NOTICE,
            values=reply.values(says),
        )
        async with self.database.work() as work:
            await outbox.put(work, [row], self.now)
            await work.commit()

    async def tick(self) -> int:
        """What is due for single people falls due; returns how many messages that are."""
        return await nudge(self.database, self.desk)

    async def deliver(self, channel: str) -> list[tuple[str, Rendered]]:
        """Sends what waits on that channel: (address, message) in the order of the sending."""
        lease = await start(self.database, self.desk, channel, "the stage")
        assert lease is not None
        sent: list[tuple[str, Rendered]] = []
        while claimed := await claim(self.database, self.desk, lease, channel, 100):
            self.wrote |= {one.occasion for one in claimed}
            worded = await word(self.database, self.desk, WORDINGS, claimed)
            sent += [(one.address, one.message) for one in worded.ready]
            done = [Ended(one.row, State.SENT, message=str(one.row.id)) for one in worded.ready]
            await settle(self.database, self.desk, lease, [*done, *worded.ended])
        await stop(self.database, lease)
        return sent

    def _open(self) -> None:
        self.database = Database(self.url, sealer(*KEYS))
        if self.database.sqlite:
            event.listen(self.database.engine.sync_engine, "connect", _hurried)
        self.desk = Desk(
            flows=flows(),
            areas=areas(),
            catalogues=catalogues(self.home),
            traits=CHANNELS,
            now=lambda: self.now,
            office=Office(self.home, OFFICE_PHONE, "identities" in self.asks, "companions" in self.asks),
        )


def _hurried(connection: Any, _record: object) -> None:  # noqa: ANN401 - what SQLAlchemy hands to its listeners
    """Nothing of a test is worth a wait for the disk."""
    connection.execute("PRAGMA synchronous = OFF").close()
