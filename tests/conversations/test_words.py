"""Whatever a conversation can say has its words, and whatever has words can be said."""

from __future__ import annotations

import ast
import inspect
import re
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from domain.messages import Medium
from flows import boarding
from flows.answers.picked import pick_one
from flows.flow import Flow, Question, no_choices
from tests.conversations.stage import catalogues, flows

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "texts", "flows", "services", "storage", "bot", "console", "reports", "planning")
SAYING = {"say": 1, "Words": 1, "Refused": 1, "Done": 1, "yes_or_no": 2}  # the call → how many keys come first
NOT_OF_CONVERSATIONS = {"console.po", "web.po"}  # the words of pages: their own tests look after them
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")
LEAST_HEAD = 4  # characters in front of the first gap, so that a pattern says where it belongs


@dataclass(frozen=True, slots=True)
class Said:
    """A place in the sources that says something: the key, and what it fills in (None where that can't be told)."""

    where: str
    key: str
    fills: frozenset[str] | None


# ── What can be said ─────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache
def sources() -> Mapping[str, ast.Module]:
    """Every module of ours."""
    found = (path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def said() -> Iterator[Said]:
    """Every call that says a key in so many words."""
    for name, module in sources().items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and (called := _name(node.func)) in SAYING:
                for argument in node.args[: SAYING[called]]:
                    for key in _texts(argument):
                        yield Said(f"{name}:{node.lineno}", key, _fills(node))


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The keys that stand there, also in both branches of an `if`."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)


def _fills(call: ast.Call) -> frozenset[str] | None:
    names: set[object] = {keyword.arg for keyword in call.keywords}
    for argument in call.args[1:]:
        if isinstance(argument, ast.Dict):
            names |= {key.value if isinstance(key, ast.Constant) else None for key in argument.keys}
        elif _name(call.func) in {"Words", "Done"}:
            return None
    return None if None in names else frozenset(map(str, names))


def asked() -> Iterator[tuple[Flow, Question]]:
    """Every question that a person can be asked; what only another flow gives is never asked."""
    for flow in flows().flows:
        for question in flow.questions:
            if question.reader.read is not pick_one or question.choices is not no_choices:
                yield flow, question


def by_name() -> Iterator[str]:
    """The keys that are made of names: of questions, flows, actions and kinds of messages."""
    for flow, question in asked():
        stem = flow.key(question)
        yield f"{stem}.help"
        if question.asks is None:
            yield f"{stem}.ask"
        if question.line:
            yield from (f"{stem}.label", f"{stem}.skipped")
        if "Ask(" in inspect.getsource(sys.modules[question.reader.read.__module__]):
            yield f"{stem}.which"
    yield from (
        f"{flow.words or flow.name}.{end}" for flow in flows().flows if flow.review for end in ("confirm", "foot")
    )
    yield from (f"boarding.{action.name}" for action in boarding.ACTIONS)
    yield from (f"{flow.words or flow.name}.only_words" for flow in flows().flows if flow.during)
    yield from (f"{flow.words or flow.name}.half_said" for flow in flows().flows if flow.ends)
    yield from (f"media.{medium.value}" for medium in Medium)


def _patterns() -> Iterator[str]:
    """Keys that are put together in the sources (f"direction.{way}"), as regular expressions."""
    for module in sources().values():
        for node in ast.walk(module):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                if isinstance(parts[0], str) and len(parts[0]) >= LEAST_HEAD and "." in parts[0]:
                    yield "".join(re.escape(str(part)) if part is not None else "[a-z0-9_]+" for part in parts)


def _written() -> set[str]:
    """Every text in the sources and templates that looks like a key."""
    found = {
        node.value
        for module in sources().values()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for path in (*ROOT.glob("bot/**/*.html"), *ROOT.glob("console/**/*.html"), *ROOT.glob("bot/**/*.js")):
        found |= set(KEY.findall(path.read_text(encoding="utf-8")))
    return found


def _gaps(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None}


# ── Tests ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whatever_is_said_has_its_words(language: str) -> None:
    sentences = catalogues()[language].sentences
    missing = {f"{one.where} {one.key}" for one in said() if KEY.fullmatch(one.key) and one.key not in sentences}
    missing |= {key for key in by_name() if key not in sentences}
    assert sorted(missing) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_whoever_says_a_sentence_fills_its_gaps(language: str) -> None:
    sentences = catalogues()[language].sentences
    wanting = [
        f"{one.where} {one.key}: {sorted(_gaps(sentences[one.key]) - one.fills)}"
        for one in said()
        if one.fills is not None and one.key in sentences and _gaps(sentences[one.key]) - one.fills
    ]
    assert wanting == []


def test_all_words_of_conversations_can_be_said() -> None:
    used = _written() | set(by_name())
    patterns = re.compile("|".join(set(_patterns())))
    unused = []
    for file in sorted((files("texts") / "zh_CN").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".po") and file.name not in NOT_OF_CONVERSATIONS:
            with file.open("rb") as opened:
                ids = [message.id for message in read_po(opened) if message.id]
            keys = (id_ if isinstance(id_, str) else id_[0] for id_ in ids)
            unused += [f"{file.name}: {key}" for key in keys if key not in used and not patterns.fullmatch(key)]
    assert unused == []
