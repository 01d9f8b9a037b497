"""One trip and who sits on it: the roster, putting people on, taking them off, moving them."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from console.forms import Form
from console.routes import get, post
from console.visit import Visit, whole_id
from domain.days import today as day_of
from domain.ledger import RegistrationLine, RegistrationSearch, Standing
from domain.refusals import NotFound, Refused
from domain.rosters import Placed, TripPage
from domain.staff import Right
from domain.trips import TripStatus
from services import registrations, seats, today, trips

FREE = (Standing.WAITING, Standing.NOT_COMING)


async def show_trip(visit: Visit) -> web.Response:
    """The trip with its people, and those who could be put on it."""
    page = await trips.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    return await _page(visit, page, Form({"q": visit.asked.get("q", "")}))


async def place(visit: Visit) -> web.Response:
    """Puts the people on it who were ticked."""
    picked = [whole_id(name.removeprefix("pick.")) for name in visit.typed if name.startswith("pick.")]
    if not picked:
        page = await trips.show(visit.scope, visit.database, visit.desk, visit.id("id"))
        form = Form({"q": visit.typed.get("q", "")})
        form.refuse("pick", Refused("trips.nobody_picked"))
        return await _page(visit, page, form)
    placed = await seats.place(
        visit.scope, visit.database, visit.desk, visit.id("id"), whole_id(visit.typed.get("stop", "")), picked
    )
    return _placed(visit, placed)


async def place_all(visit: Visit) -> web.Response:
    """Puts everybody on it who fits."""
    stop = whole_id(visit.typed["stop"]) if visit.typed.get("stop") else None
    placed = await seats.place_all_that_fit(visit.scope, visit.database, visit.desk, visit.id("id"), stop)
    return _placed(visit, placed)


async def release(visit: Visit) -> web.Response:
    """Takes somebody off."""
    await seats.release(visit.scope, visit.database, visit.desk, visit.id("seat"))
    return visit.go(f"/trips/{visit.id('id')}", "console.said.released")


async def ask_where(visit: Visit) -> web.Response:
    """The stops and trips that somebody can be moved to."""
    return await _where(visit, Form())


async def move(visit: Visit) -> web.Response:
    """Moves somebody."""
    form = Form(visit.typed)
    trip, _, stop = form.text("to").partition("-")
    if not stop:
        form.refuse("to", Refused("trips.nowhere_picked"))
        return await _where(visit, form)
    try:
        await seats.move(visit.scope, visit.database, visit.desk, visit.id("seat"), whole_id(trip), whole_id(stop))
    except NotFound:
        raise
    except Refused as refused:
        form.refuse("to", refused)
        return await _where(visit, form)
    return visit.go(f"/trips/{whole_id(trip)}", "console.said.moved")


async def _page(visit: Visit, page: TripPage, form: Form) -> web.Response:
    everybody = [*page.passengers, *page.declined]
    answered = {
        "coming": sum(one.party for one in page.passengers if one.coming),
        "no_answer": sum(one.party for one in page.passengers if one.coming is None),
        "declined": sum(one.party for one in page.declined),
    }
    return visit.page(
        "trip.html",
        status=200 if form.ok else 422,
        page=page,
        form=form,
        answered=answered,
        stops={stop.id: stop for stop in page.trip.stops},
        reached=await today.reached(visit.database, [one.seat for one in everybody]),
        candidates=await _candidates(visit, page, form.text("q")),
        free=FREE,
        code_query=urlencode({"trip": page.trip.id}),
    )


async def _candidates(visit: Visit, page: TripPage, text: str) -> tuple[RegistrationLine, ...]:
    """Whoever was searched for, or those without a seat whom the trip suits."""
    if page.trip.status is TripStatus.CANCELLED or not visit.member.may(Right.PLAN):
        return ()
    fitting = RegistrationSearch(
        day=day_of(page.trip.departs_at), destination=page.trip.destination.code, standing=Standing.WAITING
    )
    search = RegistrationSearch(text=text) if text else fitting
    return (await registrations.find(visit.scope, visit.database, search)).lines


async def _where(visit: Visit, form: Form) -> web.Response:
    page = await trips.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    seat = visit.id("seat")
    passenger = next((one for one in page.passengers if one.seat == seat), None)
    if passenger is None:
        raise NotFound
    ahead = await today.ahead(visit.scope, visit.database, visit.now)
    near_first = sorted(
        ahead, key=lambda one: (one.trip.id != page.trip.id, one.trip.destination.code != page.trip.destination.code)
    )
    return visit.page(
        "seat_move.html", status=200 if form.ok else 422, form=form, page=page, passenger=passenger, ahead=near_first
    )


def _placed(visit: Visit, placed: Placed) -> web.Response:
    path = f"/trips/{visit.id('id')}"
    if not placed.seats and not (placed.no_room or placed.elsewhere or placed.cancelled):
        return visit.go(path, "console.said.placed_nobody")
    if placed.no_room or placed.elsewhere or placed.cancelled:
        return visit.go(
            path,
            "console.said.placed_some",
            n=len(placed.seats),
            no_room=len(placed.no_room),
            elsewhere=len(placed.elsewhere),
            cancelled=len(placed.cancelled),
        )
    return visit.go(path, "console.said.placed", n=len(placed.seats))


ROUTES = (
    post("/trips/{id}/place", place, Right.PLAN),
    post("/trips/{id}/place-all", place_all, Right.PLAN),
    post("/trips/{id}/seats/{seat}/release", release, Right.PLAN),
    get("/trips/{id}/seats/{seat}/move", ask_where, Right.PLAN),
    post("/trips/{id}/seats/{seat}/move", move, Right.PLAN),
)
