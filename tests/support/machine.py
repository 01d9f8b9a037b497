"""What this machine can run, and what happens to a test that it cannot."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def cannot_run(reason: str) -> NoReturn:
    """Leave the test out with the reason; under CI=true this fails it, so that nothing is left out unseen."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"cannot run on this machine: {reason}", pytrace=False)
    pytest.skip(reason)
