"""Trips: the list, making and changing one, publishing it, calling it off; who sits on it is in seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from console.answers import context, sought_area
from console.forms import Form
from console.routes import Tab, get, post
from console.screens.registrations import counties
from console.screens.seats import show_trip
from console.visit import Visit, whole_id
from domain.days import SHANGHAI
from domain.places import Place
from domain.refusals import Faults, Refused
from domain.reminders import RULES, Reminder
from domain.rosters import TripSearch
from domain.sheets import FULL, Sheet, StopSheet, sheet_of
from domain.staff import Right
from domain.trips import MOST_SEATS, Mode, Trip, TripStatus
from flows.answers import places
from services import trips
from storage.trips import PAGE

MOST_STOPS = 30
FILTERS = ("q", "day", "to", "status")


async def show_list(visit: Visit) -> web.Response:
    """The list, filtered as the address says."""
    form = Form({name: visit.asked.get(name, "") for name in FILTERS})
    search = TripSearch(
        day=form.day("day"),
        status=form.one_of("status", TripStatus),
        destination=sought_area(form, "to", visit),
        code=form.text("q"),
        after=whole_id(visit.asked["older"]) if "older" in visit.asked else None,
    )
    lines = await trips.list_trips(visit.scope, visit.database, visit.desk, search)
    filters = {name: form.text(name) for name in FILTERS if form.text(name)}
    return visit.page(
        "trips.html",
        form=form,
        lines=lines,
        filters=filters,
        first=search.after is None,
        older=lines[-1].id if len(lines) == PAGE else None,
        statuses=list(TripStatus),
    )


async def new(visit: Visit) -> web.Response:
    """An empty form."""
    start = {"area": visit.member.area, "mode": Mode.COACH.value, "cap": "100", "stops": "1", **_switches(())}
    return _form(visit, Form(start), None)


async def edit(visit: Visit) -> web.Response:
    """The form of a trip as it stands."""
    trip = (await trips.show(visit.scope, visit.database, visit.desk, visit.id("id"))).trip
    return _form(visit, Form(_typed(visit, trip)), trip)


async def make(visit: Visit) -> web.Response:
    """Stores a new draft."""
    return await _save(visit, None)


async def change(visit: Visit) -> web.Response:
    """Stores what was changed; people on a published trip are told."""
    trip = (await trips.show(visit.scope, visit.database, visit.desk, visit.id("id"))).trip
    return await _save(visit, trip)


async def publish(visit: Visit) -> web.Response:
    """Publishes it; what is still missing is shown in its form."""
    number = visit.id("id")
    try:
        told = await trips.publish(visit.scope, visit.database, visit.desk, number)
    except Faults as faults:
        trip = (await trips.show(visit.scope, visit.database, visit.desk, number)).trip
        form = Form(_typed(visit, trip))
        form.take(faults)
        form.refuse("", Refused("trips.not_yet"))
        return _form(visit, form, trip)
    return visit.go(f"/trips/{number}", "console.said.published", told=told.told, unreachable=told.unreachable)


async def call_off(visit: Visit) -> web.Response:
    """Calls it off."""
    told = await trips.call_off(visit.scope, visit.database, visit.desk, visit.id("id"))
    path = f"/trips/{visit.id('id')}"
    return visit.go(path, "console.said.called_off", told=told.told, unreachable=told.unreachable)


async def _save(visit: Visit, trip: Trip | None) -> web.Response:
    form = Form(_rows_changed(visit.typed))
    if "do" in visit.typed and visit.typed["do"] != "save":
        return _form(visit, form, trip)
    sheet = _sheet(visit, form, trip)
    try:
        number = await trips.save(visit.scope, visit.database, visit.desk, sheet, trip.id if trip else None)
    except Refused as refused:
        form.take(refused)
        return _form(visit, form, trip)
    return visit.go(f"/trips/{number}", "console.said.trip_changed" if trip else "console.said.trip_made")


def _form(visit: Visit, form: Form, trip: Trip | None) -> web.Response:
    own = visit.desk.areas[visit.member.area]
    return visit.page(
        "trip_edit.html",
        status=200 if form.ok else 422,
        form=form,
        trip=trip,
        areas=[(own.code, own.name), *counties(visit)],
        modes=[(mode.value, visit.say(f"mode.{mode}")) for mode in Mode],
        count=_count(form),
        rules=RULES,
    )


def _count(form: Form | Mapping[str, str]) -> int:
    text = form["stops"] if isinstance(form, Form) else form.get("stops", "")
    return min(max(int(text), 1), MOST_STOPS) if text.isdecimal() else 1


def _rows_changed(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with a row for a stop more or less where a button asked for it."""
    found, count = dict(typed), _count(typed)
    wanted = typed.get("do", "")
    if wanted == "add":
        count += 1
    elif wanted.startswith("drop.") and wanted[5:].isdecimal() and count > 1:
        gone, count = int(wanted[5:]), count - 1
        for position in range(gone, count):
            for part in ("id", "place", "day", "time"):
                found[f"stop.{position}.{part}"] = typed.get(f"stop.{position + 1}.{part}", "")
        for part in ("id", "place", "day", "time"):
            found.pop(f"stop.{count}.{part}", None)
    return found | {"stops": str(count)}


