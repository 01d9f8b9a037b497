"""What conversations do with registrations: sign up, change, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.days import today
from domain.letters import area_letters
from domain.people import Name
from domain.places import Place
from domain.refusals import Refused
from domain.registrations import Amend, Register, Registered, Status, Wish, Withdraw, clashing, new_number
from flows.flow import Done, Start
from services import nudging
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import companions, contacts, people, registrations, seats
from storage.database import Work
from texts.say import Value, Words


@dataclass(frozen=True, slots=True)
class _Known:
    """The people who are signed up in this transaction: who → the id of their row, and the ids of all rows that stand
    for the same person; id → what they are registered for.
    """

    ids: Mapping[people.Who, int]
    rows: Mapping[people.Who, frozenset[int]]
    registered: dict[int, tuple[Registered, ...]]

    def theirs(self, wish: Wish) -> list[Registered]:
        """What the person of that wish is registered for, under whatever name and phone."""
        return [one for row in sorted(self.rows[people.who(wish)]) for one in self.registered.get(row, ())]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A registration to be made: for whom and what, from which contact on which channel; `registrar` is how that
    contact is called where they sign up somebody else.
    """

    contact: int
    channel: str
    wish: Wish
    registrar: Name | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of it: the person, all rows that stand for them, and their number, or what they are registered for
    already on these days.
    """

    person: int
    rows: frozenset[int]
    number: str = ""
    clash: Registered | None = None


async def register(work: Work, desk: Desk, asked: Sequence[Asked[Register]]) -> list[Outcome]:
    """Signs people up. A second registration of the same person for the same days is refused with the reason."""
    signed = await sign_up(work, desk, [Wanted(one.contact, one.channel, one.command.wish) for one in asked])
    owners = {one.contact: made.person for one, made in zip(asked, signed, strict=True) if made.clash is None}
    if owners:
        await contacts.set_person(work, owners)
    return [
        _refusal(one.command.wish, made.clash, own=one.person in made.rows)
        if made.clash
        else _done(desk, made.number, one.command.wish)
        for one, made in zip(asked, signed, strict=True)
    ]


def _done(desk: Desk, number: str, wish: Wish) -> Done:
    """Said to who has signed up; who has no work yet is told who looks for some."""
    values: dict[str, Value] = {"number": number}
    on = _asks_on(desk, number, wish)
    if wish.employer:
        return Done("registration.done", values, then=on)
    return Done("registration.seeking", {"done": Words("registration.done", values)}, then=on)


async def sign_up(work: Work, desk: Desk, wanted: Sequence[Wanted]) -> list[Signed]:
    """Stores those registrations, in order, but for people who are registered for these days already."""
    now = desk.now()
    known = await _known(work, [one.wish for one in wanted], now)
    numbers = await _numbers(work, desk, [area_of(desk, one.wish.origin) for one in wanted])
    signed: list[Signed] = []
    rows: list[Mapping[str, object]] = []
    undecided: list[str] = []
    for one, number in zip(wanted, numbers, strict=True):
        who = people.who(one.wish)
        person, same = known.ids[who], known.rows[who]
        if (other := clashing(one.wish, known.theirs(one.wish))) is not None:
            signed.append(Signed(person, same, clash=other))
            continue
        rows.append(_row(work, desk, one, number, person))
        fresh = Registered(0, number, one.wish, registrar=one.contact if one.registrar else None)
        known.registered[person] = (*known.registered.get(person, ()), fresh)
        signed.append(Signed(person, same, number))
        undecided += [number] if one.wish.window.undecided else []
    if rows:
        await registrations.add(work, rows)
        await nudging.plan_question(work, undecided, now)
    if refused := [one.person for one in signed if one.clash]:
        await people.drop_unused(work, refused)  # under the name that they gave this time nothing may be registered
    return signed


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
    before = await registrations.one_of(work, one.contact, one.command.registration, now)
    if before is None:
        return Refused("registration.gone", question="registration")
    for_other = before.registrar == one.contact  # they keep their own name
    if for_other:
        wish = replace(wish, identity=before.wish.identity)
    known = await _known(work, [wish], now)
    person = known.ids[people.who(wish)]
    others = [other for other in known.theirs(wish) if other.id != before.id]
    if (other := clashing(wish, others)) is not None:
        await people.drop_unused(work, [person])
        own = one.person in known.rows[people.who(wish)]
        return refused_other(other, one.contact) if for_other else _refusal(wish, other, own=own)
    changed = registrations.columns(wish) | {"area": area_of(desk, wish.origin), "changed_at": now}
    await registrations.change(work, before.id, changed)
    await companions.drop_surplus(work, before.id, wish.party)
    await nudging.plan_question(work, [before.number] if wish.window.undecided else [], now)
    if not for_other:
        await contacts.set_person(work, {one.contact: person})
    if (was := await registrations.person_of(work, before.id)) != person:
        await people.replace(work, before.id, was, person)
    key = "registration.changed"
    if before.seat is not None and not _fits(before, wish):
        await seats.free_registrations(work, [before.id], now)
        key = "registration.changed_seated"
    asks_names = not for_other and desk.office.companions and 1 < wish.party != before.wish.party
    return Done(key, {"number": before.number}, then=_asks_on(desk, before.number, wish) if asks_names else None)


async def _withdraw(work: Work, desk: Desk, one: Asked[Withdraw]) -> Outcome:
    now = desk.now()
    before = await registrations.one_of(work, one.contact, one.command.registration, now)
    if before is None:
        return Refused("registration.gone", question="registration")
    await registrations.change(work, before.id, {"status": Status.CANCELLED, "changed_at": now})
    await seats.free_registrations(work, [before.id], now)
    if before.registrar == one.contact:
        return Done("others.withdrawn", {"name": before.wish.name, "number": before.number})
    return Done("withdraw.done", {"number": before.number})


async def _known(work: Work, wishes: Sequence[Wish], now: datetime) -> _Known:
    everybody = list({people.who(wish): None for wish in wishes})
    ids = await people.keep(work, everybody, now)
    rows = await people.rows_of(work, everybody)
    registered = await registrations.of_people(work, sorted(frozenset().union(*rows.values())), now)
    return _Known(ids, rows, dict(registered))


def _asks_on(desk: Desk, number: str, wish: Wish) -> Start:
    """What is asked in passing, once somebody is signed up."""
    if desk.office.companions and wish.party > 1:
        return Start("companions", {"number": number, "most": wish.party - 1})
    return Start("extras", {"number": number})


async def _numbers(work: Work, desk: Desk, areas: Sequence[str]) -> list[str]:
    """A free number for each area; a drawn one that is taken is drawn again."""
    letters = [area_letters(desk.areas[area]) if area in desk.areas else "" for area in areas]
    numbers = [new_number(one) for one in letters]
    while taken := await registrations.taken_numbers(work, numbers):
        numbers = [new_number(one) if number in taken else number for one, number in zip(letters, numbers, strict=True)]
    return numbers


def _row(work: Work, desk: Desk, one: Wanted, number: str, person: int) -> dict[str, object]:
    now = desk.now()
    return registrations.columns(one.wish) | {
        "number": number,
        "person": person,
        "contact": one.contact,
        "channel": one.channel,
        "area": area_of(desk, one.wish.origin),
        "status": Status.ACTIVE,
        "registrar": one.contact if one.registrar else None,
        "registrar_name": work.seal.seal_text(one.registrar.text) if one.registrar else None,
        "created_at": now,
        "changed_at": now,
    }


def _refusal(wish: Wish, other: Registered, *, own: bool) -> Refused:
    """The number is told only to the person themselves: anybody can type another's name and phone."""
    if own:
        return Refused("registration.same_days", question="day", number=other.number)
    if wish.identity and wish.identity == other.wish.identity:
        return Refused("registration.same_identity")
    return Refused("registration.same_person")


def refused_other(other: Registered, registrar: int) -> Refused:
    """The same for somebody whom that contact signs up: the number is told where it is from their own list."""
    if other.registrar == registrar:
        return Refused("others.same_days", number=other.number)
    return Refused("others.same_person")


def _fits(before: Registered, wish: Wish) -> bool:
    """Whether the seat still suits what the person wants now."""
    if before.seat is None:
        return True
    was = before.wish
    same_way = (was.direction, was.origin, was.destination) == (wish.direction, wish.origin, wish.destination)
    return same_way and wish.party <= was.party and wish.window.holds(today(before.seat.stop.departs_at))


CARRIES_OUT = {Register: register, Amend: amend, Withdraw: withdraw}
