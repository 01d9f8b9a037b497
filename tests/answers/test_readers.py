"""Short answers to an open question: names, phones, parties, employers, yes and no, directions, hours."""

from __future__ import annotations

from datetime import date, time

import msgspec
import pytest

from domain.days import Part, Window
from domain.people import Name, Phone
from domain.refusals import Refused
from domain.registrations import Direction
from flows.answers import days, direction, employers, parties, yes_no
from flows.flow import Answers, Ask
from tests.answers.setting import catalogues, context, read

EIGHTH = date(2027, 2, 13)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("韦小明", "韦小明"),
        ("我叫韦小明", "韦小明"),
        ("我的名字是覃志强。", "覃志强"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("乌云其木格", "乌云其木格"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Wei Xiaoming", "Wei Xiaoming"),
        ("my name is Wei Ming", "Wei Ming"),
        ("韦小明13800012345", "韦小明"),
    ],
)
def test_name_is_taken_as_written(text: str, name: str) -> None:
    assert read("name", text) == Name(name)


@pytest.mark.parametrize("text", ["", "不知道", "13800012345", "我不想说", "😀", "什么意思", "蓝", "韦" * 30, "没有"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"name\.not_understood"):
        read("name", text)


@pytest.mark.parametrize(
    "text",
    [
        "13800012345",
        "138 0001 2345",
        "138-0001-2345",
        "+86 138 0001 2345",
        "8613800012345",
        "0086-13800012345",
        "１３８０００１２３４５",
        "我的电话是13800012345。",
        "幺三八零零零幺二三四五",
        "一三八 〇〇〇一 二三四五",
        "13800012345，也就是13800012345",
    ],
)
def test_mobile_number_is_read_in_any_spelling(text: str) -> None:
    assert read("phone", text) == Phone("13800012345")


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("1380001234", "phone.too_short", {"n": 10}),
        ("138000123456", "phone.too_long", {"n": 12}),
        ("12345678901", "phone.not_mobile", {}),
        ("0772-2821234", "phone.not_mobile", {}),
        ("没有电话", "phone.not_understood", {}),
        ("", "phone.not_understood", {}),
    ],
)
def test_wrong_number_is_refused_with_the_reason(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        read("phone", text)
    assert (refusal.value.key, refusal.value.values) == (key, values)


def test_two_numbers_are_asked_about() -> None:
    asked = read("phone", "13800012345 或者 19900012345")
    assert isinstance(asked, Ask)
    assert [msgspec.json.decode(one.value, type=Phone).digits for one in asked.candidates] == [
        "13800012345",
        "19900012345",
    ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("4个人", 4),
        ("两个人", 2),
        ("两个", 2),
        ("就我一个", 1),
        ("就我一个人", 1),
        ("我自己", 1),
        ("一个人", 1),
        ("我和老婆", 2),
        ("我和老婆孩子", 3),
        ("我跟3个老乡", 4),
        ("一家三口", 3),
        ("我们四个", 4),
        ("夫妻俩", 2),
        ("十二人", 12),
        ("60", 60),
        ("just me", 1),
        ("two people", 2),
        ("me and my wife", 2),
        ("three", 3),
    ],
)
def test_party_is_counted_with_the_person(text: str, size: int) -> None:
    assert read("party", text) == size


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("61个人", "party.too_many"),
        ("0", "party.not_understood"),
        ("很多", "party.not_understood"),
        ("", "party.not_understood"),
    ],
)
def test_impossible_party_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        read("party", text)
    assert refusal.value.key == key


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("比亚迪", "比亚迪"),
        ("在富士康上班", "富士康"),
        ("单位是深圳市比亚迪汽车有限公司", "深圳市比亚迪汽车有限公司"),
        ("BYD", "BYD"),
        ("厂名：Foxconn（龙华）", "Foxconn（龙华）"),
        ("比亚迪（坪山）", "比亚迪（坪山）"),
        ("还没找到工作", None),
        ("没有", None),
        ("还没有", None),
        ("not yet", None),
    ],
)
def test_employer_is_taken_as_written(text: str, employer: str | None) -> None:
    assert read("employer", text) == employer


