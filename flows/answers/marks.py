"""What holds for a person beside the journey: priority groups and special needs."""

from __future__ import annotations

import re
from typing import Final

from domain.marks import Mark
from domain.refusals import Refused
from flows.answers.picked import pick_one
from flows.answers.reading import bare, plain
from flows.flow import Context, Reader

_WORDS: Final = {
    Mark.OUT_OF_POVERTY: re.compile(r"脱贫|贫困户|建档立卡|监测(?:户|对象)|防返贫|out of poverty"),
    Mark.RELOCATED: re.compile(r"易地|搬迁|relocat"),
    Mark.LOW_INCOME: re.compile(r"低收入|低保|困难户|low income"),
    Mark.OLDER: re.compile(r"大龄|年纪大|岁数大|\bolder\b|\bover 50\b"),
    Mark.DISABLED: re.compile(r"残疾|disabled"),
    Mark.FISHER: re.compile(r"退捕|渔民|fisher"),
    Mark.WHEELCHAIR: re.compile(r"轮椅|腿脚不|wheelchair"),
    Mark.LUGGAGE: re.compile(r"行李|东西多|大件|luggage"),
    Mark.CHILD: re.compile(r"(?:小孩|孩子|娃|婴儿|宝宝|\bchild|\bbaby)"),
}
_NONE: Final = re.compile(r"(?:都|全|什么)?(?:没有|没|不是)了?|无|不用了?|不需要|跳过|none|no|nothing|skip")
_NOT: Final = re.compile(r"(?:没有?|不是|不带|不|no |not )\s*(?:[低大]?\w{0,3})?$")


def read(text: str, context: Context) -> tuple[Mark, ...]:  # noqa: ARG001 - every reader is called with both
    """Every mark that is named, none for 都没有; raises Refused("marks.not_understood")."""
    said = bare(plain(text))
    if _NONE.fullmatch(said):
        return ()
    found = [mark for mark, words in _WORDS.items() if _named(words, said)]
    if not found:
        raise Refused("marks.not_understood")
    return tuple(found)


def _named(words: re.Pattern[str], said: str) -> bool:
    match = words.search(said)
    return match is not None and _NOT.search(said[max(0, match.start() - 6) : match.start()]) is None


MARKS: Final = Reader(tuple[Mark, ...], read)
NOTED: Final = Reader(tuple[Mark, ...], pick_one)  # those that were named before