def _sheet(visit: Visit, form: Form, trip: Trip | None) -> Sheet:
    """What was typed as a sheet; what can't be read is None there and has its fault already."""
    destination: object = None
    if trip is not None and form.text("destination") == visit.texts.value(trip.destination):
        destination = trip.destination
    elif form.text("destination"):
        destination = form.read("destination", places.DESTINATION, context(visit))
    return Sheet(
        area=form.text("area"),
        mode=form.one_of("mode", Mode),
        vehicle=form.text("vehicle"),
        seats=form.whole("seats", most=MOST_SEATS),
        cap=form.whole("cap", most=FULL),
        stops=tuple(_stop(form, position) for position in range(_count(form))),
        destination=destination if isinstance(destination, Place) else None,
        arrival=form.text("arrival"),
        escort_name=form.text("escort_name"),
        escort_phone=form.text("escort_phone"),
        bring=form.text("bring"),
        reminders=tuple(_reminders(form)),
    )


def _stop(form: Form, position: int) -> StopSheet:
    stem = f"stop.{position}"
    number = form.text(f"{stem}.id")
    at = form.moment(f"{stem}.day", f"{stem}.time")
    for part in ("day", "time"):
        if fault := form.faults.pop(f"{stem}.{part}", None):
            form.faults[f"{stem}.departs_at"] = fault
    return StopSheet(whole_id(number) if number else 0, form.text(f"{stem}.place"), at)


def _reminders(form: Form) -> list[tuple[str, str]]:
    """The rules that this trip changes: switched off, or at another time."""
    found = []
    for rule in RULES:
        on, text = form[f"reminder.{rule.name}.on"], form.text(f"reminder.{rule.name}")
        if not on:
            found.append((rule.name, ""))
        elif text and text != usual(rule):
            found.append((rule.name, text))
    return found


def usual(rule: Reminder) -> str:
    """The time of a rule as it is typed: HH:MM, or minutes."""
    if rule.before is not None:
        return str(int(rule.before.total_seconds()) // 60)
    return rule.at.strftime("%H:%M") if rule.at else ""


def _switches(changes: tuple[tuple[str, str], ...]) -> dict[str, str]:
    changed = dict(changes)
    found = {}
    for rule in RULES:
        text = changed.get(rule.name, usual(rule))
        found[f"reminder.{rule.name}"] = text or usual(rule)
        if text:
            found[f"reminder.{rule.name}.on"] = "1"
    return found


def _typed(visit: Visit, trip: Trip) -> dict[str, str]:
    """A trip as it is typed."""
    sheet = sheet_of(trip)
    found = {
        "area": sheet.area,
        "mode": str(trip.mode),
        "vehicle": sheet.vehicle,
        "seats": str(trip.seats),
        "cap": str(trip.cap),
        "destination": visit.texts.value(trip.destination),
        "arrival": sheet.arrival,
        "escort_name": sheet.escort_name,
        "escort_phone": sheet.escort_phone,
        "bring": sheet.bring,
        "stops": str(len(trip.stops)),
    }
    for position, stop in enumerate(trip.stops):
        there: datetime = stop.departs_at.astimezone(SHANGHAI)
        found |= {
            f"stop.{position}.id": str(stop.id),
            f"stop.{position}.place": stop.place,
            f"stop.{position}.day": there.date().isoformat(),
            f"stop.{position}.time": there.strftime("%H:%M"),
        }
    return found | _switches(trip.reminders)


TABS = (Tab("console.tab.trips", "/trips", Right.SEE, 30),)
ROUTES = (
    get("/trips", show_list, Right.SEE),
    get("/trips/new", new, Right.PLAN),
    post("/trips/new", make, Right.PLAN),
    get("/trips/{id}", show_trip, Right.SEE),
    get("/trips/{id}/edit", edit, Right.PLAN),
    post("/trips/{id}/edit", change, Right.PLAN),
    post("/trips/{id}/publish", publish, Right.PLAN),
    post("/trips/{id}/cancel", call_off, Right.PLAN),
)
