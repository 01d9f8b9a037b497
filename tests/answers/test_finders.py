"""Whole sentences: each finder takes its own clearly said part and leaves the rest alone."""

from __future__ import annotations

from datetime import date

import pytest

from domain.days import Window
from domain.people import Name, Phone
from domain.places import Place
from domain.registrations import Direction
from tests.answers.setting import found

WEI, PHONE = Name("韦小明"), Phone("13800012345")
EIGHTH = Window(date(2027, 2, 13), date(2027, 2, 13))
LIUJIANG, SHENZHEN, PINGSHAN = Place("450206"), Place("440300"), Place("440310")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "我叫韦小明13800012345，初八两个人从柳江去深圳坪山比亚迪",
            {
                "name": WEI,
                "phone": PHONE,
                "day": EIGHTH,
                "party": 2,
                "origin": LIUJIANG,
                "destination": PINGSHAN,
                "employer": "比亚迪",
            },
        ),
        (
            "我叫韦小明13800012345，初八我和老婆从柳江去深圳坪山比亚迪",
            {
                "name": WEI,
                "phone": PHONE,
                "day": EIGHTH,
                "party": 2,
                "origin": LIUJIANG,
                "destination": PINGSHAN,
                "employer": "比亚迪",
            },
        ),
        ("初八从柳江去深圳富士康", {"day": EIGHTH, "origin": LIUJIANG, "destination": SHENZHEN, "employer": "富士康"}),
        (
            "韦小明 13800012345 初八 柳江到东莞长安",
            {"name": WEI, "phone": PHONE, "day": EIGHTH, "origin": LIUJIANG, "destination": Place("441900", "长安镇")},
        ),
        ("随时都可以，3个人，融水上车", {"day": Window(), "party": 3, "origin": Place("450225")}),
        (
            "初八走，去上海松江打工",
            {"day": EIGHTH, "destination": Place("310117"), "direction": Direction.WORK},
        ),
        ("返乡，从深圳回柳江", {"direction": Direction.HOME, "origin": SHENZHEN, "destination": LIUJIANG}),
        ("我不想去深圳，去东莞", {"destination": Place("441900")}),
        ("改到初八都行", {"day": EIGHTH}),
        ("姓名：韦小明，电话：138 0001 2345", {"name": WEI, "phone": PHONE}),
        ("我叫李长安，去长沙", {"name": Name("李长安"), "destination": Place("430100")}),
        (
            "Feb 13, 4 people from 柳江 to 深圳",
            {"day": EIGHTH, "party": 4, "origin": LIUJIANG, "destination": SHENZHEN},
        ),
    ],
)
def test_sentence_gives_all_that_it_says(text: str, values: dict[str, object]) -> None:
    assert found(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好，我想报名",
        "我有500块钱，住3号楼2号门",
        "身份证450221199001011234",
        "什么地方都行",
        "初八有空，初十上班",  # two days, and nobody knows which
        "我是柳江的",
        "一等奖",
        "不回家",
    ],
)
def test_what_is_not_clearly_said_is_not_guessed(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize("text", ["十五个人", "15个人", "一共15个"])
def test_number_of_people_is_no_day(text: str) -> None:
    assert found(text) == {"party": 15}
