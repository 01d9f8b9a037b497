"""`python -m bench [--only turns,fanout] [--quick]`: measures, prints a table, writes bench/results.json."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence

from bench import figures, parts
from bench.figures import Line, Part
from bench.ground import Ground, databases


def main() -> None:
    """Measures the parts that are asked for, all of them where none is."""
    known = parts.load()
    arguments = _arguments(tuple(known))
    wanted = arguments.only or list(known)
    started = time.monotonic()
    lines = asyncio.run(_measure({name: known[name] for name in wanted}, quick=arguments.quick))
    print(f"\n{figures.table(lines)}\n\n{time.monotonic() - started:.0f} s")
    if not arguments.quick:
        figures.write(lines)


async def _measure(wanted: dict[str, Part], *, quick: bool) -> list[Line]:
    lines: list[Line] = []
    with databases() as (folder, kinds):
        for name, part in wanted.items():
            async with Ground(folder, kinds, quick=quick) as ground:
                ground.note(f"== {name}")
                lines += figures.lines(part, await part.measure(ground))
    return lines


def _arguments(known: Sequence[str]) -> argparse.Namespace:
    def names(text: str) -> list[str]:
        given = [name.strip() for name in text.split(",") if name.strip()]
        if unknown := sorted(set(given) - set(known)):
            raise argparse.ArgumentTypeError(f"no part is named {', '.join(unknown)}; there are {', '.join(known)}")
        return given

    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", type=names, metavar="PART,PART", help=f"of {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="one small round of each, to see that it runs")
    return parser.parse_args()


main()
