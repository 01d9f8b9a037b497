"""Chinese names in Latin letters, for those who don't read Chinese."""

from __future__ import annotations

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
