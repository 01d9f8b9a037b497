"""A county with people who want to travel: what tests of trips, seats, reminders and notices begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Table, insert, select, update

from bot.tables import load_areas, load_catalogues
from domain.channels import Traits
from domain.days import SHANGHAI
from domain.notices import Occasion
from domain.office import Office
from domain.places import Areas, Place
from domain.refusals import Refused
from domain.scope import Scope
from domain.sheets import Sheet, StopSheet
from domain.trips import AnswerSeat, Mode
from flows.flow import Done
from flows.registry import Flows
from services import boarding, seats, trips
from services.commands import Asked
from services.desk import Desk
from services.occasions import Telling, called_off, change, departure, notice, reminder
from storage import tables
from storage.database import Database
from storage.sealing import sealer
from texts.catalogue import Catalogue
from texts.render import rendered

KEYS = [Fernet.generate_key().decode()]
HASH_KEY = "the hash key of these tests, long enough"
CHAT = Traits("chat", length=2000, buttons=True)
LIUJIANG, LIUZHOU, PINGSHAN, SHENZHEN = "450206", "450200", "440310", "440300"
MORNING = datetime(2027, 2, 12, 10, tzinfo=SHANGHAI)  # 正月初七
LEAVES = datetime(2027, 2, 14, 7, 30, tzinfo=SHANGHAI)  # 正月初九
COUNTY_STAFF, CITY_STAFF = 1, 2

WORDINGS = {one.OCCASION.name: one.OCCASION for one in (departure, change, called_off, reminder, notice)}

SHEET = Sheet(
    area=LIUJIANG,
    mode=Mode.COACH,
    vehicle="桂B·12345",
    seats=40,
    cap=100,
    stops=(StopSheet(0, "柳江汽车站 2 号门", LEAVES),),
    destination=Place(SHENZHEN),
    arrival="比亚迪 1 号门，约 17:00",
    escort_name="覃师傅",
    escort_phone="138 0000 0001",
)


@lru_cache(maxsize=1)
def areas() -> Areas:
    return load_areas()


@lru_cache(maxsize=1)
def catalogues() -> Mapping[str, Catalogue]:
    return load_catalogues(areas(), LIUJIANG)


@dataclass(slots=True)
class Clock:
    """A clock that goes only when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def at(self, moment: datetime) -> None:
        self.now = moment


