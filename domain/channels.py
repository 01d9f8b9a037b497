"""Channels: what each messaging platform can do, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a platform lets one account send: `most` messages in any window of length `per`."""

    most: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Traits:
    """What a channel can do.

    `length`: the most characters of one message. `buttons`: whether choices can be pressed (else they are numbered
    in the text). `abroad`: its servers stand outside China, so nothing that identifies a worker goes out unmasked.
    `mailbox`: what is sent is kept, sealed, for the page that fetches it. `rate` holds for the whole account,
    `chat_rate` for one person; None where the platform sets none.
    """

    name: str
    length: int
    buttons: bool
    abroad: bool = False
    mailbox: bool = False
    rate: Rate | None = None
    chat_rate: Rate | None = None
