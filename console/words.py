"""What was refused, as words that a catalogue can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from domain.days import Moment, Window
from domain.refusals import Refused
from texts.say import Value, Words


def words_of(refused: Refused) -> Words:
    """The sentence of a refusal."""
    return said_of(refused.key, refused.values)


def said_of(key: str, values: Mapping[str, object]) -> Words:
    """The sentence of that key, its values as a catalogue takes them."""
    return Words(key, {name: _value(value) for name, value in values.items()})


def _value(value: object) -> Value:
    match value:
        case datetime():
            return Moment(value)
        case date():
            return Window(value, value)
        case _:
            return value if isinstance(value, Value) else str(value)
