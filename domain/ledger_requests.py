"""The help ledger (服务台账): what people ask for beside transport, and what passes between them and the staff."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.places import Place


class HelpKind(StrEnum):
    """What a help request is about (Inner Mongolia 2022 and Guangxi 2024 name them)."""

    PERSON = "person"
    JOB = "job"
    TRAINING = "training"
    LOAN = "loan"
    RIGHTS = "rights"
    SUBSIDY = "subsidy"


class Trade(StrEnum):
    """The trades that most people look for; any other is given in the person's own words."""

    GENERAL = "general"
    ELECTRONICS = "electronics"
    BUILDING = "building"
    HOUSEWORK = "housework"
    DRIVER = "driver"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Command: put this on the staff's ledger. `text` is what the person wrote about it, "" where nothing."""

    kind: HelpKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class FindJob:
    """Command: the staff shall look for a job. `trade` is one of Trade or the person's own words; `place` None means
    anywhere; `pay` is the least they want, in yuan a month, None where they leave it open.
    """

    trade: str
    place: Place | None
    pay: int | None


@dataclass(frozen=True, slots=True)
class PassOn:
    """Command: these words go to the staff, into that open request of the person."""

    request: int
    text: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Command: the person's words go to the staff no more; the request stays open."""
