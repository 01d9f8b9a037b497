"""A reader's marks are a short cut past its finder: what the finder would find must always bear one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.refusals import Refused
from flows.answers.reading import plain
from flows.flow import Context, Reader
from tests.answers.setting import READERS, context

HERE = Path(__file__).parent
TRANSCRIPTS = HERE.parent / "conversations" / "transcripts"


def _texts() -> list[str]:
    """Every phrase of the case files, every line that a worker says in a transcript, and both in one."""
    phrases = [
        column
        for name in ("travel_dates.tsv", "days_more.tsv", "places.tsv")
        for line in (HERE / name).read_text().splitlines()
        if not line.startswith("#")
        for column in line.split("\t")[1:3]
    ]
    said = [
        line.removeprefix("<").strip()
        for file in TRANSCRIPTS.glob("*.txt")
        for line in file.read_text().splitlines()
        if line.startswith("< ")
    ]
    return [*phrases, *said, *(f"{one}，{two}" for one, two in zip(phrases, said[::-1], strict=False))]


@pytest.mark.parametrize("name", [name for name, reader in READERS.items() if reader.find])
def test_what_is_found_bears_a_mark(name: str) -> None:
    reader = READERS[name]
    assert reader.find is not None
    here = context()
    missed = [text for text in _texts() if _finds(reader, text, here) and not reader.marks.search(plain(text))]
    assert not missed


def _finds(reader: Reader, text: str, here: Context) -> bool:
    """Whether the finder has anything to say about it, be it that the day has gone."""
    assert reader.find is not None
    try:
        return reader.find(text, here) is not None
    except Refused:
        return True
