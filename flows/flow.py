"""How a conversation is declared: flows, questions, the readers of their answers, and what reading may know."""

from __future__ import annotations

import re
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar, cast, get_args

import msgspec
from msgspec import Raw, Struct

from domain.channels import Traits
from domain.employers import NOBODY, Directory
from domain.office import Office
from domain.places import Areas
from domain.registrations import Registered
from texts.catalogue import Catalogue
from texts.say import Value, Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that reading and deciding need to know, handed in: nothing here is looked up.

    `token` is fresh and random; it names the prompt that this turn opens. `known` are this person's active
    registrations, the newest first, `others` those that they made for other people (`taken` once these have taken them
    over). `employers` is the list that staff keep. `request` is the open help request that this person's words go to,
    `spoke_at` when they wrote before. `preset` are answers that a printed code carried, question → value.
    """

    now: datetime
    office: Office
    areas: Areas
    texts: Catalogue
    traits: Traits
    token: str
    known: tuple[Registered, ...] = ()
    others: Sequence[Registered] = ()
    employers: Directory = NOBODY
    request: int | None = None
    spoke_at: datetime | None = None
    preset: Mapping[str, object] | None = None


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Choice(Struct, frozen=True, omit_defaults=True):
    """One way to answer: the value as JSON, as it will stand in the answers, and its words.

    A choice that is not `shown` is a line of the text already and needs no button; one that is not `numbered` can't
    be picked by a number.
    """

    value: Raw
    words: Words
    shown: bool = True
    numbered: bool = True


def choice(value: object, words: Words, *, shown: bool = True, numbered: bool = True) -> Choice:
    """A choice of that value (None: the question is skipped)."""
    return Choice(Raw(msgspec.json.encode(value)), words, shown, numbered)


@dataclass(frozen=True, slots=True)
class Ask:
    """The text is ambiguous: what it can mean, for the person to pick from."""

    candidates: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The part of a longer text that answers a question: its value and the half-open ranges of characters it took.

    The value is Ask where the words are clearly an answer but fit several: only this part is then asked about.
    """

    value: object
    spans: tuple[tuple[int, int], ...]


class Read(Protocol):
    """Reads a whole text as the answer to the open question.

    Returns the value, None for "no answer to give" (skipped), or Ask; raises Refused with the key of the sentence
    that says what is wrong (`day.past`), and never anything else, for any text at all.
    """

    def __call__(self, text: str, context: Context, /) -> object:
        """See above."""
        ...


class Find(Protocol):
    """Looks for its part in a longer text that may answer several questions; None where it finds nothing.

    It never guesses: what it returns was said so clearly that no other reading is likely. Spans that another
    finder took stand blanked out (as U+2423 ␣) in the text it gets. Raises Refused where its part is clearly there but
    can't be taken (a day that has gone), and never anything else.
    """

    def __call__(self, text: str, context: Context, /) -> Found | None:
        """See above."""
        ...


ANYTHING = re.compile("")


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of answer is read. `holds` is the type of the value (msgspec reads and writes it in the state).

    A reader that takes nearly any words (a name, an employer) is `greedy`: it is never given the rest of a sentence
    in which others found their part, for that rest need not be an answer at all. Where nothing of `marks` stands in
    the plain text, `find` would find nothing: most answers are short, and most finders need not look at them.
    What a `private` one looks like is kept out of every text while its question is not put to the person.
    """

    holds: type
    read: Read
    find: Find | None = None
    greedy: bool = False
    marks: re.Pattern[str] = ANYTHING
    private: re.Pattern[str] | None = None


# ── Declaring ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Answers:
    """What has been answered: question → value, None where it was skipped."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __contains__(self, question: object) -> bool:
        return question in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def get(self, question: str, kind: type[T]) -> T | None:
        """The answer, None where there is none or it was skipped. A wrong type is a bug and rises."""
        value = self._values.get(question)
        if value is None or isinstance(value, kind):
            return value
        raise TypeError(f"{question} holds {type(value).__name__}, not {kind.__name__}")

    def of(self, question: str, kind: type[T]) -> T:
        """The answer, which must be there."""
        value = self.get(question, kind)
        if value is None:
            raise KeyError(question)
        return value

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> ItemsView[str, object]:
        """The questions with their answers."""
        return self._values.items()

    def raw(self, question: str) -> object:
        """The answer, whatever its type."""
        return self._values.get(question)

    def plus(self, question: str, value: object) -> Answers:
        """These answers and one more (or another value for one)."""
        return Answers({**self._values, question: value})

    def without(self, *questions: str) -> Answers:
        """These answers but those."""
        return Answers({name: value for name, value in self._values.items() if name not in questions})


class Command(Protocol):
    """What a conversation asks of the service: a frozen dataclass of domain/ that services/ carries out."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command was carried out: `key` is the sentence that says so, with its values.

    `forget` ends the talk without a trace (the person had their data deleted); `then` goes on with another flow.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    forget: bool = False
    then: Start | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Another flow takes over, with these answers given already."""

    flow: str
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """A flow was left in the middle: what is said then, and what goes on instead (None: what waited below it)."""

    words: Words
    then: Start | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """The flow ends by saying this; nothing is to be done."""

    words: tuple[Words, ...]


def assume_nothing(_context: Context) -> object:
    """A question whose answer nobody can know before it is asked."""
    return None


def always(_context: Context, _answers: Answers) -> bool:
    """A question that is asked of everybody."""
    return True


def never(_context: Context, _answers: Answers) -> bool:
    """A question that is asked of nobody: only another conversation answers it."""
    return False


