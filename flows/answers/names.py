"""The name of a person: as the whole answer, or where a sentence introduces it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from domain.people import Name
from domain.refusals import Refused
from flows.answers.gazetteer import gazetteer
from flows.answers.name_words import (
    COMMON_WORDS,
    DOUBLE_SURNAMES,
    IN_FOREIGN_NAMES,
    LIKE_PREPOSITIONS,
    NEVER_IN_NAMES,
    NO_LONG_NAME,
    SURNAMES,
    TITLES,
)
from flows.answers.reading import BLANK, CJK, bare, plain
from flows.flow import Context, Found, Reader
from flows.words import SMALL_TALK

LONGEST_NAME: Final = 20  # characters of a name with dots, as the minorities write them
LONGEST_UNDOTTED: Final = 8  # characters; Mongolian names run to seven
MOST_TRIED: Final = 20  # introductions of one kind; a text with more is no sentence
LONGEST_ANSWER: Final = 100  # characters that can stand around a name, with the phone number
TWO: Final = 2  # characters: the shortest name, and as short as many other words
SHORT_NAME: Final = 4  # characters; nearly every Chinese name has two to four
_HAN: Final = f"[{CJK}]"
_DOTS: Final = "·•‧・."
_DOTTED: Final = re.compile(rf"{_HAN}{{1,12}}(?:[{_DOTS}]{_HAN}{{1,12}})+")
_FOREIGN: Final = re.compile(rf"[{IN_FOREIGN_NAMES}]{{3,{LONGEST_UNDOTTED}}}")
_FAMILY_AND_FOREIGN: Final = re.compile(rf"[{SURNAMES}][{IN_FOREIGN_NAMES}]{{3}}")  # 王格日乐
_LATIN_NAME: Final = re.compile(r"[a-z][a-z.'-]*(?: [a-z][a-z.'-]*){0,4}")
_RUN: Final = re.compile(rf"(?:{_HAN}|(?<={_HAN})[{_DOTS}](?={_HAN}))+")
_FAMILY: Final = rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])"
_FAMILY_AT: Final = re.compile(_FAMILY)

# What introduces a name: clearly (我叫), or only where a surname follows (我是). 我姓韦，叫小明 gives it in two pieces.
_IN_TWO: Final = re.compile(rf"(?<!百家)姓({_FAMILY})[\s,]*(?:我|名字|名)?(?:叫做?|名)(?!什么)\s*(?=({_HAN}{{1,8}}))")
_CLEARLY: Final = re.compile(
    r"(?:我(?:的)?(?:名字|姓名|大名|真名)(?:是|叫做?|:)?|[我俺咱]名?叫做?|[我俺咱][叫喊]作|(?:名字|姓名|乘车人|乘客|报名人|联系人)\s*(?:就?是|叫做?|写|填|为|:)?"
    r"|本人(?:名?叫|是)?|(?<![我你他她它么])叫我)\s*[:,]?\s*(?=[^\s])"
)
_WHOSE: Final = re.compile("的(?!电话|手机|号码)")  # 我是华为的
_MAYBE: Final = re.compile(r"(?:[我俺][是系]|(?<![你他她它谁么位厂司店业])是|(?:^|[\s,.;、。])名?叫)\s*")
_ENGLISH: Final = re.compile(
    r"\b(my name is|my name's|name:|i'm|i am|this is)\s+(?=([a-z][a-z.'-]*(?: [a-z][a-z.'-]*)*))"
)
_STOPS_ENGLISH: Final = re.compile(
    r" (?:from|and|going|go|to|my|phone|i|want|need|with|at|in|on|leaving|travelling)\b.*"
)
_NO_ENGLISH_NAME: Final = re.compile(
    r"\b(?:from|and|going|go|to|my|phone|i|want|need|with|at|in|on|what|how|where|when|who|why|is|are|am|the|this|that|you|not"
    r"|no|yes|please|know|dont|don't|a|an|it|of|for|work|home)\b"
)
_BEFORE_PHONE: Final = re.compile(
    rf"[\s,:、;(]*(?:[男女][\s,]*)?(?:的?(?:电话|手机号?|号码))?(?:是|:)?[\s,:、]*{BLANK}"
)
_BEFORE_SEX: Final = re.compile(r"\s*[\s,、;(]\s*[男女](?!朋友|儿|的|生|士|孩)")
_SOON_A_PHONE: Final = re.compile(
    rf"[\s,.;、。](?={_HAN}{{2,10}}(?:[{_DOTS}]{_HAN}+)?[\s,:、;(]*(?:[男女][\s,]*|电话|手机|号码)?[是:\s]*{BLANK})"
)
_PHONE_AND: Final = re.compile(rf"{BLANK}[\s,.;:、)]*")
_EVERYWHERE: Final = re.compile(rf"[姓叫名是系男女]|本人|联系人|乘车人|{BLANK}|my name|name:|i'm|i am|this is")

# Where a name ends that other words follow without a break.
_END: Final = re.compile(
    r"电话|手机|号码|联系|身份证|今年|年龄|男[\s,]|女[\s,]|[男女]的"
    r"|初[一二三四五六七八九十]|正月|腊月|农历|[今明后]天|下周|这周|大年|元宵|月底|过完年"
    rf"|[去往从到回在想要得](?={BLANK})|来自|来(?:报名|登记)|想(?=[去回坐报在要从到走改初正明后今下这])|[要得](?=去|回|坐|报|在|从|到|走|改|两|一)"
    r"|[去往](?=.)|从(?=.)|到(?=..)|回(?=.)|在(?=..)|家?住(?=.)|家在|我|打算|准备|报名|登记|上车|坐车|出发|返岗|返乡"
    r"|[一二两三四五六七八九十](?=个|人|月|号|家)"
    r"|[和跟同与带](?=我|老|妻|丈|爱|媳|儿|女|孩|朋|同|工|家|爸|妈|父|母|弟|哥|姐|妹|兄|对|两|三|娃|小孩)|还有"
    r"|老家|老婆|老公|是(?=.)|的|吧|啊|呢|哦|哈|了|呀|你好|您好|谢谢|也(?=.)|就(?=.)|这边|那边|[做当](?=.)"
)
_HEAD: Final = re.compile(
    r"^(?:(?:你好|您好|嗯|哦|好的?|是的|那个|就)[\s,.!啊呀]*)*(?:免贵|敝)?"
    r"(?:我(?:的)?(?:名字|姓名|大名|真名)|名字|姓名|本人|我|请?就?(?=叫我))?\s*(?:就)?(?:叫做?|名叫|是|:|叫我)?\s*[:,]?\s*"
)
_PHONE_BEHIND: Final = re.compile(rf"[\s,:、;]*(?:(?:电话|手机|号码)(?:号码?)?(?:是|:)?)?[\d\s+(){BLANK}-]*$")
_PHONE_AHEAD: Final = re.compile(r"^\+?[\d\s()-]{7,}[,.:;、\s]*")
_SEX_BEHIND: Final = re.compile(r"(?:[\s,、;(]+[男女]|(?<=...)[男女](?=[\s,]))(?:[\s,、;)].*)?$")
_BREAK: Final = re.compile(r"$|[\s,.;、。]")
_PAUSE: Final = re.compile(r"[\s,.;、。]+(?=.)")
_PARTICLE: Final = re.compile(r"(?<=..)[啊呀吧哦呢哈]$")
_BARE_ENGLISH: Final = re.compile(r"^(?:my name is|my name's|name:|i am|i'm|this is)\s*")
_NICKNAME: Final = re.compile(rf"[小老][{SURNAMES}]")
_SPACES: Final = re.compile(r"\s+")
_GAPS: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_DOT: Final = re.compile(rf"(?<={_HAN})\s*[•.．・‧·]\s*(?={_HAN})")


def read_name(text: str, context: Context) -> Name:
    """A name as it was written, however it is introduced; raises Refused("name.not_understood")."""
    said = plain(text)
    if (found := _introduced(text, said, context)) is not None:
        return found[0]
    return read_name_alone(text, said, context)


def read_name_alone(text: str, said: str, context: Context) -> Name:
    """The name that a text (`said` in plain characters) is, with hardly a word beside it; raises as read_name does."""
    if len(said) > LONGEST_ANSWER:
        raise Refused("name.not_understood")
    name = bare(said)
    for strip in (_PHONE_AHEAD, _PHONE_BEHIND, _SEX_BEHIND, _HEAD, _BARE_ENGLISH, _PARTICLE):
        name = bare(strip.sub("", name, count=1))
    if said.strip() in SMALL_TALK or not _is_name(name, context):
        name = _name_first(bare(said), context)
    if not name:
        raise Refused("name.not_understood")
    at = said.rfind(name)
    return _as_written(text[at : at + len(name)])


def find_name(text: str, context: Context) -> Found | None:
    """A name that is introduced as one, or that stands beside the phone number or before the sex."""
    said = plain(text)
    found = _introduced(text, said, context) or _beside(text, said, context)
    return Found(found[0], (found[1],)) if found else None


def name_at(said: str, at: int, context: Context, *, clear: bool) -> int:
    """Where the name ends that begins there in a plain text; `at` where none does.

    A name that is not `clear` by what introduces it needs a surname, and must not be a place or a common word.
    """
    run = _RUN.match(said, at, at + LONGEST_NAME + 1)
    if run is None:
        return at
    dotted = _DOTTED.match(said, at, run.end())
    if dotted:
        end = _end_of_dotted(dotted)
        return end if end - at <= LONGEST_NAME and not NEVER_IN_NAMES.search(said, at, end) else at
    family = _FAMILY_AT.match(said, at)
    if not (clear or family):
        return at
    longest = 4 if family and len(family[0]) > 1 else 3 if family else 0
    end = _first_end(said, at, run.end(), context)
    name = said[at:end]
    if len(name) == SHORT_NAME and longest < SHORT_NAME and name[-1] in "男女":
        name = name[:-1]  # 韦小明男
    if not longest or len(name) > longest:
        foreign = clear and (_FOREIGN.fullmatch(name) or (len(name) == SHORT_NAME and family))
        return end if foreign and not _is_ordinary(name) else at
    if len(name) < TWO or _is_ordinary(name) or (not clear and _is_doubtful(name, context)):
        return at
    return at + len(name)


def stands_as_name(said: str, context: Context) -> int:
    """How many characters at the head of a plain text are a name that nothing introduces; 0 where none stands there."""
    end = name_at(said, 0, context, clear=False) or (len(said) if _odd_but_whole(said, context) else 0)
    if end:
        return end
    foreign = _FOREIGN.match(said) or _FAMILY_AND_FOREIGN.fullmatch(said)
    return foreign.end() if foreign and not _is_ordinary(foreign[0]) and not _is_place(foreign[0], context) else 0


def _foreign_end(said: str, at: int, context: Context) -> int:
    """Where a long name of another language ends before a pause (我是乌兰其其格，…); `at` where none does."""
    foreign = _FOREIGN.match(said, at)
    if foreign is None or len(foreign[0]) < SHORT_NAME or not _BREAK.match(said, foreign.end()):
        return at
    return at if _is_ordinary(foreign[0]) or _is_place(foreign[0], context) else foreign.end()


def _odd_but_whole(said: str, context: Context) -> bool:
    """Three characters that stand alone are a name even where the surname mostly begins a phrase: 向前进, 于海洋."""
    return (
        re.fullmatch(rf"[{LIKE_PREPOSITIONS}]{_HAN}{{2}}", said) is not None
        and not _is_ordinary(said)
        and not _is_place(said, context)
    )


def _introduced(text: str, said: str, context: Context) -> tuple[Name, tuple[int, int]] | None:
    for match in islice(_IN_TWO.finditer(said), MOST_TRIED):
        family, start = match[1], match.end()
        given_end = _given_end(said, start, family, context)
        given = said[start:given_end]
        if given and not _is_ordinary(family + given):
            whole = text[start:given_end] if given.startswith(family) and len(given) > 1 else family + given
            return _as_written(whole), (match.start(), given_end)
    for pattern, clear in ((_CLEARLY, True), (_MAYBE, False)):
        for match in islice(pattern.finditer(said), MOST_TRIED):
            end = name_at(said, match.end(), context, clear=clear)
            if end == match.end() and not clear:
                end = _foreign_end(said, end, context)
            if end > match.end() and (clear or not _WHOSE.match(said, end)):
                return _as_written(text[match.end() : end]), (match.start(), end)
    for match in islice(_ENGLISH.finditer(said), MOST_TRIED):
        name = _STOPS_ENGLISH.sub("", match[2])
        start, end = match.end(), match.end() + len(name)
        sure = match[1].startswith(("my name", "name")) or (" " in name and text[start:end].istitle())
        if sure and len(name) > 1 and name.count(" ") <= 3 and not _STOPS_ENGLISH.match(f" {name}"):  # noqa: PLR2004 - four words
            return _as_written(text[start:end]), (match.start(), end)
    return None


def _beside(text: str, said: str, context: Context) -> tuple[Name, tuple[int, int]] | None:
    """A name between pauses before the phone number or the sex, or right behind the phone number."""
    head = len(said) - len(said.lstrip(" ,."))
    for start in (head, *islice(_before_phones(said), MOST_TRIED)):
        end = name_at(said, start, context, clear=False)
        long_enough = start == head or end - start > TWO  # 华为 stands there too
        if end > start and long_enough and (_BEFORE_PHONE.match(said, end) or _BEFORE_SEX.match(said, end)):
            return _as_written(text[start:end]), (start, end)
    for match in islice(_PHONE_AND.finditer(said), MOST_TRIED):
        start = match.end()
        if start < len(said) and said[start] != BLANK:
            end = name_at(said, start, context, clear=False)
            if end > start:
                return _as_written(text[start:end]), (start, end)
    return None


def _before_phones(said: str) -> Iterator[int]:
    """Where a piece of the text begins, between two pauses, that ends right before a phone number or the sex."""
    for match in _SOON_A_PHONE.finditer(said):
        yield match.end()


def _first_end(said: str, at: int, last: int, context: Context) -> int:
    """Where the first word or place behind the name begins, from its third character on; else the run's end."""
    until = min(last + 3, at + LONGEST_UNDOTTED + 4)
    stop = _END.search(said, at + 2, until)
    if stop and stop.start() == at + 2 and stop[0][0] in "男女" and _FAMILY_AT.match(said, at):
        stop = _END.search(said, at + 3, until)  # 杨胜男, not 杨胜 with his sex
    end = min(stop.start(), last) if stop else last
    for mention in gazetteer(context.areas).mentions(said[at + 2 : min(end, at + 12)]):
        if mention.areas:
            return min(end, at + 2 + mention.start)
    return end


