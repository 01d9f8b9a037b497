"""The readers: how fast on sentences, short answers and odd texts, how often right, and their peers beside them."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import fmean, median, quantiles

from bench.figures import Better, Figure, Part, Rounds
from bench.ground import Ground
from bench.odd_texts import odd_texts
from bench.reading_peers import figures_of, import_s, installed
from bot.tables import load_areas
from bot.understanding import Case, Circumstances, Understander, cases, moment, wrong
from domain.places import Areas
from domain.refusals import Refused
from flows.flow import Answers, Context, Flow, Question
from flows.hearing import found_in, hear
from flows.registry import load
from tests.answers import sentences

ODD = 100_000
SLOWEST = 10  # of the odd texts are tried again
REPEATS = 15  # of a sentence or a short answer in one round
SHORT = {
    "day": "初八",
    "origin": "柳江",
    "destination": "深圳龙华",
    "name": "韦小明",
    "phone": "13800012345",
    "party": "2个人",
    "employer": "比亚迪",
}
_HERE = Circumstances(moment("2027-02-08T09:00"), "450200")
_CASES = Path(sentences.__file__).parent
# Without the tables of areas and sentences, which the program reads at its start; with everything else they stand on.
_IMPORTS = "from flows.registry import load; load()"


async def measure(ground: Ground) -> Rounds:
    """Sentences and short answers: medians of single texts in a few rounds. Odd texts: each once, as an answer to one
    of the questions by turns; the pauses of the garbage collector fall on some, so of the ten slowest each is tried
    twice more, and what counts is the worst of the better ones.
    """
    understander, flow, areas = Understander(), load().front, load_areas()
    rounds = ground.rounds(3)
    found: dict[str, Sequence[float]] = {
        "readers_median_ms": [_sentences_ms(understander, flow) for _ in range(rounds)],
        "readers_short_ms": [_short_ms(understander, flow) for _ in range(rounds)],
        "readers_import_s": [import_s(_IMPORTS, sys.executable) for _ in range(rounds)],
    }
    ground.note("odd texts")
    found |= _odd(understander, flow, areas, ground.size(ODD, 2_000))
    tried = sentences.tried(understander)
    found["sentences_right"] = [sentences.share_right(tried)]
    found["sentences_questions"] = [sentences.mean_questions(tried)]
    lines = {
        "days": list(cases(_CASES / "travel_dates.tsv", _HERE)),
        "places": list(cases(_CASES / "places.tsv", _HERE)),
    }
    found["readers_right_days"] = [_share_right(understander, "day", lines["days"])]
    found["readers_right_places"] = [_share_right(understander, "place", lines["places"])]
    asked = {
        kind: some[: ground.size(len(some), 5)] for kind, some in {"sentences": sentences.sentences(), **lines}.items()
    }
    for name in installed():
        ground.note(name)
        found |= figures_of(name, asked, areas)
    return found


def _milliseconds(do: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    do()
    return (time.perf_counter_ns() - started) / 1e6


def _median(do: Callable[[], object], repeats: int) -> float:
    do()
    return median(_milliseconds(do) for _ in range(repeats))


def _sentences_ms(understander: Understander, flow: Flow) -> float:
    """All readers over a sentence: the median over the sentences, of each the median of its repeats."""
    return median(
        _median(partial(found_in, flow, case.text, understander.context(case.given)), REPEATS)
        for case in sentences.sentences()
    )


def _short_ms(understander: Understander, flow: Flow) -> float:
    """A short answer to the question that is open: the mean over the questions, of each the median of its repeats."""
    context = understander.context(_HERE)
    asked = [(question, SHORT[question.name]) for question in flow.questions if question.name in SHORT]
    assert len(asked) == len(SHORT)
    return fmean(_median(partial(_hear, flow, question, text, context), REPEATS * 10) for question, text in asked)


def _hear(flow: Flow, question: Question | None, text: str, context: Context) -> None:
    with suppress(Refused):
        hear(flow, question, text, context, Answers({}))


def _odd(understander: Understander, flow: Flow, areas: Areas, count: int) -> dict[str, Sequence[float]]:
    context = understander.context(_HERE)
    texts = odd_texts(count, areas, [case.text for case in sentences.sentences()])
    turns = [
        partial(_hear, flow, question, text, context)
        for question, text in zip(cycle((None, *flow.questions)), texts, strict=False)
    ]
    gc.collect()
    gc.freeze()  # as the service does once its tables are read
    spans = [_milliseconds(turn) for turn in turns]
    slowest = sorted(range(count), key=spans.__getitem__)[-SLOWEST:]
    worst = max(min(_milliseconds(turns[n]) for _ in range(2)) for n in slowest)
    gc.unfreeze()
    return {"readers_p99_ms": [quantiles(spans, n=100)[98]], "readers_worst_ms": [worst]}


def _share_right(understander: Understander, kind: str, lines: Sequence[Case]) -> float:
    return sum(not wrong(case, understander.understand(kind, case.text, case.given)) for case in lines) / len(lines)


PART = Part(
    (
        Figure("readers_median_ms", Better.LOWER, 0.3),
        Figure("readers_short_ms", Better.LOWER, 0.1),
        Figure("readers_p99_ms", Better.LOWER),
        Figure("readers_worst_ms", Better.LOWER, 20),
        Figure("readers_import_s", Better.LOWER, 0.3),
        Figure("sentences_right", Better.HIGHER, 0.9),
        Figure("sentences_questions", Better.LOWER),
        Figure("readers_right_days", Better.HIGHER),
        Figure("readers_right_places", Better.HIGHER),
        *(Figure(f"{name}_import_s", Better.LOWER) for name in ("jionlp", "dateparser", "cpca")),
        *(Figure(f"{name}_median_ms", Better.LOWER) for name in ("jionlp", "dateparser", "cpca")),
        *(Figure(f"{name}_right_days", Better.HIGHER) for name in ("jionlp", "dateparser")),
        *(Figure(f"{name}_right_places", Better.HIGHER) for name in ("jionlp", "cpca")),
    ),
    measure,
)
