"""Answers that can only be picked from what is offered."""

from __future__ import annotations

from typing import Never

from domain.refusals import Refused
from flows.flow import Context, Reader


def pick_one(text: str, context: Context) -> Never:  # noqa: ARG001 - every reader is called with both
    """No words of one's own: the choices stand there."""
    raise Refused("picked.not_understood")


NUMBER = Reader(int, pick_one)
WORD = Reader(str, pick_one)
