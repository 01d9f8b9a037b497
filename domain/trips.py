"""Trips: one departure of one vehicle, its stops, its seats, and what changed between two of its revisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.places import Place

MOST_SEATS = 2000  # a whole train; anything above is a slip of the keyboard
GATHER = timedelta(minutes=20)  # people are asked to be there this long before the departure


class Mode(StrEnum):
    """What carries people: 专车, 专列 or a reserved carriage, 专机."""

    COACH = "coach"
    TRAIN = "train"
    FLIGHT = "flight"


class TripStatus(StrEnum):
    """A trip's life, as far as it matters to who may be told what."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when people get on. `id` is 0 before it is stored; `place` is free text that people can find."""

    id: int
    place: str
    departs_at: datetime

    @property
    def boards_at(self) -> datetime:
        """When people are asked to be there."""
        return self.departs_at - GATHER


@dataclass(frozen=True, slots=True)
class Trip:
    """One departure of one vehicle. `cap` is the seat cap in per cent of `seats`; `vehicle` the plate or train number.

    `revision` grows with each change that people on it are told of. `reminders` holds what this trip changes in the
    reminder rules: rule name → HH:MM or minutes as text, "" where the rule is switched off.
    """

    id: int
    code: str
    area: str
    mode: Mode
    vehicle: str
    seats: int
    cap: int
    stops: tuple[Stop, ...]
    destination: Place
    arrival: str
    escort_name: str
    escort_phone: str
    bring: str
    status: TripStatus
    revision: int
    reminders: tuple[tuple[str, str], ...] = ()

    @property
    def departs_at(self) -> datetime:
        """When it leaves its first stop."""
        return min(stop.departs_at for stop in self.stops)


@dataclass(frozen=True, slots=True)
class Seat:
    """One registration's place on a trip, as its person's conversation knows it.

    `coming` is what the person answered, None while they have not. `freed` is true after "not coming".
    """

    id: int
    trip: int
    code: str
    revision: int
    stop: Stop
    vehicle: str
    coming: bool | None


@dataclass(frozen=True, slots=True)
class AnswerSeat:
    """Command: the person says whether they will come (taking "not coming" back counts as coming)."""

    seat: int
    coming: bool


def usable_seats(seats: int, cap: int) -> int:
    """How many people may be on it: the seat cap (客座率上限, Inner Mongolia 2022) rounded down to whole seats."""
    return seats * cap // 100


def seats_left(seats: int, cap: int, taken: int) -> int:
    """Free seats under the cap, never negative (a cap lowered later frees nobody's seat)."""
    return max(usable_seats(seats, cap) - taken, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What a new revision changed for people of one stop; each part is None where it stayed as it was."""

    moved_from: datetime | None = None
    place_was: str | None = None
    vehicle_was: str | None = None
    escort: bool = False
    arrival_was: str | None = None
    bring: bool = False

    @property
    def matters(self) -> bool:
        """Whether people have to be told at all."""
        return self != Change()


def change(before: Trip, after: Trip, stop: int) -> Change:
    """What changed for the people who get on at that stop (a stop's id, the same in both)."""
    was = next((one for one in before.stops if one.id == stop), None)
    now = next((one for one in after.stops if one.id == stop), None)
    escort = (before.escort_name, before.escort_phone) != (after.escort_name, after.escort_phone)
    return Change(
        moved_from=was.departs_at if was and now and was.departs_at != now.departs_at else None,
        place_was=was.place if was and now and was.place != now.place else None,
        vehicle_was=before.vehicle if before.vehicle != after.vehicle else None,
        escort=escort,
        arrival_was=before.arrival if before.arrival != after.arrival else None,
        bring=before.bring != after.bring,
    )
