"""Yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.refusals import Refused
from flows.answers.reading import bare, plain
from flows.flow import Answers, Choice, Context, Reader, choice
from texts.say import Words

YES: Final = frozenset(
    (
        "是",
        "是的",
        "对",
        "对的",
        "没错",
        "好",
        "好的",
        "行",
        "可以",
        "同意",
        "我同意",
        "嗯",
        "要",
        "愿意",
        "确认",
        "确定",
        "没问题",
        "都对",
        "yes",
        "y",
        "ok",
        "okay",
        "sure",
        "agree",
        "i agree",
    )
)
NO: Final = frozenset(
    (
        "不",
        "不是",
        "不对",
        "不好",
        "不行",
        "不可以",
        "不同意",
        "我不同意",
        "不要",
        "不用",
        "不愿意",
        "不确认",
        "否",
        "拒绝",
        "no",
        "n",
        "nope",
        "disagree",
        "i disagree",
    )
)


def read(text: str, context: Context) -> bool:  # noqa: ARG001 - every reader is called with both
    """True or False; raises Refused("yes_no.not_understood")."""
    said = bare(plain(text)).rstrip("啊呀吧了哦呢啦")
    if said in YES:
        return True
    if said in NO:
        return False
    raise Refused("yes_no.not_understood")


def yes_or_no(yes: str, no: str) -> Callable[[Context, Answers], tuple[Choice, ...]]:
    """The two choices, in the words of these keys."""
    both = (choice(value=True, words=Words(yes)), choice(value=False, words=Words(no)))
    return lambda _context, _answers: both


YES_NO: Final = Reader(bool, read)
