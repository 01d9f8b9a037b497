"""Broadcasts: who reads them, how they are spread, paused, stopped, and what staff see of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.notices import Audience, NoticeStatus
from domain.refusals import Faults, NotFound, Refused
from domain.rosters import Progress, Readers
from domain.scope import Scope
from services import notices
from services.notices import Writing, next_size, spread
from storage import tables
from tests.departures.setting import CITY_STAFF, LEAVES, LIUJIANG, LIUZHOU, MORNING, County, hours

SNOW = Writing(Audience(), "明天有雪，路上慢。", "Snow tomorrow, please allow time.")


async def draft(county: County, writing: Writing = SNOW, scope: Scope | None = None) -> int:
    return await notices.save(scope or county.scope, county.database, county.desk, writing)


async def send(county: County, writing: Writing = SNOW, scope: Scope | None = None) -> int:
    notice = await draft(county, writing, scope)
    await notices.send(scope or county.scope, county.database, county.desk, notice)
    return notice


async def run(county: County) -> None:
    while await spread(county.database, county.desk):
        pass


async def progress(county: County, notice: int) -> tuple[NoticeStatus, Progress]:
    found, how_far = await notices.show(county.scope, county.database, county.desk, notice)
    return found.status, how_far


# ── Readers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read_by(county: County, audience: Audience, scope: Scope | None = None) -> set[int]:
    """The chats that get it, which are those that the preview counts."""
    counted = await notices.preview(scope or county.scope, county.database, county.desk, audience)
    await county.say()
    await send(county, Writing(audience, "通知"), scope)
    await run(county)
    chats = [row.contact for row in await county.waiting()]
    assert counted.reached == len(chats) == len(set(chats))
    return set(chats)


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience(), {1, 2, 3, 4}),
        (Audience(county=LIUJIANG), {1, 2, 3, 4}),
        (Audience(destination="440000"), {1, 2, 4}),
        (Audience(destination="440310"), {1, 2}),
        (Audience(day=date(2027, 2, 14)), {1, 3, 4}),
        (Audience(day=date(2027, 2, 14), destination="440310"), {1}),
        (Audience(placed=True), {1}),
        (Audience(placed=False), {2, 3, 4}),
        (Audience(trip=1), {1}),
    ],
)
async def test_notice_reaches_those_who_meet_every_condition(
    county: County, audience: Audience, readers: set[int]
) -> None:
    await county.people(1)
    await county.people(1, first=date(2027, 2, 20), last=date(2027, 2, 21))
    await county.people(1, destination="460106")
    await county.people(1, destination="440100")
    await county.people(1, status="cancelled")
    await county.people(1, area="450222")
    await county.trip(aboard=[1])
    assert await read_by(county, audience) == readers


async def test_city_writes_to_all_its_counties_or_to_one(county: County) -> None:
    await county.people(1)
    await county.people(1, area="450222")
    await county.people(1, area="450300")
    city = Scope(LIUZHOU, CITY_STAFF)
    assert await read_by(county, Audience(county="450222"), city) == {2}
    assert await read_by(county, Audience(), city) == {1, 2}


async def test_person_in_two_lists_gets_one_message(county: County) -> None:
    await county.people(3)
    for registration in (2, 3):
        await county.change(tables.registrations, registration, contact=1)
    assert await read_by(county, Audience()) == {1}


async def test_preview_says_who_cannot_be_reached(county: County) -> None:
    await county.people(6)
    await county.change(tables.contacts, 1, stopped_at=MORNING)
    await county.change(tables.contacts, 2, gone_at=MORNING)
    await county.change(tables.contacts, 3, person=None)
    await county.change(tables.registrations, 3, contact=None)
    await county.change(tables.contacts, 4, language="en")
    counted = await notices.preview(county.scope, county.database, county.desk, Audience())
    assert counted == Readers(reached=3, stopped=1, gone=1, without_chat=1, languages=(("en", 1), ("zh-CN", 2)))


async def test_readers_get_their_language(county: County) -> None:
    await county.people(2)
    await county.change(tables.contacts, 2, language="en")
    await send(county)
    await run(county)
    (_, chinese), (_, english) = await county.say()
    assert chinese.splitlines() == ["明天有雪，路上慢。", '不想再收通知，回"退订"。']
    assert english.startswith("Snow tomorrow")
    await send(county, Writing(Audience(), "只有中文"))
    await run(county)
    assert [text.splitlines()[0] for _, text in await county.say()] == ["只有中文", "只有中文"]


# ── Spreading ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of seven."""
    monkeypatch.setattr(notices, "FIRST_CHUNK", 7)
    monkeypatch.setattr(notices, "SMALLEST_CHUNK", 7)
    monkeypatch.setattr(notices, "LARGEST_CHUNK", 7)


