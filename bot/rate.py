"""How fast a platform may be used: sliding windows, for one account as a whole and for each person on it.

A bucket of tokens lets twice the rate through in its first second (measured: 60 at 30 a second), so it is windows
here: no stretch of time of a rate's length, wherever it begins, holds more than the rate allows.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left, insort
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from statistics import median

from domain.channels import Rate, Traits

# The platform counts when requests arrive, and some travel faster than others. With the real way of each request
# followed (see `Limiter.answered`) this much is left to ordinary jitter; without, 1.03 was needed, and a process that
# was held up for 40 ms between two volleys still had 36 arrive within one second.
SLACK = 1.02

WAYS = 51  # round trips whose median is what one takes here and now
LONGEST_DELAY = 0.25  # seconds; what takes even longer was not on its way all that time: the platform was slow

# A rate of 30 a second is used 6 at a time, or else the 30 would always go out in one volley, and somebody who writes
# right after it would wait for the rest of the second. The volleys may follow each other a little faster than the rate:
# one that comes late can be made up for.
VOLLEYS = 5
CATCHING_UP = 0.75

# An account that refuses everything without saying for how long is left alone for a growing while, and then tried
# with a single message.
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds


class Window:
    """At most `most` starts in any stretch of `per` seconds. Pure: the present moment (in seconds) is handed in."""

    __slots__ = ("_most", "_per", "_starts")

    def __init__(self, most: int, per: float) -> None:
        self._most = most
        self._per = per
        self._starts: list[float] = []  # the latest, in order

    def delay(self, now: float) -> float:
        """Seconds until one more may start; 0 where it may now."""
        if len(self._starts) < self._most:
            return 0.0
        passed = now - self._starts[0]
        return 0.0 if passed >= self._per else self._per - passed

    def room(self, by: float) -> int:
        """How many may start until that moment."""
        gone = 0
        for start in self._starts:
            if by - start < self._per:
                break
            gone += 1
        return self._most - len(self._starts) + gone

    def enter(self, now: float) -> None:
        """One starts."""
        self._starts.append(now)
        if len(self._starts) > self._most:
            del self._starts[0]

    def shift(self, start: float, later: float) -> None:
        """What started then counts as started later."""
        place = bisect_left(self._starts, start)
        if place < len(self._starts) and self._starts[place] == start:
            del self._starts[place]
            insort(self._starts, later)

    def rested(self, now: float) -> bool:
        """Whether it holds nothing that still counts."""
        return not self._starts or now - self._starts[-1] >= self._per


class Limiter:
    """One account's rates together, and the waits that the platform asks for.

    Without a rate everything may start at once, but for those waits. The clock counts seconds.
    """

    def __init__(self, rates: Sequence[Rate], now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._windows = [Window(rate.most, rate.per.total_seconds() * SLACK) for rate in rates]
        self._ways: deque[float] = deque(maxlen=WAYS)
        self._held_until = 0.0

    def delay(self) -> float:
        """Seconds until one more may start; 0 where it may now."""
        now = self._now()
        return max(0.0, self._held_until - now, *(window.delay(now) for window in self._windows))

    def room(self, within: float) -> int | None:
        """How many may start within so many seconds; None where there is no limit."""
        by = self._now() + within
        if by < self._held_until:
            return 0
        return min((window.room(by) for window in self._windows), default=None)

    def enter(self) -> float:
        """One starts now, `delay` said that it may; returns what `answered` is told of it."""
        now = self._now()
        for window in self._windows:
            window.enter(now)
        return now

    def answered(self, start: float) -> None:
        """The answer to that one has come. What took longer than usual arrived as much later than the others, so it
        counts as begun later: however long this process was held up, no more than the rate arrive in any window.
        """
        if not self._windows:
            return
        took = self._now() - start
        self._ways.append(took)
        delay = min(took - median(self._ways), LONGEST_DELAY)
        if delay > 0:
            for window in self._windows:
                window.shift(start, start + delay)

    async def take(self) -> float:
        """Waits until one may start, and counts it; returns what `answered` is told of it."""
        while (wait := self.delay()) > 0:  # noqa: ASYNC110 - it is time that passes here, nobody could set an event
            await asyncio.sleep(wait)
        return self.enter()

    def hold_off(self, seconds: float) -> None:
        """The platform wants nothing for so long (429)."""
        self._held_until = max(self._held_until, self._now() + seconds)


class Chats:
    """The rate for each person. What no longer counts is forgotten, so it holds only who was written to lately."""

    def __init__(self, rate: Rate | None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rate = rate
        self._windows: OrderedDict[int, Window] = OrderedDict()  # the longest at rest first
        self._held: dict[int, float] = {}

    def delay(self, contact: int) -> float:
        """Seconds until one more may go to that person; 0 where it may now."""
        now = self._now()
        window = self._windows.get(contact)
        return max(0.0, self._held.get(contact, now) - now, window.delay(now) if window else 0.0)

    def resting(self) -> dict[int, float]:
        """Who can't be written to at this moment, and for how many seconds."""
        self._forget()
        waits = ((contact, self.delay(contact)) for contact in {*self._windows, *self._held})
        return {contact: wait for contact, wait in waits if wait > 0}

    def enter(self, contact: int) -> None:
        """One goes to that person now; `delay` said that it may."""
        self._forget()
        if self._rate is None:
            return
        window = self._windows.pop(contact, None) or Window(self._rate.most, self._rate.per.total_seconds() * SLACK)
        window.enter(self._now())
        self._windows[contact] = window

    def hold_off(self, contact: int, seconds: float) -> None:
        """The platform wants nothing for that person for so long."""
        self._held[contact] = max(self._held.get(contact, 0.0), self._now() + seconds)

    def _forget(self) -> None:
        now = self._now()
        while self._windows and next(iter(self._windows.values())).rested(now):
            self._windows.popitem(last=False)
        if self._held and min(self._held.values()) <= now:
            self._held = {contact: until for contact, until in self._held.items() if until > now}


