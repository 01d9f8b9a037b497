"""One statement for many rows: compiled once, and the rows handed to the driver as they stand.

SQLAlchemy looks at each value of each row on its way to the driver. Where every turn of every person passes, that costs
as much as the rest of the turn's storing; here the values are made to fit beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.sql.expression import UpdateBase

from storage.database import Work


class Many:
    """An INSERT or UPDATE of many rows. `names` are its parameters, `instants` those of them that hold moments.

    On SQLite and PostgreSQL it may be spelled differently: `sqlite` and `postgres`.
    """

    def __init__(
        self, sqlite: UpdateBase, postgres: UpdateBase, names: Sequence[str], instants: Sequence[str] = ()
    ) -> None:
        self._spelled = {True: sqlite, False: postgres}
        self._names = tuple(names)
        self._instants = frozenset(instants)
        self._compiled: dict[bool, tuple[str, tuple[str, ...]]] = {}

    async def run(self, work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carries it out for those rows: parameter → value, of the type that the driver takes; moments as datetimes."""
        if not rows:
            return
        sql, order = self._compiled.get(work.sqlite) or self._compile(work)
        if work.sqlite:
            places = [(name, name in self._instants) for name in order]
            tuples = [tuple(_moment(row[name]) if at else row[name] for name, at in places) for row in rows]
        else:
            tuples = [tuple(row[name] for name in order) for row in rows]
        await work.db.exec_driver_sql(sql, tuples)

    def _compile(self, work: Work) -> tuple[str, tuple[str, ...]]:
        compiled = self._spelled[work.sqlite].compile(dialect=work.dialect, column_keys=list(self._names))
        found = self._compiled[work.sqlite] = str(compiled), tuple(compiled.positiontup or ())
        return found


@lru_cache(maxsize=256)  # the rows of one batch share their moments
def _moment(at: datetime | None) -> str | None:
    """A moment as storage.tables.Instant keeps it on SQLite."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
