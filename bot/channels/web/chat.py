"""The web chat over HTTP: the page, its messages in and out, and the stream of what is said meanwhile."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from aiohttp import web
from msgspec import Struct

from bot.channels.bodies import body_within
from bot.channels.plug import Take
from bot.channels.web import doors
from bot.channels.web.traits import WEB
from domain.days import SHANGHAI
from domain.messages import Message, Opened, Pressed, Said, Text
from services import mailbox
from services.desk import DEFAULT_LANGUAGE, Desk
from services.mailbox import Mail
from storage.database import Database
from texts.say import Words

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "fangang_language"
HEARTBEAT_SECONDS = 20.0  # proxies and telephones drop a stream that is silent for longer
RETRY_MILLISECONDS = 3000
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
SAID_BY_THE_PAGE = ("connected", "connecting", "offline", "unsent", "sending", "too_long", "too_many", "refused")


class Incoming(Struct):
    """One message from the page; exactly one of the three says what it is."""

    id: str
    text: str | None = None
    button: str | None = None
    opened: str | None = None

    def said(self) -> Said | None:
        """What was said, None where it can't be told."""
        match (self.text, self.button, self.opened):
            case (str(text), None, None):
                return Text(text)
            case (None, str(data), None):
                return Pressed(data)
            case (None, None, str(code)):
                return Opened(code if CODE.fullmatch(code) else "")
            case _:
                return None


_incoming = msgspec.json.Decoder(Incoming)


