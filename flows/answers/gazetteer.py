"""The names of areas and towns as people say them, indexed once for each table of areas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from domain.places import Area, Areas, Level, Place
from flows.answers.known_towns import JUST_WORDS, KNOWN_TOWNS, OTHER_NAMES
from flows.answers.reading import plain
from texts.latin import latin_name, syllables

LONGEST_NAME: Final = 20  # characters; a few development zones have longer ones that nobody says
MOST_MENTIONS: Final = 30  # names in a text; one with more is a list and no answer
MOST_WORDS: Final = 4  # that people write apart: Nei Meng Gu
_LATIN: Final = re.compile("[a-z']{2,}")
_VERBS: Final = "克从"  # 克东莞 is to go to 东莞 and no 克东, 从江津 no 从江
SHORT_NAME: Final = 2  # characters
_OWN_SUFFIX: Final = re.compile(r"(?<=..)[省市区县旗盟]$")
_PEOPLES: Final = re.compile(r"(?:[^自]+族)?自治[州县旗]$")
_TOWN_SUFFIX: Final = re.compile(r"(?<=..)(?:街道办事处|街道|民族乡|镇|乡)$")
_PEOPLE: Final = (
    "苗|侗|瑶|壮|回|土家|彝|满|蒙古|仫佬|毛南|布依|水|白|傣|哈尼|畲|朝鲜|达斡尔|鄂温克|鄂伦春|维吾尔|哈萨克|藏|羌|仡佬|黎|京|锡伯|纳西"
    "|傈僳|拉祜|佤|布朗"
)
_OF_A_PEOPLE: Final = re.compile(rf"(?<=..)(?:(?:{_PEOPLE})族){{1,3}}乡$")  # 富禄苗族乡, which everybody calls 富禄
_ZONE_CODES: Final = 71  # development zones as the statistics number them (areas.tsv): 71 and above
_COUNTY_LEVEL_CITIES: Final = 81  # but 81 and above are cities at the level of a county


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a name stands in a text, and all that it can mean; `below` only where something above is named too.

    `known` are the towns among them that very many people mean when they say no more than the name.
    """

    start: int
    end: int
    areas: tuple[Place, ...]
    below: tuple[Place, ...] = ()
    known: tuple[Place, ...] = ()

    @property
    def towns(self) -> tuple[Place, ...]:
        """The towns among what it can mean."""
        return tuple(place for place in self.below if place.town)


