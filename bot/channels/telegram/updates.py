"""What Telegram sends: an update's JSON, parsed into types of our own, and what it says to the service.

Fields and kinds are those of https://core.telegram.org/bots/api#update; only the ones that are used stand here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct, field

from bot.channels.telegram.commands import WORDS
from domain.messages import Medium, Message, Opened, Pressed, Said, Sent, SharedPhone, Text

NAME = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")  # allowed_updates; the rest never comes

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # "Deep linking" in https://core.telegram.org/bots/features


class Malformed(ValueError):  # noqa: N818 - what the bytes are
    """These bytes are not an update."""


class Thing(Struct, frozen=True):
    """Something of which only the presence matters."""


class User(Struct, frozen=True):
    """A Telegram user or bot."""

    id: int
    is_bot: bool = False
    language_code: str | None = None


class Chat(Struct, frozen=True):
    """Where a message was written: private, group, supergroup or channel."""

    id: int
    type: str


class Contact(Struct, frozen=True):
    """A contact card; `user_id` is whose it is, where Telegram knows."""

    phone_number: str
    user_id: int | None = None


class Entity(Struct, frozen=True):
    """A command or a mention inside a text; `offset` and `length` count UTF-16 units."""

    type: str
    offset: int
    length: int
    user: User | None = None


class Answered(Struct, frozen=True):
    """The message that was replied to."""

    sender: User | None = field(default=None, name="from")


class Post(Struct, frozen=True):
    """One message in a chat."""

    chat: Chat
    sender: User | None = field(default=None, name="from")
    text: str | None = None
    entities: list[Entity] = field(default_factory=list)
    caption: str | None = None
    caption_entities: list[Entity] = field(default_factory=list)
    reply_to_message: Answered | None = None
    contact: Contact | None = None
    photo: list[Thing] | None = None
    voice: Thing | None = None
    audio: Thing | None = None
    video_note: Thing | None = None
    location: Thing | None = None
    venue: Thing | None = None
    sticker: Thing | None = None
    animation: Thing | None = None
    pinned_message: Thing | None = None
    message_auto_delete_timer_changed: Thing | None = None


class Place(Struct, frozen=True):
    """The message that a pressed button hung under (it may be too old to be read, but its chat is told)."""

    chat: Chat


class Query(Struct, frozen=True):
    """A pressed button. `id` is what answerCallbackQuery wants."""

    id: str
    sender: User = field(name="from")
    message: Place | None = None
    data: str | None = None


class Member(Struct, frozen=True):
    """How the bot stands in a chat: in a private one "kicked" means blocked, "member" means free to write."""

    status: str


class Membership(Struct, frozen=True):
    """A change of how the bot stands in a chat."""

    chat: Chat
    sender: User = field(name="from")
    old: Member = field(name="old_chat_member")
    new: Member = field(name="new_chat_member")


class Update(Struct, frozen=True):
    """One update: at most one of its parts is there."""

    update_id: int
    message: Post | None = None
    edited_message: Post | None = None
    channel_post: Post | None = None
    callback_query: Query | None = None
    my_chat_member: Membership | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, so that it knows when a group speaks to it; `username` is "" until getMe has told it."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person has blocked the bot: nothing can be sent to this address any more."""

    address: str


@dataclass(frozen=True, slots=True)
class Read:
    """What an update comes to. `said` is None for what concerns nobody; `callback` is the pressed button that still
    turns its little wheel on the person's screen until answerCallbackQuery is called with it.
    """

    id: int
    said: Message | Blocked | None
    callback: str | None = None


_decoder = msgspec.json.Decoder(Update)


def parse_update(raw: bytes) -> Update:
    """One update from its JSON; raises Malformed for anything else."""
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        # The decoder's own words may quote what was sent, so that only their kind is told.
        raise Malformed(type(error).__name__) from None


def read_update(raw: bytes, now: datetime, me: Me | None = None) -> Read:
    """What an update (its JSON) says to the service; raises Malformed. `now` is when it came."""
    update = parse_update(raw)
    callback = update.callback_query.id if update.callback_query else None
    return Read(update.update_id, _blocked(update) or message_of(update, now, me), callback)


