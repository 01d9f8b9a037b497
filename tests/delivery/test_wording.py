"""Claimed rows in their readers' words."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from cryptography.fernet import InvalidToken

from domain.notices import Occasion, Priority
from flows.state import Prompt, State, dump
from services import delivering
from services.delivering import Worded
from storage.outbox import State as Row
from storage.sending import Claimed
from tests.delivery.setting import NOON, WORDINGS, Post, row, text
from texts.say import Say

ASKED = dump(State("test", 1, {}, open=Prompt("color", "token")))


async def claim(post: Post) -> tuple[Claimed, ...]:
    return await delivering.claim(post.database, post.desk, await post.lease(), "chat", 100)


async def word(post: Post, *, repeat: bool = True) -> Worded:
    return await delivering.word(post.database, post.desk, WORDINGS, await claim(post), repeat=repeat)


def texts(worded: Worded) -> list[str]:
    return [one.message.text for one in worded.ready]


async def test_each_reader_gets_their_own_language_at_their_own_address(post: Post) -> None:
    (one,) = await post.people(1)
    (other,) = await post.people(1, language="en")
    (third,) = await post.people(1, language="")
    await post.put(row("甲", one), row("b", other), row("c", third))
    worded = await word(post)
    assert texts(worded) == ["您好：甲", "Hello: b", "您好：c"]
    assert [one.address for one in worded.ready] == ["chat-0", "chat-1", "chat-2"]


async def test_the_open_question_stands_under_a_notice_but_not_under_an_answer(post: Post) -> None:
    sealed = post.database.seal.seal(ASKED)
    (one,) = await post.people(1, state=sealed)
    await post.put(row("n", one), row("r", one, Priority.ANSWER, occasion=Occasion.REPLY))
    assert sorted(texts(await word(post))) == ["您好：n\n您要什么颜色？", "您好：r"]


async def test_without_repeat_a_notice_stands_alone(post: Post) -> None:
    (one,) = await post.people(1, state=post.database.seal.seal(ASKED))
    await post.put(row("n", one))
    assert texts(await word(post, repeat=False)) == ["您好：n"]


async def test_a_question_that_does_not_fit_any_more_is_left_out(post: Post) -> None:
    (one,) = await post.people(1, state=post.database.seal.seal(ASKED))
    await post.put(row("long", one, values=text("n" * 195)))
    assert texts(await word(post)) == [f"您好：{'n' * 195}"]


async def test_what_has_nothing_to_say_any_more_is_superseded(post: Post) -> None:
    one, other = await post.people(2)
    await post.put(row("gone by", one, values=msgspec.json.encode(())), row("b", other))
    worded = await word(post)
    assert texts(worded) == ["您好：b"]
    assert [(one.state, one.reason) for one in worded.ended] == [(Row.SUPERSEDED, "nothing to say any more")]


async def test_who_is_gone_is_not_written_to_but_answered(post: Post) -> None:
    (one,) = await post.people(1, gone_at=NOON)
    await post.put(row("n", one), row("r", one, Priority.ANSWER, occasion=Occasion.REPLY))
    worded = await word(post)
    assert texts(worded) == ["您好：r"]
    assert [(one.state, one.reason) for one in worded.ended] == [(Row.FAILED, "gone")]


async def test_a_person_who_had_their_data_deleted_meanwhile_is_not_missed(post: Post) -> None:
    (one,) = await post.people(1)
    await post.put(row("n", one))
    (claimed,) = await claim(post)
    erased = dataclasses.replace(claimed, contact=claimed.contact + 1)
    assert not (await delivering.word(post.database, post.desk, WORDINGS, [erased])).ready


async def test_all_rows_of_an_occasion_are_worded_at_once(post: Post) -> None:
    people = await post.people(10)
    await post.put(*(row(f"n{one}", one) for one in people))
    counted: list[int] = []

    async def count(_look: object, _desk: object, rows: object) -> dict[int, tuple[Say, ...] | None]:
        assert isinstance(rows, list)
        counted.append(len(rows))
        return {one.id: msgspec.json.decode(one.values, type=tuple[Say, ...]) for one in rows}

    wordings = {Occasion.NOTICE: dataclasses.replace(WORDINGS[Occasion.NOTICE], word=count)}
    worded = await delivering.word(post.database, post.desk, wordings, await claim(post))
    assert counted == [10]
    assert len(worded.ready) == 10


@pytest.mark.parametrize(
    ("values", "state", "error"),
    [
        (text("broken"), None, RuntimeError),
        (b"{", None, msgspec.DecodeError),
        (text("n"), b"not sealed", InvalidToken),
    ],
)
async def test_what_is_garbled_rises(post: Post, values: bytes, state: bytes | None, error: type[Exception]) -> None:
    (one,) = await post.people(1, state=state)
    await post.put(row("n", one, values=values))
    with pytest.raises(error):
        await word(post)
