"""What the fake Bot API remembers of the calls that came, and whether one more is too many."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came. `at` is in seconds of time.monotonic()."""

    method: str
    parameters: dict[str, Any]
    at: float


@dataclass(slots=True)
class Books:
    """Every call with its parameters (not when lean), how many there were, and when each message was taken."""

    calls: list[Call] = field(default_factory=list)
    by_method: Counter[str] = field(default_factory=Counter)
    sends: list[float] = field(default_factory=list)
    _by_chat: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=50)))

    @property
    def total(self) -> int:
        """All calls, the failed ones too."""
        return self.by_method.total()

    @property
    def sends_by_second(self) -> Counter[int]:
        """How many messages were taken in each whole second since the first."""
        return Counter(int(at - self.sends[0]) for at in self.sends)

    def most_in_any(self, seconds: float = 1.0) -> int:
        """The most messages that were taken in any stretch of this length, wherever it begins."""
        return max((bisect_left(self.sends, at + seconds) - place for place, at in enumerate(self.sends)), default=0)

    def send(self, chat: int, at: float) -> None:
        """Writes down a message that was taken."""
        self.sends.append(at)
        self._by_chat[chat].append(at)

    def full(self, chat: int, at: float, rate: int | None, chat_rate: int | None) -> bool:
        """Whether one more message would be over what the account or this chat takes in a second."""
        return _full(self.sends, at, rate) or _full(self._by_chat[chat], at, chat_rate)


def _full(sends: Sequence[float], at: float, most: int | None) -> bool:
    return most is not None and len(sends) >= most and at - sends[-most] < 1
