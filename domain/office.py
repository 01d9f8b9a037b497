"""The office that runs the service: its home area and the phone that people can always call."""

from __future__ import annotations

from dataclasses import dataclass

HOTLINE = "12333"  # labour and social security, everywhere in China


@dataclass(frozen=True, slots=True)
class Office:
    """`area` is the home area's code (areas.tsv); "" before the first member of staff has set it.

    `identities` and `companions` are switched on by offices that need identity numbers, or the names of those who
    travel along.
    """

    area: str
    phone: str = HOTLINE
    identities: bool = False
    companions: bool = False
