"""The delivery tests have an outbox, and their logs are kept from the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from structlog.typing import EventDict

from tests.delivery.fixtures import post, shared_post, sqlite_post

__all__ = ["logs", "post", "shared_post", "sqlite_post"]


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What was logged."""
    with structlog.testing.capture_logs() as captured:
        yield captured
