"""One use case: the messages that are waiting are decided, carried out, stored and answered, all in one transaction."""

from __future__ import annotations

import dataclasses
import secrets
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import structlog

from domain.messages import Message, Opened
from domain.notices import Occasion, Priority
from domain.people import Phone
from flows import engine
from flows.flow import Context
from flows.state import Step, Talk
from flows.words import spoken
from services import codes, nudging
from services.commands import Asked, Outcome, carriers
from services.desk import Desk
from services.occasions import reply
from storage import contacts, inbox, outbox, registrations
from storage.contacts import Contact
from storage.database import Database, Work
from texts.render import Rendered, rendered
from texts.say import Say, say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of a message: whose it was, whether it was new, and the answer where it goes back at once
    (on a mailbox channel), with its row in the outbox.
    """

    contact: int
    fresh: bool
    row: int | None = None
    answer: Rendered | None = None


@dataclass(slots=True)
class _Person:
    """One person's part of the batch: who they are, where their talk stands, their messages in order, and what was said
    to each in which language.
    """

    contact: Contact
    talk: Talk
    waiting: deque[Message]
    theirs: registrations.Theirs = field(default_factory=registrations.Theirs)
    said: list[tuple[Message, tuple[Say, ...], str]] = field(default_factory=list)


async def converse(database: Database, desk: Desk, messages: Sequence[Message]) -> list[Turned]:
    """Takes messages in the order of their arrival; what becomes of each stands at the same place of the answer.

    The batch is one transaction. Where it can't be stored, it is rolled back and its messages are done one by one; a
    single message that can't be is marked failed, and its person is told that something went wrong on our side.
    """
    try:
        return await _together(database, desk, messages)
    except Exception:
        if len(messages) == 1:
            log.exception("turn_failed", channel=messages[0].channel, message=messages[0].id)
            return [await _apologise(database, desk, messages[0])]
        log.exception("batch_failed", count=len(messages))
    return [(await converse(database, desk, [message]))[0] for message in messages]


async def _together(database: Database, desk: Desk, messages: Sequence[Message]) -> list[Turned]:
    async with database.work() as work:
        now = desk.now()
        people, fresh = await _gather(work, messages, now)
        presets = await _presets(work, messages)
        failed: list[Message] = []
        while any(person.waiting for person in people.values()):
            await _round(work, desk, people, presets, failed)
        spoke = {one.contact.id: (one.contact, one.talk) for one in people.values() if one.said}
        await contacts.save(work, spoke, now)
        await nudging.plan(work, desk, {id_: (one.talk, talk) for id_, (one, talk) in spoke.items()}, now)
        await inbox.fail(work, failed)
        rows = await _answer(work, desk, people.values(), now)
        await work.commit()
    turned = []
    for message in messages:
        new = (message.channel, message.id) in fresh
        row, answer = rows.get((message.channel, message.id), (None, None)) if new else (None, None)
        turned.append(Turned(people[message.channel, message.address].contact.id, new, row, answer))
    return turned


async def _gather(
    work: Work, messages: Sequence[Message], now: datetime
) -> tuple[dict[contacts.Address, _Person], set[inbox.Key]]:
    """The people of the batch with their new messages; one that was taken before is left out."""
    found = await contacts.lock(work, ((one.channel, one.address) for one in messages), now)
    fresh = await inbox.take(work, messages, now)
    people = {where: _Person(contact, contact.talk, deque()) for where, contact in found.items()}
    queued: set[inbox.Key] = set()
    for message in messages:
        key = (message.channel, message.id)
        if key in fresh and key not in queued:
            queued.add(key)
            people[message.channel, message.address].waiting.append(message)
    await _learn(work, [one for one in people.values() if one.waiting and _signed_up(one.contact)], now)
    return people, fresh


def _signed_up(contact: Contact) -> bool:
    """Whether there may be registrations of theirs, or of others whom they have signed up."""
    return contact.person is not None or contact.registrar


async def _learn(work: Work, people: Sequence[_Person], now: datetime) -> None:
    """Looks up what those people are registered for, and for whom they have signed up."""
    if people:
        ids = [one.contact.id for one in people]
        registrars = [one.contact.id for one in people if one.contact.registrar]
        found = await registrations.of_contacts(work, ids, registrars, now)
        for person in people:
            person.theirs = found[person.contact.id]


async def _meet_again(work: Work, people: Sequence[_Person], now: datetime) -> None:
    """Who they are after their command, before their next message is decided on it."""
    if people:
        found = await contacts.talks(work, [one.contact.id for one in people], now)
        for person in people:
            again = found[person.contact.id]
            person.contact = dataclasses.replace(
                person.contact, person=again.person, request=again.request, registrar=again.registrar
            )
        await _learn(work, people, now)


async def _presets(work: Work, messages: Sequence[Message]) -> Mapping[str, Mapping[str, object]]:
    """What the printed codes carry through which conversations were opened."""
    scanned = {one.said.code for one in messages if isinstance(one.said, Opened) and one.said.code}
    return await codes.preset_of(work, sorted(scanned)) if scanned else {}


async def _round(
    work: Work,
    desk: Desk,
    people: Mapping[contacts.Address, _Person],
    presets: Mapping[str, Mapping[str, object]],
    failed: list[Message],
) -> None:
    """Everybody's next message: decided, then the commands of all carried out, then concluded."""
    asking: list[tuple[_Person, Message, Step, Context]] = []
    for person in people.values():
        if not person.waiting:
            continue
        message = person.waiting.popleft()
        context = _context(desk, person, message, presets)
        talk = dataclasses.replace(person.talk, language=context.texts.language)
        try:
            step = engine.advance(desk.flows, talk, message, context)
        except Exception:  # a bug in deciding one person's message must not take the others down (design.md)
            log.exception("engine_failed", channel=message.channel, message=message.id)
            failed.append(message)
            step = Step(talk, (_apology(desk),))
        if step.command is None:
            person.talk = step.talk
            person.said.append((message, step.says, step.talk.language))
        else:
            asking.append((person, message, step, context))
    for (person, message, step, context), outcome in zip(asking, await _carry_out(work, desk, asking), strict=True):
        ended = engine.conclude(desk.flows, step, outcome, context)
        person.talk = ended.talk
        person.said.append((message, ended.says, ended.talk.language))
    await _meet_again(work, [person for person, *_ in asking if person.waiting], desk.now())


