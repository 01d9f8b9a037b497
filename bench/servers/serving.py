"""What every process of the benchmark does alike: an event loop, a web server where it has one, orders from outside."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

try:
    import uvloop

    new_loop: Callable[[], asyncio.AbstractEventLoop] | None = uvloop.new_event_loop
except ImportError:
    new_loop = None

PATH = "/hooks/telegram"

Order = Callable[..., Awaitable[object]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def run(main: Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]) -> None:
    """Runs that with the settings of the command line."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main(json.loads(sys.argv[1])))


async def listen(handler: Handler) -> int:
    """Answers POST /hooks/telegram on a free port of this machine until the process ends; returns the port."""
    application = web.Application()
    application.router.add_post(PATH, handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    port: int = runner.addresses[0][1]
    return port


async def obey(ready: Mapping[str, object], **orders: Order) -> None:
    """Says that it is ready, then carries out orders, one at a time, until there is nobody to give any."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    gc.collect()
    gc.freeze()  # the tables of places and sentences, read once, are not looked through again and again: so for all
    _say(ready)
    while line := await reader.readline():
        order, values = json.loads(line)
        _say(await (memory if order == "memory" else orders[order])(**values))


async def memory() -> int:
    """What this process holds in memory, in bytes."""
    gc.collect()
    return _resident_pages() * os.sysconf("SC_PAGESIZE")


def _resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)
