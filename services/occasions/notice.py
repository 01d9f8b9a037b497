"""A broadcast: what staff wrote, in the reader's language as far as they wrote it in that."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notices import Occasion
from services.desk import DEFAULT_LANGUAGE, Desk
from services.occasions import Telling, Wording, Wordings
from storage.database import Look
from storage.departures import languages_of
from storage.notices import texts
from texts.say import Written, say


async def word(look: Look, _desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """The notice's own words, and how to get no more of them."""
    written = await texts(look, sorted({row.ref for row in rows if row.ref is not None}))
    languages = await languages_of(look, sorted({row.contact for row in rows}))
    found = {}
    for row in rows:
        zh, en = written.get(row.ref or 0, ("", ""))
        text = zh if languages.get(row.contact, DEFAULT_LANGUAGE) == DEFAULT_LANGUAGE else en or zh
        found[row.id] = (say("notice.text", text=Written(text)), say("notice.silence")) if text else None
    return found


OCCASION = Wording(Occasion.NOTICE, word)
