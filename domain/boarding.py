"""Boarding, as conversations speak of it: what people answer beside coming or not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeeChange:
    """Command: the person has read what changed (知道了). It says nothing about whether they come."""

    seat: int
