"""Help requests: people who want a person."""

from __future__ import annotations

from aiohttp import web

from console.routes import Tab, get, post
from console.visit import Visit, whole_id
from domain.staff import Right
from services import help as requests
from storage.help import PAGE


async def show_list(visit: Visit) -> web.Response:
    """The open ones, the oldest first; or those that were closed."""
    closed = visit.asked.get("closed") == "1"
    after = whole_id(visit.asked["after"]) if "after" in visit.asked else None
    found = await requests.requests(visit.scope, visit.database, closed=closed, after=after)
    return visit.page("help.html", requests=found, closed=closed, more=found[-1].id if len(found) == PAGE else None)


async def close(visit: Visit) -> web.Response:
    """Marks one as seen to."""
    await requests.close(visit.scope, visit.database, visit.id("id"), visit.now)
    return visit.go("/help", "console.said.request_closed")


TABS = (Tab("console.tab.help", "/help", Right.SERVE, 50),)
ROUTES = (get("/help", show_list, Right.SERVE), post("/help/{id}/close", close, Right.SERVE))
