"""Figures: what is measured, what is wanted of it, and what several rounds of it come to."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.ground import Ground

BACKENDS = ("sqlite", "postgres")
RESULTS = Path(__file__).with_name("results.json")


class Better(Enum):
    """Which way a figure is better."""

    HIGHER = "≥"
    LOWER = "≤"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `of_rounds` makes one of several rounds' values; `wanted` is None where it is only told."""

    name: str
    better: Better
    wanted: float | None = None
    of_rounds: Callable[[Sequence[float]], float] = median

    def worse(self, values: Sequence[float]) -> float:
        """The worst of several values."""
        return min(values) if self.better is Better.HIGHER else max(values)

    def met(self, value: float) -> bool:
        """Whether the value is what is wanted."""
        if self.wanted is None:
            return True
        return value >= self.wanted if self.better is Better.HIGHER else value <= self.wanted


Rounds = Mapping[str, Sequence[float]]
"""Figure → its value in each round. Where a figure exists for both databases the names end in _sqlite, _postgres."""


@dataclass(frozen=True, slots=True)
class Part:
    """Figures that are measured together. With `quick` a part only shows that it runs: one round, small sizes."""

    figures: tuple[Figure, ...]
    measure: Callable[[Ground], Awaitable[Rounds]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, with the lowest and highest of its rounds. The figure of one of two databases only tells:
    what `counts` is the worse of them.
    """

    name: str
    value: float
    figure: Figure
    lowest: float
    highest: float
    counts: bool = True


def lines(part: Part, rounds: Rounds) -> list[Line]:
    """The table of one part. The plain name of a figure that both databases have is the worse of the two."""
    table: list[Line] = []
    for figure in part.figures:
        if figure.name in rounds:
            table.append(_line(figure.name, figure, rounds[figure.name]))
        variants = {f"{figure.name}_{backend}" for backend in BACKENDS} & rounds.keys()
        both = [_line(name, figure, rounds[name], counts=False) for name in sorted(variants, reverse=True)]
        if both:
            worst = figure.worse([line.value for line in both])
            chosen = next(line for line in both if line.value == worst)
            table.append(Line(figure.name, worst, figure, chosen.lowest, chosen.highest))
            table.extend(both)
    return table


def _line(name: str, figure: Figure, values: Sequence[float], *, counts: bool = True) -> Line:
    return Line(name, figure.of_rounds(values), figure, min(values), max(values), counts)


def table(lines: Sequence[Line]) -> str:
    """The lines in columns, for people."""
    rows = [
        (
            line.name if line.counts else f"  {line.name}",
            f"{line.value:,.3g}" if line.value < 1000 else f"{line.value:,.0f}",
            "" if line.figure.wanted is None else f"{line.figure.better.value} {line.figure.wanted:g}",
            f"{line.lowest:,.3g} to {line.highest:,.3g}",
            "" if line.figure.met(line.value) or not line.counts else "MISSED",
        )
        for line in lines
    ]
    head = ("figure", "value", "wanted", "rounds", "")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    )


def write(lines: Sequence[Line], file: Path = RESULTS) -> None:
    """Puts the figures into the results; the others in it stay as they are."""
    known: dict[str, float] = json.loads(file.read_text()) if file.exists() else {}
    known |= {line.name: float(f"{line.value:.4g}") for line in lines}
    file.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
