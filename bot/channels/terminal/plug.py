"""The terminal joins the service, so that what people who use it are told is kept for them."""

from __future__ import annotations

from bot.channels.mailbox import Mailbox
from bot.channels.plug import Plugged, Sockets
from bot.channels.terminal.traits import TERMINAL


def plug(_sockets: Sockets) -> Plugged:
    """Its mailbox."""
    return Plugged(Mailbox(TERMINAL))
