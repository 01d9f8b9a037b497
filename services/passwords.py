"""Passwords: hashed and checked with argon2, in threads, a few side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from domain.refusals import Refused

SIDE_BY_SIDE = 2  # one hash takes 64 MiB and 0.4 s (facts.md): two leave room for everything else
MOST_WAITING = 20  # about four seconds of waiting; who comes later is asked to try again


class Passwords:
    """Hashes and checks. Strangers and browsers that have signed in before wait in separate queues, so that a flood
    of the first keeps nobody of the second out.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._strangers = _Queue(SIDE_BY_SIDE)
        self._known = _Queue(1)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The password as it is stored."""
        async with self._known.turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, stored: str | None, password: str, *, known: bool) -> bool:
        """Whether the password is the one stored; takes the same time where nothing is (None).
        Raises Refused("sign_in.busy") where too many wait already.
        """
        queue = self._known if known else self._strangers
        async with queue.turn():
            return await asyncio.to_thread(self._check, stored, password)

    def _check(self, stored: str | None, password: str) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, password)
        except VerificationError:
            return False
        return stored is not None


class _Queue:
    """So many at a time, and a bounded number who wait."""

    def __init__(self, side_by_side: int) -> None:
        self._free = asyncio.Semaphore(side_by_side)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING:
            raise Refused("sign_in.busy")
        self._waiting += 1
        try:
            async with self._free:
                yield
        finally:
            self._waiting -= 1
