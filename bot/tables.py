"""The tables that come with the program, read once at start: areas, towns, and the sentences of each language."""

from __future__ import annotations

from gettext import c2py
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from domain.places import Area, Areas, Level
from texts.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LANGUAGES = {"zh-CN": "zh_CN", "en": "en"}  # the language → its folder in texts/; the first is the one to fall back on


def load_areas() -> Areas:
    """Every area and town of China, from the two tables in bot/data/."""
    rows = (Area(code, name, short, Level(level), parent) for code, name, short, level, parent in _rows("areas.tsv"))
    towns: dict[str, list[str]] = {}
    for parent, town in _rows("towns.tsv"):
        towns.setdefault(parent, []).append(town)
    return Areas(list(rows), {parent: tuple(names) for parent, names in towns.items()})


def load_catalogues(areas: Areas, home: str) -> dict[str, Catalogue]:
    """Language → its catalogue. Raises ValueError, naming file and key, for a key that stands twice or has no words."""
    found = {}
    for language, folder in LANGUAGES.items():
        sentences, plural = _sentences(folder)
        found[language] = Catalogue(language, sentences, plural, areas, home)
    return found


def _rows(name: str) -> Iterator[list[str]]:
    """The rows of a table below its head, which are the comments and the names of the columns."""
    lines = (files("bot") / "data" / name).read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if not line.startswith("#")]
    return (line.split("\t") for line in body[1:])


def _sentences(folder: str) -> tuple[dict[str, tuple[str, ...]], Callable[[int], int]]:
    """All files of one language in one table, and the rule that chooses among plural forms."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - Babel is needed here alone, and only at start

    found: dict[str, tuple[str, ...]] = {}
    rule = "0"
    for file in sorted((files("texts") / folder).iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".po"):
            continue
        content = file.read_bytes()
        catalog = read_po(BytesIO(content), locale=folder)
        rule = catalog.plural_expr
        told = 0
        for message in catalog:
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if not all(forms):
                raise ValueError(f"{folder}/{file.name}: {key} has no words")
            if key in found:
                raise ValueError(f"{folder}/{file.name}: {key} stands twice")
            found[key] = forms
            told += 1
        if content.count(b"\nmsgid ") + content.startswith(b"msgid ") != told + 1:  # the head is one too
            raise ValueError(f"{folder}/{file.name}: a key stands twice, or the head is missing")
    return found, c2py(rule)
