"""An office with its console: a city and one of its counties, a few people who want to travel, and browsers."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from sqlalchemy import Table, insert, select

from bot.tables import load_areas, load_catalogues
from domain.channels import Traits
from domain.days import SHANGHAI, Window
from domain.office import Office
from domain.people import Identity, Name, Phone
from domain.places import Areas, Place
from domain.registrations import Direction, Wish
from domain.scope import Scope
from domain.sheets import Sheet, StopSheet
from domain.staff import Role
from domain.trips import Mode
from flows.registry import Flows
from services import staff, trips
from services.desk import Desk
from services.passwords import Passwords
from storage import people, registrations, tables
from storage.database import Database
from storage.sealing import sealer
from texts.catalogue import Catalogue

KEYS = [Fernet.generate_key().decode()]
HASH_KEY = "the hash key of these tests, long enough"
MORNING = datetime(2027, 2, 10, 9, 30, tzinfo=SHANGHAI)  # 正月初五
LEAVES = datetime(2027, 2, 14, 7, 30, tzinfo=SHANGHAI)  # 正月初九
NINTH = date(2027, 2, 14)
REGION, LIUZHOU, LIUJIANG, LIUCHENG = "450000", "450200", "450206", "450222"
PINGSHAN, DONGGUAN = "440310", "441900"
CITY, COUNTY, OTHER_COUNTY, PROVINCE = "覃晓梅", "韦柳江", "莫柳城", "黄自治"
PASSWORD = "初九一早去深圳坪山"

AREAS_OF: Mapping[str, str] = {CITY: LIUZHOU, COUNTY: LIUJIANG, OTHER_COUNTY: LIUCHENG, PROVINCE: REGION}

SHEET = Sheet(
    area=LIUJIANG,
    mode=Mode.COACH,
    vehicle="桂B·12345",
    seats=40,
    cap=100,
    stops=(StopSheet(0, "柳江汽车站 2 号门", LEAVES),),
    destination=Place(PINGSHAN),
    arrival="比亚迪 1 号门",
    escort_name="覃师傅",
    escort_phone="13800000001",
)


@lru_cache(maxsize=1)
def areas() -> Areas:
    return load_areas()


def cheap() -> Passwords:
    """Passwords that cost next to nothing."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(slots=True)
