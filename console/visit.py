"""One request to the console: who asks, what they typed, and how they are answered."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import aiohttp_jinja2
import msgspec
from aiohttp import web

from domain.days import Moment, Window, today
from domain.refusals import NotFound
from domain.scope import Scope
from domain.staff import Member, SignIn
from services.desk import Desk
from services.passwords import Passwords
from services.staff import scope_of
from storage.database import Database
from texts.catalogue import Catalogue
from texts.say import Value, Words

BASE = "/console"
SAID = "fangang_said"  # the cookie that carries one sentence over a redirect
SAID_FOR_SECONDS = 60


@dataclass(frozen=True, slots=True)
class House:
    """What every screen has at hand. `secure`: the outside comes by https; `public_url`: how it reaches us."""

    database: Database
    desk: Desk
    passwords: Passwords
    secure: bool
    public_url: str


HOUSE: web.AppKey[House] = web.AppKey("house", House)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `sign_in` is None on the pages that need none; `typed` is what was posted; `csrf` goes into every
    form; `language` is the one that the reader reads.
    """

    request: web.Request
    house: House
    sign_in: SignIn | None
    typed: Mapping[str, str]
    csrf: str
    language: str

    @property
    def standing(self) -> SignIn:
        """The sign-in, on pages that need one."""
        if self.sign_in is None:
            raise RuntimeError("a page that needs a sign-in was entered without")
        return self.sign_in

    @property
    def member(self) -> Member:
        """Who asks."""
        return self.standing.member

    @property
    def scope(self) -> Scope:
        """What they may see."""
        return scope_of(self.member)

    @property
    def database(self) -> Database:
        """The tables."""
        return self.house.database

    @property
    def desk(self) -> Desk:
        """What every use case has at hand."""
        return self.house.desk

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.house.desk.now()

    @property
    def texts(self) -> Catalogue:
        """The sentences in the reader's language."""
        return self.house.desk.catalogue(self.language)

    @property
    def asked(self) -> Mapping[str, str]:
        """What stands in the address behind the question mark."""
        return readable(self.request.query)

    @property
    def by_htmx(self) -> bool:
        """Whether htmx asks for a piece of a page."""
        return "HX-Request" in self.request.headers

    def id(self, name: str) -> int:
        """A number out of the address. Raises NotFound for anything else."""
        return whole_id(self.request.match_info[name])

    def say(self, key: str, /, **values: Value) -> str:
        """A sentence in the reader's language."""
        return self.texts.word(Words(key, values))

    def lunar(self, day: str) -> str:
        """A day typed as YYYY-MM-DD in both calendars, "" where it can't be read."""
        try:
            on = date.fromisoformat(day)
            return self.texts.value(Window(on, on))
        except ValueError:
            return ""

    def page(self, template: str, status: int = 200, **context: object) -> web.Response:
        """A page (or a piece of one) of templates/."""
        said = _said(self.request.cookies.get(SAID, ""), self.texts)
        shared = {"visit": self, "t": self.say, "v": self.texts.value, "word": self.texts.word, "base": BASE}
        shared |= {"said": said, "today": today(self.now), "here": "", "lunar": self.lunar}
        shared |= {"moment": Moment, "has": self.texts.sentences.__contains__}
        response = aiohttp_jinja2.render_template(template, self.request, shared | context, status=status)
        if said:
            response.del_cookie(SAID, path=BASE)
        return response

    def go(self, path: str, said: str = "", /, **values: Value) -> web.Response:
        """On to another page of the console (`path` below /console), which shows that sentence once."""
        response = web.Response(status=303, headers={"Location": BASE + path})
        if said:
            carried = base64.urlsafe_b64encode(msgspec.json.encode(Words(said, values))).decode()
            response.set_cookie(
                SAID,
                carried,
                max_age=SAID_FOR_SECONDS,
                path=BASE,
                httponly=True,
                samesite="Lax",
                secure=self.house.secure,
            )
        return response


def readable(typed: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed, without the one character that no database takes (PostgreSQL: "Character Types")."""
    return {name: value.replace("\0", "") for name, value in typed.items()}


def whole_id(text: str) -> int:
    """An id of the tables. Raises NotFound for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(2**63 - 1)) - 1:
        raise NotFound
    return int(text)


def _said(cookie: str, texts: Catalogue) -> str:
    """The sentence that a redirect carried; "" where there is none or somebody made one up."""
    if not cookie:
        return ""
    try:
        return texts.word(msgspec.json.decode(base64.urlsafe_b64decode(cookie), type=Words))
    except (KeyError, ValueError, binascii.Error, msgspec.MsgspecError):
        return ""
