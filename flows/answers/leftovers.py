"""What is left of a whole sentence: a name that nobody introduced, an employer between commas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from domain.people import Name
from flows.answers.names import stands_as_name
from flows.answers.reading import BLANK, CJK, plain
from flows.flow import Context, Found
from flows.words import COURTESIES, GREETINGS, SMALL_TALK

MOST_PIECES: Final = 40  # a text with more is no sign-up
LONGEST_EMPLOYER: Final = 16  # characters of one that nothing introduces
SHORTEST: Final = 2
LONGEST_PIECE: Final = 40  # characters
_HAN: Final = re.compile(f"[{CJK}]")
_PIECE: Final = re.compile(rf"[^\s{BLANK},.;:、。!?()~/|→·…👫🙏😊-]+(?:[·•][{CJK}]+)*", re.UNICODE)
_LATIN: Final = re.compile(rf"[a-z][a-z&'’.-]*(?: [a-z&][a-z&'’.-]*){{0,3}}(?=\s*(?:$|[{BLANK},;:/.\n]))")

# What introduces a name or an employer, and is no part of it.
_NAME_AHEAD: Final = re.compile(
    r"(?:(?:.*的)?.{1,4}族|.*的|.{0,4}人|(?:.{0,2}[去来]?)(?:动身|出发|上车|坐车|起程)|.{0,10}?(?<![位厂司店业])(?=[叫喊是系]))?(?:[我俺他她咱]?(?:爸|妈|老爸|老妈|爷爷|奶奶|哥|弟|姐|妹|老公|老婆|婆娘|仔|崽|儿子|女儿)?)"
    r"(?:名字|姓名|大名|本人|名)?(?:就?是|[叫喊系])?"
)
_INTRODUCED: Final = re.compile(r"(?:[我俺他她]?(?:名字|姓名)?[叫喊]|姓名|名字|本人|[我俺][是系]|的)$")
# What people do where they work; it follows the employer without a break: 申通分拣, 市场卖菜.
TASK: Final = (
    r"(?:上班|打工|做工|务工|工作|干活|做事|做活路?|返[工岗厂]|复工|开工|分拣|打包|收银|理货|[搬卸装送]货|端盘子|洗碗|[炒切洗]菜|掌勺"
    r"|卖[菜货肉鱼衣水果服早点]{1,2}|送(?:快递|外卖|餐|菜|件)|跑(?:外卖|快递|单|腿)|扫地|搞卫生|[看守]门|开(?:叉|吊|货)?车|[扎绑]钢筋|砌墙|搬砖|[做搞当](?:质检|普工|保洁|保安|仓管|[^\\s]工|学徒|客服|销售|文员)|理货员|收银员|服务员|保安|后厨)"
)
# Whatever bears a name of its own: 鞋厂叫绿洲, 老板是做装修的叫宏达.
CALLED: Final = (
    r"(?:(?:厂[里子头]?|公司|[饭酒]?店|[饭餐菜宾]馆|酒楼|超市|市场|工地|单位|集团)(?:的?名字?)?"
    r"|(?:老板|公司|单位|厂[里子头]?)是?[做搞干开].{1,6}的)(?:名?叫做?|喊|(?<=[厂司店馆])是)(?=..)"
)
_AHEAD: Final = re.compile(
    rf"^(?:.{{0,6}}{CALLED}|[给替帮](?=.+{TASK}$)|.{{0,6}}介绍(?:的|[去进到我]+)(?=..)"
    rf"|(?:.{{0,6}}(?:那边|那里|这边)的?(?=..)(?!{TASK}))?(?:我们?|俺|咱|的)?(?:[做搞干].{{1,6}}的(?=..)|[做搞干](?=.+[厂司店地]$))?"
    r"(?:的?(?:单位|厂名|间?厂[里子]?|公司|工厂|饭店|店名|企业|用工单位|老板|地方))?(?:名字?)?(?:进的是|是|系|叫做?|喊|为|写|填|在|喺|进|:)*)"
)
_SAYS_EMPLOYER: Final = re.compile(r"(?:我们?|俺|咱)?的?(?:单位|间?厂里?|公司|工厂|饭店|酒店|店|企业|用工单位)")
_SAID_EMPLOYER: Final = re.compile(rf"{_SAYS_EMPLOYER.pattern}(?:名字?)?(?:是|系|叫做?|喊|为|写|填|:)?\s*$")
MERELY_A_KIND: Final = re.compile(r"工地|饭店|酒店|工厂|公司|家政公司|仓库|超市|酒楼|餐馆|电子厂")
_BEHIND: Final = re.compile(
    rf"(?:(?<=厂)(?:里头?|头)|那边|那里|里面|里头)?(?:(?:{TASK}|当[工服保]\w{{1,3}}|打字|搞|做)?(?:的|了|吧|啊|嘛|咯|哈|哦|噻)?(?:就是)?(?:[一二两三四五六七八九十]个人?)?|的人)$"
)
# What employers are called after: whoever says one of these means one.
KIND: Final = re.compile(
    r"(?:厂|公司|集团|酒店|饭店|宾馆|酒楼|餐馆|餐厅|超市|商场|工地|仓库|仓|物流|快递|速运|外卖|电子|电器|光学|光电|半导体|精密|科技"
    r"|汽车|服饰|服装|制衣|鞋业|家具|玩具|皮具|塑胶|塑机|五金|食品|饮料|玉器城|家政|保安|医院|学校|农场|矿|船厂|局|[一二三四五六七八九]局"
    r"|空调|摩托|重工|实业|工业|制造|建筑|装修|餐饮|乳业|药业|化工|纺织|印染|针织|模具|灯饰|陶瓷|卫浴|房地产|地产|银行|中心|园区|大厦)$"
)
_KIND_WITHIN: Final = re.compile(f"(?<=.){KIND.pattern.removesuffix('$')}")
_NO_EMPLOYER: Final = re.compile(
    r"\d{4}|座机|屋企|屋头|^带|[我你他她它您吗呢吧么不没谁哪什怎几想请帮谢]|[这那]个|就是|都|还|也|再|和|跟|带|今|明天|后天|早上|晚上|下午|上午|中午|点|坐车|一起|出发|上车|下车"
    r"|报.?名|别人|人家|地方$|一[路道块齐]$|^[老原](?:厂|单位|公司|工地|东家)$|登记|时间|日期|电话|手机|号码|联系|身份证|姓名|名字|人数|单位$|返岗|返乡|返工|回家|过年|老家|到屋|出门|动身|随时|可以|得行|要得|麻烦"
    r"|现在|以后|之前|之后|左右|大概|目的地|出发地|日子|哪天|车票|座位|专车|大巴|火车|高铁|汽车站|车站|[男女]$|个人|老乡|老婆|老公|孩子|婆娘|两爷子"
    r"|[一二两三四五六七八九十\d]个$|^儿|^就|^村|^[做当搞干里说讲那姓]|^家[在是住]|^或|^还是|^的.$|[说讲去回]$|有$|老表|亲戚|^(?:打工|务工|做工|上班|干活)$|不清楚|不晓得|临时工|长期|合同|工资|有事|家里|家头|夫妻|两口子|急|谢谢|[去回到从走上下来往坐赴克改换错在]$|^[去回到从走往赴克坐来要是在有]|^的$|号$"
)
_NO_LATIN: Final = re.compile(
    r"\b(?:my|me|i|we|us|our|the|a|an|to|from|on|in|at|and|or|with|for|is|am|are|be|going|go|want|need|leave|leaving|back|work|home"
    r"|hi|hello|hey|please|thanks|thank|you|just|phone|number|name|employer|company|factory|day|date|wife|husband|people|person|of|it"
    r"|any|after|before|next|this|sign|up|bus|coach|seat|seats|yes|no|ok|can|could|would|like|how|what|when|where|who|much|not|working|feb|jan|mar|apr)\b"
)
_LATIN_KIND: Final = re.compile(
    r"\b(?:hotel|factory|company|co|ltd|inc|group|restaurant|electronics|technology|motors?)\b"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch without breaks: where it stands in the text, and its plain characters."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def cut(self, head: int, tail: int = 0) -> _Piece:
        """Without so many characters at its head and at its tail."""
        return _Piece(self.start + head, self.text[head : len(self.text) - tail])


def glean_name(text: str, context: Context) -> Found | None:
    """The one piece that looks like a name: a surname with one or two characters behind it, or a name of another
    language. Two that do are none.
    """
    said = plain(text)
    pieces = [one for one in islice(_pieces(said), MOST_PIECES) if not _SAYS_EMPLOYER.match(one.text)]
    found = [name for piece in pieces if (name := _name_in(piece, context)) is not None]
    if not found:
        return _latin_name(text, said)
    introduced = [one for one in found if _INTRODUCED.search(said[max(0, one.start - 6) : one.start])]
    long = [one for one in found if len(one.text) > SHORTEST]  # a name of two characters is as often a firm: 华帝
    for some in (introduced, long, found):
        if len({one.text for one in some}) == 1:
            one = some[0]
            return Found(Name(text[one.start : one.end]), ((one.start, one.end),))
    return None


def glean_employer(text: str, context: Context) -> Found | None:  # noqa: ARG001 - every reader is called with both
    """The piece that is called like an employer, or the only one that can be one."""
    said = plain(text)
    if _HAN.search(said) is None:
        return _latin_employer(text, said)
    found = [one for piece in islice(_pieces(said), MOST_PIECES) if (one := _employer_in(piece)) is not None]
    named = [one for one in found if _SAID_EMPLOYER.search(said[max(0, one.start - 8) : one.start])]
    kinds = [one for one in found if KIND.search(one.text) and not MERELY_A_KIND.fullmatch(one.text)]
    for some in (named, kinds, found):
        if len({one.text for one in some}) == 1:
            one = some[0]
            return Found(text[one.start : one.end], ((one.start, one.end),))
    return None if found else _latin_employer(text, said)


def _pieces(said: str) -> Iterator[_Piece]:
    """The pieces of the text; a long one is a phrase, and no answer."""
    for match in _PIECE.finditer(said):
        if len(match[0]) <= LONGEST_PIECE:
            yield _Piece(match.start(), match[0])


def _name_in(piece: _Piece, context: Context) -> _Piece | None:
    """The name that the piece is, behind what introduces it and before what follows."""
    if piece.text in SMALL_TALK:
        return None
    tries = [piece]
    head = _NAME_AHEAD.match(piece.text)
    if head and head.end():
        tries.append(piece.cut(head.end()))
    if (kind := _after_kind(piece.text)) is not None:
        tries.append(piece.cut(kind))
    for one in tries:
        one = one.cut(0, len(one.text) - len(_BEFORE_VERB.sub("", one.text)))  # noqa: PLW2901 - the same piece
        end = stands_as_name(one.text, context)
        if end and (end == len(one.text) or _FOLLOWS.match(one.text, end)):
            return _Piece(one.start, one.text[:end])
    return None


_BEFORE_VERB: Final = re.compile(r"(?<=..)(?:[想要得]|打算)*(?:[从去到在回往]|(?<=[想要])[上走奔])$")
_FOLLOWS: Final = re.compile(
    r"(?:的?(?:电话|手机|号码|联系)|[男女]$|本人$|[想要去从到回在住走打坐]|先|我|初|正月|今|明|后|号|一个人|[一二两三四五六七八九十]个|和|跟)"
)


def name_behind(employer: str, context: Context) -> int | None:
    """Where somebody's name begins behind what an employer is called after (家具厂蓝志远); None where none does."""
    at = _after_kind(employer)
    return at if at is not None and stands_as_name(employer[at:], context) == len(employer) - at else None


