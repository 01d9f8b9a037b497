"""The staff's answer to a help request: their words, and how to go on talking."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notices import Occasion
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from storage import contacts
from storage import help as ledger
from storage.contacts import Contact
from storage.database import Look
from texts.say import Say, Written, say


async def word(look: Look, desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """What the staff wrote. A form that is open takes the next words: then it says how to answer them all the same."""
    written = await ledger.texts(look, [row.ref for row in rows if row.ref is not None])
    readers = await contacts.talks(look, sorted({row.contact for row in rows}), desk.now())
    found: dict[int, tuple[Say, ...] | None] = {}
    for row in rows:
        text, reader = written.get(row.ref or 0), readers.get(row.contact)
        found[row.id] = None if text is None else (say("answer.text", text=Written(text)), *_how(desk, reader))
    return found


def _how(desk: Desk, reader: Contact | None) -> tuple[Say, ...]:
    """Where the next words go: to the staff, to a form, or to nobody as the request is closed by now."""
    if reader is None or reader.request is None:
        return ()
    state = reader.talk.state
    flow = desk.flows.get(state.flow) if state else None
    if flow is None:
        return (say("answer.reply"),)
    return () if flow.during is not None else (say("answer.reply_later"),)


OCCASION = Wording(Occasion.ANSWER, word)
