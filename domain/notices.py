"""Telling people: which messages go first, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Priority(IntEnum):
    """Which messages go first; none starves (design.md, Delivery)."""

    ANSWER = 0
    URGENT = 1
    REMINDER = 2
    NOTICE = 3
    REST = 4


class Occasion(StrEnum):
    """Why a message is sent; services/occasions/ words each of them when it is claimed."""

    REPLY = "reply"
    DEPARTURE = "departure"
    CHANGE = "change"
    CALLED_OFF = "called_off"
    REMINDER = "reminder"
    NOTICE = "notice"
    NUDGE = "nudge"
    UNDECIDED = "undecided"
    ANSWER = "answer"
    SEEN_TO = "seen_to"


class NoticeStatus(StrEnum):
    """A broadcast's life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a notice: the people on a trip, or the registrations that meet every condition that is set.

    `day` is one that the person can travel on; `destination` and `county` are codes of areas and mean everything
    below them; `placed` asks for people with (True) or without (False) a seat.
    """

    trip: int | None = None
    day: date | None = None
    destination: str = ""
    county: str = ""
    placed: bool | None = None
