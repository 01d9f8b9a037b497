"""The address to which Telegram brings updates: checks the secret, has the message stored, answers."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.channels.bodies import body_within
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.polling import Lose, Take
from bot.channels.telegram.updates import Blocked, Malformed, read_update

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name; setWebhook names it
MOST_BYTES = 256 * 1024  # of one update: 4,096 characters with an entity each are below 100 KB even when escaped

Handler = Callable[[web.Request], Awaitable[web.Response]]


def webhook(telegram: Telegram, take: Take, lose: Lose, now: Callable[[], datetime]) -> Handler:
    """The handler for POST /hooks/telegram.

    `take` stores a message and returns when it is committed, and only then the answer is 200; what it raises becomes a
    500, and Telegram brings the update again. `lose` notes a person who blocked the bot.
    403 without the right secret (also where none is set), 413 for what is too big, 400 for what is no update.
    """
    secret = telegram.settings.webhook_secret.encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if not secret or not hmac.compare_digest(given, secret):
            return web.Response(status=403)
        body = await body_within(request, MOST_BYTES)
        if body is None:
            return web.Response(status=413)
        try:
            read = read_update(body, now(), telegram.me)
        except Malformed:
            return web.Response(status=400)
        if isinstance(read.said, Blocked):
            await lose(read.said)
        elif read.said is not None:
            await take(read.said)
        if read.callback:
            telegram.answer_press(read.callback)
        return web.Response()

    return receive
