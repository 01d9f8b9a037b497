"""Marks of a registration: the groups that offices count, and the needs that they heed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """A priority group (重点群体, domain.md; a person can be in several), or a special need on the way."""

    OUT_OF_POVERTY = "out_of_poverty"  # 脱贫人口, with those watched so that they do not fall back (防返贫监测对象)
    RELOCATED = "relocated"  # 易地搬迁
    LOW_INCOME = "low_income"  # 低收入
    OLDER = "older"  # 大龄
    DISABLED = "disabled"  # 残疾人
    FISHER = "fisher"  # 退捕渔民
    WHEELCHAIR = "wheelchair"
    LUGGAGE = "luggage"
    CHILD = "child"


GROUPS = (Mark.OUT_OF_POVERTY, Mark.RELOCATED, Mark.LOW_INCOME, Mark.OLDER, Mark.DISABLED, Mark.FISHER)
NEEDS = (Mark.WHEELCHAIR, Mark.LUGGAGE, Mark.CHILD)


@dataclass(frozen=True, slots=True)
class AddMarks:
    """Command: a person says what holds for the registration of that number."""

    number: str
    marks: tuple[Mark, ...]
