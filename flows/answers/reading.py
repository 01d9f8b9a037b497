"""What all readers share: a text in plain characters, and numbers in Chinese and Arabic figures."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.messages import MOST_CHARACTERS

BLANK: Final = "␣"  # what stands where another finder has taken its part (flows.flow.Find)
CJK: Final = "㐀-鿿𠀀-𱍏"
SMALL_NUMBER: Final = r"(?:\d{1,3}|[一二三四五六七八九十两廿卅]{1,3})"

# Only characters that readers look for, and only where one simplified character answers one traditional, or one of
# Cantonese: 我哋, 喺, 嘅, 佢, 嚟.
_TRADITIONAL: Final = str.maketrans(
    "週號點後兩個這禮臘農曆陰過節從車來對錯還沒說換時間張東廣寧龍華灣馬門長開縣鄉鎮鄰區圳島員廠電話姓歲請為與隨"
    "麼嘅喺哋佢嚟幾無應該問題愛媽爺奶爸兒女鐵站萬億聽陽齊慶臺澳內蒙貴雲浙蘇徽蓋遼黑爾濱濟煙溫國驚蟄穀滿種處婦頭遲們裡勞動兒尋儘禮團圓開壞趕緊卄壹贰叁柒捌玖",
    "周号点后两个这礼腊农历阴过节从车来对错还没说换时间张东广宁龙华湾马门长开县乡镇邻区圳岛员厂电话姓岁请为与随"
    "么的在们他来几无应该问题爱妈爷奶爸儿女铁站万亿听阳齐庆台澳内蒙贵云浙苏徽盖辽黑尔滨济烟温国惊蛰谷满种处妇头迟们里劳动儿寻尽礼团圆开坏赶紧廿一二三七八九",
)
_DIGITS: Final = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_CHINESE: Final = re.compile(r"(?:([一二两三四五六七八九])?(十)|(廿)|(卅))?([一二两三四五六七八九])?")
_EDGES: Final = " \t\r\n,.!?;:、。…~\"'()[]·-"


class _Plain(dict[int, int]):
    """Character → its plain form, filled as characters are met; each stays one character, so that spans hold."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char).lower()
        if len(plain) != 1:
            plain = char
        if unicodedata.category(plain) in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
            plain = " "
        if len(self) > MOST_KEPT:
            self.clear()
        self[code] = found = ord(plain.translate(_TRADITIONAL))
        return found


MOST_KEPT: Final = (
    20_000  # characters whose plain form is remembered; a text of nothing but rare ones can't fill memory
)
_plain: Final = _Plain()
_newest: Final[list[tuple[str, str]]] = [("", "")]  # every reader of one sentence asks for the same text


def plain(text: str) -> str:
    """The text with each character in its plain form: half width, lower case, simplified, no control characters.

    Every character stays at its place. What goes beyond the longest message that is read is cut off.
    """
    kept, made = _newest[0]  # one pair at a time, so that two threads never mix theirs
    if kept is not text:
        made = text[:MOST_CHARACTERS].translate(_plain)
        _newest[0] = (text, made)
    return made


def bare(text: str) -> str:
    """A plain text without the spaces and punctuation around it."""
    return text.strip(_EDGES)


def number(text: str) -> int | None:
    """The number in Arabic figures or in Chinese ones up to 99 (廿三 is 23); None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    match = _CHINESE.fullmatch(text)
    if match is None:
        return None
    tens, ten, twenty, thirty, ones = match.groups()
    value = (_DIGITS[tens] if tens else 1) * 10 if ten else 20 if twenty else 30 if thirty else 0
    return value + (_DIGITS[ones] if ones else 0)


def blanked(text: str, span: tuple[int, int]) -> str:
    """The text with that range taken out, at the same length."""
    start, end = span
    return f"{text[:start]}{BLANK * (end - start)}{text[end:]}"
