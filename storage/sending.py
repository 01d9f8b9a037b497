"""What the outbox is to those who send: claiming rows, writing down how they ended, picking up what was left behind.

What a row needs to be claimed stands in one partial index (channel, priority, not_before, id), so that a claim costs
the same however many rows there are, and however many of them wait for a later moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from domain.notices import Occasion, Priority
from storage.database import Look, Work
from storage.outbox import OUTBOX, State, spelled, superseded_meanwhile
from storage.sealing import Sealer
from storage.tables import Instant, contacts, outbox

# Which class goes first on each of twenty sends in turn: while all of them have work, answers get 10, changes and
# cancellations 4, reminders 3, notices 2, the rest 1. Where that class has nothing the highest that has something goes.
TURNS = tuple(Priority(int(digit)) for digit in "01020103010201030204")

# The row of an answer that goes back in the HTTP response itself is never claimed. One that has stood this long is
# from a process that died before it could write down how that ended.
UNFENCED_FOR = timedelta(minutes=1)

LONGEST_REASON = 200  # characters, as the columns are
LONGEST_MESSAGE = 128
ROUNDS_OF_EXPIRY = 5  # of up to EXPIRED_AT_ONCE rows for each class in one claim
EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is being sent. `values` are still sealed; `attempts` are the strikes so far, `unknowns` how often
    nobody could say whether it had arrived.
    """

    id: int
    contact: int
    channel: str
    priority: Priority
    occasion: Occasion
    ref: int | None
    revision: int | None
    values: bytes | None
    expires_at: datetime | None
    attempts: int
    unknowns: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How one claimed row ended; with `again_at` it is QUEUED again until then.

    `message` is the platform's name for it; `said` (JSON, sealed when stored) what stays for the page that fetches it.
    `strike` and `unknown` count as in Claimed. `gone`: nobody can be reached at this address any more.
    """

    row: Claimed
    state: State
    reason: str | None = None
    message: str | None = None
    said: bytes | None = None
    again_at: datetime | None = None
    strike: bool = False
    unknown: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a message. `state` is their open conversation, still sealed; `gone`, `stopped` as contacts has it;
    `request` is the open help request that their words go to.
    """

    contact: int
    address: str
    language: str
    state: bytes | None
    consented: bool
    stopped: bool
    gone: bool
    request: int | None = None


# ── Claiming ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ready(priority: Priority) -> Select[Any]:
    """The rows of one class that may go now, the longest waiting first.

    Another row of the same person and class is in the way while it is being sent, and an earlier one also where it
    was tried before or may go now itself; one that begins only later holds nobody up. It is looked for so that
    PostgreSQL can't plan badly: as a scalar subquery it stays a look into the index for each row (NOT EXISTS may
    become a join over the whole backlog), and IS DISTINCT FROM is expected to let nearly all rows through (after IS
    NULL, expected to let few through, the plan looks dear enough to be compiled: 50 ms at a million rows).
    """
    now = bindparam("now", type_=Instant)
    row, other = outbox.alias("row"), outbox.alias("other")
    goes_first = and_(other.c.id < row.c.id, or_(other.c.tried_at.is_not(None), other.c.not_before <= now))
    in_the_way = (
        select(literal_column("1"))
        .where(
            other.c.contact == row.c.contact,
            other.c.priority == literal_column(str(priority.value)),
            spelled(other.c.state, State.QUEUED, State.SENDING),
            or_(spelled(other.c.state, State.SENDING), goes_first),
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(row.c.id, row.c.priority, row.c.expires_at)
        .where(
            row.c.channel == bindparam("channel"),
            row.c.priority == literal_column(str(priority.value)),
            spelled(row.c.state, State.QUEUED),
            row.c.not_before <= now,
            row.c.contact.not_in(bindparam("resting", expanding=True)),
            in_the_way.is_distinct_from(literal_column("1")),
        )
        .order_by(row.c.not_before, row.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=row)  # the lease makes one sender; this holds where it should ever fail
    )


_READY = union_all(*(select(_ready(priority).subquery(f"p{priority.value}")) for priority in Priority))

# By their ids alone: the claim has locked them. (With their state beside it PostgreSQL may walk the whole backlog.)
_TAKE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.SENDING, fence=bindparam("holding"), tried_at=bindparam("now", type_=Instant), reason=None)
    .returning(
        outbox.c.id,
        outbox.c.contact,
        outbox.c.channel,
        outbox.c.priority,
        outbox.c.occasion,
        outbox.c.ref,
        outbox.c.revision,
        outbox.c["values"],
        outbox.c.expires_at,
        outbox.c.attempts,
        outbox.c.unknowns,
    )
)

