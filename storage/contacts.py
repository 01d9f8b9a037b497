"""Contacts: a person on one channel, with the state of their conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, null, select, update

from flows.state import Talk, dump, load
from storage.database import Look, Work
from storage.many import Many
from storage.tables import contacts, help_requests, outbox, registrations
from storage.upsert import upsert

# Words from before the consent are kept for at most 30 minutes: so long they can be used, then the next sweep (every
# 5 minutes) takes them.
KEEP_HELD = timedelta(minutes=24)

KEEP_NAMELESS = timedelta(days=1)  # so that the last answer still reaches them
MOST_DROPPED = 500  # in one sweep, so that nobody waits for it

# Why the row of a contact is kept at all.
_KEPT_FOR = (
    contacts.c.person,
    contacts.c.state,
    contacts.c.held,
    contacts.c.consented_at,
    contacts.c.stopped_at,
)

Address = tuple[str, str]  # the channel, and how the channel names the person


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of contacts. `talk.language` is "" for somebody who has never been answered; `request` is the open help
    request that their words go to, `spoke_at` when they last wrote; `registrar` says that they have
    signed up other people.
    """

    id: int
    channel: str
    address: str
    person: int | None
    request: int | None
    spoke_at: datetime | None
    consented_at: datetime | None
    held_until: datetime | None
    talk: Talk
    registrar: bool = False


async def lock(work: Work, addresses: Iterable[Address], now: datetime) -> dict[Address, Contact]:
    """The contacts at those addresses, made where there are none, locked until the work is over.

    They are locked in the order of their ids, so that two processes with the same people never wait for each other.
    """
    wanted = set(addresses)
    found = await _locked(work, wanted, now)
    missing = sorted(wanted - found.keys())
    if missing:
        insert = upsert(work, contacts).on_conflict_do_nothing(index_elements=["channel", "address"])
        fresh = [
            {"channel": channel, "address": address, "language": "", "created_at": now} for channel, address in missing
        ]
        await work.db.execute(insert, fresh)
        found |= await _locked(work, set(missing), now)
    return found


async def save(work: Work, changed: Mapping[int, tuple[Contact, Talk]], now: datetime) -> None:
    """Stores how those talks stand now: contact id → the contact as it was, and its talk after the turn."""
    await _SAVE.run(work, [_stored(work, contact, talk, now) for contact, talk in changed.values()])


async def set_person(work: Work, people: Mapping[int, int]) -> None:
    """Remembers whose contacts those are: contact id → person id."""
    await work.db.execute(_SET_PERSON, [{"_id": contact, "_person": person} for contact, person in people.items()])


async def erase_held(work: Work, now: datetime) -> int:
    """Erases what was written before a consent that never came; returns how many people that were."""
    late = (contacts.c.held.is_not(None), contacts.c.held_until <= now)
    erased = await work.db.execute(update(contacts).where(*late).values(held=None, held_until=None))
    return erased.rowcount


async def drop_nameless(work: Work, now: datetime) -> int:
    """Drops the addresses of people of whom nothing else is kept (they had their data deleted, or refused consent),
    with what was last said to them, a day after that; returns how many.
    """
    lately = select(outbox.c.id).where(outbox.c.contact == contacts.c.id, outbox.c.created_at > now - KEEP_NAMELESS)
    asked = select(help_requests.c.id).where(help_requests.c.contact == contacts.c.id)
    signed_up = select(registrations.c.id).where(registrations.c.contact == contacts.c.id)
    empty = (column.is_(None) for column in _KEPT_FOR)
    nameless = select(contacts.c.id).where(*empty, ~lately.exists(), ~asked.exists(), ~signed_up.exists())
    ids = list(await work.db.scalars(nameless.where(contacts.c.created_at < now - KEEP_NAMELESS).limit(MOST_DROPPED)))
    await work.db.execute(delete(outbox).where(outbox.c.contact.in_(ids)))
    await work.db.execute(delete(contacts).where(contacts.c.id.in_(ids)))
    return len(ids)


async def talks(look: Look, ids: Sequence[int], now: datetime) -> dict[int, Contact]:
    """The contacts with those ids, to read only."""
    found = await look.db.execute(_COLUMNS.where(contacts.c.id.in_(ids)))
    return {row.id: _contact(look, row, now) for row in found}


_COLUMNS = select(
    contacts.c.id,
    contacts.c.channel,
    contacts.c.address,
    contacts.c.person,
    contacts.c.request,
    contacts.c.spoke_at,
    contacts.c.language,
    contacts.c.state,
    contacts.c.held,
    contacts.c.held_until,
    contacts.c.consented_at,
    # Looked up where the row is read anyway: who has signed up nobody costs no statement of their own.
    select(registrations.c.id).where(registrations.c.registrar == contacts.c.id).exists().label("registrar"),
)

_AT = (
    # Not as pairs: SQLite would look through the whole table for them.
    _COLUMNS.where(
        contacts.c.channel.in_(bindparam("channels", expanding=True)),
        contacts.c.address.in_(bindparam("addresses", expanding=True)),
    )
    .order_by(contacts.c.id)
    # Nobody's turn waits for messages that are being put in for them (their foreign key needs a key share only).
    # SQLite leaves it out: there one writer works at a time anyway.
    .with_for_update(key_share=True)
)

_SAVED = (
    update(contacts)
    .where(contacts.c.id == bindparam("_id"))
    .values(
        language=bindparam("_language"),
        state=bindparam("_state"),
        held=bindparam("_held"),
        held_until=bindparam("_held_until"),
        consented_at=bindparam("_consented_at"),
        gone_at=null(),  # who writes is there again
        spoke_at=bindparam("_spoke_at"),
    )
)
_SAVE = Many(
    _SAVED,
    _SAVED,
    names=("_id", "_language", "_state", "_held", "_held_until", "_consented_at", "_spoke_at"),
    instants=("_held_until", "_consented_at", "_spoke_at"),
)

_SET_PERSON = update(contacts).where(contacts.c.id == bindparam("_id")).values(person=bindparam("_person"))


async def _locked(work: Work, addresses: set[Address], now: datetime) -> dict[Address, Contact]:
    channels, names = {channel for channel, _ in addresses}, {address for _, address in addresses}
    found = await work.db.execute(_AT, {"channels": sorted(channels), "addresses": sorted(names)})
    return {
        (row.channel, row.address): _contact(work, row, now) for row in found if (row.channel, row.address) in addresses
    }


def _contact(look: Look, row: Row[*tuple[Any, ...]], now: datetime) -> Contact:
    held = row.held is not None and row.held_until > now
    talk = Talk(
        state=load(look.seal.open(row.state)) if row.state is not None else None,
        held=look.seal.open_text(row.held) if held else None,
        consented=row.consented_at is not None,
        language=row.language,
    )
    return Contact(
        id=row.id,
        channel=row.channel,
        address=row.address,
        person=row.person,
        request=row.request,
        spoke_at=row.spoke_at,
        consented_at=row.consented_at,
        held_until=row.held_until,
        talk=talk,
        registrar=bool(row.registrar),
    )


def _stored(work: Work, contact: Contact, talk: Talk, now: datetime) -> dict[str, object]:
    held_until = contact.held_until if contact.talk.held is not None else now + KEEP_HELD  # more words, no more time
    return {
        "_id": contact.id,
        "_language": talk.language,
        "_state": work.seal.seal(dump(talk.state)) if talk.state else None,
        "_held": work.seal.seal_text(talk.held) if talk.held else None,
        "_held_until": held_until if talk.held else None,
        "_consented_at": (contact.consented_at or now) if talk.consented else None,
        "_spoke_at": now,
    }
