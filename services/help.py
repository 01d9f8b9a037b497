"""The help ledger at the office: what people ask for, the staff's answers, and that somebody saw to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.notices import Occasion, Priority
from domain.refusals import NotFound, Refused
from domain.scope import Scope
from services.desk import Desk
from storage import help as rows
from storage import help_lists as lists
from storage import outbox
from storage.database import Database, Work

LONGEST = 500  # characters of an answer: half of what a chat message holds on the narrowest platform


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with everything that was said in it, in its order."""

    request: lists.Request
    said: Sequence[lists.Message]


async def requests(
    scope: Scope, database: Database, *, closed: bool = False, kind: str = "", skip: int = 0
) -> Sequence[lists.Request]:
    """At most `storage.help_lists.PAGE` requests, of that kind only where one is given: the open ones, who waits
    longest first, or the closed ones, the newest first. `skip` passes over the pages before.
    """
    async with database.look() as look:
        return await lists.listed(scope, look, closed=closed, kind=kind, skip=skip)


async def exchange(scope: Scope, database: Database, request: int) -> Exchange:
    """One request with its messages. Raises NotFound."""
    async with database.look() as look:
        found = await lists.one(scope, look, request)
        if found is None:
            raise NotFound
        return Exchange(found, await lists.said(look, request))


async def answer(scope: Scope, database: Database, desk: Desk, request: int, text: str) -> None:
    """Answers a person in their chat, where their next words come back to this request.

    The same words said again by the same member before anybody said anything else (a form that was sent twice) change
    nothing. Raises NotFound; Refused for a request that is closed and for words that are none or too many (question
    "text").
    """
    text = text.strip()
    async with database.work() as work:
        contact, channel, is_open = await _held(scope, work, request)
        if not is_open:
            raise Refused("help.closed_already")
        if not text:
            raise Refused("help.answer_missing", question="text")
        if len(text) > LONGEST:
            raise Refused("help.answer_long", question="text", most=LONGEST)
        newest = await rows.newest(work, request)
        if newest is not None and newest[1:] == (scope.staff, text):
            return
        message = await rows.answer(scope, work, request, text, desk.now())
        await rows.connect(work, {contact: request})
        await _tell(work, desk, contact, channel, Occasion.ANSWER, message)
        await work.commit()


async def close(scope: Scope, database: Database, desk: Desk, request: int, seen: int | None = None) -> None:
    """Marks a request as seen to, by the member in the scope; a person who is talking in it is told that this is over.

    `seen` is the last message that the member has read (0 for none): with anything newer it is refused ("help.more").
    Closing twice changes nothing. Raises NotFound.
    """
    async with database.work() as work:
        contact, channel, is_open = await _held(scope, work, request)
        if not is_open:
            return
        newest = await rows.newest(work, request)
        if seen is not None and newest is not None and newest[0] > seen:
            raise Refused("help.more")
        if await rows.close(scope, work, request, desk.now()):
            await _tell(work, desk, contact, channel, Occasion.SEEN_TO, request)
        await work.commit()


async def _held(scope: Scope, work: Work, request: int) -> tuple[int, str, bool]:
    held = await rows.hold(scope, work, request)
    if held is None:
        raise NotFound
    return held


async def _tell(work: Work, desk: Desk, contact: int, channel: str, occasion: Occasion, ref: int) -> None:
    """An answer goes before everything else: somebody may be sitting there and waiting for it."""
    once = f"help:{ref}" if occasion is Occasion.ANSWER else f"help_closed:{ref}"
    row = outbox.Row(once, contact, channel, Priority.ANSWER, occasion, ref=ref)
    await outbox.put(work, [row], desk.now())
