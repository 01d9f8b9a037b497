"""The part of the day, or the hour by the clock, that stands beside a day."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from domain.days import Part
from flows.answers.reading import number

_HOUR: Final = r"(?:[01]?\d|2[0-4]|十?[一二两三四五六七八九]|二?十)"
_MINUTE: Final = r"(?:[0-5]?\d(?!\d)|零[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?)"
_PART: Final = re.compile(
    r"\s?(?:的|那天|当天|,)?\s?(?:"
    r"(?P<early>凌晨|半夜|大半夜|before dawn)"
    r"|(?P<am>一?大?清?(?<!越)(?<!最)早上?(?!点|些|到|晚|于)|早晨|上午|朝早|朝|(?:in the )?morning)"
    r"|(?P<noon>中午|正午|晌午|(?:at )?\bnoon)|(?P<pm>下午|午后|下昼|(?:in the )?afternoon)"
    r"|(?P<evening>傍晚|(?<!最)晚上?(?!点|些|到|于)|夜里|夜晚|夜间|(?:in the )?evening|at night|night))?"
    rf"\s?(?:,? ?(?:at )?(?P<hour12>1[0-2]|0?[1-9])(?:[:.](?P<min12>[0-5]\d))? ?(?P<half12>[ap])\.?m\b"
    rf"|,?\s?(?P<hour>{_HOUR})(?:[点时](?:钟|整)?(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{_MINUTE})分?)?|:(?P<min>[0-5]\d)(?!\d)))?"
)
_MARKS: Final = re.compile(r"[早晚夜晨午晌昼朝点时:]|\d ?[ap]\.?m|morning|\bnoon|afternoon|evening|night|before dawn")
NOON: Final = 12
SMALL_HOURS: Final = 5  # 晚上1点 is no hour of that evening
_QUARTERS: Final = {"一": 15, "三": 45}

Hour = tuple[Part | None, time | None]


def hour(said: str, behind: int, *, apart_from: int | None = None) -> tuple[Part | None, time | None, int]:
    """What stands right behind that place, and where it ends; else what stands anywhere but from `apart_from` to it."""
    part, at, end = _told(_PART.match(said, behind))
    if part or at or apart_from is None:
        return part, at, end if part or at else behind
    for mark in _MARKS.finditer(said):
        if apart_from <= mark.start() < behind:
            continue
        for start in range(max(0, mark.start() - 4), mark.start() + 1):
            part, at, end = _told(_PART.match(said, start))
            if part or at:
                return part, at, behind
        break
    return None, None, behind


def _told(match: re.Match[str] | None) -> tuple[Part | None, time | None, int]:
    if match is None or not match[0].strip():
        return None, None, 0
    part = next((part for part in Part if match[part.value]), None)
    at = _clock12(match) if match["hour12"] else _clock(match, part)
    return None if at else part, at, match.end()


def _clock12(match: re.Match[str]) -> time:
    """8:30 pm."""
    return time(int(match["hour12"]) % NOON + (NOON if match["half12"] == "p" else 0), int(match["min12"] or 0))


def _clock(match: re.Match[str], part: Part | None) -> time | None:
    """下午两点半; None where no hour is said, or one that the part of the day does not have."""
    if not match["hour"]:
        return None
    hours = number(match["hour"].replace("两", "二")) or 0
    if part is Part.EVENING and (hours <= SMALL_HOURS or hours == NOON):
        return None
    if (part in {Part.PM, Part.EVENING} and hours < NOON) or (part is Part.NOON and 1 <= hours <= SMALL_HOURS):
        hours += NOON
    if part is Part.EARLY and hours == NOON:
        hours = 0
    said = match["minute"] or match["min"] or ""
    minute = int(said) if said.isascii() and said else number(said.removeprefix("零")) or 0
    return time(hours % 24, 30 if match["half"] else _QUARTERS.get(match["quarter"] or "", minute))
