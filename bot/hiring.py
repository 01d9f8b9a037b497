"""`fangang staff add`: a member of staff without a browser, also beside a service that is running."""

from __future__ import annotations

from bot.settings import Settings, WrongSetting, clock
from bot.tables import load_areas, load_catalogues
from domain.refusals import Faults
from domain.staff import Role
from services import keys, staff
from services.passwords import Passwords
from storage.database import Database
from storage.migrate import Alone, Taken, migrate, migrated
from texts.say import Words

__all__ = ["add"]


async def add(settings: Settings, name: str, password: str, area: str, role: str) -> tuple[str, ...]:
    """Adds the member. What is wrong comes back in words, nothing where all went well."""
    if role not in set(Role):
        return (f"--role: {role!r} was given, wanted is one of {', '.join(Role)}",)
    areas = load_areas()
    newcomer = staff.Newcomer(name, password, area, Role(role))
    database = Database(settings.database.render_as_string(hide_password=False), settings.sealer())
    try:
        await _ready(database)
        await keys.check(database)
        await staff.add(database, areas, Passwords(), newcomer, clock(settings)())
    except keys.WrongKeys as wrong:
        raise WrongSetting.of(wrong.setting, "another key", "the key that this database was begun with") from None
    except Faults as faults:
        english = load_catalogues(areas, "")["en"]
        return tuple(
            f"{field}: {english.word(Words(refused.key, dict(refused.values)))}"  # type: ignore[arg-type] # its gaps
            for field, refused in faults.by_field.items()
        )
    finally:
        await database.close()
    return ()


async def _ready(database: Database) -> None:
    """Migrates; on a SQLite file that a running service holds, which has done so, there is nothing left to do."""
    try:
        with Alone(database):
            await migrate(database)
    except Taken:
        if not await migrated(database):
            raise
