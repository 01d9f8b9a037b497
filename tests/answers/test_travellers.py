"""The name of somebody else, and the code with which they take over, as people write them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import Name
from domain.refusals import Refused
from flows.answers.phones import find_phone
from flows.answers.reading import BLANK, plain
from flows.answers.takeover_codes import CODE
from flows.answers.travellers import TRAVELLER
from tests.answers.setting import context

BESIDE = (
    ("覃桂英 13800012346", "覃桂英"),
    ("覃桂英13800012346", "覃桂英"),
    ("13800012346 覃桂英", "覃桂英"),
    ("覃桂英，电话13800012346", "覃桂英"),
    ("他叫覃桂英 他的电话是13800012346", "覃桂英"),
    ("下一个是覃桂英，13800012346", "覃桂英"),
    ("欧阳小红 13800012346", "欧阳小红"),
    ("阿卜杜热合曼·买买提 13800012346", "阿卜杜热合曼·买买提"),
    ("qin guiying 13800012346", "qin guiying"),
    ("他叫韦小妹，电话13800012346，两个人", "韦小妹"),
    ("初八从柳江去深圳坪山比亚迪，覃桂英 13800012346", "覃桂英"),
    ("13800012346", None),
    ("覃师傅 13800012346", None),
    ("不知道 13800012346", None),
    ("初八走 去深圳 13800012346", None),
)
ALONE = (("他叫覃桂英", "覃桂英"), ("她是韦小妹", "韦小妹"), ("覃桂英", "覃桂英"), ("名字：蓝小军", "蓝小军"))
CODES = (
    ("K7P2M9XQ", "K7P2M9XQ"),
    ("k7p2m9xq", "K7P2M9XQ"),
    ("K7P2 M9XQ", "K7P2M9XQ"),
    ("k7-p2-m9-xq", "K7P2M9XQ"),
    ("Ｋ７Ｐ２Ｍ９ＸＱ", "K7P2M9XQ"),
    ("码是K7P2M9XQ。", "K7P2M9XQ"),
    ("接手K7P2M9XQ", "K7P2M9XQ"),
    ("K7P2M9X", None),
    ("K7P2M9XQB", None),
    ("K7P2M9X0", None),
    ("K7P2M9XQ 或者 K7P2M9XB", None),
    ("13800012345", None),
    ("", None),
)


@pytest.mark.parametrize(("text", "name"), BESIDE)
def test_name_beside_a_phone_is_found(text: str, name: str | None) -> None:
    part, here = find_phone(text, context()), context()
    assert part is not None
    for start, end in part.spans:
        text = text[:start] + BLANK * (end - start) + text[end:]
    assert TRAVELLER.find is not None
    found = TRAVELLER.find(text, here)
    assert (found.value if found else None) == (Name(name) if name else None)
    assert not found or TRAVELLER.marks.search(plain(text))


@pytest.mark.parametrize(("text", "name"), ALONE)
def test_name_alone_is_read(text: str, name: str) -> None:
    assert TRAVELLER.read(text, context()) == Name(name)


@pytest.mark.parametrize(("text", "code"), CODES)
def test_code_is_read_however_it_is_typed(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(Refused):
            CODE.read(text, context())
    else:
        assert CODE.read(text, context()) == code


@given(text=st.one_of(st.text(max_size=60), st.text(alphabet=f"{BLANK}他叫是覃桂英 ,·电话aK7", max_size=40)))
def test_any_text_is_read_or_refused_and_what_is_found_bears_a_mark(text: str) -> None:
    here = context()
    for reader in (TRAVELLER, CODE):
        with suppress(Refused):
            reader.read(text, here)
        assert reader.find is not None
        if found := reader.find(text, here):
            assert reader.marks.search(plain(text))
            assert all(0 <= start < end <= len(text) for start, end in found.spans)
