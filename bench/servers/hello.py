"""The same web server with nothing behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bench.servers.serving import listen, obey, run


async def _hello(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="hello")


async def _main(_settings: Mapping[str, Any]) -> None:
    await obey({"port": await listen(_hello)})


if __name__ == "__main__":
    run(_main)
