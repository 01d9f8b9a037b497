"""What an account at Telegram needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """How updates come: fetched by us, or brought to our address."""

    POLLING = "polling"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot. `api_url` is what stands before /bot<token>; `public_url` is how the outside reaches us."""

    token: str = field(repr=False)
    mode: Mode = Mode.POLLING
    webhook_secret: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    public_url: str = ""
