"""The list of employers on the screen: added, searched, corrected, removed, and what people wrote merged into it."""

from __future__ import annotations

import re

import pytest

from services import employers
from storage import tables
from storage.employers import PAGE
from tests.console.conftest import NewBrowser
from tests.console.setting import COUNTY, LIUJIANG, PROVINCE, Browser, House

BYD = {
    "name": "比亚迪（坪山）",
    "short_names": "比亚迪\r\n亚迪、BYD",
    "place": "深圳坪山",
    "contact_name": "李经理",
    "contact_phone": "138 0000 0009",
}
HOSTILE = "<script>alert(1)</script>"


async def _listed(house: House) -> list[dict[str, object]]:
    await employers.load(house.database, house.desk)  # as bot.start.keep_employers does
    return await house.rows(tables.employers)


async def test_employer_is_added_found_corrected_and_removed(house: House, city: Browser) -> None:
    page = await city.send("/employers/new", BYD)
    assert "已添加：比亚迪（坪山）" in page.text
    assert "比亚迪、亚迪、BYD" in page.text
    assert "坪山区" in page.text
    assert "李经理" not in page.text  # contacts stand on the employer's own page
    (row,) = await _listed(house)
    here = f"/employers/{row['id']}"
    for sought, found in (("亚迪", True), ("byd", True), ("富士康", False), (HOSTILE, False), ("a" * 3000, False)):
        assert (f'href="/console{here}"' in (await city.get(f"/employers?q={sought}")).text) is found
    page = await city.get(here)
    assert "李经理" in page.text
    assert 'href="tel:13800000009"' in page.text
    page = await city.get(f"{here}/edit")
    assert [page.field(name) for name in ("name", "contact_phone")] == [BYD["name"], "13800000009"]
    assert page.field("short_names") == "比亚迪\n亚迪\nBYD"
    typed = {name: page.field(name) for name in ("seen", "name", "short_names", "place", "contact_name")}
    page = await city.send(f"{here}/edit", typed | {"name": "比亚迪坪山", "contact_phone": ""})
    assert "已保存" in page.text
    assert "李经理" in page.text
    (row,) = await _listed(house)
    assert (row["name"], row["place"], row["contact_phone"]) == ("比亚迪坪山", "440310", None)
    assert "已从名单删除：比亚迪坪山" in (await city.send(f"{here}/remove")).text
    assert await _listed(house) == []


