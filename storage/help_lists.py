"""The help ledger as the staff read it: the list, and one request with everything that was said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, select

from domain.notices import Occasion
from domain.people import Name, Phone
from domain.scope import Scope
from storage.database import Look
from storage.sealing import Sealer
from storage.tables import contacts, help_messages, help_requests, outbox, people, registrations, staff

PAGE = 50

_h, _m = help_requests.c, help_messages.c


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `text` is what the person wrote first, "" where nothing; `name` and `phone` are None for somebody
    who has not signed up; `registration` is their newest one in the scope. `waits_since` is when they asked or wrote
    the first thing that nobody has answered yet, None where nothing waits. `closed_by` is the name of the member who
    closed it.
    """

    id: int
    kind: str
    text: str
    channel: str
    name: Name | None
    phone: Phone | None
    registration: int | None
    created_at: datetime
    answered_at: datetime | None
    waits_since: datetime | None
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class Message:
    """What was said in a request: by that member of staff, or by the person (then `staff` is ""). `state` says how far
    an answer of the staff has come on its way (storage.outbox.State), "" for what the person wrote.
    """

    id: int
    staff: str
    text: str
    at: datetime
    state: str


async def listed(scope: Scope, look: Look, *, closed: bool, kind: str = "", skip: int = 0) -> Sequence[Request]:
    """A page of requests of that kind ("" means all): the closed ones, the newest first; or the open ones: first those
    who wait, the longest waiting at the head, then those whose last words were answered.
    """
    query = _requests(scope).limit(PAGE).offset(skip)
    query = query.where(_h.kind == kind) if kind else query
    if closed:
        query = query.where(_h.closed_at.is_not(None)).order_by(_h.id.desc())
    else:
        since = _waits_since()
        query = query.where(_h.closed_at.is_(None)).order_by(since.is_(None), since, _h.id)
    return [_request(look.seal, row) for row in (await look.db.execute(query)).mappings()]


async def one(scope: Scope, look: Look, request: int) -> Request | None:
    """That request; None where there is none in the scope."""
    row = (await look.db.execute(_requests(scope).where(_h.id == request))).mappings().first()
    return None if row is None else _request(look.seal, row)


async def said(look: Look, request: int) -> Sequence[Message]:
    """Everything that was said in a request, in its order."""
    on_its_way = and_(outbox.c.occasion == Occasion.ANSWER, outbox.c.ref == _m.id)
    query = (
        select(_m.id, _m.text, _m.created_at, staff.c.name, outbox.c.state)
        .outerjoin(staff, staff.c.id == _m.staff)
        .outerjoin(outbox, on_its_way)
        .where(_m.request == request)
        .order_by(_m.id)
    )
    return [
        Message(row.id, row.name or "", look.seal.open_text(row.text), row.created_at, row.state or "")
        for row in await look.db.execute(query)
    ]


def _requests(scope: Scope) -> Select[Any]:
    newest = (
        select(func.max(registrations.c.id))
        .where(registrations.c.person == contacts.c.person, registrations.c.area.between(scope.low, scope.high))
        .scalar_subquery()
    )
    return (
        select(
            help_requests,
            contacts.c.channel,
            people.c.name,
            people.c.phone,
            newest.label("registration"),
            _waits_since().label("waits_since"),
            staff.c.name.label("closer"),
        )
        .join(contacts, contacts.c.id == _h.contact)
        .outerjoin(people, people.c.id == contacts.c.person)
        .outerjoin(staff, staff.c.id == _h.closed_by)
        .where(_h.area.between(scope.low, scope.high))
    )


def _waits_since() -> ColumnElement[datetime | None]:
    """When the request was made where nobody has answered; else when the first words after the last answer came."""
    answers = help_messages.alias("answers")
    last = select(func.max(answers.c.id)).where(answers.c.request == _h.id, answers.c.staff.is_not(None))
    unanswered = select(func.min(_m.created_at)).where(
        _m.request == _h.id, _m.staff.is_(None), _m.id > last.correlate(help_requests).scalar_subquery()
    )
    return case((_h.answered_at.is_(None), _h.created_at), else_=unanswered.correlate(help_requests).scalar_subquery())


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
        answered_at=row["answered_at"],
        waits_since=row["waits_since"],
        closed_at=row["closed_at"],
        closed_by=row["closer"] or "",
    )