async def _carry_out(work: Work, desk: Desk, asking: Sequence[tuple[_Person, Message, Step, Context]]) -> list[Outcome]:
    """Carries out the commands, all of one kind at once; the outcomes stand in the order of the asking."""
    outcomes: dict[int, Outcome] = {}
    kinds: dict[type, list[int]] = {}
    for place, (_, _, step, _) in enumerate(asking):
        kinds.setdefault(type(step.command), []).append(place)
    for kind, places in kinds.items():
        asked = [
            Asked(person.contact.id, person.contact.person, message.channel, step.command)
            for person, message, step, _ in (asking[place] for place in places)
        ]
        outcomes.update(zip(places, await carriers()[kind](work, desk, asked), strict=True))
    return [outcomes[place] for place in range(len(asking))]


def _context(desk: Desk, person: _Person, message: Message, presets: Mapping[str, Mapping[str, object]]) -> Context:
    code = message.said.code if isinstance(message.said, Opened) else ""
    return Context(
        now=desk.now(),
        office=desk.office,
        areas=desk.areas,
        texts=desk.catalogue(spoken(person.talk.language, message)),
        traits=desk.traits[message.channel],
        token=secrets.token_urlsafe(6),
        known=person.theirs.known,
        others=person.theirs.others,
        employers=desk.employers,
        request=person.contact.request,
        spoke_at=person.contact.spoke_at,
        preset=presets.get(code),
    )


async def _answer(
    work: Work, desk: Desk, people: Iterable[_Person], now: datetime
) -> dict[inbox.Key, tuple[int | None, Rendered | None]]:
    """Puts the answers into the outbox. On a mailbox channel they count as sent: they go back with the response."""
    rows: list[outbox.Row] = []
    at_once: dict[str, tuple[inbox.Key, Rendered]] = {}
    for person in people:
        for message, says, language in person.said:
            once = f"r:{message.channel}:{message.id}"
            traits = desk.traits[message.channel]
            if traits.mailbox:
                answer = rendered(says, desk.catalogue(language), traits)
                at_once[once] = ((message.channel, message.id), answer)
            rows.append(_row(once, person.contact, says, at_once[once][1] if traits.mailbox else None))
    await outbox.put(work, rows, now)
    ids = await outbox.ids(work, list(at_once)) if at_once else {}
    return {key: (ids.get(once), answer) for once, (key, answer) in at_once.items()}


def _row(once: str, contact: Contact, says: tuple[Say, ...], answer: Rendered | None) -> outbox.Row:
    return outbox.Row(
        once=once,
        contact=contact.id,
        channel=contact.channel,
        priority=Priority.ANSWER,
        occasion=Occasion.REPLY,
        values=reply.values(says) if answer is None else None,
        state=outbox.State.QUEUED if answer is None else outbox.State.SENT,
        said=None if answer is None else msgspec.json.encode(answer),
    )


async def _apologise(database: Database, desk: Desk, message: Message) -> Turned:
    """Marks one message failed and tells its person; their conversation stays where it was."""
    async with database.work() as work:
        now = desk.now()
        people, fresh = await _gather(work, [message], now)
        person = people[message.channel, message.address]
        person.said.append((message, (_apology(desk),), person.talk.language))
        await inbox.fail(work, [message])
        rows = await _answer(work, desk, [person], now)
        await work.commit()
    row, answer = rows.get((message.channel, message.id), (None, None))
    return Turned(person.contact.id, (message.channel, message.id) in fresh, row, answer)


def _apology(desk: Desk) -> Say:
    return say("engine.failed", phone=Phone(desk.office.phone, work=True))
