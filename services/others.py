"""Signing up others, giving out codes, and taking over what was registered for oneself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.others import CODE_LASTS, WRONG_AN_HOUR, RegisterOther, RenewCode, TakeOver, new_code
from domain.refusals import Refused
from domain.registrations import Registered, clashing
from flows.flow import Done
from flows.mine import seat, values_of
from flows.others import next_one
from services import registering
from services.commands import Asked, Outcome
from services.desk import Desk
from storage import contacts, registrations, seats, staff, takeovers
from storage.database import Work
from texts.say import Value, Words


async def register_others(work: Work, desk: Desk, asked: Sequence[Asked[RegisterOther]]) -> list[Outcome]:
    """Signs up other people; each gets a code of their own, and the registrar goes on with the next one."""
    wanted = [registering.Wanted(one.contact, one.channel, one.command.wish, one.command.registrar) for one in asked]
    signed = await registering.sign_up(work, desk, wanted)
    ids = await registrations.ids_of(work, [one.number for one in signed if one.number])
    codes = {one.number: new_code() for one in signed if one.number}
    await takeovers.put(work, {codes[number]: ids[number] for number in ids}, desk.now() + CODE_LASTS)
    return [
        registering.refused_other(one.clash, ask.contact)
        if one.clash
        else _signed_up(ask.command, one.number, codes[one.number])
        for ask, one in zip(asked, signed, strict=True)
    ]


async def renew_codes(work: Work, desk: Desk, asked: Sequence[Asked[RenewCode]]) -> list[Outcome]:
    """New codes for registrations that nobody has taken over; the older ones end."""
    return [await _renew(work, desk, one) for one in asked]


async def take_over(work: Work, desk: Desk, asked: Sequence[Asked[TakeOver]]) -> list[Outcome]:
    """Registrations move to the chats of those who bring their codes, each once, whoever comes first."""
    found = await takeovers.behind(work, [one.command.code for one in asked])
    await seats.lock_registrations(work, found.values())  # all in one order; what stands now is read behind the lock
    return [await _take_over(work, desk, one) for one in asked]


def _signed_up(command: RegisterOther, number: str, code: str) -> Done:
    values: dict[str, Value] = {"name": command.wish.name, "number": number, "code": code, "n": CODE_LASTS.days}
    return Done("others.done", values, then=next_one(command))


async def _renew(work: Work, desk: Desk, one: Asked[RenewCode]) -> Outcome:
    now = desk.now()
    found = await registrations.one_of(work, one.contact, one.command.registration, now)
    if found is None or found.registrar != one.contact:
        return Refused("registration.gone")
    code = new_code()
    await takeovers.end(work, found.id, now)
    await takeovers.put(work, {code: found.id}, now + CODE_LASTS)
    return Done("others.code", {"name": found.wish.name, "code": code, "n": CODE_LASTS.days})


async def _take_over(work: Work, desk: Desk, one: Asked[TakeOver]) -> Outcome:
    now = desk.now()
    who = work.seal.hash("takeover_try", str(one.contact))
    if await staff.tries_of(work, who, now) >= WRONG_AN_HOUR:
        return Refused("takeover.too_many")
    found = await takeovers.of_code(work, one.command.code)
    if found is None:
        await staff.count_try(work, who, now)
        return Refused("takeover.wrong")
    try:
        await _check(work, found, one.contact, now)
    except Refused as refusal:
        return refusal
    await takeovers.use(work, found.registration, one.contact, now)
    if one.person is None:
        await contacts.set_person(work, {one.contact: found.person})
    taken = await registrations.one_of(work, one.contact, found.registration, now)
    return _welcomed(taken) if taken else Refused("takeover.gone")


async def _check(work: Work, found: takeovers.Takeover, contact: int, now: datetime) -> None:
    """Raises Refused where that contact can't take the registration over."""
    if found.taken:
        raise Refused("takeover.yours" if found.contact == contact else "takeover.used")
    if found.registrar == contact:
        raise Refused("takeover.own_list")
    if found.expires_at <= now:
        raise Refused("takeover.expired")
    theirs = (await registrations.of_people(work, [found.person], now)).get(found.person, ())
    wanted = next((one for one in theirs if one.id == found.registration), None)
    if not found.active or wanted is None:
        raise Refused("takeover.gone")
    known = (await registrations.of_contacts(work, [contact], [], now))[contact].known
    name = _spelled(wanted)
    same = [one for one in known if _spelled(one) == name]  # who takes over for their family has several names
    if (clash := clashing(wanted.wish, same)) is not None:
        raise Refused("takeover.same_days", number=clash.number)


def _spelled(one: Registered) -> str:
    return "".join(one.wish.name.text.split()).casefold()


def _welcomed(one: Registered) -> Done:
    """Who registered them, what is stored, and how to change it."""
    values: dict[str, Value] = {"whole": Words("mine.whole", values_of(one)), "seat": seat(one)[0]}
    if one.registrar_name is None:  # the registrar had their own data deleted
        return Done("takeover.done_unnamed", values)
    return Done("takeover.done", values | {"registrar": one.registrar_name})


CARRIES_OUT = {RegisterOther: register_others, RenewCode: renew_codes, TakeOver: take_over}