def _given_end(said: str, at: int, family: str, context: Context) -> int:
    """Where a given name ends (behind 我姓韦叫): one or two characters, or the whole name once more."""
    run = _RUN.match(said, at, at + LONGEST_UNDOTTED)
    if run is None:
        return at
    stop = _END.search(said, at + 1, run.end() + 3)
    end = min(stop.start(), run.end()) if stop else run.end()
    head = at + 1 + (len(family) if said.startswith(family, at) else 0)
    for mention in gazetteer(context.areas).mentions(said[head:end]):
        if mention.areas:
            end = head + mention.start
            break
    return end if end - at <= SHORT_NAME else at


def _end_of_dotted(dotted: re.Match[str]) -> int:
    last = max(dotted[0].rfind(dot) for dot in _DOTS)
    stop = _END.search(dotted[0], last + 2)
    return dotted.start() + (stop.start() if stop else len(dotted[0]))


def _name_first(said: str, context: Context) -> str:
    """The name before a pause behind which other things are said, but no second name; "" where none stands there."""
    end = name_at(said, 0, context, clear=False)
    rest = _PAUSE.match(said, end)
    if end <= TWO or rest is None or name_at(said, rest.end(), context, clear=False) > rest.end():
        return ""
    return said[:end]


def _is_name(name: str, context: Context) -> bool:
    """Whether these words, the answer to the open question, can be somebody's name."""
    if name in SMALL_TALK:
        return False
    if _LATIN_NAME.fullmatch(name):
        return 2 <= len(name) <= 40 and not _NO_ENGLISH_NAME.search(name)  # noqa: PLR2004 - as passports have it
    name = _DOT.sub("·", _GAPS.sub("", name))
    if _DOTTED.fullmatch(name):
        return len(name) <= LONGEST_NAME and not NEVER_IN_NAMES.search(name)
    if not re.fullmatch(rf"{_HAN}{{2,{LONGEST_UNDOTTED}}}", name) or _is_ordinary(name):
        return False
    family = _FAMILY_AT.match(name)
    if _FOREIGN.fullmatch(name):
        return True
    if (len(name) > SHORT_NAME and family) or (len(name) >= SHORT_NAME and NO_LONG_NAME.search(name)):
        return False
    if not _is_place(name, context):
        return True
    # 高明 is a town and a name; 柳江 in 柳州 is the town.
    return family is not None and len(name) < SHORT_NAME and not _is_home(name, context)


