"""What the service asks of a channel: to send one message, and to say which of five ways it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from domain.channels import Traits
from texts.render import Rendered


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `id` is the platform's own name for the message."""

    id: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now. `wait` is the platform's own (a 429) or None: then our own growing pauses decide.

    `strike` counts as one of the attempts; a wait that the platform asked for does not. `account` means that
    nothing at all may be sent through this account meanwhile, not only to this person.
    """

    wait: timedelta | None = None
    strike: bool = True
    account: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform will never take this message; `reason` is in its own words, without the message."""

    reason: str


@dataclass(frozen=True, slots=True)
class PersonGone:
    """The person can't be reached at this address any more (blocked, left, account deleted)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether it arrived: the answer did not come after the request was written."""

    reason: str


Outcome = Sent | TryLater | Rejected | PersonGone | Unknown


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to go. `row` is the outbox row (an idempotency key where the platform takes one)."""

    row: int
    address: str
    message: Rendered


class Channel(Protocol):
    """One platform account. `send` never raises for what a platform does: it answers with an outcome."""

    @property
    def traits(self) -> Traits:
        """What this channel can do."""
        ...

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Hands one message to the platform."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...
