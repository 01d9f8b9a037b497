"""How many people: counted, named one by one, and what only looks like people."""

from __future__ import annotations

import msgspec
import pytest

from flows.flow import Ask
from tests.answers.setting import find, read

SENTENCES = [
    ("4个人", 4),
    ("三个老表加我", 4),
    ("初九走，媳妇也去", 2),
    ("初九走，搭我老婆一起", 2),
    ("初九走，跟幺儿一路", 2),
    ("两个人", 2),
    ("我们五个", 5),
    ("我们五个人", 5),
    ("俩人", 2),
    ("我俩", 2),
    ("我们俩", 2),
    ("我们两个", 2),
    ("三个人一起", 3),
    ("3人", 3),
    ("一共3个人", 3),
    ("总共十二人", 12),
    ("加上我四个", 4),
    ("加我4个", 4),
    ("连我三个人", 3),
    ("一家三口", 3),
    ("全家5口", 5),
    ("全家五口人", 5),
    ("一家4个人", 4),
    ("三口之家", 3),
    ("两口子", 2),
    ("夫妻俩", 2),
    ("我们两口子", 2),
    ("就我一个", 1),
    ("就我一个人", 1),
    ("只有我一个", 1),
    ("我一个人", 1),
    ("我和老婆", 2),
    ("我和我弟", 2),
    ("我跟我老公还有孩子", 3),
    ("我和老婆孩子", 3),
    ("我和老婆、孩子", 3),
    ("我和老婆，两个孩子", 4),
    ("我和老婆带两个小孩", 4),
    ("我带两个老乡", 3),
    ("我带着两个老乡", 3),
    ("我跟3个老乡", 4),
    ("老婆孩子和我", 3),
    ("老婆和我", 2),
    ("我爸妈和我", 3),
    ("我和父母", 3),
    ("我和俩娃", 3),
    ("我和兄弟俩", 3),
    ("我和老婆俩", 2),
    ("我跟我老公还有我小叔子", 3),
    ("我和媳妇儿还有小舅子", 3),
    ("，跟我家那口子", 2),
    ("，跟三个老乡", 4),
    ("同埋我阿妹", 2),
    ("带起两个娃儿", 3),
    ("带个孩子", 2),
    ("还有我男人", 2),
    ("我们兄弟三个", 3),
    ("咱们四个", 4),
    ("，和老公一起", 2),
    ("我们夫妻俩带一个孩子", 3),
    ("两口子和孩子", 3),
    ("我和老婆两个人", 2),
    ("我和老婆孩子三个人", 3),
    ("我和老乡们五个人", 5),
    ("我和老婆一共两个", 2),
    ("我老婆也去", 2),
    ("我和老婆，孩子不去", 2),
    ("我跟老乡一起三个人", 3),
    ("带老婆孩子", 3),
    ("带两个老乡一起走", 3),
    ("两大一小", 3),
    ("两个大人带一个小孩", 3),
    ("我们仨", 3),
    ("我和她", 2),
    ("人数：2", 2),
    ("人数2人", 2),
    ("我同埋老公", 2),
    ("我跟我崽两个", 2),
    ("我和我大哥", 2),
    ("我和二姐", 2),
    ("两个男的", 2),
    ("just me", 1),
    ("two people", 2),
    ("2 persons", 2),
    ("three of us", 3),
    ("family of 4", 4),
    ("me and my wife", 2),
    ("my wife and I", 2),
]


@pytest.mark.parametrize(("text", "size"), SENTENCES)
def test_party_is_read_with_the_person(text: str, size: int) -> None:
    assert read("party", text) == size


@pytest.mark.parametrize(("text", "size"), SENTENCES)
def test_party_is_found_in_a_sentence(text: str, size: int) -> None:
    part = find("party", f"初八{text}，从柳江去深圳")
    assert part is not None
    assert part.value == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("两个", 2),
        ("三", 3),
        ("要2个", 2),
        ("5个吧", 5),
        ("60", 60),
        ("我自己", 1),
        ("一个人", 1),
        ("three", 3),
    ],
)
def test_short_answer_is_a_number(text: str, size: int) -> None:
    assert read("party", text) == size


@pytest.mark.parametrize(
    "text", ["我和老乡们", "我和几个老乡", "我带一帮工友", "我和老婆还有几个同事", "我和老乡几个", "几个人还没定"]
)
def test_several_whom_nobody_counted_are_a_question(text: str) -> None:
    part = find("party", text)
    assert part is not None
    for asked in (read("party", text), part.value):
        assert isinstance(asked, Ask)
        assert [msgspec.json.decode(one.value, type=int) for one in asked.candidates] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(("text", "sizes"), [("五六个人", [5, 6]), ("三四个人", [3, 4]), ("两三个人", [2, 3])])
def test_one_number_or_the_next_is_a_question(text: str, sizes: list[int]) -> None:
    part = find("party", f"从柳江去深圳，{text}")
    assert part is not None
    for asked in (read("party", text), part.value):
        assert isinstance(asked, Ask)
        assert [msgspec.json.decode(one.value, type=int) for one in asked.candidates] == sizes


def test_bare_item_of_a_list_counts_people_unless_luggage_is_named() -> None:
    part = find("party", "韦海波 13800012345 2个 初八从柳江去深圳")
    assert part is not None
    assert part.value == 2
    assert find("party", "韦海波 13800012345 行李 2个") is None


@pytest.mark.parametrize(
    "text",
    [
        "3个包",
        "不带孩子",
        "可以带孩子吗",
        "车上带孩子可以吗",
        "带两个箱子",
        "一个月",
        "两个小时",
        "三个箱子",
        "一个厂",
        "一个人都没有",
        "老婆不去",
        "我老婆不去",
        "我和老婆说好了",
        "我和老婆商量一下",
        "我们3月走",
        "我们两点到",
        "第二个人",
        "农民工",
        "在家等两天",
        "初八人多",
        "我有500块钱，住3号楼2号门",
        "一共三个包",
        "我们三个箱子",
        "总共200块",
        "位置在二楼",
        "我们一起走",
        "我们二哥在深圳",
        "我们一个厂的",
        "我们8点到",
        "我要去深圳",
        "我哥在深圳",
        "我的老乡在深圳",
        "三人座",
        "my friend works there",
    ],
)
def test_what_is_no_people_is_not_counted(text: str) -> None:
    assert find("party", text) is None
