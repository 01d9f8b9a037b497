"""The inbox: which messages have been taken, so that one delivered three times is one turn.

Only who and when stands here, not what was said: a conversation keeps the answers that were asked for and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import json
from sqlalchemy import JSON, Text, bindparam, cast, delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.messages import Message
from storage.database import Work
from storage.tables import Instant, inbox

KEEP = timedelta(days=7)  # far beyond every platform's own retries (Telegram keeps updates for 24 hours)

Key = tuple[str, str]  # the channel, and the message's id on it

# All of a batch in one parameter: a row of JSON, [channel, message], for each.
_EACH = func.json_each(bindparam("rows", type_=Text)).table_valued("value")
_ELEMENT = func.json_array_elements(cast(bindparam("rows", type_=Text), JSON)).table_valued("value")
_COLUMNS = ["channel", "message", "at"]
_KEY = (inbox.c.channel, inbox.c.message)
_AT = bindparam("at", type_=Instant)
_TAKE = {
    True: sqlite.insert(inbox)
    .from_select(
        _COLUMNS,
        # The condition keeps SQLite from reading ON CONFLICT as the ON of a join.
        select(func.json_extract(_EACH.c.value, "$[0]"), func.json_extract(_EACH.c.value, "$[1]"), _AT).where(true()),
    )
    .on_conflict_do_nothing(index_elements=_KEY)
    .returning(*_KEY),
    False: postgresql.insert(inbox)
    .from_select(
        _COLUMNS,
        select(
            func.json_extract_path_text(_ELEMENT.c.value, "0"), func.json_extract_path_text(_ELEMENT.c.value, "1"), _AT
        ),
    )
    .on_conflict_do_nothing(index_elements=_KEY)
    .returning(*_KEY),
}
_FAIL = (
    update(inbox)
    .where(inbox.c.channel == bindparam("_channel"), inbox.c.message == bindparam("_message"))
    .values(failed=True)
)


async def take(work: Work, messages: Sequence[Message], now: datetime) -> set[Key]:
    """Marks the messages as taken and returns those that had not been before."""
    rows = json.encode(sorted({(one.channel, one.id) for one in messages})).decode()
    taken = await work.db.execute(_TAKE[work.sqlite], {"rows": rows, "at": now})
    return {(row.channel, row.message) for row in taken}


async def fail(work: Work, messages: Sequence[Message]) -> None:
    """Marks messages on which the engine failed."""
    if messages:
        await work.db.execute(_FAIL, [{"_channel": one.channel, "_message": one.id} for one in messages])


async def forget(work: Work, now: datetime) -> int:
    """Drops what no platform can send again; returns how many rows."""
    gone = await work.db.execute(delete(inbox).where(inbox.c.at < now - KEEP))
    return gone.rowcount
