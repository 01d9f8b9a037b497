"""Which way, out of words and out of places; and yes and no as they are said in the south."""

from __future__ import annotations

import pytest

from domain.places import Place
from domain.refusals import Refused
from domain.registrations import Direction
from flows.answers.direction import by_places
from tests.answers.setting import context, find, read

CLEAR = [
    ("返岗", Direction.WORK),
    ("初八回厂", Direction.WORK),
    ("初八回厂里上班", Direction.WORK),
    ("我要回去上班", Direction.WORK),
    ("我去打工", Direction.WORK),
    ("出去打工", Direction.WORK),
    ("我想外出务工", Direction.WORK),
    ("初八开工", Direction.WORK),
    ("返厂", Direction.WORK),
    ("从老家回厂", Direction.WORK),
    ("不是回家，是回厂", Direction.WORK),
    ("back to work", Direction.WORK),
    ("返乡", Direction.HOME),
    ("我要回家", Direction.HOME),
    ("腊月二十回老家", Direction.HOME),
    ("回家过年", Direction.HOME),
    ("回来过年", Direction.HOME),
    ("回去过年", Direction.HOME),
    ("返鹿寨过年", Direction.HOME),
    ("不是返岗，是返乡", Direction.HOME),
    ("going home", Direction.HOME),
]


@pytest.mark.parametrize(("text", "way"), [*CLEAR, ("上班", Direction.WORK), ("过年", Direction.HOME)])
def test_way_is_read(text: str, way: Direction) -> None:
    assert read("direction", text) is way


@pytest.mark.parametrize(("text", "way"), CLEAR)
def test_way_is_found_where_it_is_clear(text: str, way: Direction) -> None:
    part = find("direction", text)
    assert part is not None
    assert part.value is way


@pytest.mark.parametrize(
    "text",
    [
        "不回家",
        "先回家再回厂",
        "从柳江去深圳",
        "我回深圳",
        "没有工作",
        "买家具",
        "回家电厂",
        "开工资",
        "不去上班",
        "都行",
    ],
)
def test_way_is_not_guessed(text: str) -> None:
    assert find("direction", text) is None


@pytest.mark.parametrize("text", ["", "都行", "先回家再回厂", "不回家"])
def test_what_names_no_way_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"^direction\.not_understood$"):
        read("direction", text)


@pytest.mark.parametrize(
    ("origin", "destination", "home", "way"),
    [
        ("441900", "450206", "450200", Direction.HOME),
        ("450206", "441900", "450200", Direction.WORK),
        ("450206", "450225", "450200", None),
        ("441900", "440300", "450200", None),
        ("450225", "450206", "450206", Direction.HOME),
        ("441900", "450206", "", None),
    ],
)
def test_way_follows_from_the_places(origin: str, destination: str, home: str, way: Direction | None) -> None:
    assert by_places(Place(origin), Place(destination), context(home=home)) is way


@pytest.mark.parametrize(
    "text",
    [
        "要得",
        "中",
        "得",
        "好嘞",
        "行嘞",
        "莫得问题",
        "没得问题",
        "系",
        "冇问题",
        "对头",
        "要得嘛",
        "好的呀",
        "没问题啊",
        "成",
        "当然",
        "YES",
    ],
)
def test_yes_in_dialect(text: str) -> None:
    assert read("yes_no", text) is True


@pytest.mark.parametrize(
    "text", ["要不得", "不得行", "唔系", "冇", "莫", "不中", "不要了", "不用啦", "唔好", "没有", "不得", "No"]
)
def test_no_in_dialect(text: str) -> None:
    assert read("yes_no", text) is False


@pytest.mark.parametrize("text", ["", "也许", "不是不行", "中不中", "得不得", "啊", "问题"])
def test_neither_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"^yes_no\.not_understood$"):
        read("yes_no", text)
