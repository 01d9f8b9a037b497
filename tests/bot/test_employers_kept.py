"""Every process has the list of employers at hand: from its start on, and anew when staff change it anywhere."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot import start
from bot.settings import Settings
from bot.start import Service
from domain.employers import EmployerSheet
from domain.scope import Scope
from services import employers
from tests.support.databases import Databases

CITY = Scope("450200", 1)
WITHIN = 60.0  # seconds; it takes hardly one where a bell rings


def _settings(url: str, folder: Path) -> Settings:
    return Settings(_env_file=None, database_url=url, data_dir=folder, area="450200")


async def _has(service: Service, name: str) -> None:
    async with asyncio.timeout(WITHIN):
        while service.desk.employers.get(name) is None:  # noqa: ASYNC110 - nothing rings once it is there
            await asyncio.sleep(0.02)


async def test_list_is_there_at_start_and_follows_what_staff_change(databases: Databases, tmp_path: Path) -> None:
    url = await databases.fresh()
    settings = _settings(url, tmp_path)
    async with start.opened(settings) as first:
        await employers.add(CITY, first.database, first.desk, EmployerSheet("富士康"))
    async with AsyncExitStack() as stack:
        count = 1 if first.database.sqlite else 2  # SQLite serves one process
        services = [await stack.enter_async_context(start.opened(settings)) for _ in range(count)]
        assert all(one.desk.employers.get("富士康") for one in services)
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(run) for one in services for run in (one.keep_employers(), one.database.listen())
            ]
            await employers.add(CITY, services[0].database, services[0].desk, EmployerSheet("比亚迪"))
            for one in services:
                await _has(one, "比亚迪")
            for task in running:
                task.cancel()
    await databases.drop(url)


async def test_list_is_looked_at_again_though_nothing_rang(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "RELOAD_SECONDS", 0.05)
    url = await databases.fresh()
    async with start.opened(_settings(url, tmp_path)) as service:
        monkeypatch.setattr(service.database.wakes, "ring", lambda _topics: None)
        keeping = asyncio.create_task(service.keep_employers())
        await employers.add(CITY, service.database, service.desk, EmployerSheet("比亚迪"))
        await _has(service, "比亚迪")
        keeping.cancel()
    await databases.drop(url)