_EXPIRE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.EXPIRED, ended_at=bindparam("now", type_=Instant))
)


async def claim(
    work: Work, channel: str, limit: int, now: datetime, fence: int, *, turn: int = 0, resting: Collection[int] = ()
) -> tuple[Claimed, ...]:
    """Takes up to `limit` rows to be sent by the holder of that fence, at most one of each person and class.

    `turn` counts the sends so far (see TURNS). Rows of the contacts that are `resting` are passed over. What is past
    its expires_at ends expired. The caller has made sure, in the same work, that its lease still stands.
    """
    ready = await _unexpired(work, {"channel": channel, "now": now, "resting": list(resting)}, limit, now)
    chosen = shared(ready, limit, turn)
    if not chosen:
        return ()
    taken = await work.db.execute(_TAKE, {"ids": chosen, "holding": fence, "now": now})
    rows = {row.id: _claimed(row) for row in taken}
    return tuple(rows[row] for row in chosen if row in rows)


def shared(ready: Mapping[Priority, Sequence[int]], limit: int, turn: int) -> list[int]:
    """Which of the waiting rows (class → ids in their order) go next, by the shares of their classes (see TURNS)."""
    left = {priority: list(reversed(ready.get(priority, ()))) for priority in Priority}
    chosen: list[int] = []
    for place in range(turn, turn + limit):
        queue = left[TURNS[place % len(TURNS)]] or next((queue for queue in left.values() if queue), [])
        if not queue:
            break
        chosen.append(queue.pop())
    return chosen


async def _unexpired(
    work: Work, where: Mapping[str, object], limit: int, now: datetime
) -> Mapping[Priority, Sequence[int]]:
    """The rows that may go now, class by class; those found past their time on the way end expired."""
    most = limit
    ready: dict[Priority, list[int]] = {}
    for _round in range(ROUNDS_OF_EXPIRY):
        late: list[int] = []
        ready = {priority: [] for priority in Priority}
        for row in await work.db.execute(_READY, {**where, "most": most}):
            if row.expires_at is not None and row.expires_at <= now:
                late.append(row.id)
            else:
                ready[Priority(row.priority)].append(row.id)
        if not late:
            break
        await work.db.execute(_EXPIRE, {"ids": late, "now": now})
        most = max(limit, EXPIRED_AT_ONCE)
    return ready


def _claimed(row: Row[Any]) -> Claimed:
    number, contact, channel, priority, occasion, *rest = tuple(row)
    return Claimed(number, contact, channel, Priority(priority), Occasion(occasion), *rest)


# ── Writing down how it ended ────────────────────────────────────────────────────────────────────────────────────────


def _back_to_the_queue() -> dict[str, Any]:
    """A row that goes back is not sent again where something newer has taken its place meanwhile (see `supersede`)."""
    return {
        "state": case((superseded_meanwhile, State.SUPERSEDED), else_=State.QUEUED),
        "ended_at": case((superseded_meanwhile, bindparam("now", type_=Instant)), else_=None),
        "fence": None,
    }


# A row bears the fence of its holder only while it is being sent.
_MINE = and_(outbox.c.id == bindparam("row"), outbox.c.fence == bindparam("holding"))

_END = (
    update(outbox)
    .where(_MINE)
    .values(
        state=bindparam("became"),
        fence=None,
        reason=bindparam("why"),
        message=bindparam("platform_id"),
        said=bindparam("rendered"),
        attempts=outbox.c.attempts + bindparam("strikes"),
        unknowns=outbox.c.unknowns + bindparam("doubts"),
        ended_at=bindparam("now", type_=Instant),
    )
)

_AGAIN = (
    update(outbox)
    .where(_MINE)
    .values(
        **_back_to_the_queue(),
        not_before=bindparam("again_at", type_=Instant),
        reason=case((superseded_meanwhile, outbox.c.reason), else_=bindparam("why")),
        attempts=outbox.c.attempts + bindparam("strikes"),
        unknowns=outbox.c.unknowns + bindparam("doubts"),
    )
)

