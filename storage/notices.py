"""Notices: stored and found, who reads them, and their fan-out into the outbox in chunks.

The fan-out walks along an index, either of areas or of destinations, both with the registration's id behind: each
chunk is a stretch of it, of so many registrations at most whether they match or not, so that no chunk takes long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from domain.notices import Audience, NoticeStatus, Occasion, Priority
from domain.refusals import NotFound
from domain.registrations import Status
from domain.rosters import Notice, Readers
from domain.scope import Scope, span
from storage.database import Look, Work
from storage.outbox import OUTBOX, State
from storage.seats import holds, reach, seated
from storage.tables import contacts, notices, outbox, registrations, seats
from storage.upsert import upsert

NOTICES = "notices"  # the wake topic of those who spread
PAGE = 50  # notices on one page of the list
END = 2**62  # the cursor of a notice that has been spread to its last reader
ONE_AREA = 10**12  # the cursor holds code * ONE_AREA + registration
AREAS_AT_ONCE = 8  # a chunk goes along so many at most: each costs three statements however few people live there


@dataclass(frozen=True, slots=True)
class Spreading:
    """A notice in hand, as its fan-out needs it: nobody else takes it before this unit of work is over. `held` says
    that some of its messages are still held from a pause.
    """

    id: int
    area: str
    audience: Audience
    status: NoticeStatus
    expires_at: datetime | None
    cursor: int
    held: bool = False


# ── Stored and found ─────────────────────────────────────────────────────────────────────────────────────────────────


async def add(work: Work, area: str, author: int, audience: Audience, zh: str, en: str, now: datetime) -> int:
    """Stores a new draft and returns its id."""
    made = await work.db.scalar(
        insert(notices)
        .values(
            area=area,
            author=author,
            audience=msgspec.json.encode(audience).decode(),
            zh=zh,
            en=en,
            status=NoticeStatus.DRAFT,
            created_at=now,
        )
        .returning(notices.c.id)
    )
    return int(made or 0)


async def change(work: Work, notice: int, **columns: object) -> None:
    """Stores other values for those columns (an Audience as it is)."""
    audience = columns.get("audience")
    if isinstance(audience, Audience):
        columns["audience"] = msgspec.json.encode(audience).decode()
    await work.db.execute(update(notices).where(notices.c.id == notice).values(**columns))


async def of_scope(scope: Scope, look: Look, notice: int, *, lock: bool = False) -> Notice:
    """The notice, which nobody else changes meanwhile if `lock` (in a unit of work). Raises NotFound."""
    statement = select(notices).where(notices.c.id == notice, notices.c.area.between(scope.low, scope.high))
    if lock:
        statement = statement.with_for_update()
    row = (await look.db.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return _notice(row)


async def newest(scope: Scope, look: Look, after: int | None) -> tuple[Notice, ...]:
    """A page of notices, the newest first."""
    statement = select(notices).where(notices.c.area.between(scope.low, scope.high))
    if after is not None:
        statement = statement.where(notices.c.id < after)
    return tuple(_notice(row) for row in await look.db.execute(statement.order_by(notices.c.id.desc()).limit(PAGE)))


async def texts(look: Look, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Notice → its words in Chinese and English ("" where there are none)."""
    rows = await look.db.execute(select(notices.c.id, notices.c.zh, notices.c.en).where(notices.c.id.in_(ids)))
    return {row.id: (row.zh, row.en) for row in rows}


