"""The service's own desk and keys, as the benchmark sets them."""

from __future__ import annotations

from bench.talk import HASH_KEY, HOME, KEY, now
from bot.channels.telegram.channel import TELEGRAM
from bot.tables import load_areas, load_catalogues
from domain.office import Office
from flows import registry
from services.desk import Desk
from storage.sealing import Sealer
from storage.sealing import sealer as sealer_of


def desk() -> Desk:
    """Everything that the service has at hand, as at a start in earnest."""
    areas = load_areas()
    return Desk(
        flows=registry.load(),
        areas=areas,
        catalogues=load_catalogues(areas, HOME),
        traits={TELEGRAM.name: TELEGRAM},
        now=now,
        office=Office(HOME),
    )


def sealer() -> Sealer:
    """The keys, the same in every process."""
    return sealer_of([KEY], HASH_KEY)
