"""Who comes along: names, each with a phone number where the person has one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from domain.people import Companion, Name, Phone
from domain.refusals import Refused
from domain.registrations import MOST_IN_A_PARTY
from flows.answers.names import read_name_alone
from flows.answers.phones import mobiles
from flows.answers.reading import BLANK, bare, blanked, plain
from flows.flow import Context, Reader
from texts.say import Value, Words

MOST_PIECES: Final = 2 * MOST_IN_A_PARTY  # names and phones of a list that is written in a chat
LONGEST_PIECE: Final = 60  # characters of a name with who it is
_NOBODY: Final = re.compile(
    r"(?:都|暂时|目前)?没有?(?:人|了|别人|其他人|同行的?人?)?|无|不带人?|没人|就?只?有?我(?:自己)?一个人?|就我(?:自己)?|一个人|自己"
    r"|不用|none|nobody|no one|no|just me|alone"
)
# Who they are, and other words that stand around a name.
_WORDS: Final = (
    "大?老婆|老公|爱人|媳妇|妻子|丈夫|[大小二]?儿子|[大小二]?女儿|孩子|小孩|爸爸?|妈妈?|父亲|母亲|[大小]?弟弟?|[大二]?哥哥?|[大二]?姐姐?|[大小]?妹妹?"
    "|嫂子|弟媳|朋友|老乡|同事|工友|同学|邻居|亲戚|表[哥弟姐妹]|堂[哥弟姐妹]|侄子|侄女|叔叔|舅舅|姐夫|妹夫|对象|[男女]朋友"
)
_BEFORE: Final = re.compile(
    rf"^(?:\d{{1,2}}[.、)]\s*)?(?:还有|另外|和|跟|与|以及)?(?:我的?|他的?|她的?)?(?:(?:{_WORDS})(?=\s|:|是|叫|[^\s]{{2}}))?\s*(?:姓名|名字)?(?:叫做?|是|名叫|:)?\s*"
)
_ONLY_WHO: Final = re.compile(_WORDS)
_NO_NAMES: Final = re.compile(rf"(?:(?:还有|就|和|跟|与|我的?|[一两二三]?个|,|、|\s)*(?:{_WORDS}))+(?:们|啊|吧)?")
_BEHIND: Final = re.compile(
    r"[\s:,(]*(?:的?(?:电话|手机|号码)号?码?(?:是|:)?|电话没有|没有?(?:电话|手机)|[男女])?[\s:)]*$"
)
_BREAKS: Final = re.compile(rf"{BLANK}+|[\n,;、。;/|]+|(?<=..)[和跟与](?=..)|还有|(?<![a-z])\s+|\s+(?![a-z])")


def read_companions(text: str, context: Context) -> tuple[Companion, ...] | None:
    """Those who come along, in the order in which they were named; None where nobody does.

    A phone number belongs to the name before it; where the text begins with one, to the name behind it.
    Raises Refused("companions.not_understood"), also where somebody is only called 老婆.
    """
    said = plain(text)
    if _NOBODY.fullmatch(bare(said)):
        return None
    numbers = mobiles(said)
    for one in numbers:
        said = blanked(said, (one.start, one.end))
    first = bool(numbers) and not re.search(r"\w", said[: numbers[0].start])
    phones = {one.start: Phone(one.digits) for one in numbers}
    names, of_name, waiting = list[Name](), dict[int, Phone](), list[Phone]()
    for start, end in _pieces(said):
        if (name := _named(text[start:end], said[start:end], context)) is not None:
            if waiting:
                of_name[len(names)] = waiting.pop()
            names.append(name)
        phone = phones.get(end)
        if phone and first:
            waiting = [phone]
        elif phone and names:
            of_name[len(names) - 1] = phone
    if not 0 < len(names) < MOST_IN_A_PARTY:
        raise Refused("companions.not_understood")
    return tuple(Companion(name, of_name.get(index)) for index, name in enumerate(names))


def only_who(text: str) -> bool:
    """Whether the text says who comes along (老婆, 我儿子和女儿) but nobody's name."""
    return _NO_NAMES.fullmatch(bare(plain(text))[:LONGEST_PIECE]) is not None


def _pieces(said: str) -> Iterator[tuple[int, int]]:
    """The ranges between what divides one from the next: punctuation, 和, a phone number that was blanked out."""
    breaks = list(islice(_BREAKS.finditer(said), MOST_PIECES + 1))
    if len(breaks) > MOST_PIECES:
        raise Refused("companions.not_understood")
    starts = [0, *(gap.end() for gap in breaks)]
    ends = [*(gap.start() for gap in breaks), len(said)]
    return zip(starts, ends, strict=True)


def _named(written: str, said: str, context: Context) -> Name | None:
    """The name in a piece of the text, None where it holds no word but who somebody is."""
    if len(said) > LONGEST_PIECE:
        raise Refused("companions.not_understood")
    start = _BEFORE.match(said)
    begin = start.end() if start else 0
    behind = _BEHIND.search(said, begin)
    end = behind.start() if behind else len(said)
    if not bare(said[begin:end]) or _ONLY_WHO.fullmatch(bare(said)):
        return None
    try:
        return read_name_alone(written[begin:end], said[begin:end], context)
    except Refused:
        raise Refused("companions.not_understood") from None


def shown_companions(value: object) -> Value:
    """Their names with the phones, in words."""
    shown: Words | None = None
    for one in reversed(value if isinstance(value, tuple) else ()):
        alone = Words("companions.name", {"name": one.name})
        each = Words("companions.with_phone", {"name": one.name, "phone": one.phone}) if one.phone else alone
        shown = Words("companions.and", {"first": each, "others": shown}) if shown else each
    return shown or Words("companions.nobody")


def shown_names(companions: Sequence[Companion]) -> Words:
    """The names alone, in words."""
    first, *others = companions
    words = Words("companions.name", {"name": first.name})
    return Words("companions.and", {"first": words, "others": shown_names(others)}) if others else words


COMPANIONS: Final = Reader(tuple[Companion, ...], read_companions, greedy=True)
