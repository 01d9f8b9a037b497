"""A Bot API that is not there: a real HTTP server on this machine that behaves as Telegram's pages say.

    fake = FakeTelegram()
    await fake.start()                      # fake.url is what stands before /bot<token>
    worker = fake.user(42)
    worker.says("你好")
    await worker.sees("返岗通")
    worker.presses("开始")
    assert fake.violations == []
    await fake.stop()

Every call is checked against the published methods and types; what does not fit is answered like the real one does and
kept in `violations`. `lean=True` leaves out checks, people and history, so that it can be the sink of a benchmark.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes import telegram_schema as schema
from tests.fakes.telegram_books import Books, Call
from tests.fakes.telegram_courier import Courier
from tests.fakes.telegram_faults import Dropped, Fault, Odd, Refusal, Trouble, suffer
from tests.fakes.telegram_people import Shown, TelegramUser

TOKEN = "123456789:AAFakeTokenForTests-0123456789abcdefg"
USERNAME = "fangang_test_bot"
MOST_TEXT = 4096  # sendMessage: "1-4096 characters after entities parsing"
MOST_DATA_BYTES = 64  # InlineKeyboardButton.callback_data
MOST_UPDATES = 100  # getUpdates.limit


class FakeTelegram:
    """The server. These of its attributes may be changed at any time: `rate` (messages a second in all, None for no
    limit), `chat_rate` (the same for one chat), `token`, `delay` (seconds before each answer), `open_to_all` (whether
    people who never wrote to the bot can be written to), `violations`.
    """

    def __init__(self, *, lean: bool = False, rate: int | None = None, chat_rate: int | None = None) -> None:
        self.lean = lean
        self.rate = rate
        self.chat_rate = chat_rate
        self.token = TOKEN
        self.delay = 0.0
        self.open_to_all = False
        self.violations: list[str] = []
        self.books = Books()
        self.messages: list[Shown] = []  # everything that any chat was shown, in order
        self._updates: dict[int, dict[str, Any]] = {}  # pending, in order
        self.courier = Courier(self._updates)  # brings them to the webhook that is set
        self._allowed: list[str] | None = None
        self.commands: dict[str, list[dict[str, str]]] = {}  # language code, "" for all others → the menu
        self.answered: list[str] = []  # ids of the callback queries that got their answer
        self.port = 0
        self._users: dict[int, TelegramUser] = {}
        self._next_update = 100_000_001
        self._faults: list[Fault] = []
        self._news = asyncio.Event()
        self._fetching: asyncio.Event | None = None
        self._closing = False
        self._runner: web.AppRunner | None = None

    # Starting and stopping

    @property
    def url(self) -> str:
        """What stands before /bot<token>."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listens on a free port (after a stop: on the same again)."""
        application = web.Application(client_max_size=64 << 20)
        application.router.add_route("*", "/bot{token}/{method}", self._receive)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self._closing = False
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stops listening: connections are refused from now on. What it remembers stays."""
        self._closing = True
        self._news.set()
        await self.courier.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    # What tests do with it

    def user(self, number: int, *, language: str | None = "zh-hans", name: str = "韦小明") -> TelegramUser:
        """The person with this number (a private chat has the number of its person); the same one each time."""
        if number not in self._users:
            self._users[number] = TelegramUser(number, language, name, self.deliver)
        return self._users[number]

    def fail(
        self,
        trouble: Trouble,
        *,
        times: int = 1,
        method: str = "sendMessage",
        chat: int | None = None,
        seconds: float = 1.0,
        text: str = "",
    ) -> None:
        """The next `times` calls of this method meet this trouble."""
        self._faults.append(Fault(trouble, times, method, chat, seconds, text))

    def deliver(self, update: dict[str, Any]) -> int:
        """Puts an update (without its number) where the bot finds it, or brings it; its number."""
        number = self._next_update
        self._next_update += 1
        whole = {"update_id": number, **update}
        if not self.lean:
            self.violations += [f"our own: {wrong}" for wrong in schema.wrong_value(whole, "Update", "Update")]
        if self._allowed and not any(kind in self._allowed for kind in update):
            return number
        self._updates[number] = whole
        self.courier.bring()
        self._news.set()
        return number

    def deliver_again(self, number: int, update: dict[str, Any]) -> None:
        """The same update once more, as the real one does when an answer was lost."""
        self._updates[number] = {"update_id": number, **update}
        self.courier.bring()
        self._news.set()

    @property
    def pending(self) -> list[int]:
        """The numbers of the updates that the bot has not confirmed."""
        return list(self._updates)

    async def delivered(self, within: float = 5.0) -> None:
        """Returns when the bot has confirmed every update."""
        await _until(lambda: not self._updates, within)

    async def called(self, method: str, times: int = 1, within: float = 5.0) -> None:
        """Returns when this method has been called so many times since the start."""
        await _until(lambda: self.books.by_method[method] >= times, within)

    # Receiving a call

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        at = time.monotonic()
        if self.lean:
            return await self._receive_lean(request, at)
        try:
            result = await self._call(request, at)
        except Refusal as refusal:
            return _refused(refusal)
        except Odd as odd:
            return web.Response(status=odd.status, text=odd.text)
        except Dropped:
            return _drop(request)
        return web.json_response({"ok": True, "result": result})

    async def _receive_lean(self, request: web.Request, at: float) -> web.StreamResponse:
        body = await request.read()
        method = request.match_info["method"].lower()
        self.books.by_method[method] += 1
        if method == "sendmessage":
            chat = _number_of_chat(body)
            try:
                self._take(chat, at)
            except Refusal as refusal:
                return _refused(refusal)
            if self.delay:
                await asyncio.sleep(self.delay)
            return web.Response(body=_LEAN % (len(self.books.sends), chat), content_type="application/json")
        if self.delay:
            await asyncio.sleep(self.delay)
        if method == "getme":
            return web.json_response({"ok": True, "result": self._me()})
        return web.Response(body=b'{"ok":true,"result":true}', content_type="application/json")

    async def _call(self, request: web.Request, at: float) -> object:
        method = schema.spelled(request.match_info["method"])
        if request.match_info["token"] != self.token:
            raise Refusal(401, "Unauthorized")
        if method is None:
            self.violations.append(f"{request.match_info['method']} is no method")
            raise Refusal(404, "Not Found")
        parameters = await self._parameters(request, method)
        self.books.calls.append(Call(method, parameters, at))
        self.books.by_method[method] += 1
        if wrong := schema.wrong_call(method, parameters):
            self.violations += wrong
            raise Refusal(400, f"Bad Request: {wrong[0]}")
        if self.delay:
            await asyncio.sleep(self.delay)
        answer = _ANSWERS.get(method)
        if answer is None:
            raise Refusal(400, f"Bad Request: the fake does not know {method} yet")
        fault = self._fault(method, parameters.get("chat_id"))
        if fault is None:
            return await answer(self, parameters, at)
        return await suffer(fault, lambda: answer(self, parameters, at))

    async def _parameters(self, request: web.Request, method: str) -> dict[str, Any]:
        query = schema.decoded(method, request.query)
        if request.content_type == "application/json":
            try:
                given = json.loads(await request.read() or b"{}")
            except ValueError:
                raise Refusal(400, "Bad Request: can't parse JSON object") from None
            if not isinstance(given, dict):
                raise Refusal(400, "Bad Request: an object is wanted")
            return {**query, **given}
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        return {**query, **schema.decoded(method, form)}

    def _fault(self, method: str, chat: object) -> Fault | None:
        for fault in self._faults:
            if fault.method == method and fault.chat in {None, chat}:
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    # What the methods do

    def _me(self) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {
            "id": number,
            "is_bot": True,
            "first_name": "返岗通",
            "username": USERNAME,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _get_me(self, parameters: dict[str, Any], at: float) -> object:
        return self._me()

    async def _send_message(self, parameters: dict[str, Any], at: float) -> object:
        user = self._reader(parameters["chat_id"])
        text = parameters["text"]
        _check_text(text)
        buttons = _buttons(parameters.get("reply_markup"))
        self._take(user.number, at)
        shown = Shown(user.number, len(self.messages) + 1, text, buttons, at)
        self.messages.append(shown)
        user.show(shown)
        return self._message(user, shown, parameters)

    async def _edit_message_text(self, parameters: dict[str, Any], at: float) -> object:
        user = self._reader(parameters.get("chat_id"))
        shown = next((one for one in user.messages if one.id == parameters.get("message_id")), None)
        if shown is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        _check_text(parameters["text"])
        buttons = _buttons(parameters.get("reply_markup"))
        if (shown.text, shown.buttons) == (parameters["text"], buttons):
            raise Refusal(400, "Bad Request: message is not modified")
        shown.text, shown.buttons = parameters["text"], buttons
        user.news.set()
        return self._message(user, shown, parameters)

    async def _answer_callback_query(self, parameters: dict[str, Any], at: float) -> object:
        number = parameters["callback_query_id"]
        if not any(number in user.presses_open for user in self._users.values()):
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        for user in self._users.values():
            user.presses_open.discard(number)
        self.answered.append(number)
        return True

    async def _get_updates(self, parameters: dict[str, Any], at: float) -> object:
        if self.courier.url:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        if self._fetching is not None:
            self._fetching.set()  # the older call is the one that ends
            self._news.set()
        mine = self._fetching = asyncio.Event()
        self._confirm(parameters.get("offset", 0))
        self._allowed = parameters.get("allowed_updates") or self._allowed
        until = at + parameters.get("timeout", 0)
        try:
            while not self._has_news(mine) and time.monotonic() < until:
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), until - time.monotonic())
        finally:
            if self._fetching is mine:
                self._fetching = None
        if self.courier.url:
            raise Refusal(409, "Conflict: terminated by setWebhook request")
        if mine.is_set():
            raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
        return list(self._updates.values())[: parameters.get("limit", MOST_UPDATES)]

    def _has_news(self, mine: asyncio.Event) -> bool:
        return bool(self._updates or self._closing or self.courier.url or mine.is_set())

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = [0, *self._updates][offset:][0]
        for number in [number for number in self._updates if number < offset]:
            del self._updates[number]

    async def _set_webhook(self, parameters: dict[str, Any], at: float) -> object:
        secret = parameters.get("secret_token", "")
        if len(secret) > 256 or not all(one.isascii() and (one.isalnum() or one in "_-") for one in secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        if parameters.get("drop_pending_updates"):
            self._updates.clear()
        self._allowed = parameters.get("allowed_updates") or self._allowed
        self.courier.url, self.courier.secret = parameters["url"], secret
        self._news.set()
        self.courier.bring()
        return True

    async def _delete_webhook(self, parameters: dict[str, Any], at: float) -> object:
        if parameters.get("drop_pending_updates"):
            self._updates.clear()
        self.courier.url = self.courier.secret = ""
        return True

    async def _get_webhook_info(self, parameters: dict[str, Any], at: float) -> object:
        return {
            "url": self.courier.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
            **({"last_error_message": self.courier.last_error} if self.courier.last_error else {}),
        }

    async def _set_my_commands(self, parameters: dict[str, Any], at: float) -> object:
        for command in parameters["commands"]:
            name = command["command"]
            if not 1 <= len(name) <= 32 or not all(one in "abcdefghijklmnopqrstuvwxyz0123456789_" for one in name):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[parameters.get("language_code", "")] = parameters["commands"]
        return True

    def _reader(self, chat: object) -> TelegramUser:
        user = self._users.get(chat) if isinstance(chat, int) else None
        if self.open_to_all and user is None and isinstance(chat, int):
            user = self.user(chat)
        if user is None or not (user.started or user.blocked or self.open_to_all):
            raise Refusal(400, "Bad Request: chat not found")
        if user.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if user.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return user

    def _take(self, chat: int, at: float) -> None:
        if self.books.full(chat, at, self.rate, self.chat_rate):
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self.books.send(chat, at)

    def _message(self, user: TelegramUser, shown: Shown, parameters: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": shown.id,
            "from": {key: self._me()[key] for key in ("id", "is_bot", "first_name", "username")},
            "chat": user.chat,
            "date": int(time.time()),
            "text": shown.text,
        }
        if markup := parameters.get("reply_markup"):
            message["reply_markup"] = markup
        return message


_ANSWERS = {
    "getMe": FakeTelegram._get_me,
    "sendMessage": FakeTelegram._send_message,
    "editMessageText": FakeTelegram._edit_message_text,
    "answerCallbackQuery": FakeTelegram._answer_callback_query,
    "getUpdates": FakeTelegram._get_updates,
    "setWebhook": FakeTelegram._set_webhook,
    "deleteWebhook": FakeTelegram._delete_webhook,
    "getWebhookInfo": FakeTelegram._get_webhook_info,
    "setMyCommands": FakeTelegram._set_my_commands,
}
_LEAN = (
    b'{"ok":true,"result":{"message_id":%d,"date":1800000000,"text":"",'
    b'"chat":{"id":%d,"type":"private","first_name":"x"},"from":{"id":1,"is_bot":true,"first_name":"x"}}}'
)


async def _until(true: Callable[[], bool], within: float) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - a look every 2 ms is enough for a test
            await asyncio.sleep(0.002)


def _number_of_chat(body: bytes) -> int:
    found = re.search(rb'chat_id"?[:=]\s*"?(-?\d+)', body)
    return int(found[1]) if found else 0


def _refused(refusal: Refusal) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return web.json_response(answer, status=refusal.status)


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _check_text(text: str) -> None:
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text) > MOST_TEXT:
        raise Refusal(400, "Bad Request: message is too long")


def _buttons(markup: Any) -> list[list[tuple[str, str]]]:  # noqa: ANN401 - as it came, but checked already
    rows = [
        [(key["text"], key.get("callback_data", "")) for key in row]
        for row in (markup or {}).get("inline_keyboard", [])
    ]
    for label, data in (key for row in rows for key in row):
        if not label:
            raise Refusal(400, "Bad Request: can't parse inline keyboard button: text is empty")
        if not 1 <= len(data.encode()) <= MOST_DATA_BYTES:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows
