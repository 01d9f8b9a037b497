"""What a text says that is not about the person's own journey: prices, the weather, other people's plans."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from flows.answers.reading import CJK

LONGEST_LOOKED_AT: Final = 400  # characters; what is longer is a letter, and asks more than it answers
MOST_CLAUSES: Final = 40

_CLAUSE_ENDS: Final = re.compile(rf"[,.;:。!?…]+(?!\d)|(?<=[{CJK}\d])\s+|\s+(?=[{CJK}])|[\n]+")
_KIN: Final = (
    "(?:老表|老公|老婆|婆娘|媳妇|爱人|对象|[大二三四小]?[哥姐弟妹][哥姐弟妹]?|老[弟妹爸妈汉乡]儿?|爸爸?|妈妈?|[大小]?儿子|[大小]?女儿|仔|崽|嫂子|姐夫|妹夫"
    "|表[哥弟姐妹]|堂[哥弟姐妹]|叔叔?|舅舅?|姑姑|朋友|同学|邻居|工友|同事|村里?人)"
)
_OTHERS: Final = re.compile(
    rf"(?:(?:我|俺|咱)(?:们?家?)的?(?:一个)?{_KIN}们?(?!俩|[和跟同与、].{{0,6}}[我俺]|[我俺]|的)|[他她]们?(?!俩|[和跟同与].{{0,3}}[我俺])|别人|人家)"
)
_TRAVELS: Final = re.compile("去|在|到|回|走|坐|从")
_GONE: Final = re.compile("已经|昨[天日晚]|前天|去年|上次|上个?月|刚刚?[去到走回]|早就|[去走到]过了?$|[去到走]了")
_AS_FOR_ME: Final = re.compile(r"^\s*(?:那|但|但是|不过|可是|而)?[我俺](?!们?家?的?" + _KIN + "|们|叫|和|跟|同)")
_IS_IN: Final = re.compile(r"^(?:都|也|现在|还|一直|已经)?在")
_STAYS: Final = re.compile(
    r"(?:我|俺|我们)?(?:今年|就|都|也|这次)*不(?:想|再|打算|准备)?(?:出去|去|走|来|坐车?|出门|跑)(?:打工|广东)?(?:了|啦|的)?"
)
_PRICE: Final = re.compile(
    r"(?:要|得|收|是)?(?:多少|几多|好多|几)钱(?:一?个?人|一位|一张|一趟)?|(?:车费|票价|路费|车票)(?:怎么[收算]|贵不贵|多少|几多|好多)"
    r"|(?:要不要|收不收|需不需要|用不用)(?:钱|费|给钱|交钱|买票)|(?:要|收)(?:钱|费)[吗不么]|免费[的吗不]|贵不贵"
    r"|\bhow much\b|\bis it free\b|\bfree of charge\b"
)
_WEATHER: Final = re.compile("下雨|下雪|结冰|路滑|滑不滑|路上滑|堵车|堵不堵|天气|冷不冷|封路|台风")
_LEAVES: Final = re.compile("[去从走回到]|出发|上车")
_HOUR: Final = re.compile("几点钟?(?:发车|开车|出发|走|到|上车|集合|开|来|下班|上班)?|到几点|what time")
_ANY_WORK: Final = re.compile(r"工资|包[吃住]|管[吃住]|几顿|一个月能|\d+块")
_ASKS: Final = re.compile("[吗么呢]$|没有?$|不$|有没有|是不是|能不能|可不可以|行不行|好多|多少|几")
_SERVICE: Final = re.compile(
    r"多久|(?:几|好多|多少|好几)个?(?:小时|钟头)|多远|怎么(?:报名|走|坐|去|弄|联系)|(?:安全|靠谱)[吗不]|(?:车|大巴).{0,6}(?:什么时候|啥时候|几时|好久)"
    r"|(?:司机|电话).{0,5}多少|有几个|多不多|(?:点|站|车)在哪里?|在哪里?[上下坐]|去哪[里儿]|^你们?(?:的|公司|这|那).*(?:吗|么|没有?|哪里?|什么|不)$"
)
_TELLS: Final = re.compile("[一二两三四五六七八九十几多\\d]+年了|还?[没不]开工|停电|停水")
_COMPLAINS: Final = re.compile("投诉|举报|欠[我俺]|拖欠|态度|太[慢快差贵]了|骗")
_BEFORE: Final = re.compile("(?:上次|上回|去年|前年|以前|那次)(?!.*(?:今年|这次|这回|还是))")
_HEARSAY: Final = re.compile(
    "(?:[我俺])?听(?:说|讲|人)|(?:人家|他们|她们|别人|网上)(?:都)?[说讲]|[^我俺]{1,8}[说讲][他她]"
)
_FREE_SEATS: Final = re.compile(
    r"(?:有|有没有|还有|还有没有|没有|没得).{0,12}(?:车|大巴|票|位置?|座位?|名额)(?:吗|没|不|么|呢|$)"
    r"|(?:车|票|位置?|座位?|名额)(?:都|是不是|已经)?(?:坐?满|还?有|够|还剩).{0,4}(?:吗|没|不|么)|any (?:bus|seat|coach)"
)
_SIGNS_UP: Final = re.compile(
    r"1[3-9](?:[\s-]?\d){9}|[一幺][零〇幺一二两三四五六七八九]{10}|[我俺](?:的名字)?[叫喊姓]|姓名|名叫|名字|[她他]叫|(?<!怎么)(?<!如何)(?:报名|登记|报起)(?!的人|没有)|(?:我|俺|我们|想|要|准备|打算)\S{0,6}(?:想|要)[去回坐]"
    r"|my name|i want|i'm going|i am going"
)
_SOME: Final = re.compile(
    "|".join(
        one.pattern
        for one in (_PRICE, _WEATHER, _HOUR, _ANY_WORK, _COMPLAINS, _BEFORE, _HEARSAY, _FREE_SEATS, _SERVICE, _TELLS)
    )
    + f"|{_STAYS.pattern}|{_OTHERS.pattern}"
)


def without_asides(text: str, said: str) -> str:
    """The text with spaces in place of what is not about the own journey, at the same length.

    `said` is the text in plain characters. Clauses go one by one: a price at the end of a sentence that signs up
    takes nothing else away. A text that holds a phone number or says a name signs up, whatever it asks beside.
    """
    if len(said) > LONGEST_LOOKED_AT or _SOME.search(said) is None:
        return text
    signs_up = _SIGNS_UP.search(said) is not None
    clauses = _clauses(said)
    if not signs_up and clauses and _STAYS.fullmatch(said[slice(*clauses[-1])]):
        return " " * len(text)
    for index, (start, end) in enumerate(clauses):
        clause = said[start:end]
        if _is_others(clause, [said[slice(*one)] for one in clauses[index + 1 :]], signs_up=signs_up):
            text = _spaced(text, start, end)
        elif _SIGNS_UP.search(clause) and (signs_up or not _ASKS.search(clause)):
            for price in _PRICE.finditer(clause):
                text = _spaced(text, start + price.start(), start + price.end())
        elif _is_aside(clause, signs_up=signs_up):
            text = _spaced(text, start, end)
    return text


def _clauses(said: str) -> list[tuple[int, int]]:
    """The ranges between the breaks; the whole as one where there are too many."""
    breaks = list(_CLAUSE_ENDS.finditer(said))
    if len(breaks) > MOST_CLAUSES:
        return []
    edges = [0, *(edge for one in breaks for edge in one.span()), len(said)]
    return [(start, end) for start, end in list(pairwise(edges))[::2] if said[start:end].strip()]


def _is_others(clause: str, behind: list[str], *, signs_up: bool) -> bool:
    """Whether the clause tells what somebody else does: 我哥昨天已经去深圳了; 我老表初八去东莞，我不去."""
    other = _OTHERS.match(clause)
    if other is None or signs_up or not _TRAVELS.search(clause, other.end()):
        return False
    as_for_me = any(_AS_FOR_ME.match(one) for one in behind)
    return bool(as_for_me or _GONE.search(clause) or _IS_IN.match(clause[other.end() :]))


def _is_aside(clause: str, *, signs_up: bool) -> bool:
    if _PRICE.search(clause) or _COMPLAINS.search(clause) or _BEFORE.match(clause):
        return True
    if _WEATHER.search(clause) and not (_LEAVES.search(clause.replace("路上", "")) and not _ASKS.search(clause)):
        return True
    if (_HOUR.search(clause) or _ANY_WORK.search(clause)) and _ASKS.search(clause):
        return True
    if signs_up:
        return False
    return bool(_HEARSAY.match(clause)) or any(one.search(clause) for one in (_FREE_SEATS, _SERVICE, _TELLS))


def _spaced(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"
