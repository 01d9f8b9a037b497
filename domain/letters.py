"""The letters that stand for an area, at the head of registration numbers."""

from __future__ import annotations

from functools import lru_cache

from domain.places import Area

LETTERS = 2


@lru_cache(maxsize=1024)
def area_letters(area: Area) -> str:
    """Two upper-case Latin letters: the initials of the first two characters of the short name (柳江 → LJ)."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes 0.15 s to load, and few need it

    name = area.short if len(area.short) >= LETTERS else area.name
    initials = lazy_pinyin(name[:LETTERS], style=Style.FIRST_LETTER, strict=False, errors="ignore")
    return "".join(initials).upper()[:LETTERS].ljust(LETTERS, "X")
