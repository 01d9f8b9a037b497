"""Rosters: what staff see of trips, who is on them, and how a notice goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.notices import Audience, NoticeStatus
from domain.people import Name, Phone
from domain.places import Place
from domain.trips import Mode, Trip, TripStatus


@dataclass(frozen=True, slots=True)
class TripSearch:
    """Which trips to list, every condition that is set; `after` is the id of the last line of the page before."""

    day: date | None = None
    status: TripStatus | None = None
    destination: str = ""
    code: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class TripLine:
    """One trip in the list. Seats are counted in people: `usable` under the cap, `taken`, `coming` those who said so;
    `declined` people have said that they do not come.
    """

    id: int
    code: str
    area: str
    mode: Mode
    vehicle: str
    departs_at: datetime
    destination: Place
    status: TripStatus
    usable: int
    taken: int
    coming: int
    declined: int


@dataclass(frozen=True, slots=True)
class Passenger:
    """One registration on a trip. `coming` is what the person answered; `reachable` whether any chat leads to them."""

    seat: int
    registration: int
    number: str
    name: Name
    phone: Phone
    party: int
    stop: int
    coming: bool | None
    answered_at: datetime | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """A reminder of a trip: `rule` for the people of `stop`, its `state` waiting, done, missed or dropped."""

    stop: int
    rule: str
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class TripPage:
    """One trip with all that staff see of it. `passengers` hold a seat; `declined` said that they do not come."""

    trip: Trip
    usable: int
    taken: int
    left: int
    passengers: tuple[Passenger, ...]
    declined: tuple[Passenger, ...]
    reminders: tuple[DueLine, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a change led to: how many registrations are told, and how many have no chat that leads to them."""

    told: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Who was put on a trip (seat ids), and which registrations were not: no room for the whole party, already on
    a trip, or cancelled meanwhile.
    """

    seats: tuple[int, ...]
    no_room: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Readers:
    """Who would read a notice. In chats: `reached` get it, `stopped` wanted no more messages. In registrations: `gone`
    have a chat that leads nowhere any more, `without_chat` never had one. `languages`: (language, chats reached).
    """

    reached: int
    stopped: int
    gone: int
    without_chat: int
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A broadcast as stored. `en` is "" where English readers get the Chinese text. `spread` is True once all its
    messages stand in the queue; `expires_at` is None until it is sent where staff set none (then it is a week).
    """

    id: int
    area: str
    audience: Audience
    zh: str
    en: str
    status: NoticeStatus
    send_at: datetime | None
    expires_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    spread: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is, in messages. `failed` are (reason, how many), the most frequent first; `withdrawn` were
    taken back when it was stopped; `spreading` is True while more are still being put into the queue.
    """

    waiting: int
    held: int
    sent: int
    failed: tuple[tuple[str, int], ...]
    expired: int
    withdrawn: int
    spreading: bool