@dataclass(slots=True)
class Gazetteer:
    """Name → the places that bear it. `zones` are names like 经开区, which mean something only below a city.

    `lengths` maps the first two characters of all these names to how long those can be, the longest first;
    `latin` are the names of areas and known towns in pinyin, `spelt` the pinyin of an area's short name.
    """

    areas: Areas
    names: dict[str, list[Place]] = field(default_factory=dict)
    zones: dict[str, list[Place]] = field(default_factory=dict)
    towns: dict[str, list[Place]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    latin: dict[str, list[Place]] = field(default_factory=dict)
    spelt: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    _towns_in_latin: dict[str, dict[str, list[Place]]] = field(default_factory=dict)

    def mentions(self, text: str) -> list[Mention]:
        """The names in a plain text from left to right, the longest at each place, none over another.

        Words in Latin letters are looked for in pinyin: Pingshan, Shenzhen. Of very many names only the first stand.
        """
        found: list[Mention] = []
        lengths, at = self.lengths, 0
        for start in range(len(text) - 1):
            if start < at or (possible := lengths.get(text[start : start + 2])) is None:
                continue
            for length in possible:
                if len(name := text[start : start + length]) < length or not (mention := self._known(name, start)):
                    continue
                verb = text[start] in _VERBS and length == SHORT_NAME
                if (mention.areas and not verb) or not self._overlapped(text, mention):
                    found.append(mention)
                    at = mention.end
                    break
            if len(found) > MOST_MENTIONS:
                return found
        if _LATIN.search(text) is None:
            return found
        return sorted([*found, *self._in_latin(text, found)], key=lambda one: one.start)

    def _known(self, name: str, start: int) -> Mention | None:
        areas, zones, towns = self.names.get(name, ()), self.zones.get(name, ()), self.towns.get(name, ())
        if not (areas or zones or towns):
            return None
        return Mention(start, start + len(name), tuple(areas), (*zones, *towns), self.known.get(name, ()))

    def _overlapped(self, text: str, town: Mention) -> bool:
        """Whether the name of an area begins within that of a town and goes beyond it: 或者东莞, not 者东."""
        return any(
            start + length > town.end and text[start : start + length] in self.names
            for start in range(town.start + 1, town.end)
            for length in self.lengths.get(text[start : start + 2], ())
        )

    def _in_latin(self, text: str, others: list[Mention]) -> list[Mention]:
        words = [(word[0].replace("'", ""), *word.span()) for word in _LATIN.finditer(text)]
        found = self._spelt(words, self.latin)
        above = {place.code for one in (*found, *others) for place in one.areas if not place.code.endswith("0000")}
        if not above or len(above) > MOST_MENTIONS:
            return found
        inner: dict[str, list[Place]] = {}
        for code in above:
            for name, places in self._towns_spelt(code).items():
                inner.setdefault(name, []).extend(places)
        at = {one.start: one for one in found}
        for one in self._spelt(words, inner):
            same = at.get(one.start)
            if same is None or same.end < one.end:
                at[one.start] = Mention(one.start, one.end, (), one.areas, one.areas)
            elif same.end == one.end:
                at[one.start] = Mention(one.start, one.end, same.areas, (*same.below, *one.areas), same.known)
        return sorted(at.values(), key=lambda one: one.start)

    def _spelt(self, words: list[tuple[str, int, int]], index: Mapping[str, list[Place]]) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + MOST_WORDS), at, -1):
                if places := index.get("".join(word[0] for word in words[at:end])):
                    areas = tuple(place for place in places if not place.town)
                    towns = tuple(place for place in places if place.town)
                    areas, lesser = self._cities_first(areas)
                    both = (areas, (*lesser, *towns), towns) if index is self.latin else (tuple(places), (), ())
                    found.append(Mention(words[at][1], words[end - 1][2], *both))
                    at = end - 1
                    break
            at += 1
            if len(found) > MOST_MENTIONS:
                break
        return found

    def _cities_first(self, places: tuple[Place, ...]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
        """What a name in pinyin means, and what only beside another one: Huizhou is 惠州, and 徽州 below 黄山.

        A county that is written as the city is stays beside it: 朝阳.
        """
        cities = {self.areas[place.code].short for place in places if place.code.endswith("00")}
        meant = tuple(
            place
            for place in places
            if not cities or place.code.endswith("00") or _stem(self.areas[place.code].short) in cities
        )
        return meant, tuple(place for place in places if place not in meant)

    def _towns_spelt(self, code: str) -> dict[str, list[Place]]:
        """The towns below an area in pinyin; kept for the areas that were named so far."""
        if (kept := self._towns_in_latin.get(code)) is None:
            kept = self._towns_in_latin[code] = {}
            for place in towns_below(self.areas, code):
                _add(kept, "".join(syllables(town_stem(place.town))), place)
                _add(kept, "".join(syllables(place.town)), place)
        return kept


def towns_below(areas: Areas, code: str) -> Iterator[Place]:
    """Every town of that area."""
    for below in areas.below(code):
        for town in areas.towns.get(below, ()):
            yield Place(below, town)


def _stem(short: str) -> str:
    return _OWN_SUFFIX.sub("", short)


def town_stem(town: str) -> str:
    """The name of a town as people say it: 虎门 for 虎门镇."""
    return _TOWN_SUFFIX.sub("", town)


_built: Final[WeakKeyDictionary[Areas, Gazetteer]] = WeakKeyDictionary()


def gazetteer(areas: Areas) -> Gazetteer:
    """The index of these areas, built at the first call."""
    found = _built.get(areas)
    if found is None:
        found = _built[areas] = _build(areas)
    return found


def _build(areas: Areas) -> Gazetteer:
    book = Gazetteer(areas)
    for area in areas.all():
        place = Place(area.code)
        _add(book.names, area.name, place)
        for short in area.short.split("/"):  # 巴州/巴音郭楞
            _add(book.zones if _is_zone(area) else book.names, short, place)
    higher = {area.short for area in areas.all() if area.level is not Level.COUNTY}
    for area in areas.all():
        for name in _further_names(area, higher):
            _add(book.names, name, Place(area.code))
    _add_towns(book)
    _add_former(book)
    _measure(book)
    _spell(book)
    return book


def _add_former(book: Gazetteer) -> None:
    """What areas are called beside their names: 呼市; 柳江县 and 增城市, as they were for long."""
    for name, code in OTHER_NAMES.items():
        if code in book.areas:
            _add(book.names, name, Place(code))
    for area in book.areas.all():
        if area.level is Level.COUNTY and area.name == f"{area.short}区" and len(area.short) > 1:
            for former in (f"{area.short}县", f"{area.short}市"):
                if former not in book.names and former not in book.towns:
                    book.names[former] = [Place(area.code)]


def _add_towns(book: Gazetteer) -> None:
    for code, towns in book.areas.towns.items():
        for town in towns:
            if town not in JUST_WORDS:
                _add(book.towns, town, Place(code, town))
            if (stem := town_stem(town)) not in JUST_WORDS:
                _add(book.towns, stem, Place(code, town))
            if (
                (shorter := _OF_A_PEOPLE.sub("", town)) != town
                and shorter not in JUST_WORDS
                and shorter not in book.names
            ):
                _add(book.towns, shorter, Place(code, town))
    for code, town in KNOWN_TOWNS:
        if town in book.areas.towns.get(code, ()):
            book.known[town_stem(town)] = (*book.known.get(town_stem(town), ()), Place(code, town))


def _measure(book: Gazetteer) -> None:
    lengths: dict[str, set[int]] = {}
    for index in (book.names, book.zones, book.towns):
        for name in index:
            if 2 <= len(name) <= LONGEST_NAME:  # noqa: PLR2004 - nobody is understood by one character
                lengths.setdefault(name[:2], set()).add(len(name))
    book.lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _spell(book: Gazetteer) -> None:
    for area in book.areas.all():
        short = _OWN_SUFFIX.sub("", area.short.split("/")[-1])
        spelt = book.spelt[short] = book.spelt.get(short) or syllables(short)
        _add(book.latin, latin_name(short).replace(" ", "").lower(), Place(area.code))
        if area.name.startswith(short) and len(area.name) == len(short) + 1:
            _add(book.latin, "".join((*spelt, *syllables(area.name[-1]))), Place(area.code))
    for name, towns in book.known.items():
        for town in towns:
            _add(book.latin, "".join(syllables(name)), town)


def _add(index: dict[str, list[Place]], name: str, place: Place) -> None:
    known = index.setdefault(plain(name), [])
    if place not in known:
        known.append(place)


def _is_zone(area: Area) -> bool:
    """A development zone whose short name (经开区, 高新区) many cities have."""
    number = int(area.code[-2:])
    return (
        area.level is Level.COUNTY
        and _ZONE_CODES <= number < _COUNTY_LEVEL_CITIES
        and area.short.endswith(("区", "园", "港"))
        and not area.name.startswith(area.short)
    )


def _further_names(area: Area, higher: set[str]) -> Iterator[str]:
    """How people say it too: 融水县 for 融水苗族自治县, 广西自治区, 南海 for 南海区 (some short names keep it)."""
    short = area.short.split("/")[-1]
    if area.level is Level.PROVINCE:
        yield f"{short}省" if area.name.endswith("省") else f"{short}自治区"
        return
    if _PEOPLES.search(area.name):
        yield f"{short}{area.name[-1]}"
    without = _OWN_SUFFIX.sub("", short)
    if without != short and without not in higher and without not in JUST_WORDS:
        yield without
