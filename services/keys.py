"""Seeing at start that the keys of this process are those of the database: with others nothing in it could be read."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from storage import settings, tables
from storage.database import Database
from storage.upsert import upsert

_SEAL, _HASH = "keys_check", "hash_key_check"
_KNOWN = "返岗通"


class WrongKeys(Exception):  # noqa: N818 - said to the operator, who has to set others
    """The keys don't fit the database; `setting` is the one to look at."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"{setting} is not the one that this database was begun with")
        self.setting = setting


async def check(database: Database) -> None:
    """Compares the keys with a word sealed under them, which the very first start writes down. Raises WrongKeys."""
    async with database.work() as work:
        hashed = work.seal.hash("check", _KNOWN).hex()
        sealed = work.seal.seal_text(_KNOWN).decode("ascii")
        first = [{"name": _HASH, "value": hashed}, {"name": _SEAL, "value": sealed}]
        await work.db.execute(upsert(work, tables.settings).on_conflict_do_nothing(), first)
        found = await settings.values(work)
        if found[_HASH] != hashed:
            raise WrongKeys("FANGANG_HASH_KEY")
        try:
            work.seal.open_text(found[_SEAL].encode("ascii"))
        except InvalidToken:
            raise WrongKeys("FANGANG_KEYS") from None
        await work.commit()
