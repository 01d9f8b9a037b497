"""Help requests: people who asked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update

from domain.people import Name, Phone
from domain.scope import Scope
from storage.database import Look, Work
from storage.sealing import Sealer
from storage.tables import contacts, help_requests, people, registrations, staff

PAGE = 50

_h = help_requests.c


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `text` is what the person wrote, "" where nothing; `name` and `phone` are None for somebody who has
    not signed up; `registration` is their newest one. `closed_by` is the name of the member who closed it.
    """

    id: int
    kind: str
    text: str
    channel: str
    name: Name | None
    phone: Phone | None
    registration: int | None
    created_at: datetime
    closed_at: datetime | None
    closed_by: str


async def listed(scope: Scope, look: Look, *, closed: bool, after: int | None = None) -> Sequence[Request]:
    """A page of requests: the open ones, the oldest first, or the closed ones, the newest first. `after` is the id of
    the last one of the page before.
    """
    newest = (
        select(func.max(registrations.c.id))
        .where(registrations.c.person == contacts.c.person, registrations.c.area.between(scope.low, scope.high))
        .scalar_subquery()
    )
    query = (
        select(
            help_requests,
            contacts.c.channel,
            people.c.name,
            people.c.phone,
            newest.label("registration"),
            staff.c.name.label("closer"),
        )
        .join(contacts, contacts.c.id == _h.contact)
        .outerjoin(people, people.c.id == contacts.c.person)
        .outerjoin(staff, staff.c.id == _h.closed_by)
        .where(_h.area.between(scope.low, scope.high))
        .limit(PAGE)
    )
    if closed:
        query = query.where(_h.closed_at.is_not(None)).order_by(_h.id.desc())
        query = query.where(_h.id < after) if after is not None else query
    else:
        query = query.where(_h.closed_at.is_(None)).order_by(_h.id)
        query = query.where(_h.id > after) if after is not None else query
    return [_request(look.seal, row) for row in (await look.db.execute(query)).mappings()]


async def close(scope: Scope, work: Work, request: int, now: datetime) -> bool:
    """Closes a request in the scope, noting who did; one that is closed stays as it is. False where there is none."""
    known = await work.db.scalar(select(_h.id).where(_h.id == request, _h.area.between(scope.low, scope.high)))
    await work.db.execute(
        update(help_requests).where(_h.id == known, _h.closed_at.is_(None)).values(closed_at=now, closed_by=scope.staff)
    )
    return known is not None


def _request(seal: Sealer, row: RowMapping) -> Request:
    return Request(
        id=row["id"],
        kind=row["kind"],
        text=seal.open_text(row["text"]) if row["text"] else "",
        channel=row["channel"],
        name=Name(seal.open_text(row["name"])) if row["name"] else None,
        phone=Phone(seal.open_text(row["phone"])) if row["phone"] else None,
        registration=row["registration"],
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        closed_by=row["closer"] or "",
    )
