"""The Bot API's HTTP on one aiohttp session, for python-telegram-bot's Bot.

What a failed call may have done is told by the type of the error: NotWritten (the platform has not seen it), Busy (it
asks to wait), Down (it answered with a 5xx), and otherwise NetworkError, TimedOut among them (nobody knows).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from msgspec import Struct
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

CONNECT_WITHIN = timedelta(seconds=5)  # python-telegram-bot's own defaults
ANSWER_WITHIN = timedelta(seconds=15)
MOST_CONNECTIONS = 64
IDLE_FOR = 30.0  # seconds; shorter than servers keep a silent connection, so that a send seldom meets a closing one
NAMES_HOLD = 300  # seconds for which a looked-up address is used again
BUSY_WITHOUT_FIGURE = timedelta(seconds=5)  # a 429 that does not say how long


class NotWritten(NetworkError):  # noqa: N818 - named as the library names its own: TimedOut, Forbidden
    """No connection came about, so that the platform has not seen the call."""


class Down(NetworkError):  # noqa: N818 - named as the library names its own: TimedOut, Forbidden
    """The platform answered that it is out of order."""


class Garbage(NetworkError):  # noqa: N818 - named as the library names its own: TimedOut, Forbidden
    """The answer can't be understood; what was asked may have been done."""


class Busy(TelegramError):  # noqa: N818 - named as the library names its own: TimedOut, Forbidden
    """Too many calls; `wait` is the platform's. The library's RetryAfter warns about itself whenever it is made."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too Many Requests: retry after {wait.total_seconds():g}")
        self.wait = wait


class Parameters(Struct, frozen=True):
    """Hints in an answer that refuses."""

    retry_after: float = 0


class Envelope(Struct, frozen=True):
    """What every answer is wrapped in. The result itself is decoded by whoever asked."""

    ok: bool
    error_code: int | None = None
    description: str = ""
    parameters: Parameters | None = None


_envelope = msgspec.json.Decoder(Envelope)
_answer = msgspec.json.Decoder(dict[str, object])


class SessionRequest(BaseRequest):
    """Calls with timeouts on one session, which is made on the first call.

    `origin` is what stands before /bot<token>: where it is https, the proxy named by the environment is used.
    One Bot.send_message to a local server costs 0.24 ms of CPU with this and 1.24 ms with the library's HTTPXRequest;
    as the channel sends it, 0.11 ms (medians of five rounds in November 2026: use the ratios, 5 and 11).
    """

    __slots__ = ("_proxy", "_session")

    def __init__(self, origin: str = "https://api.telegram.org") -> None:
        self._proxy = _proxy_for(origin)
        self._session: aiohttp.ClientSession | None = None

    @property
    @override
    def read_timeout(self) -> float:
        return ANSWER_WITHIN.total_seconds()

    @override
    async def initialize(self) -> None:
        self._open()

    @override
    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=MOST_CONNECTIONS, keepalive_timeout=IDLE_FOR, ttl_dns_cache=NAMES_HOLD
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Content-Type": "application/json", "User-Agent": self.USER_AGENT},
                timeout=_timeout(ANSWER_WITHIN.total_seconds(), CONNECT_WITHIN.total_seconds()),
            )
        return self._session

    @override
    async def do_request(  # the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call, as the library makes it; files are not sent by this service.

        The timeouts for writing and for the pool are part of the others: a call is over after
        connecting plus reading, and waiting for a free connection counts as connecting.
        """
        if request_data is not None and request_data.contains_files:
            raise NotWritten("Files can't be sent")
        return await self.call(
            url,
            request_data.parameters if request_data is not None else {},
            method=method,
            answer_within=read_timeout if isinstance(read_timeout, int | float) else None,
            connect_within=connect_timeout if isinstance(connect_timeout, int | float) else None,
        )

    async def call(
        self,
        url: str,
        parameters: Mapping[str, object],
        *,
        method: str = "POST",
        answer_within: float | None = None,
        connect_within: float | None = None,
    ) -> tuple[int, bytes]:
        """One call of the Bot API: status and body, both as the platform meant them (an "ok": false inside a 200
        has the status it names). Times in seconds, None for the usual ones.

        Raises NotWritten, Busy, Down, TimedOut, Garbage, else NetworkError; BadRequest for what is no Unicode.
        """
        try:
            body = msgspec.json.encode(parameters)
        except UnicodeEncodeError:
            raise BadRequest("text is not Unicode") from None
        session = self._open()
        timeout = session.timeout
        if answer_within is not None or connect_within is not None:
            timeout = _timeout(
                self.read_timeout if answer_within is None else answer_within,
                CONNECT_WITHIN.total_seconds() if connect_within is None else connect_within,
            )
        try:
            async with session.request(
                method, url, data=body, timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as response:
                return _checked(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _error(error) from None  # aiohttp's own words hold the address, and that holds the token

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Decode like the library does, but without writing the answer to the log where it is none."""
        try:
            return _answer.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Garbage("The answer is not JSON") from None


def _checked(status: int, payload: bytes) -> tuple[int, bytes]:
    """The status that the Bot API means; raises where it is not the Bot API that answers, or it can't do the call."""
    good = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    try:
        envelope = _envelope.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if good:
            raise Garbage("The answer is not the Bot API's") from None
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            # A 403 of a firewall on the way must not look like a person who blocked the bot.
            raise Down(f"{status}, and not from the Bot API") from None
        envelope = Envelope(ok=False)
    if good and not envelope.ok:
        status = envelope.error_code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = envelope.parameters.retry_after if envelope.parameters else 0
        raise Busy(timedelta(seconds=wait) if wait > 0 else BUSY_WITHOUT_FIGURE)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Down(f"{status} {envelope.description}")
    return status, payload


def _error(error: Exception) -> NetworkError:
    """What a failed call may have done, in the library's words, without its address."""
    kind = type(error).__name__
    match error:
        case aiohttp.ClientConnectorError():
            return NotWritten(f"{kind}: {error.os_error.strerror or type(error.os_error).__name__}")
        case aiohttp.ConnectionTimeoutError() | aiohttp.ClientHttpProxyError() | aiohttp.InvalidURL():
            return NotWritten(kind)
        case TimeoutError():
            return TimedOut(kind)
        case _:
            return NetworkError(kind)


def _timeout(answer: float, connect: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=connect + answer, connect=connect, sock_connect=connect, sock_read=answer)


def _proxy_for(origin: str) -> str | None:
    parts = urlsplit(origin)
    if parts.scheme != "https" or proxy_bypass(parts.netloc):
        return None
    return getproxies().get("https")
