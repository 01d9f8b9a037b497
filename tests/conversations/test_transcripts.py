"""Every transcript is played, and each answer is the one that stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from tests.conversations.stage import fresh_url
from tests.conversations.transcript import parsed, played, transcripts
from tests.support.databases import Databases


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
async def test_conversation_goes_as_written(path: Path, databases: Databases) -> None:
    transcript = parsed(path)
    url = await fresh_url(databases)
    try:
        with structlog.testing.capture_logs():  # some of what breaks here is meant to
            outcome = await played(transcript, url)
    finally:
        await databases.drop(url)
    for (line, wanted), (_, said) in zip(transcript.turns, outcome.turns, strict=True):
        assert "\n".join(said) == "\n".join(wanted), f"to {line!r}"
    assert outcome.visited == set(transcript.listed("flows")), "the head of the file lists the flows gone through"


def test_there_are_enough_conversations() -> None:
    assert len(transcripts()) >= 35
