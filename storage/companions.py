"""Those who come along, sealed like the people who signed them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Exists, delete, exists, func, select

from domain.people import Companion, Name, Phone
from storage.database import Look, Work
from storage.tables import companions, registrations

_c = companions.c


async def put(work: Work, wanted: Mapping[int, Sequence[Companion]]) -> None:
    """Registration → exactly these people, in that order."""
    await work.db.execute(delete(companions).where(_c.registration.in_(list(wanted))))
    rows = [
        {
            "registration": registration,
            "position": position,
            "name": work.seal.seal_text(one.name.text),
            "phone": work.seal.seal_text(one.phone.digits) if one.phone else None,
        }
        for registration, some in wanted.items()
        for position, one in enumerate(some)
    ]
    if rows:
        await work.db.execute(companions.insert(), rows)


def named() -> Exists:
    """Whether anybody was named, as a column beside a registration."""
    return exists().where(_c.registration == registrations.c.id)


async def of(look: Look, ids: Sequence[int]) -> dict[int, tuple[Companion, ...]]:
    """Registration → who comes along, in the order in which they were named; none where nobody was."""
    if not ids:
        return {}
    wanted = select(companions).where(_c.registration.in_(ids)).order_by(_c.registration, _c.position)
    found: dict[int, tuple[Companion, ...]] = {}
    for row in await look.db.execute(wanted):
        phone = Phone(look.seal.open_text(row.phone)) if row.phone else None
        one = Companion(Name(look.seal.open_text(row.name)), phone)
        found[row.registration] = (*found.get(row.registration, ()), one)
    return found


async def drop_surplus(work: Work, registration: int, party: int) -> None:
    """Forgets everybody where more were named than now come along: nobody said who stays at home."""
    named = select(func.count()).where(_c.registration == registration).scalar_subquery()
    await work.db.execute(delete(companions).where(_c.registration == registration, named > party - 1))
