"""Settings: the language, one's own password, the office's phone, the staff."""

from __future__ import annotations

from aiohttp import web

from console.answers import read_area
from console.forms import Form
from console.routes import Tab, get, post
from console.visit import Visit
from domain.refusals import Faults, NotFound, Refused
from domain.staff import Right, Role
from services import office, staff


async def show(visit: Visit) -> web.Response:
    """Everything on one page."""
    return await _page(visit, {})


async def speak(visit: Visit) -> web.Response:
    """Another language."""
    language = visit.typed.get("language", "")
    if language not in visit.desk.catalogues:
        raise NotFound
    await staff.speak(visit.database, visit.member, language)
    return visit.go("/settings")


async def change_password(visit: Visit) -> web.Response:
    """Another password for oneself."""
    form = Form(visit.typed)
    if form["password"] != form["again"]:
        form.refuse("again", Refused("staff.password_differs"))
    else:
        try:
            await staff.change_password(
                visit.database, visit.house.passwords, visit.standing, form["old"], form["password"], visit.now
            )
        except Refused as refused:
            form.take(refused)
    if not form.ok:
        return await _page(visit, {"own": form})
    return visit.go("/settings", "console.said.password_changed")


async def change_office(visit: Visit) -> web.Response:
    """Another phone of the office; only for those who serve all of the home area."""
    if not visit.scope.covers(visit.desk.office.area):
        raise NotFound
    form = Form(visit.typed)
    try:
        asked = {name: form.text(name) != "" for name in ("identities", "companions")}
        await office.change(visit.database, visit.desk, form.text("phone"), **asked)
    except Refused as refused:
        form.take(refused)
        return await _page(visit, {"office": form})
    return visit.go("/settings", "console.said.office_changed")


async def add_member(visit: Visit) -> web.Response:
    """Another member of staff."""
    form = Form(visit.typed)
    area = read_area(form, "area", visit)
    new = staff.Newcomer(form.text("name"), form["password"], area, form.one_of("role", Role))
    form.take(Faults(staff.faults_of(new, visit.desk.areas)))
    if form.ok:
        try:
            await staff.add(visit.database, visit.desk.areas, visit.house.passwords, new, visit.now, visit.scope)
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go("/settings", "console.said.member_added", name=new.name)
    return await _page(visit, {"new": form})


async def shut(visit: Visit) -> web.Response:
    """Shuts an account."""
    await staff.shut(visit.scope, visit.database, visit.id("id"), visit.now)
    return visit.go("/settings", "console.said.member_shut")


async def give_password(visit: Visit) -> web.Response:
    """Another password for a colleague who forgot theirs."""
    form = Form(visit.typed)
    try:
        await staff.give_password(
            visit.scope, visit.database, visit.house.passwords, visit.id("id"), form["password"], visit.now
        )
    except NotFound:
        raise
    except Refused as refused:
        form.take(refused)
        return await _page(visit, {"given": form}, given_to=visit.id("id"))
    return visit.go("/settings", "console.said.password_given")


async def reopen(visit: Visit) -> web.Response:
    """Opens it again."""
    await staff.reopen(visit.scope, visit.database, visit.id("id"))
    return visit.go("/settings", "console.said.member_reopened")


async def _page(visit: Visit, forms: dict[str, Form], given_to: int | None = None) -> web.Response:
    manages = visit.member.may(Right.MANAGE)
    defaults = {
        "own": Form(),
        "given": Form(),
        "office": Form(
            {
                "phone": visit.desk.office.phone,
                "identities": "1" if visit.desk.office.identities else "",
                "companions": "1" if visit.desk.office.companions else "",
            }
        ),
        "new": Form({"area": visit.desk.areas[visit.member.area].name}),
    }
    return visit.page(
        "settings.html",
        status=200 if all(form.ok for form in forms.values()) else 422,
        forms=defaults | forms,
        given_to=given_to,
        languages=list(visit.desk.catalogues),
        colleagues=await staff.colleagues(visit.scope, visit.database) if manages else [],
        manages=manages,
        holds_office=manages and visit.scope.covers(visit.desk.office.area),
        roles=[("", visit.say("role.natural")), *((role.value, visit.say(f"role.{role}")) for role in Role)],
    )


TABS = (Tab("console.tab.settings", "/settings", Right.SEE, 90),)
ROUTES = (
    get("/settings", show, Right.SEE),
    post("/settings/language", speak, Right.SEE),
    post("/settings/password", change_password, Right.SEE),
    post("/settings/office", change_office, Right.MANAGE),
    post("/settings/staff", add_member, Right.MANAGE),
    post("/settings/staff/{id}/password", give_password, Right.MANAGE),
    post("/settings/staff/{id}/shut", shut, Right.MANAGE),
    post("/settings/staff/{id}/reopen", reopen, Right.MANAGE),
)