@dataclass(slots=True)
class County:
    """The office with its tables. People are numbered from 1: person n, their chat n and registration n."""

    database: Database
    desk: Desk
    clock: Clock
    scope: Scope = field(default_factory=lambda: Scope(LIUJIANG, COUNTY_STAFF))

    # ── What stands in the tables ────────────────────────────────────────────────────────────────────────────────────

    async def people(self, number: int, **registration: object) -> list[int]:
        """So many people with a chat and a registration each; `registration` are columns that differ from the usual."""
        first = len(await self.all(tables.people)) + 1
        ids = list(range(first, first + number))
        await self.put(tables.people, [self._person(one) for one in ids])
        await self.put(tables.contacts, [self._contact(one) for one in ids])
        await self.put(tables.registrations, [self._registration(one) | registration for one in ids])
        return ids

    async def put(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        async with self.database.work() as work:
            await work.db.execute(insert(table), list(rows))
            await work.commit()

    async def change(self, table: Table, row: int, **values: object) -> None:
        async with self.database.work() as work:
            await work.db.execute(update(table).where(table.c.id == row).values(**values))
            await work.commit()

    async def all(self, table: Table) -> list[Any]:
        async with self.database.look() as look:
            return list((await look.db.execute(select(table).order_by(*table.primary_key.columns))).all())

    def _person(self, number: int) -> dict[str, Any]:
        seal = self.database.seal
        phone = f"138{number:08}"
        return {
            "id": number,
            "name": seal.seal_text(f"韦{number}"),
            "phone": seal.seal_text(phone),
            "same": seal.hash("same", phone),
            "phone_hash": seal.hash("phone", phone),
            "phone_tail_hash": seal.hash("tail", phone[-4:]),
            "created_at": MORNING,
        }

    def _contact(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "channel": CHAT.name,
            "address": str(number),
            "person": number,
            "language": "zh-CN",
            "created_at": MORNING,
        }

    def _registration(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "number": f"LJ-{number:06}",
            "person": number,
            "contact": number,
            "channel": CHAT.name,
            "area": LIUJIANG,
            "direction": "work",
            "first": date(2027, 2, 14),
            "last": date(2027, 2, 14),
            "undecided": False,
            "origin": LIUJIANG,
            "origin_town": "",
            "destination": PINGSHAN,
            "destination_town": "",
            "employer": "",
            "party": 1,
            "status": "active",
            "created_at": MORNING,
            "changed_at": MORNING,
        }

    # ── What staff and people do ─────────────────────────────────────────────────────────────────────────────────────

    async def trip(self, sheet: Sheet = SHEET, *, published: bool = False, aboard: Sequence[int] = ()) -> int:
        """A trip with those registrations on it."""
        made = await trips.save(self.scope, self.database, self.desk, sheet)
        if aboard:
            await self.place(made, aboard)
        if published:
            await trips.publish(self.scope, self.database, self.desk, made)
        return made

    async def place(self, trip: int, registrations: Sequence[int]) -> tuple[int, ...]:
        page = await trips.show(self.scope, self.database, self.desk, trip)
        stop = page.trip.stops[0].id
        return (await seats.place(self.scope, self.database, self.desk, trip, stop, registrations)).seats

    async def edit(self, trip: int, **changes: Any) -> None:  # noqa: ANN401 - fields of the sheet
        """Saves the trip's form with those fields otherwise; `leaves` moves its first stop."""
        page = await trips.show(self.scope, self.database, self.desk, trip)
        stops = [StopSheet(one.id, one.place, one.departs_at) for one in page.trip.stops]
        if "leaves" in changes:
            stops[0] = replace(stops[0], departs_at=changes.pop("leaves"))
        if "place" in changes:
            stops[0] = replace(stops[0], place=changes.pop("place"))
        sheet = replace(SHEET, stops=tuple(stops), **changes)
        await trips.save(self.scope, self.database, self.desk, sheet, trip)

    async def answer(self, seat: int, *, coming: bool, contact: int) -> str:
        """What the person of that chat is told; a refusal's key stands as it is."""
        async with self.database.work() as work:
            asked = Asked(contact, contact, CHAT.name, AnswerSeat(seat, coming))
            (outcome,) = await boarding.answer_seats(work, self.desk, [asked])
            await work.commit()
        assert isinstance(outcome, Done | Refused)
        return outcome.key

    # ── What people are told ─────────────────────────────────────────────────────────────────────────────────────────

    async def waiting(self, *occasions: Occasion) -> list[Any]:
        """The messages that are to be sent."""
        rows = await self.all(tables.outbox)
        return [row for row in rows if row.state == "queued" and (not occasions or row.occasion in occasions)]

    async def say(self, language: str = "zh-CN") -> list[tuple[int, str]]:
        """Sends everything that waits: (contact, text), in the order of the outbox."""
        heard = []
        for row in await self.waiting():
            values = None if row.values is None else self.database.seal.open(row.values)
            telling = Telling(row.id, row.contact, row.ref, row.revision, values)
            async with self.database.look() as look:
                says = (await WORDINGS[Occasion(row.occasion)].word(look, self.desk, [telling]))[row.id]
            state = "superseded" if says is None else "sent"
            await self.change(tables.outbox, row.id, state=state)
            if says is not None:
                heard.append((row.contact, rendered(says, self.desk.catalogue(language), CHAT).text))
        return heard


async def create(url: str) -> None:
    """Makes the tables and two members of staff."""
    database = Database(url, sealer(KEYS, HASH_KEY))
    async with database.engine.begin() as connection:
        await connection.run_sync(tables.metadata.create_all)
    async with database.work() as work:
        staff = [(COUNTY_STAFF, LIUJIANG), (CITY_STAFF, LIUZHOU)]
        common = {"password": "", "role": "staff", "language": "zh-CN", "created_at": MORNING}
        rows = [{"id": one, "name": f"staff {one}", "area": area, **common} for one, area in staff]
        await work.db.execute(insert(tables.staff), rows)
        await work.commit()
    await database.close()


async def opened(url: str) -> County:
    clock = Clock()
    desk = Desk(Flows((), ()), areas(), catalogues(), {CHAT.name: CHAT}, clock, Office(LIUJIANG, "0772-7212345"))
    return County(Database(url, sealer(KEYS, HASH_KEY)), desk, clock)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
