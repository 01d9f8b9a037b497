"""Changes of trips: how soon people have to know, and two changes told as one."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.days import today
from domain.notices import Priority
from domain.trips import Change, Stop, Trip


def haste(departs_at: datetime, now: datetime) -> Priority:
    """How soon people have to know about a departure: today's and tomorrow's go before everything but answers."""
    return Priority.URGENT if today(departs_at) - today(now) <= timedelta(days=1) else Priority.NOTICE


def merged(older: Change, newer: Change, after: Trip, stop: Stop) -> Change:
    """What to tell people who have not been told the older change yet: what was before both, where it is otherwise now.
    `stop` is theirs, as it stands after the newer one.
    """
    moved_from = newer.moved_from if older.moved_from is None else older.moved_from
    place_was = newer.place_was if older.place_was is None else older.place_was
    vehicle_was = newer.vehicle_was if older.vehicle_was is None else older.vehicle_was
    arrival_was = newer.arrival_was if older.arrival_was is None else older.arrival_was
    return Change(
        moved_from=None if moved_from == stop.departs_at else moved_from,
        place_was=None if place_was == stop.place else place_was,
        vehicle_was=None if vehicle_was == after.vehicle else vehicle_was,
        escort=older.escort or newer.escort,
        arrival_was=None if arrival_was == after.arrival else arrival_was,
        bring=older.bring or newer.bring,
    )
