"""The help ledger on the screen: listed, read, answered, closed, and never another county's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from services.help import LONGEST
from storage import tables
from tests.console.conftest import NewBrowser
from tests.console.setting import CITY, LIUCHENG, LIUJIANG, LIUZHOU, MORNING, OTHER_COUNTY, Browser, House

HOSTILE = "<script>alert(1)</script>"


def listed(text: str) -> list[str]:
    """The requests on a page, in order."""
    return re.findall(r'href="/console/help/(\d+)"', text)


@pytest.fixture
async def asked(house: House) -> None:
    """A person of Liujiang asks for a person, one of Liucheng for back pay, a stranger for a job."""
    await house.sign_up("韦小明", "13800010001")
    await house.sign_up("莫小花", "19900010002", LIUCHENG)
    async with house.database.work() as work:
        chat = {"channel": "web", "address": "stranger", "language": "zh-CN", "created_at": MORNING}
        await work.db.execute(insert(tables.contacts), [chat])
        seal = work.seal.seal_text
        for row in (
            {"contact": 1, "area": LIUJIANG, "kind": "person", "text": None},
            {"contact": 2, "area": LIUCHENG, "kind": "rights", "text": seal(HOSTILE)},
            {"contact": 3, "area": LIUZHOU, "kind": "job", "text": seal("工种：焊工")},
        ):
            await work.db.execute(insert(tables.help_requests), [row | {"created_at": MORNING}])
        said = {"request": 1, "created_at": MORNING}
        await work.db.execute(insert(tables.help_messages), [said | {"text": seal(f"孩子也坐吗{HOSTILE}")}])
        await work.commit()


async def test_list_shows_kinds_and_how_long_each_has_waited_and_masks_who_it_is(
    house: House, asked: None, city: Browser
) -> None:
    house.clock.now += timedelta(minutes=90)
    text = (await city.get("/help")).text
    assert listed(text) == ["1", "2", "3"]
    assert all(words in text for words in ("想找工作人员", "讨薪维权", "找工作", "1 小时", "还没报名的人"))
    assert "韦*明" in text
    assert "138****0001" in text
    assert not any(whole in text for whole in ("韦小明", "13800010001", "138 0001 0001", "<script>alert"))


async def test_list_is_filtered_by_kind(asked: None, city: Browser) -> None:
    for address, found in (
        ("?kind=rights", ["2"]),
        ("?kind=loan", []),
        ("?kind=nonsense", ["1", "2", "3"]),
        ("?closed=1", []),
        ("?skip=2", ["3"]),
    ):
        assert listed((await city.get(f"/help{address}")).text) == found, address
    assert (await city.get("/help?skip=-1")).status == 404


async def test_page_shows_the_whole_exchange_and_who_it_is_where_that_may_be_seen(
    house: House, asked: None, city: Browser
) -> None:
    text = (await city.get("/help/1")).text
    assert all(words in text for words in ("韦小明", "138 0001 0001", "孩子也坐吗&lt;script&gt;"))
    assert "<script>alert" not in text
    async with house.database.work() as work:
        await work.db.execute(update(tables.registrations).values(area="450100"))
        await work.commit()
    text = (await city.get("/help/1")).text
    assert "韦*明" in text
    assert "韦小明" not in text
    assert "还没报名的人" in (await city.get("/help/3")).text


async def test_answer_goes_to_the_chat_and_stands_on_the_page(house: House, asked: None, city: Browser) -> None:
    await city.get("/help/1")
    page = await city.send("/help/1/answer", {"text": f"坐，免费{HOSTILE}"})
    assert all(words in page.text for words in (CITY, "坐，免费&lt;script&gt;", "回复已发出", "已回复", "正在发送"))
    assert "<script>alert" not in page.text
    (row,) = await house.rows(tables.outbox)
    assert (row["contact"], row["occasion"], row["ref"], row["once"]) == (1, "answer", 2, "help:2")
    assert (await house.row(tables.contacts, 1))["request"] == 1
    assert listed((await city.get("/help")).text) == ["2", "3", "1"]


async def test_answer_that_can_not_be_sent_stays_in_its_box(house: House, asked: None, city: Browser) -> None:
    await city.get("/help/1")
    for text, fault in ((" ", "请写回复的内容。"), ("好" * (LONGEST + 1), f"回复最长 {LONGEST} 个字。")):
        page = await city.post("/help/1/answer", {"text": text})
        assert (page.status, page.fault("text")) == (422, fault)
        assert page.field("text") == text
    await city.send("/help/1/close")
    page = await city.post("/help/1/answer", {"text": "还在吗"})
    assert (page.status, "这件事已经办结" in page.text) == (422, True)
    assert await house.rows(tables.outbox) == []


async def test_new_words_appear_by_themselves_until_the_request_is_closed(
    house: House, asked: None, city: Browser
) -> None:
    assert 'hx-get="/console/help/1/said"' in (await city.get("/help/1")).text
    async with house.database.work() as work:
        words = {"request": 1, "created_at": MORNING, "text": work.seal.seal_text("还在吗")}
        await work.db.execute(insert(tables.help_messages), [words])
        await work.commit()
    piece = (await city.get("/help/1/said", htmx=True)).text
    assert "还在吗" in piece
    assert "<html" not in piece
    assert "<textarea" not in piece, "what is being typed is not taken away"
    await city.send("/help/1/close")
    page = (await city.get("/help/1")).text
    assert "hx-get" not in page
    assert "<textarea" not in page


async def test_request_is_closed_by_somebody_who_has_read_everything(house: House, asked: None, city: Browser) -> None:
    await city.get("/help/1")
    page = await city.post("/help/1/close", {"seen": "0"})
    assert (page.status, "刚才又说了话" in page.text) == (409, True)
    await city.send("/help/1/close", {"seen": "1"})
    row = await house.row(tables.help_requests, 1)
    assert (row["closed_by"], row["closed_at"]) == (1, MORNING)
    assert listed((await city.get("/help")).text) == ["2", "3"]
    closed = (await city.get("/help?closed=1")).text
    assert listed(closed) == ["1"]
    assert CITY in closed


async def test_county_sees_and_answers_its_own_requests_only(
    house: House, asked: None, new_browser: NewBrowser
) -> None:
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    assert listed((await county.get("/help")).text) == ["2"]
    assert (await county.get("/help/2")).status == 200
    for request in (1, 3):
        assert (await county.get(f"/help/{request}")).status == 404
        assert (await county.get(f"/help/{request}/said")).status == 404
        assert (await county.post(f"/help/{request}/answer", {"text": "我是邻县的"})).status == 404
        assert (await county.post(f"/help/{request}/close")).status == 404
    assert [row["closed_at"] for row in await house.rows(tables.help_requests)] == [None] * 3
    assert len(await house.rows(tables.help_messages)) == 1
