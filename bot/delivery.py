"""Delivery: the one sender of one channel account. Takes what is to go, sends it side by side, notes how it ended.

A row holds one of the slots from its claim until its outcome is stored, so a process that is killed leaves at most so
many messages of which nobody knows whether they went out. Everything that ended while one batch of outcomes was being
stored is the next batch: at 30 a second each is written at once, under load many together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.channel import Channel, Outcome, Outgoing, Rejected, Sent, TryLater, Unknown
from bot.metrics import SENDS
from bot.rate import Account
from bot.verdicts import given_back, verdict
from domain.notices import Occasion
from services import delivering
from services.delivering import Ready, Worded
from services.desk import Desk
from services.occasions import Wording
from storage.database import Database
from storage.leases import LEASE, Lease, Outdated
from storage.outbox import OUTBOX
from storage.sending import Claimed, Ended
from storage.wakes import Waiting

SLOTS = 20  # messages in flight: enough for 30 a second while an answer takes up to two thirds of a second
SOON = 0.1  # seconds: what may go within them is claimed now, so that it is ready when its moment comes
IDLE = 5.0  # seconds until the outbox is looked at though nothing rang
ASK_FOR_LEASE = 1.0  # seconds between two looks whether the sender before us still lives
RENEWALS = 3  # in each length of the lease
MARGIN = 0.1  # of its lease: in the last part of it a sender starts nothing more
SEND_WITHIN = timedelta(seconds=60)  # adapters have their own, shorter times; this one frees the slot of a stuck one
STOP_WITHIN = timedelta(seconds=10)  # for what is in flight when the process is told to stop
AFTER_FAILURE = 1.0  # seconds to wait after the database failed
LONGEST_WAIT = 2.0  # seconds that a claimed row waits for its turn; with more to wait it goes back into the queue

_log = structlog.get_logger()
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Limits:
    """How a sender holds back. `slots` bounds the messages in flight, and with it the doubles after a kill -9; the
    platform's `rates` are kept but for tests; `lease` is how long after its death another process takes over.
    """

    slots: int = SLOTS
    rates: bool = True
    lease: timedelta = LEASE


class Delivery:
    """Sends what the outbox holds for one channel, as long as no other process does.

    `holder` names this process among all that share the database, another name at each start.
    """

    def __init__(
        self,
        database: Database,
        desk: Desk,
        wordings: Mapping[Occasion, Wording],
        channel: Channel,
        holder: str,
        limits: Limits | None = None,
    ) -> None:
        self.database = database
        self.desk = desk
        self.wordings = wordings
        self.channel = channel
        self.name = channel.traits.name
        self.limits = limits or Limits()
        self.account = Account(channel.traits, limited=self.limits.rates)
        self.turn = 0  # counts what was claimed, for the shares of the classes
        self._holder = holder

    async def run(self, stopping: asyncio.Event) -> None:
        """Sends until `stopping` is set, then finishes what is in flight (within 10 s) and gives the rest back."""
        while not stopping.is_set():
            try:
                asked = time.monotonic()
                lease = await delivering.start(self.database, self.desk, self.name, self._holder, self.limits.lease)
                if lease is None:
                    await _pause(stopping, ASK_FOR_LEASE)
                else:
                    await _Term(self, lease, asked).run(stopping)
            except Exception:  # noqa: BLE001 - the loops of bot/ log and go on
                # Nobody knows what a failed commit has left: the lease is taken anew, and what stood open goes again.
                _log.exception("the sender stumbled", channel=self.name)
                await _pause(stopping, AFTER_FAILURE)


class _Term:
    """One term as the sender, from taking the lease to losing it or stopping."""

    def __init__(self, delivery: Delivery, lease: Lease, asked: float) -> None:
        self._delivery = delivery
        self._account = delivery.account
        self._lease = lease
        self._until = self._safe_until(asked)
        self._over = asyncio.Event()  # nothing more is begun
        self._news = asyncio.Event()  # there may be something to claim
        self._freed = asyncio.Event()
        self._to_store = asyncio.Event()
        self._closed = (
            False  # ends the loops beside even where a cancellation gets lost (asyncio.wait_for, Python 3.11)
        )
        self._busy: set[int] = set()  # rows from their claim until their outcome is stored
        self._waiting = 0  # those of them whose turn has not come yet
        self._ended: list[Ended] = []

    async def run(self, stopping: asyncio.Event) -> None:
        """Sends until `stopping` is set or the lease is lost."""
        delivery = self._delivery
        async with delivery.database.wakes.listen(OUTBOX) as bell, asyncio.TaskGroup() as tasks:
            sends: set[asyncio.Task[None]] = set()
            others = [
                tasks.create_task(work)
                for work in (self._hear(bell), self._write(), self._keep_lease(), self._obey(stopping))
            ]
            try:
                await self._dispatch(tasks, sends)
            finally:
                self._over.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(STOP_WITHIN.total_seconds()):
                        await self._finish()
                self._closed = True
                for task in (*others, *sends):
                    task.cancel()
        if self._busy:
            _log.warning("stopped with messages in flight", channel=delivery.name, count=len(self._busy))
        await delivering.stop(delivery.database, self._lease)

    # ── Taking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _dispatch(self, tasks: asyncio.TaskGroup, sends: set[asyncio.Task[None]]) -> None:
        while not self._over.is_set():
            self._news.clear()
            room = self._room()
            if room <= 0:
                full = len(self._busy) >= self._delivery.limits.slots
                await _pause(self._news, IDLE if full else max(self._account.pause() - SOON / 2, 0.01))
                continue
            resting = self._account.resting()
            try:
                claimed = await self._claim(room, resting)
            except Outdated:
                _log.warning("the lease is lost", channel=self._delivery.name, fence=self._lease.fence)
                return
            if not claimed:
                await _pause(self._news, await self._until_next(resting))
                continue
            for ready in (await self._word(claimed)).ready:
                self._waiting += 1
                task = tasks.create_task(self._send(ready))
                sends.add(task)
                task.add_done_callback(sends.discard)

    def _room(self) -> int:
        """How many rows can be claimed now: free slots, and what the rates let go soon."""
        free = self._delivery.limits.slots - len(self._busy)
        allowed = self._account.room(SOON)
        return free if allowed is None else min(free, allowed - self._waiting)

    async def _claim(self, room: int, resting: Mapping[int, float]) -> tuple[Claimed, ...]:
        delivery = self._delivery
        claimed = await delivering.claim(
            delivery.database, delivery.desk, self._lease, delivery.name, room, turn=delivery.turn, resting=resting
        )
        delivery.turn += len(claimed)
        self._busy.update(row.id for row in claimed)
        return claimed

    async def _until_next(self, resting: Mapping[int, float]) -> float:
        """Seconds until there may be something to claim without a bell."""
        delivery = self._delivery
        at = await delivering.next_at(delivery.database, delivery.desk, delivery.name)
        moment = IDLE if at is None else (at - delivery.desk.now()).total_seconds()
        return max(min(IDLE, moment, *resting.values()), 0.005)

    async def _word(self, claimed: Sequence[Claimed]) -> Worded:
        """Words for all, or for each alone where that fails: one that can't be worded stops no other."""
        delivery = self._delivery
        try:
            worded = await delivering.word(delivery.database, delivery.desk, delivery.wordings, claimed)
        except Exception:  # noqa: BLE001 - the loops of bot/ log and go on
            _log.exception("words failed", channel=delivery.name, rows=[row.id for row in claimed])
            alone = [await self._word_alone(row) for row in claimed]
            worded = Worded(
                tuple(ready for one in alone for ready in one.ready),
                tuple(ended for one in alone for ended in one.ended),
            )
        self._note(*worded.ended)
        return worded

    async def _word_alone(self, row: Claimed) -> Worded:
        delivery = self._delivery
        for repeat in (True, False):  # a departure is told, even where the open question can't stand under it
            try:
                return await delivering.word(delivery.database, delivery.desk, delivery.wordings, (row,), repeat=repeat)
            except (SQLAlchemyError, OSError):
                return Worded((), (given_back(row, delivery.desk.now() + timedelta(seconds=AFTER_FAILURE)),))
            except Exception:  # noqa: BLE001 - the loops of bot/ log and go on
                _log.exception("words failed", channel=delivery.name, row=row.id)
        return Worded((), (verdict(row, Rejected("no words"), delivery.desk.now()),))

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, ready: Ready) -> None:
        row, delivery = ready.row, self._delivery
        try:
            begun = await self._turn_comes(row)
        finally:
            self._waiting -= 1
        if begun is None:
            self._note(given_back(row, delivery.desk.now()))
            return
        outcome = await self._hand_over(ready)
        self._account.answered(begun)
        SENDS.labels(delivery.name, type(outcome).__name__).inc()
        self._heed(row, outcome)
        said = _encoder.encode(ready.message) if delivery.channel.traits.mailbox else None
        self._note(verdict(row, outcome, delivery.desk.now(), said))

    async def _turn_comes(self, row: Claimed) -> float | None:
        """Waits until the rates let this row go, and begins it; None where it shall not go any more."""
        while (wait := self._account.delay(row.contact)) > 0:
            if wait > LONGEST_WAIT or self._over.is_set():
                return None
            await _pause(self._over, wait)
        late = row.expires_at is not None and row.expires_at <= self._delivery.desk.now()
        if late or self._over.is_set() or time.monotonic() >= self._until:
            return None
        return self._account.enter(row.contact)

    async def _hand_over(self, ready: Ready) -> Outcome:
        delivery = self._delivery
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
                return await delivery.channel.send(Outgoing(ready.row.id, ready.address, ready.message))
        except TimeoutError:
            return Unknown("no answer")
        except Exception as error:  # noqa: BLE001 - the loops of bot/ log and go on
            _log.exception("the channel failed", channel=delivery.name, row=ready.row.id)
            return Unknown(type(error).__name__)

    def _heed(self, row: Claimed, outcome: Outcome) -> None:
        match outcome:
            case Sent():
                self._account.passed()
            case TryLater(wait=wait, account=True):
                self._account.refused(None if wait is None else wait.total_seconds())
            case TryLater(wait=timedelta() as wait):
                self._account.spare(row.contact, wait.total_seconds())

    # ── Writing down ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _note(self, *ended: Ended) -> None:
        self._ended += ended
        if ended:
            self._to_store.set()

    async def _write(self) -> None:
        """Stores outcomes, all that have come in since the last batch in one transaction."""
        while not self._closed:
            await self._to_store.wait()
            self._to_store.clear()
            batch, self._ended = self._ended, []
            left = await self._store(batch)
            self._busy.difference_update(one.row.id for one in batch if one not in left)
            self._freed.set()
            self._news.set()
            if left:
                await asyncio.sleep(AFTER_FAILURE)
                self._note(*left)

    async def _store(self, batch: list[Ended]) -> list[Ended]:
        """Stores the batch, or each alone where that fails; returns those that could not be stored."""
        if not batch:
            return []
        delivery = self._delivery
        try:
            await delivering.settle(delivery.database, delivery.desk, self._lease, batch)
            return []
        except Exception:  # noqa: BLE001 - the loops of bot/ log and go on
            _log.exception("outcomes not stored", channel=delivery.name, rows=[one.row.id for one in batch])
        if len(batch) == 1:
            return batch
        return [one for single in batch for one in await self._store([single])]

    # ── Around it ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _hear(self, bell: Waiting) -> None:
        while not self._closed:
            await bell.wait(IDLE)
            self._news.set()

    async def _keep_lease(self) -> None:
        delivery, lasts = self._delivery, self._delivery.limits.lease
        while not self._closed:
            await asyncio.sleep(lasts.total_seconds() / RENEWALS)
            asked = time.monotonic()
            try:
                await delivering.renew(delivery.database, delivery.desk, self._lease, delivery.name)
                self._until = self._safe_until(asked)
            except Outdated:
                break
            except Exception:  # noqa: BLE001 - the loops of bot/ log and go on
                _log.exception("the lease was not renewed", channel=delivery.name)
        self._end()

    def _safe_until(self, asked: float) -> float:
        """Until when nobody else can have the lease that was asked for at that moment."""
        return asked + self._delivery.limits.lease.total_seconds() * (1 - MARGIN)

    async def _obey(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._end()

    def _end(self) -> None:
        self._over.set()
        self._news.set()

    async def _finish(self) -> None:
        """Until the outcome of everything in flight is stored."""
        while self._busy:
            self._freed.clear()
            await self._freed.wait()


async def _pause(until: asyncio.Event, seconds: float) -> None:
    """Waits for the event, at the longest so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
