"""The nudge: a sign-up is unfinished. The question that is open stands under it, as under every notice."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.notices import Occasion
from flows.unfinished import stands_in_one
from services.desk import Desk
from services.nudging import About
from services.occasions import Telling, Wording, Wordings
from storage import nudges
from storage.database import Look
from storage.nudges import Person
from texts.say import say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """Who has spoken since (went on, finished, cancelled, stopped messages) is not nudged."""
    found = await nudges.people(look, sorted({row.contact for row in rows}))
    return {row.id: (say("nudge.unfinished"),) if _stands(desk, row, found.get(row.contact)) else None for row in rows}


def _stands(desk: Desk, row: Telling, person: Person | None) -> bool:
    if person is None or person.spoke_at is None:
        return False
    about = msgspec.json.decode(row.values or b"", type=About)
    return person.spoke_at <= about.spoke_at and stands_in_one(desk.flows, person.talk)


OCCASION = Wording(Occasion.NUDGE, word)
