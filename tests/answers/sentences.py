"""The whole sentences of tests/sentences.tsv and sentences_unseen.tsv: how many are understood as a clerk would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from typing_extensions import override

from bot.understanding import Case, Circumstances, Understander, Understood, cases, moment, wrong

MENDED_BY = Path(__file__).parents[1] / "sentences.tsv"
UNSEEN = Path(__file__).parents[1] / "sentences_unseen.tsv"
_ELSE = Circumstances(moment("2027-02-08T09:00"))  # every line says its own


@lru_cache
def sentences(file: Path = MENDED_BY) -> tuple[Case, ...]:
    """Every line of the file."""
    return tuple(cases(file, _ELSE))


def is_complete(case: Case) -> bool:
    """Whether the sentence says all that is wanted, so that the review must come at once."""
    return not case.expected["ask"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One sentence, what was made of it, and the columns that are not as expected."""

    case: Case
    understood: Understood
    wrong: tuple[str, ...]

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The columns that hold another value than the person said; one that is only missing is asked for."""
        return tuple(name for name in self.wrong if name != "ask" and self.understood[name] is not None)

    @override
    def __str__(self) -> str:
        lines = (f"  {name}: {self.case.expected[name]} was said, {self.understood[name]} heard" for name in self.wrong)
        return "\n".join((f"line {self.case.line}: {self.case.text}", *lines))


def tried(readers: Understander, file: Path = MENDED_BY) -> tuple[Tried, ...]:
    """Every sentence, read as first words are."""
    found = ((case, readers.sentence(case.text, case.given)) for case in sentences(file))
    return tuple(Tried(case, understood, wrong(case, understood)) for case, understood in found)


def share_right(all_of_them: Iterable[Tried]) -> float:
    """The share of the complete sentences in which every column is right: the review comes, and it is true."""
    complete = [one for one in all_of_them if is_complete(one.case)]
    return sum(not one.wrong for one in complete) / len(complete)


def mean_questions(all_of_them: Iterable[Tried]) -> float:
    """How many questions a person still gets, on average, whose complete sentence was not wholly understood."""
    rest = [one for one in all_of_them if is_complete(one.case) and one.wrong]
    asked = [one.understood["ask"] for one in rest]
    return sum(len(questions) for questions in asked if isinstance(questions, list)) / max(1, len(rest))
