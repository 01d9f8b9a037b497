"""Help requests at the office: who asked for a person, and that somebody saw to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.refusals import NotFound
from domain.scope import Scope
from storage import help as rows
from storage.database import Database


async def requests(
    scope: Scope, database: Database, *, closed: bool = False, after: int | None = None
) -> Sequence[rows.Request]:
    """At most `storage.help.PAGE` requests: the open ones, the oldest first, or the closed ones, the newest first."""
    async with database.look() as look:
        return await rows.listed(scope, look, closed=closed, after=after)


async def close(scope: Scope, database: Database, request: int, now: datetime) -> None:
    """Marks a request as seen to, by the member in the scope. Closing twice changes nothing. Raises NotFound."""
    async with database.work() as work:
        if not await rows.close(scope, work, request, now):
            raise NotFound
        await work.commit()
