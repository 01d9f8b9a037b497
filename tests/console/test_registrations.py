"""Registrations on the screen: searched, filtered, paged, corrected, cancelled, and never another county's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.days import Window
from domain.people import masked_name
from storage import registrations, tables
from storage.registration_lists import PAGE
from tests.console.conftest import NewBrowser
from tests.console.setting import (
    CITY,
    COUNTY,
    DONGGUAN,
    LIUCHENG,
    LIUJIANG,
    MORNING,
    NINTH,
    OTHER_COUNTY,
    PINGSHAN,
    PROVINCE,
    SHEET,
    Browser,
    House,
)

HOSTILE = "<script>alert(1)</script>"


def numbers(text: str) -> list[str]:
    """The registration numbers on a page, in order."""
    return re.findall(r">(LJ-\w{6})</a>", text)


@pytest.fixture
async def people(house: House) -> None:
    await house.sign_up("韦小明", "13800012345", number="LJ-AAAAA2")
    await house.sign_up("韦大山", "19900012345", number="LJ-BBBBB2", destination=DONGGUAN)
    await house.sign_up("阿卜杜热合曼", "19900009999", number="LJ-CCCCC2", window=Window(undecided=True))
    await house.sign_up("莫小花", "19900008888", LIUCHENG, number="LJ-DDDDD2", window=Window(None, date(2027, 2, 20)))


SEARCHES: tuple[tuple[str, list[str]], ...] = (
    ("韦", ["LJ-BBBBB2", "LJ-AAAAA2"]),
    ("小", ["LJ-DDDDD2", "LJ-AAAAA2"]),
    ("小明", ["LJ-AAAAA2"]),
    ("韦小明", ["LJ-AAAAA2"]),
    ("热合曼", ["LJ-CCCCC2"]),
    ("明小", []),
    ("2345", ["LJ-BBBBB2", "LJ-AAAAA2"]),
    ("韦 2345", ["LJ-BBBBB2", "LJ-AAAAA2"]),
    ("小明 2345", ["LJ-AAAAA2"]),
    ("13800012345", ["LJ-AAAAA2"]),
    ("138 0001 2345", ["LJ-AAAAA2"]),
    ("１３８０００１２３４５", ["LJ-AAAAA2"]),
    ("+86 138-0001-2345", ["LJ-AAAAA2"]),
    ("1380001234", []),
    ("lj-ccccc2", ["LJ-CCCCC2"]),
    ("LJCCCCC2", ["LJ-CCCCC2"]),
    ("%", []),
    ("' OR 1=1 --", []),
)


async def test_person_is_found_by_name_phone_and_number(people: None, city: Browser) -> None:
    for searched, found in SEARCHES:
        page = await city.client.get("/console/registrations", params={"q": searched})
        assert page.status == 200
        assert numbers(await page.text()) == found, searched


FILTERED: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"day": "2027-02-14"}, ["LJ-DDDDD2", "LJ-BBBBB2", "LJ-AAAAA2"]),
    ({"day": "2027-02-20"}, ["LJ-DDDDD2"]),
    ({"undecided": "1"}, ["LJ-CCCCC2"]),
    ({"undecided": "1", "q": "韦"}, []),
    ({"to": "东莞"}, ["LJ-BBBBB2"]),
    ({"to": "440300"}, ["LJ-DDDDD2", "LJ-CCCCC2", "LJ-AAAAA2"]),
    ({"to": "广东"}, ["LJ-DDDDD2", "LJ-CCCCC2", "LJ-BBBBB2", "LJ-AAAAA2"]),
    ({"county": LIUCHENG}, ["LJ-DDDDD2"]),
    ({"county": LIUCHENG, "day": "2027-02-21"}, []),
    ({"standing": "waiting", "q": "韦"}, ["LJ-BBBBB2", "LJ-AAAAA2"]),
    ({"standing": "cancelled"}, []),
    ({"standing": "nonsense", "q": ""}, ["LJ-DDDDD2", "LJ-CCCCC2", "LJ-BBBBB2", "LJ-AAAAA2"]),
)


async def test_list_is_filtered_as_the_address_says(people: None, city: Browser) -> None:
    for filters, found in FILTERED:
        page = await city.client.get("/console/registrations", params=filters)
        text = await page.text()
        assert numbers(text) == found, filters
        assert all(value in text for value in filters.values() if value != "nonsense")


async def test_filter_that_makes_no_sense_is_no_error_of_ours(city: Browser) -> None:
    for wrong in ({"day": "tomorrow"}, {"to": "没有这个地方"}, {"older": "1e9"}, {"newer": "x"}):
        page = await city.client.get("/console/registrations", params=wrong)
        assert page.status in {200, 404}


async def test_pages_go_there_and_back(house: House, city: Browser) -> None:
    for number in range(2 * PAGE + 3):
        await house.sign_up(f"韦{number}", number=f"LJ-{number:06}")
    everything = [f"LJ-{number:06}" for number in reversed(range(2 * PAGE + 3))]
    first = await city.get("/registrations?standing=waiting")
    assert numbers(first.text) == everything[:PAGE]
    assert not re.search(r"[?&;]newer=", first.text)
    older = re.findall(r'href="/console([^"]*older=\d+)"', first.text)[0].replace("&amp;", "&")
    second = await city.get(older)
    assert "standing=waiting" in older
    assert numbers(second.text) == everything[PAGE : 2 * PAGE]
    last = await city.get(re.findall(r'href="/console([^"]*older=\d+)"', second.text)[0].replace("&amp;", "&"))
    assert numbers(last.text) == everything[2 * PAGE :]
    assert not re.search(r"[?&;]older=", last.text)
    back = await city.get(re.findall(r'href="/console([^"]*newer=\d+)"', last.text)[0].replace("&amp;", "&"))
    assert numbers(back.text) == numbers(second.text)
    first_again = await city.get(re.findall(r'href="/console([^"]*newer=\d+)"', back.text)[0].replace("&amp;", "&"))
    assert numbers(first_again.text) == numbers(first.text)
    assert not re.search(r"[?&;]newer=", first_again.text)


async def test_list_masks_what_the_page_shows_whole(people: None, city: Browser) -> None:
    listed = (await city.get("/registrations")).text
    assert "韦小明" not in listed
    assert "13800012345" not in listed
    assert masked_name("韦小明") in listed
    assert "138****2345" in listed
    page = (await city.get("/registrations/1")).text
    assert "韦小明" in page
    assert "138 0001 2345" in page


async def test_page_says_who_signed_the_person_up(house: House, people: None, city: Browser) -> None:
    assert "代报人" not in (await city.get("/registrations/1")).text
    name = house.database.seal.seal_text("蓝建国")
    for one, contact in ((1, 2), (2, 2)):  # the second has been taken over by the one behind chat 2, from chat 9
        registrar = 2 if one == 1 else 9
        changed = {"contact": contact, "registrar": registrar, "registrar_name": name}
        async with house.database.work() as work:
            await registrations.change(work, one, changed)
            await work.commit()
    first, second = (await city.get("/registrations/1")).text, (await city.get("/registrations/2")).text
    assert all("代报人" in text and "蓝建国" in text for text in (first, second))
    assert ["本人已接手" in text for text in (first, second)] == [False, True]


async def test_other_countys_people_are_not_there(house: House, people: None, new_browser: NewBrowser) -> None:
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    await county.get("/settings")
    assert numbers((await county.get("/registrations")).text) == ["LJ-DDDDD2"]
    for found in ("?q=2345", "?q=LJ-AAAAA2", f"?county={LIUJIANG}"):
        assert numbers((await county.get(f"/registrations{found}")).text) == []
    assert (await county.get("/registrations/1")).status == 404
    assert (await county.get("/registrations/1/edit")).status == 404
    assert (await county.post("/registrations/1/edit", {"name": "别人"})).status == 404
    assert (await county.post("/registrations/1/cancel")).status == 404
    assert (await house.row(tables.registrations, 1))["status"] == "active"


async def test_what_people_write_is_shown_as_text(house: House, city: Browser) -> None:
    await house.sign_up(HOSTILE, "13800012345", employer=f"{HOSTILE}'\"")
    for path in ("/registrations", "/registrations/1", "/registrations/1/edit"):
        page = await city.get(path)
        assert page.status == 200
        assert "<script>alert" not in page.text
    answer = await city.client.get("/console/registrations", params={"q": f'"><b>{HOSTILE}', "to": "'><b>"})
    text = await answer.text()
    assert "<script>alert" not in text
    assert '"><b>' not in text


CORRECT = {
    "direction": "work",
    "day": "2月14日 周日（正月初九）",
    "origin": "柳州市 柳江区",
    "destination": "广东省 深圳市 坪山区",
    "employer": "比亚迪",
    "name": "韦小明",
    "phone": "138 0001 2345",
    "party": "1",
}


async def correct(browser: Browser, **changes: str) -> dict[str, str]:
    """The form as it stands, with those fields otherwise."""
    page = await browser.get("/registrations/1/edit")
    form = {name: page.field(name) for name in CORRECT} | {"seen": page.field("seen")}
    assert {name: form[name] for name in CORRECT} == CORRECT
    return form | changes


async def test_form_shows_the_registration_in_words(people: None, city: Browser) -> None:
    await correct(city)


async def test_staff_type_as_people_do_in_the_chat(house: House, people: None, city: Browser) -> None:
    form = await correct(city, day="初八到初十", origin="柳江拉堡", party="2个人", phone="19900006666", name="韦晓明")
    page = await city.send("/registrations/1/edit", form)
    assert "已更正" in page.text
    row = await house.row(tables.registrations, 1)
    assert (row["first"], row["last"]) == (date(2027, 2, 13), date(2027, 2, 15))
    assert (row["origin"], row["origin_town"], row["party"]) == (LIUJIANG, "拉堡镇", 2)
    assert (row["destination"], row["employer"]) == (PINGSHAN, "比亚迪")
    assert numbers((await city.get("/registrations?q=晓明")).text) == ["LJ-AAAAA2"]
    assert numbers((await city.get("/registrations?q=6666")).text) == ["LJ-AAAAA2"]
    assert numbers((await city.get("/registrations?q=13800012345")).text) == []
    (contact, *_) = await house.rows(tables.contacts)
    assert contact["person"] == row["person"]  # the chat still leads to them


UNREADABLE = (
    ("day", "昨天"),
    ("day", "那天"),
    ("origin", "没有这个地方"),
    ("destination", "龙华"),
    ("name", "不是名字吗？？"),
    ("phone", "1380001234"),
    ("party", "一百万个人"),
)


async def test_correction_that_can_not_be_read_is_said_beside_the_field(
    house: House, people: None, city: Browser
) -> None:
    before = await house.row(tables.registrations, 1)
    for name, typed in UNREADABLE:
        form = await correct(city, employer="富士康", **{name: typed})
        page = await city.post("/registrations/1/edit", form)
        assert page.status == 422
        assert page.fault(name), typed
        assert page.field(name) == typed
        assert page.field("employer") == "富士康"
    assert await house.row(tables.registrations, 1) == before


async def test_ambiguous_place_is_picked_from_what_it_can_mean(house: House, people: None, city: Browser) -> None:
    form = await correct(city, destination="龙华")
    page = await city.post("/registrations/1/edit", form)
    (shenzhen,) = re.findall(r'name="destination\.pick" value="([^"]*440309[^"]*)"', page.text)
    await city.send("/registrations/1/edit", form | {"destination.pick": shenzhen.replace("&#34;", '"')})
    assert (await house.row(tables.registrations, 1))["destination"] == "440309"
    made_up = form | {"seen": (await correct_seen(city)), "destination.pick": '{"type":"place","code":"000000"}'}
    assert (await city.post("/registrations/1/edit", made_up)).status == 422


async def correct_seen(browser: Browser) -> str:
    """The mark of what the form showed."""
    return (await browser.get("/registrations/1/edit")).field("seen")


async def test_correction_of_what_changed_meanwhile_is_refused(house: House, people: None, city: Browser) -> None:
    form = await correct(city, employer="富士康")
    house.clock.now = MORNING + timedelta(minutes=1)
    await city.send("/registrations/1/edit", await correct(city, party="3"))
    page = await city.post("/registrations/1/edit", form)
    assert page.status == 422
    assert "刚才有人改过" in page.text
    row = await house.row(tables.registrations, 1)
    assert (row["employer"], row["party"]) == ("比亚迪", 3)


async def test_correction_into_another_registration_of_the_same_days_is_refused(
    house: House, people: None, city: Browser
) -> None:
    await house.sign_up("韦大明", "13800012345", number="LJ-EEEEE2")
    page = await city.post("/registrations/1/edit", await correct(city, name="韦大明"))
    assert page.status == 422
    assert "LJ-EEEEE2" in page.fault("day")


async def test_seat_is_not_outgrown(house: House, people: None, city: Browser) -> None:
    trip = await house.trip(SHEET, published=True)
    stop = (await house.rows(tables.stops))[0]["id"]
    await city.get(f"/trips/{trip}")
    await city.send(f"/trips/{trip}/place", {"pick.1": "1", "stop": str(stop)})
    page = await city.post("/registrations/1/edit", await correct(city, party="2", day="2月15日"))
    assert page.status == 422
    assert page.fault("party")
    assert page.fault("day")


async def test_cancelled_registration_gives_its_seat_back_and_stays_cancelled(
    house: House, people: None, city: Browser
) -> None:
    trip = await house.trip(SHEET, published=True)
    stop = (await house.rows(tables.stops))[0]["id"]
    await city.get(f"/trips/{trip}")
    await city.send(f"/trips/{trip}/place", {"pick.1": "1", "stop": str(stop)})
    page = await city.send("/registrations/1/cancel")
    assert "已取消" in page.text
    assert (await house.rows(tables.seats))[0]["freed_at"] is not None
    assert (await house.row(tables.registrations, 1))["status"] == "cancelled"
    assert (await city.post("/registrations/1/cancel")).status == 303
    assert numbers((await city.get("/registrations?standing=cancelled")).text) == ["LJ-AAAAA2"]
    assert (await city.post("/registrations/1/edit", CORRECT | {"seen": "x"})).status == 422


async def test_marks_are_those_that_staff_tick(house: House, people: None, city: Browser) -> None:
    await city.get("/registrations/1")
    page = await city.send("/registrations/1/marks", {"older": "1", "wheelchair": "1"})
    assert re.findall(r'name="(\w+)" value="1" checked', page.text) == ["older", "wheelchair"]
    page = await city.send("/registrations/1/marks", {"wheelchair": "1", "child": "1", "nonsense": "1"})
    assert re.findall(r'name="(\w+)" value="1" checked', page.text) == ["wheelchair", "child"]
    assert {row["mark"] for row in await house.rows(tables.marks)} == {"wheelchair", "child"}


async def test_another_countys_registration_is_not_marked(house: House, people: None, new_browser: NewBrowser) -> None:
    other = await new_browser()
    await other.sign_in(OTHER_COUNTY)
    await other.get("/settings")
    assert (await other.post("/registrations/1/marks", {"older": "1"})).status == 404
    assert await house.rows(tables.marks) == []


async def test_county_cancels_its_person_on_a_trip_of_the_city(
    house: House, people: None, city: Browser, new_browser: NewBrowser
) -> None:
    trip = await house.trip(replace(SHEET, area="450200"), published=True)
    stop = (await house.rows(tables.stops))[0]["id"]
    await city.get(f"/trips/{trip}")
    await city.send(f"/trips/{trip}/place", {"pick.1": "1", "stop": str(stop)})
    county = await new_browser()
    await county.sign_in(COUNTY)
    page = await county.get("/registrations/1")
    assert f'href="/console/trips/{trip}"' not in page.text
    await county.send("/registrations/1/cancel")
    assert (await house.rows(tables.seats))[0]["freed_at"] is not None


async def test_region_reads_but_does_not_correct(house: House, people: None, new_browser: NewBrowser) -> None:
    region = await new_browser()
    await region.sign_in(PROVINCE)
    page = await region.get("/registrations/1")
    assert page.status == 200
    assert "更正" not in page.text
    assert (await region.get("/registrations/1/edit")).status == 403
    assert (await region.post("/registrations/1/cancel")).status == 403
    assert (await house.row(tables.registrations, 1))["status"] == "active"


async def test_home_counts_today_for_this_office_only(house: House, people: None, new_browser: NewBrowser) -> None:
    await house.sign_up("韦昨天", number="LJ-FFFFF2", at=MORNING - timedelta(days=1), window=Window(NINTH, NINTH))
    for name, today, waiting in ((CITY, 4, 5), (OTHER_COUNTY, 1, 1)):
        browser = await new_browser()
        await browser.sign_in(name)
        figures = re.findall(r"<strong>(\d+)</strong>", (await browser.get("")).text)
        assert figures[:2] == [str(today), str(waiting)]
