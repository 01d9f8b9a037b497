"""Conversations at random: whatever people send, however often, and whatever breaks meanwhile, the promises hold."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from unittest import mock

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Row, select
from typing_extensions import override

from domain.messages import Medium, Message, Opened, Pressed, Said, Sent, Text
from flows import engine
from flows.flow import Context
from flows.registry import Flows
from flows.state import CONSENT, REVIEW, State, Step, Talk, answers_of, dump
from services.converse import Turned
from storage import contacts, registrations, tables
from storage.contacts import Contact
from storage.database import Database, Work
from storage.registrations import window_of
from tests.conversations.stage import Stage, areas, flows, fresh_url
from tests.conversations.transcript import CODE
from tests.support.databases import Databases
from texts.render import Rendered

T = TypeVar("T")

PEOPLE = ("anna", "bao", "chen")
NAMES = ("韦小明", "覃小梅")
PHONES = ("13800012345", "19900054321")
KNOWN = st.sampled_from(
    [
        f"我叫{name}{phone}，{day}一个人从柳江去深圳坪山比亚迪"
        for name in NAMES
        for phone in PHONES
        for day in ("初八", "初九")
    ]
)
WORDS = """
    你好 报名 同意 不同意 初八 初九到十二 还没定 柳江 柳城 深圳 龙华 富士康 还没找到 就我一个 三个人 都对 我的报名
    改报名 取消报名 对 不 返回 取消 重来 帮助 人工 结束 讨薪 找工作 退订 订阅 删除 改成初十 不改 English
    中文 谢谢 1 2 3 6 9 10 11 代报名 名单 报完了
