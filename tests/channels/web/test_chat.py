"""The web chat over HTTP: messages in and out, what is said meanwhile, who may send, and coming back."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import doors
from bot.channels.web.traits import WEB
from bot.settings import read
from bot.start import Service, opened
from domain.notices import Occasion, Priority
from services import mailbox
from storage import outbox
from storage.tables import outbox as rows
from texts.render import Rendered

Client = TestClient[web.Request, web.Application]
NAMES = (f"message-{number:04}" for number in range(10_000))


@dataclass(frozen=True)
class Site:
    """The service's web chat on a port of its own."""

    service: Service
    server: TestServer

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Client]:
        """A browser of its own that has opened the page."""
        async with TestClient(self.server, cookie_jar=CookieJar(unsafe=True)) as client:
            assert (await client.get("/chat")).status == 200
            yield client

    async def push(self, contact: int, text: str) -> int:
        """Something is said to that person by itself, as a sender would do it."""
        async with self.service.database.work() as work:
            said = msgspec.json.encode(Rendered(text))
            row = outbox.Row(
                once=f"test:{text}", contact=contact, channel=WEB.name, priority=Priority.NOTICE,
                occasion=Occasion.NOTICE, state=outbox.State.SENT, said=said,
            )  # fmt: skip
            await outbox.put(work, [row], self.service.desk.now())
            found = await work.db.execute(rows.select().where(rows.c.once == row.once))
            work.wake(mailbox.topic(contact))
            await work.commit()
            return int(found.one().id)


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    settings = read(database_url=database_url, data_dir=tmp_path, area="450206", now="2027-02-08T09:00", _env_file=None)
    async with opened(settings) as service:
        running = [asyncio.create_task(service.turns.run()), asyncio.create_task(service.database.listen())]
        app = web.Application()
        for channel in service.channels:
            app.add_routes(channel.routes)
        server = TestServer(app)
        await server.start_server()
        try:
            yield Site(service, server)
        finally:
            for channel in service.channels:
                await channel.hang_up()
            await server.close()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def post(client: Client, headers: dict[str, str] | None = None, **body: object) -> ClientResponse:
    return await client.post("/chat/messages", json={"id": next(NAMES), **body}, headers=headers)


async def told(response: ClientResponse) -> list[dict[str, Any]]:
    assert response.status == 200, await response.text()
    messages: list[dict[str, Any]] = (await response.json())["messages"]
    return messages


async def history(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = await (await client.get("/chat/messages")).json()
    return found


async def contact_of(site: Site, client: Client) -> int:
    token = client.session.cookie_jar.filter_cookies(client.make_url("/chat"))[doors.COOKIE].value
    contact = await mailbox.contact_at(site.service.database, WEB.name, doors.address_of(token))
    assert contact is not None
    return contact


# ── In and out ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_bot_greets_whoever_opens_the_chat_and_answers_in_the_response(site: Site) -> None:
    async with site.browser() as client:
        assert await history(client) == {"known": False, "messages": []}
        (greeting,) = await told(await post(client, opened=""))
        assert greeting["at"] == "2027-02-08T09:00"
        label, data = greeting["buttons"][0]
        assert label == "同意"
        (asked,) = await told(await post(client, button=data))
        assert asked["row"] > greeting["row"]
        assert "哪一天" in asked["text"]


async def test_a_message_sent_twice_is_taken_once(site: Site) -> None:
    async with site.browser() as client:
        first = await told(await post(client, id="the-same-name", text="你好"))
        again = await told(await post(client, id="the-same-name", text="你好"))
        assert [one["row"] for one in again] == [one["row"] for one in first]


async def test_nobody_can_use_up_the_names_of_anothers_messages(site: Site) -> None:
    async with site.browser() as one, site.browser() as other:
        await told(await post(one, id="the-same-name", text="你好"))
        assert len(await told(await post(other, id="the-same-name", text="你好"))) == 1
        assert await contact_of(site, one) != await contact_of(site, other)


async def test_who_comes_back_finds_what_was_said(site: Site) -> None:
    async with site.browser() as client:
        said = await told(await post(client, text="你好"))
        assert await history(client) == {"known": True, "messages": said}


async def test_the_token_itself_is_stored_nowhere(site: Site) -> None:
    async with site.browser() as client:
        await told(await post(client, text="你好"))
        token = client.session.cookie_jar.filter_cookies(client.make_url("/chat"))[doors.COOKIE].value
        assert await mailbox.contact_at(site.service.database, WEB.name, token) is None


@pytest.mark.parametrize("text", ["", " ", "啊" * 10_000, "😀", "\u0000\u202e\r\n", "<script>alert(1)</script>"])
async def test_whatever_is_typed_gets_an_answer(site: Site, text: str) -> None:
    async with site.browser() as client:
        (answer,) = await told(await post(client, text=text))
        assert answer["text"]


# ── Who may send ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8080"}, 200),  # the public address
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_only_our_own_page_sends(site: Site, headers: dict[str, str], status: int) -> None:
    async with site.browser() as client:
        assert (await post(client, headers, text="你好")).status == status
        assert (await history(client))["known"] == (status == 200)


async def test_without_a_cookie_nothing_is_taken(site: Site) -> None:
    async with TestClient(site.server) as client:
        assert (await post(client, text="你好")).status == 403
        client.session.cookie_jar.update_cookies({doors.COOKIE: "made up"})
        assert (await post(client, text="你好")).status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"id": "message-x", "text": 1}', 400),
        (b'{"id": "message-x"}', 400),
        (b'{"id": "x", "text": "1"}', 400),
        (b'{"id": "message-x", "text": "1", "button": "2"}', 400),
        (b'{"id": "message-x", "text": "\xff"}', 400),
        (b'{"id": "message-x", "text": "' + b"x" * 65_536 + b'"}', 413),
    ],
)
async def test_what_is_no_message_is_refused(site: Site, body: bytes, status: int) -> None:
    async with site.browser() as client:
        assert (await client.post("/chat/messages", data=body)).status == status


