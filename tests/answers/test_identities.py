"""Identity numbers: right ones, the reason why others are refused, and how they read."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from domain.people import Identity, age, birth_date, check_character, masked_identity
from domain.refusals import Refused
from flows.answers import phones
from flows.flow import Ask
from tests.answers.setting import READERS, areas, catalogues, context, find, read


def number(born: str = "19900101", area: str = "450206", sequence: str = "001") -> str:
    """An invented number with the right check character."""
    return f"{area}{born}{sequence}{check_character(f'{area}{born}{sequence}')}"


RIGHT = number()
WITH_X = next(one for year in range(1970, 2000) if (one := number(f"{year}0101")).endswith("X"))


def test_area_of_the_invented_numbers_exists() -> None:
    assert "450206" in areas()


def test_check_character_is_that_of_the_standards_example() -> None:
    assert check_character("11010519491231002") == "X"  # GB 11643-1999, appendix
    assert check_character("44052418800101001") == "4"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "身份证{}",
        "我的身份证号码是{}。",
        "身份证号：{} 电话13800012345",
        "13800012345 {}",
        "{}，没错",
        "{0}，再说一遍{0}",
    ],
)
@pytest.mark.parametrize("digits", [RIGHT, WITH_X, number(area="999999")])
def test_right_number_is_read_and_found(text: str, digits: str) -> None:
    text = text.format(digits)
    part = find("identity", text)
    assert part is not None
    assert read("identity", text) == part.value == Identity(digits)


@pytest.mark.parametrize(
    "text",
    [
        f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}",
        f"{WITH_X[:6]}-{WITH_X[6:14]}-{WITH_X[14:]}",
        WITH_X.lower(),
        "".join(chr(ord(char) + 0xFEE0) for char in WITH_X),
    ],
)
def test_number_is_read_in_any_spelling(text: str) -> None:
    assert read("identity", text) == Identity(WITH_X)


def test_number_spoken_digit_by_digit_is_read() -> None:
    assert read("identity", " ".join(RIGHT)) == Identity(RIGHT)


def test_two_numbers_are_a_question() -> None:
    two = number("19910101")
    asked = read("identity", f"{RIGHT}和{two}")
    assert isinstance(asked, Ask)
    assert [msgspec.json.decode(one.value, type=Identity).digits for one in asked.candidates] == [RIGHT, two]


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("", "identity.not_understood", {}),
        ("没带身份证", "identity.not_understood", {}),
        (RIGHT[:-1], "identity.length", {"n": 17}),
        (RIGHT + "1", "identity.length", {"n": 19}),
        ("13800012345", "identity.length", {"n": 11}),
        ("450206900101001", "identity.old", {}),
        (RIGHT[:-1] + str((int(RIGHT[-1]) + 1) % 10), "identity.wrong", {}),
        (RIGHT[:5] + "7" + RIGHT[6:], "identity.wrong", {}),
        (number("19900231"), "identity.wrong", {}),
        (number("19901301"), "identity.wrong", {}),
        (number("20280101"), "identity.wrong", {}),
        (number("20110209"), "identity.age", {"youngest": 16, "oldest": 75}),
        (number("19510208"), "identity.age", {"youngest": 16, "oldest": 75}),
    ],
)
def test_what_can_be_no_number_is_refused_with_the_reason(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        read("identity", text)
    assert (refusal.value.key, refusal.value.values) == (key, values)
    assert all(catalogue.sentences[key] for catalogue in catalogues().values())


@pytest.mark.parametrize("born", ["20110208", "19510209"])  # sixteen today, and seventy-six tomorrow
def test_first_and_last_day_of_the_age_are_taken(born: str) -> None:
    assert read("identity", number(born)) == Identity(number(born))


@pytest.mark.parametrize("text", [RIGHT[:-1], RIGHT + "1", RIGHT[:-1] + "Y", number("20200101"), "450206900101001"])
def test_what_is_not_right_is_not_found(text: str) -> None:
    assert find("identity", f"身份证{text}") is None


@pytest.mark.parametrize("digits", [RIGHT, WITH_X, number("19990213"), number("20070213")])
@pytest.mark.parametrize("parts", [[18], [6, 14], [6, 10, 14], [3, 6, 14, 16]])
def test_no_other_finder_takes_a_piece_of_it(digits: str, parts: list[int]) -> None:
    written = " ".join(
        digits[start:end] for start, end in zip([0, *parts], [*parts, 18], strict=True) if digits[start:end]
    )
    assert phones.mobiles(written.lower()) == []
    taken = {
        name
        for name, reader in READERS.items()
        if name != "identity" and reader.find and reader.find(f"身份证{written}", context())
    }
    assert taken == set()


def test_identity_reads_whole_at_home_and_shows_only_its_end_abroad() -> None:
    for catalogue in catalogues().values():
        assert catalogue.value(Identity("450206199001010018")) == "450206 19900101 0018"
        assert catalogue.value(Identity("450206199001010018"), masked=True) == "**************0018"
    assert masked_identity("450206199001010018") == "**************0018"


def test_age_counts_full_years() -> None:
    born = birth_date(Identity(number("19900228")))
    assert born == date(1990, 2, 28)
    assert [age(born, date(2027, 2, day)) for day in (27, 28)] == [36, 37]
