"""Corrections: "不是深圳，是东莞", "电话错了，是138…", "改成初十" change the answer that they mean, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from domain.places import Place
from domain.refusals import Refused
from flows import prompts
from flows.answers.reading import bare, plain
from flows.flow import Answers, Ask, Context, Flow, Question
from flows.hearing import Heard, found_in, veiled
from flows.state import decoded

LONGEST: Final = 200  # characters; who corrects says little
_MARKS: Final = re.compile(
    r"不是|不去|不到|不叫|不在|错|不对|改|换|更正|应该是|变了|\bnot\b|\bwrong\b|\bchange\b|\bmake it\b|\bshould be\b"
)
_IS: Final = r"(?:而?是|应该是|应该|改[成为到在去]?|换[成到]?|要?去|到|在|叫|but|it'?s|is|to)"
_NOT_BUT: Final = re.compile(
    rf"(?:不是|不去|不到|不叫|不在|\bnot)\s*(?P<old>[^,.;:。；]{{1,40}}?)(?:\s*了)?(?:\s*[,.;:。；\s]\s*{_IS}?|{_IS})\s*(?P<new>.+)"
)
_WRONG: Final = (
    r"(?:号码?|那里|那个)?\s*(?:我)?(?:都|也|是)?(?:写|打|填|报|说|搞|记|弄|输)?(?:错了?|不对|有误|变了|换了|(?:要|想|得|帮我)?(?:改|换|更正)(?:一下|下)?)"
    r"|\s*(?:is|was) wrong"
)
_SHOULD_BE: Final = rf"[\s,.:;。了]*[成为]?{_IS}?[\s,:]*"
_CHANGE: Final = re.compile(
    r"(?:改(?!天)(?:一下)?[成为到在去]?|换[成到]|更正[为成]?|应该是|\bchange (?:it |that )?(?:to)?|\bmake it"
    r"|\bshould be)\s*(?P<new>.*)"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What is corrected: the line that is named, or the value that is not right; and what shall stand there."""

    new: str
    line: Question | None = None
    old: str = ""


def corrects(text: str) -> bool:
    """Whether the text may be a correction at all."""
    return len(text) <= LONGEST and _MARKS.search(plain(text)) is not None


def corrected(flow: Flow, text: str, context: Context, answers: Answers) -> Heard | None:
    """What the text changes among the answers; None where it is no correction of one of them."""
    if not corrects(text):
        return None
    text = veiled(flow, text, context, answers)
    for said in _said(flow, plain(text), context, answers):
        if said.line is not None:
            return _of_line(flow, said.line, said.new, context)
        if said.old:
            if (line := _wrong(flow, said.old, context, answers)) is not None:
                return _of_line(flow, line, said.new, context)
            continue
        if (heard := _of_any(flow, said.new, context, answers)) is not None:
            return heard
    return None


def _said(flow: Flow, said: str, context: Context, answers: Answers) -> Iterator[_Said]:
    """The ways in which the text can be read as a correction, the clearest first."""
    named: list[tuple[int, _Said]] = []
    for question in prompts.lines(flow, answers, context):
        names = (prompts.called(flow, question, context), *question.called)
        pattern = rf"(?:{'|'.join(map(re.escape, names))})(?:{_WRONG})(?P<new>.*)"
        if match := re.search(pattern, said):
            new = re.sub(rf"^{_SHOULD_BE}", "", match["new"])
            named.append((match.start(), _Said(new, line=question)))
    yield from (one for _, one in sorted(named, key=itemgetter(0)))  # 身份证号码错了 means more than 号码错了
    if match := _NOT_BUT.search(said):
        yield _Said(match["new"], old=match["old"])
    if match := _CHANGE.search(said):
        yield _Said(match["new"])


def _of_line(flow: Flow, line: Question, new: str, context: Context) -> Heard:
    """The line with its new value; asked anew where none was said, or none that can be read."""
    if not bare(new):
        return Heard(asks=line.name)
    part = found_in(flow, new, context).found.get(line.name)
    if part is not None and not isinstance(part.value, Ask):
        return Heard({line.name: part.value})
    try:
        read = line.reader.read(new, context)
    except Refused as why:
        return Heard(asks=line.name, refusal=why)
    return Heard(asks=line.name, candidates=read) if isinstance(read, Ask) else Heard({line.name: read})


def _wrong(flow: Flow, old: str, context: Context, answers: Answers) -> Question | None:
    """The line whose answer is what was said to be wrong."""
    for question in prompts.lines(flow, answers, context):
        try:
            read = question.reader.read(old, context)
        except Refused:
            continue
        values = (
            [decoded(one.value, question.reader.holds) for one in read.candidates] if isinstance(read, Ask) else [read]
        )
        if any(_covers(value, answers.raw(question.name), context) for value in values):
            return question
    return None


def _covers(said: object, answer: object, context: Context) -> bool:
    """Whether what was said names that answer: 不是深圳 also where 深圳坪山 stands."""
    if isinstance(said, Place) and isinstance(answer, Place):
        if said.town:
            return said == answer
        return context.areas.within(answer.code, said.code)
    if isinstance(said, str) and isinstance(answer, str):
        return said in answer
    return said is not None and said == answer


def _of_any(flow: Flow, new: str, context: Context, answers: Answers) -> Heard | None:
    """A value whose line was not named: what finders recognise, else what the first line takes that it fits."""
    values = {
        name: part.value
        for name, part in found_in(flow, new, context).found.items()
        if name in answers and not isinstance(part.value, Ask)
    }
    if values:
        return Heard(values)
    for question in prompts.lines(flow, answers, context):
        if question.reader.greedy:
            continue
        try:
            read = question.reader.read(new, context)
        except Refused:
            continue
        if isinstance(read, Ask):
            return Heard(asks=question.name, candidates=read)
        if question.fits(read, context, answers):
            return Heard({question.name: read})
    return None
