"""A typed day in both calendars, shown beside its field."""

from __future__ import annotations

from aiohttp import web

from console.routes import get
from console.visit import Visit
from domain.staff import Right


async def show(visit: Visit) -> web.Response:
    """The day that stands in the field which asks."""
    day = visit.asked.get(visit.asked.get("field", "day"), "")
    return web.Response(text=visit.lunar(day), content_type="text/plain")


ROUTES = (get("/day", show, Right.SEE),)
