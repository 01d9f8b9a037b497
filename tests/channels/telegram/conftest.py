"""A fake Bot API and the channel that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.settings import Mode, TelegramSettings
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_fixture import telegram_api

__all__ = ["telegram_api"]

SECRET = "a-secret_for-TESTS"


@pytest.fixture
async def channel(telegram_api: FakeTelegram) -> AsyncIterator[Telegram]:
    """The channel, by polling."""
    opened = Telegram(TelegramSettings(telegram_api.token, api_url=telegram_api.url))
    yield opened
    await opened.close()


@pytest.fixture
async def hooked(telegram_api: FakeTelegram) -> AsyncIterator[Telegram]:
    """The channel, by webhook."""
    opened = Telegram(TelegramSettings(telegram_api.token, Mode.WEBHOOK, SECRET, telegram_api.url, "http://127.0.0.1"))
    yield opened
    await opened.close()
