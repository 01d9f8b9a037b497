"""A list of employers from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.employer_file import listed
from domain.employers import Employer
from domain.places import Place
from tests.answers.setting import areas

BYD = Employer("比亚迪股份有限公司", ("比亚迪", "BYD"), Place("441900", "长安镇"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("name\n", ()),
        ("# ours\nname\tshort\tplace\tcontact\n比亚迪股份有限公司\t比亚迪、BYD\t441900/长安镇\t韦师傅\n", (BYD,)),
        ("\ufeffcontact,name,place,short\n韦师傅,比亚迪股份有限公司,441900/长安镇,比亚迪|BYD\n", (BYD,)),
        ('name,short\n"甲, 乙",\n\n', (Employer("甲, 乙"),)),
    ],
)
def test_employers_are_read_from_either_kind_of_file(tmp_path: Path, text: str, found: tuple[Employer, ...]) -> None:
    file = tmp_path / "employers.csv"
    file.write_text(text, "utf-8")
    assert listed(file, areas()) == found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"short,place\n", "line 1: wanted is a head"),
        ("name,place\n比亚迪,123456\n".encode(), "line 2: 123456"),
        (b"name,place\n\n,440310\n", "line 3: the name"),
        ("name\n比亚迪\n".encode("gb18030"), "wanted is UTF-8"),
    ],
)
def test_list_that_cannot_be_read_is_refused_by_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "employers.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        listed(file, areas())
