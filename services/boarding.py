"""Boarding: what people answer about their seat, carried out for everybody of a turn at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.boarding import SeeChange
from domain.days import SHANGHAI, Moment
from domain.refusals import Refused
from domain.trips import AnswerSeat, Stop, Trip, TripStatus, seats_left
from flows.flow import Done
from services.commands import Asked, Outcome
from services.desk import Desk
from services.telling import say_no_more
from storage import seats as rows
from storage import trips
from storage.database import Work
from texts.say import Value


async def answer_seats(work: Work, desk: Desk, asked: Sequence[Asked[AnswerSeat]]) -> list[Outcome]:
    """Coming confirms the seat; not coming frees it; coming after all takes it again while the trip has room. Only the
    person whose registration it is, or the chat that it was made from, and not once the coach has left.
    """
    now = desk.now()
    table = await _Table.laid(work, [one.command.seat for one in asked], now)
    outcomes: list[Outcome] = []
    for one in asked:
        try:
            outcomes.append(_decide(table, one))
        except Refused as refusal:
            outcomes.append(refusal)
    await rows.answer(work, table.answers, now)
    await say_no_more(work, [seat for seat, coming in table.answers.items() if not coming], now)
    return outcomes


async def see_changes(work: Work, desk: Desk, asked: Sequence[Asked[SeeChange]]) -> list[Outcome]:
    """The person has read what changed: they are told once more how it stands now."""
    now = desk.now()
    table = await _Table.laid(work, [one.command.seat for one in asked], now, lock=False)
    outcomes: list[Outcome] = []
    for one in asked:
        try:
            seat = table.find(one)
            outcomes.append(Done("boarding.seen_done", _gaps(table.stop(seat), table.trips[seat.trip])))
        except Refused as refusal:
            outcomes.append(refusal)
    return outcomes


CARRIES_OUT = {AnswerSeat: answer_seats, SeeChange: see_changes}


class _Table:
    """The seats and trips of a turn, with what its answers change as they are decided one after the other."""

    def __init__(
        self, seats: dict[int, rows.Held], found: dict[int, Trip], taken: dict[int, int], now: datetime
    ) -> None:
        self.trips = found
        self.answers: dict[int, bool] = {}
        self._seats = seats
        self._taken = taken
        self._now = now

    @classmethod
    async def laid(cls, work: Work, ids: Sequence[int], now: datetime, *, lock: bool = True) -> _Table:
        """Reads everything with a few statements; with `lock` nobody changes it before the work is over."""
        seats = await rows.held(work, ids)
        found = await trips.by_ids(work, [one.trip for one in seats.values()], lock=lock)
        if lock:
            await rows.lock_registrations(work, [one.registration for one in seats.values()])
            seats = await rows.held(work, ids)
        return cls(seats, found, await rows.taken(work, found), now)

    def find(self, asked: Asked[AnswerSeat | SeeChange]) -> rows.Held:
        """The seat that is meant. Raises Refused where nothing can be answered about it."""
        held = self._seats.get(asked.command.seat)
        if held is None or not _theirs(held, asked):
            raise Refused("boarding.not_yours")
        trip = self.trips[held.trip]
        if trip.status is not TripStatus.PUBLISHED or not held.standing or held.elsewhere:
            raise Refused("boarding.over")
        if self.stop(held).departs_at <= self._now:
            raise Refused("boarding.departed")
        if not self.seated(held) and self.coming(held) is not False:
            raise Refused("boarding.over")
        return held

    def stop(self, seat: rows.Held) -> Stop:
        """Where they get on (a stop that is served no more has no seats that count)."""
        calls = self.trips[seat.trip].stops
        return next((one for one in calls if one.id == seat.stop), calls[0])

    def seated(self, seat: rows.Held) -> bool:
        """Whether they have the seat, after what this turn decided so far."""
        return self.answers.get(seat.id, seat.seated)

    def coming(self, seat: rows.Held) -> bool | None:
        """What they answered last."""
        return self.answers.get(seat.id, seat.coming)

    def room(self, trip: Trip) -> int:
        """How many people it still takes."""
        return seats_left(trip.seats, trip.cap, self._taken[trip.id])

    def write(self, seat: rows.Held, *, coming: bool) -> None:
        """Decides one answer."""
        self._taken[seat.trip] += (coming - self.seated(seat)) * seat.party
        self.answers[seat.id] = coming


def _theirs(seat: rows.Held, asked: Asked[AnswerSeat | SeeChange]) -> bool:
    return seat.contact == asked.contact or (asked.person is not None and seat.person == asked.person)


def _decide(table: _Table, asked: Asked[AnswerSeat]) -> Done:
    """Writes the answer on the table. Raises Refused where it can't be."""
    seat = table.find(asked)
    trip = table.trips[seat.trip]
    if not asked.command.coming:
        if table.seated(seat):
            table.write(seat, coming=False)
        return Done("boarding.not_coming_done")
    taken_back = not table.seated(seat)
    if taken_back and seat.party > table.room(trip):
        raise Refused("boarding.full", n=seat.party)
    table.write(seat, coming=True)
    return Done("boarding.taken_back" if taken_back else "boarding.coming_done", _gaps(table.stop(seat), trip))


def _gaps(stop: Stop, trip: Trip) -> dict[str, Value]:
    there = stop.boards_at.astimezone(SHANGHAI)
    return {
        "at": Moment(stop.departs_at),
        "boards": f"{there.hour}:{there.minute:02}",
        "place": stop.place,
        "vehicle": trip.vehicle,
    }
