"""What every use case has at hand: the tables read at start, the office's settings, and the clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.channels import Traits
from domain.employers import NOBODY, Directory
from domain.office import Office
from domain.places import Areas
from flows.registry import Flows
from texts.catalogue import Catalogue

DEFAULT_LANGUAGE = "zh-CN"


@dataclass(slots=True)
class Desk:
    """`now` gives the present moment, aware. `office` changes when staff change the settings (see `settle`), and
    `employers` when they change the list.
    """

    flows: Flows
    areas: Areas
    catalogues: Mapping[str, Catalogue]
    traits: Mapping[str, Traits]
    now: Callable[[], datetime]
    office: Office
    employers: Directory = NOBODY

    def catalogue(self, language: str) -> Catalogue:
        """The sentences of that language, Chinese where it is not spoken here."""
        return self.catalogues.get(language) or self.catalogues[DEFAULT_LANGUAGE]

    def settle(self, office: Office) -> None:
        """Takes the office's new settings over."""
        self.office = office
        self.catalogues = {
            language: dataclasses.replace(catalogue, home=office.area)
            for language, catalogue in self.catalogues.items()
        }
