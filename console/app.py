"""The console as a web application, to be mounted at /console."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from console.door import guarded, safe_answers
from console.routes import table, tabs
from console.visit import BASE, HOUSE, House
from console.words import said_of
from domain.people import masked_name, masked_phone
from flows.flow import Choice
from services.desk import Desk
from services.passwords import Passwords
from storage.database import Database

HERE = Path(__file__).parent


def console_app(
    database: Database, desk: Desk, *, secure: bool, public_url: str, passwords: Passwords | None = None
) -> web.Application:
    """The console. `secure`: the outside comes by https, so that cookies travel on nothing else; `public_url`: what
    stands before /chat in printed codes.
    """
    app = web.Application(middlewares=[safe_answers])
    app[HOUSE] = House(database, desk, passwords or Passwords(), secure, public_url.rstrip("/"))
    for route in table():
        app.router.add_route(route.method, route.path, guarded(route))
    app.router.add_static("/static", HERE / "static")
    aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    aiohttp_jinja2.get_env(app).globals |= {
        "static": _Static(HERE / "static"),
        "tabs": tabs(),
        "said_of": said_of,
        "extra": _extra,
        "choice_value": _choice_value,
        "masked_name": masked_name,
        "masked_phone": masked_phone,
    }
    return app


def _extra(attributes: Mapping[str, object]) -> Markup:
    """More attributes of a control, as HTML: hx_get → hx-get; True stands without a value."""
    pieces = (
        Markup(" {}").format(name.replace("_", "-"))
        if value is True
        else Markup(' {}="{}"').format(name.replace("_", "-"), value)
        for name, value in attributes.items()
        if value is not False
    )
    return Markup("").join(pieces)


def _choice_value(choice: Choice) -> str:
    return bytes(choice.value).decode()


class _Static:
    """The address of a file in static/, with a piece of its hash, so that a browser never shows an old one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        if name not in self._known:
            digest = hashlib.sha256((self._folder / name).read_bytes()).hexdigest()[:12]
            self._known[name] = f"{BASE}/static/{name}?v={digest}"
        return self._known[name]
