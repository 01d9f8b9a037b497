"""The change notice: what is otherwise now than people were told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from domain.days import Moment, today
from domain.notices import Occasion
from domain.trips import Change
from flows.boarding import NOT_COMING, SEEN, button
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from services.wording import Case, arrives, bring, clock, escort_phone, leaves, newest_cases, traveller
from storage.database import Look
from texts.say import Say, say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """What changed, and that the rest stays."""
    return {row.id: None for row in rows} | {case.row.id: _says(case) for case in await newest_cases(look, desk, rows)}


def _says(case: Case) -> tuple[Say, ...]:
    seat = case.boarding.seat
    changed = msgspec.json.decode(case.row.values or b"{}", type=Change)
    return (
        _head(case, changed.moved_from),
        *traveller(case),
        *_lines(case, changed),
        say("change.rest", button(SEEN, seat), button(NOT_COMING, seat)),
    )


def _head(case: Case, moved_from: datetime | None) -> Say:
    """The first line: the new hour, if that is what changed; else which departure is meant."""
    leaves_at = case.boarding.stop.departs_at
    boards = clock(case.boarding.stop.boards_at)
    if moved_from is None:
        return say("change.head", at=leaves(case.boarding))
    if today(moved_from) == today(leaves_at):
        return say("change.hour", hour=clock(leaves_at), was=clock(moved_from), boards=boards)
    return say("change.day", at=Moment(leaves_at), was=Moment(moved_from), boards=boards)


def _lines(case: Case, changed: Change) -> Iterator[Say]:
    """A line for each other part that changed."""
    trip = case.boarding.trip
    if changed.place_was is not None:
        yield say("change.place", place=case.boarding.stop.place, was=changed.place_was)
    if changed.vehicle_was is not None:
        yield say(f"change.vehicle.{trip.mode}", vehicle=trip.vehicle, was=changed.vehicle_was)
    if changed.escort:
        yield say("change.escort", escort=trip.escort_name, phone=escort_phone(trip))
    if changed.arrival_was is not None:
        yield arrives(trip)
    if changed.bring:
        yield bring(trip)


OCCASION = Wording(Occasion.CHANGE, word)
