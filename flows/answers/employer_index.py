"""The employers of the list as people call them, indexed once for each list."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final
from weakref import WeakKeyDictionary

from domain.employers import Directory, Employer
from domain.places import Areas, Place
from flows.answers.gazetteer import Gazetteer, gazetteer
from flows.answers.reading import CJK, plain
from flows.words import SMALL_TALK
from texts.latin import initials

SHORTEST: Final = 2  # characters of a name; one alone names nobody
CLEAR: Final = 3  # characters of a name that stands for itself wherever it stands, and that may hold a typing mistake
LONGEST_SPELLED: Final = 7  # characters; nobody types a longer name from memory
MOST: Final = 8  # employers that a part of a name may fit
_HEAD, _LONGER_HEAD = 2, 4  # characters by which the names at a place of a text are found
_LONGEST_AREA: Final = 12

_BRACKETS: Final = re.compile(r"\([^()]*\)")
_BRACKET: Final = re.compile("[()]")
_LEGAL: Final = re.compile(r"(?:股份|有限|责任|集团|控股|总?公司)")
_NUMBER: Final = "[一二三四五六七八九十\\d]"
_PLANTS: Final = "分?公司|分?厂|工厂|厂区|园区|工业园|科技园|基地|集团"
_INDUSTRIES: Final = (
    "科技|电子|实业|精密|工业|制造|技术|电器|电气|汽车|服装|制衣|服饰|玩具|塑胶|塑料|五金|家具|食品|鞋业|纺织|光电|通信|通讯|新?能源|材料"
    "|半导体|机械|模具|印刷|包装|物流|发展|贸易|国际|中国|建筑|工程|投资"
)
_PLANT: Final = re.compile(rf"(?<!{_NUMBER})(?:{_PLANTS})$")  # who names the second plant means no other
_WHOLE_PLANT: Final = re.compile(rf"(?:第?{_NUMBER}+)?(?:{_PLANTS})$|(?:{_INDUSTRIES})$")
_SAYS_NO_NAME: Final = re.compile(rf"(?:{_PLANTS}|{_INDUSTRIES})+")
# What kind of place it is, not which: never one employer, whatever the list says.
KINDS: Final = frozenset(  # taken as written, though they name no single one
    (
        *("工地", "饭店", "酒店", "宾馆", "餐馆", "餐厅", "超市", "商场"),
        *("电子厂", "服装厂", "玩具厂", "鞋厂", "家具厂", "食品厂", "塑胶厂", "五金厂"),
    )
)
COMMON: Final = (
    KINDS
    | SMALL_TALK
    | frozenset(
        (
            *("工厂", "公司", "单位", "厂里", "厂区", "集团", "企业", "老板", "老厂", "新厂", "大厂", "小厂"),
            *("学校", "医院", "车间", "宿舍", "家里", "老家", "外地", "外面", "那边", "这边", "那里", "这里"),
            *("哪里", "上班", "打工", "工作", "做工", "务工", "报名", "返回", "取消", "帮助", "人工", "电话"),
            *("手机", "名字", "日期", "时间", "一起", "朋友", "老婆", "老公", "老乡", "中国", "广东", "工业区"),
            *("工业园", "科技园"),
        )
    )
)
_LETTERS: Final = re.compile(r"[a-z0-9]")
_LATIN: Final = re.compile(r"[a-z]{2,10}")
_ONLY_CHINESE: Final = re.compile(rf"[{CJK}]{{2,6}}")
_TELLS_APART: Final = re.compile(r"[\d一二三四五六七八九十东南西北新老大小上下前后a-z]")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an employer, and all that it can mean."""

    start: int
    end: int
    employers: tuple[Employer, ...]


