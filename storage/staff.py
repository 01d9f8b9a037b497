"""Staff and their sign-ins: who may work here, from which browser they do it now, and how often it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, exists, func, insert, select, update

from domain.scope import Scope
from domain.staff import Member, Role, SignIn
from storage.database import Look, Work
from storage.tables import sign_ins, staff, tries
from storage.upsert import upsert

_MEMBER = (staff.c.id, staff.c.name, staff.c.area, staff.c.role, staff.c.language)


@dataclass(frozen=True, slots=True)
class Account:
    """A member with what only signing in needs: `password` is argon2's own text."""

    member: Member
    password: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """A line of the staff list; `seen_at` is when they last did something, None where never."""

    member: Member
    seen_at: datetime | None
    disabled: bool


def _member(row: RowMapping) -> Member:
    return Member(row["id"], row["name"], row["area"], Role(row["role"]), row["language"])


# ── Staff ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def anybody(look: Look) -> bool:
    """Whether there is any member of staff yet."""
    return bool(await look.db.scalar(select(exists().where(staff.c.id > 0))))


async def account(look: Look, name: str) -> Account | None:
    """The account of that name (upper and lower case count as one)."""
    rows = await look.db.execute(
        select(*_MEMBER, staff.c.password, staff.c.disabled_at).where(func.lower(staff.c.name) == name.lower())
    )
    row = rows.mappings().first()
    return None if row is None else Account(_member(row), row["password"], row["disabled_at"] is not None)


async def insert_member(work: Work, new: Account, now: datetime) -> int:
    """Stores a new member (whose id counts for nothing yet) and returns the id."""
    member = new.member
    row = {
        "name": member.name,
        "password": new.password,
        "area": member.area,
        "role": member.role,
        "language": member.language,
        "created_at": now,
    }
    return int((await work.db.execute(insert(staff).values(row).returning(staff.c.id))).scalar_one())


async def colleagues(scope: Scope, look: Look) -> Sequence[Colleague]:
    """Everybody whose area lies in the scope, by name."""
    seen = select(func.max(sign_ins.c.seen_at)).where(sign_ins.c.staff == staff.c.id).scalar_subquery()
    rows = await look.db.execute(
        select(*_MEMBER, staff.c.disabled_at, seen.label("seen_at"))
        .where(staff.c.area.between(scope.low, scope.high))
        .order_by(staff.c.area, staff.c.name)
    )
    return [Colleague(_member(row), row["seen_at"], row["disabled_at"] is not None) for row in rows.mappings()]


async def set_language(work: Work, member: int, language: str) -> None:
    """The language that this member reads from now on."""
    await work.db.execute(update(staff).where(staff.c.id == member).values(language=language))


async def set_password(work: Work, member: int, password: str) -> None:
    """Stores another hash of their password."""
    await work.db.execute(update(staff).where(staff.c.id == member).values(password=password))


async def stands_in(scope: Scope, look: Look, member: int) -> bool:
    """Whether there is such a member in the scope."""
    found = select(staff.c.id).where(staff.c.id == member, staff.c.area.between(scope.low, scope.high))
    return await look.db.scalar(found) is not None


async def set_disabled(scope: Scope, work: Work, member: int, at: datetime | None) -> bool:
    """Shuts an account (or opens it again, at=None); False where there is none such in the scope."""
    done = await work.db.execute(
        update(staff).where(staff.c.id == member, staff.c.area.between(scope.low, scope.high)).values(disabled_at=at)
    )
    return done.rowcount == 1


# ── Sign-ins ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def insert_sign_in(work: Work, member: int, token_hash: bytes, csrf: str, now: datetime) -> None:
    """Stores a sign-in."""
    await work.db.execute(
        insert(sign_ins).values(staff=member, token_hash=token_hash, csrf=csrf, created_at=now, seen_at=now)
    )


async def sign_in(look: Look, token_hash: bytes) -> tuple[SignIn, bool] | None:
    """The sign-in behind a token, and whether it was ended (or its account shut); None where there never was one."""
    rows = await look.db.execute(
        select(
            *_MEMBER,
            staff.c.disabled_at,
            sign_ins.c.id.label("sign_in"),
            sign_ins.c.csrf,
            sign_ins.c.created_at,
            sign_ins.c.seen_at,
            sign_ins.c.ended_at,
        )
        .join(staff, staff.c.id == sign_ins.c.staff)
        .where(sign_ins.c.token_hash == token_hash)
    )
    row = rows.mappings().one_or_none()
    if row is None:
        return None
    found = SignIn(row["sign_in"], _member(row), row["csrf"], row["created_at"], row["seen_at"])
    return found, row["ended_at"] is not None or row["disabled_at"] is not None


async def seen(work: Work, sign_in_id: int, now: datetime) -> None:
    """Notes that this sign-in was used."""
    await work.db.execute(update(sign_ins).where(sign_ins.c.id == sign_in_id).values(seen_at=now))


async def end_sign_in(work: Work, sign_in_id: int, now: datetime) -> None:
    """Ends one sign-in."""
    await work.db.execute(
        update(sign_ins).where(sign_ins.c.id == sign_in_id, sign_ins.c.ended_at.is_(None)).values(ended_at=now)
    )


async def end_sign_ins_of(work: Work, member: int, now: datetime, *, but: int | None = None) -> None:
    """Ends every sign-in of a member, except one."""
    where = [sign_ins.c.staff == member, sign_ins.c.ended_at.is_(None)]
    if but is not None:
        where.append(sign_ins.c.id != but)
    await work.db.execute(update(sign_ins).where(*where).values(ended_at=now))


# ── Tries ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def count_try(work: Work, who: bytes, now: datetime) -> int:
    """Counts one more try of `who` in this hour of the clock and gives the number so far; older hours are forgotten."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    await work.db.execute(delete(tries).where(tries.c.hour < hour - timedelta(hours=1)))
    statement = upsert(work, tries).values(who=who, hour=hour, count=1)
    statement = statement.on_conflict_do_update(
        index_elements=[tries.c.who, tries.c.hour], set_={"count": tries.c.count + 1}
    )
    return int((await work.db.execute(statement.returning(tries.c.count))).scalar_one())


async def tries_of(look: Look, who: bytes, now: datetime) -> int:
    """How many tries of `who` were counted in this hour of the clock."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    counted = select(tries.c.count).where(tries.c.who == who, tries.c.hour == hour)
    return (await look.db.scalar(counted)) or 0
