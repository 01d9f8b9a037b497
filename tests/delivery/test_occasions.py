"""Every occasion has a module that words it, found at start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from domain.notices import Occasion
from services import occasions
from services.occasions import Telling, reply
from storage.database import Look
from tests.delivery.setting import NOON, desk
from texts.say import Button, Words, say


def test_every_occasion_is_worded() -> None:
    assert set(occasions.load()) == set(Occasion)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of occasions beside the real one."""
    monkeypatch.setattr(occasions, "__path__", [str(tmp_path)])
    known = set(sys.modules)
    kept = {name: module for name, module in sys.modules.items() if name.startswith("services.occasions.")}
    for name in kept:
        del sys.modules[name]
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]
    sys.modules.update(kept)


DECLARES = "from services.occasions import Wording\nOCCASION = Wording({!r}, None)\n"


def test_a_missing_occasion_stops_the_start(elsewhere: Path) -> None:
    (elsewhere / "one.py").write_text(DECLARES.format("reply"))
    with pytest.raises(ValueError, match=r"no module of services\.occasions words answer, called_off, change"):
        occasions.load()


def test_an_occasion_that_stands_twice_stops_the_start(elsewhere: Path) -> None:
    for name in ("one", "two"):
        (elsewhere / f"{name}.py").write_text(DECLARES.format("reply"))
    with pytest.raises(ValueError, match="reply is declared twice"):
        occasions.load()


def test_a_module_that_declares_nothing_stops_the_start(elsewhere: Path) -> None:
    (elsewhere / "empty.py").write_text("")
    with pytest.raises(ValueError, match=r"services\.occasions\.empty declares no OCCASION"):
        occasions.load()


async def test_an_answer_says_what_the_turn_said() -> None:
    says = (say("a.b", Button("p.x.1", Words("c.d"), 1), text="韦小明", n=3), say("e.f"))
    rows = [Telling(1, 1, None, None, reply.values(says)), Telling(2, 1, None, None, None)]
    look: Look = None  # type: ignore[assignment]  # nothing is looked up
    assert await reply.word(look, desk(lambda: NOON), rows) == {1: says, 2: None}
    assert msgspec.json.decode(reply.values(says))
