"""Every flow and action there is, found in the files of this folder at start."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cached_property

import flows
from flows.flow import Action, Flow


@dataclass(frozen=True)
class Flows:
    """The flows by name, the one that a stranger's first words open, and the actions under notices."""

    flows: tuple[Flow, ...]
    actions: tuple[Action, ...]

    @cached_property
    def _by_name(self) -> dict[str, Flow]:
        return {flow.name: flow for flow in self.flows}

    @cached_property
    def _by_words(self) -> dict[str, Flow]:
        return {words: flow for flow in self.flows for words in flow.opens}

    @cached_property
    def front(self) -> Flow:
        """The flow that a stranger's first words open."""
        (front,) = (flow for flow in self.flows if flow.front)
        return front

    def get(self, name: str) -> Flow | None:
        """The flow of that name; None where today's service has none (an old state may name one)."""
        return self._by_name.get(name)

    def opened_by(self, words: str) -> Flow | None:
        """The flow that those words (lower case) start at any point."""
        return self._by_words.get(words)

    @cached_property
    def _by_lead(self) -> dict[str, Flow]:
        return {words: flow for flow in self.flows for words in flow.leads}

    @cached_property
    def _leads(self) -> re.Pattern[str]:
        words = "|".join(map(re.escape, sorted(self._by_lead, key=len, reverse=True))) or "(?!)"
        return re.compile(rf"({words})(?:[\s:,]+|(?=[a-z0-9]))(.+)")

    def led_by(self, words: str) -> tuple[Flow, str] | None:
        """The flow that the first of those words (as `flows.words.plain` gives them) start, and the rest of them."""
        match = self._leads.match(words)
        return (self._by_lead[match[1]], match[2]) if match else None

    def action(self, name: str) -> Action | None:
        """The action of that name."""
        return next((action for action in self.actions if action.name == name), None)


def load() -> Flows:
    """Reads every module of this folder: FLOWS and ACTIONS are what it declares. Two of one name are an error."""
    found: list[Flow] = []
    actions: list[Action] = []
    for module in pkgutil.iter_modules(flows.__path__, "flows."):
        declared = importlib.import_module(module.name)
        found.extend(getattr(declared, "FLOWS", ()))
        actions.extend(getattr(declared, "ACTIONS", ()))
    names = [flow.name for flow in found]
    words = [word for flow in found for word in flow.opens] + [word for action in actions for word in action.said]
    for kind, all_of_them in (("flow", names), ("word", words)):
        if twice := {one for one in all_of_them if all_of_them.count(one) > 1}:
            raise ValueError(f"declared twice: {kind} {sorted(twice)}")
    return Flows(tuple(found), tuple(actions))
