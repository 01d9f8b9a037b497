"""Marking registrations: by the people themselves, after they have signed up, and by staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.marks import AddMarks, Mark
from domain.refusals import Refused
from domain.scope import Scope
from flows.flow import Done, Start
from services import registrations
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import marks as rows
from storage import registrations as registered
from storage.database import Database, Work
from texts.say import Words


async def add(work: Work, desk: Desk, asked: Sequence[Asked[AddMarks]]) -> list[Outcome]:
    """Marks people's own registrations, and asks on for what else there may be."""
    now = desk.now()
    own = await registered.of_contacts(work, [one.contact for one in asked], [], now)
    wanted: list[tuple[int, Mark]] = []
    outcomes: list[Outcome] = []
    for one in asked:
        number, said = one.command.number, one.command.marks
        known = own[one.contact].known if one.contact in own else ()
        of = next((mine.id for mine in known if mine.number == number), None)
        if of is None:
            outcomes.append(Refused("registration.gone"))
            continue
        wanted += [(of, mark) for mark in said]
        noted = _listed(said)
        outcomes.append(Done("extras.noted", {"marks": noted}, then=Start("extras", {"number": number, "noted": said})))
    await rows.add(work, wanted, now)
    return outcomes


async def put(scope: Scope, database: Database, desk: Desk, registration: int, wanted: Collection[Mark]) -> None:
    """Staff: exactly these marks stand on the registration. Raises NotFound for one outside the scope."""
    await registrations.show(scope, database, registration)
    async with database.work() as work:
        stand = await rows.of(work, registration)
        await rows.add(work, [(registration, mark) for mark in wanted if mark not in stand], desk.now(), scope.staff)
        await rows.drop(work, registration, stand - set(wanted))
        await work.commit()


async def of(scope: Scope, database: Database, registration: int) -> frozenset[Mark]:
    """The marks of a registration. Raises NotFound for one outside the scope."""
    await registrations.show(scope, database, registration)
    async with database.look() as look:
        return await rows.of(look, registration)


def _listed(said: Sequence[Mark]) -> Words:
    """Several marks in one line."""
    words = Words(f"mark.{said[0]}")
    for mark in said[1:]:
        words = Words("extras.and", {"one": words, "other": Words(f"mark.{mark}")})
    return words


CARRIES_OUT = {AddMarks: add}
