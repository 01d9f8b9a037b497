"""Employers of the list: by name, for short, by a part, by initials, with a slip of the pen; the rest as written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from domain.employers import Directory, Employer, nearest_to
from domain.places import Place
from domain.refusals import Refused
from flows.answers.employer_index import indexed
from flows.flow import Ask, Context
from tests.answers.setting import areas, catalogues, context, found, read
from tests.answers.test_any_text import TEXTS

LIST = Directory(
    [
        Employer("比亚迪（坪山）", (), Place("440310")),
        Employer("比亚迪（惠州）", (), Place("441300")),
        Employer("富士康科技集团有限公司", ("富士康", "foxconn"), Place("440309")),
        Employer("深圳市华为技术有限公司", ("华为",), Place("440307")),
        Employer("美的集团", ("美的",), Place("440606")),
        Employer("东莞市步步高教育电子有限公司", (), Place("441900", "长安镇")),
        Employer("格力电器", ("格力",)),
        Employer("宏达二厂", (), Place("441900")),
        Employer("长城汽车", (), Place("130600")),
    ]
)
BYD = ["比亚迪（坪山）", "比亚迪（惠州）"]
FOXCONN, HUAWEI, BUBUGAO = "富士康科技集团有限公司", "深圳市华为技术有限公司", "东莞市步步高教育电子有限公司"


def listed() -> Context:
    """The usual context, with the list."""
    return replace(context(), employers=LIST)


def plainly(value: object) -> object:
    """Candidates as their values."""
    if isinstance(value, Ask):
        return [msgspec.json.decode(one.value) for one in value.candidates]
    return value


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("富士康科技集团有限公司", FOXCONN),
        ("富士康", FOXCONN),
        ("ＦＯＸＣＯＮＮ", FOXCONN),
        ("我是富士康的", FOXCONN),
        ("在富士康上班", FOXCONN),
        ("富士康龙华厂", FOXCONN),
        ("步步高", BUBUGAO),
        ("步步高电子", BUBUGAO + " as written"),
        ("比亚迪（坪山）", "比亚迪（坪山）"),
        ("比亚迪坪山", "比亚迪（坪山）"),
        ("惠州比亚迪", "比亚迪（惠州）"),
        ("深圳比亚迪", "比亚迪（坪山）"),
        ("比亚迪", [*BYD, "比亚迪"]),
        ("亚迪", [*BYD, "亚迪"]),
        ("byd", [*BYD, "byd"]),
        ("比亚敌", [*BYD, "比亚敌"]),
        ("比亚迪西安", "比亚迪西安"),  # no such one on the list
        ("fsk", FOXCONN),
        ("HW", HUAWEI),
        ("ccqc", "长城汽车"),
        ("zcqc", "长城汽车"),  # 长 is read in two ways
        ("富士糠", FOXCONN),
        ("富土康", FOXCONN),
        ("士富康", FOXCONN),
        ("foxcon", FOXCONN),
        ("宏达二场", "宏达二厂"),
        ("宏达三厂", "宏达三厂"),  # another plant, no slip of the pen
        ("宏达厂", "宏达二厂"),
        ("华偉", "华偉"),  # two characters are too few to hold a mistake
        ("美的", "美的集团"),
        ("电子厂", "电子厂"),
        ("技术", "技术"),
        ("坪山工厂", "坪山工厂"),
        ("深圳市", "深圳市"),
        ("宏图电子", "宏图电子"),
        ("还没找到工作", None),
        ("没找到厂", None),
        ("到了再找工作", None),
    ],
)
def test_answer_names_an_employer_of_the_list(text: str, employer: object) -> None:
    if isinstance(employer, str):
        employer = text if employer.endswith(" as written") else employer
    assert plainly(read("employer", text, listed())) == employer


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("我去富士康上班", FOXCONN),
        ("富士康的，初八走", FOXCONN),
        ("我是富士康的", FOXCONN),
        ("初八走，foxconn", FOXCONN),
        ("初八从柳江去深圳富士糠", FOXCONN),
        ("初八从柳江去东莞长安步步高", BUBUGAO),
        ("去年在富士康打工", FOXCONN),
        ("去格力，我和老婆", "格力电器"),
        ("在美的上班", "美的集团"),
        ("在fsk上班", FOXCONN),
        ("比亚迪惠州，初八", "比亚迪（惠州）"),
        ("比亚迪（坪山），初八", "比亚迪（坪山）"),
        ("比亚迪的，在惠州", "比亚迪（惠州）"),
        ("我去比亚迪上班", [*BYD, "比亚迪"]),
        ("初八从柳江去深圳比亚迪", [*BYD, "比亚迪"]),
        ("单位是宏图厂，以前在富士康上班", "宏图厂"),
        ("在宏图厂上班，初八走", "宏图厂"),
        ("原来在富士康，现在还没找到工作", None),
        ("去深圳富士康供应商宏图厂", "富士康供应商宏图厂"),
    ],
)
def test_sentence_names_an_employer_of_the_list(text: str, employer: object) -> None:
    assert plainly(found(text, listed())["employer"]) == employer


@pytest.mark.parametrize(
    "text", ["早上美的很", "风景完美的", "富士康供应商介绍的", "从长城脚下走", "hwang", "去外地打工", "去龙华打工"]
)
def test_words_that_only_look_like_a_name_are_left_alone(text: str) -> None:
    assert "employer" not in found(text, listed())


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("在富士康上班，初八走", "富士康"),
        ("上班在木林森电话是多少", "木林森"),
        ("在德赛电池上班想回家过年", "德赛电池"),
        ("去深圳做保温杯的哈尔斯", "哈尔斯"),
        ("去惠州仲恺那边的TCL", "TCL"),
        ("去厦门集美厦工厂头", "厦工厂"),
        ("去年在富士康打工", "富士康"),
        ("在电子厂上班", "电子厂"),
        ("我去了一家电子厂", "电子厂"),
        ("去工地", "工地"),
        ("初八去东莞饭店打工", "饭店"),
        ("在饭店上班", "饭店"),
        ("还没找到工作，先去深圳", None),
        ("没找到厂", None),
        ("到了深圳再找工作", None),
    ],
)
def test_sentence_says_where_somebody_works_though_there_is_no_list(text: str, employer: str | None) -> None:
    assert found(text)["employer"] == employer


NOBODY = (
    *("进厂打工", "想进厂", "进工厂打工", "在深圳上班", "去龙华打工", "去外地打工", "在那边上班", "回去上班"),
    *("帮我找工作", "去公司报到", "初八到厂里", "找工作人员", "没有工作人员", "在厂里上班", "我们厂里放假"),
    *(
        "去深圳返工",
        "去桂林上工",
        "上班在东莞",
        "上班在东莞，初八走",
        "去深圳电话是多少",
        "厂里说初十才开工",
        "去沈阳做快递",
    ),
)


@pytest.mark.parametrize("text", NOBODY)
def test_no_employer_is_made_up(text: str) -> None:
    assert "employer" not in found(text)


def test_candidates_are_worded_in_every_language() -> None:
    asked = read("employer", "比亚迪", listed())
    assert isinstance(asked, Ask)
    chinese, english = ([catalogue.word(one.words) for one in asked.candidates] for catalogue in catalogues().values())
    assert chinese[0] == "比亚迪（坪山） · 广东省 深圳市 坪山区"
    assert chinese[-1] == "另一家：比亚迪"
    assert english[-1] == "Another one: 比亚迪"


def test_name_that_fits_too_many_is_taken_as_written() -> None:
    many = Directory(Employer(f"恒源（{area.short}）") for area in areas().children("440000"))
    assert read("employer", "恒源", replace(context(), employers=many)) == "恒源"
    assert read("employer", "恒源东莞", replace(context(), employers=many)) == "恒源（东莞）"


def test_index_is_built_once_for_each_list() -> None:
    assert indexed(LIST, areas()) is indexed(LIST, areas())
    assert indexed(Directory(LIST.all()), areas()) is not indexed(LIST, areas())


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (Place("440310"), ["坪山"]),
        (Place("440300"), ["坪山"]),
        (Place("440307"), ["坪山"]),  # elsewhere in the same city
        (Place("441900"), ["长安", "虎门"]),
        (Place("441900", "虎门镇"), ["虎门"]),
        (Place("440000"), ["坪山", "长安", "虎门"]),
        (Place("610100"), ["坪山", "长安", "虎门", "不知道"]),  # the place decides nothing
    ],
)
def test_nearest_is_whom_somebody_means_who_goes_there(place: Place, names: list[str]) -> None:
    candidates = [
        Employer("坪山", (), Place("440310")),
        Employer("长安", (), Place("441900", "长安镇")),
        Employer("虎门", (), Place("441900", "虎门镇")),
        Employer("不知道"),
    ]
    assert [one.name for one in nearest_to(candidates, place, areas())] == names


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_text_is_read_or_refused_with_the_list_too(text: str) -> None:
    values = []
    with suppress(Refused):  # another finder may say that its part can't be taken
        values += [plainly(value) for name, value in found(text, listed()).items() if name == "employer"]
    with suppress(Refused):
        values.append(plainly(read("employer", text, listed())))
    for value in values:
        assert value is None or (value and isinstance(value, str | list))