@pytest.mark.parametrize("audience", [Audience(), Audience(destination="440000")])
async def test_chunks_reach_everybody_once(county: County, small: None, audience: Audience) -> None:
    await county.people(20)
    await county.people(15, destination="440305")
    notice = await send(county, Writing(audience, "通知"))
    await run(county)
    assert len(await county.waiting()) == 35
    status, how_far = await progress(county, notice)
    assert (status, how_far.waiting, how_far.spreading) == (NoticeStatus.SENDING, 35, False)


async def test_spreaders_side_by_side_send_once(county: County, small: None) -> None:
    await county.people(40)
    await send(county)
    await asyncio.gather(*(run(county) for _ in range(4)))
    await run(county)
    assert len(await county.waiting()) == 40


async def test_notice_is_done_when_everything_has_gone_out(county: County) -> None:
    await county.people(2)
    notice = await send(county)
    await run(county)
    first, second = await county.waiting()
    await county.change(tables.outbox, first.id, state="sent")
    await run(county)
    assert (await progress(county, notice))[0] is NoticeStatus.SENDING
    await county.change(tables.outbox, second.id, state="failed", reason="blocked")
    await run(county)
    status, how_far = await progress(county, notice)
    assert status is NoticeStatus.DONE
    assert (how_far.sent, how_far.failed, how_far.waiting) == (1, (("blocked", 1),), 0)


async def test_scheduled_notice_waits_for_its_moment(county: County) -> None:
    await county.people(1)
    notice = await draft(county)
    await notices.send(county.scope, county.database, county.desk, notice, MORNING + hours(2))
    await run(county)
    assert not await county.waiting()
    county.clock.at(MORNING + hours(2))
    await run(county)
    (row,) = await county.waiting()
    assert row.expires_at == MORNING + hours(2) + timedelta(days=7)


async def test_notice_to_nobody_is_done(county: County) -> None:
    notice = await send(county)
    await run(county)
    assert (await progress(county, notice))[0] is NoticeStatus.DONE


# ── Pausing and stopping ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_pause_holds_what_waits_and_go_on_lets_it_go(county: County, small: None) -> None:
    await county.people(30)
    notice = await send(county)
    await run(county)
    await notices.pause(county.scope, county.database, county.desk, notice)
    assert len(await county.waiting()) == 23  # what would have gone next is held at once
    await run(county)
    _, how_far = await progress(county, notice)
    assert (how_far.waiting, how_far.held) == (0, 30)
    await notices.go_on(county.scope, county.database, county.desk, notice)
    await run(county)
    _, how_far = await progress(county, notice)
    assert (how_far.waiting, how_far.held) == (30, 0)


async def test_paused_notice_goes_on_where_it_was(county: County, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "ONE_CALL", timedelta(microseconds=1))  # one chunk a call
    await county.people(20)
    notice = await send(county)
    assert await spread(county.database, county.desk)
    await notices.pause(county.scope, county.database, county.desk, notice)
    await run(county)
    assert (await progress(county, notice))[1].held == 7
    await notices.go_on(county.scope, county.database, county.desk, notice)
    await run(county)
    assert (await progress(county, notice))[1].waiting == 20


async def test_stopped_notice_is_withdrawn_from_those_who_wait(county: County, small: None) -> None:
    await county.people(30)
    notice = await send(county)
    await run(county)
    (first, *_others) = await county.waiting()
    await county.change(tables.outbox, first.id, state="sent")
    await notices.stop(county.scope, county.database, county.desk, notice)
    await run(county)
    status, how_far = await progress(county, notice)
    assert status is NoticeStatus.STOPPED
    assert (how_far.sent, how_far.withdrawn, how_far.waiting) == (1, 29, 0)
    await notices.stop(county.scope, county.database, county.desk, notice)
    with pytest.raises(Refused, match=r"notice\.not_paused"):
        await notices.go_on(county.scope, county.database, county.desk, notice)