@dataclass(slots=True)
class EmployerIndex:
    """Name (plain, without spaces) → the employers that are called so: in full, for short, or by what is left of the
    full name without its area, its brackets and its legal form. `spoken` are those that count in the middle of a
    sentence.
    """

    book: Gazetteer
    names: dict[str, list[Employer]] = field(default_factory=dict)
    full: dict[str, Employer] = field(default_factory=dict)
    spoken: dict[str, list[Employer]] = field(default_factory=dict)
    heads: dict[str, tuple[int, ...]] = field(default_factory=dict)  # the first two characters, or four → lengths
    letters: dict[str, list[Employer]] = field(default_factory=dict)  # initials
    misspelled: dict[str, str] = field(default_factory=dict)  # a name less one character → the names, one a line
    in_order: list[str] = field(default_factory=list)  # the names, sorted
    joined: str = ""  # and in one text, a line each, where `starts` says where each begins
    starts: list[int] = field(default_factory=list)

    # ── In a sentence ────────────────────────────────────────────────────────────────────────────────────────────────

    def mentions(self, said: str) -> Iterator[Mention]:
        """The names in a plain text from left to right, the longest at each place, none over another."""
        at, last, heads = 0, len(said) - 1, self.heads
        while at < last:
            end = self._longest(said, at) if said[at : at + _HEAD] in heads else 0
            if end:
                yield Mention(at, end, tuple(self.spoken[said[at:end]]))
            at = end or at + 1

    def _longest(self, said: str, at: int) -> int:
        """Where the longest name ends that begins there; 0 where none does."""
        for head in (_LONGER_HEAD, _HEAD):
            for length in self.heads.get(said[at : at + head], ()):
                end = at + length
                if said[at:end] in self.spoken and not _within_a_word(said, at, end):
                    return end
        return 0

    # ── As a whole answer ────────────────────────────────────────────────────────────────────────────────────────────

    def meant(self, text: str, *, anywhere: bool) -> tuple[Employer, ...]:
        """All that a text can mean which is nothing but an employer's name; empty where that is not on the list.

        A place in it decides, and one where none of them is means that it is another one. It may be the beginning of a
        name, and with `anywhere` any part of one.
        """
        name = _compact(plain(text))
        if name in self.full:
            return (self.full[name],)
        if name in self.names:
            return tuple(self.names[name])
        if len(name) < SHORTEST or name in COMMON:
            return ()
        cores = list(self._cores(name))
        for core, places in cores:
            if core in self.names:
                return there(self.names[core], places, self.book.areas)
        distinctive = not any(_says_nothing(rest, self.book) for rest in _rests(name, self.book))
        if distinctive and (found := self._begun(name) or (self._holding(name) if anywhere else ())):
            return found
        if name in self.letters:
            return tuple(dict.fromkeys(self.letters[name]))
        for core, places in cores:
            if found := self._misspelled(core):
                return there(found, places, self.book.areas)
        return ()

    def _cores(self, name: str) -> Iterator[tuple[str, tuple[Place, ...]]]:
        """The name without what only says where it is and that it is a firm: (what is left, the places it named)."""
        places: tuple[Place, ...] = ()
        for inside in _BRACKETS.findall(name):
            places = self._places(inside[1:-1]) or places
        for short, place in _stripped(_BRACKETS.sub("", name), self.book):
            places = place or places
            if len(short) >= SHORTEST and short not in COMMON:
                yield short, places

    def _places(self, name: str) -> tuple[Place, ...]:
        return tuple(self.book.names.get(name, ())) + tuple(self.book.towns.get(name, ()))

    def _begun(self, name: str) -> tuple[Employer, ...]:
        """The employers of which a name begins so; none where they are many."""
        found = dict[str, Employer]()
        at = bisect_left(self.in_order, name)
        while at < len(self.in_order) and self.in_order[at].startswith(name) and len(found) <= MOST:
            found |= {one.name: one for one in self.names[self.in_order[at]]}
            at += 1
        return tuple(found.values()) if len(found) <= MOST else ()

    def _holding(self, name: str) -> tuple[Employer, ...]:
        """The employers in a name of which that stands; none where they are many."""
        found = dict[str, Employer]()
        at = self.joined.find(name)
        while at >= 0 and len(found) <= MOST:
            key = self.in_order[bisect_right(self.starts, at) - 1]
            found |= {one.name: one for one in self.names[key]}
            at = self.joined.find(name, at + len(name))
        return tuple(found.values()) if len(found) <= MOST else ()

    def _misspelled(self, name: str) -> tuple[Employer, ...]:
        """The employers whose name differs in one character, one too many, one too few, or two that changed places;
        but not in what tells one plant from the next (二厂, 三厂).
        """
        if not CLEAR <= len(name) <= LONGEST_SPELLED or name in COMMON:
            return ()
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - half of the readers' start, and only a long list needs it

        found = dict[str, Employer]()
        for variant in (name, *_shortened(name)):
            for key in self.misspelled.get(variant, "").split():
                if OSA.distance(key, name, score_cutoff=1) <= 1 and not _tells_apart(key, name):
                    found |= {one.name: one for one in self.names[key]}
        return tuple(found.values()) if len(found) <= MOST else ()


_built: Final[WeakKeyDictionary[Directory, EmployerIndex]] = WeakKeyDictionary()


def indexed(directory: Directory, areas: Areas) -> EmployerIndex:
    """The index of that list, built at the first call."""
    found = _built.get(directory)
    if found is None:
        found = _built[directory] = _build(directory.all(), gazetteer(areas))
    return found


