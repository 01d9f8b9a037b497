"""Recorded updates: each is read as python-telegram-bot reads it, and means what the table says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import telegram

from bot.channels.telegram.updates import Blocked, Malformed, Me, Thing, Update, message_of, parse_update, read_update
from domain.messages import Medium, Opened, Pressed, Said, Sent, SharedPhone, Text
from tests.fakes.telegram_schema import wrong_value

RECORDED = {path.stem: path for path in (Path(__file__).parent / "updates").glob("*.json")}
NOW = datetime(2027, 2, 7, 1, 0, tzinfo=UTC)
ME = Me(123456789, "fangang_test_bot")
PERSON = "5123456789"
GROUP = "-1001987654321"
CHANNEL = "-1001222333444"
LIBRARY_NAMES = {"from": "from_user"}

MEANS: dict[str, tuple[str, Said] | Blocked | None] = {
    "text": (PERSON, Text("初八从柳江去深圳富士康，13800012345")),
    "text_without_language": (PERSON, Text("你好 👋")),
    "text_control_characters": (PERSON, Text("初八\u200b\x07\n柳江")),
    "start": (PERSON, Opened("")),
    "start_with_code": (PERSON, Opened("trip_LJ-0x7Q")),
    "start_with_bad_code": (PERSON, Opened("")),
    "help_at_bot": (PERSON, Text("帮助")),
    "my_registration": (PERSON, Text("我的报名")),
    "command_unknown": (PERSON, Text("/settings")),
    "forwarded": (PERSON, Text("正月初八柳江到深圳有车")),
    "forwarded_from_channel": (PERSON, Text("务工专车开始报名")),
    "reply": (PERSON, Text("两个人")),
    "photo": (PERSON, Sent(Medium.PHOTO)),
    "voice": (PERSON, Sent(Medium.VOICE)),
    "audio": (PERSON, Sent(Medium.VOICE)),
    "video_note": (PERSON, Sent(Medium.VOICE)),
    "video": (PERSON, Sent(Medium.OTHER)),
    "document": (PERSON, Sent(Medium.OTHER)),
    "location": (PERSON, Sent(Medium.LOCATION)),
    "location_live_moves": None,
    "venue": (PERSON, Sent(Medium.LOCATION)),
    "sticker": (PERSON, Sent(Medium.STICKER)),
    "animation": (PERSON, Sent(Medium.STICKER)),
    "dice": (PERSON, Sent(Medium.OTHER)),
    "contact_own": (PERSON, SharedPhone("+8613800012345")),
    "contact_of_another": (PERSON, Sent(Medium.OTHER)),
    "contact_not_on_telegram": (PERSON, Sent(Medium.OTHER)),
    "pinned": None,
    "edited": (PERSON, Sent(Medium.EDITED)),
    "button": (PERSON, Pressed("k3:day:2027-02-13")),
    "button_under_old_message": (PERSON, Pressed("a1:yes")),
    "button_under_inline_message": (PERSON, Pressed("a1:yes")),
    "button_of_a_game": (PERSON, Sent(Medium.OTHER)),
    "button_in_a_group": (GROUP, Sent(Medium.GROUP)),
    "group_chatter": None,
    "group_command": (GROUP, Sent(Medium.GROUP)),
    "group_command_for_us": (GROUP, Sent(Medium.GROUP)),
    "group_command_for_another": None,
    "group_mention": (GROUP, Sent(Medium.GROUP)),
    "group_mention_of_another": None,
    "group_mention_in_caption": (GROUP, Sent(Medium.GROUP)),
    "group_text_mention": (GROUP, Sent(Medium.GROUP)),
    "group_reply": (GROUP, Sent(Medium.GROUP)),
    "group_reply_to_another": None,
    "group_edited": None,
    "group_another_bot": None,
    "group_new_member": None,
    "channel_post": None,
    "channel_command": (CHANNEL, Sent(Medium.GROUP)),
    "blocked": Blocked(PERSON),
    "unblocked": (PERSON, Opened("")),
    "added_to_group": None,
    "removed_from_group": None,
    "reaction": None,
    "inline_query": None,
}


def test_every_recorded_update_stands_in_the_table() -> None:
    assert RECORDED.keys() == MEANS.keys()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_update_has_the_published_shape(name: str) -> None:
    assert wrong_value(json.loads(RECORDED[name].read_text()), "Update", "Update") == []


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_an_update_is_read_as_the_library_reads_it(name: str) -> None:
    raw = RECORDED[name].read_bytes()
    same(parse_update(raw), telegram.Update.de_json(json.loads(raw), None), name)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_an_update_means_what_the_table_says(name: str) -> None:
    raw = RECORDED[name].read_bytes()
    library = telegram.Update.de_json(json.loads(raw), None)
    read = read_update(raw, NOW, ME)
    assert read.id == library.update_id
    assert read.callback == (library.callback_query.id if library.callback_query else None)
    if read.said is None or isinstance(read.said, Blocked):
        assert read.said == MEANS[name]
        return
    assert (read.said.address, read.said.said) == MEANS[name]
    assert (read.said.channel, read.said.id, read.said.at) == ("telegram", str(library.update_id), NOW)
    assert read.said.language == (library.effective_user.language_code if library.effective_user else None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/start", Opened("")),
        ("/START", Opened("")),
        ("/start@fangang_test_bot LJ42", Opened("LJ42")),
        ("/start " + "x" * 65, Opened("")),
        ("/help", Text("帮助")),
        ("/cancel", Text("取消")),
        ("/back", Text("返回")),
        ("/my", Text("我的报名")),
        ("/person please", Text("人工")),
        ("/stop", Text("退订")),
        ("/delete", Text("删除")),
        ("/register@fangang_test_bot", Text("报名")),
        ("/", Text("/")),
        ("/ help", Text("/ help")),
        ("", Text("")),
        ("请 /help", Text("请 /help")),
    ],
)
def test_commands_stand_for_words(typed: str, said: Said) -> None:
    message = message_of(parse_update(private(text=typed)), NOW)
    assert message is not None
    assert message.said == said


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"message":{}}',
        b'{"update_id":"1"}',
        b'{"update_id":1,"message":{"chat":{"id":1}}}',
        b'{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"text":7}}',
        b'{"update_id":1,"x":' + b"[" * 5000,
        b'{"update_id":1,"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=range(11),
)
def test_what_is_no_update_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_update(raw)


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc4d"])
def test_half_a_character_is_refused(half: str) -> None:
    raw = b'{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"text":"' + half.encode() + b'"}}'
    with pytest.raises(Malformed):
        parse_update(raw)


def test_without_its_name_the_bot_answers_plain_commands_and_replies_in_a_group() -> None:
    heard = {name for name in RECORDED if name.startswith("group_") and message_of(recorded(name), NOW)}
    assert heard == {"group_command", "group_reply"}


def private(**content: object) -> bytes:
    person = {"id": 1, "is_bot": False, "first_name": "x"}
    chat = {"id": 1, "type": "private"}
    return msgspec.json.encode({"update_id": 7, "message": {"from": person, "chat": chat, **content}})


def recorded(name: str) -> Update:
    return parse_update(RECORDED[name].read_bytes())


def same(ours: object, theirs: object, place: str) -> None:
    """Every field of our type has the value that the library gives it."""
    if isinstance(ours, Thing):
        assert theirs, place
    elif isinstance(ours, msgspec.Struct):
        assert theirs is not None, place
        for known in msgspec.structs.fields(ours):
            name = LIBRARY_NAMES.get(known.encode_name, known.encode_name)
            same(getattr(ours, known.name), getattr(theirs, name, None), f"{place}.{name}")
    elif isinstance(ours, list):
        assert isinstance(theirs, Sequence), place
        assert len(ours) == len(theirs), place
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            same(one, other, f"{place}[{at}]")
    elif ours is None:
        assert theirs in {None, ()}, place
    else:
        assert ours == theirs, place
