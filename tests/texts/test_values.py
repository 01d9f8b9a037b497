"""How each kind of value reads in each language, whole and masked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from domain.days import Moment, Part, Window
from domain.people import Name, Phone
from domain.places import Place
from tests.answers.setting import areas, catalogues
from texts.say import Value, Words, Written

DAY, LATER = date(2027, 2, 13), date(2027, 2, 15)
MORNING = datetime(2027, 2, 13, 23, 30, tzinfo=UTC)  # half past seven the next day in Shanghai


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (Window(DAY, DAY), "2月13日 周六（正月初八）", "Sat 13 Feb (8th of 1st lunar month)"),
        (
            Window(DAY, LATER),
            "2月13日 周六（正月初八）到 2月15日 周一（正月初十）",
            "Sat 13 Feb (8th of 1st lunar month) to Mon 15 Feb (10th of 1st lunar month)",
        ),
        (Window(DAY, None), "2月13日 周六（正月初八）起", "from Sat 13 Feb (8th of 1st lunar month) on"),
        (Window(None, DAY), "最晚 2月13日 周六（正月初八）", "Sat 13 Feb (8th of 1st lunar month) at the latest"),
        (Window(), "哪天都行", "any day"),
        (Window(undecided=True), "还没定", "not settled yet"),
        (
            Window(DAY, DAY, Part.AM),
            "2月13日 周六（正月初八）早上",
            "Sat 13 Feb (8th of 1st lunar month), in the morning",
        ),
        (Window(DAY, DAY, None, time(8)), "2月13日 周六（正月初八）8:00", "Sat 13 Feb (8th of 1st lunar month), 8:00"),
        (
            Window(date(2025, 8, 1), date(2025, 8, 1)),
            "8月1日 周五（闰六月初八）",
            "Fri 1 Aug (8th of leap 6th lunar month)",
        ),
        (Moment(MORNING), "2月14日 周日（正月初九）7:30", "Sun 14 Feb (9th of 1st lunar month) 7:30"),
        (Place("440310"), "广东省 深圳市 坪山区", "Shenzhen, Pingshan (深圳市 坪山区)"),
        (Place("450206", "拉堡镇"), "柳州市 柳江区 拉堡镇", "Liuzhou, Liujiang, Labaozhen (柳州市 柳江区 拉堡镇)"),
        (Place("450000"), "广西壮族自治区", "Guangxi (广西壮族自治区)"),
        (Place("500112"), "重庆市 渝北区", "Chongqing, Yubei (重庆市 渝北区)"),
        (Name("韦小明"), "韦小明", "韦小明"),
        (Phone("13800012345"), "138 0001 2345", "138 0001 2345"),
        (Phone("12333"), "12333", "12333"),
        (7, "7", "7"),
        ("桂B·12345", "桂B·12345", "桂B·12345"),
        (Words("party.people", {"n": 2}), "2 个人", "2 people"),
        (Words("party.people", {"n": 1}), "1 个人", "1 person"),
    ],
)
def test_value_reads(value: Value, chinese: str, english: str) -> None:
    assert catalogues()["zh-CN"].value(value) == chinese
    assert catalogues()["en"].value(value) == english


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (Name("韦小明"), "韦*明"),
        (Phone("13800012345"), "138****2345"),
        (Phone("13800012345", work=True), "138 0001 2345"),
        ("打13800012345或138 0001 2345", "打138****2345或138****2345"),
        ("450221199001011234", "450****1234"),
        (Written("有事打 0772-7210000，或找 138 0001 2345"), "有事打 0772-7210000，或找 138****2345"),
        ("123456 桂B·12345 2027-02-13", "123456 桂B·12345 2027-02-13"),
        (Words("phone.choice", {"phone": Phone("13800012345")}), "138****2345"),
        (
            Words("place.too_many", {"name": "13800012345"}),
            '叫"138****2345"的地方太多了。请连市和县一起说，比如"柳江区拉堡镇"。',
        ),
    ],
)
def test_masked_value_hides_the_person(value: Value, masked: str) -> None:
    assert catalogues()["zh-CN"].value(value, masked=True) == masked


def test_every_area_has_words_in_every_language() -> None:
    for catalogue in catalogues().values():
        assert all(catalogue.value(Place(area.code)) for area in areas().all())


def test_unknown_key_and_missing_gap_are_bugs() -> None:
    for words in (Words("no.such.key"), Words("day.past"), Words("party.people")):
        with pytest.raises(KeyError):
            catalogues()["en"].word(words)
