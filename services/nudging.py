"""Nudging: who left a sign-up unfinished is asked to go on, and who has not settled the day is asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from domain.days import Window, today
from domain.notices import Occasion, Priority
from domain.nudges import FIRST, SettleDay, asked_again, following, planned, quiet, quiet_again
from domain.refusals import Refused
from flows import unfinished
from flows.flow import Done, Start
from flows.registration import answers_from
from flows.state import Talk
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import nudges, outbox, registrations
from storage.database import Database, Work
from storage.nudges import DueNudge, DueQuestion


@dataclass(frozen=True, slots=True)
class About:
    """What the outbox row of a nudge carries: once the person has spoken after that, it says nothing any more."""

    spoke_at: datetime


# ── In the turn ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def plan(work: Work, desk: Desk, talks: Mapping[int, tuple[Talk, Talk]], now: datetime) -> None:
    """Plans the first nudge of those whose turn began a sign-up: contact → their talk before and after it. For all
    others nothing is written; that they went on, or finished, is seen when the nudge is due.
    """
    span = planned(FIRST, now)
    begun = [one for one, (before, after) in talks.items() if unfinished.begins(desk.flows, before, after)]
    if begun:
        await nudges.plan(work, [(contact, FIRST, span) for contact in begun])


async def plan_question(work: Work, undecided: Sequence[str], now: datetime) -> None:
    """Plans that the people of those registrations (numbers) are asked for the day that they left open."""
    span = asked_again(now)
    if undecided and span is not None:
        await nudges.plan_question(work, undecided, span)


async def settle_days(work: Work, desk: Desk, asked: Sequence[Asked[SettleDay]]) -> list[Outcome]:
    """Goes on to the change of the registration, with the day that was pressed; the person looks at it and confirms."""
    now = desk.now()
    outcomes: list[Outcome] = []
    for one in asked:
        day = Window(one.command.day, one.command.day)
        own = await registrations.one_of(work, one.contact, one.command.registration, now)
        if own is None:
            outcomes.append(Refused("registration.gone"))
        elif one.command.day < today(now):
            outcomes.append(Refused("day.past", day=day))
        else:
            flow = "change_other" if own.registrar == one.contact else "change"
            answers = {"registration": own.id, **answers_from(own.wish), "day": day}
            outcomes.append(Done("undecided.settled", {"day": day}, then=Start(flow, answers)))
    return outcomes


# ── The tick ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def nudge(database: Database, desk: Desk) -> int:
    """The tick: takes what is due for single people and puts it into the outbox, a chunk in each transaction. Returns
    how many messages were put there. In the quiet time nothing is taken. A second run is harmless, on however many
    machines: a due row is taken by one at a time, and a message that stands in the outbox is not put there again.
    """
    now = desk.now()
    if quiet(now):
        return 0
    async with database.look() as look:
        if not await nudges.anything(look, now):
            return 0
    return await _all(_nudge_some, database, desk, now) + await _all(_ask_some, database, desk, now)


async def _all(
    some: Callable[[Work, Desk, datetime], Awaitable[int | None]], database: Database, desk: Desk, now: datetime
) -> int:
    told = 0
    while True:
        async with database.work() as work:
            more = await some(work, desk, now)
            if more is None:
                return told
            await work.commit()
        told += more


async def _nudge_some(work: Work, desk: Desk, now: datetime) -> int | None:
    """One chunk of nudges; None where nothing is due any more."""
    taken = await nudges.take(work, now)
    if not taken:
        return None
    rows, anew, told = [], [], set[int]()
    for one in taken:
        spoke_at = one.person.spoke_at
        if spoke_at is None or not one.person.reachable:
            continue
        if not unfinished.stands_in_one(desk.flows, one.person.talk):
            continue
        later = planned(one.nudge, spoke_at)
        if later.due_at > one.span.due_at:  # they have written since
            anew.append((one.contact, one.nudge, later))
            continue
        if one.span.lapses_at > now:
            told.add(one.id)
            rows.append(_nudge_row(one, spoke_at, now))
        if after := following(one.nudge, spoke_at, told=one.id in told):
            anew.append((one.contact, after, planned(after, spoke_at)))
    await nudges.end(work, sorted(told), [one.id for one in taken if one.id not in told], now)
    await nudges.plan(work, anew)
    await outbox.put(work, rows, now)
    return len(rows)


async def _ask_some(work: Work, _desk: Desk, now: datetime) -> int | None:
    """One chunk of questions for the day; None where none is due any more."""
    taken = await nudges.take_questions(work, now)
    if not taken:
        return None
    rows = [row for one in taken if (row := _question_row(one, now)) is not None]
    told = {row.once for row in rows}
    done = [one.id for one in taken if _once(one) in told]
    await nudges.end(work, done, [one.id for one in taken if _once(one) not in told], now)
    await outbox.put(work, rows, now)
    return len(rows)


def _nudge_row(one: DueNudge, spoke_at: datetime, now: datetime) -> outbox.Row:
    return outbox.Row(
        once=_once(one),
        contact=one.contact,
        channel=one.person.channel,
        priority=Priority.REST,
        occasion=Occasion.NUDGE,
        values=msgspec.json.encode(About(spoke_at)),
        expires_at=min(one.span.lapses_at, quiet_again(now)),
    )


def _question_row(one: DueQuestion, now: datetime) -> outbox.Row | None:
    if one.contact is None or one.channel is None or one.span.lapses_at <= now:
        return None
    return outbox.Row(
        once=_once(one),
        contact=one.contact,
        channel=one.channel,
        priority=Priority.REST,
        occasion=Occasion.UNDECIDED,
        ref=one.registration,
        expires_at=min(one.span.lapses_at, quiet_again(now)),
    )


def _once(one: DueNudge | DueQuestion) -> str:
    return f"nudge:{one.id}"


CARRIES_OUT = {SettleDay: settle_days}
