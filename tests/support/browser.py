"""Debian's Chromium, as a worker's telephone and as the desk of an office."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, async_playwright

from tests.support.machine import cannot_run

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

OURS = {"127.0.0.1", "localhost"}
WITHOUT_HOST = {"about", "blob", "chrome", "data"}


@dataclass(slots=True)
class Complaints:
    """What a browser found wrong with our pages. What is left of it at the end of a test fails the test."""

    _heard: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """Let complaints pass that hold these words, such as "status of 422" for a form that is to be refused."""
        self._expected.append(words)

    def hear(self, complaint: str) -> None:
        """Write one down."""
        self._heard.append(complaint)

    @property
    def left(self) -> list[str]:
        """Those that nobody expected."""
        return [heard for heard in self._heard if not any(words in heard for words in self._expected)]


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium without a window."""
    program = shutil.which("chromium")
    if program is None:
        cannot_run("there is no chromium on this machine (scripts/install-browser.sh)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def opened(browser: Browser, complaints: Complaints, size: ViewportSize, **traits: Any) -> AsyncIterator[Page]:  # noqa: ANN401 - what playwright's new_context takes
    """A page in a context of its own: its own cookies, in Chinese, at Shanghai's time."""
    context = await browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **traits)
    _listen(context, complaints)
    try:
        yield await context.new_page()
    finally:
        await context.close()


def _listen(context: BrowserContext, complaints: Complaints) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.hear(f"console: {message.text} ({message.location.get('url', '')})")

    def address(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in WITHOUT_HOST and parts.hostname not in OURS:
            complaints.hear(f"asked another host: {url}")

    def watch(page: Page) -> None:
        page.on("websocket", lambda socket: address(socket.url))

    context.on("console", said)
    context.on("weberror", lambda error: complaints.hear(f"script: {error.error}"))
    context.on("request", lambda request: address(request.url))
    context.on("page", watch)
