"""What each outcome of a send means for its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.channel import Outcome, PersonGone, Rejected, Sent, TryLater, Unknown
from bot.verdicts import PAUSES, given_back, verdict
from domain.notices import Occasion, Priority
from storage.outbox import State
from storage.sending import Claimed, Ended
from tests.delivery.setting import NOON

ROW = Claimed(1, 2, "chat", Priority.NOTICE, Occasion.NOTICE, None, None, None, None, 0, 0)
SECONDS = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Sent("m1"), Ended(ROW, State.SENT, message="m1", said=b"said")),
        (Rejected("too long"), Ended(ROW, State.FAILED, "too long")),
        (PersonGone("blocked"), Ended(ROW, State.FAILED, "gone", gone=True)),
        (TryLater(), Ended(ROW, State.QUEUED, "", again_at=NOON + 5 * SECONDS, strike=True)),
        (TryLater(35 * SECONDS, strike=False), Ended(ROW, State.QUEUED, "", again_at=NOON + 35 * SECONDS)),
        (TryLater(SECONDS), Ended(ROW, State.QUEUED, "", again_at=NOON + SECONDS, strike=True)),
        (Unknown("cut"), Ended(ROW, State.QUEUED, "unknown: cut", again_at=NOON + 5 * SECONDS, unknown=True)),
    ],
)
def test_an_outcome_is_one_verdict(outcome: Outcome, wanted: Ended) -> None:
    assert verdict(ROW, outcome, NOON, b"said") == wanted


def test_pauses_grow_and_the_ninth_strike_is_the_last() -> None:
    pauses = []
    row = ROW
    while (ended := verdict(row, TryLater(reason="busy"), NOON)).again_at:
        pauses.append(ended.again_at - NOON)
        row = replace(row, attempts=row.attempts + ended.strike)
    assert pauses == list(PAUSES) == sorted(PAUSES)
    assert (ended.state, ended.reason, ended.strike) == (State.FAILED, "busy", True)


def test_waits_that_the_platform_asks_for_never_use_a_row_up() -> None:
    worn = replace(ROW, attempts=len(PAUSES))
    assert verdict(worn, TryLater(SECONDS, strike=False), NOON).state is State.QUEUED


def test_what_nobody_knows_is_sent_once_more_and_then_fails() -> None:
    once = replace(ROW, unknowns=1)
    assert verdict(once, Unknown("cut"), NOON) == Ended(once, State.FAILED, "unknown: cut", unknown=True)


def test_what_could_only_go_after_its_time_expires_now() -> None:
    brief = replace(ROW, expires_at=NOON + 5 * SECONDS)
    assert verdict(brief, TryLater(), NOON).state is State.EXPIRED
    assert verdict(brief, TryLater(4 * SECONDS), NOON).state is State.QUEUED
    assert given_back(brief, NOON).state is State.QUEUED
    assert given_back(brief, NOON + 5 * SECONDS).state is State.EXPIRED


def test_giving_back_is_no_strike() -> None:
    assert given_back(ROW, NOON) == Ended(ROW, State.QUEUED, again_at=NOON)
