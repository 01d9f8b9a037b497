"""Writes the bot's lines of transcripts anew, to be read and judged: python -m tests.conversations.rewrite [NAME …]."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from tests.conversations.stage import fresh_url
from tests.conversations.transcript import parsed, played, rewritten, transcripts
from tests.support.databases import SqliteFiles


async def main(names: list[str]) -> None:
    """Plays the transcripts of those names (all where none is given) on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        databases = SqliteFiles(Path(folder))
        for path in transcripts():
            if names and path.stem not in names:
                continue
            outcome = await played(parsed(path), await fresh_url(databases))
            text = rewritten(path, outcome)
            listed = f"flows: {', '.join(sorted(outcome.visited))}"
            path.write_text(re.sub(r"^flows:.*$", listed, text, count=1, flags=re.MULTILINE), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
