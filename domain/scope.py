"""Scope: the areas that one member of staff may see, as a span of codes."""

from __future__ import annotations

from dataclasses import dataclass

PROVINCE_END, CITY_END = "0000", "00"  # GB/T 2260: two digits for the province, two for the city, two for the county


def span(code: str) -> tuple[str, str]:
    """The lowest and highest code of an area and everything below it, both included (for BETWEEN): 450200 → 450200,
    450299. A county's span is its own code alone.
    """
    for end in (PROVINCE_END, CITY_END):
        if code.endswith(end):
            return code, code[: -len(end)] + "9" * len(end)
    return code, code


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see: `area` (a code of GB/T 2260) and everything below it. `staff` is their id, None where
    nobody asks but the service itself.
    """

    area: str
    staff: int | None

    @property
    def low(self) -> str:
        """The lowest code in it."""
        return span(self.area)[0]

    @property
    def high(self) -> str:
        """The highest code in it."""
        return span(self.area)[1]

    def covers(self, code: str) -> bool:
        """Whether that area lies in it."""
        return self.low <= code <= self.high
