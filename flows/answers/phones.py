"""The phone number: a mobile of mainland China, typed, spoken, or put right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from domain.people import Phone
from domain.refusals import Refused
from flows.answers.reading import plain
from flows.flow import Ask, Context, Found, Reader, choice
from texts.say import Words

_CHINA: Final = 86  # the code of the country
MOBILE_DIGITS: Final = 11  # the numbering plan of mainland China
RANGE_DIGITS: Final = 7  # operators get their numbers by ten thousands
FEWEST_DIGITS: Final = 7  # of what can be meant as a phone number: a local landline; 12333 is a hotline
MOST_DIGITS: Final = 14  # one typed twice or with a code in front; 15 and more are identity and card numbers
MOST_CANDIDATES: Final = 4  # numbers that are offered to pick from
_D: Final = "[幺一二两三四五六七八九零〇0-9]"
_SPOKEN: Final = str.maketrans("幺一二两三四五六七八九零〇", "1122345678900")
# Digits that belong together, however they are grouped, with the code of the country in front where it is written.
_RUN: Final = re.compile(rf"\+?\(?{_D}(?:[\s().+-]{{0,3}}{_D})*")
_DICTATED: Final = re.compile(r"[幺一二两三四五六七八九零〇](?:[\s,、-]{0,2}[幺一二两三四五六七八九零〇]){10,}")
_GROUPED: Final = re.compile(
    r"(?<![0-9])(?:\+?(?:00)?86[\s-]?)?(1[3-9][0-9](?:[\s-]?[0-9]{4}){2}|1[3-9][0-9]{3}[\s-]?[0-9]{3}[\s-]?[0-9]{3})"
    r"(?![0-9])"
)
_IDENTITY: Final = re.compile(r"(?<![0-9])[0-9]{6}[\s-]?[0-9]{8}[\s-]?[0-9]{3}[0-9x](?![0-9a-z])")
_CALLED: Final = re.compile(
    rf"(?:电话|座机|固话|手机|号码|(?<!拨)打(?![工算的])|\b(?:phone|mobile|number|tel)\b)[^{_D[1:-1]}]{{0,6}}({_RUN.pattern})"
)
_OTHER_NUMBER: Final = re.compile(r"身份证?|证件|银行卡|卡号|订单|车牌|报名号")
# A digit of these belongs to the word before it (初八) or behind it (两个人).
_DAY_BEFORE: Final = "初十廿卅第"
_WORD_BEHIND: Final = re.compile(r"个|人|月|号(?!码)|点|口|家|位|起|天|日")
_NOT: Final = re.compile(r"(?:不是|不要|不用|别打|别用|not)\s*(?:打|用)?\s*[:,]?\s*$")
_NO_MORE: Final = re.compile(
    r"^\s*[,.]?\s*(?:这个|那个)?(?:号码?|是)?(?:已经)?"
    r"(?:不用了|不要了|不对|错了|打错|写错|打不通|停机|停用|作废|换掉|是错的|是旧的|没用了|旧的|is wrong)"
)
_OTHERS: Final = (
    r"(?:我的?|我们?家)?(?:老婆|老公|爱人|媳妇|婆娘|丈夫|妻子|爸爸?|妈妈?|老爸|老妈|父亲|母亲|儿子|女儿|仔|崽|弟弟?|哥哥?|姐姐?|妹妹?|朋友|老乡|工友"
    r"|老板|同事|他|她)"
)
_THEIRS: Final = re.compile(rf"\s*(?:这个)?(?:是|[:(])\s*{_OTHERS}的?(?:电话|号码?|手机)?(?:$|[\s,;、。)])")
_OF_THEIRS: Final = re.compile(rf"{_OTHERS}的?(?:电话|手机|号码?){{0,2}}(?:是|:)?\s*$")
_INSTEAD: Final = re.compile(r"改成|改为|改到|换成|换到|换了|更正|应该是|应为|错了|写错|打错|instead")


@dataclass(frozen=True, slots=True)
class Number:
    """A mobile number that stands in a text: its digits and the half-open range of characters."""

    digits: str
    start: int
    end: int


def read_phone(text: str, context: Context) -> Phone | Ask:  # noqa: ARG001 - every reader is called with both
    """A mobile number of mainland China.

    Raises Refused: "phone.not_understood" where no digit stands, "phone.too_short" and "phone.too_long" with the
    number of digits n, "phone.not_mobile".
    """
    said = plain(text)
    numbers = mobiles(said)
    if wanted := _wanted(said, numbers):
        return _one_or_ask(wanted)
    runs = [] if numbers else [_national(run[0]) for run in _RUN.finditer(said)]
    if not runs:
        raise Refused("phone.not_understood")
    raise _wrong(max(runs, key=len))


def find_phone(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """The mobile number in the text; two different ones are a question.

    Raises Refused as read_phone does for what is called a phone number and can't be one.
    """
    said = plain(text)
    numbers = mobiles(said)
    if not numbers:
        _refuse_what_is_called_one(said)
        return None
    wanted = _wanted(said, numbers)
    return Found(_one_or_ask(wanted), tuple((one.start, one.end) for one in numbers)) if wanted else None


def mobiles(said: str) -> list[Number]:
    """The mobile numbers of a plain text, from left to right; no piece of an identity number is one."""
    said = _IDENTITY.sub(lambda identity: "x" * len(identity[0]), said)
    found: list[Number] = []
    for run in _RUN.finditer(said):
        if run.end() - run.start() < MOBILE_DIGITS:
            continue
        grouped = [
            Number(_national(one[0]), one.start(), one.end())
            for one in _GROUPED.finditer(said, run.start(), run.end())
            if _is_mobile(_national(one[0]))
        ]
        found += grouped or _whole(said, run.start(), run.end())
    if not found:  # dictated with pauses
        runs = _DICTATED.finditer(said)
        found = [one for run in runs for one in _whole(said, run.start(), run.end())]
    return found


def _whole(said: str, start: int, end: int) -> list[Number]:
    """The run as one number, spoken or grouped in any way, without a digit that belongs to the word beside it."""
    starts, ends = [start], [end]
    if start and said[start - 1] in _DAY_BEFORE:
        starts.append(start + 1)
    if _WORD_BEHIND.match(said, end) and not said[end - 1].isascii():
        ends.append(end - 1)
    for first in starts:
        for last in ends:
            digits = _national(said[first:last])
            if _is_mobile(digits):
                return [Number(digits, first, last)]
    return []


def _wanted(said: str, numbers: list[Number]) -> list[Number]:
    """Those that the text doesn't take back: "不是…，是…" and "…改成…" leave the last."""
    kept = [one for one in numbers if not _NOT.search(said[max(0, one.start - 12) : one.start])]
    kept = [one for one in kept if one is numbers[-1] or not _NO_MORE.match(said[one.end : one.end + 16])]
    kept = _own(said, kept)
    for before, after in pairwise(kept[-2:]):
        if _INSTEAD.search(said[before.end : after.start]):
            return [after]
    return kept


