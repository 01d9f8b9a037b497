"""Printed codes: made by staff, and turned into answers when somebody opens the conversation through one."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from domain.days import Window, today
from domain.places import Place
from domain.refusals import Faults, NotFound, Refused
from domain.registrations import ALPHABET, Direction
from domain.scope import Scope, span
from domain.trips import Trip, TripStatus
from services.desk import Desk
from storage import codes as rows
from storage import trips
from storage.codes import Code
from storage.database import Database, Look

LENGTH = 8  # 28^8: nobody finds another office's code by trying
LONGEST_LABEL = 100


async def make(
    scope: Scope, database: Database, desk: Desk, label: str, origin: Place | None = None, trip: int | None = None
) -> str:
    """A new code for a place to get on or for a trip (exactly one of them); returns its letters.
    Raises Faults (label, origin), NotFound for a trip outside the scope.
    """
    if fault := _fault(scope, label, origin, trip):
        raise Faults(fault)
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    async with database.work() as work:
        area = scope.area if trip is None else (await trips.of_scope(scope, work, trip)).area
        await rows.put(work, Code(letters, area, label.strip(), origin, trip, desk.now()))
        await work.commit()
    return letters


async def codes(scope: Scope, database: Database, before: datetime | None = None) -> Sequence[Code]:
    """At most `storage.codes.PAGE` codes, the newest first; `before` goes on from the last of the page before."""
    async with database.look() as look:
        return await rows.listed(scope, look, before)


async def show(scope: Scope, database: Database, letters: str) -> tuple[Code, Trip | None]:
    """One code and its trip. Raises NotFound."""
    async with database.look() as look:
        code = (await rows.by_code(look, [letters])).get(letters)
        if code is None or not scope.covers(code.area):
            raise NotFound
        return code, await trips.of_scope(scope, look, code.trip) if code.trip else None


async def preset_of(look: Look, letters: Collection[str]) -> dict[str, Mapping[str, object]]:
    """What those codes answer, code → question → value: the origin of a place; the day, the destination and (where it
    is plain) the direction of a trip that is published. Unknown codes and trips that are off are left out.
    """
    found = await rows.by_code(look, letters)
    known = await trips.by_ids(look, [code.trip for code in found.values() if code.trip])
    answers = {letters: _answers(code, known.get(code.trip or 0)) for letters, code in found.items()}
    return {letters: preset for letters, preset in answers.items() if preset}


def _answers(code: Code, trip: Trip | None) -> dict[str, object]:
    if code.origin is not None:
        return {"origin": code.origin}
    if trip is None or trip.status is not TripStatus.PUBLISHED:
        return {}
    day = today(trip.departs_at)
    answers: dict[str, object] = {"day": Window(day, day), "destination": trip.destination}
    if direction := _direction(trip):
        answers["direction"] = direction
    return answers


def _direction(trip: Trip) -> Direction | None:
    """Home where the trip ends in the area that runs it, to work where it ends in another province, else unknown."""
    low, high = span(trip.area)
    if low <= trip.destination.code <= high:
        return Direction.HOME
    return Direction.WORK if trip.destination.code[:2] != trip.area[:2] else None


def _fault(scope: Scope, label: str, origin: Place | None, trip: int | None) -> dict[str, Refused]:
    faults: dict[str, Refused] = {}
    if not label.strip():
        faults["label"] = Refused("code.label_missing")
    elif len(label) > LONGEST_LABEL:
        faults["label"] = Refused("code.label_long", most=LONGEST_LABEL)
    if trip is None and origin is None:
        faults["origin"] = Refused("code.origin_missing")
    elif origin is not None and not scope.covers(origin.code):
        faults["origin"] = Refused("code.origin_beyond")
    return faults