def _after_kind(text: str) -> int | None:
    """Where a name may begin behind what an employer is called after: 家具厂蓝志远."""
    ends = [match.end() for match in _KIND_WITHIN.finditer(text) if match.end() <= len(text) - SHORTEST]
    return ends[-1] if ends else None


def _employer_in(piece: _Piece) -> _Piece | None:
    """The employer that the piece can be."""
    head = _AHEAD.match(piece.text)
    one = piece.cut(head.end()) if head and len(piece.text) - head.end() >= SHORTEST else piece
    tail = _BEHIND.search(one.text)
    if tail and tail.start() >= SHORTEST:
        one = one.cut(0, len(one.text) - tail.start())
    if not SHORTEST <= len(one.text) <= LONGEST_EMPLOYER or one.text in SMALL_TALK | GREETINGS | COURTESIES:
        return None
    if _NO_EMPLOYER.search(one.text) or not re.search(rf"[{CJK}a-z]", one.text):
        return None
    return None if one.text.isascii() and _NO_LATIN.search(one.text) else one


def _latin_name(text: str, said: str) -> Found | None:
    """Two or three words with capitals in an English sentence: Wei Xiaoming."""
    for match in islice(_LATIN.finditer(said), MOST_PIECES):
        words = text[match.start() : match.end()]
        if not 1 <= words.count(" ") <= 2 or not words.istitle():  # noqa: PLR2004 - as names are
            continue
        if not _NO_LATIN.search(match[0]) and not _LATIN_KIND.search(match[0]):
            return Found(Name(words), (match.span(),))
    return None


def _latin_employer(text: str, said: str) -> Found | None:
    """Letters that belong to nothing else: BYD, Midea, Chimelong Hotel."""
    found = []
    for match in islice(_LATIN.finditer(said), MOST_PIECES):
        words = match[0].split()
        while words and _NO_LATIN.fullmatch(words[0]):
            words = words[1:]
        kept = " ".join(words)
        if len(kept) >= SHORTEST and not _NO_LATIN.search(kept):
            start = match.end() - len(kept)
            found.append((start, match.end()))
    if len(found) != 1:
        return None
    return Found(text[found[0][0] : found[0][1]], (found[0],))
