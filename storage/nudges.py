"""Due rows of single people: a nudge to finish a sign-up, and the question for a day that was left open.

A nudge belongs to a contact. One that is moved on is dropped and planned anew, counted from the person's last message:
so the rows of a sign-up that was cancelled and of the next one meet on one moment, where they are one. The question for
the day belongs to a registration alone: who is asked is seen when it is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.nudges import NUDGES, UNDECIDED, Nudge, Span
from domain.registrations import Status
from flows.state import Talk, load
from storage.database import Look, Work
from storage.due import DONE, DROPPED, WAITING
from storage.many import Many
from storage.seats import reach
from storage.tables import contacts, due, registrations, seats

CHUNK = 500  # people in one transaction of the tick


@dataclass(frozen=True, slots=True)
class Person:
    """How the talk of a contact stands, and when they spoke last; `reachable`: neither gone nor stopped messages."""

    channel: str
    talk: Talk
    spoke_at: datetime | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class DueNudge:
    """A nudge whose time has come."""

    id: int
    contact: int
    nudge: Nudge
    span: Span
    person: Person


@dataclass(frozen=True, slots=True)
class DueQuestion:
    """An undecided registration whose person is to be asked; `contact` is None where nobody is to be asked any more."""

    id: int
    registration: int
    span: Span
    contact: int | None
    channel: str | None


# ── Planning ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_PLAN = Many(
    sqlite.insert(due).inline().on_conflict_do_nothing(index_elements=["contact", "rule", "due_at"]),
    postgresql.insert(due).inline().on_conflict_do_nothing(index_elements=["contact", "rule", "due_at"]),
    names=("contact", "rule", "due_at", "lapses_at", "state"),
    instants=("due_at", "lapses_at"),
)


async def plan(work: Work, nudges: Sequence[tuple[int, Nudge, Span]]) -> None:
    """Writes down who (contact) is to be nudged by which rule and when; what stands there already stays."""
    await _PLAN.run(
        work,
        [
            {
                "contact": contact,
                "rule": nudge.name,
                "due_at": span.due_at,
                "lapses_at": span.lapses_at,
                "state": WAITING,
            }
            for contact, nudge, span in nudges
        ],
    )


async def plan_question(work: Work, numbers: Sequence[str], span: Span) -> None:
    """Writes down that those registrations (by their numbers) are asked for their day: those that have none, and each
    once.
    """
    asked = exists().where(due.c.registration == registrations.c.id, due.c.rule == UNDECIDED, due.c.state != DROPPED)
    columns = {
        "registration": registrations.c.id,
        "rule": literal(UNDECIDED),
        "due_at": literal(span.due_at, due.c.due_at.type),
        "lapses_at": literal(span.lapses_at, due.c.lapses_at.type),
        "state": literal(WAITING),
    }
    chosen = select(*columns.values()).where(registrations.c.number.in_(numbers), _undecided(), ~asked)
    await work.db.execute(insert(due).from_select(list(columns), chosen))


async def forget(work: Work, ids: Sequence[int]) -> None:
    """Takes away what is due for those contacts."""
    await work.db.execute(delete(due).where(due.c.contact.in_(ids)))


# ── Taking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def anything(look: Look, now: datetime) -> bool:
    """Whether the time of anything has come."""
    rules = [*NUDGES, UNDECIDED]
    return bool(await look.db.scalar(select(select(due.c.id).where(_come(now), due.c.rule.in_(rules)).exists())))


async def take(work: Work, now: datetime) -> tuple[DueNudge, ...]:
    """The next nudges whose time has come; nobody else takes them before this unit of work is over."""
    rows = await _taken(work, now, list(NUDGES))
    if not rows:
        return ()
    found = await people(work, sorted({row.contact for row in rows}))
    return tuple(
        DueNudge(
            row.id,
            row.contact,
            NUDGES[row.rule],
            Span(row.due_at, row.lapses_at),
            found[row.contact],
        )
        for row in rows
    )


async def take_questions(work: Work, now: datetime) -> tuple[DueQuestion, ...]:
    """The next registrations whose person is to be asked for the day, taken as nudges are."""
    rows = await _taken(work, now, [UNDECIDED])
    if not rows:
        return ()
    seated = exists().where(seats.c.registration == registrations.c.id, seats.c.freed_at.is_(None))
    asked = (
        select(registrations.c.id, contacts.c.id.label("contact"), contacts.c.channel)
        .join(contacts, contacts.c.id == reach())
        .where(registrations.c.id.in_([row.registration for row in rows]))
        .where(_undecided(), ~seated, contacts.c.stopped_at.is_(None))
    )
    told = {row.id: (row.contact, row.channel) for row in await work.db.execute(asked)}
    return tuple(
        DueQuestion(
            row.id, row.registration, Span(row.due_at, row.lapses_at), *told.get(row.registration, (None, None))
        )
        for row in rows
    )


async def _taken(work: Work, now: datetime, rules: Sequence[str]) -> Sequence[Row[Any]]:
    """A chunk of the rows themselves: what they are about is looked up afterwards, for this chunk alone."""
    statement = (
        select(due)
        .where(_come(now), due.c.rule.in_(rules))
        .order_by(due.c.due_at)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    return (await work.db.execute(statement)).all()


async def end(work: Work, told: Sequence[int], dropped: Sequence[int], now: datetime) -> None:
    """Writes down which of the rows in hand went out, and which are of no use any more."""
    for ids, state in ((told, DONE), (dropped, DROPPED)):
        if ids:
            await work.db.execute(update(due).where(due.c.id.in_(ids)).values(state=state, ended_at=now))


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def people(look: Look, ids: Sequence[int]) -> dict[int, Person]:
    """How those contacts stand at this moment."""
    found = await look.db.execute(select(contacts.c.id, *_PERSON).where(contacts.c.id.in_(ids)))
    return {row.id: _person(look, row) for row in found}


async def undecided(look: Look, ids: Sequence[int]) -> dict[int, str]:
    """Those of the registrations that still have no day: id → number."""
    found = await look.db.execute(
        select(registrations.c.id, registrations.c.number).where(registrations.c.id.in_(ids), _undecided())
    )
    return {row.id: row.number for row in found}


_PERSON = (
    contacts.c.channel,
    contacts.c.language,
    contacts.c.state.label("talk"),
    contacts.c.consented_at,
    contacts.c.spoke_at,
    or_(contacts.c.gone_at.is_not(None), contacts.c.stopped_at.is_not(None)).label("out_of_reach"),
)


def _person(look: Look, row: Row[Any]) -> Person:
    state = load(look.seal.open(row.talk)) if row.talk is not None else None
    talk = Talk(state=state, consented=row.consented_at is not None, language=row.language)
    return Person(row.channel, talk, row.spoke_at, not row.out_of_reach)


def _undecided() -> ColumnElement[bool]:
    return and_(registrations.c.status == Status.ACTIVE, registrations.c.undecided)


def _come(now: datetime) -> ColumnElement[bool]:
    return and_(due.c.state == WAITING, due.c.due_at <= now)
