"""What a text corrects: which line, with which value, and what is no correction at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import Window
from domain.people import Name, Phone
from domain.places import Place
from domain.registrations import Direction
from flows.correcting import corrected
from flows.flow import Answers
from flows.hearing import Heard
from tests.answers.setting import context
from tests.conversations.stage import flows


def on(day: str) -> Window:
    """That one day."""
    return Window(date.fromisoformat(day), date.fromisoformat(day))


FLOW = flows().front
ANSWERS = Answers(
    {
        "direction": Direction.WORK,
        "day": on("2027-02-13"),
        "origin": Place("450206"),
        "destination": Place("440310"),
        "employer": "比亚迪（坪山）",
        "name": Name("韦小明"),
        "phone": Phone("13800012345"),
        "party": 2,
    }
)


def heard(text: str) -> Heard | None:
    return corrected(FLOW, text, context("2027-02-08T09:00", home="450200"), ANSWERS)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("改成初十", {"day": on("2027-02-15")}),
        ("日子改成初十", {"day": on("2027-02-15")}),
        ("不是初八，是初九", {"day": on("2027-02-14")}),
        ("不是深圳，是东莞", {"destination": Place("441900")}),
        ("不去深圳了去东莞", {"destination": Place("441900")}),
        ("不是坪山是龙岗", {"destination": Place("440307")}),
        ("换成东莞长安", {"destination": Place("441900", "长安镇")}),
        ("改成柳城", {"origin": Place("450222")}),
        ("上车改成柳城", {"origin": Place("450222")}),
        ("不是柳江，是鹿寨", {"origin": Place("450223")}),
        ("电话错了，是13800012346", {"phone": Phone("13800012346")}),
        ("手机号换了 19900012345", {"phone": Phone("19900012345")}),
        ("号码写错了应该是13800012346", {"phone": Phone("13800012346")}),
        ("名字错了，叫韦小名", {"name": Name("韦小名")}),
        ("不是韦小明，是韦晓明", {"name": Name("韦晓明")}),
        ("不是比亚迪，是富士康", {"employer": "富士康"}),
        ("单位换成富士康", {"employer": "富士康"}),
        ("改成三个人", {"party": 3}),
        ("人数错了，3个", {"party": 3}),
        ("不是两个人，是三个人", {"party": 3}),
        ("去程改成返乡", {"direction": Direction.HOME}),
        ("电话错了", None),
        ("日期要改", None),
    ],
)
def test_a_correction_names_its_line_by_word_value_or_kind(text: str, values: dict[str, object] | None) -> None:
    found = heard(text)
    assert found is not None
    assert found.values == (values or {})
    assert bool(found.asks) is (values is None)


@pytest.mark.parametrize(
    "text",
    [
        "初十",
        "谢谢",
        "不是吧",
        "我没有错",
        "对不起打错字了",
        "不知道",
        "好的",
        "换个人跟我说",
        "天气不对",
        "改天再说",
        "",
        "不",
        "错",
    ],
)
def test_what_names_no_other_value_corrects_nothing(text: str) -> None:
    found = heard(text)
    assert found is None or not found.values


@given(st.text(alphabet="不是错改成换电话日期深圳东莞初八九，。 138000", max_size=60))
def test_no_text_fails(text: str) -> None:
    heard(text)
