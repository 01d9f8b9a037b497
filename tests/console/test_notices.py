"""Notices on the screen: written, counted, looked at, sent, watched, held up; and codes and settings."""

from __future__ import annotations

import re

from domain.places import Place
from domain.staff import Role
from services import codes, notices
from services import office as offices
from storage import tables
from tests.console.conftest import NewBrowser
from tests.console.setting import (
    DONGGUAN,
    LIUCHENG,
    LIUJIANG,
    OTHER_COUNTY,
    PASSWORD,
    Browser,
    House,
)

HOSTILE = "<script>alert(1)</script>"
TYPED = {"do": "save", "who": "some", "audience.destination": "深圳", "zh": "【天气】初九大雨，请早到。", "en": ""}


async def three_sign_up(house: House) -> None:
    await house.sign_up("韦小明", "13800010001")
    await house.sign_up("韦大山", "13800010002", destination=DONGGUAN)
    await house.sign_up("莫小花", "13800010003", LIUCHENG)


async def test_notice_is_written_looked_at_and_sent(house: House, city: Browser) -> None:
    await three_sign_up(house)
    await city.get("/notices/new")
    page = await city.send("/notices/new", TYPED)
    assert "2 个聊天会收到" in page.text
    assert page.text.count("【天气】初九大雨，请早到。") == 2  # in Chinese, and as English readers get it
    page = await city.send("/notices/1/send", {"when": "now"})
    assert "发送中" in page.text
    while await notices.spread(house.database, house.desk):
        pass
    page = await city.get("/notices/1/progress", htmx=True)
    assert '<strong class="number">2</strong>' in page.text
    assert len(await house.rows(tables.outbox)) == 2


async def test_count_follows_what_is_typed(house: House, city: Browser) -> None:
    await three_sign_up(house)
    await city.get("/notices/new")
    for more, reached in (
        ({}, "2 个"),
        ({"audience.destination": ""}, "3 个"),
        ({"audience.destination": "", "audience.county": LIUCHENG}, "1 个"),
        ({"audience.day": "2027-03-01"}, "0 个"),
        ({"audience.placed": "yes"}, "0 个"),
    ):
        page = await city.post("/notices/readers", TYPED | more)
        assert f"{reached}聊天会收到" in page.text
    for unreadable in ({"audience.destination": "没有这个地方"}, {"who": "trip"}, {"audience.day": "soon"}):
        page = await city.post("/notices/readers", TYPED | unreadable)
        assert page.status == 200
        assert "聊天会收到" not in page.text
    assert await house.rows(tables.notices) == []


async def test_notice_form_says_what_is_wrong_and_keeps_what_was_typed(house: House, city: Browser) -> None:
    await city.get("/notices/new")
    page = await city.post("/notices/new", TYPED | {"zh": " ", "en": HOSTILE})
    assert page.status == 422
    assert page.fault("zh")
    assert page.field("audience.destination") == "深圳"
    assert page.field("en") == HOSTILE
    assert "<script>alert" not in page.text
    for field, typed in (
        ("audience.destination", "没有这个地方"),
        ("audience.destination", "龙华"),
        ("zh", "长" * 1001),
    ):
        page = await city.post("/notices/new", TYPED | {field: typed})
        assert page.status == 422
        assert page.fault(field)
        assert page.field(field) == typed
    page = await city.post("/notices/new", TYPED | {"who": "trip", "audience.trip": ""})
    assert page.fault("audience.trip")
    page = await city.post("/notices/new", TYPED | {"expires.day": "2027-02-12", "expires.time": ""})
    assert page.fault("expires_at")
    assert await house.rows(tables.notices) == []


async def test_notice_at_a_set_time(house: House, city: Browser) -> None:
    await three_sign_up(house)
    await city.get("/notices/new")
    await city.send("/notices/new", TYPED)
    page = await city.post("/notices/1/send", {"when": "at", "day": "2027-02-11", "time": ""})
    assert page.status == 422
    assert page.fault("at")
    page = await city.post("/notices/1/send", {"when": "at", "day": "2027-02-01", "time": "8:00"})
    assert page.status == 422
    assert page.fault("at")
    page = await city.send("/notices/1/send", {"when": "at", "day": "2027-02-11", "time": "8:00"})
    assert "已定时" in page.text
    await notices.spread(house.database, house.desk)
    assert await house.rows(tables.outbox) == []


async def test_notice_is_paused_goes_on_and_is_stopped(house: House, city: Browser) -> None:
    await three_sign_up(house)
    await city.get("/notices/new")
    await city.send("/notices/new", TYPED)
    assert (await city.post("/notices/1/pause")).status == 409
    await city.send("/notices/1/send", {"when": "now"})
    assert "已暂停" in (await city.send("/notices/1/pause")).text
    assert "发送中" in (await city.send("/notices/1/go-on")).text
    assert "已停止" in (await city.send("/notices/1/stop")).text
    assert (await city.post("/notices/1/explode")).status == 404
    assert (await city.post("/notices/1/edit", TYPED)).status == 422


