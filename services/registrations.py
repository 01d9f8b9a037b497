"""Registrations at the office: found, looked at, corrected, cancelled."""

from __future__ import annotations

from datetime import datetime

from domain.days import today
from domain.ledger import RegistrationList, RegistrationPage, RegistrationSearch, Standing
from domain.refusals import Faults, NotFound, Refused
from domain.registrations import Status, Wish, clashing
from domain.scope import Scope
from services import nudging, seats
from services.desk import Desk
from services.registering import area_of
from storage import companions, people, registrations
from storage import registration_lists as rows
from storage import seats as seat_rows
from storage.database import Database, Work


async def find(scope: Scope, database: Database, search: RegistrationSearch) -> RegistrationList:
    """One page of registrations, the newest first; names and phones are masked."""
    async with database.look() as look:
        return await rows.found(scope, look, search)


async def show(scope: Scope, database: Database, registration: int) -> RegistrationPage:
    """One registration in clear. Raises NotFound."""
    async with database.look() as look:
        page = await rows.one(scope, look, registration)
    if page is None:
        raise NotFound
    return page


async def correct(scope: Scope, database: Database, desk: Desk, registration: int, wish: Wish, seen: datetime) -> None:
    """Stores the corrected wish; `seen` is `changed_at` of the page that was corrected, so that what the person changed
    meanwhile isn't undone. It belongs to the county where the person gets on, then as before.
    Raises NotFound, Refused("registration.cancelled" | "registration.changed_meanwhile") and Faults (day, party).
    """
    async with database.work() as work:
        page = await _open(scope, work, registration)
        if page.changed_at != seen:
            raise Refused("registration.changed_meanwhile")
        if faults := _faults(page, wish):
            raise Faults(faults)
        now = desk.now()
        who = people.who(wish)
        person = (await people.keep(work, [who], now))[who]
        same = (await people.rows_of(work, [who]))[who]
        theirs = await registrations.of_people(work, sorted(same), now)
        if clash := clashing(wish, [one for some in theirs.values() for one in some if one.id != page.id]):
            raise Faults({"day": Refused("registration.same_days", number=clash.number)})
        area = page.area if wish.origin == page.wish.origin else area_of(desk, wish.origin)
        await registrations.change(work, page.id, registrations.columns(wish) | {"area": area, "changed_at": now})
        await companions.drop_surplus(work, page.id, wish.party)
        await nudging.plan_question(work, [page.number] if wish.window.undecided else [], now)
        if person != page.person:
            await people.replace(work, page.id, page.person, person)
        await work.commit()


async def cancel(scope: Scope, database: Database, desk: Desk, registration: int) -> None:
    """Cancels a registration; a seat that it has is given back first and the person is told as of any released seat.
    Should they take it back between the two, it is given back again. Cancelling twice changes nothing. Raises NotFound.
    """
    page = await show(scope, database, registration)
    if page.standing is Standing.CANCELLED:
        return
    if page.aboard is not None:
        of_the_trip = Scope(page.aboard.area, scope.staff)  # a county's people may sit on a trip of the city
        await seats.release(of_the_trip, database, desk, page.aboard.seat)
    async with database.work() as work:
        await rows.lock(work, registration)
        await registrations.change(work, page.id, {"status": Status.CANCELLED, "changed_at": desk.now()})
        await seat_rows.free_registrations(work, [page.id], desk.now())
        await work.commit()


async def _open(scope: Scope, work: Work, registration: int) -> RegistrationPage:
    await rows.lock(work, registration)
    page = await rows.one(scope, work, registration)
    if page is None:
        raise NotFound
    if page.standing is Standing.CANCELLED:
        raise Refused("registration.cancelled")
    return page


def _faults(page: RegistrationPage, wish: Wish) -> dict[str, Refused]:
    """What can't be changed while there is a seat: it was given for so many people on that day."""
    if page.aboard is None:
        return {}
    faults: dict[str, Refused] = {}
    if wish.party > page.wish.party:
        faults["party"] = Refused("registration.seated_party", code=page.aboard.code)
    if not wish.window.holds(today(page.aboard.departs_at)):
        faults["day"] = Refused("registration.seated_day", code=page.aboard.code)
    return faults
