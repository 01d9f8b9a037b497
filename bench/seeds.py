# ruff: noqa: S608 - the pieces of these statements are constants of this file
"""Databases that hold many people already, filled by the database itself: a million in seconds."""

from __future__ import annotations

import asyncio

from sqlalchemy import bindparam, text

from bench.desk import sealer
from bench.talk import HOME, now
from bot.channels.telegram.channel import TELEGRAM
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Instant

FIRST_ADDRESS = 10_000_000_000  # the seeded people's chats: nobody who writes in the benchmark is among them
NAME_PIECES = 5  # a name of three characters: three single ones and two pairs (storage.sealing.pieces)
DIFFERENT_PIECES = 2000

_NUMBERS = {
    True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    False: "WITH n(i) AS (SELECT generate_series(1, CAST(:count AS bigint)))",
}
_HASH = {True: "randomblob(32)", False: "sha256(CAST(CAST(random() AS text) || i AS bytea))"}
_PIECE = {True: "CAST(printf('%032d', {0}) AS BLOB)", False: "CAST(lpad(CAST({0} AS text), 32, '0') AS bytea)"}
_migrating = asyncio.Lock()  # Alembic keeps what it is doing in globals
_COUNTED = ("people", "contacts", "registrations")


async def seed(url: str, count: int) -> None:
    """Migrates that empty database and stores so many people, a chat and a registration each, the latter in the home
    area, its counties by turns, with what their names are found by; and one member of
    staff for all of them.
    """
    database = Database(url, sealer())
    async with _migrating:
        await migrate(database)
    async with database.work() as work:
        if database.sqlite:
            await work.db.execute(text("PRAGMA cache_size = -600000"))
        else:
            await work.db.execute(text("SET LOCAL session_replication_role = replica"))  # checks no foreign keys
        for statement in _statements(sqlite=database.sqlite):
            values = {
                "count": count,
                "now": now(),
                "first": FIRST_ADDRESS,
                "channel": TELEGRAM.name,
                "home": HOME,
                "name": work.seal.seal_text("韦小明"),
                "phone": work.seal.seal_text("13800012345"),
            }
            prepared = text(statement)
            used = {name: value for name, value in values.items() if name in prepared._bindparams}  # noqa: SLF001
            typed = [bindparam("now", type_=Instant)] if "now" in used else []
            await work.db.execute(prepared.bindparams(*typed), used)
        if not database.sqlite:
            for table in _COUNTED:
                await work.db.execute(text(f"SELECT setval('{table}_id_seq', {count})"))
            await work.db.execute(text("ANALYZE"))  # which its autovacuum would do soon; SQLite does so nowhere
        await work.commit()
    await database.close()


def _statements(*, sqlite: bool) -> list[str]:
    numbers, hashed = _NUMBERS[sqlite], _HASH[sqlite]
    tens = "(SELECT 0 AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS pieces"
    piece = _PIECE[sqlite].format(f"((i * 7 + j * 131) % {DIFFERENT_PIECES})")
    return [
        f"""INSERT INTO people (id, name, phone, same, phone_hash, phone_tail_hash, created_at)
            {numbers} SELECT i, :name, :phone, {hashed}, {hashed}, {hashed}, :now FROM n""",
        f"""INSERT INTO contacts (id, channel, address, person, language, consented_at, created_at)
            {numbers} SELECT i, :channel, CAST(:first + i AS text), i, 'zh-CN', :now, :now FROM n""",
        f"""INSERT INTO registrations (id, number, person, contact, channel, area, direction, first, last, undecided,
              origin, origin_town, destination, destination_town, employer, party, status, created_at, changed_at)
            {numbers} SELECT i, 'LJ-' || i, i, i, :channel, CAST(450202 + i % 5 AS text), 'work', '2027-02-13',
              '2027-02-13', false, CAST(450202 + i % 5 AS text), '', '440310', '', '比亚迪', 1, 'active', :now, :now
            FROM n""",
        """INSERT INTO staff (name, password, area, role, language, created_at)
            VALUES ('bench', '', :home, 'city', 'zh-CN', :now)""",
        f"INSERT INTO name_pieces (person, hash) {numbers} SELECT i, {piece} FROM n, {tens}",
    ]
