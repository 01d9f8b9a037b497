"""Employers: the list with its search, adding, correcting and removing, and what people wrote that it doesn't hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiohttp import web

from console.answers import context
from console.forms import Form
from console.routes import Tab, get, post
from console.visit import Visit
from domain.employers import EmployerSheet, Kept
from domain.places import Place
from domain.refusals import NotFound, Refused
from domain.staff import Right
from flows.answers import places
from flows.answers.employers import EMPLOYER
from flows.flow import Choice
from flows.state import decoded
from services import employers

_BETWEEN = re.compile(r"[\n、，,；;]+")
LONGEST_NAME_IN_ADDRESS = 200


async def show_list(visit: Visit) -> web.Response:
    """The list, searched as the address says."""
    form = Form({"q": visit.asked.get("q", "")})
    after = visit.asked.get("after", "")[:LONGEST_NAME_IN_ADDRESS]
    found, following = await employers.find(visit.database, form.text("q"), after)
    return visit.page("employers.html", form=form, found=found, following=following, first=not after)


async def show_one(visit: Visit) -> web.Response:
    """One employer."""
    kept, bearing = await employers.show(visit.scope, visit.database, visit.id("id"))
    return visit.page("employer.html", kept=kept, bearing=bearing)


async def new(visit: Visit) -> web.Response:
    """The form for a new one."""
    return visit.page("employer_edit.html", kept=None, form=Form())


async def add(visit: Visit) -> web.Response:
    """Adds it."""
    form = Form(visit.typed)
    sheet = _sheet(visit, form)
    if sheet is not None:
        try:
            await employers.add(visit.scope, visit.database, visit.desk, sheet)
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go("/employers", "employers.said.added", name=sheet.name)
    return visit.page("employer_edit.html", status=422, kept=None, form=form)


async def edit(visit: Visit) -> web.Response:
    """The form with which one is corrected."""
    kept = await _mine(visit)
    return visit.page("employer_edit.html", kept=kept, form=Form(_words(visit, kept)))


async def save(visit: Visit) -> web.Response:
    """Stores the correction."""
    kept = await _mine(visit)
    form = Form(visit.typed)
    sheet = _sheet(visit, form, kept)
    if sheet is not None:
        try:
            seen = kept.changed_at if form["seen"] == kept.changed_at.isoformat() else None
            await employers.change(visit.scope, visit.database, visit.desk, kept.id, sheet, seen)
        except NotFound:
            raise
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go(f"/employers/{kept.id}", "employers.said.saved")
    return visit.page("employer_edit.html", status=422, kept=kept, form=form)


async def remove(visit: Visit) -> web.Response:
    """Takes it off the list."""
    name = await employers.remove(visit.scope, visit.database, visit.id("id"))
    return visit.go("/employers", "employers.said.removed", name=name)


async def show_unknown(visit: Visit) -> web.Response:
    """What registrations name that the list doesn't hold."""
    return visit.page("employers_unknown.html", found=await employers.unknown(visit.scope, visit.database))


async def merge(visit: Visit) -> web.Response:
    """First the form that says where an unknown one belongs, then what it says is done. The text is posted and stands
    in no address: people wrote it.
    """
    text = visit.typed.get("text", "")
    form = Form({"name": text, "into": _guess(visit, text)} | dict(visit.typed))
    bearing = next((one for one in await employers.unknown(visit.scope, visit.database) if one.text == text), None)
    if bearing is None:
        raise NotFound
    try:
        merged = await _merged(visit, form, text)
    except Refused as refused:
        form.take(refused)
        merged = None
    if merged is not None:
        return visit.go("/employers/unknown", "employers.said.merged", n=merged, name=text)
    return visit.page("employers_merge.html", status=200 if form.ok else 422, one=bearing, form=form)


async def _merged(visit: Visit, form: Form, text: str) -> int | None:
    """How many registrations were merged; None where the form is still to be filled in."""
    if form["deed"] == "into":
        name = form.read("into", EMPLOYER, context(visit))
        if not form.ok:
            form.choices = {field: _on_the_list(visit, choices) for field, choices in form.choices.items()}
            return None
        if not isinstance(name, str) or visit.desk.employers.get(name) is None:
            raise Refused("employers.into_unknown", "into")
        return await employers.merge(visit.scope, visit.database, visit.desk, text, name)
    if form["deed"] == "new":
        sheet = _sheet(visit, form)
        if sheet is not None:
            return await employers.merge_new(visit.scope, visit.database, visit.desk, text, sheet)
    return None


def _on_the_list(visit: Visit, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The choices without the one that stands for an employer which is not there."""
    return tuple(one for one in choices if visit.desk.employers.get(str(decoded(one.value, str))) is not None)


def _guess(visit: Visit, text: str) -> str:
    """The employer of the list that the text may mean, where it is one."""
    try:
        name = EMPLOYER.read(text, context(visit))
    except Refused:
        return ""
    return name if isinstance(name, str) and visit.desk.employers.get(name) is not None else ""


async def _mine(visit: Visit) -> Kept:
    kept, _ = await employers.show(visit.scope, visit.database, visit.id("id"))
    if not visit.scope.covers(kept.area):
        raise NotFound
    return kept


def _words(visit: Visit, kept: Kept) -> dict[str, str]:
    """The employer as it is typed."""
    return {
        "seen": kept.changed_at.isoformat(),
        "name": kept.employer.name,
        "short_names": "\n".join(kept.employer.short_names),
        "place": visit.texts.value(kept.employer.place) if kept.employer.place else "",
        "contact_name": kept.contact_name,
        "contact_phone": kept.contact_phone,
    }


def _sheet(visit: Visit, form: Form, kept: Kept | None = None) -> EmployerSheet | None:
    """The sheet that was typed; a place that still says what it said is not read again. None with the faults."""
    place: object = None
    if kept is not None and form.text("place") == _words(visit, kept)["place"]:
        place = kept.employer.place
    elif form.text("place"):
        place = form.read("place", places.DESTINATION, context(visit))
    if not form.ok:
        return None
    return EmployerSheet(
        name=form.text("name"),
        short_names=tuple(_BETWEEN.split(form.text("short_names"))),
        place=place if isinstance(place, Place) else None,
        contact_name=form.text("contact_name"),
        contact_phone=form.text("contact_phone"),
    )


TABS = (Tab("console.tab.employers", "/employers", Right.SEE, 55),)
ROUTES = (
    get("/employers", show_list, Right.SEE),
    get("/employers/new", new, Right.REGISTER),
    post("/employers/new", add, Right.REGISTER),
    get("/employers/unknown", show_unknown, Right.SEE),
    post("/employers/merge", merge, Right.REGISTER),
    get("/employers/{id}", show_one, Right.SEE),
    get("/employers/{id}/edit", edit, Right.REGISTER),
    post("/employers/{id}/edit", save, Right.REGISTER),
    post("/employers/{id}/remove", remove, Right.REGISTER),
)
