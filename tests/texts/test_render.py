"""One message as a channel shows it: with buttons, with numbered lines, masked."""

from __future__ import annotations

import pytest

from domain.channels import Traits
from domain.people import Phone
from tests.answers.setting import catalogues
from texts.render import LONGEST_LABEL, Rendered, rendered
from texts.say import Button, Words, say

BUTTONS = Traits("buttons", length=4096, buttons=True)
NUMBERS = Traits("numbers", length=4096, buttons=False)
ABROAD = Traits("abroad", length=4096, buttons=True, abroad=True)
PHONE = Words("phone.choice", {"phone": Phone("13800012345")})
SAYS = (
    say("day.undecided"),
    say(
        "yes_no.not_understood",
        Button("a", Words("direction.work"), 1),
        Button("b", PHONE, 2),
        Button("c", Words("employer.none"), 3, shown=False),
        Button("d", Words("day.undecided")),
    ),
)
TEXT = '还没定\n没听懂。请回"是"或者"不是"。'


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        (BUTTONS, Rendered(TEXT, (("返岗（去上班）", "a"), ("138 0001 2345", "b"), ("还没定", "d")))),
        (NUMBERS, Rendered(f"{TEXT}\n1 返岗（去上班）\n2 138 0001 2345\n还没定")),
        (ABROAD, Rendered(TEXT, (("返岗（去上班）", "a"), ("138****2345", "b"), ("还没定", "d")))),
    ],
)
def test_message_fits_its_channel(traits: Traits, message: Rendered) -> None:
    assert rendered(SAYS, catalogues()["zh-CN"], traits) == message


def test_label_is_cut_where_it_is_too_long() -> None:
    button = Button("a", Words("place.too_many", {"name": "长" * 100}), 1)
    label = rendered((say("day.undecided", button),), catalogues()["zh-CN"], BUTTONS).buttons[0][0]
    assert (len(label), label[-1]) == (LONGEST_LABEL, "…")