async def test_who_sends_too_fast_is_asked_to_wait(site: Site) -> None:
    async with site.browser() as client:
        for _ in range(doors.MOST_MESSAGES):
            await told(await post(client, text="你好"))
        refused = await post(client, text="你好")
        assert refused.status == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_the_guard_lets_an_address_send_again_after_a_minute() -> None:
    clock = [0.0]
    guard = doors.Guard(lambda: clock[0])
    assert [guard.wait("a") for _ in range(doors.MOST_MESSAGES)] == [0] * doors.MOST_MESSAGES
    assert guard.wait("a") == 60
    assert guard.wait("b") == 0
    clock[0] = 60.0
    assert guard.wait("a") == 0


# ── What is said meanwhile ───────────────────────────────────────────────────────────────────────────────────────────


async def events(response: ClientResponse, wanted: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while len(found) < wanted:
            line = (await response.content.readline()).decode()
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
    return found


async def test_a_notice_reaches_an_open_page_at_once(site: Site) -> None:
    async with site.browser() as client:
        (greeting,) = await told(await post(client, opened=""))
        async with client.get(f"/chat/events?after={greeting['row']}") as stream:
            assert stream.content_type == "text/event-stream"
            assert (await events(stream, 1))[0]["row"] == greeting["row"]
            row = await site.push(await contact_of(site, client), "【发车通知】明天见")
            (notice,) = await events(stream, 1)
            assert (notice["row"], notice["text"]) == (row, "【发车通知】明天见")


async def test_a_page_that_lost_the_stream_gets_what_it_missed(site: Site) -> None:
    async with site.browser() as client:
        await told(await post(client, opened=""))
        contact = await contact_of(site, client)
        first, second = await site.push(contact, "一"), await site.push(contact, "二")
        async with client.get("/chat/events", headers={"Last-Event-ID": str(first)}) as stream:
            assert [one["row"] for one in await events(stream, 2)] == [first, second]


async def test_nobody_hears_what_is_said_to_others(site: Site) -> None:
    async with site.browser() as one, site.browser() as other:
        await told(await post(one, opened=""))
        await told(await post(other, opened=""))
        await site.push(await contact_of(site, one), "给一")
        row = await site.push(await contact_of(site, other), "给二")
        async with other.get("/chat/events") as stream:
            assert [one["row"] for one in await events(stream, 2)][-1] == row
        assert "给一" not in json.dumps(await history(other), ensure_ascii=False)


async def test_a_stranger_has_no_stream(site: Site) -> None:
    async with site.browser() as client:
        assert (await client.get("/chat/events")).status == 204


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_page_names_the_office_and_loads_nothing_from_elsewhere(site: Site) -> None:
    async with site.browser() as client:
        response = await client.get("/chat")
        page = await response.text()
        assert "返岗通 · 柳江区" in page
        assert 'href="tel:12333"' in page
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
        assert not re.search(r"<style|style=|\son[a-z]+=|<script(?![^>]*(?:src=|application/json))", page)
        for address in re.findall(r"(?:src|href)=\"(/chat/static/[^\"]+)\"", page):
            assert (await client.get(address)).status == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    async with TestClient(site.server) as client:
        cookie = (await client.get("/chat")).cookies[doors.COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/chat")
        assert not cookie["secure"]  # the public address of this test is http


async def test_english_is_one_press_away_and_stays(site: Site) -> None:
    async with site.browser() as client:
        assert 'lang="en"' in (await (await client.get("/chat?lang=en")).text())[:40]
        assert 'lang="en"' in (await (await client.get("/chat")).text())[:40]
        (greeting,) = await told(await post(client, opened=""))
        assert greeting["buttons"][0][0] == "I agree"


async def test_the_front_page_shows_the_code_that_leads_to_the_chat(site: Site) -> None:
    async with site.browser() as client:
        assert 'href="/chat"' in await (await client.get("/")).text()
        code = await client.get("/chat/qr.svg")
        assert code.content_type == "image/svg+xml"
        assert "style" not in await code.text()
