"""Telling people of their trip: that it leaves, what changed, that it was called off; inside the caller's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from domain.changes import haste, merged
from domain.notices import Occasion
from domain.rosters import Told
from domain.trips import Change, Stop, Trip, change
from storage import departures, outbox
from storage.database import Work
from storage.seats import Aboard

ABOUT_BOARDING = (Occasion.DEPARTURE, Occasion.CHANGE, Occasion.REMINDER)
OF_USE_AFTERWARDS = timedelta(days=1)  # that a trip was called off is worth knowing the next day too

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class About:
    """What the outbox row of a departure notice carries: `moved` for people who had another seat before."""

    moved: bool = False


async def tell_departure(
    work: Work, trip: Trip, aboard: Sequence[Aboard], now: datetime, *, moved: bool = False
) -> Told:
    """Tells those people when and where to get on; each message is worded as the trip stands when it is sent."""
    stops = {stop.id: stop for stop in trip.stops}
    rows = [_departure(trip, stops[one.stop], one, now, moved=moved) for one in aboard if one.contact]
    await outbox.put(work, rows, now)
    return Told(len(rows), len(aboard) - len(rows))


async def tell_change(work: Work, before: Trip, after: Trip, aboard: Sequence[Aboard], now: datetime) -> Told:
    """Tells the people of each stop what changed for them; who has not been told the older news gets both in one."""
    stops = {stop.id: stop for stop in after.stops}
    news = {stop: change(before, after, stop) for stop in stops}
    concerned = [one for one in aboard if news[one.stop].matters and stops[one.stop].departs_at > now]
    unsent = await _unsent(work, concerned, news, now)
    rows = []
    for one in concerned:
        if not one.contact:
            continue
        if one.seat in unsent.departures:
            rows.append(_departure(after, stops[one.stop], one, now, moved=unsent.departures[one.seat]))
            continue
        told = news[one.stop]
        for older in unsent.changes.get(one.seat, ()):
            told = merged(older, told, after, stops[one.stop])
        if told.matters:
            rows.append(_change(after, stops[one.stop], one, told, now))
    await outbox.put(work, rows, now)
    return Told(len(rows), sum(not one.contact for one in concerned))


async def tell_called_off(work: Work, trip: Trip, aboard: Sequence[Aboard], now: datetime) -> Told:
    """Tells people that they don't travel with this trip after all, and takes back what else they were to be told."""
    stops = {stop.id: stop for stop in trip.stops}
    await say_no_more(work, [one.seat for one in aboard], now)
    rows = [
        outbox.Row(
            once=f"x:{one.seat}:{trip.revision}",
            contact=one.contact,
            channel=one.channel,
            priority=haste(stops[one.stop].departs_at, now),
            occasion=Occasion.CALLED_OFF,
            ref=one.seat,
            revision=trip.revision,
            expires_at=stops[one.stop].departs_at + OF_USE_AFTERWARDS,
        )
        for one in aboard
        if one.contact
    ]
    await outbox.put(work, rows, now)
    return Told(len(rows), len(aboard) - len(rows))


async def say_no_more(work: Work, seats: Sequence[int], now: datetime) -> None:
    """Takes back what the people of those seats, who have them no more, were still to be told about boarding."""
    await departures.take_back(work, seats, ABOUT_BOARDING, now)


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Unsent:
    """What was taken back: seat → whether its departure notice spoke of a move; seat → its changes."""

    departures: Mapping[int, bool]
    changes: Mapping[int, Sequence[Change]]


async def _unsent(work: Work, concerned: Sequence[Aboard], news: Mapping[int, Change], now: datetime) -> _Unsent:
    """Takes back what the new revision replaces: older news, and reminders of an hour that stands no more."""
    found = await departures.take_back(
        work, [one.seat for one in concerned], (Occasion.DEPARTURE, Occasion.CHANGE), now
    )
    moved = [one.seat for one in concerned if news[one.stop].moved_from is not None]
    await departures.take_back(work, moved, (Occasion.REMINDER,), now)
    notices = {
        one.seat: msgspec.json.decode(one.values, type=About).moved
        for one in found
        if one.occasion is Occasion.DEPARTURE
    }
    changes: dict[int, list[Change]] = {}
    for one in found:
        if one.occasion is Occasion.CHANGE:
            changes.setdefault(one.seat, []).append(msgspec.json.decode(one.values, type=Change))
    return _Unsent(notices, changes)


def _departure(trip: Trip, stop: Stop, one: Aboard, now: datetime, *, moved: bool) -> outbox.Row:
    return outbox.Row(
        once=f"d:{one.seat}:{trip.revision}",
        contact=one.contact,
        channel=one.channel,
        priority=haste(stop.departs_at, now),
        occasion=Occasion.DEPARTURE,
        ref=one.seat,
        revision=trip.revision,
        values=_encoder.encode(About(moved)),
        expires_at=stop.departs_at,
    )


def _change(trip: Trip, stop: Stop, one: Aboard, told: Change, now: datetime) -> outbox.Row:
    soonest = min(stop.departs_at, told.moved_from or stop.departs_at)  # who would set out today must know today
    return outbox.Row(
        once=f"c:{one.seat}:{trip.revision}",
        contact=one.contact,
        channel=one.channel,
        priority=haste(soonest, now),
        occasion=Occasion.CHANGE,
        ref=one.seat,
        revision=trip.revision,
        values=_encoder.encode(told),
        expires_at=stop.departs_at,
    )