# ── Building ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _build(employers: Iterable[Employer], book: Gazetteer) -> EmployerIndex:
    index = EmployerIndex(book)
    for one in employers:
        full = _spaced(plain(one.name))
        index.full.setdefault(_compact(full), one)
        for name in dict.fromkeys(
            (full, _BRACKET.sub("", full), *map(_spaced, map(plain, one.short_names)), *_rests(full, book, firm=True))
        ):
            if len(name) >= SHORTEST:
                _add(index.names, _compact(name), one)
                if not _says_nothing(name, book):
                    _add(index.spoken, name, one)
    _add_heads(index)
    for name, theirs in index.names.items():
        _add_spellings(index, name, theirs)
    index.in_order = sorted(index.names)
    index.starts = list(accumulate((len(name) + 1 for name in index.in_order[:-1]), initial=0))
    index.joined = "\n".join(index.in_order)
    return index


def _add(index: dict[str, list[Employer]], name: str, one: Employer) -> None:
    known = index.setdefault(name, [])
    if not known or known[-1] is not one:  # an employer brings all its names at once
        known.append(one)


def _add_heads(index: EmployerIndex) -> None:
    lengths: dict[str, set[int]] = {name[:_HEAD]: set() for name in index.spoken}
    for name in index.spoken:
        lengths.setdefault(name[:_LONGER_HEAD] if len(name) >= _LONGER_HEAD else name[:_HEAD], set()).add(len(name))
    index.heads = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


def _add_spellings(index: EmployerIndex, name: str, theirs: Sequence[Employer]) -> None:
    if _ONLY_CHINESE.fullmatch(name):
        for letters in initials(name):
            index.letters[letters] = [*index.letters.get(letters, ()), *theirs]
    if CLEAR <= len(name) <= LONGEST_SPELLED:
        for variant in (name, *_shortened(name)):
            others = index.misspelled.get(variant)
            index.misspelled[variant] = f"{others}\n{name}" if others else name


def _shortened(name: str) -> set[str]:
    return {name[:at] + name[at + 1 :] for at in range(len(name))}


def _spaced(name: str) -> str:
    return _SPACES.sub(" ", name).strip()


def _compact(name: str) -> str:
    return _SPACES.sub("", name)


def _says_nothing(name: str, book: Gazetteer) -> bool:
    """A word that a sentence may hold without any employer being meant."""
    return (
        name in COMMON
        or _SAYS_NO_NAME.fullmatch(name) is not None
        or name in book.names
        or name in book.zones
        or name in book.towns
    )


# ── What is left of a name ───────────────────────────────────────────────────────────────────────────────────────────


def _rests(name: str, book: Gazetteer, *, firm: bool = False) -> Iterator[str]:
    """What people leave of a full name: 深圳市比亚迪汽车有限公司 → 比亚迪汽车, 比亚迪. With `firm` only what can still
    name one.
    """
    for rest, _ in _stripped(_BRACKETS.sub("", name), book, industry=True):
        if not firm or (len(rest) >= SHORTEST and not _says_nothing(rest, book)):
            yield rest


def _stripped(name: str, book: Gazetteer, *, industry: bool = False) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """The name, then ever shorter: without its legal form, without areas at its ends, without "factory" at its end,
    and with `industry` without what it makes. With each the places that were taken off.
    """
    yield name, ()
    if (legal := _LEGAL.search(name)) and legal.start() >= SHORTEST:
        name = name[: legal.start()]
        yield name, ()
    while True:
        rest, places = _shorter(name, book, industry=industry)
        if len(rest) < SHORTEST or rest == name:
            return
        name = rest
        yield name, places


def _shorter(name: str, book: Gazetteer, *, industry: bool) -> tuple[str, tuple[Place, ...]]:
    if match := (_WHOLE_PLANT if industry else _PLANT).search(name):
        return name[: match.start()], ()
    for length in range(min(len(name) - SHORTEST, _LONGEST_AREA), 1, -1):
        for area, rest in ((name[:length], name[length:]), (name[-length:], name[:-length])):
            if places := book.names.get(area) or book.towns.get(area):
                return rest, tuple(places)
    return name, ()


def there(employers: Sequence[Employer], places: Sequence[Place], areas: Areas) -> tuple[Employer, ...]:
    """Those of them that are at one of the places, or of which nobody knows where they are."""
    if not places:
        return tuple(employers)
    return tuple(
        one
        for one in employers
        if one.place is None
        or any(areas.within(one.place.code, place.code) or areas.within(place.code, one.place.code) for place in places)
    )


def _within_a_word(said: str, start: int, end: int) -> bool:
    """Whether a name in Latin letters goes on before or behind what would be it."""
    before, behind = said[start - 1 : start], said[end : end + 1]
    return bool(
        (_LETTERS.match(said[start]) and _LETTERS.match(before))
        or (_LETTERS.match(said[end - 1]) and _LETTERS.match(behind))
    )


def _tells_apart(one: str, other: str) -> bool:
    """Whether two names differ in a number, a direction or a letter: then they are two."""
    return sorted(_TELLS_APART.findall(one)) != sorted(_TELLS_APART.findall(other)) and not _LATIN.fullmatch(one)
