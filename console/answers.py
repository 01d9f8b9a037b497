"""Answers typed at the office: the same readers as in the chat, at the same home area."""

from __future__ import annotations

from console.forms import Form
from console.visit import Visit
from domain.channels import Traits
from domain.places import Place
from domain.refusals import Refused
from flows.answers import places
from flows.flow import Context

DESK = Traits(name="console", length=4096, buttons=True)


def context(visit: Visit) -> Context:
    """What readers may know."""
    desk = visit.desk
    return Context(
        now=visit.now,
        office=desk.office,
        areas=desk.areas,
        texts=visit.texts,
        traits=DESK,
        token="",
        employers=desk.employers,
    )


def read_area(form: Form, name: str, visit: Visit) -> str:
    """The code of the area that was typed, as a code or by its name; "" with the fault or the choices beside it."""
    text = form.text(name)
    if text in visit.desk.areas:
        return text
    if not text:
        form.refuse(name, Refused("form.area_missing"))
        return ""
    place = form.read(name, places.ORIGIN, context(visit))
    return place.code if isinstance(place, Place) else ""


def sought_area(form: Form, name: str, visit: Visit) -> str:
    """As `read_area`, but an empty field asks for no area."""
    if not form.text(name):
        return ""
    if form.text(name) in visit.desk.areas:
        return form.text(name)
    place = form.read(name, places.DESTINATION, context(visit))
    return place.code if isinstance(place, Place) else ""
