"""The very first screen: the one-time link sets the first member of staff, the home area and the office's phone."""

from __future__ import annotations

from aiohttp import web

from console.answers import read_area
from console.forms import Form
from console.routes import get, post
from console.visit import Visit
from domain.office import HOTLINE
from domain.refusals import Faults, Refused
from services import staff


async def show(visit: Visit) -> web.Response:
    """The form, while the link is good."""
    if not await staff.setup_open(visit.database, visit.request.match_info["token"]):
        return _used(visit)
    home = visit.desk.office.area
    area = visit.desk.areas[home].name if home in visit.desk.areas else ""
    return _form(visit, Form({"phone": HOTLINE, "area": area}))


async def save(visit: Visit) -> web.Response:
    """Makes the first member of staff and leads on to signing in."""
    token, form = visit.request.match_info["token"], Form(visit.typed)
    if not await staff.setup_open(visit.database, token):
        return _used(visit)
    if form["password"] != form["again"]:
        form.refuse("again", Refused("staff.password_differs"))
    area = read_area(form, "area", visit)
    new = staff.Newcomer(form.text("name"), form["password"], area, language=visit.texts.language)
    form.take(Faults(staff.faults_of(new, visit.desk.areas)))
    if not form.ok:
        return _form(visit, form)
    try:
        await staff.set_up(visit.database, visit.desk, visit.house.passwords, token, new, form["phone"])
    except Refused as refused:
        if refused.key == "setup.used":
            return _used(visit)
        form.take(refused)
        return _form(visit, form)
    return visit.go("/sign-in", "console.said.set_up")


def _form(visit: Visit, form: Form) -> web.Response:
    return visit.page("setup.html", status=200 if form.ok else 422, form=form)


def _used(visit: Visit) -> web.Response:
    return visit.page("refused.html", status=403, words="setup.used")


ROUTES = (get("/setup/{token}", show, None), post("/setup/{token}", save, None))
