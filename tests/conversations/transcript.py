"""Transcripts: conversations as text files that a person can read, played against the service line by line.

    # What it shows, in a sentence.
    channel: web

    < 你好
    > 您好，我是返岗通……
      同意吗？
      [同意] [不同意]
    < [同意]

The head may say `now:`, `home:` (an area's code), `channel:` (web, plain, telegram-like), `language:` (what the
platform says), `office:` (what it asks: identities, companions), `flows:` (those that are gone through, and the
reminders that were sent) and `never:` (words that no line of the bot may hold). `<` is the person, `<B` another one;
`[…]` presses that button under the newest message. Lines with `!` stand for all else (DEEDS). A registration number is
written LJ-******, a code to take one over ********; `{code}` in a line of a person is the newest one that the bot has
told anybody, `{code 1}` the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select

from domain.employers import EmployerSheet
from domain.messages import Medium, Message, Opened, Pressed, Said, Sent, SharedPhone, Text
from domain.notices import Occasion
from domain.others import CODE_LENGTH
from domain.places import Place
from domain.registrations import ALPHABET, is_number
from domain.scope import Scope
from flows import engine
from flows.state import load
from services import employers
from services import help as ledger
from storage import codes
from storage.codes import Code
from storage.tables import contacts, help_requests, metadata
from tests.conversations.stage import HOME, NOW, Stage, flows, moment
from texts.render import Rendered
from texts.say import Button, Say, Words

FOLDER = Path(__file__).parent / "transcripts"
NUMBER = re.compile(r"\b[A-Z]{1,3}-[2-9A-Z]{6}\b")
BUTTON = re.compile(r"\[([^\[\]]+)\]")
CODE = re.compile(rf"\b[{ALPHABET}]{{{CODE_LENGTH}}}\b")
GIVEN = re.compile(r"\{code ?(\d*)\}")
MASKED = "******"
REMINDERS = {Occasion.NUDGE, Occasion.UNDECIDED}
EXAMPLES = {"K7P2M9XQ"}  # what sentences show as a code


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file: its head, and below it the lines of people and deeds, each with what the bot says to it."""

    name: str
    head: dict[str, str]
    turns: tuple[tuple[str, tuple[str, ...]], ...]

    def listed(self, name: str) -> tuple[str, ...]:
        """What the head lists under that name."""
        return tuple(one.strip() for one in self.head.get(name, "").split(",") if one.strip())


def transcripts() -> list[Path]:
    """Every file there is."""
    return sorted(FOLDER.glob("*.txt"))


