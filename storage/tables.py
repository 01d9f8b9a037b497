"""Every table. Columns of type Sealed hold personal data and are readable only with the keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from typing_extensions import override

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC (SQLite knows no zones: there it is kept without and given back with one)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive datetime: nobody knows which hour it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives it back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value


Sealed = LargeBinary
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER PRIMARY KEY


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _to(table: str, name: str, *, optional: bool = False, **more: Any) -> Column[Any]:  # noqa: ANN401 - what Column takes
    return Column(name, Id, ForeignKey(f"{table}.id"), nullable=optional, **more)


def _of(table: str, name: str, *, optional: bool = False, **more: Any) -> Column[Any]:  # noqa: ANN401 - what Column takes
    """A row that means nothing without that one: it goes when that one goes."""
    return Column(name, Id, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=optional, **more)


people = Table(
    "people",
    metadata,
    _id(),
    Column("name", Sealed, nullable=False),
    Column("phone", Sealed, nullable=False),
    # Of the phone, the name and, where one was given, the identity number: what a row stands for. Who is the same
    # person says storage.people. Keyed hashes; the phone's alone is never unique.
    Column("same", LargeBinary(32), nullable=False, unique=True),
    Column("phone_hash", LargeBinary(32), nullable=False, index=True),
    Column("phone_tail_hash", LargeBinary(32), nullable=False, index=True),
    # Only where the office asks for it and the person agreed. Two rows may bear the same one: the same person then.
    Column("identity", Sealed),
    Column("identity_hash", LargeBinary(32), index=True),
    Column("identity_consented_at", Instant),
    Column("created_at", Instant, nullable=False),
)

name_pieces = Table(
    "name_pieces",
    metadata,
    _to("people", "person", primary_key=True),
    Column("hash", LargeBinary(32), primary_key=True),
    Index("ix_name_pieces_hash", "hash"),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("channel", String(32), nullable=False),
    Column("address", String(128), nullable=False),
    _to("people", "person", optional=True, index=True),
    Column("language", String(16), nullable=False),
    Column("state", Sealed),
    Column("held", Sealed),
    Column("held_until", Instant),
    Column("consented_at", Instant),
    Column("stopped_at", Instant),
    Column("gone_at", Instant),
    Column("spoke_at", Instant),  # when they last wrote: whether a nudge is still due
    Column("request", Id),  # the open help request that their words go to (help_requests points here, so no key)
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "address"),
    Index(
        "ix_contacts_held",
        "held_until",
        sqlite_where=text("held IS NOT NULL"),
        postgresql_where=text("held IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", String(32), nullable=False),
    Column("message", String(128), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("failed", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("channel", "message"),
)

registrations = Table(
    "registrations",
    metadata,
    _id(),
    Column("number", String(16), nullable=False, unique=True),
    _to("people", "person", index=True),
    _to("contacts", "contact", optional=True, index=True),
    Column("channel", String(32), nullable=False),
    Column("area", String(6), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("first", Date),
    Column("last", Date),
    Column("part", String(8)),
    Column("at", String(5)),
    Column("undecided", Boolean, nullable=False),
    Column("origin", String(6), nullable=False),
    Column("origin_town", String(64), nullable=False),
    Column("destination", String(6), nullable=False),
    Column("destination_town", String(64), nullable=False),
    Column("employer", String(200), nullable=False),
    Column("party", SmallInteger, nullable=False),
    Column("status", String(16), nullable=False),
    # The contact who signed them up, where it was not the person; `contact` is who is told, at first the same one. No
    # key points there: SQLite can't give one to a table that others point to.
    Column("registrar", Id, index=True),
    Column("registrar_name", Sealed),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_registrations_area", "area", "id"),
    Index("ix_registrations_day", "first", "last"),
    Index("ix_registrations_destination", "destination", "id"),
    Index("ix_registrations_created_at", "created_at"),
)

# What offices must count and heed (domain.marks): priority groups and special needs.
marks = Table(
    "marks",
    metadata,
    _of("registrations", "registration", primary_key=True),
    Column("mark", String(24), primary_key=True),
    _to("staff", "staff", optional=True),
    Column("created_at", Instant, nullable=False),
    Index("ix_marks_mark", "mark"),
)

companions = Table(
    "companions",
    metadata,
    _of("registrations", "registration", primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("name", Sealed, nullable=False),
    Column("phone", Sealed),
)

# Codes with which people take over a registration that somebody else made for them.
takeovers = Table(
    "takeovers",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    _of("registrations", "registration", index=True),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)

employers = Table(
    "employers",
    metadata,
    _id(),
    Column("area", String(6), nullable=False, index=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("short_names", Text, nullable=False),
    Column("place", String(6)),
    Column("place_town", String(64)),
    Column("contact_name", Sealed),
    Column("contact_phone", Sealed),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

trips = Table(
    "trips",
    metadata,
    _id(),
    Column("code", String(32), nullable=False, unique=True),
    Column("area", String(6), nullable=False, index=True),
    Column("mode", String(8), nullable=False),
    Column("vehicle", String(32), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("cap", SmallInteger, nullable=False),
    Column("destination", String(6), nullable=False),
    Column("destination_town", String(64), nullable=False),
    Column("arrival", String(200), nullable=False),
    Column("escort_name", Sealed, nullable=False),
    Column("escort_phone", Sealed, nullable=False),
    Column("bring", String(500), nullable=False),
    Column("reminders", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("published_at", Instant),
)

stops = Table(
    "stops",
    metadata,
    _id(),
    _to("trips", "trip", index=True),
    Column("position", SmallInteger, nullable=False),
    Column("place", String(200), nullable=False),
    Column("departs_at", Instant, nullable=False, index=True),
)

seats = Table(
    "seats",
    metadata,
    _id(),
    _to("trips", "trip"),
    _to("registrations", "registration"),
    _to("stops", "stop", index=True),
    Column("party", SmallInteger, nullable=False),
    Column("coming", Boolean),
    Column("answered_at", Instant),
    Column("freed_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("ix_seats_trip", "trip", "id"),
    # One registration sits on one trip at a time.
    Index(
        "uq_seats_registration",
        "registration",
        unique=True,
        sqlite_where=text("freed_at IS NULL"),
        postgresql_where=text("freed_at IS NULL"),
    ),
    Index("ix_seats_registration", "registration"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    Column("area", String(6), nullable=False, index=True),
    _to("staff", "author"),
    Column("audience", Text, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("send_at", Instant),
    Column("expires_at", Instant),
    Column("cursor", Id, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("once", String(160), nullable=False, unique=True),
    _to("contacts", "contact"),
    Column("channel", String(32), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("occasion", String(24), nullable=False),
    Column("ref", Id),
    Column("revision", Integer),
    Column("values", Sealed),
    Column("not_before", Instant, nullable=False),  # the moment it was put where nothing else was asked for
    Column("expires_at", Instant),
    Column("state", String(12), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("unknowns", SmallInteger, nullable=False, server_default=text("0")),
    Column("tried_at", Instant),
    Column("fence", Id),
    Column("message", String(128)),
    Column("said", Sealed),
    Column("reason", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_outbox_waiting",
        "channel",
        "priority",
        "not_before",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "ix_outbox_sending",
        "channel",
        "id",
        sqlite_where=text("state = 'sending'"),
        postgresql_where=text("state = 'sending'"),
    ),
    Index(
        "ix_outbox_open",
        "contact",
        "priority",
        "id",
        sqlite_where=text("state IN ('queued', 'sending')"),
        postgresql_where=text("state IN ('queued', 'sending')"),
    ),
    Index("ix_outbox_contact", "contact", "id"),
    Index("ix_outbox_about", "occasion", "ref", "state", "id"),
)

due = Table(
    "due",
    metadata,
    _id(),
    _to("trips", "trip", optional=True, index=True),
    _to("stops", "stop", optional=True),
    _of("contacts", "contact", optional=True, index=True),
    _of("registrations", "registration", optional=True, index=True),
    Column("rule", String(32), nullable=False),
    Column("boards_at", Instant),
    Column("due_at", Instant, nullable=False),
    Column("lapses_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("cursor", Id, nullable=False, server_default=text("0")),
    Column("ended_at", Instant),
    UniqueConstraint("stop", "rule", "boards_at"),
    UniqueConstraint("contact", "rule", "due_at"),
    Index(
        "ix_due_waiting", "due_at", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
    ),
)

help_requests = Table(
    "help_requests",
    metadata,
    _id(),
    _to("contacts", "contact", index=True),
    Column("area", String(6), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("text", Sealed),
    Column("created_at", Instant, nullable=False),
    Column("answered_at", Instant),  # by staff, last
    Column("closed_at", Instant),
    _to("staff", "closed_by", optional=True),
)

# What was said in a help request, by the member of staff, or (where there is none) by the person.
help_messages = Table(
    "help_messages",
    metadata,
    _id(),
    _of("help_requests", "request", index=True),
    _to("staff", "staff", optional=True),
    Column("text", Sealed, nullable=False),
    Column("created_at", Instant, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("area", String(6), nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("origin", String(6)),
    Column("origin_town", String(64)),
    _to("trips", "trip", optional=True),
    Column("created_at", Instant, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    Column("name", String(64), nullable=False, unique=True),
    Column("password", String(200), nullable=False),
    Column("area", String(6), nullable=False),
    Column("role", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    _id(),
    _to("staff", "staff", index=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

# Sign-ins that were tried: `who` is a keyed hash of the account's name and the browser, counted by the clock's hour.
tries = Table(
    "tries",
    metadata,
    Column("who", LargeBinary(32), primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
    Index("ix_tries_hour", "hour"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("fence", Id, nullable=False),
    Column("until", Instant, nullable=False),
)
