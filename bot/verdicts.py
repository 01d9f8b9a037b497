"""What a send's outcome means for its row: sent, again later, failed. Pure: all of the policy of trying again."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.channel import Outcome, PersonGone, Rejected, Sent, TryLater, Unknown
from services.delivering import GONE
from storage.outbox import State
from storage.sending import Claimed, Ended

# After each strike the row waits longer; the ninth is the last. Together some eight hours: a platform that is down for
# a night's repairs loses nobody, and what has an expiry ends there before.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 2 * 60, 10 * 60, 30 * 60, 60 * 60, 2 * 60 * 60, 4 * 60 * 60)
)
UNKNOWN_PAUSE = PAUSES[0]
UNKNOWNS = 1  # a double is better than a loss, but only one


def verdict(row: Claimed, outcome: Outcome, now: datetime, said: bytes | None = None) -> Ended:
    """How that outcome leaves the row.

    A strike waits as PAUSES says; a wait that the platform asked for is obeyed instead. What nobody knows is sent once
    more and then fails. `said` is what a mailbox keeps of a message that was sent.
    """
    match outcome:
        case Sent(id=message):
            return Ended(row, State.SENT, message=message, said=said)
        case Rejected(reason=reason):
            return Ended(row, State.FAILED, reason)
        case PersonGone():
            return Ended(row, State.FAILED, GONE, gone=True)
        case Unknown(reason=reason):
            if row.unknowns >= UNKNOWNS:
                return Ended(row, State.FAILED, f"unknown: {reason}", unknown=True)
            return _again(row, now + UNKNOWN_PAUSE, f"unknown: {reason}", unknown=True)
        case TryLater(wait=wait, strike=strike, reason=reason):
            if strike and row.attempts >= len(PAUSES):
                return Ended(row, State.FAILED, reason or "tried too often", strike=True)
            pause = PAUSES[min(row.attempts, len(PAUSES) - 1)]
            return _again(row, now + (pause if wait is None else wait), reason, strike=strike)


def given_back(row: Claimed, now: datetime) -> Ended:
    """A row that was claimed and then not sent after all."""
    return _again(row, now, None)


def _again(row: Claimed, at: datetime, reason: str | None, *, strike: bool = False, unknown: bool = False) -> Ended:
    if row.expires_at is not None and at >= row.expires_at:
        return Ended(row, State.EXPIRED, reason, strike=strike, unknown=unknown)
    return Ended(row, State.QUEUED, reason, again_at=at, strike=strike, unknown=unknown)
