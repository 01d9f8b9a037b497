"""The fixtures of the whole service: a fake Bot API."""

from tests.fakes.telegram_fixture import telegram_api

__all__ = ["telegram_api"]
