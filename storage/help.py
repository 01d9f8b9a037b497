"""The help ledger: requests, and what is said in them. storage/help_lists.py reads them for the staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from domain.scope import Scope
from storage.database import Look, Work
from storage.tables import contacts, help_messages, help_requests, registrations

_h, _m, _c = help_requests.c, help_messages.c, contacts.c


# ── From the chat ────────────────────────────────────────────────────────────────────────────────────────────────────


async def put(work: Work, requests: Sequence[tuple[int, str, str, str]], now: datetime) -> None:
    """New requests: (contact, area, kind, what the person wrote or "")."""
    seal = work.seal.seal_text
    if requests:
        await work.db.execute(
            insert(help_requests),
            [
                {
                    "contact": contact,
                    "area": area,
                    "kind": kind,
                    "text": seal(text) if text else None,
                    "created_at": now,
                }
                for contact, area, kind, text in requests
            ],
        )


async def say(work: Work, words: Sequence[tuple[int, str]], now: datetime) -> None:
    """What people wrote in their requests: (request, words)."""
    seal = work.seal.seal_text
    rows = [{"request": request, "text": seal(text), "created_at": now} for request, text in words]
    await work.db.execute(insert(help_messages), rows)


async def areas(look: Look, ids: Sequence[int]) -> dict[int, str]:
    """Where those of the contacts belong who have signed up: the area of their newest registration."""
    signed_up = select(registrations.c.contact, registrations.c.area).where(registrations.c.contact.in_(ids))
    found = await look.db.execute(signed_up.order_by(registrations.c.id))
    return {row.contact: row.area for row in found}


async def talking(look: Look, ids: Sequence[int]) -> dict[int, int]:
    """The requests that those contacts' words go to: contact → request."""
    found = await look.db.execute(select(_c.id, _c.request).where(_c.id.in_(ids), _c.request.is_not(None)))
    return {row.id: row.request for row in found}


async def open_ones(look: Look, ids: Sequence[int], kind: str) -> dict[int, int]:
    """The newest open requests of that kind: contact → request."""
    wanted = (_h.contact.in_(ids), _h.kind == kind, _h.closed_at.is_(None))
    found = await look.db.execute(select(_h.contact, func.max(_h.id)).where(*wanted).group_by(_h.contact))
    return {row[0]: row[1] for row in found}


async def connect(work: Work, requests: Mapping[int, int]) -> None:
    """From now on those contacts' words go to those requests: contact → request."""
    if requests:
        statement = update(contacts).where(_c.id == bindparam("_contact")).values(request=bindparam("_request"))
        await work.db.execute(
            statement, [{"_contact": contact, "_request": request} for contact, request in requests.items()]
        )


async def disconnect(work: Work, ids: Sequence[int]) -> None:
    """Those contacts' words go to no request any more."""
    await work.db.execute(update(contacts).where(_c.id.in_(ids)).values(request=None))


# ── From the staff ───────────────────────────────────────────────────────────────────────────────────────────────────


async def hold(scope: Scope, work: Work, request: int) -> tuple[int, str, bool] | None:
    """(contact, channel, whether it is open) of a request in the scope, None where there is none.

    Its person's turns wait until the work is over: what they write is there before, or finds what was done.
    """
    in_scope = (_h.id == request, _h.area.between(scope.low, scope.high))
    contact = await work.db.scalar(select(_h.contact).where(*in_scope))
    if contact is None:
        return None
    channel = await work.db.scalar(select(_c.channel).where(_c.id == contact).with_for_update(key_share=True))
    closed_at = await work.db.scalar(select(_h.closed_at).where(_h.id == request))
    return contact, str(channel), closed_at is None


async def newest(look: Look, request: int) -> tuple[int, int | None, str] | None:
    """(id, the member of staff, the words) of the last message in a request; None where nothing was said yet."""
    last = select(_m.id, _m.staff, _m.text).where(_m.request == request).order_by(_m.id.desc()).limit(1)
    row = (await look.db.execute(last)).first()
    return None if row is None else (row.id, row.staff, look.seal.open_text(row.text))


async def answer(scope: Scope, work: Work, request: int, text: str, now: datetime) -> int:
    """Puts the words of the member in the scope into the request; returns the message's id."""
    row = {"request": request, "staff": scope.staff, "text": work.seal.seal_text(text), "created_at": now}
    await work.db.execute(update(help_requests).where(_h.id == request).values(answered_at=now))
    return int((await work.db.execute(insert(help_messages).values(row).returning(_m.id))).scalar_one())


async def close(scope: Scope, work: Work, request: int, now: datetime) -> bool:
    """Closes a request, noting who did. True where its person's words went to it: now they go to none."""
    closing = {"closed_at": now, "closed_by": scope.staff}
    await work.db.execute(update(help_requests).where(_h.id == request, _h.closed_at.is_(None)).values(closing))
    hung_up = await work.db.execute(update(contacts).where(_c.request == request).values(request=None))
    return hung_up.rowcount > 0


async def texts(look: Look, ids: Sequence[int]) -> dict[int, str]:
    """What those messages say: id → the words."""
    found = await look.db.execute(select(_m.id, _m.text).where(_m.id.in_(ids)))
    return {row.id: look.seal.open_text(row.text) for row in found}
