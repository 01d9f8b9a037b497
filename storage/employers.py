"""The list of employers, and the registrations that name one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, func, insert, select, text, update

from domain.employers import Employer, EmployerSheet, Kept, Unknown
from domain.places import Place
from domain.registrations import Status
from domain.scope import Scope
from storage.database import Look, Work
from storage.registration_lists import in_scope
from storage.tables import employers, registrations

EMPLOYERS = "employers"  # the wake topic of those who keep the list at hand
PAGE = 50
MOST_UNKNOWN = 200  # that one page shows; those of most registrations come first

_e, _r = employers.c, registrations.c
_COLUMNS = (_e.id, _e.area, _e.name, _e.short_names, _e.place, _e.place_town, _e.changed_at)


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def every(look: Look) -> Sequence[Kept]:
    """The whole list by name, without contacts."""
    return [_kept(row) for row in (await look.db.execute(select(*_COLUMNS).order_by(_e.name))).mappings()]


async def listed(look: Look, sought: str = "", after: str = "") -> Sequence[Kept]:
    """A page of the list by name, one employer more than PAGE where it goes on; `sought` stands in the name or in a
    short name, `after` is the last name of the page before.
    """
    query = select(*_COLUMNS).order_by(_e.name).limit(PAGE + 1)
    if sought:
        query = query.where(
            _e.name.icontains(sought, autoescape=True) | _e.short_names.icontains(sought, autoescape=True)
        )
    if after:
        query = query.where(_e.name > after)
    return [_kept(row) for row in (await look.db.execute(query)).mappings()]


async def one(look: Look, employer: int) -> Kept | None:
    """One employer with its contact."""
    row = (await look.db.execute(select(employers).where(_e.id == employer))).mappings().one_or_none()
    if row is None:
        return None
    kept = _kept(row)
    contact = [look.seal.open_text(sealed) if sealed else "" for sealed in (row["contact_name"], row["contact_phone"])]
    return Kept(kept.id, kept.area, kept.employer, kept.changed_at, *contact)


async def named(look: Look, name: str) -> Kept | None:
    """The employer of exactly that name, without its contact."""
    row = (await look.db.execute(select(*_COLUMNS).where(_e.name == name))).mappings().one_or_none()
    return None if row is None else _kept(row)


async def stamp(look: Look) -> tuple[int, datetime | None]:
    """What differs after each change of the list: how many there are, and when one was changed last."""
    row = (await look.db.execute(select(func.count(), func.max(_e.changed_at)).select_from(employers))).one()
    return int(row[0]), row[1]


async def hold(work: Work) -> None:
    """Of all who change the list only one does so at a time, until the end of the work."""
    if not work.sqlite:  # SQLite has one writer anyway
        await work.db.execute(text("LOCK TABLE employers IN SHARE ROW EXCLUSIVE MODE"))


async def add(work: Work, area: str, sheet: EmployerSheet, now: datetime) -> int:
    """A new employer; returns its id."""
    row = _columns(work, sheet) | {"area": area, "created_at": now, "changed_at": now}
    work.wake(EMPLOYERS)
    return int((await work.db.execute(insert(employers).values(row).returning(_e.id))).scalar_one())


async def change(work: Work, employer: int, sheet: EmployerSheet, now: datetime) -> None:
    """Another sheet for that employer."""
    await work.db.execute(
        update(employers).where(_e.id == employer).values(_columns(work, sheet) | {"changed_at": now})
    )
    work.wake(EMPLOYERS)


async def call(work: Work, employer: int, short_names: Sequence[str], now: datetime) -> None:
    """Other short names for that employer."""
    await work.db.execute(
        update(employers).where(_e.id == employer).values(short_names="\n".join(short_names), changed_at=now)
    )
    work.wake(EMPLOYERS)


async def remove(work: Work, employer: int) -> None:
    """Takes an employer off the list."""
    await work.db.execute(delete(employers).where(_e.id == employer))
    work.wake(EMPLOYERS)


# ── The registrations ────────────────────────────────────────────────────────────────────────────────────────────────


async def unknown(scope: Scope, look: Look) -> Sequence[Unknown]:
    """What the active registrations of the scope name that is no name of the list, the most frequent first."""
    count = func.count().label("bearing")
    rows = await look.db.execute(
        select(_r.employer, count)
        .where(in_scope(scope, look), _r.status == Status.ACTIVE, _r.employer != "")
        .where(~exists().where(_e.name == _r.employer))
        .group_by(_r.employer)
        .order_by(count.desc(), _r.employer)
        .limit(MOST_UNKNOWN)
    )
    return [Unknown(row.employer, row.bearing) for row in rows]


async def bearing(scope: Scope, look: Look, name: str) -> int:
    """How many active registrations of the scope name exactly that."""
    query = select(func.count()).where(in_scope(scope, look), _r.status == Status.ACTIVE, _r.employer == name)
    return (await look.db.execute(query.select_from(registrations))).scalar_one()


async def merge(scope: Scope, work: Work, was: str, name: str, now: datetime) -> int:
    """Has the active registrations of the scope that name exactly `was` name that employer; returns how many."""
    theirs = (in_scope(scope, work), _r.status == Status.ACTIVE, _r.employer == was)
    done = await work.db.execute(update(registrations).where(*theirs).values(employer=name, changed_at=now))
    return done.rowcount


async def rename(work: Work, was: str, name: str, now: datetime) -> None:
    """Has every registration that bears the old name bear the new one."""
    await work.db.execute(update(registrations).where(_r.employer == was).values(employer=name, changed_at=now))


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _columns(work: Work, sheet: EmployerSheet) -> dict[str, object]:
    return {
        "name": sheet.name,
        "short_names": "\n".join(sheet.short_names),
        "place": sheet.place.code if sheet.place else None,
        "place_town": sheet.place.town if sheet.place else None,
        "contact_name": work.seal.seal_text(sheet.contact_name) if sheet.contact_name else None,
        "contact_phone": work.seal.seal_text(sheet.contact_phone) if sheet.contact_phone else None,
    }


def _kept(row: RowMapping) -> Kept:
    place = Place(row["place"], row["place_town"] or "") if row["place"] else None
    return Kept(
        id=row["id"],
        area=row["area"],
        employer=Employer(row["name"], tuple(row["short_names"].split("\n")) if row["short_names"] else (), place),
        changed_at=row["changed_at"],
    )
