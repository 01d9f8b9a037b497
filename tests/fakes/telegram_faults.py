"""What can go wrong with a call of the fake Bot API, and how each answer that is not ok looks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

PAGE = "<html><head><title>A page</title></head><body>Not the Bot API.</body></html>"


class Trouble(Enum):
    """What can go wrong with one call."""

    DROP_BEFORE = auto()  # the connection breaks; nothing was done
    DROP_AFTER = auto()  # the connection breaks; it was done
    GARBAGE = auto()  # done, and answered with what is no JSON
    NOT_OK = auto()  # status 200, and in it "ok": false with a 500
    ERROR_500 = auto()
    BAD_GATEWAY = auto()  # 502 with a page of HTML
    FIREWALL = auto()  # 403 with a page of HTML, from something on the way
    FLOOD = auto()  # 429
    SLOW = auto()  # done, and answered late
    BAD_REQUEST = auto()  # 400 in other words than the usual
    MIGRATED = auto()  # the group became a supergroup


@dataclass(slots=True)
class Fault:
    """A trouble for the next `times` calls of `method` (for one chat, or for all).

    `seconds` is how long to wait, for SLOW and FLOOD; `text` is the description, for BAD_REQUEST.
    """

    trouble: Trouble
    times: int
    method: str
    chat: int | None
    seconds: float
    text: str


class Refusal(Exception):  # noqa: N818 - an answer of the platform
    """An answer that is not ok."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class Odd(Exception):  # noqa: N818 - an answer of the platform
    """An answer that is not the Bot API's JSON, or not as its status says."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Dropped(Exception):  # noqa: N818 - an event, not an error
    """The connection breaks here."""


_NOTHING_DONE: dict[Trouble, Callable[[], Exception]] = {
    Trouble.DROP_BEFORE: Dropped,
    Trouble.NOT_OK: lambda: Odd(200, '{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
    Trouble.ERROR_500: lambda: Refusal(500, "Internal Server Error"),
    Trouble.BAD_GATEWAY: lambda: Odd(502, PAGE),
    Trouble.FIREWALL: lambda: Odd(403, PAGE),
    Trouble.MIGRATED: lambda: Refusal(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001234567890
    ),
}


async def suffer(fault: Fault, act: Callable[[], Awaitable[object]]) -> object:
    """Does what the call asks (or not) and fails as the fault says; the result where it is only slow."""
    if make := _NOTHING_DONE.get(fault.trouble):
        raise make()
    if fault.trouble is Trouble.FLOOD:
        raise Refusal(429, f"Too Many Requests: retry after {fault.seconds:g}", retry_after=int(fault.seconds))
    if fault.trouble is Trouble.BAD_REQUEST:
        raise Refusal(400, fault.text)
    result = await act()
    if fault.trouble is Trouble.DROP_AFTER:
        raise Dropped
    if fault.trouble is Trouble.GARBAGE:
        raise Odd(200, PAGE)
    await asyncio.sleep(fault.seconds)
    return result
