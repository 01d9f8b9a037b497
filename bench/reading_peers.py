"""The libraries that read days and places too: installed apart, asked the same, marked by the same case files."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bot.understanding import Case
from domain.places import Areas

PEERS = {
    "jionlp": ("jionlp==1.5.31",),
    "dateparser": ("dateparser==1.5.0",),
    "cpca": ("cpca==0.5.5", "setuptools<81"),  # it asks pkg_resources for its table, and later ones have none
}
FOLDER = Path(__file__).parents[1] / "build" / "bench-peers"
_PYTHON = FOLDER / "bin" / "python"
_SCRIPT = Path(__file__).with_name("reading_peer.py")
INSTALL_WITHIN, ANSWER_WITHIN = 180, 120  # seconds
STARTS = 5

Texts = Sequence[tuple[str, str]]  # the text, and the moment at which it is said


def installed() -> Iterator[str]:
    """The peers that can be asked. One that can't be installed or started (without a network, say) is said."""
    for name, wanted in PEERS.items():
        try:
            if not _PYTHON.exists():
                _run(
                    [sys.executable, "-m", "uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)]
                )
            _run([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(_PYTHON), *wanted])
            _run([str(_PYTHON), "-c", f"import {name}"])
        except (subprocess.SubprocessError, OSError) as error:
            print(f"without {name}: {type(error).__name__}", file=sys.stderr)
        else:
            yield name


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, timeout=INSTALL_WITHIN, capture_output=True)


def asked(name: str, sentences: Texts, days: Texts, places: Texts) -> dict[str, Any]:
    """What that peer makes of the texts (bench/reading_peer.py says how it looks)."""
    given = json.dumps({"sentences": sentences, "days": days, "places": places})
    command = [str(_PYTHON), str(_SCRIPT), name]
    ran = subprocess.run(command, input=given, text=True, timeout=ANSWER_WITHIN, capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return answer


def import_s(statement: str, python: str = str(_PYTHON)) -> float:
    """Seconds that a fresh process takes for that statement beyond an empty one: medians of some starts of each."""

    def started(code: str) -> float:
        at = time.perf_counter()
        subprocess.run([python, "-c", code], check=True, capture_output=True)
        return time.perf_counter() - at

    started(statement)  # whoever comes first writes the .pyc files
    spans = [(started(statement), started("pass")) for _ in range(STARTS)]
    return median(full for full, _ in spans) - median(empty for _, empty in spans)


def share_of_days(cases: Sequence[Case], found: Sequence[Sequence[str | None] | None]) -> float:
    """The share of the rows of travel_dates.tsv in which a peer names the days that the row names.

    Kindly: an end that the row leaves open is not looked at, of a day that has gone only the first, and where there is
    no day (or any will do) saying nothing is right. Where several are meant, naming one is wrong: nobody would ask.
    """
    return _share(cases, found, _right_days)


def _right_days(case: Case, found: Sequence[str | None] | None) -> bool:
    outcome, first, last = (case.expected[name] for name in ("outcome", "first", "last"))
    if outcome in {"none", "any"}:
        return found is None
    if outcome == "ask" or found is None:
        return False
    return all(one == wanted for one, wanted in zip(found, (first, last), strict=True) if wanted is not None)


def share_of_places(cases: Sequence[Case], found: Sequence[Any], areas: Areas) -> float:
    """The share of the rows of places.tsv in which a peer names that area; of a town the area above it is enough."""
    return _share(cases, [_code(one, areas) for one in found], _right_place)


def _right_place(case: Case, found: str | None) -> bool:
    if case.expected["outcome"] == "none":
        return found is None
    return case.expected["outcome"] == "area" and found == str(case.expected["area"]).partition("/")[0]


def _code(found: str | Sequence[str | None] | None, areas: Areas) -> str | None:
    """The code of the last of these names: province, city, county."""
    if found is None or isinstance(found, str):
        return found
    names = [name for name in found if name]
    bearing = [area.code for area in areas.all() if area.name == names[-1]]
    return next((code for code in bearing if areas.path(code)[0].name == names[0]), None)


def _share(cases: Sequence[Case], found: Sequence[Any], right: Callable[[Case, Any], bool]) -> float:
    return sum(right(case, one) for case, one in zip(cases, found, strict=True)) / len(cases)


def figures_of(name: str, cases: Mapping[str, Sequence[Case]], areas: Areas) -> dict[str, Sequence[float]]:
    """Everything that is told of one peer: figure → its one round. `cases` are the sentences, days and places."""
    texts = {kind: [(case.text, f"{case.given.now:%Y-%m-%dT%H:%M}") for case in some] for kind, some in cases.items()}
    answer = asked(name, **texts)
    found: dict[str, Sequence[float]] = {
        f"{name}_import_s": [import_s(f"import {name}")],
        f"{name}_median_ms": [answer["median_ms"]],
    }
    if "days" in answer:
        found[f"{name}_right_days"] = [share_of_days(cases["days"], answer["days"])]
    if "places" in answer:
        found[f"{name}_right_places"] = [share_of_places(cases["places"], answer["places"], areas)]
    return found
