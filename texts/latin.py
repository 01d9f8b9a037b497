"""Chinese names in Latin letters, for those who don't read Chinese."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=8192)
def latin_name(name: str) -> str:
    """The name in pinyin without tones, one word with a capital: 深圳 → Shenzhen."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes 0.15 s to load, and few need it

    return "".join(lazy_pinyin(name)).capitalize()
