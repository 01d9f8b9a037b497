"""The help ledger: a job, training, a start-up loan, back pay and rights, a travel subsidy, or a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from domain.ledger_requests import AskHelp, FindJob, HelpKind
from domain.places import Place
from domain.refusals import Refused
from domain.wishes import AskPerson
from flows.answers import anywhere, jobs
from flows.answers.reading import plain
from flows.flow import Answers, Choice, Command, Context, Flow, Question, Reader, Start, choice
from texts.say import Value, Words

# Words that name a kind, where the question is open; the first that fits is meant.
_NAMED: Final = {
    HelpKind.RIGHTS: re.compile(r"工资|工钱|薪|拖欠|维权|工伤|权益|仲裁|wage|back pay|rights|owe"),
    HelpKind.TRAINING: re.compile(r"培训|技能|学技术|学手艺|考证|training|course"),
    HelpKind.LOAN: re.compile(r"贷款|创业|开店|loan|business"),
    HelpKind.SUBSIDY: re.compile(r"补贴|补助|报销|车费|路费|subsid|refund"),
    HelpKind.JOB: re.compile(r"工作|招工|岗位|就业|job|vacanc"),
    HelpKind.PERSON: re.compile(r"别的|其他|人工|other|something else"),
}
_ORDER: Final = (HelpKind.JOB, HelpKind.TRAINING, HelpKind.LOAN, HelpKind.RIGHTS, HelpKind.SUBSIDY, HelpKind.PERSON)
_KINDS: Final = tuple(choice(kind, Words(f"ledger.{kind}")) for kind in _ORDER)
_NOTHING_MORE: Final = (choice(None, Words("ledger.story.skipped")),)


def read_kind(text: str, context: Context) -> HelpKind:  # noqa: ARG001 - every reader is called with both
    """What it is about; raises Refused("picked.not_understood")."""
    said = plain(text)
    for kind, named in _NAMED.items():
        if named.search(said):
            return kind
    raise Refused("picked.not_understood")


def read_story(text: str, context: Context) -> str:  # noqa: ARG001 - every reader is called with both
    """Any words, as they were written."""
    return text


def kinds(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """What the ledger is kept for, and anything else."""
    return _KINDS


def shown_kind(value: object) -> Value:
    """The kind in words."""
    return Words(f"ledger.{HelpKind(str(value))}")


def nothing_more(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """No words about it."""
    return _NOTHING_MORE


def told(_context: Context, answers: Answers) -> bool:
    """Whether a few words about it help: a job and a person are asked for otherwise."""
    return answers.get("kind", HelpKind) not in {HelpKind.JOB, HelpKind.PERSON}


def how_it_is(_context: Context, answers: Answers) -> tuple[Words, ...]:
    """The question for the story; for rights the hotlines first, which help at once."""
    asked = Words("ledger.story.ask")
    return (Words("ledger.hotlines"), asked) if answers.get("kind", HelpKind) is HelpKind.RIGHTS else (asked,)


def asked_for(answers: Answers, _context: Context) -> Command | Start:
    """Each kind to where it is looked after."""
    kind = answers.of("kind", HelpKind)
    match kind:
        case HelpKind.JOB:
            return Start("job")
        case HelpKind.PERSON:
            return AskPerson()
    return AskHelp(kind, answers.get("story", str) or "")


def find_job(answers: Answers, _context: Context) -> FindJob:
    """What the person looks for."""
    return FindJob(answers.of("trade", str), answers.get("where", Place), answers.get("pay", int))


def _straight(kind: HelpKind) -> Callable[[Answers, Context], Start]:
    return lambda _answers, _context: Start("help", {"kind": kind})


def _called(kind: HelpKind, *opens: str) -> Flow:
    """The words that ask for one kind straight away."""
    return Flow(name=kind.value, questions=(), becomes=_straight(kind), opens=opens, personal=False)


FLOWS = (
    Flow(
        name="help",
        questions=(
            Question("kind", Reader(HelpKind, read_kind), kinds, shows=shown_kind, line=False),
            Question(
                "story",
                Reader(str, read_story, greedy=True),
                nothing_more,
                applies=told,
                asks=how_it_is,
                line=False,
            ),
        ),
        becomes=asked_for,
        opens=("办事", "服务", "求助", "help desk", "services"),
        personal=False,  # the words go straight to the staff; what is kept of them the question says
        words="ledger",
    ),
    _called(HelpKind.TRAINING, "技能培训", "培训", "training"),
    _called(HelpKind.LOAN, "创业贷款", "贷款", "start-up loan", "loan"),
    _called(HelpKind.RIGHTS, "讨薪维权", "讨薪", "欠薪", "维权", "back pay", "unpaid wages"),
    _called(HelpKind.SUBSIDY, "交通补贴", "travel subsidy"),
    Flow(
        name="job",
        questions=(
            Question("trade", jobs.TRADE, jobs.trades, shows=jobs.shown_trade, called=("工作", "trade")),
            Question("where", anywhere.ANYWHERE, anywhere.near_or_anywhere, called=("地方", "地点", "place")),
            Question("pay", jobs.PAY, jobs.pays, shows=jobs.shown_pay, called=("月薪", "钱", "pay")),
        ),
        becomes=find_job,
        opens=("找工作", "我要找工作", "我想找工作", "帮我找工作", "还没找到工作", "find a job", "job", "i need a job"),
        review=True,
    ),
)
