"""Races: the same messages to several servers, round by round, so that what slows the machine slows them all."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from bench.ground import Ground, Process
from bench.talk import TURNS

ARRIVE_WITHIN = 120.0  # seconds after the last message in which its answer must have reached the platform
WARM_UP = 20  # people who sign up before anything is counted

_numbers = itertools.count(1)


@dataclass(slots=True)
class Runner:
    """One server in a race. `people` sign up in each round; `platform` is where its answers arrive, None: nowhere."""

    name: str
    server: Process
    people: int
    platform: Process | None = None
    counts: bool = True  # whether it can tell how many are registered
    done: int = field(default=0, init=False)


@dataclass(frozen=True, slots=True)
class Run:
    """How one round of one runner went; latencies in seconds."""

    turns: int
    seconds: float
    latencies: Sequence[float]

    @property
    def a_second(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    def milliseconds(self, percentile: int) -> float:
        """The latency below which so many in a hundred stay."""
        return quantiles(self.latencies, n=100, method="inclusive")[percentile - 1] * 1000


async def race(
    ground: Ground, load: Process, runners: Sequence[Runner], connections: int, rounds: int, *, a_second: float = 0
) -> dict[str, list[Run]]:
    """Every runner's rounds, after one that warms up and is not counted."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for runner in runners:
        await _run(load, runner, connections, min(runner.people, WARM_UP))
    for number in range(ground.rounds(rounds)):
        # Each round begins with another one: none always runs after the same neighbour.
        for runner in (*runners[number % len(runners) :], *runners[: number % len(runners)]):
            run = await _run(load, runner, connections, runner.people, a_second)
            runs[runner.name].append(run)
            ground.note(f"   {runner.name}: {run.a_second:,.0f} turns a second, p50 {run.milliseconds(50):.1f} ms")
    for runner in runners:
        if runner.counts:
            assert await runner.server.ask("registered") == runner.done, f"{runner.name} did not do its work"
    return runs


async def _run(load: Process, runner: Runner, connections: int, people: int, a_second: float = 0) -> Run:
    if runner.platform:
        await runner.platform.ask("forget")
    lines = min(connections, people)
    brought = await bring(load, runner.server, people, lines, TURNS, a_second)
    runner.done += people
    ended = brought["ended"]
    if runner.platform:
        arrived = await runner.platform.ask("arrived", count=people * TURNS, within=ARRIVE_WITHIN)
        assert len(arrived) == people * TURNS, f"{runner.name} answered {len(arrived)} times"
        ended = max(ended, arrived[-1])
    return Run(people * TURNS, ended - brought["started"], brought["latencies"])


async def bring(
    load: Process, server: Process, people: int, connections: int, messages: int, a_second: float = 0
) -> dict[str, Any]:
    """Brings the first `messages` of the sign-up of so many people nobody has seen before."""
    first = 1_000_000 + next(_numbers) * 100_000
    brought: dict[str, Any] = await load.ask(
        "bring",
        port=server.ready["port"],
        first=first,
        people=people,
        connections=connections,
        messages=messages,
        a_second=a_second,
    )
    return brought


def ratios(runs: Mapping[str, Sequence[Run]], ours: str, theirs: str) -> list[float]:
    """Ours over theirs in turns a second, round by round."""
    return [one.a_second / other.a_second for one, other in zip(runs[ours], runs[theirs], strict=True)]