async def test_foreign_notice_is_not_there(house: House, city: Browser, new_browser: NewBrowser) -> None:
    await three_sign_up(house)
    await house.trip()
    await city.get("/notices/new")
    await city.send("/notices/new", TYPED)
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    await county.get("/settings")
    for path in ("", "/edit", "/progress"):
        assert (await county.get(f"/notices/1{path}")).status == 404
    for deed in ("send", "pause", "stop", "edit"):
        assert (await county.post(f"/notices/1/{deed}", TYPED)).status == 404
    assert "【天气】" not in (await county.get("/notices")).text
    page = await county.post("/notices/readers", {"who": "trip", "audience.trip": "1", "zh": "x"})
    assert "聊天会收到" not in page.text
    assert (await county.post("/notices/new", {"who": "trip", "audience.trip": "1", "zh": "x"})).status == 404
    page = await county.post("/notices/readers", TYPED | {"audience.county": LIUJIANG})
    assert "1 个聊天会收到" not in page.text


async def test_code_is_made_printed_and_carries_its_place(house: House, city: Browser) -> None:
    await city.get("/codes/new")
    page = await city.post("/codes/new", {"label": "", "origin": "没有这个地方"})
    assert page.status == 422
    assert page.fault("origin")
    page = await city.post("/codes/new", {"label": "", "origin": "北京市东城区"})
    assert page.status == 422
    assert page.fault("label")
    assert page.fault("origin")
    page = await city.send("/codes/new", {"label": HOSTILE, "origin": "柳江拉堡"})
    (code,) = await house.rows(tables.codes)
    assert f"https://fangang.example/chat?code={code['code']}" in page.text
    assert "<svg" in page.text
    assert "<script>alert" not in page.text
    async with house.database.look() as look:
        preset = await codes.preset_of(look, [str(code["code"]), "UNKNOWN"])
    assert preset == {code["code"]: {"origin": Place(LIUJIANG, "拉堡镇")}}


async def test_code_of_a_trip_counts_once_it_is_published(house: House, city: Browser) -> None:
    await house.trip()
    await city.get("/codes/new?trip=1")
    await city.send("/codes/new", {"label": "初九专车", "trip": "1"})
    (code,) = await house.rows(tables.codes)
    letters = str(code["code"])
    async with house.database.look() as look:
        assert await codes.preset_of(look, [letters]) == {}
    await city.send("/trips/1/publish")
    async with house.database.look() as look:
        (preset,) = (await codes.preset_of(look, [letters])).values()
    assert set(preset) == {"day", "destination", "direction"}


async def test_foreign_code_is_not_there(house: House, city: Browser, new_browser: NewBrowser) -> None:
    await city.get("/codes/new")
    page = await city.post("/codes/new", {"label": "拉堡", "origin": "柳江拉堡"})
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    assert (await county.get(page.at.removeprefix("/console"))).status == 404


async def test_member_is_added_in_the_own_area_only(house: House, city: Browser, new_browser: NewBrowser) -> None:
    await city.get("/settings")
    new = {"name": "梁新来", "area": "柳江区", "role": "", "password": PASSWORD}
    for field, typed in (("name", "覃晓梅"), ("area", "桂林市"), ("area", "月球"), ("password", "short")):
        page = await city.post("/settings/staff", new | {field: typed})
        assert page.status == 422
        assert page.fault(field)
    page = await city.post("/settings/staff", new | {"role": Role.REGION})
    assert page.fault("role")
    assert "已添加 梁新来" in (await city.send("/settings/staff", new)).text
    assert (await (await new_browser()).sign_in("梁新来")).status == 303


async def test_office_phone_is_the_home_areas_matter(house: House, city: Browser, new_browser: NewBrowser) -> None:
    page = await city.post("/settings/office", {"phone": "12"})
    assert page.status == 422
    assert page.fault("phone")
    assert page.field("phone") == "12"
    await city.send("/settings/office", {"phone": "0772-7212345"})
    assert house.desk.office.phone == "07727212345"
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    await county.get("/settings")
    assert (await county.post("/settings/office", {"phone": "12333"})).status == 404


async def test_page_about_a_day_speaks_both_calendars(city: Browser) -> None:
    page = await city.get("/day?field=x&x=2027-02-14", htmx=True)
    assert page.text == "2月14日 周日（正月初九）"
    assert (await city.get("/day?field=x&x=soon")).text == ""


async def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(house: House, city: Browser) -> None:
    await house.trip()
    for path in ("", "/registrations", "/trips", "/trips/new", "/trips/1", "/notices/new", "/codes/new", "/settings"):
        text = (await city.get(path)).text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert not re.search(r'<script(?! src=)|\sstyle="|<style|\son\w+="', text)


async def test_code_leads_to_telegram_too_where_the_office_has_a_bot(house: House, city: Browser) -> None:
    await city.get("/codes/new")
    page = await city.send("/codes/new", {"label": "拉堡村委", "origin": "柳江拉堡"})
    assert "t.me" not in page.text
    await offices.keep_telegram_bot(house.database, "fangang_test_bot")
    (code,) = await house.rows(tables.codes)
    page = await city.get(f"/codes/{code['code']}")
    assert f"https://t.me/fangang_test_bot?start={code['code']}" in page.text
