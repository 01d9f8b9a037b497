"""Registrations: the list with its search and filters, one person's page, correcting and cancelling."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from console.answers import context, sought_area
from console.forms import Form
from console.routes import Tab, get, post
from console.visit import Visit, whole_id
from domain.days import Window
from domain.ledger import RegistrationPage, RegistrationSearch, Standing
from domain.marks import GROUPS, NEEDS, Mark
from domain.people import Name, Phone, masked_identity
from domain.places import Place
from domain.refusals import Refused
from domain.registrations import Direction, Wish
from domain.staff import Right
from flows.answers import days, employers, names, parties, phones, places
from services import marking, registrations

FILTERS = ("q", "day", "undecided", "to", "county", "standing")


async def show_list(visit: Visit) -> web.Response:
    """The list, filtered as the address says."""
    form = Form({name: visit.asked.get(name, "") for name in FILTERS})
    search = RegistrationSearch(
        text=form.text("q"),
        day=form.day("day"),
        undecided=bool(form.text("undecided")),
        destination=sought_area(form, "to", visit),
        county=form.text("county") if form.text("county") in visit.desk.areas else "",
        standing=form.one_of("standing", Standing),
        older_than=_edge(visit, "older"),
        newer_than=_edge(visit, "newer"),
    )
    found = await registrations.find(visit.scope, visit.database, search)
    filters = urlencode({name: form.text(name) for name in FILTERS if form.text(name)})
    return visit.page(
        "registrations.html",
        form=form,
        found=found,
        filters=filters,
        counties=counties(visit),
        standings=list(Standing),
    )


async def show_one(visit: Visit) -> web.Response:
    """One person's registration."""
    page = await registrations.show(visit.scope, visit.database, visit.id("id"))
    marks = await marking.of(visit.scope, visit.database, page.id)
    identity = masked_identity(page.wish.identity.digits) if page.wish.identity else ""
    return visit.page("registration.html", page=page, identity=identity, marks=marks, groups=GROUPS, needs=NEEDS)


async def mark(visit: Visit) -> web.Response:
    """Exactly the marks that are ticked."""
    wanted = [one for one in Mark if visit.typed.get(one)]
    await marking.put(visit.scope, visit.database, visit.desk, visit.id("id"), wanted)
    return visit.go(f"/registrations/{visit.id('id')}", "console.said.marked")


async def edit(visit: Visit) -> web.Response:
    """The form with which it is corrected, everything in the words that the readers read."""
    page = await registrations.show(visit.scope, visit.database, visit.id("id"))
    return visit.page("registration_edit.html", page=page, form=Form(_words(visit, page) | {"seen": _seen(page)}))


async def save(visit: Visit) -> web.Response:
    """Stores the correction."""
    page = await registrations.show(visit.scope, visit.database, visit.id("id"))
    form = Form(visit.typed)
    wish = _wish(visit, form, page)
    if wish is not None:
        try:
            seen = page.changed_at if form["seen"] == _seen(page) else datetime.min.replace(tzinfo=visit.now.tzinfo)
            await registrations.correct(visit.scope, visit.database, visit.desk, page.id, wish, seen)
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go(f"/registrations/{page.id}", "console.said.corrected", number=page.number)
    return visit.page("registration_edit.html", status=422, page=page, form=form)


async def cancel(visit: Visit) -> web.Response:
    """Cancels it."""
    await registrations.cancel(visit.scope, visit.database, visit.desk, visit.id("id"))
    return visit.go(f"/registrations/{visit.id('id')}", "console.said.registration_cancelled")


def counties(visit: Visit) -> list[tuple[str, str]]:
    """The areas below the member's own, to choose among: code and name."""
    areas = visit.desk.areas
    found: list[tuple[str, str]] = []
    for child in areas.children(visit.member.area):
        found.append((child.code, child.name))
        found += [(below.code, f"{child.name} {below.name}") for below in areas.children(child.code)]
    return found


def _edge(visit: Visit, name: str) -> int | None:
    text = visit.asked.get(name)
    return None if text is None else whole_id(text)


def _seen(page: RegistrationPage) -> str:
    return page.changed_at.isoformat()


def _words(visit: Visit, page: RegistrationPage) -> dict[str, str]:
    """The wish as it is typed."""
    wish, value = page.wish, visit.texts.value
    return {
        "direction": wish.direction,
        "day": value(wish.window),
        "origin": value(wish.origin),
        "destination": value(wish.destination),
        "employer": wish.employer,
        "name": wish.name.text,
        "phone": value(wish.phone),
        "party": str(wish.party),
    }


def _wish(visit: Visit, form: Form, page: RegistrationPage) -> Wish | None:
    """The wish that was typed; a field that still says what it said is not read again. None with the faults."""
    known, was, at = _words(visit, page), page.wish, context(visit)

    def changed(name: str) -> bool:
        return form.text(name) != known[name]

    window = form.read("day", days.WINDOW, at) if changed("day") else was.window
    origin = form.read("origin", places.ORIGIN, at) if changed("origin") else was.origin
    destination = form.read("destination", places.DESTINATION, at) if changed("destination") else was.destination
    employer: object = was.employer
    if changed("employer"):
        employer = (form.read("employer", employers.EMPLOYER, at) or "") if form.text("employer") else ""
    name = form.read("name", names.NAME, at) if changed("name") else was.name
    phone = form.read("phone", phones.PHONE, at) if changed("phone") else was.phone
    party = form.read("party", parties.PARTY, at) if changed("party") else was.party
    match (window, origin, destination, employer, name, phone, party):
        case (Window(), Place(), Place(), str(), Name(), Phone(), int()) if form.ok:
            direction = form.one_of("direction", Direction) or was.direction
            return Wish(direction, window, origin, destination, employer, name, phone, party, was.identity)
    return None


TABS = (Tab("console.tab.registrations", "/registrations", Right.SEE, 20),)
ROUTES = (
    get("/registrations", show_list, Right.SEE),
    get("/registrations/{id}", show_one, Right.SEE),
    get("/registrations/{id}/edit", edit, Right.REGISTER),
    post("/registrations/{id}/edit", save, Right.REGISTER),
    post("/registrations/{id}/marks", mark, Right.REGISTER),
    post("/registrations/{id}/cancel", cancel, Right.REGISTER),
)