"""
SENSIBLE = st.sampled_from([*WORDS.split(), *NAMES, *PHONES])
ODD = st.one_of(st.text(max_size=12), st.sampled_from(["", " ", "\x00", "😀", "好" * 1001, "p.x.0", "-1", "初八" * 40]))
TEXTS = st.one_of(SENSIBLE, SENSIBLE, KNOWN, ODD).map(Text)
OTHERS = st.one_of(st.sampled_from(Medium).map(Sent), st.just(Opened()), st.just(Pressed("p.gone.0")))
SAID = st.one_of(TEXTS, TEXTS, TEXTS, OTHERS)
WHO = st.sampled_from(PEOPLE)
APOLOGIES = ("对不起，我们这边出了点问题", "Sorry, something went wrong")
ERASED = ("您的信息都删除了", "Everything about you is deleted")


class Conversations(RuleBasedStateMachine):
    """Three people who write to one service."""

    databases: ClassVar[Databases]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.runs(fresh_url(self.databases))
        self.stage = Stage(self.url)
        self.runs(self.stage.__aenter__())
        self.told: dict[str, list[Rendered]] = {who: [] for who in PEOPLE}
        self.sent: list[Message] = []
        self.fresh = False  # whether everything has been looked at since something happened

    @override
    def teardown(self) -> None:
        self.runs(self.stage.__aexit__())
        self.runs(self.databases.drop(self.url))
        self.runner.close()

    # ── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=WHO, said=SAID)
    def writes(self, who: str, said: Said) -> None:
        self.take([self.message(who, said)])

    @rule(who=WHO, place=st.integers(0, 10))
    def presses(self, who: str, place: int) -> None:
        """A button of the newest message."""
        data = [data for message in self.told[who][-1:] for _, data in message.buttons]
        if data:
            self.take([self.message(who, Pressed(data[place % len(data)]))])

    @rule(who=WHO, known=KNOWN, other=st.one_of(st.none(), WHO))
    def signs_up(self, who: str, known: str, other: str | None) -> None:
        """The straight way, so that the ends of conversations are seen often; or for another, who brings the code."""
        opening = ("取消", "取消", "代报名", "同意", "韦建国") if other else ("取消", "报名", "同意")
        for text in (*opening, known, "都对"):
            self.take([self.message(who, Text(text))])
        for code in CODE.findall(self.told[who][-1].text) if other else ():
            for text in ("取消", f"接手 {code}", "同意"):
                self.take([self.message(other or who, Text(text))])

    @rule(who=WHO, place=st.integers(0, 200))
    def presses_what_is_stale(self, who: str, place: int) -> None:
        if not self.token(who):
            self.take([self.message(who, Text("报名"))])
        token = self.token(who)
        data = [data for message in self.told[who] for _, data in message.buttons if data.split(".")[1] != token]
        if data:
            before = self.answers(who)
            self.take([self.message(who, Pressed(data[place % len(data)]))])
            assert self.answers(who) == before

    @precondition(lambda self: self.sent)
    @rule(place=st.integers(0, 1000), times=st.integers(1, 3))
    def delivers_again(self, place: int, times: int) -> None:
        message = self.sent[place % len(self.sent)]
        before = self.runs(everything(self.stage.database))
        turned = self.runs(self.stage.take(*[message] * times))
        assert not any(one.fresh or one.answer for one in turned)
        assert self.runs(everything(self.stage.database)) == before

    @rule(batch=st.lists(st.tuples(WHO, SAID), min_size=2, max_size=8), twice=st.integers(0, 7))
    def many_write(self, batch: list[tuple[str, Said]], twice: int) -> None:
        messages = [self.message(who, said) for who, said in batch]
        self.take([*messages, messages[twice % len(messages)]])

    @rule(batch=st.lists(st.tuples(WHO, SAID), min_size=1, max_size=5), place=st.integers(0, 4))
    def the_engine_fails(self, batch: list[tuple[str, Said]], place: int) -> None:
        """On one message: its person is told, the others never notice."""
        messages = [self.message(who, said) for who, said in batch]
        broken = messages[place % len(messages)]
        with failing(broken):
            turned = self.take(messages)
        for message, one in zip(messages, turned, strict=True):
            assert one.answer is not None
            assert one.answer.text.startswith(APOLOGIES) == (message is broken)
        assert broken.id in self.runs(failed(self.stage.database))

    @rule(batch=st.lists(st.tuples(WHO, SAID), min_size=1, max_size=4))
    def the_write_fails(self, batch: list[tuple[str, Said]]) -> None:
        """Once: nothing of the batch stays, and its messages are done one by one."""
        commit, tries = Work.commit, itertools.count()

        async def fails_once(work: Work) -> None:
            if next(tries) == 0:
                raise OSError("the disk is full")
            await commit(work)

        with mock.patch.object(Work, "commit", fails_once):
            turned = self.take([self.message(who, said) for who, said in batch])
        if len(turned) > 1:
            assert not any(one.answer and one.answer.text.startswith(APOLOGIES) for one in turned)

    @rule()
    def restarts(self) -> None:
        self.runs(self.stage.restart())

    @rule(minutes=st.sampled_from([1, 20, 31, 300, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.stage.now += timedelta(minutes=minutes)
        self.fresh = False

    # ── What always holds ────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def everything_holds(self) -> None:
        if not self.fresh:
            seen = self.runs(looked(self.stage))
            nobody_is_signed_up_twice_for_the_same_days(seen)
            before_the_consent_only_what_is_held_is_personal(seen)
            what_is_open_can_be_asked_and_consent_comes_first(seen)
            self.fresh = True

    # ── How ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, messages: Sequence[Message]) -> list[Turned]:
        """Every new message gets exactly one answer, at its own place."""
        self.fresh = False
        turned = self.runs(self.stage.take(*messages))
        self.sent += messages
        seen: set[str] = set()
        for message, one in zip(messages, turned, strict=True):
            assert one.fresh
            assert one.answer is not None
            assert one.answer.text.strip()
            if message.id not in seen:
                self.told[message.address].append(one.answer)
            seen.add(message.id)
        if not any(one.answer and one.answer.text.startswith(ERASED) for one in turned):
            rows = self.runs(answered(self.stage.database))
            assert [rows.count(f"r:web:{one.id}") for one in messages] == [1] * len(messages)
        return turned

    def message(self, who: str, said: Said) -> Message:
        return self.stage.message("web", who, said)

    def runs(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(coroutine)

    def answers(self, who: str) -> object:
        """Where that person stands, and what they are signed up for; a question in passing is soon forgotten."""
        seen, state = self.runs(looked(self.stage)), self.state(who)
        while state is not None and (flow := flows().get(state.flow)) is not None and flow.passing:
            state = state.below
        return state and (state.flow, state.answers, state.trail), [row.id for row in seen.active]

    def token(self, who: str) -> str:
        state = self.state(who)
        return state.open.token if state and state.open else ""

    def state(self, who: str) -> State | None:
        found = {one.address: one.talk.state for one, _ in self.runs(looked(self.stage)).talks}
        return found.get(who)


@contextlib.contextmanager
def failing(broken: Message) -> Iterator[None]:
    """The engine fails on that message."""
    advance = engine.advance

    def fails(flows: Flows, talk: Talk, message: Message, context: Context) -> Step:
        if message is broken:
            raise ZeroDivisionError
        return advance(flows, talk, message, context)

    with mock.patch.object(engine, "advance", fails):
        yield


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    async with database.look() as look:
        return {
            table.name: [tuple(row) for row in await look.db.execute(select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
        }


async def answered(database: Database) -> list[str]:
    """What makes each row of the outbox unique."""
    async with database.look() as look:
        return list(await look.db.scalars(select(tables.outbox.c.once)))


async def failed(database: Database) -> set[str]:
    """The messages that are marked failed."""
    async with database.look() as look:
        return set(await look.db.scalars(select(tables.inbox.c.message).where(tables.inbox.c.failed.is_(True))))


@dataclass(frozen=True, slots=True)
class Seen:
    """Everybody's conversation with what a turn of theirs would know; the registrations that count; and every text
    that stands somewhere, opened, about people who have not agreed (but what is held).
    """

    talks: Sequence[tuple[Contact, Context]]
    active: Sequence[Row[Any]]
    unconsented: Sequence[str]


async def looked(stage: Stage) -> Seen:
    """What stands in the tables."""
    signed_up = select(tables.registrations).where(tables.registrations.c.status == "active")
    async with stage.database.look() as look:
        ids = list(await look.db.scalars(select(tables.contacts.c.id)))
        found = await contacts.talks(look, ids, stage.now)
        active = (await look.db.execute(signed_up)).all()
        known = await registrations.of_contacts(look, ids, ids, stage.now)
        strangers = [one.id for one in found.values() if one.consented_at is None]
        outbox = select(tables.outbox.c.said, tables.outbox.c["values"]).where(tables.outbox.c.contact.in_(strangers))
        sealed = [one for row in await look.db.execute(outbox) for one in row if one is not None]
    states = [dump(state).decode() for one in strangers if (state := found[one].talk.state)]
    desk = stage.desk
    here = (stage.now, desk.office, areas(), desk.catalogue("zh-CN"), desk.traits["web"], "t")
    return Seen(
        talks=[(found[one], Context(*here, known[one].known, known[one].others)) for one in ids],
        active=active,
        unconsented=[*states, *(look.seal.open(one).decode() for one in sealed)],
    )


# ── What always holds ────────────────────────────────────────────────────────────────────────────────────────────────


def nobody_is_signed_up_twice_for_the_same_days(seen: Seen) -> None:
    for one, other in itertools.combinations(seen.active, 2):
        if one.person == other.person and one.direction == other.direction:
            assert not window_of(one).overlaps(window_of(other)), f"{one.number} and {other.number}"


def before_the_consent_only_what_is_held_is_personal(seen: Seen) -> None:
    for text in seen.unconsented:
        assert not any(secret in text.replace(" ", "") for secret in (*NAMES, *PHONES)), text


def what_is_open_can_be_asked_and_consent_comes_first(seen: Seen) -> None:
    for contact, context in seen.talks:
        state = contact.talk.state
        while state is not None:
            can_be_asked(state, contact, context)
            state = state.below


def can_be_asked(state: State, contact: Contact, context: Context) -> None:
    flow = flows().get(state.flow)
    assert flow is not None
    answers = answers_of(flow, state)
    if flow.personal and not contact.talk.consented:
        assert not list(answers)
    asked = state.open.question if state.open else ""
    if asked not in {CONSENT, REVIEW}:
        question = flow.question(asked)
        assert question is not None, f"{state.flow} asks {asked!r}"
        assert question.applies(context, answers), f"{state.flow} asks {asked}"


# ── Trying ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Failures are wanted here: nobody needs to read them."""
    with structlog.testing.capture_logs():
        yield


def tried(given: Databases, examples: int, steps: int) -> None:
    class There(Conversations):
        databases = given

    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(There, settings=chosen)


def test_no_order_of_events_breaks_a_promise_on_sqlite(request: pytest.FixtureRequest) -> None:
    tried(request.getfixturevalue("sqlite_files"), examples=25, steps=20)


def test_no_order_of_events_breaks_a_promise_on_postgresql(request: pytest.FixtureRequest) -> None:
    tried(request.getfixturevalue("postgres_server"), examples=5, steps=15)
