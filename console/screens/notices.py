"""Notices: the list, writing one with a live count of its readers, sending it, watching it go."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from console.answers import DESK, sought_area
from console.forms import Form
from console.routes import Tab, get, post
from console.screens.registrations import counties
from console.visit import Visit, whole_id
from domain.days import SHANGHAI, Window
from domain.notices import Audience, NoticeStatus
from domain.places import Place
from domain.refusals import NotFound, Refused
from domain.rosters import Notice, Progress, Readers
from domain.staff import Right
from services import notices, today, trips
from services.desk import DEFAULT_LANGUAGE
from services.notices import Writing
from storage.notices import PAGE
from texts.render import rendered
from texts.say import Words, Written, say

PLACED = {"yes": True, "no": False}
NOT_SENT = (NoticeStatus.DRAFT, NoticeStatus.SCHEDULED)
GOING = (NoticeStatus.SCHEDULED, NoticeStatus.SENDING, NoticeStatus.PAUSED)
AFTER_PAUSE = {"pause": notices.pause, "go-on": notices.go_on, "stop": notices.stop}


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of who is told, in words."""

    key: str
    words: str


async def show_list(visit: Visit) -> web.Response:
    """The list, the newest first."""
    after = whole_id(visit.asked["older"]) if "older" in visit.asked else None
    found = await notices.list_notices(visit.scope, visit.database, visit.desk, after)
    return visit.page(
        "notices.html", notices=found, first=after is None, older=found[-1].id if len(found) == PAGE else None
    )


async def new(visit: Visit) -> web.Response:
    """An empty form, with the trip chosen already where one was meant."""
    trip = visit.asked.get("trip", "")
    start = {"who": "trip" if trip else "some", "audience.trip": trip, "audience.county": ""}
    return await _form(visit, Form(start), None)


async def edit(visit: Visit) -> web.Response:
    """The form of a draft."""
    notice, _ = await notices.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    return await _form(visit, Form(_typed(visit, notice)), notice)


async def make(visit: Visit) -> web.Response:
    """Stores a new draft and shows it whole."""
    return await _save(visit, None)


async def change(visit: Visit) -> web.Response:
    """Stores a draft anew."""
    notice, _ = await notices.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    return await _save(visit, notice)


async def count_readers(visit: Visit) -> web.Response:
    """How many would read what stands in the form, and how it looks: the piece that htmx puts beside the form."""
    form = Form(visit.typed)
    return visit.page(
        "notice_readers.html", readers=await _readers(visit, form), previews=_previews(visit, form["zh"], form["en"])
    )


async def show_one(visit: Visit) -> web.Response:
    """One notice: before it goes who reads what, then how far it is."""
    return await _one(visit, Form({"when": "now"}))


async def show_progress(visit: Visit) -> web.Response:
    """How far it is: the piece that refreshes itself."""
    notice, progress = await notices.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    return visit.page("notice_progress.html", status=200, **_progress(notice, progress))


async def send(visit: Visit) -> web.Response:
    """Sends it now, or at the hour that was typed."""
    form, number = Form(visit.typed), visit.id("id")
    at = form.moment("day", "time") if form["when"] == "at" else None
    if form["when"] == "at" and at is None:
        form.refuse("at", Refused("notices.when_missing"))
    if form.ok:
        try:
            await notices.send(visit.scope, visit.database, visit.desk, number, at)
        except NotFound:
            raise
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go(f"/notices/{number}", "console.said.scheduled" if at else "console.said.sending")
    return await _one(visit, form)


async def steer(visit: Visit) -> web.Response:
    """Pauses it, lets it go on, or stops it."""
    deed = AFTER_PAUSE.get(visit.request.match_info["deed"])
    if deed is None:
        raise NotFound
    await deed(visit.scope, visit.database, visit.desk, visit.id("id"))
    return visit.go(f"/notices/{visit.id('id')}")


async def _save(visit: Visit, notice: Notice | None) -> web.Response:
    form = Form(visit.typed)
    if form["do"] == "count":
        return await _form(visit, form, notice)
    audience = _audience(visit, form)
    ends = form.moment("expires.day", "expires.time") if form["expires.day"] or form["expires.time"] else None
    if ends is None and (form["expires.day"] or form["expires.time"]):
        form.refuse("expires_at", Refused("notices.ends_half"))
    if audience is not None and form.ok:
        writing = Writing(audience, form["zh"].replace("\r\n", "\n"), form["en"].replace("\r\n", "\n"), ends)
        try:
            number = await notices.save(visit.scope, visit.database, visit.desk, writing, notice.id if notice else None)
        except NotFound:
            raise
        except Refused as refused:
            form.take(refused)
        else:
            return visit.go(f"/notices/{number}")
    return await _form(visit, form, notice)


