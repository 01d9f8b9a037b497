"""Logs hold ids and nothing that people wrote or that names them."""

from __future__ import annotations

import ast
import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PERSONAL = ("韦小明", "13800012345", "138 0001 2345")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    root.handlers[:], level = before[0], before[1]
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_ids(written: io.StringIO) -> None:
    structlog.get_logger().info("stored", contact=4, rows=[1, 2], wait_seconds=0.5)
    (line,) = lines(written)
    assert line.pop("at")
    assert line == {"event": "stored", "level": "info", "contact": 4, "rows": [1, 2], "wait_seconds": 0.5}


def test_a_field_that_is_not_on_the_list_is_left_out_and_named(written: io.StringIO) -> None:
    structlog.get_logger().info("stored", contact=4, name="韦小明", text="我叫韦小明", phone_seconds="13800012345")
    (line,) = lines(written)
    assert line["left_out"] == ["name", "phone_seconds", "text"]
    assert not any(one in written.getvalue() for one in PERSONAL)


def test_long_numbers_are_covered_wherever_they_stand(written: io.StringIO) -> None:
    structlog.get_logger().warning("refused 13800012345", reason="no chat 138 0001 2345 here")
    assert not any(one in written.getvalue() for one in PERSONAL)


def test_an_exception_is_told_by_its_type_and_place_only(written: io.StringIO) -> None:
    def read(text: str) -> None:
        int(text)

    try:
        try:
            read("韦小明")
        except ValueError as error:
            raise KeyError("13800012345") from error
    except KeyError:
        structlog.get_logger().exception("failed", contact=4)
    (line,) = lines(written)
    assert line["error"] == "KeyError < ValueError"
    assert isinstance(line["where"], list)
    assert not any(one in written.getvalue() for one in PERSONAL)


def test_what_libraries_log_comes_without_values(written: io.StringIO) -> None:
    logging.getLogger("aiohttp.server").error("Error handling %s", "韦小明")
    try:
        int("韦小明")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    first, second = lines(written)
    assert (first["event"], first["logger"]) == ("Error handling %s", "aiohttp.server")
    assert second["error"] == "ValueError"
    assert not any(one in written.getvalue() for one in PERSONAL)


def test_a_task_that_nobody_awaited_tells_nothing_personal(written: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError("韦小明")

    async def main() -> None:
        task = asyncio.create_task(fail())
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(main())
    assert [line["error"] for line in lines(written)] == ["ValueError"]
    assert "韦小明" not in written.getvalue()


def fields_logged() -> Iterator[tuple[str, str]]:
    """Every field that some file of ours hands to a log, and where."""
    for folder in ("bot", "console", "services", "storage"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "_log"), attr=level)) if level in LEVELS:
                        for keyword in node.keywords:
                            yield keyword.arg or "", f"{file.relative_to(ROOT)}:{node.lineno}"


def test_every_field_that_our_own_files_log_is_on_the_list() -> None:
    known = logs.IDS | logs.WORDS | logs.COUNTS
    unknown = [(name, at) for name, at in fields_logged() if name not in known and not name.endswith(logs.MEASURES)]
    assert unknown == []
