"""The departure notice: when, where, what with, whom to call, what to bring; as the trip stands at this moment."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.notices import Occasion
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from services.telling import About
from services.wording import Case, answers, arrives, bring, clock, leaves, newest_cases, traveller, vehicle
from storage.database import Look
from texts.say import Say, say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """Everything that a person needs to get on."""
    return {row.id: None for row in rows} | {case.row.id: _says(case) for case in await newest_cases(look, desk, rows)}


def _says(case: Case) -> tuple[Say, ...]:
    boarding = case.boarding
    trip = boarding.trip
    moved = msgspec.json.decode(case.row.values or b"{}", type=About).moved
    return (
        say("notice.departure_moved" if moved else "notice.departure"),
        *traveller(case),
        say("notice.leaves", at=leaves(boarding), boards=clock(boarding.stop.boards_at)),
        say("notice.place", place=boarding.stop.place),
        vehicle(trip),
        arrives(trip),
        bring(trip),
        say("notice.one_seat" if boarding.party == 1 else "notice.seats", *answers(boarding.seat), n=boarding.party),
    )


OCCASION = Wording(Occasion.DEPARTURE, word)
