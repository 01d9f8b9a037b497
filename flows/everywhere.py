"""What a person can ask for at any point: somebody to talk to, silence, to be forgotten."""

from __future__ import annotations

from domain.wishes import AskPerson, Erase, Silence
from flows.answers import yes_no
from flows.flow import Answers, Command, Context, Flow, Question, Tell
from texts.say import Words


def erase(answers: Answers, _context: Context) -> Command | Tell:
    """Deletes once the person is sure."""
    return Erase() if answers.get("sure", bool) else Tell((Words("erase.kept"),))


def what_goes(context: Context, _answers: Answers) -> tuple[Words, ...]:
    """What is deleted; who signed up others is told that these stay."""
    sure = Words("erase.sure.ask")
    return (Words("erase.others_stay"), sure) if any(not one.taken for one in context.others) else (sure,)


FLOWS = (
    Flow(
        name="person",
        questions=(),
        becomes=lambda _answers, _context: AskPerson(),
        opens=("人工", "人工服务", "转人工", "找人工", "找工作人员", "a person", "person", "agent", "human"),
        personal=False,
    ),
    Flow(
        name="silence",
        questions=(),
        becomes=lambda _answers, _context: Silence(on=True),
        opens=("退订", "不要再发", "td", "stop messages", "stop", "unsubscribe"),
        personal=False,
    ),
    Flow(
        name="sound",
        questions=(),
        becomes=lambda _answers, _context: Silence(on=False),
        opens=("订阅", "恢复通知", "start messages", "subscribe"),
        personal=False,
    ),
    Flow(
        name="erase",
        questions=(
            Question("sure", yes_no.YES_NO, yes_no.yes_or_no("erase.yes", "erase.no"), asks=what_goes, line=False),
        ),
        becomes=erase,
        opens=("删除", "删除我的数据", "删除数据", "删除信息", "delete", "delete my data"),
        personal=False,
    ),
)
