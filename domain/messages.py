"""What reaches the service from a person on a channel, already parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_CHARACTERS = 1000  # of one message that is read; a longer one is answered with the plea to be brief


class Medium(StrEnum):
    """What was sent instead of words."""

    PHOTO = "photo"
    VOICE = "voice"
    LOCATION = "location"
    STICKER = "sticker"
    EDITED = "edited"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Text:
    """Words that a person typed (or that a platform heard)."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `data` is what the button carried (see texts.say.Button)."""

    data: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation was opened, perhaps through a printed code that carries a place or a trip."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A contact card: the phone number as the platform gave it."""

    phone: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something else than words."""

    medium: Medium


Said = Text | Pressed | Opened | SharedPhone | Sent


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` is unique within the channel; `address` is how the channel names the person;
    `language` is what the platform says the person reads, None where it says nothing.
    """

    channel: str
    address: str
    id: str
    said: Said
    at: datetime
    language: str | None = None
