"""Trips on the screen: made, filled, published, changed, called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.trips import Mode
from storage import tables
from tests.console.conftest import NewBrowser
from tests.console.setting import (
    DONGGUAN,
    LIUCHENG,
    LIUZHOU,
    MORNING,
    OTHER_COUNTY,
    PROVINCE,
    SHEET,
    Browser,
    House,
)

HOSTILE = "<script>alert(1)</script>"
TYPED = {
    "do": "save",
    "area": LIUZHOU,
    "mode": "coach",
    "vehicle": "桂B·12345",
    "seats": "40",
    "cap": "50",
    "stops": "2",
    "stop.0.place": "柳江汽车站 2 号门",
    "stop.0.day": "2027-02-14",
    "stop.0.time": "7:30",
    "stop.1.place": "拉堡镇政府门口",
    "stop.1.day": "2027-02-14",
    "stop.1.time": "07：55",
    "destination": "深圳坪山",
    "arrival": "比亚迪 1 号门，约 17:00",
    "escort_name": "覃师傅",
    "escort_phone": "138 0000 0001",
    "bring": "身份证",
    "reminder.tomorrow.on": "1",
    "reminder.tomorrow": "19:00",
    "reminder.hours_before": "180",
    "reminder.board_soon.on": "1",
    "reminder.board_soon": "30",
}


async def test_trip_is_made_filled_and_published(house: House, city: Browser) -> None:
    ids = [await house.sign_up(f"韦{number}", f"1380001{number:04}") for number in range(25)]
    await city.get("/trips/new")
    page = await city.send("/trips/new", TYPED)
    assert "草稿" in page.text
    (trip,) = await house.rows(tables.trips)
    assert (trip["mode"], trip["seats"], trip["cap"], trip["destination"]) == (Mode.COACH, 40, 50, "440310")
    assert trip["reminders"] == '[["tomorrow","19:00"],["hours_before",""]]'
    first, second = (row["id"] for row in await house.rows(tables.stops))

    page = await city.send("/trips/1/place", {f"pick.{ids[3]}": "1", f"pick.{ids[4]}": "1", "stop": str(second)})
    assert "安排上车 2 份报名" in page.text
    page = await city.send("/trips/1/place-all", {"stop": str(first)})
    assert "20 / 20" in page.text  # half of the forty seats
    page = await city.send("/trips/1/place-all", {"stop": str(first)})
    assert "20 / 20" in page.text
    assert await house.rows(tables.outbox) == []

    page = await city.send("/trips/1/publish")
    assert "已发布。通知 20 份报名" in page.text
    assert len(await house.rows(tables.outbox)) == 20
    assert {row["rule"] for row in await house.rows(tables.due)} == {"tomorrow", "board_soon"}


async def test_full_trip_takes_nobody_more(house: House, city: Browser) -> None:
    await house.trip(replace(SHEET, seats=1))
    stop = (await house.rows(tables.stops))[0]["id"]
    await house.sign_up("韦大山", "13800010001")
    await house.sign_up("韦小明", "13800010002")
    await city.get("/trips/1")
    page = await city.send("/trips/1/place", {"pick.1": "1", "pick.2": "1", "stop": str(stop)})
    assert "座位不够 1 份" in page.text
    assert len(await house.rows(tables.seats)) == 1


async def test_form_says_what_is_wrong_and_keeps_what_was_typed(house: House, city: Browser) -> None:
    await city.get("/trips/new")
    wrong = TYPED | {
        "seats": "many",
        "cap": "120",
        "stop.0.place": "",
        "stop.1.time": "25:00",
        "destination": "龙华",
        "escort_phone": "none",
        "reminder.tomorrow": "evening",
        "bring": HOSTILE,
    }
    page = await city.post("/trips/new", wrong)
    assert page.status == 422
    faulty = ("seats", "cap", "stop.0.place", "stop.1.departs_at", "destination", "escort_phone", "reminder.tomorrow")
    assert [name for name in faulty if not page.fault(name)] == []
    for name in ("seats", "cap", "stop.1.time", "destination", "escort_phone", "vehicle", "arrival", "bring"):
        assert page.field(name) == wrong[name]
    assert "<script>alert" not in page.text
    assert await house.rows(tables.trips) == []


async def test_stops_are_added_and_removed_without_losing_what_was_typed(city: Browser) -> None:
    await city.get("/trips/new")
    page = await city.post("/trips/new", TYPED | {"do": "add"})
    assert page.status == 200
    assert page.field("stops") == "3"
    assert page.field("stop.1.place") == "拉堡镇政府门口"
    page = await city.post("/trips/new", TYPED | {"do": "drop.0"})
    assert page.field("stops") == "1"
    assert page.field("stop.0.place") == "拉堡镇政府门口"
    assert page.field("vehicle") == "桂B·12345"


@pytest.mark.parametrize("stops", ["0", "-1", "x", "99999999", ""])
async def test_made_up_number_of_stops_breaks_nothing(city: Browser, stops: str) -> None:
    await city.get("/trips/new")
    assert (await city.post("/trips/new", TYPED | {"stops": stops, "do": "drop.7"})).status == 200


async def test_trip_that_lacks_something_is_not_published(house: House, city: Browser) -> None:
    await house.trip(replace(SHEET, vehicle="", escort_phone=""))
    await city.get("/trips/1")
    page = await city.post("/trips/1/publish")
    assert page.status == 422
    assert page.fault("vehicle")
    assert page.fault("escort_phone")
    assert (await house.row(tables.trips, 1))["status"] == "draft"


async def test_moved_departure_and_new_plate_are_told(house: House, city: Browser) -> None:
    await house.sign_up()
    await house.trip()
    await city.get("/trips/1")
    await city.send("/trips/1/place-all")
    await city.send("/trips/1/publish")
    page = await city.get("/trips/1/edit")
    form = {name: page.field(name) for name in TYPED if name != "do" and "stop.1" not in name and ".on" not in name}
    form |= {"stop.0.id": page.field("stop.0.id"), "reminder.tomorrow.on": "1"}
    assert (form["stop.0.day"], form["stop.0.time"]) == ("2027-02-14", "07:30")
    await city.send("/trips/1/edit", form | {"stop.0.time": "8:00", "vehicle": "桂B·99999"})
    assert (await house.row(tables.trips, 1))["revision"] == 2
    page = await city.get("/trips/1")
    assert "桂B·99999" in page.text
    assert "8:00" in page.text


async def test_person_is_taken_off_and_moved(house: House, city: Browser) -> None:
    await house.sign_up()
    await house.trip(published=True)
    await house.trip(replace(SHEET, vehicle="桂B·2"), published=True)
    await city.get("/trips/1")
    await city.send("/trips/1/place-all")
    page = await city.get("/trips/1/seats/1/move")
    other = (await house.rows(tables.stops))[1]["id"]
    assert page.status == 200
    assert (await city.post("/trips/1/seats/1/move")).status == 422
    assert (await city.post("/trips/1/seats/1/move", {"to": "2-99"})).status == 404
    page = await city.send("/trips/1/seats/1/move", {"to": f"2-{other}"})
    assert "韦*明" in page.text
    newest = (await house.rows(tables.seats))[-1]
    assert newest["trip"] == 2
    page = await city.send(f"/trips/2/seats/{newest['id']}/release")
    assert "待安排" in page.text


async def test_called_off_trip_frees_everybody(house: House, city: Browser) -> None:
    await house.sign_up()
    await house.trip(published=True)
    await city.get("/trips/1")
    await city.send("/trips/1/place-all")
    page = await city.send("/trips/1/cancel")
    assert "已取消。通知 1 份报名" in page.text
    assert (await house.rows(tables.seats))[0]["freed_at"] is not None
    assert (await city.post("/trips/1/publish")).status == 409
    assert (await city.post("/trips/1/edit", TYPED)).status == 422


async def test_nobody_ticked_is_said(house: House, city: Browser) -> None:
    await house.sign_up()
    await house.trip()
    await city.get("/trips/1")
    page = await city.post("/trips/1/place", {"stop": "1"})
    assert page.status == 422
    assert "请先勾选" in page.text


async def test_candidates_are_those_whom_the_trip_suits_or_those_searched_for(house: House, city: Browser) -> None:
    await house.sign_up("韦小明", "13800010001", number="LJ-AAAAA2")
    await house.sign_up("莫大海", "13800010002", number="LJ-BBBBB2", destination=DONGGUAN)
    await house.trip()
    page = await city.get("/trips/1")
    assert "LJ-AAAAA2" in page.text
    assert "LJ-BBBBB2" not in page.text
    page = await city.get("/trips/1?q=大海")
    assert "LJ-AAAAA2" not in page.text
    assert "LJ-BBBBB2" in page.text


async def test_foreign_trip_and_foreign_people_are_not_there(
    house: House, city: Browser, new_browser: NewBrowser
) -> None:
    await house.sign_up(origin=LIUCHENG)
    await house.sign_up("韦大山", "13800010001")
    await house.trip(published=True)
    own = await house.trip(replace(SHEET, area=LIUCHENG), published=True)
    county = await new_browser()
    await county.sign_in(OTHER_COUNTY)
    await county.get("/settings")
    for path in ("/trips/1", "/trips/1/edit"):
        assert (await county.get(path)).status == 404
    for deed in ("edit", "publish", "cancel", "place-all"):
        assert (await county.post(f"/trips/1/{deed}", TYPED | {"stop": ""})).status == 404
    stops = [row["id"] for row in await house.rows(tables.stops)]
    foreign = {"pick.2": "1", "stop": str(stops[1])}
    assert (await county.post(f"/trips/{own}/place", foreign)).status == 404  # a person of another county
    assert (await county.post(f"/trips/{own}/place", {"pick.1": "1", "stop": str(stops[0])})).status == 404
    assert await house.rows(tables.seats) == []
    listed = (await county.get("/trips")).text
    assert "LC-0214-1" in listed
    assert "LJ-0214-1" not in listed


async def test_region_sees_trips_and_makes_none(house: House, new_browser: NewBrowser) -> None:
    await house.trip()
    region = await new_browser()
    await region.sign_in(PROVINCE)
    await region.get("/settings")
    page = await region.get("/trips/1")
    assert page.status == 200
    assert "/trips/1/publish" not in page.text
    assert (await region.post("/trips/1/publish")).status == 403


async def test_home_shows_what_leaves_next_and_what_was_missed(house: House, city: Browser) -> None:
    await house.trip(published=True)
    assert "LJ-0214-1" not in (await city.get("")).text
    house.clock.now = MORNING + timedelta(hours=1)
    await house.trip(replace(SHEET, stops=(replace(SHEET.stops[0], departs_at=MORNING + timedelta(days=2)),)))
    async with house.database.work() as work:
        await work.db.execute(tables.due.update().where(tables.due.c.id == 1).values(state="missed", due_at=MORNING))
        await work.commit()
    page = await city.get("")
    assert "LJ-0212-1" in page.text
    assert page.text.count("LJ-0214-1") == 1  # among the missed reminders
