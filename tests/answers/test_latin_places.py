"""Places written in pinyin, by people who write to the service in English."""

from __future__ import annotations

import pytest

from domain.places import Place
from domain.refusals import Refused
from flows.answers import places
from flows.flow import Ask
from tests.answers.setting import context


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Shenzhen", "440300"),
        ("pingshan, shenzhen", "440310"),
        ("Shenzhen Pingshan", "440310"),
        ("Liu Zhou", "450200"),
        ("to Dongguan", "441900"),
        ("Inner Mongolia", "150000"),
        ("Xi'an, Shaanxi", "610100"),
    ],
)
def test_pinyin_is_read_as_the_place(text: str, code: str) -> None:
    assert places.read_destination(text, context()) == Place(code)


def test_pinyin_that_several_places_share_is_asked_about() -> None:
    assert isinstance(places.read_destination("Chaoyang", context()), Ask)


def test_sentence_in_english_gives_both_ends() -> None:
    text = "from Liujiang to Shenzhen"
    origin, destination = places.find_origin(text, context()), places.find_destination(text, context())
    assert (origin and origin.value, destination and destination.value) == (Place("450206"), Place("440300"))


@pytest.mark.parametrize("text", ["hello there", "I don't know", "a", "to the factory"])
def test_english_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"place\.not_understood"):
        places.read_destination(text, context())
