"""Signing up for a trip, and changing what was signed up."""

from __future__ import annotations

from functools import cache

from domain.days import Window, today
from domain.people import Name, Phone
from domain.places import Place
from domain.registrations import Amend, Direction, Register, Wish
from domain.season import season_direction
from flows.answers import days, employers, people, places
from flows.answers import direction as directions
from flows.answers.picked import NUMBER
from flows.flow import Answers, Context, Flow, Question
from texts.say import Value, Words


def season(context: Context) -> Direction | None:
    """Right after the festival everybody goes back to work; at other times the season leaves it open."""
    return season_direction(today(context.now))


@cache
def shown_direction(value: object) -> Value:
    """返岗 or 返乡, in words."""
    return Words(f"direction.{Direction(str(value)).value}")


@cache
def shown_party(value: object) -> Value:
    """How many people, in words."""
    return Words("party.people", {"n": int(str(value))})


QUESTIONS = (
    Question("direction", directions.DIRECTION, directions.both, assumes=season, shows=shown_direction),
    Question("day", days.WINDOW, days.suggestions),
    Question("origin", places.ORIGIN),
    Question("destination", places.DESTINATION),
    Question("employer", employers.EMPLOYER, employers.not_found_yet),
    Question("name", people.NAME),
    Question("phone", people.PHONE),
    Question("party", people.PARTY, people.party_sizes, default=1, shows=shown_party),
)


def wish(answers: Answers) -> Wish:
    """What the answers ask for."""
    return Wish(
        direction=answers.of("direction", Direction),
        window=answers.of("day", Window),
        origin=answers.of("origin", Place),
        destination=answers.of("destination", Place),
        employer=answers.get("employer", str) or "",
        name=answers.of("name", Name),
        phone=answers.of("phone", Phone),
        party=answers.of("party", int),
    )


def answers_from(wish: Wish) -> dict[str, object]:
    """The answers that ask for this."""
    return {
        "direction": wish.direction,
        "day": wish.window,
        "origin": wish.origin,
        "destination": wish.destination,
        "employer": wish.employer or None,
        "name": wish.name,
        "phone": wish.phone,
        "party": wish.party,
    }


def register(answers: Answers, _context: Context) -> Register:
    """Signing up."""
    return Register(wish(answers))


def amend(answers: Answers, _context: Context) -> Amend:
    """Changing a registration."""
    return Amend(answers.of("registration", int), wish(answers))


FLOWS = (
    Flow(
        name="registration",
        questions=QUESTIONS,
        becomes=register,
        opens=("报名", "我要报名", "我想报名", "登记", "register", "sign up"),
        review=True,
        front=True,
    ),
    Flow(
        name="change",
        questions=(Question("registration", NUMBER, line=False), *QUESTIONS),
        becomes=amend,
        review=True,
        words="registration",
    ),
)
