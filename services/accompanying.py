"""Who comes along: asked after the confirmation, where the office wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from domain.companions import AddCompanions
from domain.people import Companion
from domain.refusals import Refused
from flows.answers.companions import shown_companions
from flows.flow import Done, Start
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import companions as rows
from storage import registrations
from storage.database import Work


async def add(work: Work, desk: Desk, asked: Sequence[Asked[AddCompanions]]) -> list[Outcome]:
    """Stores who comes along on people's own registrations, never more than were signed up, and asks on."""
    own = await registrations.of_contacts(work, [one.contact for one in asked], [], desk.now())
    wanted: dict[int, tuple[Companion, ...]] = {}
    outcomes: list[Outcome] = []
    for one in asked:
        number, named = one.command.number, one.command.companions
        of = next((mine for mine in own[one.contact].known if mine.number == number), None)
        if of is None:
            outcomes.append(Refused("registration.gone"))
        elif len(named) >= of.wish.party:
            outcomes.append(Refused("companions.too_many", n=of.wish.party, most=of.wish.party - 1))
        else:
            wanted[of.id] = named
            told = {"companions": shown_companions(named)}
            outcomes.append(Done("companions.noted", told, then=Start("extras", {"number": number})))
    await rows.put(work, wanted)
    return outcomes


CARRIES_OUT = {AddCompanions: add}
