"""Identity numbers and companions: kept only where they may be, found by nobody who doesn't know them, gone in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from domain.companions import AddCompanions
from domain.messages import Text
from domain.office import Office
from domain.people import Companion, Identity, Name, Phone
from domain.refusals import Refused
from domain.registrations import Amend, Wish
from flows.extras import read_names
from flows.flow import Ask
from flows.identity import read_agreed
from services import accompanying, registering
from services.commands import Asked
from storage import people, registrations, tables
from tests.answers.setting import context
from tests.conversations.stage import Stage, fresh_url
from tests.support.databases import Databases

NUMBER, OTHER_NUMBER = "450206199001010010", "450206198812030010"
ROUTE = "从柳江去深圳坪山比亚迪"


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    url = await fresh_url(databases)
    async with Stage(url, asks=("identities", "companions")) as opened:
        yield opened
    await databases.drop(url)


async def says(stage: Stage, who: str, *lines: str) -> str:
    """The last answer to those lines."""
    answer = ""
    for line in lines:
        (turned,) = await stage.take(stage.message("web", who, Text(line)))
        assert turned.answer is not None
        answer = turned.answer.text
    return answer


async def signs_up(
    stage: Stage, chat: str, who: str, number: str = "", *, day: str = "初八", party: str = "一个人"
) -> str:
    """What is said to the confirmation of somebody who signs up, with that number or without one."""
    first = f"我叫{who}，{day}{party}{ROUTE}"
    return await says(stage, chat, first, "同意", *(("愿意", number) if number else ("不填",)), "都对")


async def numbers(stage: Stage) -> list[str | None]:
    """The numbers that stand in the table of people, opened."""
    async with stage.database.look() as look:
        found = await look.db.scalars(select(tables.people.c.identity).order_by(tables.people.c.id))
        return [look.seal.open_text(one) if one else None for one in found]


# ── The same person ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "number", "refused"),
    [
        ("韦晓明19900012345", NUMBER, "这个身份证号"),
        ("韦小明19900012345", NUMBER, "这个身份证号"),
        ("韦小明13800012345", "", "这个姓名和电话"),
        ("韦小明13800012345", OTHER_NUMBER, ""),
        ("韦晓明13800012345", "", ""),
        ("韦晓明19900012345", OTHER_NUMBER, ""),
    ],
)
async def test_same_person_is_the_same_number_else_the_same_phone_and_name(
    stage: Stage, who: str, number: str, refused: str
) -> None:
    assert "报名成功" in await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    said = await signs_up(stage, "second", who, number)
    assert said.startswith(refused or "报名成功")
    assert "LJ-" not in said.split("排好车")[0] or not refused
    assert len(await numbers(stage)) == (1 if refused else 2)  # of who was refused nothing stays


async def test_who_signed_up_without_a_number_is_known_by_name_and_phone(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345")
    assert (await signs_up(stage, "second", "韦小明13800012345", NUMBER)).startswith("这个姓名和电话")
    assert await numbers(stage) == [None]


async def test_same_number_on_other_days_is_welcome(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    assert "报名成功" in await signs_up(stage, "second", "韦晓明19900012345", NUMBER, day="初十")
    assert await numbers(stage) == [NUMBER, NUMBER]


async def test_two_at_once_with_one_number_become_one_registration(stage: Stage) -> None:
    chats = {"first": "韦小明13800012345", "second": "韦晓明19900012345"}
    for chat, who in chats.items():
        await says(stage, chat, f"我叫{who}，初八一个人{ROUTE}", "同意", "愿意", NUMBER)
    said = await asyncio.gather(*(says(stage, chat, "都对") for chat in chats))
    assert sorted(one.startswith("这个身份证号") for one in said) == [False, True]
    assert await numbers(stage) == [NUMBER]


async def test_second_with_one_number_waits_for_the_first(stage: Stage) -> None:
    """On PostgreSQL, where their rows are different ones; SQLite has one writer anyway."""
    first, second = (people.Who(Name(name), Phone("13800012345"), Identity(NUMBER)) for name in ("韦小明", "韦晓明"))

    async def keeps() -> None:
        async with stage.database.work() as work:
            await people.keep(work, [second], stage.now)
            await work.commit()

    async def waits() -> bool:
        async with stage.database.look() as look:
            asked = sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return bool(await look.db.scalar(asked))

    if stage.database.sqlite:
        return
    async with stage.database.work() as work:
        await people.keep(work, [first], stage.now)
        other = asyncio.create_task(keeps())
        while not other.done() and not await waits():
            continue
        assert not other.done()
        await work.commit()
    await other


async def test_change_into_somebody_elses_number_is_refused(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    await signs_up(stage, "second", "韦晓明19900012345", OTHER_NUMBER)
    said = await says(stage, "second", "我的报名", "改报名", f"身份证号错了，是{NUMBER}", "都对")
    assert said.startswith("这个身份证号")
    assert await numbers(stage) == [NUMBER, OTHER_NUMBER]


async def test_who_only_knows_name_and_phone_does_not_see_the_number(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    await signs_up(stage, "second", "韦小明13800012345", day="初十")
    for said in (await says(stage, "second", "我的报名"), await says(stage, "second", "改报名")):
        assert NUMBER[-4:] not in said.replace("13800012345", "")
        assert "1990" not in said


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_number_is_sealed_hashed_and_dated(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    async with stage.database.look() as look:
        (row,) = await look.db.execute(select(tables.people))
    assert bytes(row.identity_hash) == stage.database.seal.hash("identity", NUMBER)
    assert NUMBER.encode() not in bytes(row.identity)
    assert row.identity_consented_at == stage.now


async def test_consent_keeps_its_day_when_the_phone_changes(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    agreed, stage.now = stage.now, stage.now.replace(hour=15)
    assert "改好了" in await says(stage, "first", "我的报名", "改报名", "电话错了，是19900012345", "都对")
    async with stage.database.look() as look:
        (row,) = await look.db.execute(select(tables.people))
    assert (look.seal.open_text(row.phone), row.identity_consented_at) == ("19900012345", agreed)


async def test_number_that_is_taken_back_is_gone(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    await says(stage, "first", "我的报名", "改报名", "8", "不填号码", "都对")
    assert await numbers(stage) == [None]


async def test_number_is_gone_with_all_other_data(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER, party="两个人")
    await says(stage, "first", "覃小兰 13800012346", "都没有")
    async with stage.database.look() as look:
        assert len((await look.db.execute(select(tables.companions))).all()) == 1
    await says(stage, "first", "删除", "对，删除全部")
    async with stage.database.look() as look:
        for table in (tables.people, tables.companions, tables.registrations):
            assert (await look.db.execute(select(table))).all() == []


async def test_number_stays_when_the_office_asks_no_more(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", NUMBER)
    stage.desk.settle(Office(stage.home))
    assert "身份证" not in await says(stage, "first", "我的报名", "改报名")
    await says(stage, "first", "改成初九", "都对")
    assert await numbers(stage) == [NUMBER]


async def test_registrar_changes_nothing_about_a_number(stage: Stage) -> None:
    await says(stage, "registrar", "代报名", "同意", "韦建国", f"初十{ROUTE}", "韦小明 13800012345", "都对")
    contact, registration, before = await wish_of_other(stage)
    command = Amend(registration, replace(before, identity=Identity(NUMBER)))
    async with stage.database.work() as work:
        await registering.amend(work, stage.desk, [Asked(contact, None, "web", command)])
        await work.commit()
    assert await numbers(stage) == [None]


async def wish_of_other(stage: Stage) -> tuple[int, int, Wish]:
    async with stage.database.look() as look:
        (row,) = await look.db.execute(select(tables.registrations))
        one = await registrations.one_of(look, row.contact, row.id, stage.now)
    assert one is not None
    return row.contact, row.id, one.wish


# ── Companions ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_more_companions_are_stored_than_were_signed_up(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", party="两个人")
    async with stage.database.look() as look:
        (row,) = await look.db.execute(select(tables.registrations))
    two = (Companion(Name("覃小兰")), Companion(Name("韦大宝")))
    for named, wanted in ((two, 0), (two[:1], 1)):
        async with stage.database.work() as work:
            asked = Asked(row.contact, row.person, "web", AddCompanions(row.number, named))
            (outcome,) = await accompanying.add(work, stage.desk, [asked])
            found = (await work.db.execute(select(tables.companions))).all()
            assert (isinstance(outcome, Refused), len(found)) == (wanted == 0, wanted)
            await work.commit()


async def test_companions_of_somebody_else_are_not_touched(stage: Stage) -> None:
    await signs_up(stage, "first", "韦小明13800012345", party="两个人")
    await signs_up(stage, "second", "覃桂英13800012347", party="两个人")
    async with stage.database.work() as work:
        first, second = await work.db.execute(select(tables.registrations).order_by(tables.registrations.c.id))
        asked = Asked(second.contact, second.person, "web", AddCompanions(first.number, (Companion(Name("覃小兰")),)))
        (outcome,) = await accompanying.add(work, stage.desk, [asked])
        assert isinstance(outcome, Refused)
        assert (await work.db.execute(select(tables.companions))).all() == []


@pytest.mark.parametrize("text", ["我老婆", "老婆和儿子", "老婆，女儿", "我和我老公"])
def test_who_only_says_what_they_are_is_asked_for_names(text: str) -> None:
    assert isinstance(read_names(text, context()), Ask)


@pytest.mark.parametrize("text", ["以后再说", "再说吧", "不方便", "没有", "later", "就我一个人"])
def test_nobody_has_to_name_anybody(text: str) -> None:
    assert read_names(text, context()) == ()


@pytest.mark.parametrize("text", ["改成初九", "什么时候发车", "几点走？", "谢谢", "13800012346", "我想换个地方上车"])
def test_what_names_nobody_ends_the_question(text: str) -> None:
    with pytest.raises(Refused):
        read_names(text, context())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("愿意", True),
        ("填", True),
        ("可以", True),
        ("不填", False),
        ("我不想填了", False),
        ("不愿意", False),
        ("算了，不填", False),
    ],
)
def test_consent_is_read_in_everyday_words(text: str, said: bool) -> None:
    assert read_agreed(text, context()) is said


@pytest.mark.parametrize("text", [NUMBER, "450206", "也许", ""])
def test_consent_is_never_guessed(text: str) -> None:
    with pytest.raises(Refused):
        read_agreed(text, context())
