"""A person's mistake, named by the key of the sentence that tells them about it."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """What a person asked for can't be done, and why.

    `key` names a sentence in texts/ and `values` what stands in its gaps. `question` names the question of the
    open conversation (or the field of a form) where the mistake happened; None where it belongs to no single one.
    """

    def __init__(self, key: str, /, question: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.question = question
        self.values = values


class NotFound(Refused):
    """There is no such thing, or it lies outside what this person may see: they are told the same."""

    def __init__(self) -> None:
        super().__init__("console.not_found")


class Faults(Refused):
    """Several mistakes in one form: `by_field` maps the name of a field to what is wrong with it (never empty)."""

    def __init__(self, by_field: Mapping[str, Refused]) -> None:
        super().__init__("console.faults")
        self.by_field = dict(by_field)
