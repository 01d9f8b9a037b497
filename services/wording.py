"""The lines that messages about a trip are made of, and who still needs to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.days import SHANGHAI, Moment
from domain.people import Phone
from domain.trips import Trip, TripStatus
from flows.boarding import COMING, NOT_COMING, button
from services.desk import Desk
from services.occasions import Telling
from storage import departures
from storage.database import Look
from storage.departures import Boarding
from texts.say import Button, Say, say


@dataclass(frozen=True, slots=True)
class Case:
    """One message with the seat it speaks of. `other`: the chat belongs to somebody else than the traveller."""

    row: Telling
    boarding: Boarding
    other: bool


async def cases(look: Look, rows: Sequence[Telling]) -> list[Case]:
    """The messages whose seat still stands somewhere, freed or not."""
    found = await departures.boardings(look, sorted({row.ref for row in rows if row.ref is not None}))
    belong = await departures.people_of(look, sorted({row.contact for row in rows}))
    seats = ((row, found.get(row.ref or 0)) for row in rows)
    return [
        Case(row, boarding, other=belong.get(row.contact) != boarding.person)
        for row, boarding in seats
        if boarding is not None
    ]


async def newest_cases(look: Look, desk: Desk, rows: Sequence[Telling]) -> list[Case]:
    """Those that are still of use: the seat is held, the trip goes and has not left, and nothing newer was told."""
    open_cases = [case for case in await cases(look, rows) if goes(case.boarding, desk.now())]
    told = await departures.newest_told(look, [case.boarding.seat for case in open_cases])
    return [case for case in open_cases if told.get(case.boarding.seat, 0) <= (case.row.revision or 0)]


def goes(boarding: Boarding, now: datetime) -> bool:
    """Whether its people are still to get on."""
    published = boarding.trip.status is TripStatus.PUBLISHED
    return published and not boarding.freed and boarding.stop.departs_at > now


def clock(moment: datetime) -> str:
    """The hour as it is read in China: 7:05."""
    there = moment.astimezone(SHANGHAI)
    return f"{there.hour}:{there.minute:02}"


def traveller(case: Case) -> tuple[Say, ...]:
    """Whose seat it is, where the chat is another person's."""
    return (say("notice.traveller", name=case.boarding.name),) if case.other else ()


def vehicle(trip: Trip) -> Say:
    """The plate or number, and who goes with it."""
    return say(f"notice.vehicle.{trip.mode}", vehicle=trip.vehicle, escort=trip.escort_name, phone=escort_phone(trip))


def escort_phone(trip: Trip) -> Phone:
    """The escort's number, which anybody may see."""
    return Phone(trip.escort_phone, work=True)


def office_phone(desk: Desk) -> Phone:
    """The office's number, which anybody may see."""
    return Phone(desk.office.phone, work=True)


def arrives(trip: Trip) -> Say:
    """Where it goes, as closely as staff wrote it."""
    if trip.arrival:
        return say("notice.arrives_at", destination=trip.destination, arrival=trip.arrival)
    return say("notice.arrives", destination=trip.destination)


def bring(trip: Trip) -> Say:
    """What to bring: the identity card at least."""
    if not trip.bring:
        return say("notice.bring_card")
    written = trip.bring.rstrip("。.")
    return say("notice.bring_as_written" if written.startswith("带") else "notice.bring", what=written)


def leaves(boarding: Boarding) -> Moment:
    """Day and hour, in both calendars."""
    return Moment(boarding.stop.departs_at)


def answers(seat: int) -> tuple[Button, Button]:
    """The two buttons under a departure and a reminder."""
    return button(COMING, seat), button(NOT_COMING, seat)
