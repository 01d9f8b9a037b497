"""Every transcript is played, and each answer is the one that stands there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import structlog

from tests.conversations.stage import flows, fresh_url
from tests.conversations.transcript import REMINDERS, Transcript, parsed, played, transcripts
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


KINDS = {(language, channel) for language in ("zh", "en") for channel in ("buttons", "plain")}


def _kind(transcript: Transcript) -> tuple[str, str]:
    """The language that the bot first speaks in it, told by its punctuation, and whether there are buttons."""
    first = next("".join(said) for _, said in transcript.turns if said)
    language = "zh" if re.search("[，。！？：]", first) else "en"
    return language, "plain" if transcript.head.get("channel") == "plain" else "buttons"


def test_every_flow_and_reminder_is_shown_in_both_languages_with_buttons_and_on_plain_numbers() -> None:
    shown: Counter[tuple[str, tuple[str, str]]] = Counter()
    for path in transcripts():
        transcript = parsed(path)
        shown.update((name, _kind(transcript)) for name in transcript.listed("flows"))
    names = {flow.name for flow in flows().flows} | {occasion.value for occasion in REMINDERS}
    missing = [(name, *kind) for name in sorted(names) for kind in sorted(KINDS) if not shown[name, kind]]
    assert missing == []
