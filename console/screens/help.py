"""The help ledger: what people ask for, one request with everything that was said in it, and the staff's answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiohttp import web

from console.forms import Form
from console.routes import Tab, get, post
from console.visit import Visit, whole_id
from domain.ledger_requests import HelpKind
from domain.refusals import NotFound, Refused
from domain.staff import Right
from services import help as requests
from storage.help_lists import PAGE
from texts.say import Words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def show_list(visit: Visit) -> web.Response:
    """The open ones, who waits longest first; or those that were closed."""
    closed = visit.asked.get("closed") == "1"
    kind = visit.asked.get("kind", "")
    kind = kind if kind in set(HelpKind) else ""
    skip = whole_id(visit.asked["skip"]) if "skip" in visit.asked else 0
    found = await requests.requests(visit.scope, visit.database, closed=closed, kind=kind, skip=skip)
    return visit.page(
        "help.html",
        requests=found,
        closed=closed,
        kind=kind,
        kinds=list(HelpKind),
        waited={one.id: waited(visit.now - one.waits_since) for one in found if one.waits_since},
        more=skip + PAGE if len(found) == PAGE else None,
        form=Form({"kind": kind}),
    )


async def show_one(visit: Visit) -> web.Response:
    """One request with its messages, and the box for an answer."""
    return await _page(visit, Form())


async def show_exchange(visit: Visit) -> web.Response:
    """The messages alone, for the page that looks after them every few seconds."""
    return visit.page("help_said.html", 200, **await _found(visit))


async def answer(visit: Visit) -> web.Response:
    """Answers the person."""
    form = Form(visit.typed)
    request = visit.id("id")
    try:
        await requests.answer(visit.scope, visit.database, visit.desk, request, form["text"])
    except NotFound:
        raise
    except Refused as refused:
        form.take(refused)
        return await _page(visit, form, status=422)
    return visit.go(f"/help/{request}", "console.said.answered")


async def close(visit: Visit) -> web.Response:
    """Marks one as seen to."""
    seen = whole_id(visit.typed["seen"]) if "seen" in visit.typed else None
    request = visit.id("id")
    try:
        await requests.close(visit.scope, visit.database, visit.desk, request, seen)
    except NotFound:
        raise
    except Refused as refused:
        form = Form()
        form.take(refused)
        return await _page(visit, form, status=409)
    return visit.go("/help", "console.said.request_closed")


def waited(time: timedelta) -> Words:
    """How long somebody has waited, roughly: minutes, hours, days."""
    if time < HOUR:
        return Words("help.minutes", {"n": max(time // timedelta(minutes=1), 1)})
    if time < DAY:
        return Words("help.hours", {"n": time // HOUR})
    return Words("help.days", {"n": time // DAY})


async def _page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return visit.page("help_one.html", status, form=form, **await _found(visit))


async def _found(visit: Visit) -> dict[str, object]:
    found = await requests.exchange(visit.scope, visit.database, visit.id("id"))
    since: datetime | None = found.request.waits_since
    return {
        "request": found.request,
        "said_there": found.said,
        "seen": found.said[-1].id if found.said else 0,
        "waited": waited(visit.now - since) if since else None,
        "longest": requests.LONGEST,
    }


TABS = (Tab("console.tab.help", "/help", Right.SERVE, 50),)
ROUTES = (
    get("/help", show_list, Right.SERVE),
    get("/help/{id}", show_one, Right.SERVE),
    get("/help/{id}/said", show_exchange, Right.SERVE),
    post("/help/{id}/answer", answer, Right.SERVE),
    post("/help/{id}/close", close, Right.SERVE),
)
