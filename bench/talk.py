"""What people write in the benchmark: one sign-up, question by question, as the platform's own JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from domain.days import SHANGHAI

TOKEN = "123456789:AAFakeTokenForTests-0123456789abcdefg"
SECRET = "fangang-bench"
HOME = "450200"  # 柳州
KEY = "A" * 43 + "="
HASH_KEY = "bench-" * 8

PHONE = "PHONE"  # stands for a number of one's own: the same name and phone twice would be the same person
SIGN_UP = ("报名", "同意", "初八", "柳江", "深圳坪山", "比亚迪", "韦小明", PHONE, "2", "都对")
TURNS = len(SIGN_UP)

_BEGAN = monotonic()


def now() -> datetime:
    """A moment on the morning of 正月初三, going on at the usual pace."""
    return datetime(2027, 2, 8, 9, tzinfo=SHANGHAI) + timedelta(seconds=monotonic() - _BEGAN)


def requests(person: int, texts: Sequence[str], path: str) -> list[bytes]:
    """The HTTP requests with which the platform brings one person's messages."""
    return [
        _request(path, _update(person, place, f"138{person % 10**8:08}" if text is PHONE else text))
        for place, text in enumerate(texts)
    ]


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _update(person: int, place: int, text: str) -> bytes:
    update = {
        "update_id": person * 100 + place,
        "message": {
            "message_id": place + 1,
            "from": {
                "id": person,
                "is_bot": False,
                "first_name": "小明",
                "last_name": "韦",
                "username": f"worker{person}",
                "language_code": "zh-hans",
            },
            "chat": {
                "id": person,
                "first_name": "小明",
                "last_name": "韦",
                "username": f"worker{person}",
                "type": "private",
            },
            "date": 1_801_875_600 + place,
            "text": text,
        },
    }
    return json.dumps(update).encode()
