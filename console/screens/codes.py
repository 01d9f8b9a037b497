"""Printed codes: a QR code for a place or a trip, and the page to print."""

from __future__ import annotations

import io
from datetime import datetime

import segno
from aiohttp import web
from markupsafe import Markup

from console.answers import context
from console.forms import Form
from console.routes import Tab, get, post
from console.visit import Visit, whole_id
from domain.places import Place
from domain.refusals import NotFound, Refused
from domain.staff import Right
from flows.answers import places
from services import codes, trips
from services import office as offices
from services.desk import DEFAULT_LANGUAGE
from storage.codes import PAGE


async def show_list(visit: Visit) -> web.Response:
    """The codes that were made."""
    before = _moment(visit.asked["before"]) if "before" in visit.asked else None
    found = await codes.codes(visit.scope, visit.database, before)
    older = found[-1].created_at.isoformat() if len(found) == PAGE else None
    return visit.page("codes.html", codes=found, older=older, first=before is None)


async def new(visit: Visit) -> web.Response:
    """The form; for a trip its place is settled."""
    form = Form({"trip": visit.asked.get("trip", "")})
    return await _form(visit, form)


async def make(visit: Visit) -> web.Response:
    """Makes the code and shows the page to print."""
    form = Form(visit.typed)
    trip = whole_id(form.text("trip")) if form.text("trip") else None
    origin: object = None
    if trip is None and form.text("origin"):
        origin = form.read("origin", places.ORIGIN, context(visit))
    if not form.ok:
        return await _form(visit, form)
    try:
        letters = await codes.make(
            visit.scope,
            visit.database,
            visit.desk,
            form.text("label"),
            origin if isinstance(origin, Place) else None,
            trip,
        )
    except NotFound:
        raise
    except Refused as refused:
        form.take(refused)
        return await _form(visit, form)
    return visit.go(f"/codes/{letters}")


async def show_one(visit: Visit) -> web.Response:
    """The page to print."""
    code, trip = await codes.show(visit.scope, visit.database, visit.request.match_info["code"])
    link = f"{visit.house.public_url}/chat?code={code.code}"
    bot = await offices.telegram_bot(visit.database)
    telegram = f"https://t.me/{bot}?start={code.code}" if bot else ""
    sheet = visit.desk.catalogue(DEFAULT_LANGUAGE)  # what hangs in a village is Chinese, whoever prints it
    return visit.page(
        "code.html",
        code=code,
        trip=trip,
        link=link,
        qr=_picture(link),
        telegram=telegram,
        telegram_qr=_picture(telegram) if telegram else "",
        office=visit.desk.office,
        sheet=sheet,
    )


async def _form(visit: Visit, form: Form) -> web.Response:
    trip = None
    if form.text("trip"):
        trip = (await trips.show(visit.scope, visit.database, visit.desk, whole_id(form.text("trip")))).trip
    return visit.page("code_new.html", status=200 if form.ok else 422, form=form, trip=trip)


def _picture(link: str) -> Markup:
    """The QR code as SVG; level Q still reads where a quarter of the paper is worn."""
    out = io.BytesIO()
    segno.make(link, error="q", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, title=link
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno's own output, whose only text it escapes


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.tzinfo is None:
        raise NotFound
    return found


TABS = (Tab("console.tab.codes", "/codes", Right.CODES, 60),)
ROUTES = (
    get("/codes", show_list, Right.CODES),
    get("/codes/new", new, Right.CODES),
    post("/codes/new", make, Right.CODES),
    get("/codes/{code}", show_one, Right.CODES),
)
