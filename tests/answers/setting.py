"""What readers know in these tests: the areas of China, a home area and a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.tables import load_areas, load_catalogues
from domain.channels import Traits
from domain.days import SHANGHAI
from domain.office import Office
from domain.places import Areas
from domain.refusals import Refused
from flows.answers import (
    anywhere,
    companions,
    days,
    direction,
    employers,
    identities,
    jobs,
    names,
    parties,
    phones,
    places,
    yes_no,
)
from flows.answers.reading import plain
from flows.flow import Context, Found, Reader
from texts.catalogue import Catalogue

HOME = "450200"  # 柳州
PLAIN = Traits("test", length=4096, buttons=True)
READERS = {  # in the order in which the finders run
    "identity": identities.IDENTITY,
    "phone": phones.PHONE,
    "name": names.NAME,
    "day": days.WINDOW,
    "party": parties.PARTY,
    "origin": places.ORIGIN,
    "destination": places.DESTINATION,
    "employer": employers.EMPLOYER,
    "direction": direction.DIRECTION,
    "yes_no": yes_no.YES_NO,
    "companions": companions.COMPANIONS,
    "trade": jobs.TRADE,
    "where": anywhere.ANYWHERE,
    "pay": jobs.PAY,
}


@lru_cache
def areas() -> Areas:
    """All areas, read once."""
    return load_areas()


@lru_cache
def catalogues() -> Mapping[str, Catalogue]:
    """Both languages, read once."""
    return load_catalogues(areas(), HOME)


def context(now: str = "2027-02-08T09:00", home: str = HOME) -> Context:
    """A Monday morning, 正月初三, in 柳州, where nothing else is said."""
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    return Context(moment, Office(home), areas(), catalogues()["zh-CN"], PLAIN, token="t")


def cases(name: str) -> list[list[str]]:
    """The rows of a table beside this file, below its head."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [[*row, *[""] * (len(rows[0]) - len(row))] for row in rows[1:]]


def read(kind: str, text: str, where: Context | None = None) -> object:
    """The reader of that kind, on a whole answer."""
    return READERS[kind].read(text, where or context())


def find(kind: str, text: str, where: Context | None = None) -> Found | None:
    """The part of that kind; whatever is found or refused must bear one of the reader's marks."""
    reader = READERS[kind]
    assert reader.find is not None
    marked = reader.marks.search(plain(text)) is not None
    try:
        part = reader.find(text, where or context())
    except Refused:
        assert marked
        raise
    assert marked or part is None
    return part


def found(text: str, where: Context | None = None) -> dict[str, object]:
    """What all finders make of a sentence, one after the other as the engine runs them."""
    where = where or context()
    values: dict[str, object] = {}
    for kind, reader in READERS.items():
        part = _find(reader, text, where, kind, values)
        for start, end in part:
            text = text[:start] + "␣" * (end - start) + text[end:]
    return values


def _find(
    reader: Reader, text: str, where: Context, kind: str, values: dict[str, object]
) -> tuple[tuple[int, int], ...]:
    part = find(kind, text, where) if reader.find else None
    if part is None:
        return ()
    values[kind] = part.value
    return part.spans
