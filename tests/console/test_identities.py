"""What only some offices ask, on the screen: switched on in the settings, masked on the page, found by the whole."""

from __future__ import annotations

import re

import pytest

from domain.people import Companion, Name, Phone
from storage import companions, tables
from tests.console.setting import Browser, House

NUMBER, WITH_X = "450206199001010010", "45020619780101001X"


def ticked(text: str) -> list[str]:
    """The boxes that are ticked on a page."""
    return re.findall(r'<input type="checkbox" name="(\w+)" value="1" checked>', text)


async def test_office_switches_what_it_asks(house: House, city: Browser) -> None:
    assert ticked((await city.get("/settings")).text) == []
    for asked in ({"identities"}, {"companions"}, {"identities", "companions"}, set[str]()):
        page = await city.send("/settings/office", {"phone": "12333", **dict.fromkeys(asked, "1")})
        assert set(ticked(page.text)) == asked
        assert {name for name in ("identities", "companions") if getattr(house.desk.office, name)} == asked
        kept = {row["name"]: row["value"] for row in await house.rows(tables.settings)}
        assert {name for name in ("identities", "companions") if kept[f"office_{name}"]} == asked


async def test_wrong_phone_switches_nothing_and_keeps_the_ticks(house: House, city: Browser) -> None:
    page = await city.post("/settings/office", {"phone": "12", "identities": "1"})
    assert (page.status, ticked(page.text)) == (422, ["identities"])
    assert not house.desk.office.identities


async def test_page_shows_the_last_four_of_the_number_and_when_it_was_agreed_to(house: House, city: Browser) -> None:
    await house.sign_up(identity=NUMBER)
    await house.sign_up("韦大山", "19900012345")
    page = (await city.get("/registrations/1")).text
    assert "**************0010" in page
    assert "2月10日" in page.split("身份证号")[1].split("</dd>")[0]
    for path in ("/registrations/1", "/registrations/1/edit", "/registrations"):
        text = (await city.get(path)).text
        assert NUMBER not in text
        assert "19900101" not in text
    assert "身份证号" not in (await city.get("/registrations/2")).text


@pytest.mark.parametrize(
    ("asked", "found"),
    [(NUMBER, 1), ("450206 19900101 0010", 1), (WITH_X, 1), (WITH_X.lower(), 1), (NUMBER[:-1], 0), ("0010", 0)],
)
async def test_person_is_found_by_the_whole_number_only(house: House, city: Browser, asked: str, found: int) -> None:
    await house.sign_up(identity=NUMBER)
    await house.sign_up("韦大山", "19900012345", identity=WITH_X)
    listed = (await city.get(f"/registrations?q={asked.replace(' ', '+')}")).text
    assert len(re.findall(r">(LJ-\w{6})</a>", listed)) == found


async def test_correction_keeps_the_number_and_its_consent(house: House, city: Browser) -> None:
    await house.sign_up(identity=NUMBER)
    (before,) = await house.rows(tables.people)
    house.clock.now = house.clock.now.replace(minute=40)
    page = await city.get("/registrations/1/edit")
    names = ("name", "phone", "day", "direction", "origin", "destination", "employer", "party", "seen")
    form = {name: page.field(name) for name in names}
    await city.send("/registrations/1/edit", form | {"name": "韦晓明"})
    (after,) = await house.rows(tables.people)
    assert after["identity_hash"] == before["identity_hash"]
    assert after["identity_consented_at"] == before["identity_consented_at"]
    assert after["same"] != before["same"]


async def test_correction_into_the_same_person_is_refused(house: House, city: Browser) -> None:
    await house.sign_up(identity=NUMBER)
    await house.sign_up("韦大山", "19900012345")
    page = await city.get("/registrations/2/edit")
    names = ("name", "phone", "day", "direction", "origin", "destination", "employer", "party", "seen")
    form = {name: page.field(name) for name in names} | {"name": "韦小明", "phone": "13800012345"}
    page = await city.post("/registrations/2/edit", form)
    assert page.status == 422
    assert page.fault("day")


async def test_page_shows_who_comes_along(house: House, city: Browser) -> None:
    one = await house.sign_up(party=3)
    assert "同行的人" not in (await city.get(f"/registrations/{one}")).text
    async with house.database.work() as work:
        some = (Companion(Name("覃小兰"), Phone("13800012346")), Companion(Name("<b>大宝</b>")))
        await companions.put(work, {one: some})
        await work.commit()
    page = (await city.get(f"/registrations/{one}")).text
    assert "覃小兰" in page
    assert "138 0001 2346" in page
    assert "&lt;b&gt;大宝" in page
