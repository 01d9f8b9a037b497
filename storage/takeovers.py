"""Codes with which people take over what others registered for them: only their keyed hashes are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, insert, select, update

from domain.registrations import Status
from storage.database import Look, Work
from storage.tables import registrations, takeovers

KEEP = timedelta(days=30)  # after a code has run out: so long who comes late is told that it has

_HASH = "takeover"


@dataclass(frozen=True, slots=True)
class Takeover:
    """A code that was given out, and how its registration stands: `contact` is told of it, `registrar` made it (None
    once they had their data deleted).
    """

    registration: int
    expires_at: datetime
    used: bool
    active: bool
    person: int
    contact: int | None
    registrar: int | None

    @property
    def taken(self) -> bool:
        """Whether somebody has taken the registration over already."""
        return self.used or (self.contact is not None and self.contact != self.registrar)


async def put(work: Work, codes: Mapping[str, int], expires_at: datetime) -> None:
    """Stores new codes: code → registration."""
    rows = [
        {"code_hash": work.seal.hash(_HASH, code), "registration": one, "expires_at": expires_at}
        for code, one in codes.items()
    ]
    if rows:
        await work.db.execute(insert(takeovers), rows)


async def end(work: Work, registration: int, now: datetime) -> None:
    """The codes that were given out for that registration before are good no more."""
    good = (takeovers.c.registration == registration, takeovers.c.expires_at > now)
    await work.db.execute(update(takeovers).where(*good).values(expires_at=now))


async def behind(look: Look, codes: Sequence[str]) -> dict[str, int]:
    """Code → the registration that it was given out for."""
    hashes = {look.seal.hash(_HASH, code): code for code in codes}
    wanted = select(takeovers.c.code_hash, takeovers.c.registration).where(takeovers.c.code_hash.in_(list(hashes)))
    return {hashes[bytes(row.code_hash)]: row.registration for row in await look.db.execute(wanted)}


async def of_code(look: Look, code: str) -> Takeover | None:
    """What stands behind that code now; None where it was never given out."""
    r = registrations.c
    wanted = (
        select(takeovers, r.status, r.person, r.contact, r.registrar)
        .join(registrations, r.id == takeovers.c.registration)
        .where(takeovers.c.code_hash == look.seal.hash(_HASH, code))
    )
    row = (await look.db.execute(wanted)).one_or_none()
    if row is None:
        return None
    return Takeover(
        registration=row.registration,
        expires_at=row.expires_at,
        used=row.used_at is not None,
        active=row.status == Status.ACTIVE,
        person=row.person,
        contact=row.contact,
        registrar=row.registrar,
    )


async def use(work: Work, registration: int, contact: int, now: datetime) -> None:
    """The registration belongs to that contact from now on, and all its codes are used up."""
    await work.db.execute(update(registrations).where(registrations.c.id == registration).values(contact=contact))
    mine = (takeovers.c.registration == registration, takeovers.c.used_at.is_(None))
    await work.db.execute(update(takeovers).where(*mine).values(used_at=now))


async def forget_registrars(work: Work, contacts: Sequence[int]) -> None:
    """What those contacts registered for others is nobody's but these people's; who has not taken theirs over yet can
    be reached by the office alone until they do.
    """
    r = registrations.c
    kept = case((r.contact == r.registrar, None), else_=r.contact)
    forgotten = {"contact": kept, "registrar": None, "registrar_name": None}
    await work.db.execute(update(registrations).where(r.registrar.in_(contacts)).values(forgotten))


async def forget(work: Work, now: datetime) -> int:
    """Drops the codes that ran out long ago; returns how many."""
    return (await work.db.execute(delete(takeovers).where(takeovers.c.expires_at < now - KEEP))).rowcount
