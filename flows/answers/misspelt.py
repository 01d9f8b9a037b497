"""One slip in the name of a place: another character of the same sound, one that looks alike, one too few or too many.

Slips are put right only where nothing was found as it stands. A name of two characters keeps one of them: any more,
and ordinary words (通话, 背景) and the names of people would become places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from domain.places import Areas, Level, Place
from flows.answers.gazetteer import Gazetteer, Mention, town_stem, towns_below
from flows.answers.known_towns import JUST_WORDS, WORDS_TOO
from flows.answers.reading import CJK
from texts.latin import syllables

LONGEST_SLIP: Final = 6  # characters of a name that is looked at: 科尔沁左翼中旗 is not mistyped often
MOST_PLACES_TO_LOOK: Final = 8  # of one text
MOST_KEPT: Final = 10_000  # characters whose sound is remembered
LONG_NAME: Final = 4  # characters from which on one wrong, missing or further character leaves no doubt
_WORD: Final = re.compile(f"[{CJK}]{{2,{LONGEST_SLIP}}}")
_CUE: Final = re.compile(rf"(?:去|到|往|回|从|由|在|赴|至)+了?(?=([{CJK}]{{2,{LONGEST_SLIP}}}))")
_SEVERAL_SOUNDS: Final = re.compile("[长重乐朝厦都番单六铅台]")
# What follows a place and not the first half of a name.
_GOES_ON: Final = re.compile(r"[市区县镇人的了吧去到回走站厂上坐]|打工|做工|务工|那[边里]|这[边里]|出发|.{1,2}厂")
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤蒙蓝"
)
_OTHER_SOUND: Final = str.maketrans("长重朝厦乐", "常虫招下月")  # how they sound where not as they do alone
_SUFFIX: Final = re.compile(r"(?<=..)[省市区县镇]$")
# How southern speech hears it, and types it.
_MERGED: Final = (
    (re.compile(r"^(z|c|s)h"), r"\1"),
    (re.compile(r"^n"), "l"),
    (re.compile(r"^f"), "h"),
    (re.compile(r"(a|e|i)ng$"), r"\1n"),
)
# Characters that people read otherwise than the dictionary does, and then type by that sound.
_MISREAD: Final = {
    "莞": "wan",
    "番": "fan",
    "涪": "pei",
    "綦": "ji",
    "郴": "bin",
    "亳": "hao",
    "鄞": "jin",
    "暨": "ji",
    "邳": "pei",
    "嵊": "cheng",
    "耒": "lai",
    "珲": "hui",
    "郫": "bei",
    "儋": "dan",
    "歙": "xi",
    "漯": "lei",
    "睢": "ju",
    "衢": "ju",
}
# Characters that are taken for each other on sight.
_LOOKALIKES: Final = (
    "莞菀苑宛",
    "亳毫",
    "郴彬",
    "睢雎",
    "禺偶隅",
    "泸沪",
    "衢衡",
    "湛堪",
    "耒来",
    "璧壁",
    "萧肖",
    "增曾",
    "揭歇",
    "乌鸟",
    "圳训",
)
_ALIKE: Final = {char: "".join(group).replace(char, "") for group in _LOOKALIKES for char in group}
# Words with the sound of a place and one of its characters.
_COMMON_WORDS: Final = """
通话 安心 平常 广场 厂房 大概 老板 同意 随便 现在 上班 下班 打工 工厂 老婆 老公 过年 回家 到家 家里 工作 一起
报名 可以 知道 时候 时间 今天 明天 后天 今年 明年 去年 以后 以前 公司 公交 高铁 火车 汽车 坐车 上车 下车 电话
手机 孩子 小孩 父母 朋友 老乡 同事 同乡 高兴 安全 方便 清楚 重新 下面 上面 里面 外面 旁边 附近 那边 这边 哪里
那里 这里 城里 镇上 村里 县城 厂里 店里 工地 宿舍 食堂 商场 超市 医院 银行 学校 喝水 微信 星星 汤圆 雨伞 回来
过来 回去 过去 出去 进去 上去 下去 外地 外省 城市 里外 事情 历史 零食 程度 兴奋 容易 建议 利益 理由
"""
COMMON: Final = frozenset(_COMMON_WORDS.split()) | JUST_WORDS | WORDS_TOO


@dataclass(slots=True)
class Sounds:
    """The names of areas by how they sound, exactly and as southern speech merges it, and with one character less."""

    book: Gazetteer
    exact: dict[str, list[str]] = field(default_factory=dict)
    merged: dict[str, list[str]] = field(default_factory=dict)
    shorter: dict[str, list[str]] = field(default_factory=dict)
    _of: dict[str, tuple[str, str]] = field(default_factory=dict)
    _towns: dict[str, dict[str, list[Place]]] = field(default_factory=dict)

    def meant(self, word: str) -> list[str]:
        """The names of areas that this word is probably meant to be; the surest kind of slip alone."""
        if word in COMMON:
            return []
        names = self.merged.get(self.heard(word), ())
        alike = [*self._same_sound(word, names), *self._looks_alike(word)]
        return self._foremost(alike) or self._one_edit(word) or self._high(self._one_other(word, names))

    def thinkable(self, word: str) -> list[str]:
        """All names of areas that this word can be meant to be, where another name will tell which it is."""
        if word in COMMON:
            return []
        names = self.merged.get(self.heard(word), ())
        found = [*self._same_sound(word, names), *self._looks_alike(word), *self._one_edit(word)]
        return found or self._one_other(word, names)

    def _same_sound(self, word: str, names: Sequence[str]) -> list[str]:
        exact = list(self.exact.get(self.sound(word), ())) if names else []
        if (other := word.translate(_OTHER_SOUND)) != word:  # 长熟 is 常熟
            exact += self.exact.get(self.sound(other), ())
        return [name for name in exact if _near(word, name)]

    def _looks_alike(self, word: str) -> list[str]:
        if _ALIKE.keys().isdisjoint(word):
            return []
        others = [word[:at] + other + word[at + 1 :] for at, char in enumerate(word) for other in _ALIKE.get(char, "")]
        return [name for name in others if name in self.book.names]

    def _one_edit(self, word: str) -> list[str]:
        if len(word) < LONG_NAME - 1:
            return []
        near = [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
        found = dict.fromkeys(name for one in near for name in self.shorter.get(one, ()))
        return [name for name in found if _one_apart(word, name)]

    def _one_other(self, word: str, names: Sequence[str]) -> list[str]:
        return [name for name in names if sum(a != b for a, b in zip(word, name, strict=True)) == 1]

    def _foremost(self, names: list[str]) -> list[str]:
        """Cities and provinces alone where there are any: far more people go there."""
        return self._high(names) or names

    def _high(self, names: list[str]) -> list[str]:
        return [name for name in names if self.is_high(name)]

    def is_high(self, name: str) -> bool:
        """Whether a province or a city bears it; 昆山 and 义乌 are cities too, though at the level of counties."""
        bearers = [self.book.areas[place.code] for place in self.book.names[name]]
        return any(area.level is not Level.COUNTY or area.name.endswith("市") for area in bearers)

    def towns_meant(self, word: str, code: str) -> Sequence[Place]:
        """The towns below that area that sound as this word does."""
        if word in JUST_WORDS:
            return ()
        if (kept := self._towns.get(code)) is None:
            kept = self._towns[code] = {}
            for town in towns_below(self.book.areas, code):
                stem = town_stem(town.town)
                spelt = " ".join(syllables(stem)) if _SEVERAL_SOUNDS.search(stem) else self.sound(stem)
                kept.setdefault(spelt, []).append(town)
        stem = town_stem(word)
        return [town for town in kept.get(self.sound(stem), ()) if _near(stem, town_stem(town.town))]

    def sound(self, word: str) -> str:
        """Each character read as it is read alone, without tones."""
        return " ".join([self._of_char(char)[0] for char in word])

    def heard(self, word: str) -> str:
        """The same as southern speech merges it."""
        return " ".join([self._of_char(char)[1] for char in word])

    def _of_char(self, char: str) -> tuple[str, str]:
        if (found := self._of.get(char)) is None:
            if len(self._of) > MOST_KEPT:
                self._of.clear()
            spelt = syllables(char)[0]
            found = self._of[char] = spelt, _merged(spelt)
        return found

    def add(self, name: str, spelt: Sequence[str]) -> None:
        """A name of an area, under one of its sounds."""
        merged = " ".join(_merged(one) for one in spelt)
        for index, key in ((self.exact, " ".join(spelt)), (self.merged, merged)):
            names = index.setdefault(key, [])
            if name not in names:
                names.append(name)


def _merged(syllable: str) -> str:
    for pattern, heard in _MERGED:
        syllable = pattern.sub(heard, syllable)
    return syllable


def _near(word: str, name: str) -> bool:
    """Whether enough of a name of the same sound is left: of two characters one; a longer one is clear by its sound."""
    return len(name) > 2 or word[0] == name[0] or word[1] == name[1]  # noqa: PLR2004 - see above


def _one_apart(word: str, name: str) -> bool:
    if len(word) == len(name):
        other = [at for at, char in enumerate(name) if word[at] != char]
        swapped = len(other) == 2 and other[1] == other[0] + 1 and sorted(word) == sorted(name)  # noqa: PLR2004 - a pair
        return swapped or (len(other) == 1 and len(name) >= LONG_NAME)
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    return len(longer) >= LONG_NAME and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


_built: Final[WeakKeyDictionary[Areas, Sounds]] = WeakKeyDictionary()


def sounds(book: Gazetteer) -> Sounds:
    """The index of these names, built at the first call."""
    found = _built.get(book.areas)
    if found is None:
        found = _built[book.areas] = _build(book)
    return found


def _build(book: Gazetteer) -> Sounds:
    index = Sounds(book)
    for name in book.names:
        if not 2 <= len(name) <= LONGEST_SLIP or name in book.zones:  # noqa: PLR2004 - as in meant
            continue
        index.add(name, [index.sound(char) for char in name])
        stem = _SUFFIX.sub("", name)
        if spelt := book.spelt.get(name) or book.spelt.get(stem):
            read = [*spelt, *(index.sound(char) for char in name[len(spelt) :])]
            index.add(name, read)
            if any(char in _MISREAD for char in name):
                index.add(name, [_MISREAD.get(char, one) for char, one in zip(name, read, strict=True)])
        if len(stem) >= LONG_NAME - 1 and len(name) == len(stem):
            for less in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
                index.shorter.setdefault(less, []).append(name)
    return index


# ── In a text ────────────────────────────────────────────────────────────────────────────────────────────────────────


# Words that stand beside places all the time, and no place is misspelt with.
_NO_NAME_ENDS: Final = frozenset("从去到在回往由是叫走来和跟过想要的我")
_NO_NAME_BEGINS: Final = frozenset("去到从走的坐打和跟我你初想要还电手号")


def beside(said: str, mentions: Sequence[Mention], book: Gazetteer) -> list[Mention]:
    """The mentions, and with them misspelt names glued to one of them that it lies in, or that lie in it."""
    if not mentions or len(mentions) > MOST_PLACES_TO_LOOK:
        return list(mentions)
    found, index = {one.start: one for one in mentions}, sounds(book)
    for at, one in enumerate(mentions):
        last = mentions[at - 1] if at else None
        far = last is not None and last.end == one.start and not last.areas and not last.known
        left = 0 if last is None else last.start if far else last.end
        if slip := _above(said[max(left, one.start - LONGEST_SLIP) : one.start], one, index):
            found[slip.start] = slip
        right = mentions[at + 1] if at + 1 < len(mentions) else None
        end = len(said) if right is None else right.end if right.start == one.end else right.start
        if one.areas and (word := _WORD.match(said, one.end, min(end, one.end + LONGEST_SLIP))):
            whole = right is not None and right.start == one.end
            if slip := _below(word[0], one, index, whole=whole):
                found[slip.start] = slip
    ordered = sorted(found.values(), key=lambda one: (one.start, -one.end))
    return [one for at, one in enumerate(ordered) if not at or one.start >= ordered[at - 1].end]


def _above(before: str, one: Mention, index: Sounds) -> Mention | None:
    if before[-1:] in _NO_NAME_ENDS:
        return None
    for length in range(min(len(before), LONG_NAME), 1, -1):
        word = before[-length:]
        if _WORD.fullmatch(word) is None:
            continue
        above = [p for name in index.thinkable(word) for p in index.book.names[name]]
        codes = {place.code for place in above}
        if any(area.code in codes for place in (*one.areas, *one.below) for area in index.book.areas.path(place.code)):
            return Mention(one.start - length, one.start, tuple(above))
    return None


def _below(word: str, one: Mention, index: Sounds, *, whole: bool) -> Mention | None:
    """A slip right behind a name; where another name stands there, only that as a `whole`, if it lies elsewhere."""
    if word[0] in _NO_NAME_BEGINS:
        return None
    areas = index.book.areas
    for length in (len(word),) if whole else range(min(len(word), LONG_NAME), 1, -1):
        name = word[:length]
        known = [*index.book.names.get(name, ()), *index.book.zones.get(name, ()), *index.book.towns.get(name, ())]
        if any(areas.within(place.code, area.code) for place in known for area in one.areas):
            return None
        inner = _inner(name, one, index)
        if inner and not any(areas.within(area.code, place.code) for place in known for area in one.areas):
            start = one.end
            return Mention(
                start, start + length, tuple(p for p in inner if not p.town), tuple(p for p in inner if p.town)
            )
    return None


def _inner(word: str, one: Mention, index: Sounds) -> list[Place]:
    areas = index.book.areas
    meant = [place for name in index.thinkable(word) for place in index.book.names[name]]
    found = [place for place in meant if any(_inside(place.code, area.code, areas) for area in one.areas)]
    if found:
        return found
    lower = [area.code for area in one.areas if areas[area.code].level is not Level.PROVINCE]
    return [town for code in lower[:MOST_PLACES_TO_LOOK] for town in index.towns_meant(word, code)]


def _inside(code: str, above: str, areas: Areas) -> bool:
    return code != above and areas.within(code, above)


def behind_cues(said: str, mentions: Sequence[Mention], book: Gazetteer) -> list[Mention]:
    """The misspelt names right behind 去, 到, 从 and the like, where no name stands as it should."""
    found: list[Mention] = []
    taken = {one.start for one in mentions}
    for tries, cue in enumerate(_CUE.finditer(said)):
        if tries == MOST_PLACES_TO_LOOK:
            break
        if cue.end() not in taken and (slip := opening(cue[1], book, start=cue.end())):
            found.append(slip)
    return found


def opening(words: str, book: Gazetteer, start: int = 0, rest: int = LONGEST_SLIP) -> Mention | None:
    """The misspelt name with which these words open, the longest first, at most `rest` other characters behind it.

    `start` is where the words stand.
    """
    index = sounds(book)
    for length in range(min(len(words), LONGEST_SLIP), max(2, len(words) - rest) - 1, -1):
        names = [name for name in index.meant(words[:length]) if _clear(words[:length], words[length:], name, index)]
        if names:
            places = dict.fromkeys(place for name in names for place in book.names[name])
            return Mention(start, start + length, tuple(places))
    return None


def _clear(word: str, rest: str, name: str, index: Sounds) -> bool:
    """Whether a slip with no other place beside it is one: of a county's name only with nothing else behind it.

    And not where it may be somebody's name: 宋江 is not 松江, 林志玲 not 林芝.
    """
    if index.is_high(name):
        return not rest or _GOES_ON.match(rest) is not None or not (len(rest) == 1 or _GOES_ON.match(rest[1:]))
    return (not rest or _GOES_ON.match(rest) is not None) and not (word[0] != name[0] and word[0] in _SURNAMES)
