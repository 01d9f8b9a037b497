"""`fangang` as a process: started, asked, stopped, started again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READY_WITHIN = 30.0
STOPPED_WITHIN = 10.0  # seconds; what a supervisor waits before it kills


@dataclass
class Machine:
    """A folder with nothing in it, where the command is run."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Compiled once for all of these tests, also where nothing may be written beside the sources."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("FANGANG_") and name != "PYTHONDONTWRITEBYTECODE"
        }
        ours = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(self.folder.parent / "compiled")}
        return {**kept, **ours, "FANGANG_NOW": "2027-02-08T09:00", **self.settings}

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(),
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @contextmanager
    def serving(self, *words: str) -> Iterator[Served]:
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", *words],
            cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            served = Served(process, self.settings["FANGANG_PORT"])
            try:
                yield served
            finally:
                process.kill()


@dataclass
class Served:
    """A running service."""

    process: subprocess.Popen[str]
    port: str

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while self.status("/readyz") != 200:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "not ready in time"
            time.sleep(0.05)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return int(response.status)
        except OSError:
            return 0

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Its exit code and what it wrote."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=STOPPED_WITHIN)
        return self.process.returncode, out, err


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Machine(tmp_path, {"FANGANG_PORT": str(port), "FANGANG_AREA": "450206"})


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_the_first_start_prints_where_to_go_and_stops_cleanly(machine: Machine, by: signal.Signals) -> None:
    with machine.serving() as served:
        served.wait_until_ready()
        assert [served.status(path) for path in ("/", "/chat", "/healthz", "/metrics")] == [200] * 4
        code, out, err = served.stop(by)
    assert code == 0
    assert "Traceback" not in err
    base = f"http://127.0.0.1:{served.port}"
    assert f"{base}/chat" in out
    assert f"{base}/console" in out
    assert re.search(rf"^setup: {base}/console/setup/\S+$", out, re.MULTILINE)
    assert {json.loads(line)["event"] for line in err.splitlines()} >= {"started", "stopping", "stopped"}


def test_a_page_that_listens_does_not_hold_up_the_stop(machine: Machine) -> None:
    with machine.serving() as served:
        served.wait_until_ready()

        async def listen() -> None:
            from aiohttp import ClientSession, CookieJar  # noqa: PLC0415 - only this test is a browser

            base = f"http://127.0.0.1:{served.port}"
            async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
                await browser.get(f"{base}/chat")
                await browser.post(f"{base}/chat/messages", json={"id": "message-1", "text": "你好"})
                async with browser.get(f"{base}/chat/events") as stream:
                    await stream.content.readline()
                    served.process.send_signal(signal.SIGTERM)
                    await asyncio.wait_for(stream.content.read(), STOPPED_WITHIN)

        asyncio.run(listen())
        out, err = served.process.communicate(timeout=STOPPED_WITHIN)
    assert served.process.returncode == 0, out
    assert "Traceback" not in err


def test_a_second_start_goes_on_where_the_first_stopped(machine: Machine) -> None:
    added = machine.run("staff", "add", "李", "--area", "450206", "--role", "county", "--password-stdin",
                        typed="a long password\n")  # fmt: skip
    assert added.returncode == 0, added.stderr
    for _ in range(2):
        with machine.serving() as served:
            served.wait_until_ready()
            code, out, _err = served.stop()
        assert code == 0
        assert "setup:" not in out


def test_a_second_process_on_sqlite_is_refused_with_its_reason(machine: Machine) -> None:
    with machine.serving() as served:
        served.wait_until_ready()
        for words in (["serve"], ["chat"]):
            refused = machine.run(*words)
            assert refused.returncode == 3
            assert f"is in use by process {served.process.pid}: SQLite serves one process" in refused.stderr
            assert "Traceback" not in refused.stderr
        assert served.status("/readyz") == 200


def test_staff_can_be_added_beside_a_running_service(machine: Machine) -> None:
    with machine.serving() as served:
        served.wait_until_ready()
        words = ("staff", "add", "李", "--area", "450206", "--role", "county", "--password-stdin")
        assert machine.run(*words, typed="a long password\n").returncode == 0


def test_several_processes_share_one_postgres(machine: Machine, postgres_url: str) -> None:
    machine.settings |= {"FANGANG_DATABASE_URL": postgres_url}
    with machine.serving("--only", "web") as web, machine.serving("--only", "delivery,clock") as other:
        web.wait_until_ready()
        assert other.process.poll() is None
        assert web.stop()[0] == 0
        code, out, err = other.stop()
    assert (code, out) == (0, "")
    assert "Traceback" not in err


def test_a_wrong_setting_stops_the_start(machine: Machine) -> None:
    machine.settings["FANGANG_PORT"] = "many"
    stopped = machine.run("serve")
    assert stopped.returncode == 2
    assert stopped.stderr == "FANGANG_PORT: 'many' was given, wanted is a port, 1 to 65535\n"


def test_an_area_that_does_not_exist_stops_the_start(machine: Machine) -> None:
    machine.settings["FANGANG_AREA"] = "999999"
    stopped = machine.run("serve")
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("FANGANG_AREA: '999999' was given, wanted is the code of an area")


def test_other_keys_than_those_of_the_database_stop_the_start(machine: Machine) -> None:
    assert machine.run("chat", typed="你好\n").returncode == 0
    (machine.folder / "data" / "keys").unlink()
    stopped = machine.run("serve")
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("FANGANG_KEYS: another key was given")


def test_a_port_that_is_taken_is_said_in_one_line(machine: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(machine.settings["FANGANG_PORT"])))
        taken.listen()
        stopped = machine.run("serve")
    assert stopped.returncode == 3
    assert stopped.stderr.splitlines()[-1].startswith("FANGANG_PORT:")
    assert "Traceback" not in stopped.stderr
