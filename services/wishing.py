"""What people ask of the service beside transport: a person to talk to, silence, to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from domain.people import Phone
from domain.wishes import AskPerson, Erase, Silence
from flows.flow import Done
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import nudges, people
from storage.database import Work
from storage.tables import contacts, help_requests, outbox, registrations, seats

PERSON = "person"  # the kind of help request that asks for somebody to talk to


async def ask_person(work: Work, desk: Desk, asked: Sequence[Asked[AskPerson]]) -> list[Outcome]:
    """Puts people on the staff's list, each at most once until they have been answered."""
    ids = [one.contact for one in asked]
    open_ones = select(help_requests.c.contact).where(
        help_requests.c.contact.in_(ids), help_requests.c.kind == PERSON, help_requests.c.closed_at.is_(None)
    )
    waiting = set(await work.db.scalars(open_ones))
    fresh = [contact for contact in dict.fromkeys(ids) if contact not in waiting]
    if fresh:
        areas = await _areas(work, fresh)
        row = {"kind": PERSON, "created_at": desk.now()}
        home = desk.office.area
        rows = [row | {"contact": contact, "area": areas.get(contact, home)} for contact in fresh]
        await work.db.execute(help_requests.insert(), rows)
    return [Done("person.done", {"phone": Phone(desk.office.phone, work=True)}) for _ in asked]


async def _areas(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Where those of the contacts belong who have signed up: their county looks after them."""
    signed_up = select(registrations.c.contact, registrations.c.area).where(registrations.c.contact.in_(ids))
    found = await work.db.execute(signed_up.order_by(registrations.c.id))
    return {row.contact: row.area for row in found}


async def silence(work: Work, desk: Desk, asked: Sequence[Asked[Silence]]) -> list[Outcome]:
    """Stops notices and reminders for people, or lets them come again."""
    for on in (True, False):
        ids = [one.contact for one in asked if one.command.on is on]
        if ids:
            stopped = desk.now() if on else None
            await work.db.execute(update(contacts).where(contacts.c.id.in_(ids)).values(stopped_at=stopped))
    return [Done("silence.on" if one.command.on else "silence.off") for one in asked]


async def erase(work: Work, _desk: Desk, asked: Sequence[Asked[Erase]]) -> list[Outcome]:
    """Deletes what is stored of those people: registrations, seats, requests, what was said to them, name and phone.

    Only the address stays, so that this answer can still reach them; the sweep takes it later.
    """
    ids = [one.contact for one in asked]
    signed_up = registrations.c.contact.in_(ids)
    owners = set(await work.db.scalars(select(registrations.c.person).where(signed_up)))
    theirs = select(registrations.c.id).where(signed_up).scalar_subquery()
    await work.db.execute(delete(seats).where(seats.c.registration.in_(theirs)))
    await work.db.execute(delete(registrations).where(signed_up))
    await work.db.execute(delete(help_requests).where(help_requests.c.contact.in_(ids)))
    await nudges.forget(work, ids)
    await work.db.execute(delete(outbox).where(outbox.c.contact.in_(ids)))
    await work.db.execute(update(contacts).where(contacts.c.id.in_(ids)).values(person=None, stopped_at=None))
    await people.drop_unused(work, list(owners))
    return [Done("erase.done", forget=True) for _ in asked]


CARRIES_OUT = {AskPerson: ask_person, Silence: silence, Erase: erase}
