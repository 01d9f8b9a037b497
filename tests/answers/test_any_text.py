"""No text at all breaks a reader, and none makes one slow."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from time import perf_counter

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.refusals import Refused
from flows.flow import Ask, Context, Found, Reader
from tests.answers.setting import READERS, catalogues, context

PIECES = st.sampled_from(
    [
        "初",
        "初八",
        "正月",
        "腊月",
        "二月",
        "三十",
        "三十一",
        "廿九",
        "十五",
        "2月",
        "30号",
        "29号",
        "2/29",
        "13/45",
        "99.99",
        "20279999",
        "00000000",
        "2027-",
        "下周",
        "周末",
        "周三",
        "月底",
        "上旬",
        "3月底",
        "以后",
        "之前",
        "过完",
        "到",
        "至",
        "-",
        "~",
        "或",
        "、",
        "不是",
        "不对",
        "元宵",
        "除夕",
        "小年",
        "年",
        "前",
        "后",
        "7点",
        "25点",
        "24点",
        "晚上",
        "明天",
        "100天后",
        "99个星期后",
        "农历",
        "闰六月",
        "大年初",
        "从",
        "去",
        "回",
        "上车",
        "柳江",
        "深圳",
        "龙华",
        "长安",
        "鼓楼区",
        "经开区",
        "␣␣",
        "我叫",
        "我是",
        "我姓",
        "叫",
        "my name is",
        "Anna Lee",
        "韦",
        "韦小明",
        "阿拉坦",
        "师傅",
        "男",
        "柳江的",
        "电话",
        "打",
        "1380001234",
        "19900012345",
        "一三八零零零一二三四五",
        "不是",
        "改成",
        "身份证",
        "450206199001010010",
        "45020619780101001X",
        "老婆",
        "几个",
        "老乡们",
        "带",
        "和",
        "不去",
        "回家",
        "回厂",
        "要得",
        "我和老婆",
        "两个",
        "人",
        "一家",
        "口",
        "0个人",
        "999个人",
        "+86",
        "幺三八",
        "０",
        "①",
        "㊗",
        "😀",
        "·",
        ".",
        ",",
        "不",
        "没",
        "是",
        "比亚迪",
        "上班",
        "Feb",
        " ",
        "\n",
        "\x00",
        "\u202e",
        "next sunday",
        "30 of feb",
        "138 0001 2345",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map("".join))
MOMENTS = st.dates(date(2026, 1, 1), date(2030, 12, 31)).map(lambda day: f"{day.isoformat()}T12:00")
ODD = [
    "字" * 10_000,
    "1" * 10_000,
    " " * 10_000,
    "初八到" * 3_000,
    "深圳" * 5_000,
    "\x00\x07" * 500,
    "😀" * 4_000,
    "\ud800",
    "我和老婆" * 2_000,
    "老婆和" * 2_000,
    "韦" * 10_000,
    "是" * 10_000,
    "姓韦叫" * 3_000,
    "覃小兰，" * 2_000,
    "1 3 8 0 0 0 1 " * 600,
    "1380001234 " * 900,
    "".join(f"138{number:08}，" for number in range(900)),
    "打1" * 3_000,
    "138" + " " * 990 + "y",
    "我和老婆" + " " * 990 + "y",
    "my name is " * 900,
    "450206 " * 1_500,
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, moment=MOMENTS)
def test_reader_returns_or_refuses_with_words(text: str, moment: str) -> None:
    for reader in READERS.values():
        where = context(moment)
        try:
            value, key = reader.read(text, where), None
        except Refused as refusal:
            value, key = None, refusal.key
        assert key is None or key in catalogues()["en"].sentences
        _holds(value, reader.holds)
        try:
            part, key = reader.find(text, where) if reader.find else None, None
        except Refused as refusal:
            part, key = None, refusal.key
        assert key is None or key in catalogues()["en"].sentences
        if part is not None:
            _holds(part.value, reader.holds)
            assert part.value is not None or reader is READERS["employer"]  # "no employer yet" is an answer
            assert all(0 <= start < end <= len(text) for start, end in part.spans)


def _found(reader: Reader, text: str, where: Context) -> Found | None:
    with suppress(Refused):  # the only day that is named has gone
        return reader.find(text, where) if reader.find else None
    return None


def _holds(value: object, kind: type) -> None:
    """The value (or each candidate) survives the state, which keeps it as JSON."""
    values = [one.value for one in value.candidates] if isinstance(value, Ask) else [msgspec.json.encode(value)]
    assert values
    for one in values:
        msgspec.json.decode(one, type=kind | None)


@pytest.mark.parametrize("text", ODD, ids=lambda text: f"{text[:3]!a}x{len(text)}")
def test_long_and_odd_texts_are_read_quickly(text: str) -> None:
    where = context()
    for name, reader in READERS.items():
        started = perf_counter()
        for look in (reader.read, reader.find):
            with suppress(Refused):
                if look:
                    look(text, where)
        assert perf_counter() - started < 0.5, name
