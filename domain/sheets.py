"""Sheets: what staff write down of a trip, before it is one, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.places import Areas, Place
from domain.refusals import Faults, NotFound, Refused
from domain.reminders import RULES, changed_rule
from domain.scope import Scope
from domain.trips import MOST_SEATS, Mode, Stop, Trip, TripStatus, usable_seats

LONGEST_PLACE = 200  # characters, as the columns are
LONGEST_VEHICLE = 32
LONGEST_BRING = 500
LONGEST_NAME = 32
FULL = 100  # per cent
FARTHEST = timedelta(days=400)  # a later year than the next is a slip of the keyboard

_PHONE = re.compile(r"\+?\d{5,15}")  # 12333 is the shortest that is dialled, E.164 the longest
_GAPS = re.compile(r"[\s()-]+")


@dataclass(frozen=True, slots=True)
class StopSheet:
    """One stop as written. `id` is 0 for a new one; `departs_at` None where it can't be read."""

    id: int
    place: str
    departs_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A trip as written: None or "" where a field is empty or can't be read.

    `cap` is in per cent. `reminders` as in domain.trips.Trip: (rule, "HH:MM" or minutes as text, "" for off), only
    the rules that this trip changes. The faults of `services.trips.save` name these fields: area, mode, vehicle,
    seats, cap, stops, stop.N.place, stop.N.departs_at (N counts from 0 in the order given), destination, arrival,
    escort_name, escort_phone, bring, reminder.RULE.
    """

    area: str
    mode: Mode | None
    vehicle: str
    seats: int | None
    cap: int | None
    stops: tuple[StopSheet, ...]
    destination: Place | None
    arrival: str = ""
    escort_name: str = ""
    escort_phone: str = ""
    bring: str = ""
    reminders: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Checking:
    """What a sheet is held against: `before` is the trip as it stands, None for a new one; `complete` asks for
    everything that people are told (a draft may still lack the plate and the escort); `served` are the stops where
    somebody gets on.
    """

    scope: Scope
    areas: Areas
    now: datetime
    before: Trip | None = None
    complete: bool = False
    served: frozenset[int] = frozenset()


def sheet_of(trip: Trip) -> Sheet:
    """A stored trip as its form shows it."""
    return Sheet(
        area=trip.area,
        mode=trip.mode,
        vehicle=trip.vehicle,
        seats=trip.seats,
        cap=trip.cap,
        stops=tuple(StopSheet(stop.id, stop.place, stop.departs_at) for stop in trip.stops),
        destination=trip.destination,
        arrival=trip.arrival,
        escort_name=trip.escort_name,
        escort_phone=trip.escort_phone,
        bring=trip.bring,
        reminders=trip.reminders,
    )


def trip_of(sheet: Sheet, check: Checking) -> Trip:
    """The trip that was written down; id, code, status and revision are those of `before` (0, "", draft for a new one).
    Stops stand in the order of their times. Raises Faults, and NotFound for a stop of another trip.
    """
    faults = list(_faults(sheet, check))
    if faults:
        raise Faults({str(fault.question): fault for fault in reversed(faults)})  # of two in one field the first counts
    if sheet.mode is None or sheet.seats is None or sheet.cap is None or sheet.destination is None:
        raise ValueError("a sheet without faults lacks something")
    stops = (Stop(one.id, one.place.strip(), one.departs_at) for one in sheet.stops if one.departs_at is not None)
    before = check.before
    return Trip(
        id=before.id if before else 0,
        code=before.code if before else "",
        area=before.area if before else sheet.area,
        mode=sheet.mode,
        vehicle=sheet.vehicle.strip(),
        seats=sheet.seats,
        cap=sheet.cap,
        stops=tuple(sorted(stops, key=lambda stop: stop.departs_at)),
        destination=sheet.destination,
        arrival=sheet.arrival.strip(),
        escort_name=sheet.escort_name.strip(),
        escort_phone=_GAPS.sub("", sheet.escort_phone),
        bring=sheet.bring.strip(),
        status=before.status if before else TripStatus.DRAFT,
        revision=before.revision if before else 0,
        reminders=tuple((rule, text.strip()) for rule, text in sheet.reminders),
    )


def _faults(sheet: Sheet, check: Checking) -> Iterator[Refused]:
    if sheet.area not in check.areas or not check.scope.covers(sheet.area):
        yield Refused("trip.area_wanted", "area")
    if sheet.mode is None:
        yield Refused("trip.mode_wanted", "mode")
    yield from _seat_faults(sheet)
    yield from _stop_faults(sheet, check)
    yield from _destination_faults(sheet, check)
    yield from _text_faults(sheet, check)
    yield from _reminder_faults(sheet)


def _seat_faults(sheet: Sheet) -> Iterator[Refused]:
    if sheet.seats is None or not 1 <= sheet.seats <= MOST_SEATS:
        yield Refused("trip.seats_range", "seats", most=MOST_SEATS)
    if sheet.cap is None or not 1 <= sheet.cap <= FULL:
        yield Refused("trip.cap_range", "cap")
    elif sheet.seats is not None and sheet.seats > 0 and not usable_seats(sheet.seats, sheet.cap):
        yield Refused("trip.cap_leaves_none", "cap")


def _stop_faults(sheet: Sheet, check: Checking) -> Iterator[Refused]:
    stood = {stop.id: stop for stop in check.before.stops} if check.before else {}
    ids = [stop.id for stop in sheet.stops if stop.id]
    if not set(ids) <= stood.keys() or len(set(ids)) < len(ids):
        raise NotFound
    if not sheet.stops:
        yield Refused("trip.stops_wanted", "stops")
    elif check.served - set(ids):
        yield Refused("trip.stop_in_use", "stops", place=stood[min(check.served - set(ids))].place)
    for position, stop in enumerate(sheet.stops):
        was = stood.get(stop.id)
        yield from _hour_faults(stop, was, check, f"stop.{position}.departs_at")
        if not 0 < len(stop.place.strip()) <= LONGEST_PLACE:
            yield Refused("trip.place_wanted", f"stop.{position}.place", most=LONGEST_PLACE)


def _hour_faults(stop: StopSheet, was: Stop | None, check: Checking, field: str) -> Iterator[Refused]:
    """An hour that stood already may have passed meanwhile, unless the trip is about to be published."""
    published = check.before is not None and check.before.status is TripStatus.PUBLISHED
    stands = was is not None and was.departs_at == stop.departs_at and (published or not check.complete)
    if stop.departs_at is None:
        yield Refused("trip.hour_wanted", field)
    elif not stands and stop.departs_at <= check.now:
        yield Refused("trip.hour_passed", field)
    elif stop.departs_at > check.now + FARTHEST:
        yield Refused("trip.hour_far", field)


def _destination_faults(sheet: Sheet, check: Checking) -> Iterator[Refused]:
    before = check.before
    if sheet.destination is None or sheet.destination.code not in check.areas:
        yield Refused("trip.destination_wanted", "destination")
    elif before and before.status is TripStatus.PUBLISHED and before.destination != sheet.destination:
        yield Refused("trip.destination_fixed", "destination")  # people came for this one: call off, make another


def _text_faults(sheet: Sheet, check: Checking) -> Iterator[Refused]:
    texts = (
        ("vehicle", sheet.vehicle, LONGEST_VEHICLE),
        ("arrival", sheet.arrival, LONGEST_PLACE),
        ("bring", sheet.bring, LONGEST_BRING),
        ("escort_name", sheet.escort_name, LONGEST_NAME),
    )
    yield from (Refused("trip.too_long", field, most=most) for field, text, most in texts if len(text.strip()) > most)
    if check.complete:
        told = (("vehicle", sheet.vehicle), ("escort_name", sheet.escort_name), ("escort_phone", sheet.escort_phone))
        yield from (Refused(f"trip.{field}_wanted", field) for field, text in told if not text.strip())
    phone = _GAPS.sub("", sheet.escort_phone)
    if phone and not _PHONE.fullmatch(phone):
        yield Refused("trip.escort_phone_wrong", "escort_phone")


def _reminder_faults(sheet: Sheet) -> Iterator[Refused]:
    rules = {rule.name: rule for rule in RULES}
    for name, text in sheet.reminders:
        try:
            changed_rule(rules[name], text)
        except Refused as fault:
            yield fault