# What stands behind a row that waits would be looked at and passed over by every claim: it waits as long.
_BEHIND = (
    update(outbox)
    .where(
        outbox.c.contact == bindparam("who"),
        outbox.c.priority == bindparam("class"),
        spelled(outbox.c.state, State.QUEUED, State.SENDING),
        spelled(outbox.c.state, State.QUEUED),
        outbox.c.id > bindparam("row"),
        outbox.c.not_before < bindparam("again_at", type_=Instant),
    )
    .values(not_before=bindparam("again_at", type_=Instant))
)


async def settle(work: Work, ended: Sequence[Ended], fence: int, now: datetime) -> None:
    """Writes down how claimed rows ended. What meanwhile belongs to the holder of a newer fence stays as it is."""
    in_order = sorted(ended, key=lambda one: one.row.id)  # the same everywhere: no two works wait for each other
    final = [_final(one, fence, now, work.seal) for one in in_order if one.again_at is None]
    again = [one for one in in_order if one.again_at is not None]
    if final:
        await work.db.execute(_END, final)
    if again:
        await work.db.execute(_AGAIN, [{**_both(one, fence, now), "again_at": one.again_at} for one in again])
        await work.db.execute(_BEHIND, [_place(one) for one in again])


def _both(one: Ended, fence: int, now: datetime) -> dict[str, object]:
    return {
        "row": one.row.id,
        "holding": fence,
        "why": _fitting(one.reason, LONGEST_REASON),
        "strikes": int(one.strike),
        "doubts": int(one.unknown),
        "now": now,
    }


def _final(one: Ended, fence: int, now: datetime, seal: Sealer) -> dict[str, object]:
    return {
        **_both(one, fence, now),
        "became": one.state,
        "platform_id": _fitting(one.message, LONGEST_MESSAGE),
        "rendered": None if one.said is None else seal.seal(one.said),
    }


def _place(one: Ended) -> dict[str, object]:
    return {"row": one.row.id, "who": one.row.contact, "class": one.row.priority, "again_at": one.again_at}


def _fitting(text: str | None, longest: int) -> str | None:
    """What a platform wrote, as a column takes it: one word too long would keep everything else from being stored."""
    return None if text is None else text.replace("\0", "")[:longest]


async def recover(work: Work, channel: str, fence: int, now: datetime) -> int:
    """Queues again what the holders of older fences were sending when they died; returns how many rows that were."""
    older = or_(
        outbox.c.fence < fence,
        and_(outbox.c.fence.is_(None), outbox.c.created_at < now - UNFENCED_FOR),
    )
    back = (
        update(outbox)
        .where(outbox.c.channel == channel, spelled(outbox.c.state, State.SENDING), older)
        .values(**_back_to_the_queue())
    )
    found = (await work.db.execute(back, {"now": now})).rowcount
    if found:
        work.wake(OUTBOX)
    return found


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_NEXT = union_all(
    *(
        select(func.min(outbox.c.not_before).label("at")).where(
            outbox.c.channel == bindparam("channel"),
            outbox.c.priority == literal_column(str(priority.value)),
            spelled(outbox.c.state, State.QUEUED),
            outbox.c.not_before > bindparam("now", type_=Instant),
        )
        for priority in Priority
    )
)


async def next_at(look: Look, channel: str, now: datetime) -> datetime | None:
    """When the next row that waits for its moment may go; None where none waits."""
    found = [row.at for row in await look.db.execute(_NEXT, {"channel": channel, "now": now})]
    return min((at for at in found if at is not None), default=None)


# ── The readers ──────────────────────────────────────────────────────────────────────────────────────────────────────

_READERS = select(
    contacts.c.id,
    contacts.c.address,
    contacts.c.language,
    contacts.c.state,
    contacts.c.consented_at.is_not(None),
    contacts.c.stopped_at.is_not(None),
    contacts.c.gone_at.is_not(None),
    contacts.c.request,
).where(contacts.c.id.in_(bindparam("ids", expanding=True)))


async def readers(look: Look, claimed: Sequence[Claimed]) -> dict[int, Reader]:
    """Who gets these messages, by contact."""
    found = await look.db.execute(_READERS, {"ids": sorted({row.contact for row in claimed})})
    return {row.id: Reader(*row) for row in found}


async def mark_gone(work: Work, gone: Collection[int], now: datetime) -> None:
    """These contacts can't be reached any more, until they write again."""
    if gone:
        marked = update(contacts).where(contacts.c.id.in_(sorted(gone)), contacts.c.gone_at.is_(None))
        await work.db.execute(marked.values(gone_at=now))
