"""What conversations do with registrations: sign up, change, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.days import today
from domain.letters import area_letters
from domain.places import Place
from domain.refusals import Refused
from domain.registrations import Amend, Register, Registered, Status, Wish, Withdraw, clashing, new_number
from flows.flow import Done, Start
from services import nudging
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import contacts, people, registrations, seats
from storage.database import Work


@dataclass(frozen=True, slots=True)
class _Known:
    """The people who are signed up in this transaction: identity → id, and id → what they are registered for."""

    ids: Mapping[people.Identity, int]
    registered: dict[int, tuple[Registered, ...]]


async def register(work: Work, desk: Desk, asked: Sequence[Asked[Register]]) -> list[Outcome]:
    """Signs people up. A second registration of the same person for the same days is refused with the reason."""
    now = desk.now()
    known = await _known(work, [one.command.wish for one in asked], now)
    numbers = await _numbers(work, desk, [area_of(desk, one.command.wish.origin) for one in asked])
    outcomes: list[Outcome] = []
    rows: list[Mapping[str, object]] = []
    owners: dict[int, int] = {}
    undecided: list[str] = []
    for one, number in zip(asked, numbers, strict=True):
        wish = one.command.wish
        person = known.ids[wish.name, wish.phone]
        if (other := clashing(wish, known.registered.get(person, ()))) is not None:
            outcomes.append(_refusal(other, own=one.person == person))
            continue
        rows.append(_row(desk, one, number, person, now))
        owners[one.contact] = person
        undecided += [number] if wish.window.undecided else []
        known.registered[person] = (*known.registered.get(person, ()), Registered(0, number, wish))
        outcomes.append(Done("registration.done", {"number": number}, then=Start("extras", {"number": number})))
    if rows:
        await registrations.add(work, rows)
        await contacts.set_person(work, owners)
        await nudging.plan_question(work, undecided, now)
    return outcomes


async def amend(work: Work, desk: Desk, asked: Sequence[Asked[Amend]]) -> list[Outcome]:
    """Changes registrations. One that no longer fits its seat (another day, place, or more people) loses it."""
    return [await _amend(work, desk, one) for one in asked]


async def withdraw(work: Work, desk: Desk, asked: Sequence[Asked[Withdraw]]) -> list[Outcome]:
    """Cancels registrations and frees their seats."""
    return [await _withdraw(work, desk, one) for one in asked]


def area_of(desk: Desk, origin: Place) -> str:
    """The area that a registration belongs to: where the person gets on, if that lies in the home area."""
    home = desk.office.area
    return origin.code if home and desk.areas.within(origin.code, home) else home or origin.code


async def _amend(work: Work, desk: Desk, one: Asked[Amend]) -> Outcome:
    now, wish = desk.now(), one.command.wish
    before = await _own(work, desk, one, one.command.registration)
    if before is None:
        return Refused("registration.gone", question="registration")
    known = await _known(work, [wish], now)
    person = known.ids[wish.name, wish.phone]
    others = [other for other in known.registered.get(person, ()) if other.id != before.id]
    if (other := clashing(wish, others)) is not None:
        return _refusal(other, own=one.person == person)
    changed = registrations.columns(wish) | {"person": person, "area": area_of(desk, wish.origin), "changed_at": now}
    await registrations.change(work, before.id, changed)
    await contacts.set_person(work, {one.contact: person})
    await nudging.plan_question(work, [before.number] if wish.window.undecided else [], now)
    if before.seat is None or _fits(before, wish):
        return Done("registration.changed", {"number": before.number})
    await seats.free_registrations(work, [before.id], now)
    return Done("registration.changed_seated", {"number": before.number})


async def _withdraw(work: Work, desk: Desk, one: Asked[Withdraw]) -> Outcome:
    now = desk.now()
    before = await _own(work, desk, one, one.command.registration)
    if before is None:
        return Refused("registration.gone", question="registration")
    await registrations.change(work, before.id, {"status": Status.CANCELLED, "changed_at": now})
    await seats.free_registrations(work, [before.id], now)
    return Done("withdraw.done", {"number": before.number})


async def _own(work: Work, desk: Desk, one: Asked[object], registration: int) -> Registered | None:
    """That registration, if it is this contact's own and still stands."""
    now = desk.now()
    own = await registrations.of_contacts(work, [one.contact], now)
    return next((known for known in own.get(one.contact, ()) if known.id == registration), None)


async def _known(work: Work, wishes: Sequence[Wish], now: datetime) -> _Known:
    ids = await people.keep(work, list({(wish.name, wish.phone): None for wish in wishes}), now)
    registered = await registrations.of_people(work, list(ids.values()), now)
    return _Known(ids, dict(registered))


async def _numbers(work: Work, desk: Desk, areas: Sequence[str]) -> list[str]:
    """A free number for each area; a drawn one that is taken is drawn again."""
    letters = [area_letters(desk.areas[area]) if area in desk.areas else "" for area in areas]
    numbers = [new_number(one) for one in letters]
    while taken := await registrations.taken_numbers(work, numbers):
        numbers = [new_number(one) if number in taken else number for one, number in zip(letters, numbers, strict=True)]
    return numbers


def _row(desk: Desk, one: Asked[Register], number: str, person: int, now: datetime) -> dict[str, object]:
    wish = one.command.wish
    return registrations.columns(wish) | {
        "number": number,
        "person": person,
        "contact": one.contact,
        "channel": one.channel,
        "area": area_of(desk, wish.origin),
        "status": Status.ACTIVE,
        "created_at": now,
        "changed_at": now,
    }


def _refusal(other: Registered, *, own: bool) -> Refused:
    """The number is told only to the person themselves: anybody can type another's name and phone."""
    if own:
        return Refused("registration.same_days", question="day", number=other.number)
    return Refused("registration.same_person")


def _fits(before: Registered, wish: Wish) -> bool:
    """Whether the seat still suits what the person wants now."""
    if before.seat is None:
        return True
    was = before.wish
    same_way = (was.direction, was.origin, was.destination) == (wish.direction, wish.origin, wish.destination)
    return same_way and wish.party <= was.party and wish.window.holds(today(before.seat.stop.departs_at))


CARRIES_OUT = {Register: register, Amend: amend, Withdraw: withdraw}
