"""The employer, as the person writes it; None where none has been found yet."""

from __future__ import annotations

import re
from typing import Final

from domain.refusals import Refused
from flows.answers.reading import BLANK, CJK, plain
from flows.flow import Answers, Choice, Context, Found, Reader, choice
from flows.words import SMALL_TALK
from texts.say import Words

SHORTEST: Final = 2  # characters; one alone names nobody
LONGEST: Final = 40  # characters; the full registered names of companies stay below
_NONE_YET: Final = re.compile(
    r"我?(?:还|暂时?|目前)?(?:没有?|未)(?:找到|有)?(?:工作|单位|厂|着落|定)?[呢了]?|暂?无|不知道"
    r"|not (?:found )?yet|none|no job(?: yet)?|still looking|i don'?t know"
)
_HEAD: Final = re.compile(r"^(?:我)?(?:的)?(?:单位|厂名|厂|公司|工厂|老板)?(?:是|叫|名叫|:|在|去|到|进)+\s*")
# 美的 keeps its 的: only behind a verb it is a particle.
_TAIL: Final = re.compile(r"(?:那边|那里)?(?:(?:上班|打工|做工|务工|工作|干活|做事)(?:的|了|吧|啊)?|(?:了|吧|啊)?)$")
_LETTER: Final = re.compile(rf"[{CJK}a-z]")
_SPACES: Final = re.compile(r"\s+")
_EDGES: Final = " \n,.!?;:、。…~\"'"  # brackets belong to names: 比亚迪（坪山）
_STOPS: Final = rf"\s{BLANK},.;:、。!?()…~"
# Right behind the destination, whose own finder has blanked it: 去␣␣␣␣比亚迪.
_BEHIND: Final = re.compile(
    rf"(?:去|往|赴|(?<![改等推拖直])到|(?<![返来])回|\bto ){BLANK}+(?:的|市|省|区|县|那边)?([^{_STOPS}]{{2,{LONGEST}}})"
)
_NAMED: Final = re.compile(rf"(?:单位|厂名|公司|工厂)(?:名字)?(?:是|叫|:)\s*([^{_STOPS}]{{2,{LONGEST}}})")
_NO_EMPLOYER: Final = re.compile(
    r"^(?:再|都|就|可以|也|走|吧|了|要|我|和|跟|有|行|出发|左右|之|以|前|后|上车|下车|那天|的话|找|打|做|进|还|坐|谢|by|on|and)"
    r"|(?:站|机场|码头|方向|号|路口)$"
)


def read(text: str, context: Context) -> str | None:  # noqa: ARG001 - every reader is called with both
    """The name, or None for "not yet found"; raises Refused("employer.not_understood")."""
    said = plain(text).strip(_EDGES)
    if _NONE_YET.fullmatch(said):
        return None
    name = _TAIL.sub("", _HEAD.sub("", said))
    if said in SMALL_TALK or not (SHORTEST <= len(name) <= LONGEST and _LETTER.search(name)) or BLANK in name:
        raise Refused("employer.not_understood")
    at = plain(text).find(name)
    return _SPACES.sub(" ", text[at : at + len(name)])


def find(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """What is called an employer, or what is glued behind the destination."""
    said = plain(text)
    match = _NAMED.search(said) or _BEHIND.search(said)
    if match is None:
        return None
    start, end = match.span(1)
    name = _TAIL.sub("", match[1])
    end = start + len(name)
    if len(name) < SHORTEST or _NO_EMPLOYER.search(name) or not _LETTER.search(name):
        return None
    return Found(text[start:end], ((start, end),))


_NOT_FOUND_YET: Final = (choice(None, Words("employer.none")),)


def not_found_yet(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The one choice beside naming it."""
    return _NOT_FOUND_YET


EMPLOYER: Final = Reader(str, read, find, greedy=True, marks=re.compile(f"单位|厂名|公司|工厂|{BLANK}"))
