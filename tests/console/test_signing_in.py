"""The first member, signing in, and what a request must carry."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest

from domain.refusals import Refused
from domain.staff import HOLDS_FOR, IDLE_FOR, Role
from services import staff
from storage import tables
from tests.console.conftest import NewBrowser
from tests.console.setting import CITY, COUNTY, LIUJIANG, LIUZHOU, MORNING, PASSWORD, Browser, House

FIRST = {"name": "覃晓梅", "password": PASSWORD, "again": PASSWORD, "area": "柳州市", "phone": "0772-2822345"}


async def test_setup_link_makes_the_first_member_once(bare: House, first: Browser) -> None:
    token = await staff.setup_token(bare.database)
    page = await first.get(f"/setup/{token}")
    assert page.status == 200
    page = await first.send(f"/setup/{token}", FIRST)
    assert "设置好了" in page.text
    assert bare.desk.office.area == LIUZHOU
    assert bare.desk.office.phone == "07722822345"
    (member,) = await bare.rows(tables.staff)
    assert (member["name"], member["role"], member["area"]) == ("覃晓梅", Role.CITY, LIUZHOU)
    assert PASSWORD not in str(member["password"])

    assert (await first.get(f"/setup/{token}")).status == 403
    assert (await first.post(f"/setup/{token}", FIRST | {"name": "别人"})).status == 403
    assert len(await bare.rows(tables.staff)) == 1
    assert await staff.setup_token(bare.database) is None
    assert (await first.sign_in("覃晓梅")).status == 303


async def test_setup_with_a_made_up_link_changes_nothing(bare: House, first: Browser) -> None:
    await staff.setup_token(bare.database)
    assert (await first.get("/setup/made-up")).status == 403
    await first.get("/sign-in")
    assert (await first.post("/setup/made-up", FIRST)).status == 403
    assert await bare.rows(tables.staff) == []


async def test_setup_token_stands_nowhere_in_clear(bare: House) -> None:
    token = await staff.setup_token(bare.database)
    assert token is not None
    assert token not in str(await bare.rows(tables.settings))


async def test_two_who_use_the_setup_link_at_once_make_one_member(bare: House) -> None:
    token = str(await staff.setup_token(bare.database))

    async def use(name: str) -> bool:
        new = staff.Newcomer(name, PASSWORD, LIUZHOU)
        try:
            await staff.set_up(bare.database, bare.desk, bare.passwords, token, new, "")
        except Refused:
            return False
        return True

    assert sorted(await asyncio.gather(use("甲"), use("乙"))) == [False, True]
    assert len(await bare.rows(tables.staff)) == 1


async def test_setup_says_what_is_wrong_and_keeps_what_was_typed(bare: House, first: Browser) -> None:
    token = await staff.setup_token(bare.database)
    await first.get(f"/setup/{token}")
    page = await first.post(
        f"/setup/{token}", {"name": "覃晓梅", "password": "short", "again": "other", "area": "龙华", "phone": "12"}
    )
    assert page.status == 422
    assert all(page.fault(name) for name in ("password", "again", "area"))
    assert page.field("name") == "覃晓梅"
    assert page.field("area") == "龙华"
    assert "海口" in page.text  # 龙华 is in two cities: both are offered
    assert "short" not in page.text


async def test_member_signs_in_and_out(house: House, stranger: Browser) -> None:
    assert (await stranger.get("/registrations")).at == "/console/sign-in?next=%2Fconsole%2Fregistrations"
    await stranger.get("/sign-in?next=%2Fconsole%2Fregistrations")
    page = await stranger.post("/sign-in?next=%2Fconsole%2Fregistrations", {"name": CITY, "password": PASSWORD})
    assert page.at == "/console/registrations"
    cookie = page.response.cookies["fangang_sign_in"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/console"
    assert (await stranger.get("/registrations")).status == 200
    assert (await stranger.post("/sign-out")).at == "/console/sign-in"
    assert (await stranger.get("/registrations")).status == 303


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/console/\\evil", "/console.evil"])
async def test_signing_in_leads_to_no_other_site(house: House, stranger: Browser, onward: str) -> None:
    await stranger.get("/sign-in")
    page = await stranger.post(f"/sign-in?next={onward}", {"name": CITY, "password": PASSWORD})
    assert page.at == "/console"


@pytest.mark.parametrize(("name", "password"), [(CITY, "wrong password"), ("nobody", PASSWORD), ("", "")])
async def test_wrong_sign_in_gets_403_and_no_cookie(house: House, stranger: Browser, name: str, password: str) -> None:
    page = await stranger.sign_in(name, password)
    assert page.status == 403
    assert "姓名或密码不对" in page.text
    assert "fangang_sign_in" not in page.response.cookies
    assert await house.rows(tables.sign_ins) == []


async def test_forged_sign_in_gets_403_and_is_forgotten(house: House, stranger: Browser) -> None:
    stranger.client.session.cookie_jar.update_cookies({"fangang_sign_in": "made-up"})
    page = await stranger.get("/registrations")
    assert page.status == 403
    assert page.response.cookies["fangang_sign_in"].value == ""


@pytest.mark.parametrize("wrong", ["", "made-up", "é"])
async def test_form_without_its_token_gets_403_and_changes_nothing(house: House, city: Browser, wrong: str) -> None:
    page = await city.post("/settings/office", {"phone": "0772-7212345"}, csrf=wrong)
    assert page.status == 403
    assert house.desk.office.phone == "12333"
    assert await house.rows(tables.settings) != []


async def test_token_of_another_sign_in_does_not_count(house: House, city: Browser, new_browser: NewBrowser) -> None:
    other = await new_browser()
    await other.sign_in(COUNTY)
    await other.get("/settings")
    assert (await city.post("/settings/language", {"language": "en"}, csrf=other.csrf)).status == 403


async def test_sign_in_form_of_another_browser_is_refused(house: House, new_browser: NewBrowser) -> None:
    one, other = await new_browser(), await new_browser()
    await one.get("/sign-in")
    await other.get("/sign-in")
    page = await other.post("/sign-in", {"name": CITY, "password": PASSWORD}, csrf=one.csrf)
    assert page.status == 403
    assert await house.rows(tables.sign_ins) == []


async def test_idle_sign_in_ends(house: House, city: Browser) -> None:
    house.clock.now = MORNING + IDLE_FOR - timedelta(minutes=1)
    assert (await city.get("")).status == 200
    house.clock.now += IDLE_FOR - timedelta(minutes=1)
    assert (await city.get("")).status == 200
    house.clock.now += IDLE_FOR
    assert (await city.get("")).status == 303


async def test_sign_in_outlives_no_day(house: House, city: Browser) -> None:
    while house.clock.now < MORNING + HOLDS_FOR - timedelta(hours=1):
        house.clock.now += timedelta(hours=1)
        assert (await city.get("")).status == 200
    house.clock.now = MORNING + HOLDS_FOR
    assert (await city.get("")).status == 303


async def test_htmx_request_after_the_end_leads_to_the_sign_in(house: House, city: Browser) -> None:
    house.clock.now = MORNING + HOLDS_FOR
    page = await city.get("/day", htmx=True)
    assert page.status == 401
    assert page.response.headers["HX-Redirect"] == "/console/sign-in"


async def test_shut_account_is_out_at_once_and_stays_out(house: House, city: Browser, new_browser: NewBrowser) -> None:
    county = await new_browser()
    await county.sign_in(COUNTY)
    (member,) = [row for row in await house.rows(tables.staff) if row["name"] == COUNTY]
    await city.send(f"/settings/staff/{member['id']}/shut")
    assert (await county.get("")).status == 303
    assert (await county.sign_in(COUNTY)).status == 403
    await city.send(f"/settings/staff/{member['id']}/reopen")
    assert (await county.sign_in(COUNTY)).status == 303


async def test_flood_of_tries_locks_strangers_out_but_not_who_was_here_before(
    house: House, city: Browser, new_browser: NewBrowser
) -> None:
    attacker = await new_browser()
    await attacker.get("/sign-in")
    for _ in range(staff.TRIES_AN_HOUR):
        await attacker.post("/sign-in", {"name": CITY, "password": "guess"})
    page = await attacker.post("/sign-in", {"name": CITY, "password": PASSWORD})
    assert page.status == 403
    assert "次数太多" in page.text

    assert (await city.get("")).status == 200  # the sign-in that stands
    await city.post("/sign-out")
    assert (await city.sign_in(CITY)).status == 303  # a browser that signed in before
    house.clock.now += timedelta(hours=1)
    assert (await attacker.post("/sign-in", {"name": CITY, "password": PASSWORD})).status == 303


async def test_proof_of_one_account_opens_no_other_queue(house: House, city: Browser) -> None:
    """A browser that knows one account is a stranger to the next."""
    device = city.client.session.cookie_jar.filter_cookies(city.client.make_url("/console")).get("fangang_device")
    assert device is not None
    for _ in range(staff.TRIES_AN_HOUR):
        with pytest.raises(Refused, match="wrong"):
            await staff.sign_in(house.database, house.passwords, COUNTY, "guess", device.value, MORNING)
    with pytest.raises(Refused, match="too_many"):
        await staff.sign_in(house.database, house.passwords, COUNTY, PASSWORD, "", MORNING)


async def test_command_line_may_add_the_first_member(bare: House) -> None:
    token = str(await staff.setup_token(bare.database))
    new = staff.Newcomer("韦柳江", PASSWORD, LIUJIANG, Role.COUNTY)
    await staff.add(bare.database, bare.desk.areas, bare.passwords, new, MORNING)
    assert not await staff.setup_open(bare.database, token)
    assert {row["name"]: row["value"] for row in await bare.rows(tables.settings)}["office_area"] == LIUJIANG


async def test_every_answer_carries_the_safety_headers(house: House, city: Browser) -> None:
    for path in ("", "/nothing/here", "/registrations/99", "/static/console.css"):
        headers = (await city.get(path)).response.headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_console_speaks_the_language_of_each_member(house: House, city: Browser) -> None:
    page = await city.send("/settings/language", {"language": "en"})
    assert "Change your password" in page.text
    assert (await city.get("/registrations")).text.count("Sign-ups") > 0
    assert (await city.post("/settings/language", {"language": "xx"})).status == 404


async def test_own_password_is_changed_and_other_sign_ins_end(
    house: House, city: Browser, new_browser: NewBrowser
) -> None:
    other = await new_browser()
    await other.sign_in(CITY)
    wrong = {"old": "wrong", "password": "another long one", "again": "another long one"}
    page = await city.post("/settings/password", wrong)
    assert page.status == 422
    assert page.fault("old")
    await city.send("/settings/password", wrong | {"old": PASSWORD})
    assert (await other.get("")).status == 303
    assert (await city.get("")).status == 200
    assert (await other.sign_in(CITY, "another long one")).status == 303


async def test_forgotten_password_is_given_anew_by_who_manages_the_area(
    house: House, city: Browser, new_browser: NewBrowser
) -> None:
    county = await new_browser()
    await county.sign_in(COUNTY)
    await county.get("/settings")
    (member,) = [row for row in await house.rows(tables.staff) if row["name"] == COUNTY]
    assert (await county.post("/settings/staff/1/password", {"password": "taken over"})).status == 404
    assert (await city.post(f"/settings/staff/{member['id']}/password", {"password": "short"})).status == 422
    await city.send(f"/settings/staff/{member['id']}/password", {"password": "given anew"})
    assert (await county.get("")).status == 303
    assert (await county.sign_in(COUNTY, "given anew")).status == 303


async def test_what_is_no_form_breaks_nothing(house: House, city: Browser) -> None:
    address = "/console/sign-in"
    for body, kind in (
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"{}", "x/y"),
    ):
        answer = await city.client.post(address, data=body, headers={"Content-Type": kind}, allow_redirects=False)
        assert 400 <= answer.status < 500
        assert answer.headers["X-Frame-Options"] == "DENY"
    assert (await city.get("/registrations?q=%00%ff&day=%00&to=%00&older=%00")).status in {200, 404}
    huge = io.BytesIO(b"phone=" + b"1" * 2_000_000)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await city.client.post("/console/settings/office", data=huge, headers=form)).status == 413
    assert (await city.post("/settings/office", {"phone": "0772-\0007212345"})).status == 303
