"""The question for a day that was left open, with the likely days as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from domain.days import today
from domain.notices import Occasion
from flows.answers.days import likely
from flows.undecided import button
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from storage import nudges
from storage.database import Look
from texts.say import say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """Who has settled it, cancelled or stopped messages meanwhile is asked no more."""
    numbers = await nudges.undecided(look, sorted({row.ref for row in rows if row.ref is not None}))
    people = await nudges.people(look, sorted({row.contact for row in rows}))
    days = likely(today(desk.now()))
    found = {}
    for row in rows:
        number, person = numbers.get(row.ref or 0), people.get(row.contact)
        asked = number is not None and person is not None and person.reachable
        buttons = [button(row.ref or 0, day) for day in days]
        found[row.id] = (say("undecided.ask", number=number or ""), say("undecided.how", *buttons)) if asked else None
    return found


OCCASION = Wording(Occasion.UNDECIDED, word)
