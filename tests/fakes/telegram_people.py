"""People on the fake Telegram: what they do, and what their screens show."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_numbers = itertools.count(5_000_000_001)  # of callback queries


@dataclass(slots=True)
class Shown:
    """A message on a person's screen; it changes when the bot edits it. `at` is in seconds of time.monotonic()."""

    chat: int
    id: int
    text: str
    buttons: list[list[tuple[str, str]]]  # rows of (label, data)
    at: float

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons."""
        return [label for row in self.buttons for label, _ in row]


@dataclass(slots=True)
class TelegramUser:
    """One person with a private chat. Each deed is an update at once and returns its number.

    `messages` is what the chat was shown. `sees` looks at what came since the person last did something.
    """

    number: int
    language: str | None
    name: str
    deliver: Callable[[dict[str, Any]], int] = field(repr=False)
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    messages: list[Shown] = field(default_factory=list)
    presses_open: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _since: int = 0
    _said: int = 0

    @property
    def chat(self) -> dict[str, Any]:
        """The private chat as the Bot API writes it."""
        return {"id": self.number, "type": "private", "first_name": self.name}

    @property
    def sender(self) -> dict[str, Any]:
        """The person as the Bot API writes them."""
        person: dict[str, Any] = {"id": self.number, "is_bot": False, "first_name": self.name}
        return person | ({"language_code": self.language} if self.language else {})

    def says(self, text: str) -> int:
        """Writes words, or a command."""
        entities: list[dict[str, Any]] = []
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self.posts(text=text, **({"entities": entities} if entities else {}))

    def opens(self, code: str = "") -> int:
        """Presses "Start", perhaps after scanning a code."""
        return self.says(f"/start {code}".strip())

    def posts(self, **content: Any) -> int:  # noqa: ANN401 - any field of a Message
        """Sends a message with these fields of Message, such as photo=[…]."""
        self._does()
        return self.deliver({"message": self._message(content)})

    def edits(self, text: str) -> int:
        """Changes the last message that was sent."""
        self._does()
        return self.deliver({"edited_message": self._message({"text": text, "edit_date": int(time.time())})})

    def sends_photo(self) -> int:
        """A picture without words."""
        size = {"file_id": "AgACAgIAAxkB", "file_unique_id": "AQADy7kxG", "width": 90, "height": 67}
        return self.posts(photo=[size])

    def sends_voice(self) -> int:
        """A spoken message."""
        return self.posts(voice={"file_id": "AwACAgIAAxkB", "file_unique_id": "AgADbQ", "duration": 3})

    def sends_location(self) -> int:
        """A place on the map."""
        return self.posts(location={"latitude": 24.2569, "longitude": 109.3291})

    def sends_sticker(self) -> int:
        """A sticker."""
        flags = {"is_animated": False, "is_video": False, "type": "regular"}
        size = {"width": 512, "height": 512}
        return self.posts(sticker={"file_id": "CAACAgIAAxkB", "file_unique_id": "AgADAQ", **flags, **size})

    def shares_phone(self, phone: str) -> int:
        """Their own contact card."""
        return self.posts(contact={"phone_number": phone, "first_name": self.name, "user_id": self.number})

    def presses(self, label: str, *, message: Shown | None = None) -> int:
        """The button with this label (or, if only one holds it, with this in its label) under the last message that
        has buttons, or under a message that is named.
        """
        shown = message or next((one for one in reversed(self.messages) if one.buttons), None)
        assert shown is not None, f"no message with buttons was shown to {self.number}"
        keys = [key for row in shown.buttons for key in row]
        exact = [data for text, data in keys if text == label] or [data for text, data in keys if label in text]
        assert len(exact) == 1, f"{len(exact)} buttons are called {label!r}: {shown.labels}"
        return self.presses_data(exact[0], shown)

    def presses_data(self, data: str, shown: Shown) -> int:
        """A button that carries this data, whether it exists or not."""
        self._does()
        query = str(next(_numbers))
        self.presses_open.add(query)
        message = {"message_id": shown.id, "chat": self.chat, "date": int(time.time()), "text": shown.text}
        return self.deliver(
            {
                "callback_query": {
                    "id": query,
                    "from": self.sender,
                    "message": message,
                    "chat_instance": str(self.number),
                    "data": data,
                }
            }
        )

    def blocks(self) -> int:
        """Stops the bot."""
        self.blocked = True
        return self.deliver({"my_chat_member": self._change("member", "kicked")})

    def unblocks(self) -> int:
        """Lets the bot write again."""
        self.blocked = False
        return self.deliver({"my_chat_member": self._change("kicked", "member")})

    async def sees(self, text: str, within: float = 5.0) -> Shown:
        """The first message with these words that came since the person last did something; waits for it."""
        until = time.monotonic() + within
        while True:
            self.news.clear()
            for shown in self.messages[self._since :]:
                if text in shown.text or text in shown.labels:
                    return shown
            try:
                await asyncio.wait_for(self.news.wait(), until - time.monotonic())
            except TimeoutError:
                seen = "\n---\n".join(shown.text for shown in self.messages[self._since :]) or "(nothing)"
                raise AssertionError(f"{self.number} did not see {text!r} within {within} s but:\n{seen}") from None

    def show(self, shown: Shown) -> None:
        """The platform's side: a message arrives."""
        self.messages.append(shown)
        self.news.set()

    def _does(self) -> None:
        self.started = True
        self._since = len(self.messages)

    def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        self._said += 1
        return {
            "message_id": 1_000_000 + self._said,
            "from": self.sender,
            "chat": self.chat,
            "date": int(time.time()),
            **content,
        }

    def _change(self, old: str, new: str) -> dict[str, Any]:
        bot = {"id": 123456789, "is_bot": True, "first_name": "返岗通", "username": "fangang_test_bot"}

        def member(status: str) -> dict[str, Any]:
            return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        return {
            "chat": self.chat,
            "from": self.sender,
            "date": int(time.time()),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        }
