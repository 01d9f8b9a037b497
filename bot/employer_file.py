"""A list of employers from a file, for trying out what the readers make of their names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from domain.employers import Employer
from domain.places import Areas, Place

COLUMNS: Final = ("name", "short", "place", "contact")
_BETWEEN: Final = re.compile(r"[、|]")


def listed(file: Path, areas: Areas) -> tuple[Employer, ...]:
    """The employers of a TSV or CSV file with a head; of the COLUMNS only `name` must be there, others are left out.

    `short` holds several names with 、 or | between them, `place` the code of an area, perhaps with a town behind a
    slash. Lines that begin with # are comments. Raises ValueError, naming file and line, for what can't be read.
    """
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file.name}: wanted is UTF-8") from None
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    body = [(number, line) for number, line in lines if not line.startswith("#")]
    if not body:
        return ()
    head = body[0][1]
    between = "\t" if "\t" in head else ","
    columns = [cell.strip() for cell in head.split(between)]
    if "name" not in columns:
        raise ValueError(
            f"{file.name}, line {body[0][0]}: wanted is a head of {', '.join(COLUMNS)}, with name at least"
        )
    return tuple(_rows(file.name, body[1:], columns, between, areas))


def _rows(
    file: str, lines: list[tuple[int, str]], columns: list[str], between: str, areas: Areas
) -> Iterator[Employer]:
    for number, line in lines:
        (cells,) = csv.reader([line], delimiter=between)
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if not row.get("name"):
            raise ValueError(f"{file}, line {number}: the name is missing")
        code, _, town = row.get("place", "").partition("/")
        if code and code not in areas:
            raise ValueError(f"{file}, line {number}: {code} is the code of no area")
        yield Employer(
            name=row["name"],
            short_names=tuple(short.strip() for short in _BETWEEN.split(row.get("short", "")) if short.strip()),
            place=Place(code, town) if code else None,
        )
