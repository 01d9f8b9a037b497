"""Odd texts for the readers, the same in every run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random

import flows.answers
from domain.places import Areas

SEED = 20270206
LONGEST = 4_000  # characters
# Of a hundred thousand texts: how many are at most so long. Half of those in the last row are as long as can be.
LENGTHS = ((80_000, 24), (17_000, 80), (2_500, 400), (500, LONGEST))
_CHINESE = re.compile("[\u4e00-\u9fff]{1,4}")
_EMOJI = "😀🙏👫🚌🧧㊗①⑧％＋：，。！？…·~—→\u202e\u200b\ufeff\ufe0f\U0001f468\u200d\U0001f469"
_CONTROL = "".join(map(chr, (*range(32), 0x7F, 0x85, 0xA0, 0x3000, 0xFFFD, 0xD800)))
_DIGITS = "0123456789０１２３４５６７８９一二三四五六七八九十零〇两廿卅幺.,:/-+ "
_ANSWERS = tuple(Path(path) for path in flows.answers.__path__)


def odd_texts(count: int, areas: Areas, sentences: Sequence[str]) -> Iterator[str]:
    """So many texts, in the shares of LENGTHS.

    By turns: random Chinese characters, digits of all kinds, the readers' own words shuffled (every piece of Chinese
    in flows/answers, and names of places), one phrase repeated, emoji and signs, control characters, one character
    repeated, real sentences cut up and joined, and all of these mixed.
    """
    chance = Random(SEED)
    words = [*_readers_words(), *chance.sample([area.short for area in areas.all()], 300)]
    kinds = _kinds(chance, words, sentences)
    marks = list(accumulate(share for share, _ in LENGTHS))
    for _ in range(count):
        at = chance.randrange(marks[-1])
        longest = next(length for mark, (_, length) in zip(marks, LENGTHS, strict=True) if at < mark)
        wanted = longest if longest == LONGEST and chance.random() < 0.5 else chance.randint(1, longest)
        yield chance.choice(kinds)(wanted)[:wanted]


def _kinds(chance: Random, words: Sequence[str], sentences: Sequence[str]) -> list[Callable[[int], str]]:
    def shuffled(wanted: int) -> str:
        return "".join(chance.choices(words, k=wanted))

    def repeated(wanted: int) -> str:
        phrase = "".join(chance.choices(words, k=chance.randint(1, 4))) + chance.choice(("", " ", ",", "1"))
        return phrase * (wanted // len(phrase) + 1)

    def joined(wanted: int) -> str:
        text = ""
        while len(text) < wanted:
            one = chance.choice(sentences)
            start = chance.randrange(len(one))
            text += chance.choice((one, one[start:], one[:start] + "，"))
        return text

    pure: list[Callable[[int], str]] = [
        lambda wanted: "".join(chr(chance.randint(0x4E00, 0x9FFF)) for _ in range(wanted)),
        lambda wanted: "".join(chance.choices(_DIGITS, k=wanted)),
        shuffled,
        repeated,
        lambda wanted: "".join(chance.choices(_EMOJI, k=wanted)),
        lambda wanted: "".join(chance.choices(_CONTROL + _DIGITS, k=wanted)),
        lambda wanted: chance.choice(chance.choice((*words, _EMOJI, _CONTROL, _DIGITS))) * wanted,
        joined,
    ]

    def mixed(wanted: int) -> str:
        pieces = [chance.choice(pure)(chance.randint(1, max(1, wanted // 4))) for _ in range(8)]
        return "".join(pieces)

    return [*pure, mixed]


def _readers_words() -> list[str]:
    """Every piece of Chinese that stands in a reader's file: mostly the words it looks for."""
    files = sorted(file for folder in _ANSWERS for file in folder.glob("*.py"))
    return sorted({word for file in files for word in _CHINESE.findall(file.read_text("utf-8"))})
