"""The reminder: how much time is left, where, and when to be there; counted at the moment it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.notices import Occasion
from domain.reminders import Left, time_left
from domain.trips import Mode
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from services.wording import Case, answers, clock, leaves, newest_cases, traveller, vehicle
from storage.database import Look
from storage.due import About
from texts.say import Say, say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """A reminder of an hour that stands no more says nothing: people were told the new one."""
    found = await newest_cases(look, desk, rows)
    now = desk.now()
    return {row.id: None for row in rows} | {case.row.id: _says(case, now) for case in found if _stands(case)}


def _stands(case: Case) -> bool:
    about = msgspec.json.decode(case.row.values or b"", type=About)
    return about.boards_at == case.boarding.stop.boards_at


def _says(case: Case, now: datetime) -> tuple[Say, ...]:
    boarding = case.boarding
    left = time_left(boarding.stop.departs_at, now)
    belt = boarding.trip.mode is Mode.COACH
    return (
        _head(case, left),
        *traveller(case),
        vehicle(boarding.trip),
        say("reminder.belt" if belt else "reminder.card", *answers(boarding.seat)),
    )


def _head(case: Case, left: Left) -> Say:
    stop = case.boarding.stop
    if left.unit == "days":
        key = "reminder.tomorrow" if left.n == 1 else "reminder.later"
        return say(key, at=leaves(case.boarding), place=stop.place, boards=clock(stop.boards_at))
    return say(
        f"reminder.{left.unit}",
        n=left.n,
        hour=clock(stop.departs_at),
        place=stop.place,
        boards=clock(stop.boards_at),
    )


OCCASION = Wording(Occasion.REMINDER, word)
