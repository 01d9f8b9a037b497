"""The day in a sentence, what is no day, and how much of a text is looked at."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.days import Window
from domain.refusals import Refused
from flows.answers import days
from flows.flow import Ask
from tests.answers.setting import context


def _day(month: int, day: int) -> Window:
    return Window(date(2027, month, day), date(2027, month, day))


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("我想初八从柳江走，两个人", _day(2, 13)),
        ("我们2月20号从柳江拉堡出发去深圳", _day(2, 20)),
        ("今天想问一下，初八还有车吗", _day(2, 13)),
        ("昨天打过电话，改成初九", _day(2, 14)),
        ("从柳江去深圳，过完十五走", Window(first=date(2027, 2, 21))),
        ("最晚2月20号要到深圳", Window(last=date(2027, 2, 20))),
        ("日子还没定，先报个名", Window(undecided=True)),
        ("去深圳，哪天走还没定", Window(undecided=True)),
        ("还没定日子", Window(undecided=True)),
        ("没定日子，两个人", Window(undecided=True)),
        ("去深圳富士康，什么时候走都行", Window()),
        ("尽快，从柳江走", Window(first=date(2027, 2, 8))),
        ("不是初八走，是初九", _day(2, 14)),
        ("元宵后一日落广州", _day(2, 21)),
        ("正月十六十七都可以，从柳江走", Window(date(2027, 2, 21), date(2027, 2, 22))),
        ("去深圳，正月十五吃完元宵就走", Window(first=date(2027, 2, 21))),
        ("去深圳，哪天有车哪天走", Window()),
        ("老板叫我初十到厂，初八走", _day(2, 13)),
        ("初八走，初十上班", _day(2, 13)),
        ("春节后从柳江走", Window(first=date(2027, 2, 8))),
        ("初八之后元宵之前都行，从柳江走", Window(date(2027, 2, 14), date(2027, 2, 19))),
    ],
)
def test_day_is_found_in_a_sentence(text: str, window: Window) -> None:
    found = days.find(text, context())
    assert found is not None
    assert found.value == window


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("初六或者初九，两个人", ["2027-02-11", "2027-02-14"]),
        ("十六走，从柳江上车", ["2027-02-16", "2027-02-21"]),
        ("国庆节回家，两个人", ["2027-10-01"]),
    ],
)
def test_day_said_clearly_that_fits_several_is_asked(text: str, candidates: list[str]) -> None:
    found = days.find(text, context())
    assert found is not None
    assert isinstance(found.value, Ask)
    windows = [msgspec.json.decode(one.value, type=Window) for one in found.value.candidates]
    assert [str(window.first) for window in windows] == candidates


@pytest.mark.parametrize("text", ["2月1号走，两个人", "初二从柳江走", "我们元旦走"])
def test_only_day_that_has_gone_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"day\.past") as refused:
        days.find(text, context())
    assert isinstance(refused.value.values["day"], Window)


@pytest.mark.parametrize(
    "text",
    [
        "还没定",  # of the day, the place, the employer: nobody knows
        "过几天从柳江去深圳",
        "我想回家过年",
        "今天报名",
        "去五一广场",
        "春节返乡，从深圳到柳江",
        "回家过元宵",
        "生日2月13日",
        "昨天问过了",
        "上周五打的电话",
        "十五",
        "15",
        "2-3个人",
        "除了初八都行",
        "初八有空，初十上班",
        "工资5.8",
        "生日1990年2月13日",
        "中山路12号",
    ],
)
def test_what_is_not_clearly_a_day_to_travel_is_left(text: str) -> None:
    assert days.find(text, context()) is None


IN_CHINESE = "一 二 两 三 四 五 六 七 八 九 十 十一 十二 十五 二十 二十三 三十 三十一"
NUMBERS = st.one_of(st.integers(1, 120).map(str), st.sampled_from(IN_CHINESE.split(" ")))
COUNTED = (
    "个人 个 人 位 口人 口 块 块钱 元 万 千 百 斤 件 岁 楼 层 栋 室 班 路 公里 米 分 度 小时 点 "
    "名 桶 辆 张 台 套 次 趟 年级 "
    "号楼 号门 号线 号车 号厂 号院 号桌 "
    "号店 号口 号出口 号站台 号宿舍 两 克 kg 门课 成 % 倍 折 等奖 本书 间房 家厂 箱 包 袋"
)
COUNTERS = st.sampled_from(COUNTED.split(" "))


@settings(max_examples=600, deadline=None)
@given(number=NUMBERS, counter=COUNTERS, before=st.sampled_from(["", "我们", "住", "一共", "有", "第", "大概"]))
def test_number_of_something_else_is_no_day(number: str, counter: str, before: str) -> None:
    text = f"{before}{number}{counter}"
    assert days.find(text, context()) is None
    with pytest.raises(Refused, match=r"day\.not_understood"):
        days.read(text, context())


@pytest.mark.parametrize(
    "text", ["13800012345", "138 0001 2345", "138-0001-2345", "0772-3112345", "450221199001011234"]
)
def test_phone_and_identity_number_are_no_days(text: str) -> None:
    assert days.find(f"电话{text}", context()) is None
    with pytest.raises(Refused, match=r"day\.not_understood"):
        days.read(text, context())


def test_text_that_names_very_many_days_is_no_answer() -> None:
    with pytest.raises(Refused, match=r"day\.not_understood"):
        days.read("、".join(f"{day}号" for day in range(1, 29)), context())
