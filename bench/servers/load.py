"""The people who write: keep-alive connections that bring messages, all made beforehand, and time the answers."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from typing_extensions import override

from bench.servers.serving import PATH, obey, run
from bench.talk import SIGN_UP, requests

Talk = Sequence[bytes]


class Line(asyncio.Protocol):
    """One connection: brings one message after the other, each once the one before is answered.

    `at` gives each message's moment (time.monotonic()), None for at once; its latency counts from that moment.
    """

    def __init__(self, talks: deque[Talk], latencies: list[float], over: asyncio.Future[None]) -> None:
        self._talks = talks
        self._latencies = latencies
        self._over = over
        self._messages: deque[bytes] = deque()
        self._moments: deque[float] = deque()
        self._began = 0.0
        self._answer = b""
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so

    def start(self, moments: Iterable[float] = ()) -> None:
        self._moments.extend(moments)
        self._next()

    def _next(self) -> None:
        if not self._messages:
            if not self._talks:
                self._over.set_result(None)
                return
            self._messages.extend(self._talks.popleft())
        if not self._moments:
            self._write(time.monotonic())
            return
        moment = self._moments.popleft()
        wait = moment - time.monotonic()
        if wait <= 0:
            self._write(moment)
        else:
            asyncio.get_running_loop().call_later(wait, self._write, moment)

    def _write(self, moment: float) -> None:
        assert self._transport is not None
        self._began = moment
        self._transport.write(self._messages.popleft())

    @override
    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            self._fail(head.partition(b"\r\n")[0].decode())
            return
        length = head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return
        self._latencies.append(time.monotonic() - self._began)
        self._answer = b""
        self._next()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed: {exc}")

    def _fail(self, why: str) -> None:
        if not self._over.done():
            self._over.set_exception(RuntimeError(why))


async def bring(*, port: int, first: int, people: int, connections: int, messages: int, a_second: float = 0) -> object:
    """Brings so many messages of each person, on so many connections, and tells how long it took and each latency.

    As fast as they are answered, or so many a second (then there are as many people as connections).
    """
    talks = deque(requests(first + person, SIGN_UP[:messages], PATH) for person in range(people))
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    lines: list[tuple[asyncio.Transport, Line]] = []
    overs = [loop.create_future() for _ in range(connections)]
    for over in overs:
        mine = deque([talks.popleft()]) if a_second else talks
        transport, line = await loop.create_connection(
            lambda mine=mine, over=over: Line(mine, latencies, over),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        lines.append((transport, line))
    gc.collect()
    gc.disable()
    started = time.monotonic()
    for place, (_, line) in enumerate(lines):
        line.start(started + (turn * connections + place) / a_second for turn in range(messages if a_second else 0))
    await asyncio.gather(*overs)
    ended = time.monotonic()
    gc.enable()
    for transport, _ in lines:
        transport.abort()
    assert len(latencies) == people * messages
    return {"started": started, "ended": ended, "latencies": latencies}


async def _main(_settings: Mapping[str, Any]) -> None:
    await obey({}, bring=bring)


if __name__ == "__main__":
    run(_main)
