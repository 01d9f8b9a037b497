"""Turns: a sign-up over the real HTTP webhook, everything stored, against libraries that keep it in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bench.figures import Better, Figure, Part, Rounds
from bench.ground import Ground, Process
from bench.races import Runner, bring, race, ratios

IN_FLIGHT = 100  # what our setWebhook asks for (max_connections); python-telegram-bot asks for 40
ROUNDS = 5
A_SECOND = 200

Found = defaultdict[str, list[float]]


async def measure(ground: Ground) -> Rounds:
    """All races, one after the other; the servers of one are stopped before the next."""
    found: Found = defaultdict(list)
    for one in (_stored, _sent, _seeded, _remembered):
        async with Ground(ground.folder, ground.databases, quick=ground.quick) as place:
            place.note(f"-- {one.__name__.strip('_')}")
            await one(place, found)
    return found


async def _ours(ground: Ground, templates: Mapping[str, str] | None = None, **settings: Any) -> dict[str, Process]:  # noqa: ANN401 - JSON
    servers = {}
    for kind, databases in ground.databases.items():
        url = await databases.fresh(templates[kind] if templates else None)
        servers[kind] = await ground.process("ours", database=url, **settings)
    return servers


async def _stored(ground: Ground, found: Found) -> None:
    """Nobody talks to a platform: turns a second with many in flight, with one, and latency at a given rate."""
    load, platform = await ground.process("load"), await ground.process("platform")
    url = platform.ready["url"]
    people = ground.size(200, 20)
    ours = {kind: Runner(kind, server, people) for kind, server in (await _ours(ground)).items()}
    ptb = Runner("ptb_memory", await ground.process("ptb", platform=url, sends=False), people)
    aiogram = Runner("aiogram_memory", await ground.process("aiogram_bot", platform=url, sends=False), people)
    file = str(ground.folder / "ptb.pickle")
    disk = Runner("ptb_disk", await ground.process("ptb", platform=url, sends=False, file=file), ground.size(60, 10))
    hello = Runner("hello", await ground.process("hello"), people, counts=False)

    runs = await race(ground, load, [*ours.values(), ptb, aiogram, disk, hello], IN_FLIGHT, ROUNDS)
    for kind in ours:
        for peer in ("ptb_memory", "aiogram_memory", "ptb_disk", "hello"):
            found[f"turns_vs_{peer}_{kind}"] = ratios(runs, kind, peer)
        found[f"turns_a_second_{kind}"] = [run.a_second for run in runs[kind]]
    for other in (ptb, aiogram, disk, hello):
        found[f"{other.name}_turns_a_second"] = [run.a_second for run in runs[other.name]]

    for runner in (*ours.values(), ptb):
        runner.people = ground.size(20, 3)
    runs = await race(ground, load, [*ours.values(), ptb], 1, ROUNDS)
    for kind in ours:
        found[f"turns_one_at_a_time_vs_ptb_memory_{kind}"] = ratios(runs, kind, ptb.name)

    for runner in (*ours.values(), ptb, aiogram):
        runner.people = ground.size(IN_FLIGHT, 20)
    runs = await race(ground, load, [*ours.values(), ptb, aiogram], IN_FLIGHT, 3, a_second=A_SECOND)
    for percentile in (50, 99):
        name = f"turn_p{percentile}_ms_at_{A_SECOND}"
        told = {f"{name}_{kind}": kind for kind in ours} | {
            f"{one}_{name}": f"{one}_memory" for one in ("ptb", "aiogram")
        }
        for figure, runner_name in told.items():
            found[figure] = [run.milliseconds(percentile) for run in runs[runner_name]]


async def _sent(ground: Ground, found: Found) -> None:
    """Every answer is really sent; the time counts until the last has arrived."""
    load, platform = await ground.process("load"), await ground.process("platform")
    url = platform.ready["url"]
    people = ground.size(100, 10)
    servers = await _ours(ground, platform=url)
    ours = {kind: Runner(kind, server, people, platform) for kind, server in servers.items()}
    ptb = Runner("ptb", await ground.process("ptb", platform=url, sends=True), ground.size(50, 5), platform)
    aiogram = Runner("aiogram", await ground.process("aiogram_bot", platform=url, sends=True), people, platform)
    runs = await race(ground, load, [*ours.values(), ptb, aiogram], IN_FLIGHT, 5)
    for kind in ours:
        for peer in ("ptb", "aiogram"):
            found[f"turns_with_sends_vs_{peer}_{kind}"] = ratios(runs, kind, peer)
        found[f"turns_with_sends_a_second_{kind}"] = [run.a_second for run in runs[kind]]


async def _seeded(ground: Ground, found: Found) -> None:
    """With a million registrations stored already, and with ten thousand."""
    load = await ground.process("load")
    few, many = await ground.seeded(ground.size(10_000, 100)), await ground.seeded(ground.size(1_000_000, 1_000))
    runners = []
    for name, templates in (("10k", few), ("1m", many)):
        for kind, server in (await _ours(ground, templates)).items():
            runners.append(Runner(f"{kind}_{name}", server, ground.size(200, 20), counts=False))
    runs = await race(ground, load, runners, IN_FLIGHT, ROUNDS)
    for kind in ground.databases:
        found[f"turns_at_1m_vs_10k_{kind}"] = ratios(runs, f"{kind}_1m", f"{kind}_10k")


async def _remembered(ground: Ground, found: Found) -> None:
    """What 10,000 people who are in the middle of signing up add to the memory of the server's process."""
    load, platform = await ground.process("load"), await ground.process("platform")
    people = ground.size(10_000, 500)
    answered = 4  # consent is given, day and place are told: the destination is asked
    growth = {}
    ptb = await ground.process("ptb", platform=platform.ready["url"], sends=False)
    for name, server in {"ptb": ptb, **await _ours(ground)}.items():
        await bring(load, server, people // 10, IN_FLIGHT, answered)
        before = await server.ask("memory")
        await bring(load, server, people, IN_FLIGHT, answered)
        growth[name] = (await server.ask("memory") - before) / 1e6 * 10_000 / people
        ground.note(f"   {name}: {growth[name]:.1f} MB")
    for kind in ground.databases:
        found[f"memory_per_10k_conversations_vs_ptb_{kind}"] = [max(growth[kind], 0) / growth["ptb"]]
        found[f"memory_mb_per_10k_conversations_{kind}"] = [growth[kind]]
    found["ptb_memory_mb_per_10k_conversations"] = [growth["ptb"]]


HIGHER, LOWER = Better.HIGHER, Better.LOWER

PART = Part(
    (
        Figure("turns_vs_ptb_memory", HIGHER, 2.0),
        Figure("turns_vs_aiogram_memory", HIGHER, 2.0),
        Figure("turns_vs_ptb_disk", HIGHER, 8),
        Figure("turns_vs_hello", HIGHER, 0.25),
        Figure("turns_a_second", HIGHER),
        Figure("ptb_memory_turns_a_second", HIGHER),
        Figure("aiogram_memory_turns_a_second", HIGHER),
        Figure("ptb_disk_turns_a_second", HIGHER),
        Figure("hello_turns_a_second", HIGHER),
        Figure("turns_with_sends_vs_ptb", HIGHER, 3),
        Figure("turns_with_sends_vs_aiogram", HIGHER, 1.8),
        Figure("turns_with_sends_a_second", HIGHER),
        Figure("turns_one_at_a_time_vs_ptb_memory", HIGHER, 0.5),
        Figure("turn_p50_ms_at_200", LOWER),
        Figure("turn_p99_ms_at_200", LOWER),
        Figure("ptb_turn_p50_ms_at_200", LOWER),
        Figure("ptb_turn_p99_ms_at_200", LOWER),
        Figure("aiogram_turn_p50_ms_at_200", LOWER),
        Figure("aiogram_turn_p99_ms_at_200", LOWER),
        Figure("turns_at_1m_vs_10k", HIGHER, 0.85),
        Figure("memory_per_10k_conversations_vs_ptb", LOWER, 0.5),
        Figure("memory_mb_per_10k_conversations", LOWER),
        Figure("ptb_memory_mb_per_10k_conversations", LOWER),
    ),
    measure,
)
