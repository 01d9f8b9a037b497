"""Who comes along: names with and without a phone."""

from __future__ import annotations

import pytest

from domain.people import Companion, Name, Phone
from domain.refusals import Refused
from flows.answers.companions import shown_companions
from tests.answers.setting import catalogues, read

LAN, DABAO = Companion(Name("覃小兰"), Phone("13800012346")), Companion(Name("韦大宝"))


@pytest.mark.parametrize(
    ("text", "companions"),
    [
        ("老婆覃小兰13800012346，儿子韦大宝", (LAN, DABAO)),
        ("覃小兰 13800012346 韦大宝", (LAN, DABAO)),
        ("覃小兰 13800012346\n韦大宝", (LAN, DABAO)),
        ("1. 覃小兰 13800012346\n2. 韦大宝", (LAN, DABAO)),
        ("覃小兰13800012346、韦大宝", (LAN, DABAO)),
        ("我老婆叫覃小兰，电话13800012346，还有韦大宝", (LAN, DABAO)),
        ("老婆：覃小兰，电话：138 0001 2346；儿子：韦大宝", (LAN, DABAO)),
        ("13800012346覃小兰", (LAN,)),
        ("13800012346 覃小兰，韦大宝", (LAN, DABAO)),
        ("覃小兰和韦大宝", (Companion(Name("覃小兰")), DABAO)),
        ("覃小兰 韦大宝", (Companion(Name("覃小兰")), DABAO)),
        ("韦大宝", (DABAO,)),
        ("儿子 韦大宝", (DABAO,)),
        ("同事阿不都·热西提", (Companion(Name("阿不都·热西提")),)),
        ("Anna Lee 13800012346", (Companion(Name("Anna Lee"), Phone("13800012346")),)),
        ("没有", None),
        ("没有了", None),
        ("无", None),
        ("就我一个人", None),
        ("没人", None),
        ("nobody", None),
    ],
)
def test_companions_are_read_in_their_order(text: str, companions: object) -> None:
    assert read("companions", text) == companions


@pytest.mark.parametrize(
    "text", ["", "老婆", "老婆和儿子", "13800012346", "两个人", "不知道", "？", "我要去深圳", "覃小兰，初八走", "␣"]
)
def test_who_is_not_named_is_asked_for(text: str) -> None:
    with pytest.raises(Refused, match=r"^companions\.not_understood$"):
        read("companions", text)


@pytest.mark.parametrize(
    ("companions", "chinese", "abroad"),
    [
        ((LAN, DABAO), "覃小兰（138 0001 2346）、韦大宝", "覃*兰 (138****2346), 韦*宝"),
        ((DABAO,), "韦大宝", "韦*宝"),
        ((), "没有同行的人", "nobody else"),
    ],
)
def test_companions_read_back_in_one_line(companions: object, chinese: str, abroad: str) -> None:
    assert catalogues()["zh-CN"].value(shown_companions(companions)) == chinese
    assert catalogues()["en"].value(shown_companions(companions), masked=True) == abroad
