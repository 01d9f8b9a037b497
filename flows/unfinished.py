"""Unfinished sign-ups: which talks stand in one, and which have just begun one."""

from __future__ import annotations

from flows.registry import Flows
from flows.state import State, Talk


def begins(flows: Flows, before: Talk, after: Talk) -> bool:
    """Whether a turn, from the talk before it to that after it, began a sign-up (the consent has been given)."""
    return _holds_one(flows, after) and not _holds_one(flows, before)


def stands_in_one(flows: Flows, talk: Talk) -> bool:
    """Whether the open question is one of a sign-up: one that waits below another conversation is not nudged."""
    return talk.state is not None and _nudged(flows, talk.state)


def _holds_one(flows: Flows, talk: Talk) -> bool:
    state = talk.state if talk.consented else None
    while state is not None:
        if _nudged(flows, state):
            return True
        state = state.below
    return False


def _nudged(flows: Flows, state: State) -> bool:
    flow = flows.get(state.flow)
    return flow is not None and flow.nudged
