"""The office's settings: home area and phone, read and written."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException

from domain.office import HOTLINE, Office
from domain.refusals import Refused
from services.desk import Desk
from storage import settings
from storage.database import Database, Look, Work

_AREA, _PHONE, _TELEGRAM_BOT = "office_area", "office_phone", "telegram_bot"
_IDENTITIES, _COMPANIONS = "office_identities", "office_companions"
_ON = "on"
_CHINA = 86  # ITU-T E.164
_SHORT_NUMBERS = range(3, 8)  # 12333, 12348, 110: numbers that are called as they stand


async def office(database: Database) -> Office:
    """The settings as stored; area "" before the first member of staff has set it."""
    async with database.look() as look:
        return await read(look)


async def change(database: Database, desk: Desk, phone: str, *, identities: bool, companions: bool) -> Office:
    """Another phone of the office, and what else people are asked; this process knows it at once, the others through
    the topic "settings". Raises Refused("office.phone_wrong", "phone").
    """
    changed = Office(desk.office.area, read_phone(phone), identities, companions)
    async with database.work() as work:
        await write(work, changed)
        await work.commit()
    desk.settle(changed)
    return changed


async def telegram_bot(database: Database) -> str:
    """The name of the office's bot on Telegram, "" where it has none."""
    async with database.look() as look:
        return (await settings.values(look)).get(_TELEGRAM_BOT, "")


async def keep_telegram_bot(database: Database, name: str) -> None:
    """Stores the bot's name, as the platform tells it at start."""
    if name != await telegram_bot(database):
        async with database.work() as work:
            await settings.put(work, _TELEGRAM_BOT, name)
            await work.commit()


async def read(look: Look) -> Office:
    """The settings, inside a view."""
    found = await settings.values(look)
    return Office(
        found.get(_AREA, ""), found.get(_PHONE, HOTLINE), found.get(_IDENTITIES) == _ON, found.get(_COMPANIONS) == _ON
    )


async def write(work: Work, office: Office) -> None:
    """Stores the settings, inside a unit of work."""
    await settings.put(work, _AREA, office.area)
    await settings.put(work, _PHONE, office.phone)
    await settings.put(work, _IDENTITIES, _ON if office.identities else "")
    await settings.put(work, _COMPANIONS, _ON if office.companions else "")


def read_phone(text: str) -> str:
    """An office's phone as digits: a mobile, a landline with its area code, or a short number such as 12333; ""
    becomes the hotline. Raises Refused("office.phone_wrong", "phone").
    """
    digits = "".join(char for char in text if char.isdigit() and char.isascii())
    if not text.strip():
        return HOTLINE
    if len(digits) in _SHORT_NUMBERS and digits.startswith("1"):
        return digits
    try:
        number = phonenumbers.parse(text, "CN")
    except NumberParseException:
        raise Refused("office.phone_wrong", "phone") from None
    if not phonenumbers.is_valid_number(number) or number.country_code != _CHINA:
        raise Refused("office.phone_wrong", "phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "").replace("-", "")
