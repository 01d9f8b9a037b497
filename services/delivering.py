"""Delivering: claims what is to be sent, puts it into words for each reader, and writes down how it ended.

Claiming and writing down are one transaction each; in between nothing is held while words are found and sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.notices import Occasion
from flows import state as states
from flows.engine import open_question
from flows.flow import Context
from flows.state import Talk
from services import mailbox
from services.desk import Desk
from services.occasions import Telling, Wording
from storage import leases, registrations, sending
from storage.database import Database, Look
from storage.leases import Lease
from storage.outbox import State
from storage.sending import Claimed, Ended, Reader
from texts.render import Rendered, rendered
from texts.say import Say

GONE = "gone"  # the reasons that staff see beside the platforms' own
NOTHING_TO_SAY = "nothing to say any more"


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed row in its reader's words: `address` is how the channel names the reader."""

    row: Claimed
    address: str
    message: Rendered


@dataclass(frozen=True, slots=True)
class Worded:
    """What became of claimed rows: those that can go now, and those that need no sending any more."""

    ready: tuple[Ready, ...]
    ended: tuple[Ended, ...]


async def start(
    database: Database, desk: Desk, channel: str, holder: str, lasts: timedelta = leases.LEASE
) -> Lease | None:
    """Becomes the one sender of that channel and queues again what an earlier one was sending when it died; None
    while another process is the sender.
    """
    async with database.work() as work:
        lease = await leases.take(work, lease_name(channel), holder, lasts)
        if lease is not None:
            await sending.recover(work, channel, lease.fence, desk.now())
        await work.commit()
    return lease


async def renew(database: Database, desk: Desk, lease: Lease, channel: str) -> None:
    """Stays the sender, and queues again what was left behind meanwhile. Raises Outdated where another is it."""
    async with database.work() as work:
        await leases.renew(work, lease)
        await sending.recover(work, channel, lease.fence, desk.now())
        await work.commit()


async def stop(database: Database, lease: Lease) -> None:
    """Lets another process become the sender at once; nothing changes where one has."""
    async with database.work() as work:
        await leases.release(work, lease)
        await work.commit()


def lease_name(channel: str) -> str:
    """The lease under which that channel is sent."""
    return f"send:{channel}"


async def claim(
    database: Database,
    desk: Desk,
    lease: Lease,
    channel: str,
    limit: int,
    *,
    turn: int = 0,
    resting: Collection[int] = (),
) -> tuple[Claimed, ...]:
    """Takes up to `limit` rows that are to go now (see storage.sending.claim), or raises Outdated and takes none."""
    async with database.work() as work:
        await leases.check(work, lease)
        claimed = await sending.claim(work, channel, limit, desk.now(), lease.fence, turn=turn, resting=resting)
        await work.commit()
    return claimed


async def word(
    database: Database,
    desk: Desk,
    wordings: Mapping[Occasion, Wording],
    claimed: Sequence[Claimed],
    *,
    repeat: bool = True,
) -> Worded:
    """Puts claimed rows into words, all of one occasion at once, each in its reader's language and for the channel.

    Under everything but an answer the question that is open for the reader stands again; not so without `repeat`.
    Whatever goes wrong rises: the caller then tries row by row, so that one that can't be worded stops no other.
    """
    ready: list[Ready] = []
    ended: list[Ended] = []
    async with database.look() as look:
        readers = await sending.readers(look, claimed)
        told = [row for row in claimed if row.contact in readers and _reachable(row, readers[row.contact])]
        says = await _says(look, desk, wordings, told)
        asked = await _open_questions(look, desk, told, readers) if repeat else {}
    for row in claimed:
        if row.id not in says:
            ended.append(Ended(row, State.FAILED, GONE))
        elif (said := says[row.id]) is None:
            ended.append(Ended(row, State.SUPERSEDED, NOTHING_TO_SAY))
        else:
            reader = readers[row.contact]
            ready.append(Ready(row, reader.address, _rendered(desk, row, reader, said, asked.get(row.id, ()))))
    return Worded(tuple(ready), tuple(ended))


async def settle(database: Database, desk: Desk, lease: Lease, ended: Sequence[Ended]) -> None:
    """Writes down how claimed rows ended. What a newer holder of the lease has taken over stays as that one left it."""
    now = desk.now()
    async with database.work() as work:
        await leases.never_asleep(work, lease.lasts)
        await sending.settle(work, ended, lease.fence, now)
        for one in ended:
            if one.said is not None:
                work.wake(mailbox.topic(one.row.contact))
        # Issue 4: here (and in `word`) the row moves to the next channel of a person who is gone, instead of failing.
        await sending.mark_gone(work, {one.row.contact for one in ended if one.gone}, now)
        await work.commit()


async def next_at(database: Database, desk: Desk, channel: str) -> datetime | None:
    """When the next row that waits for its moment may go; None where none waits."""
    async with database.look() as look:
        return await sending.next_at(look, channel, desk.now())


async def _says(
    look: Look, desk: Desk, wordings: Mapping[Occasion, Wording], claimed: Sequence[Claimed]
) -> dict[int, tuple[Say, ...] | None]:
    by_occasion: defaultdict[Occasion, list[Telling]] = defaultdict(list)
    for row in claimed:
        values = None if row.values is None else look.seal.open(row.values)
        by_occasion[row.occasion].append(Telling(row.id, row.contact, row.ref, row.revision, values))
    says: dict[int, tuple[Say, ...] | None] = {}
    for occasion, tellings in by_occasion.items():
        worded = await wordings[occasion].word(look, desk, tellings)
        says.update((telling.id, worded[telling.id]) for telling in tellings)
    return says


async def _open_questions(
    look: Look, desk: Desk, told: Sequence[Claimed], readers: Mapping[int, Reader]
) -> dict[int, tuple[Say, ...]]:
    """The questions that wait for these readers' answers, as they were asked (row → sentences): their buttons go on
    working. None under an answer, which has just asked it.
    """
    notices = [row for row in told if row.occasion is not Occasion.REPLY and readers[row.contact].state is not None]
    if not notices:
        return {}
    now = desk.now()
    ids = sorted({row.contact for row in notices})
    theirs = await registrations.of_contacts(look, ids, ids, now)
    asked = {}
    for row in notices:
        reader = readers[row.contact]
        state = states.load(look.seal.open(reader.state or b""))
        talk = Talk(state=state, consented=reader.consented, language=reader.language)
        texts, traits = desk.catalogue(reader.language), desk.traits[row.channel]
        context = Context(
            now,
            desk.office,
            desk.areas,
            texts,
            traits,
            token="",
            known=theirs[row.contact].known,
            others=theirs[row.contact].others,
            request=reader.request,
        )
        asked[row.id] = open_question(desk.flows, talk, context)
    return asked


def _reachable(row: Claimed, reader: Reader) -> bool:
    """Who is gone is not written to. An answer is tried all the same: they have just written."""
    return row.occasion is Occasion.REPLY or not reader.gone


def _rendered(desk: Desk, row: Claimed, reader: Reader, says: Sequence[Say], asked: Sequence[Say]) -> Rendered:
    texts, traits = desk.catalogue(reader.language), desk.traits[row.channel]
    whole = rendered((*says, *asked), texts, traits)
    return whole if len(whole.text) <= traits.length or not asked else rendered(says, texts, traits)