async def _form(visit: Visit, form: Form, notice: Notice | None) -> web.Response:
    ahead = await today.ahead(visit.scope, visit.database, visit.now)
    options = [(str(one.trip.id), f"{one.trip.code} · {visit.texts.value(one.trip.destination)}") for one in ahead]
    chosen = form["audience.trip"]
    if chosen and chosen not in dict(options):
        trip = (await trips.show(visit.scope, visit.database, visit.desk, whole_id(chosen))).trip
        options.insert(0, (chosen, f"{trip.code} · {visit.texts.value(trip.destination)}"))
    readers = await _readers(visit, Form(form.typed))
    return visit.page(
        "notice_edit.html",
        status=200 if form.ok else 422,
        form=form,
        notice=notice,
        trips=options,
        counties=counties(visit),
        readers=readers,
        previews=_previews(visit, form["zh"], form["en"]),
    )


async def _one(visit: Visit, form: Form) -> web.Response:
    notice, progress = await notices.show(visit.scope, visit.database, visit.desk, visit.id("id"))
    readers = None
    if notice.status in NOT_SENT:
        readers = await notices.preview(visit.scope, visit.database, visit.desk, notice.audience)
    return visit.page(
        "notice.html",
        status=200 if form.ok else 422,
        form=form,
        readers=readers,
        conditions=await _conditions(visit, notice.audience),
        previews=_previews(visit, notice.zh, notice.en),
        not_sent=notice.status in NOT_SENT,
        **_progress(notice, progress),
    )


def _progress(notice: Notice, progress: Progress) -> dict[str, object]:
    moving = notice.status in GOING or progress.spreading or progress.waiting > 0
    return {"notice": notice, "progress": progress, "moving": moving and notice.status is not NoticeStatus.DRAFT}


async def _readers(visit: Visit, form: Form) -> Readers | None:
    """Who would read it; None where the conditions can't be read (or name a trip that is not there)."""
    audience = _audience(visit, form)
    if audience is None:
        return None
    try:
        return await notices.preview(visit.scope, visit.database, visit.desk, audience)
    except NotFound:
        return None


def _previews(visit: Visit, zh: str, en: str) -> list[tuple[str, str]]:
    """The message in each language as its readers get it, (language, text); none while nothing is written."""
    zh, en = zh.strip(), en.strip()
    if not zh:
        return []
    found = []
    for language, catalogue in visit.desk.catalogues.items():
        text = zh if language == DEFAULT_LANGUAGE else en or zh
        found.append(
            (language, rendered((say("notice.text", text=Written(text)), say("notice.silence")), catalogue, DESK).text)
        )
    return found


def _audience(visit: Visit, form: Form) -> Audience | None:
    """Who is to be told, as typed; None with the faults."""
    if form["who"] == "trip":
        if not form.text("audience.trip"):
            form.refuse("audience.trip", Refused("notices.trip_missing"))
            return None
        return Audience(trip=whole_id(form.text("audience.trip")))
    audience = Audience(
        day=form.day("audience.day"),
        destination=sought_area(form, "audience.destination", visit),
        county=form.text("audience.county"),
        placed=PLACED.get(form.text("audience.placed")),
    )
    return audience if form.ok else None


async def _conditions(visit: Visit, audience: Audience) -> list[Condition]:
    """Who is told, line by line."""
    found = []
    if audience.trip is not None:
        trip = (await trips.show(visit.scope, visit.database, visit.desk, audience.trip)).trip
        found.append(Condition("notices.of_trip", trip.code))
    if audience.day is not None:
        found.append(Condition("notices.of_day", visit.texts.value(Window(audience.day, audience.day))))
    if audience.destination:
        found.append(Condition("notices.of_destination", visit.texts.value(Place(audience.destination))))
    if audience.county:
        found.append(Condition("notices.of_county", visit.texts.value(Place(audience.county))))
    if audience.placed is not None:
        placed = Words("notices.placed" if audience.placed else "notices.not_placed")
        found.append(Condition("notices.of_seat", visit.texts.value(placed)))
    return found or [Condition("notices.of_all", visit.texts.value(Place(visit.member.area)))]


def _typed(visit: Visit, notice: Notice) -> dict[str, str]:
    """A draft as it is typed."""
    audience, ends = notice.audience, notice.expires_at
    there = ends.astimezone(SHANGHAI) if ends else None
    return {
        "who": "some" if audience.trip is None else "trip",
        "audience.trip": "" if audience.trip is None else str(audience.trip),
        "audience.day": audience.day.isoformat() if audience.day else "",
        "audience.destination": visit.desk.areas[audience.destination].name if audience.destination else "",
        "audience.county": audience.county,
        "audience.placed": next((word for word, placed in PLACED.items() if placed is audience.placed), ""),
        "zh": notice.zh,
        "en": notice.en,
        "expires.day": there.date().isoformat() if there else "",
        "expires.time": there.strftime("%H:%M") if there else "",
    }


TABS = (Tab("console.tab.notices", "/notices", Right.TELL, 40),)
ROUTES = (
    get("/notices", show_list, Right.TELL),
    get("/notices/new", new, Right.TELL),
    post("/notices/new", make, Right.TELL),
    post("/notices/readers", count_readers, Right.TELL),
    get("/notices/{id}", show_one, Right.TELL),
    get("/notices/{id}/edit", edit, Right.TELL),
    post("/notices/{id}/edit", change, Right.TELL),
    get("/notices/{id}/progress", show_progress, Right.TELL),
    post("/notices/{id}/send", send, Right.TELL),
    post("/notices/{id}/{deed}", steer, Right.TELL),
)
