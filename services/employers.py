"""The list of employers: kept by staff, at hand in every conversation; and what people wrote that it doesn't hold.

Every member of staff sees the whole list; only those whose scope covers an employer's area change it and see its
contact. A registration holds the employer's name as text: where that is no name of the list it is "unknown".
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence

from domain.employers import (
    LONGEST_CONTACT,
    LONGEST_NAME,
    LONGEST_SHORT_NAME,
    MOST_SHORT_NAMES,
    SHORTEST_NAME,
    Directory,
    Employer,
    EmployerSheet,
    Kept,
    Unknown,
    spelled,
)
from domain.refusals import Faults, NotFound, Refused
from domain.scope import Scope
from flows.answers.employer_index import indexed
from services.desk import Desk
from services.office import read_phone
from storage import employers as rows
from storage.database import Database, Look, Work
from storage.employers import PAGE

Stamp = tuple[int, object]


# ── At hand in conversations ─────────────────────────────────────────────────────────────────────────────────────────


async def load(database: Database, desk: Desk) -> Stamp:
    """Reads the list and hands it to the conversations of this process, its index built beside them; returns the stamp
    of what was read, for `reload`.
    """
    async with database.look() as look:
        stamp = await rows.stamp(look)
        directory = Directory(kept.employer for kept in await rows.every(look))
    await asyncio.to_thread(indexed, directory, desk.areas)
    desk.employers = directory
    return stamp


async def reload(database: Database, desk: Desk, known: Stamp) -> Stamp:
    """`load` once more, but only where the list has changed since it had that stamp."""
    async with database.look() as look:
        if await rows.stamp(look) == known:
            return known
    return await load(database, desk)


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def find(database: Database, sought: str = "", after: str = "") -> tuple[Sequence[Kept], str]:
    """A page of the list by name, without contacts, and the name after which the next begins ("" where it ends).
    `sought` stands in the name or in a short name.
    """
    async with database.look() as look:
        found = await rows.listed(look, sought.strip()[:LONGEST_NAME], after)
    return found[:PAGE], found[PAGE - 1].employer.name if len(found) > PAGE else ""


async def show(scope: Scope, database: Database, employer: int) -> tuple[Kept, int]:
    """One employer, its contact only where the scope covers it; and how many active registrations of the scope name
    it. Raises NotFound.
    """
    async with database.look() as look:
        kept = await _one(look, employer)
        if not scope.covers(kept.area):
            kept = dataclasses.replace(kept, contact_name="", contact_phone="")
        return kept, await rows.bearing(scope, look, kept.employer.name)


async def add(scope: Scope, database: Database, desk: Desk, sheet: EmployerSheet) -> int:
    """A new employer, kept by the scope's area; returns its id. Raises Faults (name, short_names, place, contact_name,
    contact_phone).
    """
    async with database.work() as work:
        await rows.hold(work)
        made = await rows.add(work, scope.area, await _checked(work, desk, sheet, None), desk.now())
        await work.commit()
    return made


async def change(
    scope: Scope, database: Database, desk: Desk, employer: int, sheet: EmployerSheet, seen: object
) -> None:
    """Another sheet for that employer; `seen` is `changed_at` of what was corrected, so that nothing is undone that
    others did meanwhile. Registrations that bear the old name, of whichever area, bear the new one.
    Raises NotFound, Refused("employers.changed_meanwhile") and Faults as `add` does.
    """
    async with database.work() as work:
        await rows.hold(work)
        kept = await _mine(scope, work, employer)
        if kept.changed_at != seen:
            raise Refused("employers.changed_meanwhile")
        sheet = await _checked(work, desk, sheet, employer)
        await rows.change(work, employer, sheet, desk.now())
        if sheet.name != kept.employer.name:
            await rows.rename(work, kept.employer.name, sheet.name, desk.now())
        await work.commit()


async def remove(scope: Scope, database: Database, employer: int) -> str:
    """Takes an employer off the list and returns its name, which registrations go on bearing. Raises NotFound."""
    async with database.work() as work:
        await rows.hold(work)
        kept = await _mine(scope, work, employer)
        await rows.remove(work, employer)
        await work.commit()
    return kept.employer.name


# ── Unknown employers ────────────────────────────────────────────────────────────────────────────────────────────────


async def unknown(scope: Scope, database: Database) -> Sequence[Unknown]:
    """What active registrations of the scope name that is no name of the list, the most frequent first, at most
    `storage.employers.MOST_UNKNOWN`.
    """
    async with database.look() as look:
        return await rows.unknown(scope, look)


async def merge(scope: Scope, database: Database, desk: Desk, text: str, name: str) -> int:
    """The active registrations of the scope that name exactly that text bear that name of the list from now on; returns
    how many. The text becomes one of its short names, so that it is understood the next time; but not where the scope
    doesn't cover the employer, whose short names are others' to say.
    Raises NotFound and Refused("employers.known" | "employers.text_taken").
    """
    async with database.work() as work:
        await rows.hold(work)
        kept = await rows.named(work, name)
        if kept is None:
            raise NotFound
        called = (await _taken(work, text)).get(spelled(text), kept)
        if called.id != kept.id:
            raise Refused("employers.text_taken", name=text, other=called.employer.name)
        if scope.covers(kept.area) and _fits(text, kept.employer):
            await rows.call(work, kept.id, (*kept.employer.short_names, text), desk.now())
        merged = await rows.merge(scope, work, text, kept.employer.name, desk.now())
        await work.commit()
    return merged


async def merge_new(scope: Scope, database: Database, desk: Desk, text: str, sheet: EmployerSheet) -> int:
    """As `merge`, into a new employer. Raises Faults as `add` does, and Refused as `merge` does."""
    if _fits(text, Employer(sheet.name, sheet.short_names)):
        sheet = dataclasses.replace(sheet, short_names=(*sheet.short_names, text))
    async with database.work() as work:
        await rows.hold(work)
        if called := (await _taken(work, text)).get(spelled(text)):
            raise Refused("employers.text_taken", name=text, other=called.employer.name)
        sheet = await _checked(work, desk, sheet, None)
        await rows.add(work, scope.area, sheet, desk.now())
        merged = await rows.merge(scope, work, text, sheet.name, desk.now())
        await work.commit()
    return merged


async def _taken(work: Work, text: str) -> Mapping[str, Kept]:
    """Who bears which name, before that text is merged. Raises NotFound for no text, Refused("employers.known")."""
    if not text:
        raise NotFound
    kept = await rows.every(work)
    if text in {one.employer.name for one in kept}:
        raise Refused("employers.known", name=text)
    return _called(kept)


def _fits(text: str, employer: Employer) -> bool:
    """Whether the text can be one more short name of that employer."""
    known = {spelled(employer.name), *map(spelled, employer.short_names)}
    return (
        SHORTEST_NAME <= len(text) <= LONGEST_SHORT_NAME
        and len(employer.short_names) < MOST_SHORT_NAMES
        and spelled(text) not in known
    )


# ── What is wrong with a sheet ───────────────────────────────────────────────────────────────────────────────────────


async def _checked(work: Work, desk: Desk, sheet: EmployerSheet, employer: int | None) -> EmployerSheet:
    """The sheet as it is stored. Raises Faults by field."""
    sheet = _tidied(sheet)
    taken = _called([kept for kept in await rows.every(work) if kept.id != employer])
    faults = _name_faults(sheet, taken) | _short_name_faults(sheet, taken)
    if sheet.place is not None and sheet.place.code not in desk.areas:
        faults["place"] = Refused("place.not_understood")
    if len(sheet.contact_name) > LONGEST_CONTACT:
        faults["contact_name"] = Refused("employers.contact_long", most=LONGEST_CONTACT)
    phone = ""
    try:
        phone = read_phone(sheet.contact_phone) if sheet.contact_phone else ""
    except Refused:
        faults["contact_phone"] = Refused("employers.phone_wrong")
    if faults:
        raise Faults(faults)
    return dataclasses.replace(sheet, contact_phone=phone)


def _tidied(sheet: EmployerSheet) -> EmployerSheet:
    """The sheet without needless spaces; what only repeats the name or another short name is no short name."""
    name, seen, short_names = " ".join(sheet.name.split()), {spelled(sheet.name)}, list[str]()
    for short in (" ".join(short.split()) for short in sheet.short_names):
        if short and spelled(short) not in seen:
            seen.add(spelled(short))
            short_names.append(short)
    return EmployerSheet(name, tuple(short_names), sheet.place, sheet.contact_name.strip(), sheet.contact_phone.strip())


def _name_faults(sheet: EmployerSheet, taken: Mapping[str, Kept]) -> dict[str, Refused]:
    if not sheet.name:
        return {"name": Refused("employers.name_missing")}
    if len(sheet.name) < SHORTEST_NAME:
        return {"name": Refused("employers.name_short")}
    if len(sheet.name) > LONGEST_NAME:
        return {"name": Refused("employers.name_long", most=LONGEST_NAME)}
    if called := taken.get(spelled(sheet.name)):
        return {"name": Refused("employers.name_taken", other=called.employer.name)}
    return {}


def _short_name_faults(sheet: EmployerSheet, taken: Mapping[str, Kept]) -> dict[str, Refused]:
    if len(sheet.short_names) > MOST_SHORT_NAMES:
        return {"short_names": Refused("employers.short_many", most=MOST_SHORT_NAMES)}
    for short in sheet.short_names:
        if not SHORTEST_NAME <= len(short) <= LONGEST_SHORT_NAME:
            shown = short[:LONGEST_SHORT_NAME]
            fault = Refused("employers.short_length", name=shown, least=SHORTEST_NAME, most=LONGEST_SHORT_NAME)
            return {"short_names": fault}
        if called := taken.get(spelled(short)):
            return {"short_names": Refused("employers.short_taken", name=short, other=called.employer.name)}
    return {}


def _called(others: Sequence[Kept]) -> Mapping[str, Kept]:
    """Name (as `spelled` gives it) → the employer that bears it, in whole or for short."""
    return {spelled(name): one for one in others for name in (*one.employer.short_names, one.employer.name)}


async def _one(look: Look, employer: int) -> Kept:
    if (kept := await rows.one(look, employer)) is None:
        raise NotFound
    return kept


async def _mine(scope: Scope, look: Look, employer: int) -> Kept:
    kept = await _one(look, employer)
    if not scope.covers(kept.area):
        raise NotFound
    return kept
