"""Yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.refusals import Refused
from flows.answers.reading import bare, plain
from flows.flow import Answers, Choice, Context, Reader, choice
from texts.say import Words

# In plain characters; the second line of each is how it is said in Sichuan, Henan, Guangxi and Guangdong.
YES: Final = frozenset(
    [
        "是",
        "是的",
        "对",
        "对的",
        "对头",
        "没错",
        "好",
        "好的",
        "好嘞",
        "好滴",
        "好哒",
        "行",
        "行的",
        "行嘞",
        "可以",
        "可以的",
        "同意",
        "我同意",
        "嗯",
        "要",
        "要的",
        "愿意",
        "确认",
        "确定",
        "没问题",
        "都对",
        "当然",
        "要得",
        "中",
        "得",
        "成",
        "妥",
        "系",
        "系的",
        "得嘞",
        "莫得问题",
        "没得问题",
        "冇问题",
        "莫问题",
        "冇得问题",
        "没毛病",
        "yes",
        "y",
        "yeah",
        "yep",
        "ok",
        "okay",
        "sure",
        "agree",
        "agreed",
    ]
) | {"i agree", "of course"}
NO: Final = frozenset(
    [
        "不",
        "不是",
        "不是的",
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
        "不了",
        "别",
        "否",
        "拒绝",
        "没有",
        "不成",
        "不中",
        "不妥",
        "要不得",
        "不得行",
        "不得",
        "不系",
        "唔系",
        "唔好",
        "唔得",
        "唔要",
        "冇",
        "冇得",
        "莫",
        "莫得",
        "莫要",
        "没得",
        "no",
        "n",
        "nope",
        "disagree",
    ]
) | {"i disagree", "no thanks"}
_PARTICLES: Final = "啊呀吧了哦呢啦嘛哈咯噢喔撒噻"


def read(text: str, context: Context) -> bool:  # noqa: ARG001 - every reader is called with both
    """True or False; raises Refused("yes_no.not_understood")."""
    said = bare(plain(text))
    for words in (said, said.rstrip(_PARTICLES)):
        if words in YES:
            return True
        if words in NO:
            return False
    raise Refused("yes_no.not_understood")


def yes_or_no(yes: str, no: str) -> Callable[[Context, Answers], tuple[Choice, ...]]:
    """The two choices, in the words of these keys."""
    both = (choice(value=True, words=Words(yes)), choice(value=False, words=Words(no)))
    return lambda _context, _answers: both


YES_NO: Final = Reader(bool, read)