def message_of(update: Update, now: datetime, me: Me | None = None) -> Message | None:
    """What a person said with this update, or None where nobody waits for an answer.

    Without `me` a group speaks to the bot with a command that names nobody, or with a reply to any bot.
    """
    if query := update.callback_query:
        chat = query.message.chat if query.message else Chat(query.sender.id, "private")
        return _message(update, now, chat, query.sender, _pressed(query, chat))
    if (change := update.my_chat_member) and _unblocked(change):
        return _message(update, now, change.chat, change.sender, Opened())
    if (post := update.message or update.channel_post) and (said := _said(post, me)):
        return _message(update, now, post.chat, post.sender, said)
    # A live location arrives as an edit every few seconds; nobody has edited anything.
    if (post := update.edited_message) and post.chat.type == "private" and post.location is None:
        return _message(update, now, post.chat, post.sender, Sent(Medium.EDITED))
    return None


def _message(update: Update, now: datetime, chat: Chat, sender: User | None, said: Said) -> Message:
    language = sender.language_code if sender else None
    return Message(NAME, str(chat.id), str(update.update_id), said, now, language)


def _said(post: Post, me: Me | None) -> Said | None:
    if post.sender and post.sender.is_bot:
        return None  # two bots that answer each other never stop
    if post.chat.type != "private":
        return Sent(Medium.GROUP) if _addressed(post, me) else None
    if post.text is not None:
        return _words(post.text)
    if post.contact:
        own = post.sender and post.contact.user_id == post.sender.id
        return SharedPhone(post.contact.phone_number) if own else Sent(Medium.OTHER)
    if post.pinned_message or post.message_auto_delete_timer_changed:
        return None  # something the person did to the chat, not to us
    return Sent(_medium(post))


def _words(text: str) -> Said:
    if not text.startswith("/"):
        return Text(text)
    command, *rest = text.split()
    command = command.partition("@")[0].lower()
    if command == "/start":
        return Opened(rest[0] if rest and CODE.fullmatch(rest[0]) else "")
    return Text(WORDS.get(command, text))


def _medium(post: Post) -> Medium:
    if post.photo:
        return Medium.PHOTO
    if post.voice or post.audio or post.video_note:
        return Medium.VOICE
    if post.location or post.venue:
        return Medium.LOCATION
    if post.sticker or post.animation:
        return Medium.STICKER
    return Medium.OTHER


def _pressed(query: Query, chat: Chat) -> Said:
    if chat.type != "private":
        return Sent(Medium.GROUP)
    return Sent(Medium.OTHER) if query.data is None else Pressed(query.data)


def _addressed(post: Post, me: Me | None) -> bool:
    replied = post.reply_to_message and post.reply_to_message.sender
    if replied and (replied.id == me.id if me else replied.is_bot):
        return True
    text, entities = (post.text, post.entities) if post.text is not None else (post.caption, post.caption_entities)
    return any(_names(entity, text or "", me) for entity in entities)


def _names(entity: Entity, text: str, me: Me | None) -> bool:
    """Whether a command or a mention is for the bot."""
    if entity.type == "text_mention":
        return bool(me and entity.user and entity.user.id == me.id)
    if entity.type not in {"bot_command", "mention"}:
        return False
    units = text.encode("utf-16-le", "surrogatepass")[entity.offset * 2 : (entity.offset + entity.length) * 2]
    command, at, username = units.decode("utf-16-le", "replace").partition("@")
    if not at:
        return bool(command)
    return bool(me and me.username and username.lower() == me.username.lower())


def _unblocked(change: Membership) -> bool:
    return change.chat.type == "private" and change.old.status == "kicked" and change.new.status == "member"


def _blocked(update: Update) -> Blocked | None:
    change = update.my_chat_member
    if change and change.chat.type == "private" and change.new.status == "kicked":
        return Blocked(str(change.chat.id))
    return None