def spread(rate: Rate | None) -> tuple[Rate, ...]:
    """A rate, and the same once more in shorter stretches, so that it is used evenly."""
    if rate is None:
        return ()
    if rate.most < VOLLEYS:
        return (rate,)
    return rate, Rate(-(-rate.most // VOLLEYS), rate.per / VOLLEYS * CATCHING_UP)


class Account:
    """What may be sent through one account at this moment: its rate, each person's, and the waits that were asked for.

    Without `limited` the rates are not kept, only the waits (for tests and measurements).
    """

    def __init__(self, traits: Traits, *, limited: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._limiter = Limiter(spread(traits.rate) if limited else (), now)
        self._chats = Chats(traits.chat_rate if limited else None, now)
        self._refusals = 0

    def delay(self, contact: int) -> float:
        """Seconds until one more may go to that person; 0 where it may now."""
        return max(self._limiter.delay(), self._chats.delay(contact))

    def pause(self) -> float:
        """Seconds until one more may go to anybody."""
        return self._limiter.delay()

    def room(self, within: float) -> int | None:
        """How many may start within so many seconds; None where there is no limit."""
        room = self._limiter.room(within)
        return room if not self._refusals else min(1 if room is None else room, 1)

    def resting(self) -> dict[int, float]:
        """Who can't be written to at this moment, and for how many seconds."""
        return self._chats.resting()

    def enter(self, contact: int) -> float:
        """One goes to that person now, `delay` said that it may; returns what `answered` is told of it."""
        self._chats.enter(contact)
        return self._limiter.enter()

    def answered(self, start: float) -> None:
        """The platform has answered that one, whatever it said."""
        self._limiter.answered(start)

    def passed(self) -> None:
        """The platform took one."""
        self._refusals = 0

    def refused(self, wait: float | None) -> None:
        """The platform wants nothing at all through this account, for so long or for as long as we think fit."""
        if wait is not None:
            self._limiter.hold_off(wait)
        elif not self._limiter.delay():  # those that were under way together count once
            self._limiter.hold_off(BACK_OFF[min(self._refusals, len(BACK_OFF) - 1)])
            self._refusals += 1

    def spare(self, contact: int, wait: float) -> None:
        """The platform wants nothing for that person for so long."""
        self._chats.hold_off(contact, wait)