@pytest.mark.parametrize("text", ["", "?", "13800012345", "厂" * 60])
def test_what_is_no_employer_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"employer\.not_understood"):
        read("employer", text)


@pytest.mark.parametrize(
    ("text", "value"), [("是的", True), ("同意！", True), ("OK", True), ("不同意", False), ("No.", False)]
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert read("yes_no", text) is value


@pytest.mark.parametrize("text", ["", "也许", "不是不行"])
def test_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"yes_no\.not_understood"):
        read("yes_no", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("返岗", Direction.WORK),
        ("去上班", Direction.WORK),
        ("回家", Direction.HOME),
        ("返乡", Direction.HOME),
        ("work", Direction.WORK),
    ],
)
def test_direction(text: str, value: Direction) -> None:
    assert read("direction", text) is value


@pytest.mark.parametrize(
    ("text", "part", "at"),
    [
        ("初八早上", Part.AM, None),
        ("初八晚上8点", None, time(20)),
        ("初八 7:30", None, time(7, 30)),
        ("初八中午", Part.NOON, None),
        ("初八下午三点半", None, time(15, 30)),
        ("最晚初八", None, None),
        ("元宵前七天", None, None),
    ],
)
def test_hour_beside_the_day(text: str, part: Part | None, at: time | None) -> None:
    window = read("day", text)
    assert isinstance(window, Window)
    assert (window.last, window.part, window.at) == (EIGHTH, part, at)


@pytest.mark.parametrize("text", ["还没定", "没想好", "not sure yet"])
def test_undecided_is_an_answer(text: str) -> None:
    assert read("day", text) == Window(undecided=True)


@pytest.mark.parametrize(
    "window",
    [
        Window(EIGHTH, EIGHTH),
        Window(EIGHTH, date(2027, 2, 15)),
        Window(EIGHTH, None),
        Window(None, EIGHTH),
        Window(date(2027, 3, 3), date(2027, 3, 3)),
        Window(EIGHTH, EIGHTH, Part.AM),
        Window(EIGHTH, EIGHTH, None, time(7, 30)),
        Window(),
        Window(undecided=True),
    ],
)
def test_what_the_service_says_in_chinese_reads_back(window: Window) -> None:
    assert read("day", catalogues()["zh-CN"].value(window)) == window


def test_suggestions_are_the_days_on_which_people_leave() -> None:
    offered = days.suggestions(context("2027-02-08T09:00"), Answers({}))
    windows = [msgspec.json.decode(one.value, type=Window) for one in offered]
    leaving = (date(2027, 2, 11), EIGHTH, date(2027, 2, 14))
    assert windows == [*(Window(day, day) for day in leaving), Window(undecided=True)]


def test_suggestions_out_of_season_are_the_next_days() -> None:
    offered = days.suggestions(context("2027-06-08T09:00"), Answers({}))
    windows = [msgspec.json.decode(one.value, type=Window) for one in offered]
    following = (date(2027, 6, 9), date(2027, 6, 10), date(2027, 6, 12))
    assert windows == [*(Window(day, day) for day in following), Window(undecided=True)]


def test_every_choice_has_its_words_and_reads_as_its_value() -> None:
    nothing = Answers({})
    offered = (
        *days.suggestions(context(), nothing),
        *parties.party_sizes(context(), nothing),
        *employers.not_found_yet(context(), nothing),
        *direction.both(context(), nothing),
    )
    for catalogue in catalogues().values():
        assert all(catalogue.word(one.words) for one in offered)
    sizes = [msgspec.json.decode(one.value, type=int) for one in parties.party_sizes(context(), nothing)]
    assert sizes == [1, 2, 3, 4]
    assert bytes(employers.not_found_yet(context(), nothing)[0].value) == b"null"
    yes, no = yes_no.yes_or_no("a.yes", "a.no")(context(), nothing)
    assert (bytes(yes.value), yes.words.key, bytes(no.value), no.words.key) == (b"true", "a.yes", b"false", "a.no")


def test_employer_whose_name_ends_like_a_particle_keeps_it() -> None:
    assert read("employer", "美的") == "美的"
    assert read("employer", "在美的上班的") == "美的"
