"""The web chat joins the service; it is always there."""

from __future__ import annotations

from bot.channels.mailbox import Mailbox
from bot.channels.plug import Plugged, Sockets
from bot.channels.web.chat import Chat
from bot.channels.web.traits import WEB


def plug(sockets: Sockets) -> Plugged:
    """The chat with its pages."""
    chat = Chat(sockets.database, sockets.desk, sockets.take, sockets.settings.address)
    return Plugged(Mailbox(WEB), chat.routes(), hang_up=chat.hang_up)