@pytest.mark.parametrize(
    ("typed", "field", "fault"),
    [
        ({"name": ""}, "name", "请写名称"),
        ({"name": "字" * 61}, "name", "最多 60 个字"),
        ({"short_names": "字" * 41}, "short_names", "40"),
        ({"place": "天上"}, "place", ""),
        ({"contact_phone": "12"}, "contact_phone", "电话不对"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    house: House, city: Browser, typed: dict[str, str], field: str, fault: str
) -> None:
    page = await city.post("/employers/new", BYD | typed)
    assert page.status == 422
    assert page.fault(field)
    assert fault in page.fault(field)
    assert page.field("name") == (BYD | typed)["name"]
    assert await _listed(house) == []


async def test_ambiguous_place_is_picked(house: House, city: Browser) -> None:
    page = await city.post("/employers/new", BYD | {"place": "龙华"})
    assert page.status == 422
    picks = [one.replace("&#34;", '"') for one in re.findall(r'name="place\.pick" value="([^"]+)"', page.text)]
    (longhua,) = [one for one in picks if "440309" in one]
    await city.send("/employers/new", BYD | {"place": "龙华", "place.pick": longhua})
    assert [row["place"] for row in await _listed(house)] == ["440309"]


async def test_others_see_the_list_without_contacts_and_change_nothing(
    house: House, city: Browser, new_browser: NewBrowser
) -> None:
    await city.send("/employers/new", BYD)
    here = f"/employers/{(await _listed(house))[0]['id']}"
    county, region = await new_browser(), await new_browser()
    await county.sign_in(COUNTY)
    await region.sign_in(PROVINCE)
    page = await county.get(here)
    assert page.status == 200
    assert "李经理" not in page.text
    assert f"{here}/edit" not in page.text
    await county.get("/employers/new")
    assert (await county.get(f"{here}/edit")).status == 404
    assert (await county.post(f"{here}/edit", BYD)).status == 404
    assert (await county.post(f"{here}/remove")).status == 404
    page = await region.get(here)  # its scope covers the city, its role corrects nothing
    assert "李经理" in page.text
    assert f"{here}/edit" not in page.text
    assert "/employers/new" not in (await region.get("/employers")).text


async def test_correction_of_what_changed_meanwhile_is_refused(house: House, city: Browser) -> None:
    await city.send("/employers/new", BYD)
    here = f"/employers/{(await _listed(house))[0]['id']}"
    page = await city.post(f"{here}/edit", BYD | {"seen": "2027-02-10T00:00:00+08:00", "name": "比亚迪"})
    assert page.status == 422
    assert "刚才有人改过" in page.text


async def test_long_list_has_pages(house: House, city: Browser) -> None:
    for n in range(PAGE + 3):
        await city.post("/employers/new", {"name": f"柳州第{n:02}厂家"})
    page = await city.get("/employers")
    assert len(set(re.findall(r"/employers/\d+", page.text))) == PAGE
    following = re.search(r'href="/console(/employers\?[^"]*after=[^"]*)"', page.text)
    assert following is not None
    page = await city.get(following[1].replace("&amp;", "&"))
    assert len(set(re.findall(r"/employers/\d+", page.text))) == 3


async def test_unknown_employers_are_merged_into_the_list(house: House, city: Browser) -> None:
    await city.send("/employers/new", BYD)
    one = await house.sign_up(employer="比亚迪坪山厂")
    other = await house.sign_up("莫四", "19900009999", employer=HOSTILE)
    await _listed(house)
    assert "/employers/unknown" in (await city.get("/employers")).text
    page = await city.get("/employers/unknown")
    assert "比亚迪坪山厂" in page.text
    assert HOSTILE not in page.text
    page = await city.post("/employers/merge", {"text": "比亚迪坪山厂"})
    assert page.field("into") == BYD["name"]  # what it seems to mean
    page = await city.send("/employers/merge", {"text": "比亚迪坪山厂", "deed": "into", "into": "亚迪"})
    assert "改了 1 条报名" in page.text
    assert (await house.row(tables.registrations, one))["employer"] == BYD["name"]
    page = await city.post("/employers/merge", {"text": HOSTILE, "deed": "into", "into": "没有的厂"})
    assert page.status == 422
    assert page.fault("into") == "名单里没有这个单位。"
    typed = {"text": HOSTILE, "deed": "new"}
    assert (await city.post("/employers/merge", typed | {"name": ""})).fault("name") == "请写名称。"
    await city.send("/employers/merge", typed | {"name": "宏达五金", "place": "东莞长安"})
    assert (await house.row(tables.registrations, other))["employer"] == "宏达五金"
    assert "都归并好了" in (await city.get("/employers/unknown")).text
    assert (await city.post("/employers/merge", {"text": HOSTILE})).status == 404


async def test_several_that_may_be_meant_are_picked_from(house: House, city: Browser) -> None:
    for name, place in (("比亚迪（坪山）", "深圳坪山"), ("比亚迪（惠州）", "惠州")):
        await city.send("/employers/new", {"name": name, "place": place})
    one = await house.sign_up(employer="亚迪")
    await _listed(house)
    typed = {"text": "亚迪", "deed": "into", "into": "比亚迪"}
    page = await city.post("/employers/merge", typed)
    assert page.status == 422
    assert page.field("name") == "亚迪"  # in the other form, for a new one
    assert "另一家" not in page.text
    assert (await city.post("/employers/merge", typed | {"into.pick": '"比亚迪"'})).fault(
        "into"
    )  # that one is not there
    await city.send("/employers/merge", typed | {"into.pick": '"比亚迪（惠州）"'})
    assert (await house.row(tables.registrations, one))["employer"] == "比亚迪（惠州）"


async def test_county_is_shown_its_own_unknown_employers(house: House, new_browser: NewBrowser) -> None:
    await house.sign_up(employer="本县写的厂", origin=LIUJIANG)
    await house.sign_up("莫四", "19900009999", employer="别县写的厂", origin="450222")
    county = await new_browser()
    await county.sign_in(COUNTY)
    page = await county.get("/employers/unknown")
    assert "本县写的厂" in page.text
    assert "别县写的厂" not in page.text


async def test_list_speaks_english_too(house: House, city: Browser) -> None:
    await house.sign_up(employer="富士康")
    await city.get("/settings")
    await city.post("/settings/language", {"language": "en"})
    await city.send("/employers/new", BYD)
    here = f"/employers/{(await _listed(house))[0]['id']}"
    paths = ("/employers", "/employers/new", "/employers/unknown", here, f"{here}/edit", "/employers?q=zzz")
    for page in (*[await city.get(path) for path in paths], await city.post("/employers/merge", {"text": "富士康"})):
        assert page.status == 200
        assert "Employers" in page.text
        main = page.text.partition("<main")[2]
        assert not re.search("名称|简称|归并|单位|报名", main)
