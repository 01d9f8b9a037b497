"""What people ask the staff: each request goes on the ledger, and what they write goes into the request it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.ledger_requests import AskHelp, FindJob, HangUp, HelpKind, PassOn, Trade
from domain.people import Phone
from domain.wishes import AskPerson
from flows.flow import Done, Start
from services.commands import Asked, Outcome
from services.desk import DEFAULT_LANGUAGE, Desk
from storage import help as rows
from storage.database import Work
from texts.say import Value, Words


async def ask_person(work: Work, desk: Desk, asked: Sequence[Asked[AskPerson]]) -> list[Outcome]:
    """Lets people talk to the staff: in the request that their words go to already, in the open one of this kind, or
    in a new one.
    """
    ids = sorted({one.contact for one in asked})
    talking = await rows.talking(work, ids)
    quiet = [contact for contact in ids if contact not in talking]
    waiting = await rows.open_ones(work, quiet, HelpKind.PERSON)
    fresh = [contact for contact in quiet if contact not in waiting]
    await _put(work, desk, [(contact, HelpKind.PERSON, "") for contact in fresh])
    waiting |= await rows.open_ones(work, fresh, HelpKind.PERSON)
    await rows.connect(work, waiting)
    done = Done("person.done", {"phone": Phone(desk.office.phone, work=True)}, then=Start("helping"))
    return [done for _ in asked]


async def ask_help(work: Work, desk: Desk, asked: Sequence[Asked[AskHelp]]) -> list[Outcome]:
    """Puts each request on the ledger."""
    await _put(work, desk, [(one.contact, one.command.kind, one.command.text) for one in asked])
    return [Done("ledger.done") for _ in asked]


async def find_job(work: Work, desk: Desk, asked: Sequence[Asked[FindJob]]) -> list[Outcome]:
    """Puts each job seeker on the ledger, in the language that the staff read."""
    texts = desk.catalogue(DEFAULT_LANGUAGE)
    wanted = [(one.contact, HelpKind.JOB, texts.word(Words("job.wanted", _wanted(one.command)))) for one in asked]
    await _put(work, desk, wanted)
    return [Done("ledger.done") for _ in asked]


async def pass_on(work: Work, desk: Desk, asked: Sequence[Asked[PassOn]]) -> list[Outcome]:
    """Puts the words into the request that they go to."""
    await rows.say(work, [(one.command.request, one.command.text) for one in asked], desk.now())
    return [Done("helping.passed_on", then=Start("helping")) for _ in asked]


async def hang_up(work: Work, _desk: Desk, asked: Sequence[Asked[HangUp]]) -> list[Outcome]:
    """Those people's words go to nobody any more; the staff see to their requests all the same."""
    await rows.disconnect(work, [one.contact for one in asked])
    return [Done("helping.ended") for _ in asked]


def _wanted(job: FindJob) -> Mapping[str, Value]:
    trade = Words(f"job.trade.{job.trade}") if job.trade in set(Trade) else job.trade
    pay = Words("job.pay.skipped") if job.pay is None else Words("job.pay.from", {"n": job.pay})
    return {"trade": trade, "where": job.place or Words("job.where.skipped"), "pay": pay}


async def _put(work: Work, desk: Desk, requests: Sequence[tuple[int, HelpKind, str]]) -> None:
    """New requests (contact, kind, text) for the county that looks after each person, else for the home area."""
    areas = await rows.areas(work, [contact for contact, _, _ in requests])
    home = desk.office.area
    await rows.put(
        work, [(contact, areas.get(contact, home), kind, text) for contact, kind, text in requests], desk.now()
    )


CARRIES_OUT = {
    AskPerson: ask_person,
    AskHelp: ask_help,
    FindJob: find_job,
    PassOn: pass_on,
    HangUp: hang_up,
}
