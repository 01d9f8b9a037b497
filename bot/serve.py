"""`fangang serve`: the service in one process, or the parts of it that this process shall do."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable
from enum import StrEnum

import structlog
from aiohttp import web

from bot import clock
from bot.delivery import Delivery
from bot.metrics import Health
from bot.settings import Settings, unknown_names
from bot.start import Service, opened
from console.app import console_app
from services import staff

FINISH_SECONDS = 8.0  # from the signal until what has not ended by itself is cut off; the process is gone by 10
REQUESTS_FINISH_SECONDS = 3.0

log = structlog.get_logger()


class PortTaken(Exception):  # noqa: N818 - said to the operator
    """Nobody can listen where the settings say."""


class Role(StrEnum):
    """What a process can do; by default it does all three."""

    WEB = "web"
    DELIVERY = "delivery"
    CLOCK = "clock"


ALL = frozenset(Role)


async def serve(settings: Settings, roles: frozenset[Role] = ALL, say: Callable[[str], None] = print) -> None:
    """Serves until SIGINT or SIGTERM, then finishes what is in flight and returns. `say` gets the lines for people.

    Raises WrongSetting, storage.migrate.Taken and PortTaken.
    """
    for name in unknown_names():
        log.warning("unknown_setting", setting=name)
    async with opened(settings) as service:
        stopping = asyncio.Event()
        _obey_signals(stopping)
        runner = await _listening(service) if Role.WEB in roles else None
        gc.collect()
        gc.freeze()  # the tables of places and sentences, read once, are not looked through at each collection
        try:
            await _announce(service, roles, say)
            await _run(service, roles, runner, stopping)
        finally:
            if runner is not None:
                await runner.cleanup()
    log.info("stopped")


# ── The web ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def application(service: Service) -> web.Application:
    """Every address of the service (interfaces.md, "Addresses")."""
    app = web.Application()
    app.add_routes(Health(service.database).routes())
    for channel in service.channels:
        app.add_routes(channel.routes)
    address = service.settings.address
    secure = address.startswith("https:")
    app.router.add_get("/console", _to_console)
    app.add_subapp("/console", console_app(service.database, service.desk, secure=secure, public_url=address))
    return app


async def _to_console(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/console/")


async def _listening(service: Service) -> web.AppRunner:
    runner = web.AppRunner(application(service), access_log=None, shutdown_timeout=REQUESTS_FINISH_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, service.settings.host, service.settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortTaken(str(error)) from error
    return runner


# ── Running and stopping ─────────────────────────────────────────────────────────────────────────────────────────────


async def _run(service: Service, roles: frozenset[Role], runner: web.AppRunner | None, stopping: asyncio.Event) -> None:
    """Everything that runs beside the requests. Two kinds: what ends by itself once `stopping` is set, and what waits
    on others until the last of those has ended.
    """
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(one) for one in _waiting(service)]
        working = [tasks.create_task(one) for one in _working(service, roles, stopping)]
        await stopping.wait()
        log.info("stopping")
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                for channel in service.channels:
                    await channel.hang_up()
                if runner is not None:
                    await runner.cleanup()  # no new requests; those that are there get their answers
                await asyncio.gather(*working)
                await service.turns.stop()
        except TimeoutError:
            log.warning("cut_off")
        for task in (*working, *waiting):
            task.cancel()


def _waiting(service: Service) -> Iterable[Coroutine[None, None, None]]:
    yield service.turns.run()
    yield service.database.listen()
    yield service.keep_office()
    yield service.keep_employers()


def _working(
    service: Service, roles: frozenset[Role], stopping: asyncio.Event
) -> Iterable[Coroutine[None, None, None]]:
    if Role.WEB in roles:
        yield from (run(stopping) for channel in service.channels for run in channel.runs)
    if Role.DELIVERY in roles:
        for one in service.channels:
            sender = Delivery(service.database, service.desk, service.wordings, one.channel, service.holder)
            yield sender.run(stopping)
    if Role.CLOCK in roles:
        yield clock.run(service.database, service.desk, stopping)


def _obey_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopping.set)


# ── What people are told at start ────────────────────────────────────────────────────────────────────────────────────


async def _announce(service: Service, roles: frozenset[Role], say: Callable[[str], None]) -> None:
    log.info("started", roles=sorted(roles), database=service.settings.database.get_backend_name())
    address = service.settings.address
    if Role.WEB in roles:
        say(f"工人在这里聊天 · workers chat at: {address}/chat")
        say(f"工作人员入口 · staff work at: {address}/console")
        if token := await staff.setup_token(service.database):
            say("第一次启动：用下面的链接设置第一位工作人员（只能用一次）")
            say("First start: this link sets up the first member of staff, once.")
            say(f"setup: {address}/console/setup/{token}")
    sys.stdout.flush()
