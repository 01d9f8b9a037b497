"""People don't travel with their trip after all: it was called off, or staff took them off it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notices import Occasion
from domain.trips import TripStatus
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from services.wording import Case, cases, leaves, office_phone, traveller
from storage.database import Look
from texts.say import Say, say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """That they need not come, and what becomes of their registration."""
    found = await cases(look, rows)
    return {row.id: None for row in rows} | {case.row.id: _says(case, desk) for case in found if case.boarding.freed}


def _says(case: Case, desk: Desk) -> tuple[Say, ...]:
    boarding = case.boarding
    trip = boarding.trip
    whole = trip.status is TripStatus.CANCELLED
    return (
        say(
            "called_off.trip" if whole else "called_off.seat",
            at=leaves(boarding),
            place=boarding.stop.place,
            destination=trip.destination,
        ),
        *traveller(case),
        say("called_off.stays" if boarding.standing else "called_off.over", phone=office_phone(desk)),
    )


OCCASION = Wording(Occasion.CALLED_OFF, word)
