"""The staff have closed the help request in which the person was talking: the next words don't go there any more."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notices import Occasion
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from storage.database import Look
from texts.say import say


async def word(_look: Look, _desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """That it is over, and how to begin again."""
    return {row.id: (say("answer.seen_to"),) for row in rows}


OCCASION = Wording(Occasion.SEEN_TO, word)
