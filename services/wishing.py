"""What people ask of the service itself: silence, to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from domain.wishes import Erase, Silence
from flows.flow import Done
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import nudges, people, takeovers
from storage.database import Work
from storage.tables import contacts, help_requests, outbox, registrations, seats


async def silence(work: Work, desk: Desk, asked: Sequence[Asked[Silence]]) -> list[Outcome]:
    """Stops notices and reminders for people, or lets them come again."""
    for on in (True, False):
        ids = [one.contact for one in asked if one.command.on is on]
        if ids:
            stopped = desk.now() if on else None
            await work.db.execute(update(contacts).where(contacts.c.id.in_(ids)).values(stopped_at=stopped))
    return [Done("silence.on" if one.command.on else "silence.off") for one in asked]


async def erase(work: Work, _desk: Desk, asked: Sequence[Asked[Erase]]) -> list[Outcome]:
    """Deletes what is stored of those people: registrations, seats, requests with all that was said in them,
    what was said to them, name and phone.

    What they registered for others stays: it is these people's wish to travel, and their codes still work; only who
    made it is forgotten.
    Only the address stays, so that this answer can still reach them; the sweep takes it later.
    """
    ids = [one.contact for one in asked]
    await takeovers.forget_registrars(work, ids)
    signed_up = registrations.c.contact.in_(ids)
    owners = set(await work.db.scalars(select(registrations.c.person).where(signed_up)))
    theirs = select(registrations.c.id).where(signed_up).scalar_subquery()
    await work.db.execute(delete(seats).where(seats.c.registration.in_(theirs)))
    await work.db.execute(delete(registrations).where(signed_up))
    await work.db.execute(delete(help_requests).where(help_requests.c.contact.in_(ids)))
    await nudges.forget(work, ids)
    await work.db.execute(delete(outbox).where(outbox.c.contact.in_(ids)))
    await work.db.execute(
        update(contacts).where(contacts.c.id.in_(ids)).values(person=None, stopped_at=None, request=None)
    )
    await people.drop_unused(work, list(owners))
    return [Done("erase.done", forget=True) for _ in asked]


CARRIES_OUT = {Silence: silence, Erase: erase}