class Chat:
    """The handlers of /chat. `take` stores a message and returns once it and its answer are committed."""

    def __init__(self, database: Database, desk: Desk, take: Take, public_url: str) -> None:
        self._database = database
        self._desk = desk
        self._take = take
        self._public_url = public_url
        self._guard = doors.Guard(time.monotonic)
        self._streams: set[asyncio.Task[Any]] = set()
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Everything below /chat, and the page that leads there."""
        return [
            web.get("/", self.front),
            web.get("/chat", self.page),
            web.get("/chat/qr.svg", self.code),
            web.get("/chat/messages", self.history),
            web.post("/chat/messages", self.message),
            web.get("/chat/events", self.events),
            web.static("/chat/static", HERE / "static"),
        ]

    async def hang_up(self) -> None:
        """Ends the streams: a page that is still there connects again, to whoever answers then."""
        for stream in self._streams:
            stream.cancel()

    # ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def front(self, request: web.Request) -> web.Response:
        """A page with a QR code that leads to the chat, to be shown or printed."""
        return self._rendered("front.html", request, address=f"{self._public_url}/chat")

    async def code(self, _request: web.Request) -> web.Response:
        """That QR code."""
        import segno  # noqa: PLC0415 - needed here alone

        svg = segno.make(f"{self._public_url}/chat", error="m").svg_inline(
            border=2, scale=8, dark="#17352f", light="#fff"
        )
        return web.Response(
            text=svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1), content_type="image/svg+xml"
        )

    async def page(self, request: web.Request) -> web.Response:
        """The chat. Somebody who comes for the first time gets their cookie here; nothing is stored for them yet."""
        response = self._rendered("chat.html", request)
        if doors.token_of(request) is None:
            doors.keep_token(response, doors.new_token(), secure=self._public_url.startswith("https:"))
        return response

    def _rendered(self, template: str, request: web.Request, **more: str) -> web.Response:
        chosen = request.query.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in self._desk.catalogues else DEFAULT_LANGUAGE
        catalogue = self._desk.catalogue(language)
        area = self._desk.office.area

        def word(key: str) -> str:
            return catalogue.word(Words(f"web.{key}"))

        page = self._templates.get_template(template).render(
            word=word,
            language=language,
            area=self._desk.areas[area].name if area in self._desk.areas and language == DEFAULT_LANGUAGE else "",
            phone=self._desk.office.phone,
            said={name: word(name) for name in SAID_BY_THE_PAGE},
            **more,
        )
        response = web.Response(text=page, content_type="text/html", headers=PAGE_HEADERS)
        if request.query.get("lang") == language:
            age = int(doors.KEPT_FOR.total_seconds())
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=age, samesite="Lax", httponly=True)
        return response

    # ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def message(self, request: web.Request) -> web.Response:
        """One message in, its answer out. The page names each message, so that one sent twice is taken once."""
        if not doors.from_our_page(request, self._public_url):
            return _refusal(403)
        token = doors.token_of(request)
        if token is None:
            return _refusal(403)  # no cookie: the page has to be opened first
        body = await body_within(request, doors.MOST_BYTES)
        if body is None:
            return _refusal(413)
        try:
            incoming = _incoming.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _refusal(400)
        said = incoming.said()
        if said is None or not MESSAGE_ID.fullmatch(incoming.id):
            return _refusal(400)
        address = doors.address_of(token)
        if wait := self._guard.wait(address):
            return _refusal(429, {"Retry-After": str(math.ceil(wait))})
        return await self._answer(request, address, incoming.id, said)

    async def _answer(self, request: web.Request, address: str, name: str, said: Said) -> web.Response:
        # The address stands in the id: nobody can use up the names of another person's messages.
        language = request.cookies.get(LANGUAGE_COOKIE)
        now = self._desk.now()
        known = language if language in self._desk.catalogues else None
        turned = await self._take(Message(WEB.name, address, f"{address[:32]}:{name}", said, now, known))
        if turned.fresh and turned.row is not None and turned.answer is not None:
            return _told([Mail(turned.row, now, turned.answer)])
        return _told(await mailbox.mail(self._database, turned.contact))

    async def history(self, request: web.Request) -> web.Response:
        """The last messages to this browser's person; `known` is false for somebody who has never written."""
        contact = await self._contact(request)
        if contact is None:
            return _told([], known=False)
        return _told(await mailbox.mail(self._database, contact))

    async def _contact(self, request: web.Request) -> int | None:
        token = doors.token_of(request)
        return (token and await mailbox.contact_at(self._database, WEB.name, doors.address_of(token))) or None

    # ── What is said meanwhile ───────────────────────────────────────────────────────────────────────────────────────

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events: each message as it is said, its outbox row as the event's id.

        A page that comes back says what it has seen last; it gets what was said from then on, that one again too.
        """
        contact = await self._contact(request)
        if contact is None:
            return web.Response(status=204)  # tells an EventSource to stay away (HTML, section 9.2)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await stream.prepare(request)
        await stream.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in a task
        self._streams.add(task)
        try:
            await self._tell(stream, contact, _last_seen(request))
        except (ConnectionResetError, asyncio.CancelledError):  # the page has gone, or we stop
            pass
        finally:
            self._streams.discard(task)
        return stream

    async def _tell(self, stream: web.StreamResponse, contact: int, last: int | None) -> None:
        seen: set[int] = set()
        async with self._database.wakes.listen(mailbox.topic(contact)) as bell:
            while True:
                new = await mailbox.mail(self._database, contact, seen)
                if not seen and last is not None:
                    since = next((place for place, one in enumerate(new) if one.row == last), 0)
                    seen.update(one.row for one in new[:since])
                    new = new[since:]
                seen.update(one.row for one in new)
                if new:
                    await stream.write(b"".join(_event(one) for one in new))
                else:
                    await stream.write(b": still here\n\n")
                await bell.wait(HEARTBEAT_SECONDS)


def _last_seen(request: web.Request) -> int | None:
    said = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _event(one: Mail) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (one.row, msgspec.json.encode(_shown(one)))


def _shown(one: Mail) -> dict[str, object]:
    at = one.at.astimezone(SHANGHAI)
    return {
        "row": one.row,
        "at": f"{at:%Y-%m-%dT%H:%M}",
        "text": one.message.text,
        "buttons": one.message.buttons,
    }


def _told(messages: Iterable[Mail], *, known: bool = True) -> web.Response:
    body = msgspec.json.encode({"known": known, "messages": [_shown(one) for one in messages]})
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})


def _refusal(status: int, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": status}, status=status, headers=headers)
