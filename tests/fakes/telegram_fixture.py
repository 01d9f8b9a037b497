"""The fixture of a fake Bot API, which fails the test whose calls do not fit the published one.

A conftest takes it with `from tests.fakes.telegram_fixture import telegram_api`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.telegram import FakeTelegram


@pytest.fixture
async def telegram_api() -> AsyncIterator[FakeTelegram]:
    """A Bot API on this machine, without limits until a test sets them (telegram_api.rate, .chat_rate)."""
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.violations == []
