"""Logs: one JSON line an event on stderr, with ids and never with what people wrote or who they are."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import msgspec
import structlog

from texts.catalogue import PERSONAL_DIGITS

# What may stand in a log line. Anything else is left out, so that no name, phone or text of a person slips in.
IDS = frozenset({"contact", "message", "notice", "person", "registration", "row", "seat", "staff", "trip", "update"})
WORDS = frozenset(
    {"account", "area", "channel", "database", "error", "fence", "holder", "job", "lease", "method", "outcome", "port"}
    | {"reason", "role", "roles", "route", "setting", "state", "status", "topic", "url", "where"}
)
COUNTS = frozenset({"attempt", "attempts", "count", "rows"})
MEASURES = ("_seconds", "_ms", "_bytes")
FROM_STRUCTLOG = frozenset({"event", "level", "at", "logger", "exc_info", "_record", "_from_structlog"})
LONGEST = 300  # characters of one value
DEEPEST = 12  # frames of a traceback, the innermost

Event = MutableMapping[str, Any]


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Sends every log of this process, the libraries' too, to stderr (or that stream) as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso", key="at"),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, template_only],
            processors=[without_message, only_known, _line],
            use_get_message=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("fangang").setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=lambda *_names: logging.getLogger("fangang"),
        cache_logger_on_first_use=True,
    )


def only_known(_logger: object, _method: str, event: Event) -> Event:
    """Leaves out every field that is not on the list above, and says which; covers long numbers in those that are."""
    kept = {name: _covered(value) for name, value in event.items() if _known(name, value)}
    if left_out := sorted(name for name in event if name not in kept and name not in FROM_STRUCTLOG):
        kept["left_out"] = left_out
    return kept


def without_message(_logger: object, _method: str, event: Event) -> Event:
    """An exception as its type and the places it rose through: its message may quote what a person wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_types(error))
        event["where"] = _where(error)
    return event


def template_only(_logger: object, _method: str, event: Event) -> Event:
    """A library's message without what it fills in, and only its first line (asyncio puts values on the others)."""
    record = event.get("_record")
    message = record.msg if isinstance(record, logging.LogRecord) else event.get("event")
    event["event"] = str(message).partition("\n")[0]
    if isinstance(record, logging.LogRecord) and record.exc_info:
        event["exc_info"] = record.exc_info
    return event


def _known(name: str, value: object) -> bool:
    if name in {"event", "level", "at", "logger"} or name in IDS | WORDS | COUNTS:
        return True
    return name.endswith(MEASURES) and isinstance(value, int | float)


def _covered(value: object) -> object:
    match value:
        case bool() | int() | float() | None:
            return value
        case list() | tuple() | set() | frozenset():
            return [_covered(one) for one in value]
        case _:
            return PERSONAL_DIGITS.sub("…", str(value))[:LONGEST]


def _types(error: BaseException | None) -> list[str]:
    found: list[str] = []
    while error is not None and len(found) < DEEPEST:
        inner = (
            ", ".join(type(one).__name__ for one in error.exceptions) if isinstance(error, BaseExceptionGroup) else ""
        )
        found.append(f"{type(error).__name__}({inner})" if inner else type(error).__name__)
        error = error.__cause__ or error.__context__
    return found


def _where(error: BaseException) -> list[str]:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _line(_logger: object, _method: str, event: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(event)).decode()
