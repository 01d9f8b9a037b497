"""The table of routes: every address of the console with who may use it, gathered from the files in screens/."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType

from aiohttp import web

from console import screens
from console.visit import Visit
from domain.staff import Right

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `needs` is the right that it takes; None for the few pages that are there before signing in."""

    method: str
    path: str
    handler: Handler
    needs: Right | None


@dataclass(frozen=True, slots=True)
class Tab:
    """A way into a screen from the head of every page; `key` names its words, shown to those with the right."""

    key: str
    path: str
    needs: Right
    place: int


def get(path: str, handler: Handler, needs: Right | None) -> Route:
    """An address that shows something."""
    return Route("GET", path, handler, needs)


def post(path: str, handler: Handler, needs: Right | None) -> Route:
    """An address that changes something."""
    return Route("POST", path, handler, needs)


def table() -> tuple[Route, ...]:
    """Every route. A screen is a file in screens/ with ROUTES (and perhaps TABS); two of one address are an error."""
    found: dict[tuple[str, str], Route] = {}
    for route in (route for screen in _screens() for route in screen.ROUTES):
        if (route.method, route.path) in found:
            raise ValueError(f"routed twice: {route.method} {route.path}")
        found[route.method, route.path] = route
    return tuple(found.values())


def tabs() -> tuple[Tab, ...]:
    """The ways in, in their order."""
    found = [tab for screen in _screens() for tab in getattr(screen, "TABS", ())]
    return tuple(sorted(found, key=lambda tab: tab.place))


def _screens() -> list[ModuleType]:
    return [
        importlib.import_module(module.name) for module in pkgutil.iter_modules(screens.__path__, "console.screens.")
    ]
