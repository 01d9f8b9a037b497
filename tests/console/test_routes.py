"""Every route, and who may use it: written down here once more, so that a new one can't slip in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aiohttp import web

from console.app import console_app
from console.routes import table
from domain.staff import MAY, Right, Role
from storage import tables
from tests.console.conftest import NewBrowser
from tests.console.setting import CITY, LIUCHENG, OTHER_COUNTY, PASSWORD, PROVINCE, Browser, House

OPEN, SEE, REGISTER, PLAN = None, Right.SEE, Right.REGISTER, Right.PLAN
TELL, SERVE, CODES, MANAGE = Right.TELL, Right.SERVE, Right.CODES, Right.MANAGE

WHO_MAY: Mapping[tuple[str, str], Right | None] = {
    ("GET", ""): SEE,
    ("GET", "/"): SEE,
    ("GET", "/setup/{token}"): OPEN,
    ("POST", "/setup/{token}"): OPEN,
    ("GET", "/sign-in"): OPEN,
    ("POST", "/sign-in"): OPEN,
    ("POST", "/sign-out"): SEE,
    ("GET", "/day"): SEE,
    ("GET", "/registrations"): SEE,
    ("GET", "/registrations/{id}"): SEE,
    ("GET", "/registrations/{id}/edit"): REGISTER,
    ("POST", "/registrations/{id}/edit"): REGISTER,
    ("POST", "/registrations/{id}/marks"): REGISTER,
    ("POST", "/registrations/{id}/cancel"): REGISTER,
    ("GET", "/trips"): SEE,
    ("GET", "/trips/new"): PLAN,
    ("POST", "/trips/new"): PLAN,
    ("GET", "/trips/{id}"): SEE,
    ("GET", "/trips/{id}/edit"): PLAN,
    ("POST", "/trips/{id}/edit"): PLAN,
    ("POST", "/trips/{id}/publish"): PLAN,
    ("POST", "/trips/{id}/cancel"): PLAN,
    ("POST", "/trips/{id}/place"): PLAN,
    ("POST", "/trips/{id}/place-all"): PLAN,
    ("POST", "/trips/{id}/seats/{seat}/release"): PLAN,
    ("GET", "/trips/{id}/seats/{seat}/move"): PLAN,
    ("POST", "/trips/{id}/seats/{seat}/move"): PLAN,
    ("GET", "/notices"): TELL,
    ("GET", "/notices/new"): TELL,
    ("POST", "/notices/new"): TELL,
    ("POST", "/notices/readers"): TELL,
    ("GET", "/notices/{id}"): TELL,
    ("GET", "/notices/{id}/edit"): TELL,
    ("POST", "/notices/{id}/edit"): TELL,
    ("GET", "/notices/{id}/progress"): TELL,
    ("POST", "/notices/{id}/send"): TELL,
    ("POST", "/notices/{id}/{deed}"): TELL,
    ("GET", "/help"): SERVE,
    ("GET", "/help/{id}"): SERVE,
    ("GET", "/help/{id}/said"): SERVE,
    ("POST", "/help/{id}/answer"): SERVE,
    ("POST", "/help/{id}/close"): SERVE,
    ("GET", "/codes"): CODES,
    ("GET", "/codes/new"): CODES,
    ("POST", "/codes/new"): CODES,
    ("GET", "/codes/{code}"): CODES,
    ("GET", "/employers"): SEE,
    ("GET", "/employers/new"): REGISTER,
    ("POST", "/employers/new"): REGISTER,
    ("GET", "/employers/unknown"): SEE,
    ("POST", "/employers/merge"): REGISTER,
    ("GET", "/employers/{id}"): SEE,
    ("GET", "/employers/{id}/edit"): REGISTER,
    ("POST", "/employers/{id}/edit"): REGISTER,
    ("POST", "/employers/{id}/remove"): REGISTER,
    ("GET", "/settings"): SEE,
    ("POST", "/settings/language"): SEE,
    ("POST", "/settings/password"): SEE,
    ("POST", "/settings/office"): MANAGE,
    ("POST", "/settings/staff"): MANAGE,
    ("POST", "/settings/staff/{id}/password"): MANAGE,
    ("POST", "/settings/staff/{id}/shut"): MANAGE,
    ("POST", "/settings/staff/{id}/reopen"): MANAGE,
}
ROLE_OF = {CITY: Role.CITY, OTHER_COUNTY: Role.COUNTY, PROVINCE: Role.REGION}
NOT_THERE = {"{id}": "999", "{seat}": "999", "{token}": "made-up", "{deed}": "stop", "{code}": "NOTHING"}
TURNED_AWAY = 403


def test_every_route_is_written_down_here() -> None:
    assert {(route.method, route.path): route.needs for route in table()} == dict(WHO_MAY)


def test_the_application_serves_nothing_beside_the_table(house: House) -> None:
    app = console_app(house.database, house.desk, secure=True, public_url="https://fangang.example")
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if not isinstance(route.resource, web.StaticResource) and route.resource is not None
    }
    assert served <= set(WHO_MAY) | {("HEAD", path) for method, path in WHO_MAY if method == "GET"}


async def test_nobody_comes_in_without_signing_in(house: House, stranger: Browser) -> None:
    before = [await house.rows(one) for one in tables.metadata.sorted_tables if one.name != "sign_ins"]
    await stranger.get("/sign-in")
    for (method, path), needs in WHO_MAY.items():
        if needs is None:
            continue
        page = await (stranger.get(_at(path)) if method == "GET" else stranger.post(_at(path)))
        assert page.status == 303, (method, path)
        assert page.at.startswith("/console/sign-in")
    assert [await house.rows(one) for one in tables.metadata.sorted_tables if one.name != "sign_ins"] == before


@pytest.mark.parametrize("name", sorted(ROLE_OF))
async def test_each_role_may_what_the_table_says(house: House, new_browser: NewBrowser, name: str) -> None:
    browser = await new_browser()
    await browser.sign_in(name)
    await browser.get("/settings")
    for (method, path), needs in WHO_MAY.items():
        if needs is None or path in {"/sign-out", "/settings/language"}:
            continue
        form = {"password": PASSWORD} if path.endswith("/password") else {}
        page = await (browser.get(_at(path)) if method == "GET" else browser.post(_at(path), form))
        allowed = needs in MAY[ROLE_OF[name]]
        assert (page.status == TURNED_AWAY) is not allowed, (method, path, page.status)
        assert page.status < 500, (method, path, page.status)
        if allowed and "{" in path:
            assert page.status == 404, (method, path, page.status)


async def test_form_without_its_token_is_refused_everywhere(house: House, city: Browser) -> None:
    for method, path in WHO_MAY:
        if method == "POST":
            assert (await city.post(_at(path), csrf="made-up")).status == TURNED_AWAY, path


async def test_tabs_are_those_that_the_role_may_open(house: House, new_browser: NewBrowser) -> None:
    await house.sign_up(origin=LIUCHENG)
    for name, role in ROLE_OF.items():
        browser = await new_browser()
        await browser.sign_in(name)
        text = (await browser.get("")).text
        for right, path in ((TELL, "/notices"), (SERVE, "/help"), (CODES, "/codes")):
            assert (f'href="/console{path}"' in text) is (right in MAY[role])


def _at(path: str) -> str:
    for gap, value in NOT_THERE.items():
        path = path.replace(gap, value)
    return path
