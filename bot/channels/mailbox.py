"""A channel that keeps what is said: nothing is sent anywhere, the person's page fetches it (services.mailbox)."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from bot.channels.channel import Channel, Outcome, Outgoing, Sent
from domain.channels import Traits


@dataclass(frozen=True)
class Mailbox(Channel):
    """The sender's side of such a channel: what is rendered and stored has arrived."""

    kept: Traits

    @property
    @override
    def traits(self) -> Traits:
        return self.kept

    @override
    async def send(self, outgoing: Outgoing) -> Outcome:
        return Sent(str(outgoing.row))

    @override
    async def close(self) -> None:
        """There is nothing to let go of."""
