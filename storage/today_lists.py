"""The figures of the first screen, each counted over as few rows as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from domain.ledger import RegistrationSearch, Standing
from domain.registrations import Status
from domain.scope import Scope
from storage.database import Look
from storage.registration_lists import conditions, in_scope
from storage.tables import help_requests, registrations

ENOUGH = 1000  # a figure above that is shown as "1000+": nobody works through the exact one


async def signed_up(scope: Scope, look: Look, since: datetime) -> int:
    """Sign-ups of the scope since then that still stand, at most ENOUGH."""
    return await _count(look, and_(registrations.c.created_at >= since, _active(), in_scope(scope, look)))


async def waiting(scope: Scope, look: Look) -> int:
    """Registrations without a seat, at most ENOUGH."""
    return await _count(
        look, and_(in_scope(scope, look), *conditions(look, RegistrationSearch(standing=Standing.WAITING)))
    )


async def open_requests(scope: Scope, look: Look) -> int:
    """Help requests that nobody has seen to, at most ENOUGH."""
    where = and_(help_requests.c.closed_at.is_(None), help_requests.c.area.between(scope.low, scope.high))
    some = select(help_requests.c.id).where(where).limit(ENOUGH).subquery()
    return int(await look.db.scalar(select(func.count()).select_from(some)) or 0)


async def channels(scope: Scope, look: Look, since: datetime) -> Sequence[tuple[str, int]]:
    """How many signed up since then by each channel, the most first."""
    count = func.count()
    rows = await look.db.execute(
        select(registrations.c.channel, count)
        .where(registrations.c.created_at >= since, _active(), in_scope(scope, look))
        .group_by(registrations.c.channel)
        .order_by(count.desc())
    )
    return [(row[0], row[1]) for row in rows]


def _active() -> ColumnElement[bool]:
    return registrations.c.status == Status.ACTIVE


async def _count(look: Look, where: ColumnElement[bool]) -> int:
    some = select(registrations.c.id).where(where).limit(ENOUGH).subquery()
    return int(await look.db.scalar(select(func.count()).select_from(some)) or 0)