class Clock:
    """A clock that goes only when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@lru_cache(maxsize=2)
def catalogues(home: str) -> Mapping[str, Catalogue]:
    return load_catalogues(areas(), home)


def new_desk(clock: Clock, home: str = LIUZHOU) -> Desk:
    web = Traits(name="web", length=2000, buttons=True)
    return Desk(Flows((), ()), areas(), catalogues(home), {"web": web}, clock, Office(home))


@dataclass(slots=True)
class House:
    """The service behind the console."""

    database: Database
    desk: Desk
    clock: Clock
    passwords: Passwords = field(default_factory=cheap)

    async def hire(self) -> None:
        """Staff of the city, of two counties, and of the region."""
        for name, area in AREAS_OF.items():
            role = Role.REGION if area == REGION else None
            new = staff.Newcomer(name, PASSWORD, area, role)
            await staff.add(self.database, self.desk.areas, self.passwords, new, self.desk.now())

    async def sign_up(
        self, name: str = "韦小明", phone: str = "13800012345", origin: str = LIUJIANG, **more: object
    ) -> int:
        """A registration with a chat; returns its id. `more`: window, destination, employer, party, number, at,
        identity.
        """
        now = more.get("at", self.desk.now())
        assert isinstance(now, datetime)
        who = people.Who(Name(name), Phone(phone), Identity(str(more["identity"])) if "identity" in more else None)
        window, destination = more.get("window", Window(NINTH, NINTH)), more.get("destination", PINGSHAN)
        employer, party = more.get("employer", "比亚迪"), more.get("party", 1)
        assert isinstance(window, Window)
        assert isinstance(party, int)
        wish = Wish(
            Direction.WORK, window, Place(origin), Place(str(destination)), str(employer), who.name, who.phone, party
        )
        async with self.database.work() as work:
            person = (await people.keep(work, [who], now))[who]
            chat = {"channel": "web", "address": f"{name}{phone}{origin}", "person": person, "language": "zh-CN"}
            contact = await work.db.scalar(
                insert(tables.contacts).values(**chat, created_at=now).returning(tables.contacts.c.id)
            )
            count = len((await work.db.execute(select(tables.registrations.c.id))).all())
            row = registrations.columns(wish) | {
                "number": more.get("number", f"LJ-{count + 1:06}"),
                "person": person,
                "contact": contact,
                "channel": "web",
                "area": origin,
                "status": "active",
                "created_at": now,
                "changed_at": now,
            }
            made = await work.db.scalar(insert(tables.registrations).values(row).returning(tables.registrations.c.id))
            await work.commit()
        return int(made or 0)

    async def trip(self, sheet: Sheet = SHEET, *, published: bool = False) -> int:
        scope = Scope(LIUZHOU, 1)
        made = await trips.save(scope, self.database, self.desk, sheet)
        if published:
            await trips.publish(scope, self.database, self.desk, made)
        return made

    async def rows(self, table: Table) -> list[dict[str, object]]:
        async with self.database.look() as look:
            found = await look.db.execute(select(table).order_by(*table.primary_key.columns))
            return [dict(row) for row in found.mappings()]

    async def row(self, table: Table, number: int) -> dict[str, object]:
        return next(row for row in await self.rows(table) if row["id"] == number)


@dataclass(slots=True)
class Page:
    """An answer with its text."""

    status: int
    text: str
    at: str
    response: ClientResponse

    def field(self, name: str) -> str:
        """What stands in the control of that name."""
        found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', self.text)
        if found is None:
            found = re.search(rf'<textarea[^>]*\bname="{re.escape(name)}"[^>]*>([^<]*)</textarea>', self.text)
        if found is None:
            select_ = re.search(rf'<select[^>]*\bname="{re.escape(name)}"[^>]*>(.*?)</select>', self.text, re.DOTALL)
            assert select_ is not None, f"no field {name}"
            found = re.search(r'<option value="([^"]*)" selected', select_[1])
        return html.unescape(found[1]) if found else ""

    def fault(self, name: str) -> str:
        """What is said to be wrong beside that field, "" for nothing."""
        found = re.search(rf'id="{re.escape(name)}-fault"[^>]*>([^<]*)<', self.text)
        return html.unescape(found[1]) if found else ""


@dataclass(slots=True)
class Browser:
    """A browser that keeps cookies and sends the token of the page it has seen last."""

    client: TestClient  # type: ignore[type-arg]  # its parameters changed between aiohttp's versions
    csrf: str = ""

    async def get(self, path: str, *, htmx: bool = False) -> Page:
        headers = {"HX-Request": "true"} if htmx else {}
        return await self._seen(await self.client.get(f"/console{path}", headers=headers, allow_redirects=False))

    async def post(self, path: str, data: Mapping[str, str] | None = None, *, csrf: str | None = None) -> Page:
        """A form that was filled in; `csrf` in place of the right token."""
        form = {"csrf": self.csrf if csrf is None else csrf, **(data or {})}
        return await self._seen(await self.client.post(f"/console{path}", data=form, allow_redirects=False))

    async def send(self, path: str, data: Mapping[str, str] | None = None) -> Page:
        """A form, and the page that it leads on to."""
        page = await self.post(path, data)
        assert page.status == 303, (page.status, re.findall(r'(?:fault|wrong)"[^>]*>([^<]*)', page.text))
        return await self.get(page.at.removeprefix("/console"))

    async def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        await self.get("/sign-in")
        return await self.post("/sign-in", {"name": name, "password": password})

    async def _seen(self, response: ClientResponse) -> Page:
        text = await response.text()
        if found := re.search(r'name="csrf" value="([^"]+)"', text):
            self.csrf = found[1]
        return Page(response.status, text, response.headers.get("Location", ""), response)


async def create(url: str) -> None:
    """Makes the tables."""
    database = Database(url, sealer(KEYS, HASH_KEY))
    async with database.engine.begin() as connection:
        await connection.run_sync(tables.metadata.create_all)
    await database.close()


async def staff_up(url: str) -> None:
    """Makes the tables and hires."""
    await create(url)
    database = Database(url, sealer(KEYS, HASH_KEY))
    clock = Clock()
    await House(database, new_desk(clock, ""), clock).hire()
    await database.close()
