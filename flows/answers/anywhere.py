"""Where somebody would like to work: a place, or anywhere."""

from __future__ import annotations

import re
from typing import Final

from domain.places import Place
from flows.answers import places
from flows.answers.reading import bare, plain
from flows.flow import Answers, Ask, Choice, Context, Reader, choice
from texts.say import Words

_ANYWHERE: Final = re.compile(
    r"(?:去|到)?(?:哪里?|哪儿|什么地方|哪个地方)(?:都行|都可以|都好|都能去|都去)|随便(?:哪里)?|都行|都可以|不限"
    r"|anywhere|any place"
)
_ANY_PLACE: Final = choice(None, Words("job.where.skipped"))


def read_where(text: str, context: Context) -> Place | Ask | None:
    """Where to work; None for anywhere, Ask(candidates) for a name that several areas bear.

    Raises Refused as places.read_destination does.
    """
    return None if _ANYWHERE.fullmatch(bare(plain(text))) else places.read_destination(text, context)


def near_or_anywhere(context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """Around home, where the office has an area, and anywhere."""
    home = context.office.area
    return (choice(Place(home), Words("place.choice", {"place": Place(home)})), _ANY_PLACE) if home else (_ANY_PLACE,)


ANYWHERE: Final = Reader(Place, read_where)
