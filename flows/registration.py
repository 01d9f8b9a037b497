"""Signing up for a trip, and changing what was signed up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from domain.days import Window, today
from domain.employers import nearest_to
from domain.people import Identity, Name, Phone
from domain.places import Place
from domain.registrations import Amend, Direction, Register, Wish
from domain.season import season_direction
from flows import identity
from flows.answers import days, employers, leftovers, names, parties, phones, places
from flows.answers import direction as directions
from flows.answers.picked import NUMBER
from flows.flow import Answers, Ask, Context, Flow, Question
from flows.known import several, which
from flows.state import decoded
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


def where_it_is(value: object, context: Context) -> dict[str, object]:
    """An employer of the list tells where to go."""
    employer = context.employers.get(value) if isinstance(value, str) else None
    return {"destination": employer.place} if employer and employer.place else {}


def the_one_there(doubt: Ask, known: Mapping[str, object], context: Context) -> object:
    """Of several employers the one where the person goes."""
    place = known.get("destination")
    names = [decoded(one.value, str) for one in doubt.candidates]
    listed = [one for name in names if isinstance(name, str) and (one := context.employers.get(name)) is not None]
    if not isinstance(place, Place) or not listed:
        return None
    there = nearest_to(listed, place, context.areas)
    return there[0].name if len(there) == 1 else None


def a_start(value: object, context: Context, answers: Answers) -> bool:
    """A place that a correction names without saying which is where they get on if it lies on that side of the way."""
    home = answers.get("direction", Direction) is not Direction.HOME
    return isinstance(value, Place) and context.areas.within(value.code, context.office.area) is home


def a_goal(value: object, context: Context, answers: Answers) -> bool:
    """Any other place is where they go."""
    return not a_start(value, context, answers)


def of_the_registration(value: object, context: Context) -> dict[str, object]:
    """What is stored of the registration that was picked."""
    return next((answers_from(one.wish) for one in context.known if one.id == value), {})


def known_ones(context: Context) -> list[dict[str, object]]:
    """What is stored of each registration of this person."""
    return [{"registration": one.id, **answers_from(one.wish)} for one in context.known]


QUESTIONS = (
    Question(
        "direction",
        directions.DIRECTION,
        directions.both,
        assumes=season,
        follows=directions.follows,
        shows=shown_direction,
    ),
    Question("day", days.WINDOW, days.suggestions, called=("日子", "时间", "哪天", "date", "day")),
    Question("origin", places.ORIGIN, called=("上车地点", "上车的地方", "出发地", "起点"), fits=a_start),
    Question("destination", places.DESTINATION, called=("目的地", "地点", "地方", "终点"), fits=a_goal),
    Question(
        "employer",
        employers.EMPLOYER,
        employers.not_found_yet,
        fills=where_it_is,
        settles=the_one_there,
        called=("厂名", "公司", "工厂", "厂", "company", "factory"),
        gleans=leftovers.glean_employer,
    ),
    Question("name", names.NAME, called=("名字", "名"), gleans=leftovers.glean_name),
    Question("phone", phones.PHONE, called=("手机号码", "手机号", "手机", "电话号码", "号码", "number")),
    *identity.QUESTIONS,
    Question(
        "party", parties.PARTY, parties.party_sizes, default=1, shows=shown_party, called=("几个人", "人", "people")
    ),
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
        identity=answers.get("identity", Identity),
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
        "identity_agreed": wish.identity is not None,  # who declined is not asked again with each change
        "identity": wish.identity,
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
        nudged=True,
    ),
    Flow(
        name="change",
        questions=(
            Question("registration", NUMBER, which, applies=several, fills=of_the_registration, line=False),
            *QUESTIONS,
        ),
        becomes=amend,
        review=True,
        amends=known_ones,
        words="registration",
    ),
)
