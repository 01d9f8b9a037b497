"""Broadcasts: written, previewed, sent, watched, held up; and spread into the outbox chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from domain.notices import Audience, NoticeStatus, Occasion
from domain.refusals import Faults, Refused
from domain.rosters import Notice, Progress, Readers
from domain.scope import Scope
from services.desk import Desk
from storage import notices as rows
from storage import outbox, trips
from storage.database import Database, Look, Work
from storage.outbox import State

LONGEST = 1000  # characters of a notice; a longer one nobody reads on a phone
OF_USE_FOR = timedelta(days=7)  # where staff set no end themselves

FIRST_CHUNK, SMALLEST_CHUNK, LARGEST_CHUNK = 1000, 500, 20_000  # registrations
ONE_CHUNK = timedelta(milliseconds=30)  # no write lock over 100 ms (issue 2): the rest is for a slow disk
ONE_CALL = timedelta(seconds=1)

_NOT_SENT = (NoticeStatus.DRAFT, NoticeStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Writing:
    """A notice as staff write it. Faults name its fields: audience.trip, audience.county, audience.destination, zh,
    en, expires_at.
    """

    audience: Audience
    zh: str
    en: str = ""
    expires_at: datetime | None = None


async def save(scope: Scope, database: Database, desk: Desk, writing: Writing, notice: int | None = None) -> int:
    """Stores a new draft, or changes one that has not been sent. Returns its id.
    Raises Faults, NotFound, Refused("notice.sent_already").
    """
    if scope.staff is None:
        raise ValueError("a notice has an author")
    now = desk.now()
    if faults := {str(fault.question): fault for fault in _faults(scope, desk, writing, now)}:
        raise Faults(faults)
    zh, en = writing.zh.strip(), writing.en.strip()
    async with database.work() as work:
        await _see_trip(scope, work, writing.audience)
        if notice is None:
            notice = await rows.add(work, scope.area, scope.staff, writing.audience, zh, en, now)
        else:
            await _unsent(scope, work, notice)
        await rows.change(work, notice, audience=writing.audience, zh=zh, en=en, expires_at=writing.expires_at)
        await work.commit()
    return notice


async def preview(scope: Scope, database: Database, _desk: Desk, audience: Audience) -> Readers:
    """Who would read it now. Raises NotFound for a trip or a county outside the scope."""
    async with database.look() as look:
        await _see_trip(scope, look, audience)
        if audience.county and not scope.covers(audience.county):
            return Readers(0, 0, 0, 0, ())
        return await rows.readers(look, scope.area, audience)


async def send(scope: Scope, database: Database, desk: Desk, notice: int, at: datetime | None = None) -> None:
    """Sends a draft now, or at that moment. Raises NotFound, Refused("notice.sent_already"),
    Refused("notice.at_passed", "at"), Refused("notice.expired", "expires_at").
    """
    now = desk.now()
    async with database.work() as work:
        found = await _unsent(scope, work, notice)
        if at is not None and at <= now:
            raise Refused("notice.at_passed", "at")
        starts = at or now
        expires_at = found.expires_at or starts + OF_USE_FOR
        if expires_at <= starts:
            raise Refused("notice.expired", "expires_at")
        status = NoticeStatus.SENDING if at is None else NoticeStatus.SCHEDULED
        await rows.change(work, notice, status=status, send_at=starts, expires_at=expires_at)
        work.wake(rows.NOTICES)
        await work.commit()


async def pause(scope: Scope, database: Database, _desk: Desk, notice: int) -> None:
    """Holds up what has not gone out yet: at once what would go next, within seconds the rest.
    Raises NotFound, Refused("notice.not_going").
    """
    async with database.work() as work:
        found = await rows.of_scope(scope, work, notice, lock=True)
        if found.status is not NoticeStatus.SENDING:
            raise Refused("notice.not_going")
        await rows.change(work, notice, status=NoticeStatus.PAUSED)
        await outbox.hold(work, Occasion.NOTICE, notice, most=FIRST_CHUNK)
        work.wake(rows.NOTICES)
        await work.commit()


async def go_on(scope: Scope, database: Database, _desk: Desk, notice: int) -> None:
    """Lets a paused notice go on. Raises NotFound, Refused("notice.not_paused")."""
    async with database.work() as work:
        found = await rows.of_scope(scope, work, notice, lock=True)
        if found.status is not NoticeStatus.PAUSED:
            raise Refused("notice.not_paused")
        await rows.change(work, notice, status=NoticeStatus.SENDING)
        work.wake(rows.NOTICES)
        await work.commit()


async def stop(scope: Scope, database: Database, desk: Desk, notice: int) -> None:
    """Ends a notice for good: what has not gone out never will. Stopping twice changes nothing, nor does stopping one
    that is done. Raises NotFound.
    """
    now = desk.now()
    async with database.work() as work:
        found = await rows.of_scope(scope, work, notice, lock=True)
        if found.status not in {NoticeStatus.STOPPED, NoticeStatus.DONE}:
            await rows.change(work, notice, status=NoticeStatus.STOPPED, finished_at=now)
            await outbox.supersede(work, (Occasion.NOTICE,), notice, None, now, most=FIRST_CHUNK)
            work.wake(rows.NOTICES)
        await work.commit()


async def show(scope: Scope, database: Database, _desk: Desk, notice: int) -> tuple[Notice, Progress]:
    """One notice and how far it is. Raises NotFound."""
    async with database.look() as look:
        found = await rows.of_scope(scope, look, notice)
        counts = await outbox.counts(look, Occasion.NOTICE, notice)
    return found, Progress(
        waiting=counts.of(State.QUEUED, State.SENDING),
        held=counts.of(State.HELD),
        sent=counts.of(State.SENT),
        failed=tuple(sorted(counts.failed_for.items(), key=lambda one: (-one[1], one[0]))),
        expired=counts.of(State.EXPIRED),
        withdrawn=counts.of(State.SUPERSEDED),
        spreading=found.status is NoticeStatus.SENDING and not found.spread,
    )


async def list_notices(scope: Scope, database: Database, _desk: Desk, after: int | None = None) -> tuple[Notice, ...]:
    """At most `storage.notices.PAGE` notices, the newest first; `after` is the id of the last of the page before."""
    async with database.look() as look:
        return await rows.newest(scope, look, after)


# ── Spreading ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def spread(database: Database, desk: Desk) -> bool:
    """Puts the next messages of notices that are due into the outbox (or holds them up, or withdraws them), for about
    a second, in chunks. True while more is left to do: call again at once. Any number of processes may call it, and
    one that dies in the middle has lost nothing: the cursor moves in the same transaction.
    """
    async with database.look() as look:
        if not await rows.anything(look, desk.now()):
            return False  # nobody who writes is held up for nothing
    size = FIRST_CHUNK
    began = perf_counter()
    while perf_counter() - began < ONE_CALL.total_seconds():
        async with database.work() as work:
            started = perf_counter()
            notice = await rows.take(work, desk.now())
            if notice is None:
                return False  # all is done, or others are at it
            await _go_ahead(work, notice, size, desk.now())
            await work.commit()
        size = next_size(size, timedelta(seconds=perf_counter() - started))
    return True


def next_size(size: int, took: timedelta) -> int:
    """How large the next chunk is, after one of that size took so long: slowly up, at once down."""
    wanted = int(size * min(ONE_CHUNK / max(took, timedelta(milliseconds=1)), 1.5))
    return max(SMALLEST_CHUNK, min(wanted, LARGEST_CHUNK))


async def _go_ahead(work: Work, notice: rows.Spreading, size: int, now: datetime) -> None:
    """One chunk of whatever the notice's status asks for."""
    match notice.status:
        case NoticeStatus.PAUSED:
            await outbox.hold(work, Occasion.NOTICE, notice.id, most=size)
        case NoticeStatus.STOPPED:
            await outbox.supersede(work, (Occasion.NOTICE,), notice.id, None, now, most=size)
        case _ if notice.held:  # what was held goes on first
            await outbox.resume(work, Occasion.NOTICE, notice.id, most=size)
        case _ if notice.cursor < rows.END:
            await rows.fan_out(work, notice, size, now)
        case _:
            await rows.change(work, notice.id, status=NoticeStatus.DONE, finished_at=now)


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _faults(scope: Scope, desk: Desk, writing: Writing, now: datetime) -> Iterator[Refused]:
    audience = writing.audience
    if audience.county and not (scope.covers(audience.county) and audience.county in desk.areas):
        yield Refused("notice.county_foreign", "audience.county")
    if audience.destination and audience.destination not in desk.areas:
        yield Refused("notice.destination_unknown", "audience.destination")
    if not writing.zh.strip():
        yield Refused("notice.text_wanted", "zh")
    for field, text in (("zh", writing.zh), ("en", writing.en)):
        if len(text.strip()) > LONGEST:
            yield Refused("notice.too_long", field, most=LONGEST)
    if writing.expires_at is not None and writing.expires_at <= now:
        yield Refused("notice.expired", "expires_at")


async def _see_trip(scope: Scope, look: Look, audience: Audience) -> None:
    if audience.trip is not None:
        await trips.of_scope(scope, look, audience.trip)


async def _unsent(scope: Scope, work: Work, notice: int) -> Notice:
    found = await rows.of_scope(scope, work, notice, lock=True)
    if found.status not in _NOT_SENT:
        raise Refused("notice.sent_already")
    return found
