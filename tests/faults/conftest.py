"""The fault runs have an outbox."""

from __future__ import annotations

from tests.delivery.fixtures import post, shared_post

__all__ = ["post", "shared_post"]
