"""Which names of a sentence say where somebody gets on, and which say where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.places import Place
from domain.registrations import Direction
from flows.answers import pieces
from flows.answers.chains import Chain, Heard, is_at_home, lying_in, outermost
from flows.answers.pieces import AT_HOME, HOMEWARD
from flows.answers.reading import BLANK, CJK
from flows.flow import Context

AROUND: Final = 12  # characters on either side of a name that say what is meant with it
_TO: Final = re.compile(
    r"(?:去|往|赴|(?<![收找遇看听])到|[回返]来?|奔|(?<![早晚马])上|下|(?<!角)落|改成|改为|\bto)"
    r"\s*(?:了|得|的是|是|我?老家|我?家|:|打工)?\s*$"
    r"|(?:目的地|终点站?|下车(?:地点?|点)|要?去的?(?:地方|地点)|工作地点?)\s*[是在为:]?\s*$"
    r"|(?:(?:回|工|鞋|电子|制衣|服装)?厂里?|单位|公司)\s*[是在:]\s*$"
)
# Verbs that mean other things as well: only before a place away from home.
_TO_AWAY: Final = re.compile(
    rf"(?:(?<![千百毫巴])克|(?:^|[\s,的要想我俺{BLANK}]|打算|准备)[走过切]|(?<![回过出起])来)$|{BLANK}\s*(?:-{{1,2}}|—{{1,2}}|~)\s*$"
)
_ARROW: Final = re.compile(rf"{BLANK}\s*(?:-{{0,2}}>|—*>|=>|[→⇒➡]\ufe0f?)\s*$")  # the other end is blanked out
_FROM: Final = re.compile(
    r"(?:(?<!自)从|由|自|\bfrom)\s*(?:我?老家|我?家)?\s*在?\s*$"
    r"|(?:(?:上车|出发|乘车|坐车)(?:地点?|点|站)|起点站?|始发站?)\s*[是在为:]?\s*$"
    r"|(?:上车|出发|乘车|坐车)(?:的?地方)?\s*[是在为:]\s*$"
)
_GETTING_ON: Final = re.compile(
    r"(?:的?(?:汽车站|客运站|火车站|高铁站|北站|南站|东站|西站|车站|县城|镇上|街上|老家|市区|这边|这里|那边|那里)){0,2}"
    r"\s*(?:上车|出发|坐车|乘车|搭车|候车|等车|集合|动身|起程|启程|过去|走(?!路))"
)
_GETTING_ON_AT: Final = re.compile(r"[^\s,.;:、。!?␣去到往回从哪车]{0,8}(?:上车|候车|搭车|坐车|乘车|动身)")
_ONWARD: Final = re.compile(r"\s*(?:市|县|区|站)?(?:去|到|往|至|回|→|-{1,2}>?|—{1,2}|>|~|\bto\b)\s*")
_AT: Final = re.compile(r"(?:在|到)\s*$")
_AT_WORK: Final = re.compile(
    r"(?:那边|那里|这边)?的?(?:打工|上班|做工|务工|工作|做事|干活|进厂|找工|做鞋|(?:鞋|电子|制衣|服装|玩具|家具|五金)?厂)"
)
_AT_WORK_IN: Final = re.compile(r"[^\s,.;:、。!?␣去到往回从]{0,10}(?:打工|上班|做工|务工|工作|做事|干活)")
_WORKING_IN: Final = re.compile(r"(?:打工|上班|做工|务工|工作)[是就]?在\s*$")
_LIVING: Final = re.compile(
    r"(?:家|屋|屋企|屋里|屋头|老家|住|人|我|我们|俺们?|咱们?|现在?|目前)里?\s*(?:都?住?在|是|住|系)?\s*$"
    rf"|(?:^|[\s,{BLANK}])(?:住?在)\s*$"
)
_HOME_IS: Final = re.compile(
    r"(?:(?:老?家|屋企|屋里|屋头|老屋)里?\s*(?:就?[是在住系]|:)+|(?<!回)(?:老家|屋企|屋头))\s*$"
)
_NOT: Final = re.compile(
    r"(?:不是(?:说|要|想)*[去到回在从]|不(?:是|去|到|在|回|走|从)|不想[去回]|[别没][去回]|不[用要再愿敢][去回到在]|不想在|取消去?)(?:了)?\s*$"
    r"|(?:我叫|我是叫|名叫|姓名[是:]?|名字[是叫:]?)\s*[^\s,.。]{0,2}$"
)
_IS: Final = re.compile(r"是\s*$")
_NOT_BEHIND: Final = re.compile(
    r"(?:那边|那里|市)?(?:我|今年|就)?(?:不想?[去回要]|去不[了成]|不用去|不是(?=$|[\s,.。])|没去|别去)"
)
_PAST: Final = re.compile(
    r"(?:以前|之前|原来|原先|去年|前年|往年|曾经|本来|上次)(?:我|都|是|一直)*(?:在|去|从|到|回)?过?\s*$"
)
_BACK_FROM: Final = re.compile(r"(?:刚刚?|才)?(?:回来|过来)(?:了|的|$|[\s,.。])|(?:站)?(?:转车|换车|中转)")
_OR: Final = re.compile(r"[\s,]*(?:或者?|还是|和|跟|、|/|要么)(?:是|去|到|回|在)*\s*")
_LEFT_OPEN: Final = re.compile(r"[\s,]*(?:或者?|还是|要么)(?:是|从|在)*\s*")
_OVER_THERE: Final = (
    re.compile(  # 仲恺那边的TCL, 中山火炬开发区做电子: the way goes on to there, and no employer begins
        rf"(?:(?:那边|那里|这边|这里)的|,?\s?[{CJK}]{{0,3}}(?:开发区|高新区|保税区)的?)(?=[^\s,.;:、。!?{BLANK}])"
    )
)
_INSTEAD: Final = re.compile(r"不对|不是|说错|错了|写错|打错|更正|应该|改|然后|最后|再|转|而是|换")
# One of these stands in every text that says either end.
MARKS: Final = re.compile(
    "[去往赴到回返奔克系␣,、。的在家屋住人上下落改地点站厂位司至工班事活鞋是从由自车发身起始集动程走过切→>~—-]|to|from"
)


@dataclass(frozen=True, slots=True)
class Route:
    """Both ends of a way: what each can mean (empty where it was not said), and the spans that say so."""

    origin: tuple[Place, ...] = ()
    origins: tuple[tuple[int, int], ...] = ()
    destination: tuple[Place, ...] = ()
    destinations: tuple[tuple[int, int], ...] = ()


LONGEST_WAY: Final = 16  # characters between a place and a town that narrows it down

_NOWHERE: Final = Route()
_newest: Final[list[tuple[Heard | None, Route]]] = [(None, _NOWHERE)]  # both finders ask about the same text


def is_set_aside(said: str, start: int, end: int) -> bool:
    """Whether a name is said only to say that it is not meant: 不是深圳, 广州不去了, 以前在东莞; or names a person."""
    before, behind = said[max(0, start - AROUND) : start], said[end : end + AROUND]
    return bool(_NOT.search(before) or _PAST.search(before) or _NOT_BEHIND.match(behind) or _BACK_FROM.match(behind))


def routed(heard: Heard, context: Context) -> Route:
    """Both ends of the way that a text speaks of, as far as it says clearly which is which."""
    of, route = _newest[0]
    if of is not heard:
        route = _Sorting(heard, context).route() if heard.chains else _NOWHERE
        _newest[0] = heard, route
    return route


def _cities_meant(heard: Heard, context: Context) -> Sequence[Chain]:
    """The chains; away from home 中山 is the city, and no town at home that bears its name."""
    way = pieces.way(heard.said, context)
    if way is None:
        return heard.chains
    found: list[Chain] = []
    for one in heard.chains:
        cities = tuple(place for place in one.places if not place.town)
        is_city = any(place.code.endswith("00") for place in cities)
        is_end = _TO.search(heard.said, max(0, one.start - AROUND), one.start) is not None
        away = is_city and (way is Direction.WORK or not is_end) and len(cities) < len(one.places)
        found.append(replace(one, places=cities) if away else one)
    return found


class _Sorting:
    """The chains of one text on their way to being an origin, a destination, or neither."""

    def __init__(self, heard: Heard, context: Context) -> None:
        self.said, self.context = heard.said, context
        self.all = _cities_meant(heard, context)
        self.chains = [one for one in self.all if not is_set_aside(heard.said, one.start, one.end)]

    def route(self) -> Route:
        """See routed."""
        getting_on: list[Chain] = []
        starts: list[Chain] = []
        ends: list[Chain] = []
        work: list[Chain] = []
        for one in self.chains:
            before, behind = self._around(one)
            to = _TO.search(before)
            if (_GETTING_ON.match(behind) and not self._by_coach(one)) or (not to and _GETTING_ON_AT.match(behind)):
                getting_on.append(one)
            elif _FROM.search(before) or (not to and self._followed(one)):
                starts.append(one)
            elif to or self._follows(one) or self._instead(one, before) or self._away(one, before):
                ends.append(one)
            elif (
                _AT_WORK.match(behind)
                or _WORKING_IN.search(before)
                or (_AT.search(before) and _AT_WORK_IN.match(behind))
            ):
                work.append(one)
        begin, starts = starts, getting_on or starts
        if work and not ends and not HOMEWARD.search(self.said):
            ends = work
        elif work and not starts and (HOMEWARD.search(self.said) or self._homeward(ends)):
            starts = work
        said_why = (*begin, *starts, *ends)
        rest = [one for one in self.chains if one not in said_why]
        if not ends:
            ends = self._unsaid_ends(rest, starts)
            rest = [one for one in rest if one not in ends]
        if ends and not starts:
            starts = self._unsaid_starts(rest, ends)
        origin, origins = self._origin(starts[:1], rest)
        destination, destinations = self._destination(ends, rest)
        return Route(origin, origins, destination, destinations)

    def _around(self, one: Chain) -> tuple[str, str]:
        next_one = next((two.start for two in self.all if two.start >= one.end), len(self.said))
        last = max((two.end for two in self.all if two.end <= one.start), default=0)
        before = self.said[max(last, one.start - AROUND) : one.start]
        return before, self.said[one.end : min(next_one, one.end + AROUND)]

    def _followed(self, one: Chain) -> bool:
        onward = _ONWARD.match(self.said, one.end, one.end + AROUND)
        return onward is not None and any(two.start == onward.end() for two in self.chains)

    def _follows(self, one: Chain) -> bool:
        return any(
            two.end < one.start
            and (onward := _ONWARD.match(self.said, two.end, one.start))
            and onward.end() == one.start
            for two in self.chains
        )

    def _by_coach(self, one: Chain) -> bool:
        """从柳州到深圳坐车: how they travel, and not where they get on."""
        return self._follows(one) and self.said.startswith("坐车", one.end)

    def _instead(self, one: Chain, before: str) -> bool:
        """不是深圳，是东莞: named in place of another one, and not at home, where people get on."""
        if _IS.search(before) is None or any(is_at_home(place, self.context) for place in one.places):
            return False
        return any(two.end <= one.start and two not in self.chains for two in self.all)

    def _homeward(self, ends: Sequence[Chain]) -> bool:
        return any(is_at_home(place, self.context) for one in ends for place in one.places)

    def _away(self, one: Chain, before: str) -> bool:
        """走广州, 克深圳, and what an arrow points at."""
        if _ARROW.search(before):
            return True
        return _TO_AWAY.search(before) is not None and pieces.nearness(one.places, self.context) == 0

    def _unsaid_ends(self, rest: Sequence[Chain], starts: Sequence[Chain]) -> list[Chain]:
        """Where they go though no verb says so: 家是赤峰的 of who goes home; 柳江上车，深圳市龙岗区比亚迪."""
        homeward = HOMEWARD.search(self.said)
        if homeward and (homes := [one for one in rest if _HOME_IS.search(self._around(one)[0])]):
            return homes[:1]
        way = pieces.way(self.said, self.context)
        if way is None or not (starts or pieces.is_sentence(self.said)):
            return []
        near = AT_HOME if way is Direction.HOME else 0
        return [
            one
            for one in rest
            if pieces.nearness(one.places, self.context) == near
            and pieces.opens(self.said, one)
            and (near == 0 or pieces.stands_alone(self.said, one))
        ]

    def _unsaid_starts(self, rest: Sequence[Chain], ends: Sequence[Chain]) -> list[Chain]:
        """Where they get on: where they live, else a place that stands alone on the other side of the way."""
        apart = [one for one in rest if not self._nested(one, ends)]
        goal = max(pieces.nearness(one.places, self.context) for one in ends)
        living = [one for one in apart if self._is_lived_in(one)]
        alone = [one for one in apart if self._is_other_side(one, goal)]
        return (living or alone)[:1]

    def _is_lived_in(self, one: Chain) -> bool:
        if pieces.says_whose(self.said, one):
            return True
        before = self._around(one)[0]
        return _LIVING.search(before) is not None and (before[-1:] in "在住" or pieces.is_clear(self.said, one))

    def _is_other_side(self, one: Chain, goal: int) -> bool:
        near = pieces.nearness(one.places, self.context)
        if near > goal:
            return pieces.stands_alone(self.said, one)
        return near < goal == AT_HOME and pieces.opens(self.said, one)

    def _nested(self, one: Chain, others: Sequence[Chain]) -> bool:
        areas = self.context.areas
        return any(
            lying_in(one.possible, two.places, areas) or lying_in(two.possible, one.places, areas) for two in others
        )

    def _origin(
        self, starts: Sequence[Chain], rest: Sequence[Chain]
    ) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
        if not starts:
            return (), ()
        one = starts[0]
        if beside := self._or_beside(one):
            return (*one.places, *beside.places), ((one.start, one.end), (beside.start, beside.end))
        places, spans = self._narrowed(one.places, one, rest)
        if places == one.places and pieces.way(self.said, self.context) is not Direction.HOME:
            home = [place for place in one.possible if is_at_home(place, self.context)]
            areas = [place for place in home if not place.town]
            places = tuple(outermost(areas or home, self.context.areas)) or places
        return places, spans

    def _or_beside(self, one: Chain) -> Chain | None:
        """The other one, where it is left open at which somebody gets on: 从中山或者珠海."""
        for two in self.chains:
            first, second = sorted((one, two), key=lambda each: each.start)
            if two is not one and _LEFT_OPEN.fullmatch(self.said, first.end, second.start):
                return two
        return None

    def _destination(
        self, ends: Sequence[Chain], rest: Sequence[Chain]
    ) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
        if not ends:
            return (), ()
        last, places, spans = ends[0], ends[0].places, [(ends[0].start, ends[0].end)]
        for one in ends[1:]:
            if inner := lying_in(one.possible, places, self.context.areas):
                places = inner
            elif not (outer := lying_in(last.possible, one.places, self.context.areas)):
                between = self.said[last.end : one.start]
                places = one.places if _INSTEAD.search(between[:AROUND]) else (*places, *one.places)
            else:
                places = outer
            last = one
            spans.append((one.start, one.end))
        places, more = self._narrowed(places, last, rest)
        if there := _OVER_THERE.match(self.said, last.end):
            spans.append(there.span())  # 惠州仲恺那边的TCL
        places, others = self._also(places, last, rest)
        return places, tuple(dict.fromkeys((*spans, *more, *others)))

    def _also(
        self, places: tuple[Place, ...], last: Chain, rest: Sequence[Chain]
    ) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
        """With a second place that is named beside it: 去深圳或者东莞."""
        for one in rest:
            joint = _OR.match(self.said, last.end, one.start)
            if one.start > last.end and joint and joint.end() == one.start:
                return (*places, *one.places), ((one.start, one.end),)
        return places, ()

    def _is_too_far(self, two: Chain, one: Chain) -> bool:
        """石柱出发，去苏州工业园区三星: a town narrows only what stands near, and never from behind another name."""
        if any(not place.town for place in two.places):
            return False
        if any(three.end == two.start for three in self.all if three is not one):
            return True
        return two.start - one.end > LONGEST_WAY or one.start - two.end > LONGEST_WAY

    def _narrowed(
        self, places: tuple[Place, ...], one: Chain, rest: Sequence[Chain]
    ) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
        """What was said further on about the same end of the way: 去广东，在深圳; 去龙华，深圳的那个."""
        spans = [(one.start, one.end)]
        for two in rest:
            again = self.said[two.start : two.end] == self.said[one.start : one.end]  # 金秀的…从金秀 says no more
            if two is one or again or self._is_too_far(two, one):
                continue
            inner = lying_in(two.possible, places, self.context.areas)
            outer = () if inner else lying_in(one.possible, two.places, self.context.areas)
            if inner or outer:
                places = inner or outer
                spans.append((two.start, two.end))
        return places, tuple(spans)
