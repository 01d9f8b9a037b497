"""The list of employers: what is wrong with a sheet, who may change what, and merging what people wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from domain.employers import Directory, EmployerSheet, Unknown
from domain.places import Place
from domain.refusals import Faults, NotFound, Refused
from domain.scope import Scope
from services import employers, registrations
from storage import tables
from storage.employers import PAGE
from tests.console.conftest import opened
from tests.console.setting import LIUCHENG, LIUJIANG, LIUZHOU, PINGSHAN, REGION, House, staff_up
from tests.support.databases import Databases

CITY, COUNTY, OTHER = Scope(LIUZHOU, 1), Scope(LIUJIANG, 2), Scope(LIUCHENG, 3)
BYD = EmployerSheet("比亚迪（坪山）", ("比亚迪", "BYD"), Place(PINGSHAN), "李经理", "13800000009")


@pytest.fixture
async def office(databases: Databases) -> AsyncIterator[House]:
    """An office without employers."""
    async with opened(databases, await databases.template("console with staff", staff_up), home=LIUZHOU) as house:
        yield house


async def _add(house: House, sheet: EmployerSheet = BYD, scope: Scope = CITY) -> int:
    return await employers.add(scope, house.database, house.desk, sheet)


async def _employer_of(house: House, registration: int) -> str:
    return (await registrations.show(Scope(REGION, 1), house.database, registration)).wish.employer


async def test_employer_is_kept_as_typed_and_its_contact_sealed(office: House) -> None:
    made = await _add(
        office, EmployerSheet(" 比亚迪 （坪山）", ("比亚迪", "", "比亚迪", "ＢＹＤ"), None, "李经理", "0755-12345678")
    )
    kept, bearing = await employers.show(CITY, office.database, made)
    assert (kept.employer.name, kept.employer.short_names) == ("比亚迪 （坪山）", ("比亚迪", "ＢＹＤ"))
    assert (kept.area, kept.contact_name, bearing) == (LIUZHOU, "李经理", 0)
    (row,) = await office.rows(tables.employers)
    for sealed, plain in ((row["contact_name"], "李经理"), (row["contact_phone"], "0755")):
        assert isinstance(sealed, bytes)
        assert plain.encode() not in sealed


@pytest.mark.parametrize(
    ("sheet", "field", "key"),
    [
        (EmployerSheet(" "), "name", "employers.name_missing"),
        (EmployerSheet("厂"), "name", "employers.name_short"),
        (EmployerSheet("厂" * 61), "name", "employers.name_long"),
        (EmployerSheet("比亚迪（坪山）"), "name", "employers.name_taken"),
        (EmployerSheet("byd"), "name", "employers.name_taken"),  # a short name of another, however it is spelled
        (EmployerSheet("新厂家", ("字" * 41,)), "short_names", "employers.short_length"),
        (EmployerSheet("新厂家", ("字",)), "short_names", "employers.short_length"),
        (EmployerSheet("新厂家", ("ｂｙｄ",)), "short_names", "employers.short_taken"),
        (EmployerSheet("新厂家", ("比亚迪（坪山）",)), "short_names", "employers.short_taken"),
        (EmployerSheet("新厂家", tuple(f"简称{n}" for n in range(31))), "short_names", "employers.short_many"),
        (EmployerSheet("新厂家", (), Place("999999")), "place", "place.not_understood"),
        (EmployerSheet("新厂家", (), None, "李" * 41), "contact_name", "employers.contact_long"),
        (EmployerSheet("新厂家", (), None, "", "12"), "contact_phone", "employers.phone_wrong"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(office: House, sheet: EmployerSheet, field: str, key: str) -> None:
    await _add(office)
    with pytest.raises(Faults) as faults:
        await _add(office, sheet)
    assert {name: fault.key for name, fault in faults.value.by_field.items()} == {field: key}
    assert len(await office.rows(tables.employers)) == 1


async def test_everybody_sees_the_list_and_only_its_keepers_the_contact(office: House) -> None:
    made = await _add(office)
    for scope, sees in ((CITY, True), (Scope(REGION, 4), True), (COUNTY, False), (OTHER, False)):
        kept, _ = await employers.show(scope, office.database, made)
        assert kept.employer.name == BYD.name
        assert (kept.contact_name, kept.contact_phone) == (("李经理", "13800000009") if sees else ("", ""))
    kept, _ = await employers.show(CITY, office.database, made)
    with pytest.raises(NotFound):
        await employers.change(COUNTY, office.database, office.desk, made, BYD, kept.changed_at)
    with pytest.raises(NotFound):
        await employers.remove(COUNTY, office.database, made)


async def test_list_is_searched_by_name_and_short_name_and_paged(office: House) -> None:
    await _add(office)
    for n in range(PAGE + 5):
        await _add(office, EmployerSheet(f"柳州第{n:02}机械厂"))
    for sought, names in (("坪山", [BYD.name]), ("byd", [BYD.name]), ("第07", ["柳州第07机械厂"]), ("%", [])):
        assert [one.employer.name for one in (await employers.find(office.database, sought))[0]] == names
    first, after = await employers.find(office.database)
    rest, end = await employers.find(office.database, after=after)
    assert (len(first), len(rest), end) == (PAGE, 6, "")
    assert len({one.id for one in (*first, *rest)}) == PAGE + 6


async def test_renamed_employer_is_renamed_in_all_registrations(office: House) -> None:
    made = await _add(office)
    mine, theirs = (
        await office.sign_up(employer=BYD.name),
        await office.sign_up("莫四", origin=LIUCHENG, employer=BYD.name),
    )
    other = await office.sign_up("覃五", employer="富士康")
    kept, bearing = await employers.show(CITY, office.database, made)
    assert bearing == 2
    sheet = EmployerSheet("比亚迪深圳坪山", BYD.short_names)
    await employers.change(CITY, office.database, office.desk, made, sheet, kept.changed_at)
    assert [await _employer_of(office, one) for one in (mine, theirs, other)] == [sheet.name, sheet.name, "富士康"]


async def test_change_of_what_others_changed_meanwhile_is_refused(office: House) -> None:
    made = await _add(office)
    seen = (await employers.show(CITY, office.database, made))[0].changed_at
    await office.sign_up(employer="亚迪")
    office.clock.now = office.clock.now.replace(hour=11)
    await employers.merge(CITY, office.database, office.desk, "亚迪", BYD.name)
    with pytest.raises(Refused, match=r"employers\.changed_meanwhile"):
        await employers.change(CITY, office.database, office.desk, made, BYD, seen)


async def test_unknown_employers_are_counted_in_the_scope(office: House) -> None:
    await _add(office)
    for name, employer, origin in (
        ("韦一", "富士康", LIUJIANG),
        ("韦二", "富士康", LIUJIANG),
        ("韦三", "富士康", LIUCHENG),
        ("韦四", "比亚迪", LIUJIANG),
        ("韦五", BYD.name, LIUJIANG),
        ("韦六", "", LIUJIANG),
    ):
        await office.sign_up(name, employer=employer, origin=origin)
    gone = await office.sign_up("韦七", employer="华为")
    await registrations.cancel(CITY, office.database, office.desk, gone)
    assert list(await employers.unknown(CITY, office.database)) == [Unknown("富士康", 3), Unknown("比亚迪", 1)]
    assert list(await employers.unknown(COUNTY, office.database)) == [Unknown("富士康", 2), Unknown("比亚迪", 1)]


async def test_merged_text_becomes_a_short_name_and_registrations_bear_the_name(office: House) -> None:
    made = await _add(office)
    mine, theirs = (
        await office.sign_up(employer="亚迪坪山"),
        await office.sign_up("莫四", origin=LIUCHENG, employer="亚迪坪山"),
    )
    near = await office.sign_up("覃五", employer="亚迪坪山厂")
    office.clock.now = office.clock.now.replace(hour=11)
    assert await employers.merge(CITY, office.database, office.desk, "亚迪坪山", BYD.name) == 2
    assert [await _employer_of(office, one) for one in (mine, theirs, near)] == [BYD.name, BYD.name, "亚迪坪山厂"]
    assert (await office.row(tables.registrations, mine))["changed_at"] == office.clock.now
    kept, _ = await employers.show(CITY, office.database, made)
    assert kept.employer.short_names == (*BYD.short_names, "亚迪坪山")
    assert kept.contact_name == "李经理"


async def test_county_merges_its_own_people_only_and_leaves_the_citys_employer_as_it_is(office: House) -> None:
    made = await _add(office)
    mine, theirs = await office.sign_up(employer="亚迪"), await office.sign_up("莫四", origin=LIUCHENG, employer="亚迪")
    assert await employers.merge(COUNTY, office.database, office.desk, "亚迪", BYD.name) == 1
    assert [await _employer_of(office, one) for one in (mine, theirs)] == [BYD.name, "亚迪"]
    assert (await employers.show(CITY, office.database, made))[0].employer.short_names == BYD.short_names


async def test_text_that_means_another_employer_is_not_merged(office: House) -> None:
    await _add(office)
    await _add(office, EmployerSheet("富士康", ("foxconn",)))
    await office.sign_up(employer="foxconn")
    for text, key in (("foxconn", "employers.text_taken"), ("富士康", "employers.known"), ("", "console.not_found")):
        with pytest.raises(Refused, match=key.replace(".", r"\.")):
            await employers.merge(CITY, office.database, office.desk, text, BYD.name)
    with pytest.raises(Refused, match=r"employers\.text_taken"):
        await employers.merge_new(CITY, office.database, office.desk, "foxconn", EmployerSheet("新厂家"))
    with pytest.raises(NotFound):
        await employers.merge(CITY, office.database, office.desk, "foxconn", "没有的厂")
    assert list(await employers.unknown(CITY, office.database)) == [Unknown("foxconn", 1)]


async def test_merged_into_a_new_employer(office: House) -> None:
    one = await office.sign_up(employer="富士康龙华")
    sheet = EmployerSheet("富士康科技集团", ("富士康",))
    assert await employers.merge_new(COUNTY, office.database, office.desk, "富士康龙华", sheet) == 1
    ((kept,), _) = await employers.find(office.database)
    assert (kept.area, kept.employer.short_names) == (LIUJIANG, ("富士康", "富士康龙华"))
    assert await _employer_of(office, one) == sheet.name


async def test_removed_employer_is_unknown_again(office: House) -> None:
    made = await _add(office)
    await office.sign_up(employer=BYD.name)
    assert await employers.remove(CITY, office.database, made) == BYD.name
    assert list(await employers.unknown(CITY, office.database)) == [Unknown(BYD.name, 1)]
    with pytest.raises(NotFound):
        await employers.remove(CITY, office.database, made)


async def test_two_merges_at_once_lose_nothing(office: House) -> None:
    made = await _add(office)
    texts = [f"亚迪{n}厂" for n in "一二三四五六"]
    signed = [await office.sign_up(f"韦{text[2]}", employer=text) for text in texts]
    merged = await asyncio.gather(
        *(employers.merge(CITY, office.database, office.desk, text, BYD.name) for text in texts)
    )
    assert merged == [1] * len(texts)
    kept, bearing = await employers.show(CITY, office.database, made)
    assert set(kept.employer.short_names) == {*BYD.short_names, *texts}
    assert bearing == len(signed)


async def test_of_two_who_add_the_same_name_at_once_one_is_told(office: House) -> None:
    sheets = [EmployerSheet("富士康龙华", ("富士康",)), EmployerSheet("富士康观澜", ("富士康",))]
    ended = await asyncio.gather(*(_add(office, sheet) for sheet in sheets), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["Faults", "int"]


async def test_conversations_get_the_list_anew_only_when_it_changed(office: House) -> None:
    stamp = await employers.load(office.database, office.desk)
    empty = office.desk.employers
    assert await employers.reload(office.database, office.desk, stamp) == stamp
    assert office.desk.employers is empty
    made = await _add(office)
    stamp = await employers.reload(office.database, office.desk, stamp)
    assert (found := office.desk.employers.get(BYD.name)) is not None
    assert (found.short_names, found.place) == (BYD.short_names, BYD.place)
    await employers.remove(CITY, office.database, made)
    await employers.reload(office.database, office.desk, stamp)
    assert len(office.desk.employers) == 0
    assert isinstance(office.desk.employers, Directory)


async def test_change_rings_for_those_who_keep_the_list(office: House) -> None:
    async with office.database.wakes.listen("employers") as bell:
        await _add(office)
        async with asyncio.timeout(5):
            await bell.wait(60)
    async with office.database.look() as look:
        assert await look.db.scalar(select(tables.employers.c.name)) == BYD.name
