"""Phone numbers: grouped, spoken, put right, and what is called one and can't be."""

from __future__ import annotations

import msgspec
import pytest

from domain.people import Phone
from domain.refusals import Refused
from flows.flow import Ask
from tests.answers.setting import find, read

ONE, TWO = "13800012345", "19900012345"

SPELLINGS = [
    "13800012345",
    "138 0001 2345",
    "138-0001-2345",
    "13800 012 345",
    "138.0001.2345",
    "1 3 8 0 0 0 1 2 3 4 5",
    "(138)00012345",
    "+86 138 0001 2345",
    "+8613800012345",
    "8613800012345",
    "0086-13800012345",
    "１３８００01２３４５",
    "我的电话是13800012345。",
    "打13800012345",
    "手机：138 0001 2345",
    "13800012345两个人",
    "13800012345 2个人",
    "初八13800012345",
    "13800012345初八走",
    "幺三八零零零幺二三四五",
    "一三八〇〇〇一二三四五",
    "一三八 〇〇〇一 二三四五",
    "138零零零一二三四五",
    "一三八00012345",
    "电话一三八零零零一二三四五初八走",
    "初八一三八零零零一二三四五",
    "我的号码一三八，零零零幺，二三四五",
    "一三八零零零一二三四五两个人",
    "13800012345，也就是13800012345",
    "13800012345，一三八零零零一二三四五",
    "电话错了，是13800012345",
    "电话不是19900012345，是13800012345",
    "电话不是19900012345是13800012345",
    "19900012345打不通，打13800012345",
    "19900012345 改成 13800012345",
    "不要打19900012345，打13800012345",
    "19900012345不用了，13800012345",
    "号码换成13800012345",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_mobile_number_is_read_in_any_spelling(text: str) -> None:
    assert read("phone", text) == Phone(ONE)


@pytest.mark.parametrize("text", SPELLINGS)
def test_mobile_number_is_found_in_any_spelling(text: str) -> None:
    part = find("phone", text)
    assert part is not None
    assert part.value == Phone(ONE)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("我叫韦小明13800012345，初八走", ["13800012345"]),
        ("初八一三八零零零一二三四五两个人", ["一三八零零零一二三四五"]),
        ("我叫李四138 0001 2345初八走", ["138 0001 2345"]),
        ("不是19900012345，是13800012345", ["19900012345", "13800012345"]),
        ("13800012345 2个人", ["13800012345"]),
    ],
)
def test_only_the_number_is_taken(text: str, taken: list[str]) -> None:
    part = find("phone", text)
    assert part is not None
    assert [text[start:end] for start, end in part.spans] == taken


@pytest.mark.parametrize(
    "text", ["13800012345 或者 19900012345", "13800012345/19900012345", "13800012345，一九九零零零一二三四五"]
)
def test_two_numbers_are_a_question_everywhere(text: str) -> None:
    part = find("phone", text)
    assert part is not None
    for asked in (read("phone", text), part.value):
        assert isinstance(asked, Ask)
        assert [msgspec.json.decode(one.value, type=Phone).digits for one in asked.candidates] == [ONE, TWO]


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("1380001234", "phone.too_short", {"n": 10}),
        ("138000123456", "phone.too_long", {"n": 12}),
        ("12345678901", "phone.not_mobile", {}),
        ("0772-2821234", "phone.not_mobile", {}),
        ("没有电话", "phone.not_understood", {}),
        ("不是13800012345", "phone.not_understood", {}),
        ("", "phone.not_understood", {}),
    ],
)
def test_wrong_number_is_refused_with_the_reason(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        read("phone", text)
    assert (refusal.value.key, refusal.value.values) == (key, values)


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("我叫韦小明电话1380001234初八走", "phone.too_short", {"n": 10}),
        ("手机号：138000123456", "phone.too_long", {"n": 12}),
        ("打12345678901，去深圳", "phone.not_mobile", {}),
        ("电话0772-2821234", "phone.not_mobile", {}),
        ("电话一三八零零零一二三四，初八走", "phone.too_short", {"n": 10}),
        ("my phone is 1380001234", "phone.too_short", {"n": 10}),
    ],
)
def test_what_is_called_a_phone_number_and_is_none_is_refused(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        find("phone", text)
    assert (refusal.value.key, refusal.value.values) == (key, values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380001234",
        "450206199001010018",
        "450206 19900101 0018",
        "450206 19900101 001X",
        "450206-19900101-001X",
        "身份证号码450206199001010018",
        "4 5 0 2 0 6 1 9 9 0 0 1 0 1 0 0 1 8",
        "138000123451380001234513800012345",
        "6222 0138 0001 2345 678",
        "2027年2月13日",
        "去打工，2027年初八",
        "打12333问",
        "银行卡号码6222012345",
        "我打算初八走",
        "一二三四五六七八九",
        "两个人初八去深圳",
    ],
)
def test_other_digits_are_left_alone(text: str) -> None:
    assert find("phone", text) is None
