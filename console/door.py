"""The door of the console: who may come in, and what every answer carries for the browser's safety."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from console.routes import Route
from console.visit import BASE, HOUSE, House, Visit, readable
from domain.refusals import NotFound, Refused
from domain.staff import SignIn
from services.desk import DEFAULT_LANGUAGE
from services.staff import Forged, who

SIGN_IN = "fangang_sign_in"
GUEST = "fangang_guest"  # binds the forms before signing in to the browser that was given them
SAFE = {"GET", "HEAD"}

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the setup link must not travel on
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_AioHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(route: Route) -> _AioHandler:
    """The route as aiohttp calls it: let in are those who may, with the token of a form of ours where they change."""

    async def enter(request: web.Request) -> web.StreamResponse:
        house = request.app[HOUSE]
        try:
            caller = await _caller(request, house)
        except Forged:
            return _turned_away(_stranger(request, house), "console.forged", forget=True)
        visit = _visit(request, house, caller, await _typed(request))
        if route.needs is not None:
            if caller.sign_in is None:
                return _to_sign_in(request)
            if not caller.sign_in.member.may(route.needs):
                return _turned_away(visit, "console.not_allowed")
        if request.method not in SAFE and not _ours(visit, caller):
            return _turned_away(visit, "console.stale_form")
        response = await _served(route, visit)
        if caller.sign_in is None and GUEST not in request.cookies:
            set_cookie(response, house, GUEST, caller.guest)
        return response

    return enter


def set_cookie(response: web.StreamResponse, house: House, name: str, value: str, days: int | None = None) -> None:
    """A cookie that no script reads and that other sites' forms don't carry."""
    response.set_cookie(
        name,
        value,
        path=BASE,
        httponly=True,
        samesite="Lax",
        secure=house.secure,
        max_age=None if days is None else days * 24 * 3600,
    )


@web.middleware
async def safe_answers(request: web.Request, handler: _AioHandler) -> web.StreamResponse:
    """Puts the safety headers on every answer and words the errors that no route answers itself."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status not in {404, 405}:
            error.headers.update(HEADERS)
            raise
        response = _stranger(request, request.app[HOUSE]).page(
            "refused.html", status=error.status, words="console.not_found"
        )
    response.headers.update(HEADERS)
    if request.app[HOUSE].secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    kept = request.path.startswith(f"{BASE}/static/") and "v" in request.query  # its address names what is in it
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
    return response


@dataclass(frozen=True, slots=True)
class _Caller:
    sign_in: SignIn | None
    guest: str


async def _caller(request: web.Request, house: House) -> _Caller:
    """Who asks; a sign-in that has ended counts as none. Raises Forged."""
    token = request.cookies.get(SIGN_IN, "")
    sign_in = await who(house.database, token, house.desk.now()) if token else None
    return _Caller(sign_in, request.cookies.get(GUEST) or secrets.token_urlsafe(24))


def _visit(request: web.Request, house: House, caller: _Caller, typed: Mapping[str, str]) -> Visit:
    if caller.sign_in is not None:
        return Visit(request, house, caller.sign_in, typed, caller.sign_in.csrf, caller.sign_in.member.language)
    csrf = house.database.seal.hash("csrf", caller.guest).hex()
    return Visit(request, house, None, typed, csrf, request.query.get("language", DEFAULT_LANGUAGE))


def _stranger(request: web.Request, house: House) -> Visit:
    return Visit(request, house, None, {}, "", request.query.get("language", DEFAULT_LANGUAGE))


async def _typed(request: web.Request) -> Mapping[str, str]:
    if request.method in SAFE:
        return {}
    try:
        posted = await request.post()
    except ValueError:  # no form, or bytes that are no text
        raise web.HTTPBadRequest from None
    return readable({name: value for name, value in posted.items() if isinstance(value, str)})


def _ours(visit: Visit, caller: _Caller) -> bool:
    """Whether the request comes from a form that this browser was given (a guest's first cookie is younger than it)."""
    if caller.sign_in is None and GUEST not in visit.request.cookies:
        return False
    sent = visit.typed.get("csrf", "")
    return hmac.compare_digest(sent.encode(), visit.csrf.encode())


async def _served(route: Route, visit: Visit) -> web.StreamResponse:
    try:
        return await route.handler(visit)
    except NotFound:
        return visit.page("refused.html", status=404, words="console.not_found")
    except Refused as refused:
        return visit.page("refused.html", status=409, words=refused.key, gaps=refused.values)


def _turned_away(visit: Visit, words: str, *, forget: bool = False) -> web.Response:
    response = visit.page("refused.html", status=403, words=words)
    if forget:
        response.del_cookie(SIGN_IN, path=BASE)
    return response


def _to_sign_in(request: web.Request) -> web.Response:
    back = request.path_qs if request.method in SAFE and "HX-Request" not in request.headers else ""
    address = f"{BASE}/sign-in" + (f"?{urlencode({'next': back})}" if back not in {"", BASE, f"{BASE}/"} else "")
    if "HX-Request" in request.headers:
        return web.Response(status=401, headers={"HX-Redirect": address})
    return web.Response(status=303, headers={"Location": address})