def parsed(path: Path) -> Transcript:
    """The transcript in that file."""
    head: dict[str, str] = {}
    turns: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("<", "!")):
            turns.append((line, []))
        elif line.startswith(("> ", "  ")):
            turns[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            name, colon, value = line.partition(":")
            if not colon or turns:
                raise ValueError(f"{path.name}: {line!r} is no line of a transcript")
            head[name.strip()] = value.strip()
    return Transcript(path.stem, head, tuple((line, tuple(said)) for line, said in turns))


def written(message: Rendered) -> list[str]:
    """A message of the bot as it stands in a transcript."""
    text = NUMBER.sub(lambda found: found[0][:-6] + MASKED if is_number(found[0]) else found[0], message.text)
    text = CODE.sub(lambda found: found[0] if found[0] in EXAMPLES else "*" * CODE_LENGTH, text)
    lines = text.split("\n")
    buttons = " ".join(f"[{NUMBER.sub(lambda found: found[0][:-6] + MASKED, label)}]" for label, _ in message.buttons)
    first, *rest = [*lines, buttons] if buttons else lines
    return [f"> {first}", *(f"  {line}" for line in rest)]


@dataclass(slots=True)
class Player:
    """Plays one transcript. `told` are all messages that each person got, `visited` the flows they went through."""

    stage: Stage
    channel: str
    language: str | None
    speaker: str = ""
    last: Message | None = None
    told: dict[str, list[Rendered]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    broken: bool = False

    async def turn(self, line: str) -> list[str]:
        """What the bot says to that line, as it stands in a transcript."""
        if line.startswith("!"):
            name, _, rest = line[1:].strip().partition(" ")
            got = await DEEDS[name](self, rest.strip())
        else:
            self.speaker, _, words = line[1:].partition(" ")
            words = GIVEN.sub(lambda found: self.codes[int(found[1] or 0) - 1], words)
            pressed = BUTTON.fullmatch(words)
            got = await self.said(self.pressed(pressed[1]) if pressed else Text(words))
        return [line for message in got for line in written(message)]

    async def said(self, said: Said) -> list[Rendered]:
        """The answer to what the person said."""
        message = self.stage.message(self.channel, f"person{self.speaker}", said, self.language)
        return await self.sent(message)

    async def sent(self, message: Message) -> list[Rendered]:
        """The answer to a message that is delivered, perhaps again."""
        self.last = message
        if self.broken:
            with mock.patch.object(engine, "advance", side_effect=ZeroDivisionError):
                (turned,) = await self.stage.take(message)
        else:
            (turned,) = await self.stage.take(message)
        self.broken = False
        self.people[self.speaker] = turned.contact
        await self._look(message)
        if turned.answer is not None:
            return self._got([turned.answer])
        return await self.delivered()

    async def delivered(self) -> list[Rendered]:
        """What is sent now."""
        return self._got([message for _, message in await self.stage.deliver(self.channel)])

    def pressed(self, label: str, place: int = 0) -> Pressed:
        """The button with that label under the message of that place, 1 the first, 0 the newest."""
        message = self.told[self.speaker][place - 1]
        found = [data for words, data in message.buttons if NUMBER.sub("", words) == _open(label)]
        assert len(found) == 1, f"[{label}] is no button of {message}"
        return Pressed(found[0])

    def _got(self, messages: list[Rendered]) -> list[Rendered]:
        self.told.setdefault(self.speaker, []).extend(messages)
        found = (code for message in messages for code in CODE.findall(message.text))
        self.codes += [code for code in dict.fromkeys(found) if code not in EXAMPLES and code not in self.codes]
        return messages

    async def _look(self, message: Message) -> None:
        """Which flows the person is in, and which they began by a word."""
        words = message.said.text.strip().lower() if isinstance(message.said, Text) else ""
        if begun := flows().opened_by(words):
            self.visited.add(begun.name)
        if led := flows().led_by(words):
            self.visited.add(led[0].name)
        async with self.stage.database.look() as look:
            (raw,) = (
                await look.db.execute(select(contacts.c.state).where(contacts.c.id == self.people[self.speaker]))
            ).one()
            state = load(look.seal.open(raw)) if raw else None
        while state is not None:
            self.visited.add(state.flow)
            state = state.below

    def _offered(self, words: str) -> bool:
        """Whether those words are a button under the newest message: then they begin nothing."""
        return any(label == words for message in self.told.get(self.speaker, ())[-1:] for label, _ in message.buttons)


def _open(label: str) -> str:
    """A label as it can be compared: what stands for a number in a transcript is taken out."""
    return re.sub(rf"[A-Z]{{1,3}}-{re.escape(MASKED)}", "", label)


# ── Deeds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _restart(player: Player, _rest: str) -> list[Rendered]:
    await player.stage.restart()
    return []


async def _at(player: Player, rest: str) -> list[Rendered]:
    player.stage.now = moment(rest)
    return []


async def _stale(player: Player, rest: str) -> list[Rendered]:
    """`! stale 2 [同意]` presses a button of the second message."""
    place, _, label = rest.partition(" ")
    return await player.said(player.pressed(label.strip()[1:-1], int(place)))


async def _duplicate(player: Player, _rest: str) -> list[Rendered]:
    """The last message is delivered again."""
    assert player.last is not None
    return await player.sent(player.last)


async def _breaks(player: Player, _rest: str) -> list[Rendered]:
    """The engine fails on the next message."""
    player.broken = True
    return []


async def _says(player: Player, rest: str) -> list[Rendered]:
    """`! says "a JSON string"`: text that a line can't hold."""
    return await player.said(Text(json.loads(rest)))


async def _long(player: Player, rest: str) -> list[Rendered]:
    return await player.said(Text("好" * int(rest)))


async def _contact(player: Player, rest: str) -> list[Rendered]:
    return await player.said(SharedPhone(rest))


async def _opens(player: Player, rest: str) -> list[Rendered]:
    return await player.said(Opened(rest))


async def _prints(player: Player, rest: str) -> list[Rendered]:
    """`! prints CODE 450206`: a code on a poster, for that place to get on."""
    letters, area = rest.split()
    async with player.stage.database.work() as work:
        await codes.put(work, Code(letters, area, "海报", Place(area), None, player.stage.now))
        await work.commit()
    return []


async def _employer(player: Player, rest: str) -> list[Rendered]:
    """`! employer 比亚迪（坪山）|比亚迪、BYD|440310`: staff put an employer on the list."""
    name, short_names, area = (*rest.split("|"), "", "")[:3]
    stage = player.stage
    sheet = EmployerSheet(name, tuple(short_names.split("、")), Place(area) if area else None)
    await employers.add(Scope(stage.home, None), stage.database, stage.desk, sheet)
    await employers.load(stage.database, stage.desk)
    return []


async def _notice(player: Player, rest: str) -> list[Rendered]:
    """Staff write to the person; `[…]` at the end are its buttons."""
    labels = BUTTON.findall(rest)
    buttons = tuple(Button(f"a.test.{place}", _plainly(label)) for place, label in enumerate(labels))
    says = [Say(_plainly(BUTTON.sub("", rest).strip()), buttons)]
    await player.stage.put_notice(player.people[player.speaker], player.channel, says)
    return await player.delivered()


async def _tick(player: Player, _rest: str) -> list[Rendered]:
    """The clock ticks: what is due for this person is put into the outbox, and sent."""
    await player.stage.tick()
    return await player.delivered()


async def _answers(player: Player, rest: str) -> list[Rendered]:
    """`! answers 文字`: staff answer the newest open request."""
    scope, request = await _at_the_office(player)
    await ledger.answer(scope, player.stage.database, player.stage.desk, request, rest)
    return await player.delivered()


async def _closes(player: Player, _rest: str) -> list[Rendered]:
    """Staff close the newest open request."""
    scope, request = await _at_the_office(player)
    await ledger.close(scope, player.stage.database, player.stage.desk, request)
    return await player.delivered()


async def _at_the_office(player: Player) -> tuple[Scope, int]:
    """Who answers there, and the newest open request."""
    newest = select(func.max(help_requests.c.id)).where(help_requests.c.closed_at.is_(None))
    async with player.stage.database.look() as look:
        request = await look.db.scalar(newest)
    assert request is not None, "no request is open"
    return Scope(HOME, await player.stage.hired()), request


async def _stored(player: Player, rest: str) -> list[Rendered]:
    """`! stored registrations 1, held 0`: how many rows a table has (of contacts, how many hold something)."""
    for wanted in rest.split(","):
        name, number = wanted.split()
        async with player.stage.database.look() as look:
            if name in metadata.tables:
                statement = select(func.count()).select_from(metadata.tables[name])
            else:
                statement = select(func.count(contacts.c[name]))
            found = await look.db.scalar(statement)
        assert found == int(number), f"{name}: {found} rows, wanted {number}"
    return []


def _medium(medium: Medium) -> Callable[[Player, str], Awaitable[list[Rendered]]]:
    async def deed(player: Player, _rest: str) -> list[Rendered]:
        return await player.said(Sent(medium))

    return deed


def _plainly(text: str) -> Words:
    return Words("day.choice", {"day": text})


DEEDS: dict[str, Callable[[Player, str], Awaitable[list[Rendered]]]] = {
    "restart": _restart,
    "at": _at,
    "stale": _stale,
    "duplicate": _duplicate,
    "breaks": _breaks,
    "says": _says,
    "long": _long,
    "contact": _contact,
    "opens": _opens,
    "prints": _prints,
    "employer": _employer,
    "notice": _notice,
    "tick": _tick,
    "answers": _answers,
    "closes": _closes,
    "stored": _stored,
    **{medium.value: _medium(medium) for medium in Medium},
}


# ── Playing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: the file as it would read today, and the flows and reminders that were gone through."""

    turns: Sequence[tuple[str, tuple[str, ...]]]
    visited: set[str]


async def played(transcript: Transcript, url: str) -> Played:
    """Plays a transcript on that database. A line that says what it should never say fails at once."""
    head = transcript.head
    now, home = moment(head.get("now", NOW)), head.get("home", HOME)
    turns: list[tuple[str, tuple[str, ...]]] = []
    async with Stage(url, now, home, transcript.listed("office")) as stage:
        player = Player(stage, head.get("channel", "web"), head.get("language"))
        for line, _ in transcript.turns:
            said = tuple(await player.turn(line))
            for word in transcript.listed("never"):
                assert word not in re.sub(r"[\s-]", "", "".join(said)), f"{line}: the bot says {word}"
            turns.append((line, said))
    reminders = {occasion.value for occasion in REMINDERS & stage.wrote}
    return Played(turns, player.visited | reminders)


def rewritten(path: Path, outcome: Any) -> str:  # noqa: ANN401 - Played; kept loose for the script beside this file
    """The file's text with the bot's lines as they are today, everything else as it stands."""
    said = iter(outcome.turns)
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("> ", "  ")):
            continue
        lines.append(line)
        if line.startswith(("<", "!")):
            lines += next(said)[1]
    return "\n".join(lines) + "\n"
