"""Staff: the first one, the others, signing in and out, and who is behind a request."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.office import Office
from domain.places import Areas
from domain.refusals import Faults, NotFound, Refused
from domain.scope import Scope
from domain.staff import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Member,
    Role,
    SignIn,
    natural_role,
    roles_for,
)
from services import office
from services.desk import DEFAULT_LANGUAGE, Desk
from services.passwords import Passwords
from storage import settings
from storage import staff as rows
from storage.database import Database, Look

TRIES_AN_HOUR = 50  # by the clock's hour, so that sixty minutes never hold more than 100
NOTE_EVERY = timedelta(
    minutes=5
)  # a sign-in's use is written down this often: reading a page shall not wait for a write
OPEN_LINKS = 5  # setup links of the last starts that are still good
_SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A member of staff to be: faults name these fields. `role` None means the one that is natural in the area."""

    name: str
    password: str
    area: str
    role: Role | None = None
    language: str = DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class Pass:
    """What a browser keeps after signing in: `token` is the sign-in; `device` shows later that it was here before."""

    token: str
    device: str


# ── The first member ─────────────────────────────────────────────────────────────────────────────────────────────────


async def setup_token(database: Database) -> str | None:
    """A new token for the one-time setup link, None when there is staff already. Only its hash is stored; it is good
    until one link has been used, or until four later starts have made newer ones.
    """
    async with database.work() as work:
        if await rows.anybody(work):
            return None
        token = secrets.token_urlsafe(32)
        kept = (await settings.take(work, _SETUP) or "").split()
        kept.append(work.seal.hash(_SETUP, token).hex())
        await settings.put(work, _SETUP, " ".join(kept[-OPEN_LINKS:]))
        await work.commit()
    return token


async def setup_open(database: Database, token: str) -> bool:
    """Whether that link can still be used."""
    async with database.look() as look:
        found = (await settings.values(look)).get(_SETUP, "")
        return _stands_in(look, token, found) and not await rows.anybody(look)


async def set_up(
    database: Database, desk: Desk, passwords: Passwords, token: str, newcomer: Newcomer, phone: str
) -> None:
    """The first member of staff, with the home area and the office's phone; the link is used up.
    Raises Refused("setup.used") and Faults (name, password, area, phone).
    """
    faults = faults_of(newcomer, desk.areas)
    try:
        phone = office.read_phone(phone)
    except Refused as refused:
        faults["phone"] = refused
    if faults:
        raise Faults(faults)
    if not await setup_open(database, token):
        raise Refused("setup.used")
    stored = await passwords.hash(newcomer.password)
    begun = Office(newcomer.area, phone)
    async with database.work() as work:
        if not _stands_in(work, token, await settings.take(work, _SETUP) or "") or await rows.anybody(work):
            raise Refused("setup.used")
        role = newcomer.role or natural_role(desk.areas[newcomer.area], desk.areas)
        await rows.insert_member(work, _stored(newcomer, stored, role), desk.now())
        await office.write(work, begun)
        await work.commit()
    desk.settle(begun)


def _stands_in(look: Look, token: str, hashes: str) -> bool:
    wanted = look.seal.hash(_SETUP, token).hex()
    return any(hmac.compare_digest(wanted, one) for one in hashes.split())


# ── The others ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def add(
    database: Database, areas: Areas, passwords: Passwords, newcomer: Newcomer, now: datetime, by: Scope | None = None
) -> int:
    """Another member of staff, in the scope of the one who adds them (`by` None: the command line, which may add the
    first one too and then sets the home area). Returns their id. Raises Faults (name, password, area, role).
    """
    faults = faults_of(newcomer, areas)
    if by is not None and newcomer.area in areas and not by.covers(newcomer.area):
        faults["area"] = Refused("staff.area_beyond")
    if faults:
        raise Faults(faults)
    stored = await passwords.hash(newcomer.password)
    async with database.work() as work:
        if await rows.account(work, newcomer.name) is not None:
            raise Faults({"name": Refused("staff.name_taken")})
        role = newcomer.role or natural_role(areas[newcomer.area], areas)
        added = await rows.insert_member(work, _stored(newcomer, stored, role), now)
        await settings.take(work, _SETUP)
        if by is None and not (await office.read(work)).area:
            await office.write(work, Office(newcomer.area))
        await work.commit()
    return added


async def colleagues(scope: Scope, database: Database) -> list[rows.Colleague]:
    """Everybody who works in the scope."""
    async with database.look() as look:
        return list(await rows.colleagues(scope, look))


async def shut(scope: Scope, database: Database, member: int, now: datetime) -> None:
    """Shuts an account and ends its sign-ins. Raises NotFound, Refused("staff.yourself")."""
    if member == scope.staff:
        raise Refused("staff.yourself")
    async with database.work() as work:
        if not await rows.set_disabled(scope, work, member, now):
            raise NotFound
        await rows.end_sign_ins_of(work, member, now)
        await work.commit()


async def reopen(scope: Scope, database: Database, member: int) -> None:
    """Opens a shut account again. Raises NotFound."""
    async with database.work() as work:
        if not await rows.set_disabled(scope, work, member, None):
            raise NotFound
        await work.commit()


async def give_password(
    scope: Scope, database: Database, passwords: Passwords, member: int, password: str, now: datetime
) -> None:
    """Another password for a member who forgot theirs; their sign-ins end.
    Raises NotFound, Refused("staff.yourself"), Faults (password).
    """
    if member == scope.staff:
        raise Refused("staff.yourself")
    if fault := _password_fault(password):
        raise Faults({"password": fault})
    stored = await passwords.hash(password)
    async with database.work() as work:
        if not await rows.stands_in(scope, work, member):
            raise NotFound
        await rows.set_password(work, member, stored)
        await rows.end_sign_ins_of(work, member, now)
        await work.commit()


