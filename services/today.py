"""Today at a glance, for one office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain import days
from domain.scope import Scope
from storage import today_lists, trip_lists
from storage.database import Database

AHEAD = timedelta(days=3)
MISSED_SINCE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Today:
    """The figures (each at most storage.today_lists.ENOUGH), the trips of the next days, and the missed reminders."""

    signed_up: int
    channels: Sequence[tuple[str, int]]
    waiting: int
    requests: int
    ahead: Sequence[trip_lists.Ahead]
    missed: Sequence[trip_lists.Missed]


async def today(scope: Scope, database: Database, now: datetime) -> Today:
    """What the first screen shows."""
    midnight = datetime.combine(days.today(now), time(), days.SHANGHAI)
    async with database.look() as look:
        return Today(
            signed_up=await today_lists.signed_up(scope, look, midnight),
            channels=await today_lists.channels(scope, look, midnight),
            waiting=await today_lists.waiting(scope, look),
            requests=await today_lists.open_requests(scope, look),
            ahead=await trip_lists.ahead(scope, look, now, until=now + AHEAD),
            missed=await trip_lists.missed(scope, look, now - MISSED_SINCE),
        )


async def ahead(scope: Scope, database: Database, now: datetime) -> Sequence[trip_lists.Ahead]:
    """Trips that have not left yet, the soonest first."""
    async with database.look() as look:
        return await trip_lists.ahead(scope, look, now)


async def reached(database: Database, seats: Sequence[int]) -> dict[int, trip_lists.Reached]:
    """Seat → the newest message about it. The seats come from a page that was read in scope."""
    async with database.look() as look:
        return await trip_lists.reached(look, seats)
