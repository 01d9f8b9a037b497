"""Due rows: which reminder of which stop is to go out when, one row a (stop, rule), and its fan-out into the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, String, bindparam, cast, func, insert, literal, or_, select, update

from domain.notices import Occasion, Priority
from domain.reminders import Due
from domain.rosters import DueLine
from domain.trips import TripStatus
from storage.database import Look, Work
from storage.outbox import OUTBOX, State
from storage.seats import reach
from storage.tables import contacts, due, outbox, registrations, seats, trips
from storage.upsert import upsert

CHUNK = 2000  # seats that one statement reminds: a whole train

WAITING, DONE, MISSED, DROPPED = "waiting", "done", "missed", "dropped"


@dataclass(frozen=True, slots=True)
class Taken:
    """A due row in hand: nobody else takes it before this unit of work is over."""

    id: int
    stop: int
    rule: str
    boards_at: datetime
    due_at: datetime
    lapses_at: datetime
    cursor: int
    revision: int


@dataclass(frozen=True, slots=True)
class About:
    """What the outbox row of a reminder carries in its values: with another hour it says nothing any more."""

    rule: str
    boards_at: datetime


async def arrange(work: Work, trip: int, planned: Sequence[Due], now: datetime) -> None:
    """Makes these the reminders of the trip, whose row is locked. What waits for another hour, or by a rule that is
    switched off, is dropped; what has been sent or missed stays. One whose time has passed is not made any more: what
    people are told at this moment covers it.
    """
    wanted = {(one.stop, one.rule, one.boards_at): one for one in planned}
    rows = (await work.db.execute(select(due).where(due.c.trip == trip))).all()
    stand = {(row.stop, row.rule, row.boards_at): row for row in rows}
    dropped = [row.id for key, row in stand.items() if row.state == WAITING and key not in wanted]
    again = [
        {"row": stand[key].id, "at": one.due_at, "until": one.lapses_at}
        for key, one in wanted.items()
        if key in stand and (stand[key].state == WAITING or (stand[key].state == DROPPED and one.due_at > now))
    ]
    new = [
        {
            "trip": trip,
            "stop": one.stop,
            "rule": one.rule,
            "boards_at": one.boards_at,
            "due_at": one.due_at,
            "lapses_at": one.lapses_at,
            "state": WAITING,
        }
        for key, one in wanted.items()
        if key not in stand and one.due_at > now
    ]
    open_still = or_(due.c.state == WAITING, due.c.state == DROPPED)  # a tick may have sent it since it was read
    if dropped:
        await work.db.execute(update(due).where(due.c.id.in_(dropped), open_still).values(state=DROPPED, ended_at=now))
    if again:
        await work.db.execute(
            update(due)
            .where(due.c.id == bindparam("row"), open_still)
            .values(state=WAITING, due_at=bindparam("at"), lapses_at=bindparam("until"), ended_at=None),
            again,
        )
    if new:
        await work.db.execute(insert(due), new)


async def anything(look: Look, now: datetime) -> bool:
    """Whether any reminder's time has come."""
    return bool(await look.db.scalar(select(select(due.c.id).where(_come(now)).exists())))


async def miss(work: Work, now: datetime) -> None:
    """Marks what is of no use any more; staff see it on the trip's page."""
    await work.db.execute(
        update(due)
        .where(due.c.state == WAITING, due.c.due_at <= now, due.c.lapses_at <= now, due.c.trip.is_not(None))
        .values(state=MISSED, ended_at=now)
    )


async def take(work: Work, now: datetime, silent: Collection[str]) -> Taken | None:
    """The next reminder whose time has come, None where there is none; `silent` rules wait."""
    statement = (
        select(due, trips.c.revision)
        .join(trips, trips.c.id == due.c.trip)
        .where(_come(now), due.c.rule.not_in(silent), trips.c.status == TripStatus.PUBLISHED)
        .order_by(due.c.due_at, due.c.id)
        .limit(1)
        .with_for_update(of=due, skip_locked=True)
    )
    row = (await work.db.execute(statement)).one_or_none()
    if row is None:
        return None
    return Taken(row.id, row.stop, row.rule, row.boards_at, row.due_at, row.lapses_at, row.cursor, row.revision)


async def fan_out(work: Work, taken: Taken, now: datetime) -> int:
    """Puts the reminder of the next chunk of people into the outbox and moves the cursor on; after the last chunk the
    row is done. Returns how many messages were put there. Left out are people who said that they don't come, who
    wanted no more messages, and who were put on the trip after the reminder's time (they were told everything then).
    """
    chunk = (
        select(seats.c.id)
        .where(seats.c.stop == taken.stop, seats.c.id > taken.cursor)
        .order_by(seats.c.id)
        .limit(CHUNK)
        .subquery()
    )
    last: int | None = await work.db.scalar(select(func.max(chunk.c.id)))
    if last is None:
        await work.db.execute(update(due).where(due.c.id == taken.id).values(state=DONE, ended_at=now))
        return 0
    told = await _put(work, taken, last, now)
    await work.db.execute(update(due).where(due.c.id == taken.id).values(cursor=last))
    return told


async def of_trip(look: Look, trip: int) -> tuple[DueLine, ...]:
    """The reminders of a trip that were made for it, but for those that were dropped."""
    statement = (
        select(due.c.stop, due.c.rule, due.c.due_at, due.c.state)
        .where(due.c.trip == trip, due.c.state != DROPPED)
        .order_by(due.c.due_at, due.c.id)
    )
    return tuple(DueLine(*row) for row in await look.db.execute(statement))


async def _put(work: Work, taken: Taken, last: int, now: datetime) -> int:
    stem = f"r:{taken.rule}:{taken.stop}:{int(taken.boards_at.timestamp())}:"
    about = work.seal.seal(msgspec.json.encode(About(taken.rule, taken.boards_at)))
    columns: dict[str, ColumnElement[Any]] = {
        "once": literal(stem) + cast(seats.c.registration, String),
        "contact": contacts.c.id,
        "channel": contacts.c.channel,
        "priority": _fixed("priority", Priority.REMINDER.value),
        "occasion": _fixed("occasion", Occasion.REMINDER.value),
        "ref": seats.c.id,
        "revision": _fixed("revision", taken.revision),
        "values": _fixed("values", about),
        "not_before": _fixed("not_before", now),
        "expires_at": _fixed("expires_at", taken.lapses_at),
        "state": _fixed("state", State.QUEUED.value),
        "created_at": _fixed("created_at", now),
    }
    chosen = (
        select(*columns.values())
        .select_from(seats)
        .join(registrations, registrations.c.id == seats.c.registration)
        .join(contacts, contacts.c.id == reach())
        .where(
            seats.c.stop == taken.stop,
            seats.c.id > taken.cursor,
            seats.c.id <= last,
            seats.c.freed_at.is_(None),
            seats.c.created_at <= taken.due_at,
            contacts.c.stopped_at.is_(None),
        )
    )
    put = await work.db.execute(
        upsert(work, outbox).from_select(list(columns), chosen).on_conflict_do_nothing(index_elements=["once"])
    )
    work.wake(OUTBOX)
    return put.rowcount


def _fixed(column: str, value: object) -> ColumnElement[Any]:
    """A value that is the same in every row."""
    return literal(value, outbox.c[column].type)


def _come(now: datetime) -> ColumnElement[bool]:
    return (due.c.state == WAITING) & (due.c.due_at <= now) & due.c.trip.is_not(None)
