"""Starting: everything that any part of the service needs, opened in order and let go of again."""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.channels.plug import Plugged, Sockets, plug_all
from bot.channels.terminal.traits import TERMINAL
from bot.settings import Settings, WrongSetting, clock
from bot.tables import load_areas, load_catalogues
from bot.turns import Turns
from domain.notices import Occasion
from domain.office import Office
from flows.answers.gazetteer import gazetteer
from flows.answers.misspelt import sounds
from flows.engine import found_in
from flows.flow import Context
from flows.registry import load as load_flows
from services import employers as employer_lists
from services import keys, occasions
from services import office as offices
from services.desk import DEFAULT_LANGUAGE, Desk
from services.occasions import Wording
from storage.database import Database
from storage.employers import EMPLOYERS
from storage.migrate import Alone, migrate
from storage.settings import SETTINGS

RELOAD_SECONDS = 5.0  # settings are read again this often though nothing rang (`staff add` beside a SQLite service)


@dataclass(frozen=True, slots=True)
class Service:
    """A process of the service, opened: its tables, its desk, its turns, and the channels that are switched on.

    `holder` names the process among all that share the database.
    """

    settings: Settings
    database: Database
    desk: Desk
    turns: Turns
    channels: tuple[Plugged, ...]
    wordings: dict[Occasion, Wording]
    holder: str
    employers: employer_lists.Stamp  # of the list of employers as it was read at start

    async def keep_office(self) -> None:
        """Takes over what staff change in the settings, in whichever process they do; until cancelled."""
        async with self.database.wakes.listen(SETTINGS) as bell:
            while True:
                await bell.wait(RELOAD_SECONDS)
                office = _office(self.settings, await offices.office(self.database))
                if office != self.desk.office:
                    self.desk.settle(office)

    async def keep_employers(self) -> None:
        """Takes over what staff change in the list of employers, in whichever process they do; until cancelled."""
        stamp = self.employers
        async with self.database.wakes.listen(EMPLOYERS) as bell:
            while True:
                await bell.wait(RELOAD_SECONDS)
                stamp = await employer_lists.reload(self.database, self.desk, stamp)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Service]:
    """The service, ready to be run. Raises WrongSetting, storage.migrate.Taken, and what a database raises that
    can't be reached.
    """
    areas = load_areas()
    sounds(gazetteer(areas))  # the names take half a second to index: here, and not in the first person's turn
    if settings.area and settings.area not in areas:
        raise WrongSetting.of("FANGANG_AREA", repr(settings.area), "the code of an area in areas.tsv")
    database = Database(settings.database.render_as_string(hide_password=False), settings.sealer())
    with Alone(database):
        try:
            await migrate(database)
            await _check_keys(database)
            office = _office(settings, await offices.office(database))
            catalogues = load_catalogues(areas, office.area)
            desk = Desk(load_flows(), areas, catalogues, {}, clock(settings), office)
            _read_once(desk)
            stamp = await employer_lists.load(database, desk)
            turns = Turns(database, desk)
            holder = f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
            channels = plug_all(Sockets(settings, database, desk, turns.take, holder))
            desk.traits = {one.channel.traits.name: one.channel.traits for one in channels}
            try:
                yield Service(settings, database, desk, turns, channels, occasions.load(), holder, stamp)
            finally:
                for one in channels:
                    await one.channel.close()
        finally:
            await asyncio.shield(database.close())


async def _check_keys(database: Database) -> None:
    try:
        await keys.check(database)
    except keys.WrongKeys as wrong:
        wanted = "the key that this database was begun with (perhaps a file in another data folder)"
        raise WrongSetting.of(wrong.setting, "another key", wanted) from None


def _read_once(desk: Desk) -> None:
    """The readers load what they need with the first sentence: here, and not in the first person's turn."""
    context = Context(desk.now(), desk.office, desk.areas, desk.catalogue(DEFAULT_LANGUAGE), TERMINAL, token="")
    found_in(desk.flows.front, "我叫韦小明13800012345，初八两个人从柳江去深圳坪山比亚迪", context)


def _office(settings: Settings, stored: Office) -> Office:
    """The office as it is set in the console; FANGANG_AREA goes before what was chosen at the first sign-in."""
    return dataclasses.replace(stored, area=settings.area) if settings.area else stored
