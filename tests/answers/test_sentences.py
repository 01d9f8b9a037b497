"""Whole sentences (tests/sentences.tsv): what is taken is true, and most that say everything need no question."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from bot.understanding import Understander
from tests.answers.sentences import MENDED_BY, UNSEEN, Tried, is_complete, sentences, share_right, tried
from tests.answers.setting import areas

# Ratchets: they follow the readers, and only towards what is wanted.
CONTRADICTED_AT_MOST = 0
RIGHT_AT_LEAST = 0.9
_DAY = re.compile(r"any|undecided|(?:2027-\d\d-\d\d)?(?:\.\.)?(?:2027-\d\d-\d\d)?")
_PHONE = re.compile(r"1(?:38|99)000\d{5}")


@lru_cache
def all_tried() -> tuple[Tried, ...]:
    return tried(Understander())


def test_what_is_taken_from_a_sentence_was_said() -> None:
    found = [one for one in all_tried() if one.contradicted]
    assert len(found) <= CONTRADICTED_AT_MOST, "\n".join(map(str, found))


def test_sentence_that_says_everything_needs_no_question() -> None:
    found = [one for one in all_tried() if one.wrong and is_complete(one.case)]
    assert share_right(all_tried()) >= RIGHT_AT_LEAST, "\n".join(map(str, found))


@pytest.mark.parametrize(("file", "lines", "complete"), [(MENDED_BY, 170, 100), (UNSEEN, 120, 70)])
def test_file_of_sentences_can_be_relied_on(file: Path, lines: int, complete: int) -> None:
    every = sentences(file)
    assert len(every) >= lines
    assert sum(map(is_complete, every)) >= complete
    assert len({case.text for case in every}) == len(every)
    for case in every:
        said = {name: str(value or "") for name, value in case.expected.items()}
        asked = set(said["ask"].split(",")) - {""}
        assert case.given.home in areas(), case
        assert all(_is_place(said[name]) for name in ("origin", "destination") if said[name]), case
        assert _DAY.fullmatch(said["day"]), case
        assert not said["phone"] or _PHONE.fullmatch(said["phone"]), case
        assert said["direction"] in {"", "work", "home"}, case
        assert asked <= said.keys(), case
        assert all(bool(said[name]) != (name in asked) for name in said if name not in {"ask", "employer"}), case


def test_unseen_sentences_are_others() -> None:
    assert not {case.text for case in sentences(UNSEEN)} & {case.text for case in sentences()}


def _is_place(text: str) -> bool:
    code, _, town = text.partition("/")
    return code in areas() and (not town or town in areas().towns[code])