async def speak(database: Database, member: Member, language: str) -> None:
    """The language that the console speaks to this member from now on."""
    async with database.work() as work:
        await rows.set_language(work, member.id, language)
        await work.commit()


async def change_password(
    database: Database, passwords: Passwords, sign_in: SignIn, now_is: str, shall_be: str, now: datetime
) -> None:
    """Another password for oneself; every other sign-in of this member ends. Raises Faults (old, password)."""
    async with database.look() as look:
        account = await rows.account(look, sign_in.member.name)
    faults: dict[str, Refused] = {}
    if account is None or not await passwords.fits(account.password, now_is, known=True):
        faults["old"] = Refused("staff.password_wrong")
    if fault := _password_fault(shall_be):
        faults["password"] = fault
    if faults:
        raise Faults(faults)
    stored = await passwords.hash(shall_be)
    async with database.work() as work:
        await rows.set_password(work, sign_in.member.id, stored)
        await rows.end_sign_ins_of(work, sign_in.member.id, now, but=sign_in.id)
        await work.commit()


def _stored(newcomer: Newcomer, password: str, role: Role) -> rows.Account:
    member = Member(0, newcomer.name.strip(), newcomer.area, role, newcomer.language)
    return rows.Account(member, password, disabled=False)


def faults_of(newcomer: Newcomer, areas: Areas) -> dict[str, Refused]:
    """What is wrong with a newcomer, by field."""
    faults: dict[str, Refused] = {}
    if not newcomer.name.strip():
        faults["name"] = Refused("staff.name_missing")
    elif len(newcomer.name) > LONGEST_NAME:
        faults["name"] = Refused("staff.name_long", most=LONGEST_NAME)
    if fault := _password_fault(newcomer.password):
        faults["password"] = fault
    if newcomer.area not in areas:
        faults["area"] = Refused("staff.area_unknown")
    elif newcomer.role is not None and newcomer.role not in roles_for(areas[newcomer.area]):
        faults["role"] = Refused("staff.role_elsewhere")
    return faults


def _password_fault(password: str) -> Refused | None:
    if len(password) < SHORTEST_PASSWORD:
        return Refused("staff.password_short", least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return Refused("staff.password_long", most=LONGEST_PASSWORD)
    return None


# ── Signing in and out ───────────────────────────────────────────────────────────────────────────────────────────────


async def sign_in(
    database: Database, passwords: Passwords, name: str, password: str, device: str, now: datetime
) -> Pass:
    """Signs in; `device` is what an earlier Pass left in this browser ("" for a stranger).

    Tries are counted by account and browser: a flood of wrong ones from elsewhere locks out strangers for the rest of
    the hour, never the sign-ins that stand nor a browser that has signed in before.
    Raises Refused: "sign_in.wrong" (for an unknown name too, after the same time), "sign_in.too_many", "sign_in.busy".
    """
    name, password = name.strip()[:LONGEST_NAME], password[:LONGEST_PASSWORD]
    async with database.look() as look:
        account = await rows.account(look, name)
        nonce = _known(look, account, device)
    async with database.work() as work:
        tried = await rows.count_try(work, work.seal.hash("try", f"{name.lower()}\0{nonce}"), now)
        await work.commit()
    if tried > TRIES_AN_HOUR:
        raise Refused("sign_in.too_many")
    shut_out = account is None or account.disabled
    fits = await passwords.fits(None if shut_out or account is None else account.password, password, known=bool(nonce))
    if account is None or not fits:
        raise Refused("sign_in.wrong")
    token, nonce = secrets.token_urlsafe(32), nonce or secrets.token_urlsafe(16)
    async with database.work() as work:
        csrf = secrets.token_urlsafe(32)
        await rows.insert_sign_in(work, account.member.id, work.seal.hash("sign_in", token), csrf, now)
        await work.commit()
        return Pass(token, f"{nonce}.{_proof(work, account.member.id, nonce)}")


async def sign_out(database: Database, found: SignIn, now: datetime) -> None:
    """Ends this sign-in."""
    async with database.work() as work:
        await rows.end_sign_in(work, found.id, now)
        await work.commit()


class Forged(Exception):  # noqa: N818 - a lie, not an error of the program
    """A token that was never given out."""


async def who(database: Database, token: str, now: datetime) -> SignIn | None:
    """The sign-in behind a browser's token; None where it has ended, been idle too long or outlived its day, or its
    account was shut. Raises Forged.
    """
    async with database.look() as look:
        found = await rows.sign_in(look, look.seal.hash("sign_in", token))
    if found is None:
        raise Forged
    standing, ended = found
    if ended or not standing.holds(now):
        return None
    if now - standing.seen_at >= NOTE_EVERY:
        async with database.work() as work:
            await rows.seen(work, standing.id, now)
            await work.commit()
    return standing


def _known(look: Look, account: rows.Account | None, device: str) -> str:
    """The nonce of a browser that has signed in to this account before, "" for a stranger's."""
    nonce, _, proof = device.partition(".")
    if account is None or not nonce or not proof.isascii():
        return ""
    return nonce if hmac.compare_digest(proof, _proof(look, account.member.id, nonce)) else ""


def _proof(look: Look, member: int, nonce: str) -> str:
    return look.seal.hash("device", f"{member}:{nonce}").hex()


def scope_of(member: Member) -> Scope:
    """What a member may see: their area and everything below it."""
    return Scope(member.area, member.id)
