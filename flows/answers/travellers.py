"""The name of somebody who is signed up by another person: alone, or beside the phone number."""

from __future__ import annotations

import re
from typing import Final

from domain.people import Name
from domain.refusals import Refused
from flows.answers.name_words import SURNAMES, TITLES
from flows.answers.names import NAME, find_name, read_name
from flows.answers.reading import BLANK, CJK, bare, plain
from flows.flow import Context, Found, Reader

_HIS: Final = re.compile(r"^(?:[他她](?:的)?|第[一二三四五六七八九十\d]+个|下一个)?(?:名字|姓名|人)?(?:叫做?|是|:)?\s*")
_CALLED_SO: Final = re.compile(
    rf"[小老阿]?[{SURNAMES}]{{1,2}}[{CJK}]{{0,2}}(?:姐|哥|叔|婶|姨|伯|嫂|总|书记|主任|支书|村长|队长|组长|老师|经理|老板|师傅|医生|先生|女士)"
)
# Where a name ends that other words follow without a break.
_ENDS: Final = (
    rf"(?=[^{CJK}·]|$|初|正月|腊月|[今明后]天|电话|手机|号码|从|去|到|要|想|我|和|跟|在|来自|打算|报名"
    r"|[一两二三四五]个人)"
)
_EDGE: Final = rf"[\s,.;:、/|{BLANK}]*"
_BESIDE: Final = re.compile(
    rf"{_EDGE}(?P<name>[{CJK}·]{{2,12}}?|[a-z][a-z .'-]{{0,38}}[a-z])"
    rf"{_EDGE}(?:(?:[他她]的)?(?:电话|手机号?|号码|phone|tel)(?:是|号码)?)?{_EDGE}"
)
_CALLED: Final = re.compile(
    rf"(?:[他她](?:名字)?|名字|下一个人?|人)(?:叫做?|是)\s*(?P<name>[{CJK}]+·[{CJK}·]+|[{CJK}]{{2,4}}?){_ENDS}"
)
# At the end of a sentence: …去深圳比亚迪，覃桂英 138…
_BEFORE_PHONE: Final = re.compile(
    rf"(?:^|[\s,;:、。])(?P<name>[{SURNAMES}][{CJK}]{{1,2}}){_EDGE}(?:电话|手机)?[\s,:]*{BLANK}"
)


def read_traveller(text: str, context: Context) -> Name:
    """Their name as it was written; raises Refused("others.name.unclear")."""
    his = _HIS.match(plain(text))
    try:
        return read_name(text[his.end() :] if his else text, context)
    except Refused as refusal:
        raise Refused("others.name.unclear") from refusal


def read_called(text: str, context: Context) -> Name:
    """How somebody is called by those who know them, a name or 蓝大姐; raises Refused("name.not_understood")."""
    try:
        return read_name(text, context)
    except Refused:
        called = bare(plain(text))
        if not _CALLED_SO.fullmatch(called):
            raise
        return Name(called)


def find_traveller(text: str, context: Context) -> Found | None:
    """A name that is introduced as one, or all that stands beside what others have found."""
    if (found := find_name(text, context)) is not None:
        return found
    said = plain(text)
    match = _CALLED.search(said)
    if match is None and BLANK in text:
        match = _BESIDE.fullmatch(said) or _BEFORE_PHONE.search(said)
    if match is None or TITLES.search(match["name"]):
        return None
    start, end = match.span("name")
    try:
        return Found(read_traveller(text[start:end], context), ((start, end),))
    except Refused:
        return None


_MARKS: Final = re.compile(rf"{NAME.marks.pattern}|[叫是]")

TRAVELLER: Final = Reader(Name, read_traveller, find_traveller, greedy=True, marks=_MARKS)