async def readers(look: Look, area: str, audience: Audience) -> Readers:
    """Who would read it now: chats are counted once however many registrations lead to them."""
    chosen = _readers(area, audience).add_columns(reach().label("chat"), _ever().label("ever")).subquery()
    kind = case(
        (contacts.c.stopped_at.is_not(None), "stopped"),
        (contacts.c.id.is_not(None), "reached"),
        (chosen.c.ever, "gone"),
        else_="without",
    )
    found = (
        select(kind.label("kind"), func.coalesce(contacts.c.language, "").label("language"), contacts.c.id)
        .select_from(chosen.outerjoin(contacts, contacts.c.id == chosen.c.chat))
        .subquery()
    )
    statement = select(found.c.kind, found.c.language, func.count(found.c.id.distinct()), func.count()).group_by(
        found.c.kind, found.c.language
    )
    rows = (await look.db.execute(statement)).all()
    return Readers(
        reached=sum(chats for kind, _, chats, _ in rows if kind == "reached"),
        stopped=sum(chats for kind, _, chats, _ in rows if kind == "stopped"),
        gone=sum(number for kind, _, _, number in rows if kind == "gone"),
        without_chat=sum(number for kind, _, _, number in rows if kind == "without"),
        languages=tuple(sorted((language, chats) for kind, language, chats, _ in rows if kind == "reached")),
    )


# ── Spreading ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def anything(look: Look, now: datetime) -> bool:
    """Whether any notice has something to be done for it."""
    return bool(await look.db.scalar(select(select(notices.c.id).where(_waits(now)).exists())))


async def take(work: Work, now: datetime) -> Spreading | None:
    """The oldest notice that has something to be done for it, None where there is none or others have them all."""
    statement = select(notices, _some(State.HELD).label("held")).where(_waits(now)).order_by(notices.c.id).limit(1)
    row = (await work.db.execute(statement.with_for_update(skip_locked=True))).one_or_none()
    if row is None:
        return None
    return Spreading(
        id=row.id,
        area=row.area,
        audience=msgspec.json.decode(row.audience, type=Audience),
        status=NoticeStatus(row.status),
        expires_at=row.expires_at,
        cursor=row.cursor,
        held=row.held,
    )


async def fan_out(work: Work, notice: Spreading, size: int, now: datetime) -> None:
    """Puts the notice for the next registrations, at most so many, into the outbox, one row a chat."""
    if notice.audience.trip is not None:
        await _put(work, notice, _aboard(notice.audience.trip), now)
        cursor = END
    else:
        cursor = notice.cursor or await _next_area(work, notice, -1)
        for _area in range(AREAS_AT_ONCE):
            if cursor == END or size <= 0:
                break
            cursor, scanned = await _along(work, notice, cursor, size, now)
            size -= scanned
    await change(work, notice.id, status=NoticeStatus.SENDING, cursor=cursor)


async def _along(work: Work, notice: Spreading, cursor: int, size: int, now: datetime) -> tuple[int, int]:
    """Goes along one area (or destination): the cursor behind the stretch, and how many registrations stood in it.

    One code at a time: with a range of codes neither database uses the second column of the index.
    """
    axis, _low, _high = _axis(notice.area, notice.audience)
    code, registration = divmod(cursor, ONE_AREA)
    ahead = and_(axis == f"{code:06}", registrations.c.id > registration)
    stretch = select(registrations.c.id).where(ahead).order_by(registrations.c.id).limit(size).subquery()
    scanned, last = (await work.db.execute(select(func.count(), func.max(stretch.c.id)))).one()
    if scanned:
        chosen = _meeting(notice.area, notice.audience).where(ahead, registrations.c.id <= last)
        await _put(work, notice, chosen, now)
    if scanned == size:
        return code * ONE_AREA + last, scanned
    return await _next_area(work, notice, code), scanned


async def _next_area(work: Work, notice: Spreading, code: int) -> int:
    """The cursor at the first registration of the next code that has any; END behind the last one."""
    axis, low, high = _axis(notice.area, notice.audience)
    begins = axis >= low if code < int(low) else axis > f"{code:06}"
    found: str | None = await work.db.scalar(select(func.min(axis)).where(begins, axis <= high))
    return END if found is None else int(found) * ONE_AREA


