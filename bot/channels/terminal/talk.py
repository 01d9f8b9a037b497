"""`fangang chat`: the conversation in a terminal, on the same tables and through the same turns as everywhere."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from bot.channels.terminal.traits import TERMINAL
from bot.delivery import Delivery
from bot.settings import Settings
from bot.start import Service, opened
from domain.messages import Message, Text
from flows.registry import Flows
from services import mailbox
from storage.database import Database
from storage.settings import put, values
from texts.render import Rendered

ANSWER = "> "
PUSHED_WITHIN = 2.0  # seconds that a prompt waits for what is on its way to this person
LOOK_AGAIN = 0.02

Say = Callable[[str], None]


async def talk(settings: Settings, person: str, lines: TextIO, say: Say) -> None:
    """Reads lines until their end and says the answers. `person` is an address on this channel, "" for a new one.
    Raises what `opened` raises.
    """
    async with opened(settings) as service, asyncio.TaskGroup() as tasks:
        stopping = asyncio.Event()
        traits = next(one.channel for one in service.channels if one.channel.traits is TERMINAL)
        sender = Delivery(service.database, service.desk, service.wordings, traits, service.holder)
        waiting = [
            tasks.create_task(one)
            for one in (
                service.turns.run(),
                service.database.listen(),
                service.keep_office(),
                service.keep_employers(),
            )
        ]
        sending = tasks.create_task(sender.run(stopping))
        chat = _Chat(service, person or secrets.token_hex(8), say)
        try:
            await chat.converse(lines, remembers=bool(person))
        finally:
            stopping.set()
            await sending
            for task in waiting:
                task.cancel()


class _Chat:
    """One person's conversation, as far as it has been shown."""

    def __init__(self, service: Service, address: str, say: Say) -> None:
        self._service = service
        self._address = address
        self._say = say
        self._contact: int | None = None
        self._shown: set[int] = set()

    async def converse(self, lines: TextIO, *, remembers: bool) -> None:
        await self._remember()
        typed = _typed(lines, asyncio.get_running_loop())
        session = secrets.token_hex(8)
        number = 0
        while True:
            await self._show()
            if lines.isatty():
                print("< ", end="", flush=True)  # noqa: T201 - the prompt, for a person at a keyboard only
            line = await typed.get()
            if line is None:
                break
            number += 1
            said = Text(line.rstrip("\r\n"))
            message = Message(TERMINAL.name, self._address, f"{session}:{number}", said, self._service.desk.now())
            self._contact = (await self._service.turns.take(message)).contact
        if remembers and self._contact is not None:
            await self._keep_shown(self._contact)

    async def _show(self) -> None:
        """Says what has been said to this person and not been shown, once nothing more is on its way."""
        if self._contact is None:
            return
        database, now = self._service.database, self._service.desk.now
        with suppress(TimeoutError):
            async with asyncio.timeout(PUSHED_WITHIN):
                while await mailbox.on_its_way(database, self._contact, now()):  # noqa: ASYNC110 - told by no event
                    await asyncio.sleep(LOOK_AGAIN)
        for one in await mailbox.mail(database, self._contact, self._shown):
            self._shown.add(one.row)
            for line in printed(one.message, self._service.desk.flows):
                self._say(line)

    # ── Somebody who comes back ──────────────────────────────────────────────────────────────────────────────────────

    async def _remember(self) -> None:
        """What this person saw when they were last here; what they were told meanwhile is then shown first."""
        database = self._service.database
        self._contact = await mailbox.contact_at(database, TERMINAL.name, self._address)
        if self._contact is None:
            return
        shown = await _kept(database, self._contact)
        if shown is None:
            shown = {one.row for one in await mailbox.mail(database, self._contact)}
        self._shown = shown

    async def _keep_shown(self, contact: int) -> None:
        rows = sorted(self._shown)[-mailbox.MOST :]
        async with self._service.database.work() as work:
            await put(work, _name(contact), " ".join(map(str, rows)))
            await work.commit()


async def _kept(database: Database, contact: int) -> set[int] | None:
    async with database.look() as look:
        rows = (await values(look)).get(_name(contact))
    return None if rows is None else {int(row) for row in rows.split()}


def _name(contact: int) -> str:
    return f"terminal_shown:{contact}"


def printed(message: Rendered, flows: Flows) -> list[str]:
    """A message as lines: each of its own behind "> ", and below them the choices behind the number that chooses it.

    Under a notice that came in the middle of a form a number means the form: there only the words are shown.
    """
    lines = [f"{ANSWER}{line}" for line in message.text.split("\n")]
    form = any(data.startswith("p.") for _label, data in message.buttons)
    return lines + [f"[{_number(data, flows, form=form) or ' '}] {label}" for label, data in message.buttons]


def _number(data: str, flows: Flows, *, form: bool) -> int:
    kind, _, rest = data.partition(".")
    name, _, place = rest.partition(".")
    if kind == "p":
        return int(place) + 1
    action = flows.action(name)
    return action.number if action is not None and not form else 0


def _typed(lines: TextIO, loop: asyncio.AbstractEventLoop) -> asyncio.Queue[str | None]:
    """The lines as they are typed, None at their end. A thread of its own, which nothing waits for, reads them."""
    typed: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop is closed already: nobody wants them any more
            for line in iter(lines.readline, ""):
                loop.call_soon_threadsafe(typed.put_nowait, line)
            loop.call_soon_threadsafe(typed.put_nowait, None)

    threading.Thread(target=read, name="typed", daemon=True).start()
    return typed
