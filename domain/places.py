"""Places: the administrative areas of China, and a place that a person named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from msgspec import Struct


class Level(StrEnum):
    """How high an area stands (GB/T 2260); the four municipalities stand as provinces."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Area:
    """One area of GB/T 2260: a code of six digits, its name, the name without its suffix; `parent` is "" at the top."""

    code: str
    name: str
    short: str
    level: Level
    parent: str


class Place(Struct, frozen=True, tag="place"):
    """A place that a person named: the code of an area, and the town below it where one was named."""

    code: str
    town: str = ""


class Areas:
    """The table of areas, read once at start: look-ups by code, by name and down the tree.

    `towns` maps the code of a county (or of a city without counties) to the names of its towns.
    """

    def __init__(self, areas: Iterable[Area], towns: Mapping[str, tuple[str, ...]]) -> None:
        self._by_code = {area.code: area for area in areas}
        self.towns = towns

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Area:
        return self._by_code[code]

    def all(self) -> tuple[Area, ...]:
        """Every area, in the order of the table."""
        return tuple(self._by_code.values())

    def path(self, code: str) -> tuple[Area, ...]:
        """The area with all that it lies in, the province first; empty for an unknown code."""
        return self._paths.get(code, ())

    def within(self, code: str, above: str) -> bool:
        """Whether the area `code` is `above` or lies below it."""
        return above in self._above.get(code, frozenset())

    def children(self, code: str) -> tuple[Area, ...]:
        """The areas right below that one."""
        return self._children.get(code, ())

    def below(self, code: str) -> frozenset[str]:
        """The codes of the area itself and of everything below it."""
        found = {code}
        for child in self.children(code):
            found |= self.below(child.code)
        return frozenset(found)

    @cached_property
    def _paths(self) -> dict[str, tuple[Area, ...]]:
        return {code: tuple(reversed(tuple(self._upward(area)))) for code, area in self._by_code.items()}

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {code: frozenset(area.code for area in path) for code, path in self._paths.items()}

    def _upward(self, area: Area | None) -> Iterator[Area]:
        while area is not None:
            yield area
            area = self._by_code.get(area.parent)

    @cached_property
    def _children(self) -> dict[str, tuple[Area, ...]]:
        found: dict[str, list[Area]] = {}
        for area in self._by_code.values():
            found.setdefault(area.parent, []).append(area)
        return {parent: tuple(areas) for parent, areas in found.items()}
