"""What a job seeker wants, as people write it."""

from __future__ import annotations

import pytest

from domain.places import Place
from domain.refusals import Refused
from flows.flow import Ask
from tests.answers.setting import read

PAYS = {
    5000: "5000 ５０００ 五千 5k 5K 5千 5000块 每月5000 5,000 五六千 5-6千 5到6千 5k-6k 5千到6千 5000左右 5000多",
    6000: "6000-8000 6000到8000 最少6000 六千 不低于6000",
    4500: "4500元/月 4千5 四千五",
    12000: "1万2 1.2万 一万二 1.2w",
    15000: "一万五千",
    20000: "两万 2万",
}
OPEN = ("面议", "看着给", "随便", "越多越好", "没要求", "negotiable", "您看着办")
NOT_A_MONTH = ("一天200", "200/天", "20一小时", "年薪10万", "200 a day")
UNCLEAR = ("6", "五", "13800012345", "高一点", "100元", "😀", "500000")


@pytest.mark.parametrize(("yuan", "text"), [(yuan, text) for yuan, texts in PAYS.items() for text in texts.split()])
def test_pay_is_the_least_that_is_said_of_a_month(yuan: int, text: str) -> None:
    assert read("pay", text) == yuan


@pytest.mark.parametrize("text", OPEN)
def test_pay_can_be_left_open(text: str) -> None:
    assert read("pay", text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [*((text, "job.pay.a_month") for text in NOT_A_MONTH), *((text, "job.pay.unclear") for text in UNCLEAR)],
)
def test_what_is_no_pay_of_a_month_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read("pay", text)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("焊工", "焊工"),
        ("我想做电焊工", "电焊工"),
        ("保安吧", "保安"),
        ("我会开叉车", "开叉车"),
        ("做什么都行", "other"),
        ("随便", "other"),
    ],
)
def test_trade_is_what_is_left_of_the_sentence(text: str, trade: str) -> None:
    assert read("trade", text) == trade


@pytest.mark.parametrize("text", ["123", "好的", "你好", "", "字" * 31])
def test_what_is_no_trade_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"job\.trade\.unclear"):
        read("trade", text)


def test_work_may_be_anywhere() -> None:
    for text in ("哪里都行", "随便", "去哪里都可以", "哪儿都行", "anywhere"):
        assert read("where", text) is None, text
    assert read("where", "东莞长安") == Place("441900", "长安镇")
    assert isinstance(read("where", "龙华"), Ask)
