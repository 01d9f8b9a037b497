"""Answers to people who are writing: they were worded as sentences with their gaps filled when the turn was decided."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.notices import Occasion
from services.desk import Desk
from services.occasions import Telling, Wording, Wordings
from storage.database import Look
from texts.say import Say

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[Say, ...])


def values(says: Sequence[Say]) -> bytes:
    """What a turn said, as the outbox row of its answer keeps it."""
    return _encoder.encode(tuple(says))


async def word(_look: Look, _desk: Desk, rows: Sequence[Telling]) -> Wordings:
    """What the turn said, unchanged."""
    return {row.id: _decoder.decode(row.values or b"[]") or None for row in rows}


OCCASION = Wording(Occasion.REPLY, word)
