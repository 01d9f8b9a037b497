"""The names of areas and towns as people say them, indexed once for each table of areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from domain.places import Area, Areas, Level, Place
from flows.answers.reading import plain
from texts.latin import latin_name

MOST_SYLLABLES: Final = 4  # that people write apart: Nei Meng Gu
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[a-z']+")
LONGEST_NAME: Final = 20  # characters; a few development zones have longer ones that nobody says
_OWN_SUFFIX: Final = re.compile(r"(?<=..)[省市区县旗盟]$")
_PEOPLES: Final = re.compile(r"(?:[^自]+族)?自治[州县旗]$")
_TOWN_SUFFIX: Final = re.compile(r"(?<=..)(?:街道办事处|街道|民族乡|镇|乡)$")
_ZONE_CODES: Final = 71  # development zones as the statistics number them (areas.tsv): 71 and above
_COUNTY_LEVEL_CITIES: Final = 81  # but 81 and above are cities at the level of a county


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a name stands in a text, and all that it can mean; `below` only where something above is named too."""

    start: int
    end: int
    areas: tuple[Place, ...]
    below: tuple[Place, ...]

    @property
    def towns(self) -> tuple[Place, ...]:
        """The towns among what it can mean."""
        return tuple(place for place in self.below if place.town)


@dataclass(slots=True)
class Gazetteer:
    """Name → the places that bear it. `zones` are names like 经开区, which mean something only below a city."""

    areas: Areas
    names: dict[str, list[Place]] = field(default_factory=dict)
    zones: dict[str, list[Place]] = field(default_factory=dict)
    towns: dict[str, list[Place]] = field(default_factory=dict)

    latin: dict[str, list[Place]] = field(default_factory=dict)  # made when the first text without Chinese comes

    def mentions(self, text: str) -> list[Mention]:
        """The names in a plain text from left to right, the longest at each place, none over another.

        In a text without Chinese characters they are looked for in pinyin: Pingshan, Shenzhen.
        """
        if not _CHINESE.search(text):
            return self._in_latin(text) if _LATIN.search(text) else []
        found: list[Mention] = []
        at = 0
        while at < len(text) - 1:
            mention = self._longest(text, at) if text[at] > "\u33ff" else None
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at = mention.end
        return found

    def _longest(self, text: str, at: int) -> Mention | None:
        for end in range(min(len(text), at + LONGEST_NAME), at + 1, -1):
            name = text[at:end]
            if name in self.names or name in self.zones or name in self.towns:
                below = (*self.zones.get(name, ()), *self.towns.get(name, ()))
                return Mention(at, end, tuple(self.names.get(name, ())), below)
        return None

    def _in_latin(self, text: str) -> list[Mention]:
        if not self.latin:
            for area in self.areas.all():
                name = latin_name(_OWN_SUFFIX.sub("", area.short))
                _add(self.latin, name.replace(" ", "").lower(), Place(area.code))
        words = list(_LATIN.finditer(text))
        found: list[Mention] = []
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + MOST_SYLLABLES), at, -1):
                if places := self.latin.get("".join(word[0] for word in words[at:end]).replace("'", "")):
                    found.append(Mention(words[at].start(), words[end - 1].end(), tuple(places), ()))
                    at = end - 1
                    break
            at += 1
        return found


_built: Final[WeakKeyDictionary[Areas, Gazetteer]] = WeakKeyDictionary()


def gazetteer(areas: Areas) -> Gazetteer:
    """The index of these areas, built at the first call."""
    found = _built.get(areas)
    if found is None:
        found = _built[areas] = _build(areas)
    return found


def _build(areas: Areas) -> Gazetteer:
    book = Gazetteer(areas)
    for area in areas.all():
        place = Place(area.code)
        _add(book.names, area.name, place)
        _add(book.zones if _is_zone(area) else book.names, area.short, place)
    higher = {area.short for area in areas.all() if area.level is not Level.COUNTY}
    for area in areas.all():
        for name in _further_names(area, higher):
            _add(book.names, name, Place(area.code))
    for code, towns in areas.towns.items():
        for town in towns:
            _add(book.towns, town, Place(code, town))
            _add(book.towns, _TOWN_SUFFIX.sub("", town), Place(code, town))
    return book


def _add(index: dict[str, list[Place]], name: str, place: Place) -> None:
    known = index.setdefault(plain(name), [])
    if place not in known:
        known.append(place)


def _is_zone(area: Area) -> bool:
    """A development zone whose short name (经开区, 高新区) many cities have."""
    number = int(area.code[-2:])
    return (
        area.level is Level.COUNTY
        and _ZONE_CODES <= number < _COUNTY_LEVEL_CITIES
        and area.short.endswith(("区", "园", "港"))
        and not area.name.startswith(area.short)
    )


def _further_names(area: Area, higher: set[str]) -> Iterator[str]:
    """How people say it too: 融水县 for 融水苗族自治县, 广西自治区, 南海 for 南海区 (some short names keep it)."""
    if area.level is Level.PROVINCE:
        yield f"{area.short}省" if area.name.endswith("省") else f"{area.short}自治区"
        return
    if _PEOPLES.search(area.name):
        yield f"{area.short}{area.name[-1]}"
    without = _OWN_SUFFIX.sub("", area.short)
    if without != area.short and without not in higher:
        yield without
