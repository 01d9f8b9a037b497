"""Members of staff: their roles, what each role may do, and how long a sign-in holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.places import Area, Areas, Level

IDLE_FOR = timedelta(hours=2)  # a desk that was left; OWASP "Session Management", idle timeout of office software
HOLDS_FOR = timedelta(hours=12)  # one working day, then the password is asked for again
SHORTEST_PASSWORD = 8  # NIST SP 800-63B, section 5.1.1.1
LONGEST_PASSWORD = 200  # argon2 reads any length; a megabyte is no password
LONGEST_NAME = 64


class Role(StrEnum):
    """What a member of staff is there for (domain.md, "The people")."""

    REGION = "region"
    CITY = "city"
    COUNTY = "county"


class Right(StrEnum):
    """One kind of thing that staff do. Where it is done is their area's matter (domain/scope.py), not the role's."""

    SEE = "see"
    REGISTER = "register"
    PLAN = "plan"
    TELL = "tell"
    SERVE = "serve"
    CODES = "codes"
    MANAGE = "manage"


MAY: Mapping[Role, frozenset[Right]] = {
    # The region reads, broadcasts and appoints; cities and counties run the trips (Liuzhou 2021: each level its own).
    Role.REGION: frozenset({Right.SEE, Right.TELL, Right.MANAGE}),
    Role.CITY: frozenset(Right),
    Role.COUNTY: frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff: `area` is the code of the area whose people they serve, `language` the one they read."""

    id: int
    name: str
    area: str
    role: Role
    language: str

    def may(self, right: Right) -> bool:
        """Whether their role has that right."""
        return right in MAY[self.role]


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of a member. Every form of it carries `csrf`; a request without it comes from another page."""

    id: int
    member: Member
    csrf: str
    created_at: datetime
    seen_at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it has neither been left idle too long nor outlived its day."""
        return now < self.seen_at + IDLE_FOR and now < self.created_at + HOLDS_FOR


def natural_role(area: Area, areas: Areas) -> Role:
    """The role of an area's first member of staff. A municipality (Chongqing) is a province that acts as a city."""
    below = areas.children(area.code)
    if area.level is Level.PROVINCE and any(child.level is Level.CITY for child in below):
        return Role.REGION
    return Role.COUNTY if area.level is Level.COUNTY else Role.CITY


def roles_for(area: Area) -> tuple[Role, ...]:
    """The roles that staff of that area can have, the usual one first."""
    match area.level:
        case Level.PROVINCE:
            return (Role.REGION, Role.CITY)
        case Level.CITY:
            return (Role.CITY,)
        case Level.COUNTY:
            return (Role.COUNTY,)
