"""Places in whole sentences, as they come from speech: which is the beginning of the way and which its end."""

from __future__ import annotations

import msgspec
import pytest

from domain.places import Place
from flows.answers import chains, places, routes
from flows.answers.chains import hear
from flows.answers.gazetteer import MOST_MENTIONS
from flows.answers.reading import plain
from flows.flow import Ask, Found
from tests.answers.setting import context

# text → where to get on, where to go; "" where it says neither, several codes where it must be asked
SENTENCES = [
    ("从柳江去深圳坪山比亚迪", "450206", "440310"),
    ("柳江到东莞长安", "450206", "441900/长安镇"),
    ("在拉堡上车去佛山南海", "450206/拉堡镇", "440605"),
    ("我要回厂在东莞厚街那边", "", "441900/厚街镇"),
    ("我在中山小榄上班", "", "442000/小榄镇"),
    ("到广东打工", "", "440000"),
    ("去浙江温州鞋厂", "", "330300"),
    ("要坐车去番禺", "", "440113"),
    ("我屋在三江 要去顺德", "450226", "440606"),
    ("柳州柳江区拉堡镇上车", "450206/拉堡镇", ""),
    ("由忠县出发到重庆北站", "500233", "500000"),
    ("赤峰去北京", "150400", "110000"),
    ("去龙华", "", "440309 460106"),
    ("从朝阳出发", "110105 211300 220104", ""),
    ("从长安出发", "450224/长安镇", ""),
    ("去长安", "", "130102 610116 441900/长安镇 450224/长安镇"),
    ("去虎门打工", "", "441900/虎门镇"),
    ("不去广州了去深圳", "", "440300"),
    ("广州不去了，去佛山", "", "440600"),
    ("不是深圳，是东莞", "", "441900"),
    ("去广州，不对，去深圳", "", "440300"),
    ("我不想去深圳，去东莞", "", "441900"),
    ("返乡，从深圳回柳江", "440300", "450206"),
    ("我在深圳打工，要回柳江", "440300", "450206"),
    ("回老家三江", "", "450226"),
    ("从老家三江到广州", "450226", "440100"),
    ("我是柳江的，去东莞", "450206", "441900"),
    ("我去广东，深圳龙华", "", "440309"),
    ("去广东打工，在深圳", "", "440300"),
    ("去深圳和东莞", "", "440300 441900"),
    ("我去深圳，我老婆去东莞", "", "440300 441900"),
    ("去深圳或者东莞", "", "440300 441900"),
    ("刚从深圳回来，初八去东莞", "", "441900"),
    ("以前在深圳，今年去东莞", "", "441900"),
    ("到柳州转车去深圳", "", "440300"),
    ("先到柳州再去深圳", "", "440300"),
    ("从三江到柳州上车去深圳", "450200", "440300"),
    ("去深圳的车在哪里上车", "", "440300"),
    ("柳江-深圳", "450206", "440300"),
    ("柳江→深圳", "450206", "440300"),
    ("上车地点：柳江，目的地：东莞", "450206", "441900"),
    ("在柳江区柳邕路口上车", "450206", ""),
    ("在深圳富士康上班", "", "440300"),
    ("去大连旅顺造船厂", "", "210212"),
    ("从柳江去包头昆区包钢", "450206", "150203"),
    ("从柳江去北京顺义空港配餐公司", "450206", "110113"),
    ("我要切浙江永康", "", "330784"),
    ("从柳江去西安", "450206", "610100"),
    ("从柳江去惠州仲恺TCL", "450206", "441300"),
    ("柳江拉堡的令狐兵，到贵州贵阳", "450206/拉堡镇", "520100"),
    ("从柳州到深圳坐车", "450200", "440300"),
    ("到得柳江就行，从深圳走", "440300", "450206"),
    ("我从广西柳州市柳江区到广东省深圳市坪山区比亚迪", "450206", "440310"),
    ("from Liujiang to Shenzhen Longhua", "450206", "440309"),
    ("从liujiang去shenzhen", "450206", "440300"),
    ("从深圳回来柳江", "440300", "450206"),
    ("出发地柳江 目的地深圳龙华", "450206", "440309"),
    ("坐车地点柳江，去东莞", "450206", "441900"),
    ("去的是东莞不是中山", "", "441900"),
    ("不是去广州，是去惠州", "", "441300"),
    ("不去佛山改去中山了", "", "442000"),
    ("我小孩在三江读书我要去深圳上班", "", "440300"),
    ("家住柳江进德要去珠海格力", "450206/进德镇", "440400"),
    ("在融安长安镇上车到佛山顺德容桂美的厂", "450224/长安镇", "440606/容桂街道"),
    ("有没有到深圳龙岗的车", "", "440307"),
    ("我女儿在深圳，我去东莞", "", "441900"),
    # with a slip
    ("去温洲打工", "", "330300"),
    ("从柳姜到佛三", "450206", "440600"),
    ("去东菀长安", "", "441900/长安镇"),
    ("去深圳龙花富士康", "", "440309"),
    ("去深圳平山比亚迪", "", "440310"),
    ("去宁波北伦", "", "330206"),
    # neither
    ("我是柳江的", "", ""),
    ("深圳", "", ""),
    ("深圳不去了", "", ""),
    ("我叫李长安", "", ""),
]


@pytest.mark.parametrize(("text", "origin", "destination"), SENTENCES)
def test_sentence_says_both_ends_of_the_way(text: str, origin: str, destination: str) -> None:
    found = places.find_origin(text, context()), places.find_destination(text, context())
    assert [_seen(part) for part in found] == [set(origin.split()), set(destination.split())]


@pytest.mark.parametrize("text", [text for text, _, _ in SENTENCES])
def test_what_is_found_bears_a_mark(text: str) -> None:
    for reader in (places.ORIGIN, places.DESTINATION):
        assert reader.find is not None
        assert not reader.find(text, context()) or reader.marks.search(plain(text))


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("去深圳坪山比亚迪", "深圳坪山"),
        ("去深圳龙花富士康", "深圳龙花"),
        ("去温洲鞋厂", "温洲"),
        ("在中山小榄上班", "中山小榄"),
    ],
)
def test_only_the_names_are_taken_and_the_employer_is_left(text: str, taken: str) -> None:
    found = places.find_destination(text, context())
    assert found is not None
    assert [text[start:end] for start, end in found.spans] == [taken]


def test_list_of_places_is_no_answer() -> None:
    few, many = "去深圳，东莞，", "去" + "深圳，东莞，" * MOST_MENTIONS
    assert places.find_destination(few, context())
    assert places.find_destination(many, context()) is None


def test_only_the_newest_text_is_kept() -> None:
    first = hear("从柳江去深圳", context())
    assert hear("从柳江去深圳", context()) is first
    hear("去东莞", context())
    assert hear("从柳江去深圳", context()) is not first
    places.find_origin("从柳江去深圳", context())
    places.find_origin("你好", context())
    assert "柳江" not in repr((chains._newest, routes._newest))


def test_other_home_hears_the_same_text_anew() -> None:
    assert _seen(places.find_origin("从新城区出发", context(home="150000"))) == {"150102"}
    assert _seen(places.find_origin("从新城区出发", context())) == {"150102", "610102"}


def _seen(found: Found | None) -> set[str]:
    if found is None:
        return set()
    if isinstance(found.value, Ask):
        return {_code(msgspec.json.decode(one.value, type=Place)) for one in found.value.candidates}
    assert isinstance(found.value, Place)
    return {_code(found.value)}


def _code(place: Place) -> str:
    return f"{place.code}/{place.town}" if place.town else place.code
