"""Checks calls against the published Bot API (telegram_schema.json says where it comes from)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SCHEMA = json.loads(Path(__file__).with_name("telegram_schema.json").read_text())
_METHODS: dict[str, dict[str, str]] = _SCHEMA["methods"]
_TYPES: dict[str, dict[str, str]] = _SCHEMA["types"]
_UNIONS: dict[str, list[str]] = _SCHEMA["unions"]
_SPELLING = {name.lower(): name for name in _METHODS}
_ARRAY = "Array of "


def spelled(method: str) -> str | None:
    """The method as it is published (the Bot API takes names in any case), None if there is none."""
    return _SPELLING.get(method.lower())


def decoded(method: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Parameters that came as text (a form, an address) in the types that the method wants, as far as they fit."""
    kinds = {name.rstrip("!"): kind for name, kind in _METHODS[method].items()}
    return {name: _decoded(text, kinds.get(name, "String")) for name, text in form.items()}


def wrong_call(method: str, parameters: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call, a line for each; empty if nothing is. `method` is spelled as published."""
    return _wrong_fields(_METHODS[method], parameters, method)


def wrong_value(value: object, kind: str, place: str) -> list[str]:
    """What is wrong with a value of a published type, such as "Update" or "Array of String"."""
    if kind.startswith(_ARRAY) and len(choices := _choices(kind.removeprefix(_ARRAY))) > 1:
        return _wrong_list(value, choices, place)
    if kind.startswith(_ARRAY):
        return _wrong_list(value, [kind.removeprefix(_ARRAY)], place)
    return _wrong_choice(value, _choices(kind), place)


def _wrong_list(value: object, choices: list[str], place: str) -> list[str]:
    if not isinstance(value, list | tuple):
        return [f"{place}: a list is wanted, not {type(value).__name__}"]
    return [wrong for at, one in enumerate(value) for wrong in _wrong_choice(one, choices, f"{place}[{at}]")]


def _wrong_choice(value: object, choices: list[str], place: str) -> list[str]:
    found = [_wrong_one(value, choice, place) for choice in choices]
    return min(found, key=len) if found else []


def _wrong_one(value: object, kind: str, place: str) -> list[str]:
    if kind.startswith(_ARRAY):
        return wrong_value(value, kind, place)
    if kind in _UNIONS:
        return _wrong_choice(value, _UNIONS[kind], place)
    if kind in _TYPES and kind != "InputFile":
        if not isinstance(value, dict):
            return [f"{place}: {kind} is wanted, not {type(value).__name__}"]
        return _wrong_fields(_TYPES[kind], value, place)
    return [] if _plain(value, kind) else [f"{place}: {kind} is wanted, not {type(value).__name__}"]


def _plain(value: object, kind: str) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "True":
            return value is True
        case _:
            return isinstance(value, str)


def _wrong_fields(fields: Mapping[str, str], values: Mapping[str, Any], place: str) -> list[str]:
    wrong = [
        f"{place}.{name.rstrip('!')} is missing" for name in fields if name.endswith("!") and name[:-1] not in values
    ]
    for name, value in values.items():
        kind = fields.get(name) or fields.get(name + "!")
        wrong += wrong_value(value, kind, f"{place}.{name}") if kind else [f"{place}.{name} is unknown"]
    return wrong


def _choices(kind: str) -> list[str]:
    return re.split(r" or |, | and ", kind)


def _decoded(text: str, kind: str) -> object:
    if kind == "String" or (kind == "Integer or String" and not re.fullmatch(r"-?\d+", text)):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
