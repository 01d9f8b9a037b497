"""The help ledger: what the staff find there, their answers, and who may see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, update

from domain.messages import Text
from domain.refusals import NotFound, Refused
from domain.scope import Scope
from services import help as ledger
from services.delivering import GONE
from storage import tables
from storage.help_lists import PAGE
from storage.outbox import State
from tests.conversations.stage import Stage, fresh_url
from tests.support.databases import Databases

CITY, COUNTY, OTHER_COUNTY = Scope("450200", 1), Scope("450206", 1), Scope("450222", 1)
SIGNS_UP = ("我叫韦小明13800012345，初八一个人从柳江去深圳坪山比亚迪", "同意", "都对")


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    """A service with one member of staff."""
    url = await fresh_url(databases)
    async with Stage(url) as opened:
        assert await opened.hired() == CITY.staff
        yield opened
    await databases.drop(url)


async def says(stage: Stage, who: str, *lines: str, channel: str = "web") -> None:
    for line in lines:
        await stage.take(stage.message(channel, who, Text(line)))


async def rows(stage: Stage, table: Table) -> Sequence[Any]:
    async with stage.database.look() as look:
        return (await look.db.execute(select(table).order_by(*table.primary_key.columns))).all()


async def answer(stage: Stage, request: int, text: str = "好的", scope: Scope = CITY) -> None:
    await ledger.answer(scope, stage.database, stage.desk, request, text)


async def listed(stage: Stage, scope: Scope = CITY, **more: Any) -> list[int]:  # noqa: ANN401 - what requests takes
    return [one.id for one in await ledger.requests(scope, stage.database, **more)]


async def test_request_belongs_to_the_county_of_the_registration_else_to_the_home_area(stage: Stage) -> None:
    await says(stage, "stranger", "讨薪", "欠三个月")
    await says(stage, "known", *SIGNS_UP, "人工")
    assert [row.area for row in await rows(stage, tables.help_requests)] == ["450200", "450206"]
    assert (await listed(stage), await listed(stage, COUNTY)) == ([1, 2], [2])


async def test_another_countys_request_is_not_found(stage: Stage) -> None:
    await says(stage, "known", *SIGNS_UP, "人工", "有人吗")
    before = [await rows(stage, table) for table in (tables.help_requests, tables.help_messages, tables.outbox)]
    assert await listed(stage, OTHER_COUNTY) == []
    for request in (1, 99):
        scope = OTHER_COUNTY if request == 1 else CITY
        with pytest.raises(NotFound):
            await ledger.exchange(scope, stage.database, request)
        with pytest.raises(NotFound):
            await answer(stage, request, "", scope)
        with pytest.raises(NotFound):
            await ledger.close(scope, stage.database, stage.desk, request)
    tables_after = (tables.help_requests, tables.help_messages, tables.outbox)
    assert [await rows(stage, table) for table in tables_after] == before


async def test_everything_that_was_said_stands_there_in_its_order(stage: Stage) -> None:
    await says(stage, "bao", "讨薪", "欠三个月")
    await answer(stage, 1, "哪个厂？")
    await says(stage, "bao", "比亚迪隔壁那个", "人工", "工头姓李")
    found = await ledger.exchange(CITY, stage.database, 1)
    assert (found.request.kind, found.request.text) == ("rights", "欠三个月")
    said = [(one.staff, one.text) for one in found.said]
    assert said == [("覃晓梅", "哪个厂？"), ("", "比亚迪隔壁那个"), ("", "工头姓李")]
    assert len(await rows(stage, tables.help_requests)) == 1, "人工 goes on with the request that is talked about"


async def test_job_is_put_down_in_the_language_of_the_staff(stage: Stage) -> None:
    english = ("find a job", "yes", "Construction", "anywhere", "5k", "yes", "job", "welder", "深圳", "any", "yes")
    await says(stage, "peter", *english)
    found = await ledger.requests(CITY, stage.database, kind="job")
    assert [one.text for one in found] == [
        "工种：建筑；去哪里：哪里都行；月薪：5000 元起",
        "工种：welder；去哪里：广东省 深圳市；月薪：面议",
    ]


async def test_who_waits_longest_stands_first_and_who_was_answered_last(stage: Stage) -> None:
    for who in ("anna", "bao", "chen"):
        await says(stage, who, "人工")
        stage.now += timedelta(minutes=10)
    assert await listed(stage) == [1, 2, 3]
    await answer(stage, 1)
    assert await listed(stage) == [2, 3, 1]
    stage.now += timedelta(minutes=10)
    await says(stage, "anna", "还有一件事")
    since = stage.now
    stage.now += timedelta(minutes=10)
    await says(stage, "anna", "在吗")
    await answer(stage, 2)
    assert await listed(stage) == [3, 1, 2]
    found = {one.id: one.waits_since for one in await ledger.requests(CITY, stage.database)}
    assert (found[1], found[2]) == (since, None), "the first words that nobody has answered count"


async def test_list_shows_one_kind_and_goes_on_page_by_page(stage: Stage) -> None:
    await says(stage, "anna", "讨薪", "不写了", "培训", "不写了")
    contact = (await rows(stage, tables.contacts))[0].id
    row = {"contact": contact, "area": "450200", "kind": "loan", "created_at": stage.now}
    async with stage.database.work() as work:
        await work.db.execute(insert(tables.help_requests), [row] * (PAGE + 1))
        await work.commit()
    assert await listed(stage, kind="training") == [2]
    first, second = await listed(stage, kind="loan"), await listed(stage, kind="loan", skip=PAGE)
    assert (len(first), len(second)) == (PAGE, 1)
    assert not set(first) & set(second)


async def test_answer_that_is_sent_twice_is_said_once(stage: Stage) -> None:
    await says(stage, "anna", "人工")
    for _ in range(2):
        await answer(stage, 1, " 明天上午来 ")
    assert len(await rows(stage, tables.help_messages)) == 1
    assert next(message.text for _, message in await stage.deliver("web")).startswith("【工作人员回复】明天上午来\n")
    await says(stage, "anna", "好")
    await answer(stage, 1, "明天上午来")
    assert len(await rows(stage, tables.help_messages)) == 3


async def test_answer_that_can_not_be_given_is_refused(stage: Stage) -> None:
    await says(stage, "anna", "人工")
    for text, key in (("  ", "help.answer_missing"), ("好" * (ledger.LONGEST + 1), "help.answer_long")):
        with pytest.raises(Refused) as refused:
            await answer(stage, 1, text)
        assert (refused.value.key, refused.value.question) == (key, "text")
    await ledger.close(CITY, stage.database, stage.desk, 1)
    with pytest.raises(Refused, match=r"help\.closed_already"):
        await answer(stage, 1)
    assert await rows(stage, tables.help_messages) == []


async def test_request_is_not_closed_over_words_that_nobody_has_read(stage: Stage) -> None:
    await says(stage, "anna", "人工", "第一件")
    with pytest.raises(Refused, match=r"help\.more"):
        await ledger.close(CITY, stage.database, stage.desk, 1, seen=0)
    assert await listed(stage) == [1]
    await ledger.close(CITY, stage.database, stage.desk, 1, seen=1)
    assert (await listed(stage), await listed(stage, closed=True)) == ([], [1])


async def test_closing_twice_tells_once_and_keeps_who_did_it(stage: Stage) -> None:
    await says(stage, "anna", "人工")
    for _ in range(2):
        await ledger.close(CITY, stage.database, stage.desk, 1)
        stage.now += timedelta(minutes=1)
    (row,) = await rows(stage, tables.help_requests)
    assert (row.closed_by, row.closed_at) == (1, stage.now - timedelta(minutes=2))
    assert len(await stage.deliver("web")) == 1


async def test_who_is_not_talking_is_not_told_that_a_request_is_closed(stage: Stage) -> None:
    await says(stage, "anna", "讨薪", "欠三个月", "人工")
    await ledger.close(CITY, stage.database, stage.desk, 1)
    assert await stage.deliver("web") == []
    assert (await rows(stage, tables.contacts))[0].request == 2


async def test_answer_to_somebody_who_has_left_fails_and_the_staff_see_it(stage: Stage) -> None:
    await says(stage, "anna", "人工")
    async with stage.database.work() as work:
        await work.db.execute(update(tables.contacts).values(gone_at=stage.now))
        await work.commit()
    await answer(stage, 1)
    assert [one.state for one in (await ledger.exchange(CITY, stage.database, 1)).said] == [State.QUEUED]
    assert await stage.deliver("web") == []
    assert [one.state for one in (await ledger.exchange(CITY, stage.database, 1)).said] == [State.FAILED]
    assert (await rows(stage, tables.outbox))[-1].reason == GONE


async def test_people_who_ask_in_one_batch_each_get_their_own_request(stage: Stage) -> None:
    people = [stage.message("web", f"p{n % 3}", Text("人工")) for n in range(6)]
    words = [stage.message("web", f"p{n}", Text(f"我是{n}号")) for n in range(3)]
    await stage.take(*people, *words)
    requests = {row.contact: row.id for row in await rows(stage, tables.help_requests)}
    assert len(requests) == 3
    contacts = {row.id: (row.address, row.request) for row in await rows(stage, tables.contacts)}
    assert {contact: request for contact, (_, request) in contacts.items()} == requests
    for contact, (address, request) in contacts.items():
        found = await ledger.exchange(CITY, stage.database, requests[contact])
        assert [one.text for one in found.said] == [f"我是{address[1:]}号"], request
