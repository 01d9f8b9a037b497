"""Home: today at a glance."""

from __future__ import annotations

from aiohttp import web

from console.routes import Tab, get
from console.visit import Visit
from domain.staff import Right
from services.today import today
from storage.today_lists import ENOUGH


async def show(visit: Visit) -> web.Response:
    """The figures, the trips of the next days, and what went wrong."""
    found = await today(visit.scope, visit.database, visit.now)
    return visit.page("home.html", found=found, enough=ENOUGH)


TABS = (Tab("console.tab.home", "", Right.SEE, 10),)
ROUTES = (get("", show, Right.SEE), get("/", show, Right.SEE))