async def test_message_that_comes_back_to_a_stopped_notice_is_withdrawn_too(county: County) -> None:
    await county.people(1)
    notice = await send(county)
    await run(county)
    (row,) = await county.waiting()
    await county.change(tables.outbox, row.id, state="sending")
    await notices.stop(county.scope, county.database, county.desk, notice)
    await run(county)
    await county.change(tables.outbox, row.id, state="queued", reason=None)
    await run(county)
    assert (await progress(county, notice))[1].withdrawn == 1


# ── Faults and scopes ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("writing", "field", "key"),
    [
        (Writing(Audience(), " "), "zh", "notice.text_wanted"),
        (Writing(Audience(), "长" * 1001), "zh", "notice.too_long"),
        (Writing(Audience(), "短", "long" * 300), "en", "notice.too_long"),
        (Writing(Audience(county="450222"), "别的县"), "audience.county", "notice.county_foreign"),
        (Writing(Audience(destination="1"), "哪里"), "audience.destination", "notice.destination_unknown"),
        (Writing(Audience(), "过期", expires_at=MORNING), "expires_at", "notice.expired"),
    ],
)
async def test_fault_stands_beside_its_field(county: County, writing: Writing, field: str, key: str) -> None:
    with pytest.raises(Faults) as found:
        await draft(county, writing)
    assert {name: fault.key for name, fault in found.value.by_field.items()} == {field: key}


async def test_notice_that_is_on_its_way_is_not_changed(county: County) -> None:
    notice = await send(county)
    with pytest.raises(Refused, match=r"notice\.sent_already"):
        await notices.save(county.scope, county.database, county.desk, SNOW, notice)
    with pytest.raises(Refused, match=r"notice\.sent_already"):
        await notices.send(county.scope, county.database, county.desk, notice)


async def test_notice_is_not_sent_into_the_past_nor_past_its_end(county: County) -> None:
    notice = await draft(county, Writing(Audience(), "雪", expires_at=LEAVES))
    with pytest.raises(Refused, match=r"notice\.at_passed"):
        await notices.send(county.scope, county.database, county.desk, notice, MORNING)
    with pytest.raises(Refused, match=r"notice\.expired"):
        await notices.send(county.scope, county.database, county.desk, notice, LEAVES + hours(1))


async def test_draft_is_changed_and_listed(county: County) -> None:
    notice = await draft(county)
    await notices.save(
        county.scope, county.database, county.desk, Writing(Audience(trip=None, day=date(2027, 2, 14)), "雨"), notice
    )
    (found,) = await notices.list_notices(county.scope, county.database, county.desk)
    assert (found.zh, found.audience.day, found.status) == ("雨", date(2027, 2, 14), NoticeStatus.DRAFT)
    assert await notices.list_notices(county.scope, county.database, county.desk, after=found.id) == ()


Use = Callable[[County, Scope, int], Any]


@pytest.mark.parametrize(
    "use",
    [
        lambda county, scope, notice: notices.show(scope, county.database, county.desk, notice),
        lambda county, scope, notice: notices.send(scope, county.database, county.desk, notice),
        lambda county, scope, notice: notices.pause(scope, county.database, county.desk, notice),
        lambda county, scope, notice: notices.go_on(scope, county.database, county.desk, notice),
        lambda county, scope, notice: notices.stop(scope, county.database, county.desk, notice),
        lambda county, scope, notice: notices.save(scope, county.database, county.desk, SNOW, notice),
    ],
)
async def test_notice_of_another_county_is_not_found(county: County, use: Use) -> None:
    notice = await draft(county)
    with pytest.raises(NotFound):
        await use(county, Scope("450222", 1), notice)


async def test_trip_of_another_county_is_no_audience(county: County) -> None:
    trip = await county.trip()
    with pytest.raises(NotFound):
        await notices.preview(Scope("450222", 1), county.database, county.desk, Audience(trip=trip))


def test_chunks_grow_slowly_and_shrink_at_once() -> None:
    assert next_size(2000, timedelta(milliseconds=5)) == 3000
    assert next_size(2000, timedelta(milliseconds=60)) == 1000
    assert next_size(2000, timedelta(seconds=9)) == 500
    assert next_size(20_000, timedelta(milliseconds=1)) == 20_000
