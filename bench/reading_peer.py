"""What another library makes of the same texts; runs with nothing but that library, under a Python of its own.

`python reading_peer.py PEER` takes {"sentences", "days", "places"} as JSON, lists of [text, now], and gives back in
its last line {"median_ms", "days": [[first, last] or null], "places": [[province, city, county] or code or null]}.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

REPEATS = 3
Read = Callable[[str, datetime], Any]


def _jionlp() -> dict[str, Read]:
    jio = importlib.import_module("jionlp")

    def sentence(text: str, now: datetime) -> None:
        jio.ner.extract_time(text, time_base=now.timestamp())
        jio.extract_phone_number(text)
        jio.parse_location(text)

    def day(text: str, now: datetime) -> list[str | None] | None:
        found = jio.parse_time(text, time_base=now.timestamp())
        times = found.get("time")
        if found.get("type") not in {"time_point", "time_span"} or not isinstance(times, list):
            return None
        return [one[:10] if one[:4].isdigit() else None for one in times]

    def place(text: str, _now: datetime) -> list[str | None] | None:
        found = jio.parse_location(text)
        names = [found["province"], found["city"], found["county"]]
        return names if any(names) else None

    return {"sentences": sentence, "days": day, "places": place}


def _dateparser() -> dict[str, Read]:
    dateparser, search = importlib.import_module("dateparser"), importlib.import_module("dateparser.search")
    languages = ["zh", "en"]

    def settings(now: datetime) -> dict[str, object]:
        return {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future"}

    def day(text: str, now: datetime) -> list[str] | None:
        found = dateparser.parse(text, languages=languages, settings=settings(now))
        return [found.date().isoformat()] * 2 if found else None

    return {
        "sentences": lambda text, now: search.search_dates(text, languages=languages, settings=settings(now)),
        "days": day,
    }


def _cpca() -> dict[str, Read]:
    cpca = importlib.import_module("cpca")

    def place(text: str, _now: datetime) -> str | None:
        code = cpca.transform([text])["adcode"][0]
        return code if isinstance(code, str) else None

    return {"sentences": lambda text, _now: cpca.transform([text]), "places": place}


def _tried(read: Read, text: str, now: datetime) -> Any:  # noqa: ANN401 - what the library gives
    try:
        return read(text, now)
    except Exception:  # noqa: BLE001 - not every library says what it raises; what it can't read it has not read
        return None


def _median_ms(read: Read, texts: list[tuple[str, datetime]]) -> float:
    """The median over the texts, of each the fastest of some repeats."""
    found = []
    for text, now in texts:
        spans = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            _tried(read, text, now)
            spans.append(time.perf_counter() - started)
        found.append(min(spans))
    return median(found) * 1000


def main() -> None:
    readers = {"jionlp": _jionlp, "dateparser": _dateparser, "cpca": _cpca}[sys.argv[1]]()
    given = {
        kind: [(text, datetime.fromisoformat(now)) for text, now in texts]
        for kind, texts in json.load(sys.stdin).items()
    }
    for read in readers.values():
        _tried(read, "初八", datetime(2027, 2, 8) + timedelta(hours=9))  # noqa: DTZ001 - libraries want it naive
    found: dict[str, object] = {"median_ms": _median_ms(readers["sentences"], given["sentences"])}
    for kind in ("days", "places"):
        if kind in readers:
            found[kind] = [_tried(readers[kind], text, now) for text, now in given[kind]]
    print()
    print(json.dumps(found))


main()
