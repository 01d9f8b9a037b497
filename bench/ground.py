"""What the parts stand on: a folder on the disk, databases of both kinds, and processes that are told what to do."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from bench.seeds import seed
from tests.support import postgres
from tests.support.databases import Databases, PostgresDatabases, SqliteFiles

ANSWER_WITHIN = 600.0  # seconds; the longest round of the slowest peer takes a tenth of that
STOP_WITHIN = 10.0
LONGEST_LINE = 64 << 20  # bytes of one answer of a process


class Process:
    """A process of bench/servers. It says once where it listens, and answers each order with a line of JSON."""

    def __init__(self, module: str, process: asyncio.subprocess.Process) -> None:
        self._module = module
        self._process = process
        self.ready: dict[str, Any] = {}

    async def ask(self, order: str, **values: object) -> Any:  # noqa: ANN401 - JSON
        """What that process answers."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([order, values]).encode() + b"\n")
        return await self.hear()

    async def hear(self) -> Any:  # noqa: ANN401 - JSON
        """The next line that it says."""
        assert self._process.stdout is not None
        async with asyncio.timeout(ANSWER_WITHIN):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} has ended")
        return json.loads(line)

    async def stop(self) -> None:
        """Ends it: it stops when nobody can give it orders any more."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Ground:
    """The ground of one part; its processes end with it, the databases stay for the next."""

    def __init__(self, folder: Path, databases: Mapping[str, Databases], *, quick: bool) -> None:
        self.folder = folder
        self.databases = databases
        self.quick = quick
        self._stack = AsyncExitStack()

    def rounds(self, wanted: int) -> int:
        """How many rounds to take."""
        return 1 if self.quick else wanted

    def size(self, wanted: int, quick: int) -> int:
        """How many of something to take."""
        return quick if self.quick else wanted

    async def process(self, module: str, **settings: object) -> Process:
        """Starts `python -m bench.servers.MODULE` with those settings and waits until it is ready."""
        command = [sys.executable, "-m", f"bench.servers.{module}", json.dumps(settings)]
        pipe = asyncio.subprocess.PIPE
        started = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=LONGEST_LINE)
        process = Process(module, started)
        self._stack.push_async_callback(process.stop)
        process.ready = await process.hear()
        return process

    async def seeded(self, count: int) -> dict[str, str]:
        """A database of each kind in which so many people are registered: its kind → its URL, to be copied."""
        names = list(self.databases)
        kinds = [self.databases[name].template(f"{count}", lambda url: seed(url, count)) for name in names]
        return dict(zip(names, await asyncio.gather(*kinds), strict=True))

    def note(self, what: str) -> None:
        """Says how far it is."""
        print(what, file=sys.stderr, flush=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._stack.aclose()


@contextmanager
def databases() -> Iterator[tuple[Path, Mapping[str, Databases]]]:
    """A folder on the disk, and where databases come from. Where PostgreSQL can't run, that is said."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fangang-bench-")))
        kinds: dict[str, Databases] = {"sqlite": SqliteFiles(folder)}
        try:
            kinds["postgres"] = PostgresDatabases(stack.enter_context(postgres.running(durable=True)))
        except pytest.skip.Exception as reason:
            print(f"without PostgreSQL: {reason}", file=sys.stderr)
        yield folder, kinds