def stay_silent(_answers: Answers, _context: Context) -> Left | None:
    """A flow that is cancelled like any other."""
    return None


def fill_nothing(_value: object, _context: Context) -> Mapping[str, object]:
    """An answer that tells nothing else."""
    return {}


def nothing_follows(_known: Mapping[str, object], _left: str, _context: Context) -> object:
    """A question whose answer other answers do not tell."""
    return None


def settle_nothing(_doubt: Ask, _known: Mapping[str, object], _context: Context) -> object:
    """Other answers never tell which of several was meant."""
    return None


def any_value(_value: object, _context: Context, _answers: Answers) -> bool:
    """Any value may be meant for this question."""
    return True


def no_choices(_context: Context, _answers: Answers) -> tuple[Choice, ...]:
    """A question that is answered in words alone."""
    return ()


_KINDS: tuple[type, ...] = get_args(Value)  # looked through faster than the union is


def as_it_is(value: object) -> Value:
    """An answer that can stand in a sentence as it is."""
    if isinstance(value, _KINDS):
        return cast("Value", value)
    raise TypeError(f"{type(value).__name__} can't stand in a sentence: give the question `shows`")


@dataclass(frozen=True, slots=True, eq=False)  # one is only ever itself
class Question:
    """One thing that a conversation asks.

    `applies` says when it is asked; `assumes` gives what can be taken as answered already, None where it must be
    asked (it is read back all the same); `resets` names the other answers that a change of this one drops; `default`
    is taken where a person said several things at once and left this one open; `fills` gives what an answer tells of
    other questions that are open still; `follows` gives what the other answers and the words that nobody took (what
    was taken stands blanked out) tell of this one, None where nothing; `settles` gives the one of several meanings that
    the other answers leave, None where they leave more; `called` are words for this line beside its label, with which
    people correct it ("电话错了"); `gleans` looks at what all finders left of a whole sentence: a name that nobody
    introduced, a factory between commas; `takes` are words (as flows.words.plain gives them) that answer it though they
    lead away from any other; `fits` says whether a correction that names no line can be meant for this one; `shows`
    turns the answer into what stands in a sentence; `asks` says more than the one sentence; a question without a `line`
    is not read back in the review. Its sentences are `WORDS.ask`, `.which` (over candidates), `.help`, `.label` and
    `.skipped`, where WORDS is `words`, else the flow's words and the name.
    """

    name: str
    reader: Reader
    choices: Callable[[Context, Answers], tuple[Choice, ...]] = no_choices
    applies: Callable[[Context, Answers], bool] = always
    assumes: Callable[[Context], object] = assume_nothing
    resets: tuple[str, ...] = ()
    default: object = None
    fills: Callable[[object, Context], Mapping[str, object]] = fill_nothing
    follows: Callable[[Mapping[str, object], str, Context], object] = nothing_follows
    settles: Callable[[Ask, Mapping[str, object], Context], object] = settle_nothing
    called: tuple[str, ...] = ()
    gleans: Find | None = None
    takes: frozenset[str] = frozenset()
    fits: Callable[[object, Context, Answers], bool] = any_value
    shows: Callable[[object], Value] = as_it_is
    asks: Callable[[Context, Answers], tuple[Words, ...]] | None = None
    line: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)  # one is only ever itself, and a key of what is made of it once
class Flow:
    """One conversation: its questions in order, and what the answers become.

    `opens` are the words that start it at any point (lower case), `leads` those that may be followed by an answer to
    its first question in the same message. `leaves` decides what cancelling it leads to, None for the usual; `ends`
    are words that cancel it too while nothing is half said. With `review` everything is read back and any
    line can be changed before it becomes something. `front` marks the one flow that a stranger's first words open.
    A flow that is not `personal` needs no consent to the data notice. `during`: the flow stands only while this holds,
    and while it does it takes the words that no open question takes, and `WORDS.only_words` says that it takes nothing
    else; it is no form, so 取消 and 重来 mean what waits below. `passing`: nobody has to answer it; whatever else is
    said ends it. `amends` gives the answers of each thing of this person that the flow can change, the newest first:
    words that correct one of them begin it. Who leaves a `nudged` one unfinished is asked to go on (domain.nudges).
    `version` grows with each change that makes old answers unusable. Its own sentences are `WORDS.confirm` (the button
    under the review), `WORDS.foot` (how a line is changed) and, with `ends`, `WORDS.half_said`.
    """

    name: str
    questions: tuple[Question, ...]
    becomes: Callable[[Answers, Context], Command | Start | Tell]
    opens: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    leaves: Callable[[Answers, Context], Left | None] = stay_silent
    ends: tuple[str, ...] = ()
    review: bool = False
    front: bool = False
    personal: bool = True
    during: Callable[[Context], bool] | None = None
    passing: bool = False
    amends: Callable[[Context], Sequence[Mapping[str, object]]] | None = None
    nudged: bool = False
    version: int = 1
    words: str = ""

    def question(self, name: str) -> Question | None:
        """The question of that name, None where the flow has none."""
        return _by_name(self).get(name)

    def key(self, question: Question) -> str:
        """The stem of that question's sentences."""
        return question.words or f"{self.words or self.name}.{question.name}"


@cache
def _by_name(flow: Flow) -> Mapping[str, Question]:
    return {question.name: question for question in flow.questions}


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person can answer to a notice at any time, by its button, its words, or its number.

    `finds` gives what it is about (a seat's id) where its words are used, None where they mean nothing now;
    `command` what is asked of the service. The number counts only while no question is open.
    """

    name: str
    said: tuple[str, ...]
    number: int
    finds: Callable[[Context], int | None]
    command: Callable[[int], Command]
