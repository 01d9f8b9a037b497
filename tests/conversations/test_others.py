"""Signing up others: a registration is taken over once, whoever comes at the same moment; then it is theirs alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from msgspec import json
from sqlalchemy import event, func, select

from domain.days import Window
from domain.messages import Text
from domain.office import Office
from domain.others import CODE_LENGTH, WRONG_AN_HOUR, TakeOver, new_code
from domain.people import Name, Phone
from domain.places import Place
from domain.refusals import Refused
from domain.registrations import ALPHABET, Amend, Direction, Registered, Wish, Withdraw
from domain.trips import AnswerSeat, Seat, Stop
from flows import roll
from flows.boarding import newest_seat
from flows.flow import Answers, Context
from services import others, registering
from services.commands import Asked
from services.sweeping import sweep
from storage import registrations, tables, takeovers
from storage.sealing import Sealer
from tests.conversations.stage import CHANNELS, HOME, NOW, Stage, areas, catalogues, fresh_url, moment
from tests.conversations.transcript import CODE
from tests.support.databases import Databases

OPENING = ("代报名", "同意", "韦建国", "初十从柳江去深圳坪山比亚迪")


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    url = await fresh_url(databases)
    async with Stage(url) as opened:
        yield opened
    await databases.drop(url)


async def says(stage: Stage, who: str, *lines: str) -> str:
    """The last answer to those lines."""
    text = ""
    for line in lines:
        (turned,) = await stage.take(stage.message("web", who, Text(line)))
        assert turned.answer is not None
        text = turned.answer.text
    return text


async def signed_up(stage: Stage, people: int = 1) -> list[str]:
    """So many people signed up by one registrar; their codes."""
    await says(stage, "registrar", *OPENING)
    answers = [await says(stage, "registrar", f"韦小明 1990005{one:04}", "都对") for one in range(people)]
    return [CODE.findall(answer)[0] for answer in answers]


async def ids(stage: Stage, *who: str) -> list[int]:
    async with stage.database.look() as look:
        rows = await look.db.execute(select(tables.contacts.c.address, tables.contacts.c.id))
        found = {row.address: row.id for row in rows}
    return [found[one] for one in who]


async def rows(stage: Stage) -> list[Any]:
    async with stage.database.look() as look:
        return list(await look.db.execute(select(tables.registrations).order_by(tables.registrations.c.id)))


# ── Taking over ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_of_two_who_bring_a_code_at_once_one_gets_the_registration(stage: Stage) -> None:
    (code,) = await signed_up(stage)
    people = [f"p{one}" for one in range(6)]
    for who in people:
        await says(stage, who, "接手", "同意")
    async with Stage(stage.url, stage.now, sent=1_000_000) as other:
        answers = await asyncio.gather(
            *(says((stage, other)[place % 2], who, code) for place, who in enumerate(people))
        )
    welcomed = [who for who, answer in zip(people, answers, strict=True) if answer.startswith("接手成功")]
    assert len(welcomed) == 1
    assert all(answer.startswith(("接手成功", "这个码已经用过了")) for answer in answers)
    assert [row.contact for row in await rows(stage)] == await ids(stage, *welcomed)


async def test_of_two_in_one_batch_the_first_gets_it(stage: Stage) -> None:
    (code,) = await signed_up(stage)
    for who in ("a", "b"):
        await says(stage, who, "接手", "同意")
    turned = await stage.take(*(stage.message("web", who, Text(code)) for who in ("a", "b")))
    assert [one.answer.text[:4] for one in turned if one.answer] == ["接手成功", "这个码已"]


async def test_two_codes_of_one_registration_are_used_once(stage: Stage) -> None:
    """The older one ends when a new one is given; had it not, it would be used up with the other."""
    (code,) = await signed_up(stage)
    ((registration, *_),) = await rows(stage)
    async with stage.database.work() as work:
        await takeovers.put(work, {"K7P2M9XQ": registration}, stage.now + timedelta(days=1))
        await work.commit()
    await says(stage, "a", "接手", "同意")
    await says(stage, "b", "接手", "同意")
    assert (await says(stage, "a", code)).startswith("接手成功")
    assert (await says(stage, "b", "接手 K7P2M9XQ")).startswith("这个码已经用过了")


async def test_what_was_taken_over_the_registrar_can_change_no_more(stage: Stage) -> None:
    """Also where they were at it when it was taken over."""
    (code,) = await signed_up(stage)
    await says(stage, "registrar", "报完了", "名单", "1", "改报名", "改成初九")
    await says(stage, "a", "接手", "同意", code)
    assert "这个报名已经不在了" in await says(stage, "registrar", "都对")
    (registrar,) = await ids(stage, "registrar")
    (row,) = await rows(stage)
    async with stage.database.work() as work:
        wish = (await registrations.of_people(work, [row.person], stage.now))[row.person][0].wish
        withdrawn = await registering.withdraw(work, stage.desk, [Asked(registrar, None, "web", Withdraw(row.id))])
        amended = await registering.amend(work, stage.desk, [Asked(registrar, None, "web", Amend(row.id, wish))])
    assert [type(one) for one in (*withdrawn, *amended)] == [Refused, Refused]


async def test_person_who_took_over_is_the_one_who_is_told(stage: Stage) -> None:
    (code,) = await signed_up(stage)
    await says(stage, "a", "接手", "同意", code)
    (a, registrar) = await ids(stage, "a", "registrar")
    async with stage.database.look() as look:
        found = await registrations.of_contacts(look, [a, registrar], [a, registrar], stage.now)
        person = await look.db.scalar(select(tables.contacts.c.person).where(tables.contacts.c.id == a))
    assert [one.registrar for one in found[a].known] == [registrar]
    assert [one.taken for one in found[registrar].others] == [True]
    assert (found[a].others, found[registrar].known) == ((), ())
    assert person == (await rows(stage))[0].person


async def test_wrong_codes_are_counted_and_right_ones_are_not(stage: Stage) -> None:
    codes = await signed_up(stage, WRONG_AN_HOUR + 2)
    await says(stage, "a", "接手", "同意")
    for code in codes[:-1]:
        assert (await says(stage, "a", f"接手 {code}")).startswith(("接手成功", "这几天您自己已经报过名了"))
    for _ in range(WRONG_AN_HOUR):
        assert (await says(stage, "a", "接手 K7P2M9XW")).startswith("这个码不对")
    assert (await says(stage, "a", f"接手 {codes[-1]}")).startswith("错的次数太多了")
    stage.now += timedelta(hours=1)
    assert "错的次数" not in await says(stage, "a", f"接手 {codes[-1]}")


async def test_code_that_was_never_given_and_one_of_a_deleted_registration_are_told_the_same(stage: Stage) -> None:
    (code,) = await signed_up(stage)
    async with stage.database.work() as work:
        (row,) = await rows(stage)
        await work.db.execute(tables.registrations.delete().where(tables.registrations.c.id == row.id))
        await work.commit()
        asked = [Asked(1, None, "web", TakeOver(one)) for one in (code, "K7P2M9XW")]
        outcomes = await others.take_over(work, stage.desk, asked)
    assert [one.key for one in outcomes] == ["takeover.wrong"] * 2


# ── On the day ───────────────────────────────────────────────────────────────────────────────────────────────────────


def one(number: int, *, seat: bool = True, taken: bool = False, coming: bool | None = None) -> Registered:
    """Somebody whom a registrar signed up; their seat has the same number."""
    place, at = Place("450206"), moment("2027-02-14T07:30")
    wish = Wish(
        Direction.WORK,
        Window(at.date(), at.date()),
        place,
        Place("440310"),
        "",
        Name("韦小明"),
        Phone("13800012345"),
        1,
    )
    held = Seat(number, 1, "C1", 1, Stop(1, "柳江汽车站", at), "桂B·12345", coming) if seat else None
    return Registered(number, f"LJ-{number}", wish, held, registrar=1, taken=taken)


def here(*others: Registered, known: tuple[Registered, ...] = ()) -> Context:
    return Context(
        moment(NOW), Office(HOME), areas(), catalogues()["zh-CN"], CHANNELS["web"], "t", known=known, others=others
    )


def test_words_under_a_notice_are_for_the_one_whom_they_can_mean() -> None:
    assert newest_seat(here(one(1), known=(one(9),))) == 9
    assert newest_seat(here(one(1), one(2, seat=False), one(3, taken=True))) == 1
    assert newest_seat(here(one(1), one(2))) is None


@pytest.mark.parametrize(
    ("person", "deeds"),
    [
        (one(1), ["come", "stay", "change", "withdraw", "code", "back"]),
        (one(1, coming=True), ["stay", "change", "withdraw", "code", "back"]),
        (one(1, seat=False), ["change", "withdraw", "code", "back"]),
        (one(1, taken=True), ["back"]),
    ],
)
def test_list_offers_what_can_be_done(person: Registered, deeds: list[str]) -> None:
    offered = roll.deeds(here(person), Answers({"registration": 1}))
    assert [json.decode(choice.value) for choice in offered] == deeds


def test_registrar_answers_for_somebody_through_the_list() -> None:
    answers = Answers({"registration": 2, "deed": "stay"})
    assert roll.go_on(answers, here(one(1), one(2))) == AnswerSeat(2, coming=False)


# ── What it costs ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_signed_up_nobody_is_looked_up_with_no_statement_more(stage: Stage) -> None:
    statements: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - what SQLAlchemy hands to its listeners
        statements.append(arguments[2])

    await says(stage, "registrar", "报名", "同意")
    event.listen(stage.database.engine.sync_engine, "before_cursor_execute", note)
    await says(stage, "registrar", "初八")
    assert not [one for one in statements if re.search("FROM registrations JOIN", one)]
    await says(stage, "registrar", *OPENING[:1], *OPENING[2:], "韦小明 19900050000", "都对")
    statements.clear()
    await says(stage, "registrar", "覃桂英")
    assert len([one for one in statements if re.search("FROM registrations JOIN", one)]) == 1


async def test_names_on_a_list_that_nobody_looks_at_stay_sealed(stage: Stage) -> None:
    await signed_up(stage, 3)
    (registrar,) = await ids(stage, "registrar")
    async with stage.database.look() as look:
        with mock.patch.object(Sealer, "open_text", autospec=True, side_effect=Sealer.open_text) as opened:
            theirs = (await registrations.of_contacts(look, [registrar], [registrar], stage.now))[registrar]
            assert len(theirs.others) == 3
            assert opened.call_count == 0
            assert {one.wish.name.text for one in theirs.others} == {"韦小明"}
            assert opened.call_count == 9


# ── Codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_codes_are_of_the_alphabet_and_never_read_as_a_phone_number() -> None:
    with mock.patch("domain.others.secrets.choice", side_effect=[*"23456789", *"2345678B", *"B2345678", *"2345B678"]):
        assert new_code() == "2345B678"
    drawn = {new_code() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in drawn)


async def test_code_stands_nowhere_in_clear_and_is_forgotten_in_time(stage: Stage) -> None:
    (code,) = await signed_up(stage)
    async with stage.database.look() as look:
        (row,) = await look.db.execute(select(tables.takeovers))
    assert bytes(row.code_hash) == stage.database.seal.hash("takeover", code)
    assert row.expires_at == stage.now + timedelta(days=7)
    for days, left in ((36, 1), (38, 0)):
        await sweep(stage.database, stage.now + timedelta(days=days))
        async with stage.database.look() as look:
            assert await look.db.scalar(select(func.count()).select_from(tables.takeovers)) == left
