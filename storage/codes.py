"""Printed codes: what a QR code on paper stands for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, insert, select

from domain.places import Place
from domain.scope import Scope
from storage.database import Look, Work
from storage.tables import codes

PAGE = 50


@dataclass(frozen=True, slots=True)
class Code:
    """A printed code: it carries the place where people get on, or a trip; `label` is what staff call it."""

    code: str
    area: str
    label: str
    origin: Place | None
    trip: int | None
    created_at: datetime


async def put(work: Work, code: Code) -> None:
    """Stores a new code."""
    await work.db.execute(
        insert(codes).values(
            code=code.code,
            area=code.area,
            label=code.label,
            origin=code.origin.code if code.origin else None,
            origin_town=code.origin.town if code.origin else None,
            trip=code.trip,
            created_at=code.created_at,
        )
    )


async def listed(scope: Scope, look: Look, before: datetime | None = None) -> Sequence[Code]:
    """A page of the codes in the scope, the newest first; `before` is when the last of the page before was made."""
    query = select(codes).where(codes.c.area.between(scope.low, scope.high)).order_by(codes.c.created_at.desc())
    if before is not None:
        query = query.where(codes.c.created_at < before)
    return [_code(row) for row in (await look.db.execute(query.limit(PAGE))).mappings()]


async def by_code(look: Look, wanted: Collection[str]) -> dict[str, Code]:
    """The codes of those letters; unknown ones are left out."""
    rows = await look.db.execute(select(codes).where(codes.c.code.in_(wanted)))
    return {row["code"]: _code(row) for row in rows.mappings()}


def _code(row: RowMapping) -> Code:
    origin = Place(row["origin"], row["origin_town"] or "") if row["origin"] else None
    return Code(row["code"], row["area"], row["label"], origin, row["trip"], row["created_at"])
