"""One message as one reader gets it: text and buttons in their language, masked where the channel leads abroad."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.channels import Traits
from texts.catalogue import Catalogue
from texts.say import Button, Say

LONGEST_LABEL = 64  # characters; what a phone shows of a button in one or two lines


class Rendered(Struct, frozen=True):
    """A message in words. `buttons` are (label, data) pairs, empty where the channel has none."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


def rendered(says: Sequence[Say], catalogue: Catalogue, traits: Traits) -> Rendered:
    """What was said as one message, a line (or more) for each sentence and the buttons of all below.

    Where the channel has no buttons they stand in the text: numbered lines, and one last line with the words that
    answer a notice, which no number chooses.
    """
    lines = [catalogue.word(say.words, masked=traits.abroad) for say in says]
    shown = [button for say in says for button in say.buttons if button.shown]
    labels = [(_label(button, catalogue, traits), button) for button in shown]
    if traits.buttons:
        return Rendered("\n".join(lines), tuple((label, button.data) for label, button in labels))
    lines += [f"{button.number} {label}" for label, button in labels if button.number]
    words = " / ".join(label for label, button in labels if not button.number)
    return Rendered("\n".join([*lines, words] if words else lines))


def _label(button: Button, catalogue: Catalogue, traits: Traits) -> str:
    label = catalogue.word(button.words, masked=traits.abroad)
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