async def _put(work: Work, notice: Spreading, chosen: Select[Any], now: datetime) -> None:
    columns: dict[str, ColumnElement[Any]] = {
        "once": literal(f"n:{notice.id}:") + cast(contacts.c.id, String),
        "contact": contacts.c.id,
        "channel": contacts.c.channel,
        "priority": _fixed("priority", Priority.NOTICE.value),
        "occasion": _fixed("occasion", Occasion.NOTICE.value),
        "ref": _fixed("ref", notice.id),
        "not_before": _fixed("not_before", now),
        "expires_at": _fixed("expires_at", notice.expires_at),
        "state": _fixed("state", State.QUEUED.value),
        "created_at": _fixed("created_at", now),
    }
    rows = (
        chosen.with_only_columns(*columns.values())
        .join(contacts, contacts.c.id == reach())
        .where(contacts.c.stopped_at.is_(None))
    )
    await work.db.execute(
        upsert(work, outbox).from_select(list(columns), rows).on_conflict_do_nothing(index_elements=["once"])
    )
    work.wake(OUTBOX)


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _axis(area: str, audience: Audience) -> tuple[ColumnElement[str], str, str]:
    """The column whose index the fan-out walks along, with the lowest and highest code."""
    if audience.destination:
        return registrations.c.destination, *span(audience.destination)
    return registrations.c.area, *span(audience.county or area)


def _readers(area: str, audience: Audience) -> Select[Any]:
    """The registrations that a notice is for."""
    if audience.trip is not None:
        return _aboard(audience.trip)
    axis, low, high = _axis(area, audience)
    return _meeting(area, audience).where(axis.between(low, high))


def _aboard(trip: int) -> Select[Any]:
    taken = and_(seats.c.registration == registrations.c.id, seats.c.freed_at.is_(None))
    return select(registrations.c.id).join(seats, taken).where(seats.c.trip == trip)


def _meeting(area: str, audience: Audience) -> Select[Any]:
    """The registrations that meet every condition but that of the axis."""
    chosen = select(registrations.c.id).where(registrations.c.status == Status.ACTIVE)
    if audience.destination:
        chosen = chosen.where(registrations.c.area.between(*span(audience.county or area)))
    if audience.day is not None:
        chosen = chosen.where(*holds(audience.day))
    if audience.placed is not None:
        chosen = chosen.where(seated() if audience.placed else ~seated())
    return chosen


def _ever() -> ColumnElement[bool]:
    """Whether any chat ever belonged to the registration."""
    others = select(contacts.c.id).where(contacts.c.person == registrations.c.person).correlate(registrations)
    return or_(registrations.c.contact.is_not(None), others.exists())


def _waits(now: datetime) -> ColumnElement[bool]:
    """The notices for which something is to be done, by their status and by where their messages stand."""
    status = notices.c.status
    return or_(
        and_(status == NoticeStatus.SCHEDULED, notices.c.send_at <= now),
        and_(
            status == NoticeStatus.SENDING,
            or_(
                notices.c.cursor < END,
                _some(State.HELD),
                ~or_(_some(State.QUEUED), _some(State.SENDING)),
            ),
        ),
        and_(status == NoticeStatus.PAUSED, _some(State.QUEUED)),
        and_(status == NoticeStatus.STOPPED, or_(_some(State.QUEUED), _some(State.HELD))),
    )


def _some(state: State) -> ColumnElement[bool]:
    """Whether a message of the notice stands there: one look into the index, however many there are.

    Only that index knows the first state in a range; asked whether a row EXISTS, PostgreSQL may read all there are.
    """
    first = select(func.min(outbox.c.state)).where(
        outbox.c.occasion == Occasion.NOTICE.value,
        outbox.c.ref == notices.c.id,
        outbox.c.state.between(state.value, state.value),
    )
    return first.correlate(notices).scalar_subquery().is_not(None)


def _fixed(column: str, value: object) -> ColumnElement[Any]:
    """A value that is the same in every row."""
    return literal(value, outbox.c[column].type)


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        area=row.area,
        audience=msgspec.json.decode(row.audience, type=Audience),
        zh=row.zh,
        en=row.en,
        status=NoticeStatus(row.status),
        send_at=row.send_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        spread=row.cursor >= END,
    )
