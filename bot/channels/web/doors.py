"""Who may come in to the web chat: the cookie that names a browser, same origin, so much at once and no more."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "fangang_chat"
KEPT_FOR = timedelta(days=400)  # the longest that browsers keep a cookie (RFC 6265bis, section 5.5)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in URL-safe base64
MOST_BYTES = 64 * 1024
MOST_MESSAGES = 30
IN = timedelta(minutes=1)
REMEMBERED = 10_000  # addresses in the guard before the idle ones are forgotten


def new_token() -> str:
    """A fresh random name for a browser."""
    return secrets.token_urlsafe(32)


def token_of(request: web.Request) -> str | None:
    """The token in the browser's cookie, None where there is none or it can't be one of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if TOKEN.fullmatch(token) else None


def keep_token(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """Has the browser keep it, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        COOKIE, token, max_age=int(KEPT_FOR.total_seconds()), httponly=True, samesite="Lax", secure=secure, path="/chat"
    )


def address_of(token: str) -> str:
    """How the tables name that browser: the token itself is stored nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def from_our_page(request: web.Request, public_url: str) -> bool:
    """Whether a request that changes something comes from our own page.

    Browsers send Origin with every POST (Fetch, section 3.2). Programs send neither header; what they send can't
    carry another person's cookie.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == public_url or urlsplit(origin).netloc == request.host
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


class Guard:
    """How many messages an address has sent within the last minute. It holds for this process: it is a courtesy to
    everybody else here, not a right.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._sent: dict[str, deque[float]] = {}

    def wait(self, address: str) -> float:
        """0 where the address may send now (and the message is counted), else the seconds until it may."""
        now, window = self._seconds(), IN.total_seconds()
        sent = self._sent.setdefault(address, deque(maxlen=MOST_MESSAGES))
        if len(sent) == MOST_MESSAGES and now - sent[0] < window:
            return window - (now - sent[0])
        sent.append(now)
        if len(self._sent) > REMEMBERED:
            self._sent = {one: times for one, times in self._sent.items() if now - times[-1] < window}
        return 0
