"""Chinese names in Latin letters, for those who don't read Chinese."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Where plain pinyin is not how the place is written abroad, or reads a character wrongly (朝 is zhāo or cháo).
_ESTABLISHED = {
    "朝阳": "Chaoyang",
    "陕西": "Shaanxi",
    "内蒙古": "Inner Mongolia",
    "西藏": "Tibet",
    "香港": "Hong Kong",
    "澳门": "Macao",
}


@lru_cache(maxsize=8192)  # every area there is, and as many towns again
def latin_name(name: str) -> str:
    """The name in pinyin without tones, one word with a capital: 深圳 → Shenzhen."""
    return _ESTABLISHED.get(name) or "".join(syllables(name)).capitalize()


def syllables(name: str) -> tuple[str, ...]:
    """The name in pinyin without tones, one for each character: 重庆 → chong, qing."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes 0.15 s to load, and not all need it

    return tuple(lazy_pinyin(name))


def initials(name: str) -> tuple[str, ...]:
    """The first letters of a Chinese name's syllables, as people type them for short: 比亚迪 → byd. Several where a
    character can be read in two ways (长城 → zc, cc); none where one is no Chinese character.
    """
    letters = [_initials_of(char) for char in name]
    if not all(letters):
        return ()
    usual = "".join(first for first, *_ in letters)
    others = (usual[:at] + one[1] + usual[at + 1 :] for at, one in enumerate(letters) if len(one) > 1)
    return (usual, *others)


@lru_cache(maxsize=8192)  # the characters of any text there is
def _initials_of(char: str) -> tuple[str, ...]:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - as above

    readings = PINYIN_DICT.get(ord(char), "").split(",")
    first = (unicodedata.normalize("NFD", reading)[:1].lower() for reading in readings)
    return tuple(dict.fromkeys(letter for letter in first if "a" <= letter <= "z"))[:2]
