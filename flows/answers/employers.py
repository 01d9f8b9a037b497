"""The employer: one of the list that staff keep, or as the person writes it; None where none has been found yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from domain.employers import Employer
from domain.places import Place
from domain.refusals import Refused
from flows.answers.employer_index import CLEAR, COMMON, KINDS, MOST, EmployerIndex, indexed, there
from flows.answers.gazetteer import gazetteer
from flows.answers.leftovers import CALLED, MERELY_A_KIND, TASK, glean_employer, name_behind
from flows.answers.reading import BLANK, CJK, plain
from flows.flow import Answers, Ask, Choice, Context, Found, Reader, choice
from flows.words import SMALL_TALK
from texts.say import Words

SHORTEST: Final = 2  # characters; one alone names nobody
LONGEST: Final = 40  # characters; the full registered names of companies stay below
_NONE_YET: Final = re.compile(
    r"我?(?:还|暂时?|目前)?(?:没有?|未)(?:找到|有)?(?:工作|单位|厂|着落|定)?[呢了]?|暂?无|不知道"
    r"|not (?:found )?yet|none|no job(?: yet)?|still looking|i don'?t know"
)
# The same in a sentence; but not where somebody asks us for it: 帮我找工作.
_FOUND_NONE: Final = re.compile(
    r"[没未][有得]?(?:找(?:到|着|好)?(?:工作|单位|厂|活)|(?:工作|单位|活路)(?!人员|证))[呢了]?(?:[\s,]*自己(?:去)?找活?路?)?"
    r"|(?:工作|单位|厂[子头里]?|活[儿路]?)[嘛呢吧啊]?(?:(?:都|也)?(?:还|暂时|目前)*[没未][有得]?(?:着落|落实|找[到着好]|搞到|定|谈好)(?:事|活路?)?"
    r"|(?:都|也)?(?:还|暂时|目前)[没未](?:有|得)?(?=$|[\s,.;、。!]))[呢了]?"
    r"|还[没未][有得]?(?:活[儿路]?|事做|厂)(?=$|[\s,.;、。!])[呢了]?"
    r"|\b(?:no (?:job|work)(?: yet)?|still looking for (?:a job|work)|not found (?:a job|work)(?: yet)?)\b"
)
_LOOKING: Final = re.compile(r"(?:自己)?(?:[去来再先想要在]|正在)?找(?:个|份|一份)?(?:工作|活干|活路|事做|厂)(?!人员)")
_ASKING: Final = re.compile(r"(?:[帮给][我你您忙]?|能不能|可以|怎么|哪里|不)我?$")
_HEAD: Final = re.compile(r"^(?:我)?(?:的)?(?:单位|厂名|厂|公司|工厂|老板)?(?:是|叫|名叫|:|在|去|到|进)+\s*")
# 美的 keeps its 的: only behind a verb it is a particle.
_TAIL: Final = re.compile(rf"(?:那边|那里)?(?:(?<=..){TASK}(?:的|了|吧|啊)?|(?:了|吧|啊|(?<=..)(?<!美)的)?)$")
_LETTER: Final = re.compile(rf"[{CJK}a-z]")
_SPACES: Final = re.compile(r"\s+")
_EDGES: Final = " \n,.!?;:、。…~\"'"  # brackets belong to names: 比亚迪（坪山）
_STOPS: Final = rf"\s{BLANK},.;:、。!?()…~"
# Right behind the destination, whose own finder has blanked it: 去␣␣␣␣比亚迪.
_BEHIND: Final = re.compile(
    rf"(?:去|往|赴|(?<![改等推拖直])到|(?<![返来])回|在|\bto ){BLANK}+(?:的|市|省|区|县|那边)?"
    rf"([^{_STOPS}]{{2,{LONGEST}}})"
)
# Where an employer ends that other words follow without a break.
_ENDS: Final = re.compile(
    r"(?<=..)(?:(?<=厂)(?:里头?|头)|上班|打工|做工|务工|干活|的?(?:电话|手机|号码|联系)|[我俺咱][叫是系喊姓们的]|(?:我的)?名字|姓名|本人|(?:去)?[做当](?:服务员|保安|[^\s]{0,2}工)"
    r"|就是|嘛|初[一二三四五六七八九十]|正月|腊月|[今明后]天|从|两个人|一个人)"
)
_CALLED: Final = re.compile(CALLED)  # 新能源厂叫欣旺达
# What only leads up to it: 仲恺那边的TCL, 做保温杯的哈尔斯, 做电子厂.
_LEADS_UP: Final = re.compile(
    rf"[给替帮](?=.+{TASK})|[在进](?=.+{TASK})|[进找](?:的是|了)(?=..)|[^的]{{0,6}}(?:那边|那里|这边)的?(?=..)(?!{TASK})"
    r"|[^的]{1,3}(?<!园)(?<!社)(?<!小)区(?=..)|[做搞干][^的]{1,6}的(?=..)|[做搞干](?=.+[厂司店地]$)"
)
_NAMED: Final = re.compile(
    rf"(?:(?:单位|厂名|公司|工厂)(?:名字)?(?:是|系|叫|:)|厂名|工地(?:是|叫|:)|(?:上班|做工|打工|务工|工作)在)\s*(?![没不])([^{_STOPS}]{{2,{LONGEST}}})"
)
_AT_WORK: Final = re.compile(
    rf"(?:[在去进]|(?<![改等推拖直])到|(?<![返来])回)([^{_STOPS}在去到进回从往]{{2,20}}?)(?:那边|那里|里面)?"
    r"(?:上班|打工|做工|务工|做事|干活|工作(?!人员))"
)
# A kind of employer that is as good as a name: 去工地, 在饭店, 去电子厂.
_KIND: Final = re.compile(
    rf"(?:[在去进]|(?<![改等推拖直])到|(?<![返来])回)(?:了?一?[个家]|了)?"
    rf"([^{_STOPS}在去到进回从往]{{0,6}}?(?:工地|饭店|酒店|宾馆|餐馆|餐厅|超市|商场|[^{_STOPS}个家这那哪我你]厂))(?![里区家长房牌])"
)
_NO_EMPLOYER: Final = re.compile(
    r"^(?:电话|手机|号码|联系|返[工岗厂]|复工|[开上]工|[做当搞干里说]|或者?|还是|带|不|过年|老家|老[表乡]|打工|上班|做工|那个|这个|村|车|过了年|屋|找活|自己|再|都|就|可以|也|走|吧|了|要|我|和|跟|有|行|出发|左右|之|以|前|后|上车|下车|那天|的话|找|打|做|进|还|坐|谢|by|on|and)"
    r"|^一[路道块齐起]|(?:站|机场|码头|方向|号|路口)$|[去回]$|^[^园社小]{1,2}[区县镇乡旗]$"
)
_NOWHERE: Final = re.compile(r"^(?:我|你|他|她|咱|这|那|哪|什么|老(?:地方|东家|单位)|原来|以前|外|老家|家|一起)|找$")
_OF: Final = re.compile(r"我是(?=..)")  # 我是富士康的
# What may follow a name without being part of it: 比亚迪上班, 富士康的, 去华为我和老婆.
_GOES_ON: Final = re.compile(
    rf"$|[{_STOPS}的了吧啊呢那这里厂我和跟走坐]|上班|打工|[做务]工|工作|做事|干活|公司|集团|工厂|园区|一起|出发|电话|手机|[今明]天"
)
_LEADS_TO: Final = re.compile(rf"[{_STOPS}在去到进回是往赴叫:的]")
_LETTERS: Final = re.compile(
    r"(?<=[在去到进回是])[a-z]{3,10}(?![a-z])|(?<![a-z])[a-z]{3,10}(?=上班|打工|[做务]工|的|那边|厂)"
)
_WORTH: Final = re.compile(f"[厂单公{BLANK}班工作事活地店馆餐超商找没未]")
_MOST_LOOKED_AT: Final = 16  # names of the list in one text; nobody works in more places
_LONGEST_PLACE: Final = 14
_MUCH: Final = 10  # characters that others have taken: a whole sentence


def read(text: str, context: Context) -> str | Ask | None:
    """The name in the list, Ask where several bear it, the name as written where none does; None for "not yet found".
    Raises Refused("employer.not_understood").
    """
    said = plain(text).strip(_EDGES)
    looking = _LOOKING.search(said)
    if _NONE_YET.fullmatch(said) or _FOUND_NONE.search(said) or (looking and not _asked_for(said, looking.start())):
        return None
    name = _TAIL.sub("", _HEAD.sub("", said))
    if _OF.match(said):
        name = name.removesuffix("的")
    if said in SMALL_TALK or not (SHORTEST <= len(name) <= LONGEST and _LETTER.search(name)) or BLANK in name:
        raise Refused("employer.not_understood")
    at = plain(text).find(name)
    return _value(_known(name, context, anywhere=True), _SPACES.sub(" ", text[at : at + len(name)]))


def find(text: str, context: Context) -> Found | None:
    """What is called an employer, what is glued behind the destination, where somebody works; and a name of the list
    wherever it stands. The value is None where they say that they have found no work yet.
    """
    said = plain(text)
    worth = _WORTH.search(said) is not None
    if worth and (none := _FOUND_NONE.search(said)) is not None:
        return Found(None, ((none.start() - said[: none.start()].endswith("还"), none.end()),))
    found = _framed(said, text, context) if worth else None
    if found is None and context.employers:
        found = _mentioned(said, text, context) or _abbreviated(said, text, context)
    if found is None and worth and (looking := _LOOKING.search(said)) and not _asked_for(said, looking.start()):
        return Found(None, (looking.span(),))
    return found


def _asked_for(said: str, at: int) -> bool:
    return _ASKING.search(said[max(at - 5, 0) : at]) is not None


def _known(name: str, context: Context, *, anywhere: bool = False) -> tuple[Employer, ...]:
    """The employers of the list that the name can mean."""
    return indexed(context.employers, context.areas).meant(name, anywhere=anywhere) if context.employers else ()


def _value(known: Sequence[Employer], written: str) -> str | Ask:
    """The one employer's name; several, and what was written, to pick from; what was written where there are none, or
    so many that it says nothing.
    """
    if len(known) == 1:
        return known[0].name
    if not known or len(known) > MOST:
        return written
    other = choice(written, Words("employer.other", {"name": written}))
    return Ask((*(choice(one.name, _words(one)) for one in known), other))


def _words(one: Employer) -> Words:
    if one.place is None:
        return Words("employer.choice", {"name": one.name})
    return Words("employer.choice_at", {"name": one.name, "place": one.place})


# ── In a sentence ────────────────────────────────────────────────────────────────────────────────────────────────────


def _framed(said: str, text: str, context: Context) -> Found | None:
    """What stands where an employer stands: 单位是…, 去(深圳)…, 在…上班, or a kind of one, 去工地."""
    match = _NAMED.search(said) or _BEHIND.search(said)
    if match is None:
        match = _AT_WORK.search(said) or _KIND.search(said)
        if match is None or _NOWHERE.search(match[1]) or match[1] in COMMON - KINDS or _is_place(match[1], context):
            return None
    name = _itself(match[1], context)
    start = match.start(1) + match[1].find(name)
    if match.re is _NAMED and _is_place(name, context):
        return None  # 上班在东莞
    if MERELY_A_KIND.fullmatch(name) and said.count(BLANK) > _MUCH:
        blank = f"{text[: match.start(1)]}{BLANK * len(match[1])}{text[match.end(1) :]}"
        if (named := glean_employer(blank, context)) is not None:
            return named
    if len(name) < SHORTEST or _NO_EMPLOYER.search(name) or not _LETTER.search(name):
        return None
    known, end = _known(name, context), start + len(name)
    inside = _mentioned(said, text, context) if context.employers and not known else None
    if inside is not None and start <= inside.spans[0][0] < end:
        return inside
    return Found(_value(known, text[start:end]), ((start, end),))


def _itself(words: str, context: Context) -> str:
    """The name without what leads up to it, and what goes on behind it."""
    if called := _CALLED.search(words):
        words = words[called.end() :]
    if leads := _LEADS_UP.match(words):
        words = words[leads.end() :]
    if ends := _ENDS.search(words):
        words = words[: ends.start()]
    name = _TAIL.sub("", words)
    person = name_behind(name, context)
    return name if person is None else name[:person]


def _is_place(name: str, context: Context) -> bool:
    """Whether the words are names of places and nothing else."""
    left = name
    for mention in reversed(gazetteer(context.areas).mentions(name)):
        left = left[: mention.start] + left[mention.end :]
    return left in {"", "市", "区", "县", "省", "镇", "那边", "的"}


def _mentioned(said: str, text: str, context: Context) -> Found | None:
    """A name of the list, wherever it stands; the places of the text decide among several employers."""
    index = indexed(context.employers, context.areas)
    named: list[tuple[int, int, tuple[Employer, ...]]] = []
    for one in islice(index.mentions(said), _MOST_LOOKED_AT):
        leads = one.start == 0 or _LEADS_TO.match(said, one.start - 1) is not None
        if not leads and one.end - one.start < CLEAR:
            continue
        end, places = _place_behind(said, one.end, index)
        if _GOES_ON.match(said, end) is not None:
            named.append((one.start, end, there(one.employers, places, context.areas)))
    if not named:
        return None
    start, end, known = named[0]
    for _, _, others in named[1:]:
        known = tuple(one for one in known if one in others) or tuple(dict.fromkeys((*known, *others)))
    if len(known) > 1:
        known = _decided(known, said, context)
    return Found(_value(known, text[start:end]), tuple((first, last) for first, last, _ in named))


def _place_behind(said: str, at: int, index: EmployerIndex) -> tuple[int, tuple[Place, ...]]:
    """A place right behind a name, in brackets or not, and where it ends: 比亚迪坪山, 比亚迪（坪山）."""
    if _GOES_ON.match(said, at) and not said.startswith("(", at):
        return at, ()
    inside = at + said.startswith("(", at)
    mentions = index.book.mentions(said[inside : inside + _LONGEST_PLACE])
    if not mentions or mentions[0].start:
        return at, ()
    end = inside + mentions[0].end
    return end + said.startswith(")", end), (*mentions[0].areas, *mentions[0].below)


def _decided(known: tuple[Employer, ...], said: str, context: Context) -> tuple[Employer, ...]:
    """Those of several that the places of the text mean."""
    for mention in gazetteer(context.areas).mentions(said):
        if places := (*mention.areas, *mention.towns):
            known = there(known, places, context.areas) or known
    return known


def _abbreviated(said: str, text: str, context: Context) -> Found | None:
    """The initials of a name where an employer stands: 在byd上班."""
    match = _LETTERS.search(said)
    if match is None:
        return None
    known = _known(match[0], context)
    if not 0 < len(known) <= MOST:
        return None
    return Found(_value(known, text[match.start() : match.end()]), (match.span(),))


_NOT_FOUND_YET: Final = (choice(None, Words("employer.none")),)


def not_found_yet(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """The one choice beside naming it."""
    return _NOT_FOUND_YET


EMPLOYER: Final = Reader(str, read, find, greedy=True)  # no marks: a name of the list is made of anything