def _own(said: str, numbers: list[Number]) -> list[Number]:
    """Without those that are said to be somebody else's, where one is left: …是我的，…是我老婆的."""
    if len(numbers) == 1:
        return numbers
    own = [
        one
        for one in numbers
        if not _THEIRS.match(said[one.end : one.end + 16])
        and not _OF_THEIRS.search(said[max(0, one.start - 16) : one.start])
    ]
    return own or numbers


def _one_or_ask(numbers: list[Number]) -> Phone | Ask:
    different = tuple(dict.fromkeys(one.digits for one in numbers))
    if len(different) == 1:
        return Phone(different[0])
    return Ask(
        tuple(
            choice(Phone(digits), Words("phone.choice", {"phone": Phone(digits)}))
            for digits in different[:MOST_CANDIDATES]
        )
    )


def _refuse_what_is_called_one(said: str) -> None:
    for called in _CALLED.finditer(said):
        digits = _national(called[1])
        before = said[max(0, called.start() - 4) : called.start()]
        if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and not _OTHER_NUMBER.search(before):
            raise _wrong(digits)


def _wrong(digits: str) -> Refused:
    """What is wrong with a number that is no mobile one."""
    if len(digits) == MOBILE_DIGITS or digits.startswith("0"):
        return Refused("phone.not_mobile")
    return Refused("phone.too_short" if len(digits) < MOBILE_DIGITS else "phone.too_long", n=len(digits))


def _national(run: str) -> str:
    """The digits of a run without the code of the country."""
    digits = "".join(char for char in run.translate(_SPOKEN) if "0" <= char <= "9")
    for code in ("0086", "86"):
        if digits.startswith(code) and len(digits) - len(code) >= MOBILE_DIGITS - 1:
            return digits[len(code) :]
    return digits


def _is_mobile(digits: str) -> bool:
    return len(digits) == MOBILE_DIGITS and digits.startswith("1") and _is_mobile_range(digits[:RANGE_DIGITS])


@lru_cache(maxsize=4096)
def _is_mobile_range(head: str) -> bool:
    """Whether the numbers that begin so are mobile ones; which they are is decided range by range."""
    from phonenumbers import PhoneNumber, PhoneNumberType, number_type  # noqa: PLC0415 - a quarter of what readers load

    whole = head.ljust(MOBILE_DIGITS, "0")
    return number_type(PhoneNumber(_CHINA, int(whole))) == PhoneNumberType.MOBILE


PHONE: Final = Reader(
    Phone,
    read_phone,
    find_phone,
    marks=re.compile(r"[1一幺][\s().+-]{0,3}[3-9三四五六七八九]|[一幺][,、]|电话|座机|固话|手机|号码|打|[nmt][ueo]"),
)
