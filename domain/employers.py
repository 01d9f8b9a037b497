"""Employers: the list that staff keep, and what is found in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.places import Place


@dataclass(frozen=True, slots=True)
class Employer:
    """One employer of the list: the name that stands in registrations, what people call it too, and where it is."""

    name: str
    short_names: tuple[str, ...] = ()
    place: Place | None = None


class Directory:
    """The list of employers, read at start and again whenever staff change it. Never changed where it stands."""

    def __init__(self, employers: Iterable[Employer] = ()) -> None:
        self._by_name = {employer.name: employer for employer in employers}

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> Employer | None:
        """The employer of exactly that name."""
        return self._by_name.get(name)

    def all(self) -> tuple[Employer, ...]:
        """Every employer, in the order of the list."""
        return tuple(self._by_name.values())


NOBODY = Directory()
