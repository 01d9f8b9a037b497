"""What is not about the own journey takes nothing, and takes nothing away from a sentence that signs up."""

from __future__ import annotations

import pytest

from flows.answers.asides import without_asides
from flows.answers.reading import plain
from tests.answers.test_routes import BEFORE, IN_SEASON, heard

NOTHING = [
    "到东莞车费好多钱",
    "去广州一个人收多少钱",
    "两个人去深圳贵不贵",
    "初八去佛山的车要钱吗",
    "从柳江到深圳车票怎么收",
    "有没有去东莞的车",
    "初九还有去深圳的车吗",
    "初八的票还有没有",
    "去佛山的车满了吗",
    "初十几点发车",
    "初八的车几点到深圳呢",
    "明天下不下雨，路上堵不堵",
    "后天下雪路滑吗",
    "我哥在东莞上班",
    "我老婆已经从柳江去佛山了",
    "我弟初八去深圳，我在家",
    "我表哥初九回厂，我还没定",
    "他们初八去广州，我不走",
    "我姐昨天去的东莞",
    "去年初八你们的车太慢了",
    "上次从柳江去深圳的司机态度不好",
    "老板欠我三个月工资",
    "东莞工资5000包吃住有没有",
    "我今年不出去了",
    "老公在广州，初八不用管他，我不去",
    "听说初八有车去深圳",
    "去深圳的车什么时候发",
    "怎么报名去东莞",
    "从柳江到深圳要坐多久",
    "从柳州到深圳坐车要好多个钟头",
    "坐你们的车去东莞安全吗",
    "报名的人多不多，去东莞的有几个",
    "我在深圳上班十年了",
    "你们初八发车去哪里",
    "我邻居一家三口初八从柳江去了深圳",
    "你们公司在柳江吗",
    "带小孩要不要买票",
    "初八深圳会不会下雨",
    "how much is the coach to Shenzhen for 2 people",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_part_of_the_journey_is_left_alone(text: str) -> None:
    assert heard(text, "450200", IN_SEASON) == {"direction": "work"}
    assert heard(text, "450200", BEFORE) == {}


WHOLE = {"direction": "work", "origin": "450206", "destination": "440310", "day": "2027-02-13", "party": "1"}
SIGNS_UP = [
    "我叫韦小明13800010001初八从柳江去深圳坪山比亚迪，车费多少钱",
    "我叫韦小明13800010001初八从柳江去深圳坪山比亚迪多少钱一个人",
    "车费多少钱？我叫韦小明，13800010001，初八从柳江去深圳坪山",
    "初八从柳江去深圳坪山，13800010001，几点发车",
    "听说有免费的车，我想初八从柳江去深圳坪山，13800010001",
    "初八从柳江去深圳坪山，13800010001，要不要钱",
    "我哥在东莞，我初八从柳江去深圳坪山，13800010001",
    "上次的司机很好，初八从柳江去深圳坪山，13800010001，请安排",
    "这几天下雨路滑，我初八从柳江去深圳坪山，13800010001",
    "初八的车还有位置吗？从柳江去深圳坪山，13800010001",
]


@pytest.mark.parametrize("text", SIGNS_UP)
def test_question_beside_it_takes_nothing_from_a_sentence_that_signs_up(text: str) -> None:
    assert heard(text, "450200", IN_SEASON) == {**WHOLE, "phone": "13800010001"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我想初八从柳江去深圳坪山，多少钱", {"origin": "450206", "destination": "440310", "day": "2027-02-13"}),
        ("我老婆和我初八从柳江去深圳坪山", {"origin": "450206", "destination": "440310", "party": "2"}),
        ("我和我哥初八从柳江去深圳坪山", {"origin": "450206", "destination": "440310", "party": "2"}),
        ("初八下雨也要走，从柳江去深圳坪山", {"origin": "450206", "destination": "440310", "day": "2027-02-13"}),
        ("不去深圳了，去东莞", {"destination": "441900"}),
        ("初八几号车都行，从柳江走", {"origin": "450206", "day": "2027-02-13"}),
        ("我们家三个人初八去东莞", {"destination": "441900", "day": "2027-02-13", "party": "3"}),
    ],
)
def test_own_journey_is_no_aside(text: str, wanted: dict[str, str]) -> None:
    said = heard(text, "450200", IN_SEASON)
    assert {name: said.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("text", [*NOTHING, *SIGNS_UP, "", "？" * 50, "多少钱" * 200, "，" * 4000, "2万 3.5元"])
def test_text_keeps_its_length_and_what_is_left_stays_in_its_place(text: str) -> None:
    left = without_asides(text, plain(text))
    assert len(left) == len(text)
    assert all(one in (other, " ") for one, other in zip(left, text, strict=True))
