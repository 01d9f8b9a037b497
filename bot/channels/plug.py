"""How a channel joins the service: each folder of bot/channels has a plug.py, found at start."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot import channels
from bot.channels.channel import Channel
from bot.settings import Settings
from domain.messages import Message
from services.converse import Turned
from services.desk import Desk
from storage.database import Database

Take = Callable[[Message], Awaitable[Turned]]
"""Stores a message and all that it changes; returns once that is committed."""

Run = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""Something that runs in the web role until the event is set."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """What a channel finds here. `holder` names this process among all that share the database."""

    settings: Settings
    database: Database
    desk: Desk
    take: Take
    holder: str


async def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Plugged:
    """A channel that is switched on: the side that sends, and for the web role its addresses and what it runs.

    `hang_up` ends what would keep the server from stopping (streams).
    """

    channel: Channel
    routes: Sequence[web.AbstractRouteDef] = ()
    runs: Sequence[Run] = ()
    hang_up: Callable[[], Awaitable[None]] = _nothing


def plug_all(sockets: Sockets) -> tuple[Plugged, ...]:
    """Every channel that is switched on. Each plug.py has `plug(sockets) -> Plugged | None`, None where it is not.
    Raises AttributeError or ModuleNotFoundError for a folder without, ValueError for two channels of one name.
    """
    found: list[Plugged] = []
    for folder in pkgutil.iter_modules(channels.__path__, "bot.channels."):
        if folder.ispkg:
            plugged: Plugged | None = importlib.import_module(f"{folder.name}.plug").plug(sockets)
            found += [plugged] if plugged else []
    names = [one.channel.traits.name for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two channels of one name: {sorted(twice)}")
    return tuple(found)
