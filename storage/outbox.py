"""The outbox: everything that a person is ever told, one row a message to a person.

A row is queued → sending → sent, failed, expired or superseded; held while staff have paused its notice. This file
puts rows in, takes them back and counts them; storage/sending.py is for those who send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.notices import Occasion, Priority
from storage.database import Look, Work
from storage.many import Many
from storage.tables import Instant, outbox

OUTBOX = "outbox"  # the wake topic of those who send


class State(StrEnum):
    """Where a row stands."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Row:
    """One message to be sent. `once` makes it unique for ever; `values` (JSON, sealed when stored) hold what only
    this message has; `ref` and `revision` name what it is about (the occasion says which table). An answer that
    goes back in the HTTP response itself is SENT as soon as it is stored, and `said` is what it says (sealed too).
    """

    once: str
    contact: int
    channel: str
    priority: Priority
    occasion: Occasion
    ref: int | None = None
    revision: int | None = None
    values: bytes | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    state: str = State.QUEUED
    said: bytes | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the messages about one thing have come: state → rows, and of those that failed reason → rows."""

    by_state: Mapping[State, int]
    failed_for: Mapping[str, int]

    def of(self, *states: State) -> int:
        """The rows in these states together."""
        return sum(self.by_state.get(state, 0) for state in states)


def spelled(column: ColumnElement[Any], *states: State) -> ColumnElement[bool]:
    """The states spelled out: a partial index is used only where the statement says the same as the index."""
    words: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return column == words[0] if len(words) == 1 else column.in_(words)


# A row that was being sent when something newer took its place bears this mark: it may arrive, but goes out only once.
superseded_meanwhile = func.coalesce(outbox.c.reason, "") == State.SUPERSEDED


_PUT = Many(
    sqlite.insert(outbox).inline().on_conflict_do_nothing(index_elements=[outbox.c.once]),
    postgresql.insert(outbox).inline().on_conflict_do_nothing(index_elements=[outbox.c.once]),
    names=(
        *("once", "contact", "channel", "priority", "occasion", "ref", "revision", "values", "not_before"),
        *("expires_at", "state", "said", "created_at", "ended_at"),
    ),
    instants=("not_before", "expires_at", "created_at", "ended_at"),
)


async def put(work: Work, rows: Sequence[Row], now: datetime) -> None:
    """Stores the rows and wakes the senders; a row whose `once` stands there already changes nothing.

    Rows of one person go out in the order in which they are put. Whoever fans out by INSERT … SELECT instead fills
    not_before (`now`), created_at and state too, and calls `work.wake(OUTBOX)`.
    """
    if not rows:
        return
    seal = work.seal.seal
    await _PUT.run(
        work,
        [
            {
                "once": row.once,
                "contact": row.contact,
                "channel": row.channel,
                "priority": row.priority,
                "occasion": row.occasion,
                "ref": row.ref,
                "revision": row.revision,
                "values": None if row.values is None else seal(row.values),
                "not_before": row.not_before or now,
                "expires_at": row.expires_at,
                "state": row.state,
                "said": None if row.said is None else seal(row.said),
                "created_at": now,
                "ended_at": now if row.state == State.SENT else None,
            }
            for row in rows
        ],
    )
    if any(row.state == State.QUEUED for row in rows):
        work.wake(OUTBOX)


async def ids(look: Look, onces: Sequence[str]) -> dict[str, int]:
    """The rows that stand there under those `once` keys: key → id."""
    found = await look.db.execute(select(outbox.c.once, outbox.c.id).where(outbox.c.once.in_(onces)))
    return {row.once: row.id for row in found}


# ── Taking back ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def supersede(
    work: Work,
    occasions: Sequence[Occasion],
    ref: int,
    revision: int | None,
    now: datetime,
    *,
    most: int | None = None,
) -> int:
    """Takes back what was not sent yet about that thing: all revisions below `revision`, or all where it is None.

    What is being sent at this moment may still arrive, but is not sent again. With `most` up to so many rows are
    taken back; the number is returned, so that a large notice is stopped in pieces.
    """
    open_rows = _about(occasions, ref, State.QUEUED, State.HELD, State.SENDING).where(~superseded_meanwhile)
    if revision is not None:
        open_rows = open_rows.where(outbox.c.revision < revision)
    sending = spelled(outbox.c.state, State.SENDING)
    change = (
        update(outbox)
        .where(outbox.c.id.in_(open_rows.limit(most).with_for_update()))
        .values(
            state=case((sending, State.SENDING), else_=State.SUPERSEDED),
            ended_at=case((sending, None), else_=bindparam("now", type_=Instant)),
            reason=State.SUPERSEDED,
        )
    )
    return (await work.db.execute(change, {"now": now})).rowcount


async def hold(work: Work, occasion: Occasion, ref: int, *, most: int | None = None) -> int:
    """Keeps back what waits to be sent about that thing, up to `most` rows; returns how many."""
    return await _change(work, occasion, ref, State.QUEUED, State.HELD, most)


async def resume(work: Work, occasion: Occasion, ref: int, *, most: int | None = None) -> int:
    """Lets what was held go on, up to `most` rows; returns how many."""
    work.wake(OUTBOX)
    return await _change(work, occasion, ref, State.HELD, State.QUEUED, most)


async def _change(work: Work, occasion: Occasion, ref: int, was: State, becomes: State, most: int | None) -> int:
    rows = _about((occasion,), ref, was).limit(most).with_for_update()
    return (await work.db.execute(update(outbox).where(outbox.c.id.in_(rows)).values(state=becomes))).rowcount


def _about(occasions: Sequence[Occasion], ref: int, *states: State) -> Select[Any]:
    return (
        select(outbox.c.id)
        .where(outbox.c.occasion.in_(occasions), outbox.c.ref == ref, spelled(outbox.c.state, *states))
        .order_by(outbox.c.id)
    )


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def counts(look: Look, occasion: Occasion, ref: int) -> Counts:
    """How far the messages about one thing have come."""
    about = and_(outbox.c.occasion == occasion, outbox.c.ref == ref)
    states = select(outbox.c.state, func.count()).where(about).group_by(outbox.c.state)
    reasons = (
        select(func.coalesce(outbox.c.reason, ""), func.count())
        .where(about, spelled(outbox.c.state, State.FAILED))
        .group_by(outbox.c.reason)
    )
    by_state = {State(state): number for state, number in await look.db.execute(states)}
    failed_for: dict[str, int] = {}
    if State.FAILED in by_state:
        failed_for.update((reason, number) for reason, number in await look.db.execute(reasons))
    return Counts(by_state, failed_for)
