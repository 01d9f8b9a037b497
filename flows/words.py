"""The words that work at every point of a conversation, and how a typed text is compared with words."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from domain.messages import Message, Text


class Intent(StrEnum):
    """What a word asks of the conversation itself."""

    BACK = "back"
    CANCEL = "cancel"
    HELP = "help"
    RESTART = "restart"
    CHINESE = "zh-CN"
    ENGLISH = "en"


_INTENTS: dict[str, Intent] = {
    word: intent
    for intent, words in {
        Intent.BACK: ("返回", "上一步", "上一个", "退回", "back", "go back"),
        Intent.CANCEL: ("取消", "取消报名", "不报了", "不报名了", "算了", "cancel", "quit"),
        Intent.HELP: ("帮助", "怎么用", "怎么办", "help", "?"),
        Intent.RESTART: ("重来", "重新来", "重新开始", "重新填", "restart", "start over"),
        Intent.CHINESE: ("中文", "汉语", "chinese"),
        Intent.ENGLISH: ("english", "英文", "英语"),
    }.items()
    for word in words
}

CONFIRMATIONS = (
    frozenset(
        ("都对", "对", "对的", "对了", "是", "是的", "好", "好的", "可以", "行", "确认", "没错", "没问题", "提交")
    )
    | frozenset(("yes", "ok", "okay", "all correct", "correct", "confirm", "right"))
    | frozenset(("报名",))  # under the review it means this; elsewhere it opens the flow
)
GREETINGS = frozenset(("你好", "您好", "在吗", "有人吗", "hi", "hello", "hey", "/start", "start"))
COURTESIES = frozenset(
    (
        *("谢谢", "谢谢你", "谢谢您", "多谢", "好", "好的", "好吧", "嗯", "收到", "知道了", "明白", "明白了"),
        *("辛苦了", "再见", "thanks", "thank you", "ok", "okay", "got it", "noted", "bye", "goodbye"),
    )
)

# What people say in passing: never a name, of a person or of a factory.
SMALL_TALK = CONFIRMATIONS | GREETINGS | COURTESIES | {"随便", "都行", "都可以", "返岗", "返乡", "whatever"}

_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BETWEEN = re.compile(r"[,，()（）]")
_EDGES = " \t\n.,;:!。，；：！、~…\"'“”‘’「」()（）"


def tidy(text: str) -> str:
    """The text without control characters and marks that nobody sees, and without white space around it."""
    return _CONTROL.sub("", text).strip()


def plain(text: str) -> str:
    """The text as words are compared: half-width, lower case, single spaces, no punctuation around it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(_EDGES) or folded.strip()


def parts(label: str) -> list[str]:
    """The pieces of a button's label (as `plain` gives it) between its commas and brackets: 都对，报名 → 都对, 报名."""
    return [part for part in (piece.strip() for piece in _BETWEEN.split(label)) if part]


def intent(words: str) -> Intent | None:
    """What those words (as `plain` gives them) ask of the conversation, None where they are an answer."""
    return _INTENTS.get(words)


def number(words: str) -> int | None:
    """The bare number that was typed (one to three digits), None for anything else."""
    bare = words.strip("[]")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 3 else None  # noqa: PLR2004 - see above


def spoken(known: str | None, message: Message) -> str:
    """The language to answer in: asked for by its name, else the one known, else what the platform or the words say."""
    words = plain(message.said.text) if isinstance(message.said, Text) else ""
    asked = intent(words)
    if asked in {Intent.CHINESE, Intent.ENGLISH}:
        return asked.value
    if known:
        return known
    if message.language:
        return Intent.CHINESE if message.language.lower().startswith("zh") else Intent.ENGLISH
    latin = sum(char.isascii() and char.isalpha() for char in words)
    return Intent.ENGLISH if latin > 1 and latin == sum(char.isalpha() for char in words) else Intent.CHINESE
