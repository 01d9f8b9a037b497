"""Signing in and out."""

from __future__ import annotations

from aiohttp import web

from console.door import SIGN_IN, set_cookie
from console.forms import Form
from console.routes import get, post
from console.visit import BASE, Visit
from domain.refusals import Refused
from domain.staff import Right
from services import staff

DEVICE = "fangang_device"  # tells a browser that was signed in before from a stranger's
DEVICE_DAYS = 400  # the most that browsers keep a cookie


async def show(visit: Visit) -> web.StreamResponse:
    """The form; whoever is signed in goes on."""
    if visit.sign_in is not None:
        return visit.go(_onward(visit))
    return _form(visit, Form())


async def enter(visit: Visit) -> web.StreamResponse:
    """Signs in."""
    form = Form(visit.typed)
    device = visit.request.cookies.get(DEVICE, "")
    try:
        given = await staff.sign_in(
            visit.database, visit.house.passwords, form["name"], form["password"], device, visit.now
        )
    except Refused as refused:
        form.take(refused)
        return _form(visit, form)
    response = visit.go(_onward(visit))
    set_cookie(response, visit.house, SIGN_IN, given.token)
    set_cookie(response, visit.house, DEVICE, given.device, days=DEVICE_DAYS)
    return response


async def leave(visit: Visit) -> web.StreamResponse:
    """Signs out."""
    await staff.sign_out(visit.database, visit.standing, visit.now)
    response = visit.go("/sign-in", "console.said.signed_out")
    response.del_cookie(SIGN_IN, path=BASE)
    return response


def _onward(visit: Visit) -> str:
    """Where the person wanted to go: an address of the console and no other."""
    wanted = visit.asked.get("next", "")
    ours = wanted.startswith(f"{BASE}/") and "\\" not in wanted and wanted.isprintable()
    return wanted.removeprefix(BASE) if ours else ""


def _form(visit: Visit, form: Form) -> web.Response:
    return visit.page("sign_in.html", status=200 if form.ok else 403, form=form)


ROUTES = (get("/sign-in", show, None), post("/sign-in", enter, None), post("/sign-out", leave, Right.SEE))
