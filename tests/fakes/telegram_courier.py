"""Brings the fake Bot API's updates to the webhook that is set, with retries, as the platform does."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRIES = 6  # the platform tries for hours
FIRST_RETRY = 0.05  # seconds; each pause is twice the one before


class Courier:
    """`pending` are the updates by their numbers; one that the webhook took (2xx) is taken out.

    The updates of one chat are brought one after the other, the rest side by side.
    """

    def __init__(self, pending: dict[int, dict[str, Any]]) -> None:
        self.url = ""
        self.secret = ""
        self.last_error = ""
        self.statuses: list[int] = []  # the webhook's answers in their order, 0 where there was none
        self._pending = pending
        self._session: aiohttp.ClientSession | None = None
        self._running: dict[int, asyncio.Task[None]] = {}
        self._newest: dict[int, asyncio.Task[None]] = {}  # chat → its last task

    def bring(self) -> None:
        """Sets out with every update that is not on its way."""
        if not self.url:
            return
        for number, update in self._pending.items():
            if number not in self._running:
                chat = chat_of(update)
                task = asyncio.get_running_loop().create_task(self._bring(number, update, self._newest.get(chat)))
                self._running[number] = self._newest[chat] = task

    async def post(self, update: dict[str, Any], *, secret: str | None = None) -> int:
        """Brings one update once, perhaps with another secret; the status of the answer, 0 where there was none."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        secret = self.secret if secret is None else secret
        headers = {SECRET_HEADER: secret} if secret else {}
        status = 0
        try:
            async with self._session.post(self.url, json=update, headers=headers) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
        self.statuses.append(status)
        return status

    async def close(self) -> None:
        """Gives up whatever is on its way."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _bring(self, number: int, update: dict[str, Any], before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            for attempt in range(RETRIES):
                status = await self.post(update)
                if 200 <= status < 300:
                    self._pending.pop(number, None)
                    return
                self.last_error = self.last_error if not status else f"Wrong response from the webhook: {status}"
                await asyncio.sleep(FIRST_RETRY * 2**attempt)
        finally:
            self._running.pop(number, None)


def chat_of(update: dict[str, Any]) -> int:
    """The number of the chat that an update belongs to, 0 where it belongs to none."""
    for part in update.values():
        if isinstance(part, dict):
            inner = part if "chat" in part else part.get("message", {})
            if "chat" in inner:
                return int(inner["chat"]["id"])
    return 0