def _is_ordinary(name: str) -> bool:
    """Words that nobody bears as a name."""
    return bool(
        NEVER_IN_NAMES.search(name) or TITLES.search(name) or COMMON_WORDS.match(name) or _NICKNAME.fullmatch(name)
    )


def _is_doubtful(name: str, context: Context) -> bool:
    """Whether it is rather a place or the beginning of a phrase, where nothing says that it is a name."""
    mentions = gazetteer(context.areas).mentions(name)
    return name[0] in LIKE_PREPOSITIONS or sum(one.end - one.start for one in mentions) == len(name)


def _is_place(name: str, context: Context) -> bool:
    """Whether it is nothing but places: 柳江, 深圳龙华."""
    return sum(one.end - one.start for one in gazetteer(context.areas).mentions(name) if one.areas) == len(name)


def _is_home(name: str, context: Context) -> bool:
    """Whether one of the areas that it can mean lies in the office's own: 柳江 in 柳州."""
    home = context.office.area
    places = (place for one in gazetteer(context.areas).mentions(name) for place in one.areas)
    return home != "" and any(context.areas.within(place.code, home) for place in places)


def _as_written(name: str) -> Name:
    """The person's own spelling, but one kind of dot and of space."""
    return Name(_GAPS.sub("", _SPACES.sub(" ", _DOT.sub("·", name))).strip())


NAME: Final = Reader(Name, read_name, find_name, greedy=True, marks=_EVERYWHERE)
