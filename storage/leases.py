"""Leases: one process at a time does a thing, and a fence number tells what an earlier holder left behind.

Time is the database's own, on both databases: the clocks of several machines differ. A fence only grows. On SQLite
there is only one process (a second one is refused at start): whoever held a lease before is dead, it is taken at once.

On PostgreSQL a process that is stopped inside a transaction would keep its locks, and with them everybody who waits
for the lease, for as long as it sleeps: the server ends such a transaction when it has been idle for a lease's length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select, text, true, update

from storage.database import Work
from storage.tables import leases
from storage.upsert import upsert

LEASE = timedelta(seconds=10)  # a holder that dies is replaced after this long; it renews three times in it


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was taken: its name, who holds it, its fence, and how long it lasts without being renewed."""

    name: str
    holder: str
    fence: int
    lasts: timedelta = LEASE


class Outdated(Exception):  # noqa: N818 - not an error: somebody else does the work now
    """The lease has run out, or another holder has it: nothing more may be done with it."""


_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now'{shift}) || '000'"  # as SQLAlchemy writes datetimes there


def _clock(work: Work, after: timedelta = timedelta(0)) -> ColumnElement[Any]:
    """The database's time at this moment (not when the transaction began), and some time after it."""
    if work.sqlite:
        shift = f", '+{after.total_seconds():.3f} seconds'" if after else ""
        return literal_column(_SQLITE_NOW.format(shift=shift), leases.c.until.type)
    return func.clock_timestamp(type_=leases.c.until.type) + literal_column(f"interval '{after.total_seconds():.3f} s'")


async def take(work: Work, name: str, holder: str, lasts: timedelta = LEASE) -> Lease | None:
    """Takes the lease where it is free or has run out, with a fence above every earlier one; None where another
    holder has it. Taking it again oneself gives a new fence as well: what the old one was used for is over.
    """
    until = _clock(work, lasts)
    free = true() if work.sqlite else or_(leases.c.until < _clock(work), leases.c.holder == holder)
    statement = (
        upsert(work, leases)
        .values(name=name, holder=holder, fence=1, until=until)
        .on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"holder": holder, "fence": leases.c.fence + 1, "until": until},
            where=free,
        )
        .returning(leases.c.fence)
    )
    await never_asleep(work, lasts)
    fence = (await work.db.execute(statement)).scalar_one_or_none()
    return None if fence is None else Lease(name, holder, fence, lasts)


async def renew(work: Work, lease: Lease) -> None:
    """Makes the lease last from now on. Raises Outdated where somebody else has taken it meanwhile."""
    longer = update(leases).where(*_theirs(lease)).values(until=_clock(work, lease.lasts))
    await never_asleep(work, lease.lasts)
    if not (await work.db.execute(longer)).rowcount:
        raise Outdated(lease.name)


async def check(work: Work, lease: Lease) -> None:
    """Makes sure that the lease stands until this work is committed: nobody can take it before. Raises Outdated."""
    standing = select(leases.c.fence).where(*_theirs(lease), leases.c.until > _clock(work)).with_for_update()
    await never_asleep(work, lease.lasts)
    if (await work.db.execute(standing)).first() is None:
        raise Outdated(lease.name)


async def never_asleep(work: Work, longest: timedelta) -> None:
    """Has the server end this work where its process sleeps in it for so long (SQLite: nobody waits for it there)."""
    if not work.sqlite:
        await work.db.execute(_NEVER_ASLEEP, {"longest": f"{longest.total_seconds() * 1000:.0f}"})


_NEVER_ASLEEP = text("SELECT set_config('idle_in_transaction_session_timeout', :longest, true)")  # milliseconds


async def release(work: Work, lease: Lease) -> None:
    """Lets the next one have it at once. The row stays, so that the fence goes on growing."""
    await never_asleep(work, lease.lasts)
    await work.db.execute(update(leases).where(*_theirs(lease)).values(until=_clock(work)))


def _theirs(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return leases.c.name == lease.name, leases.c.holder == lease.holder, leases.c.fence == lease.fence
