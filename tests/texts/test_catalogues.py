"""Each key has its sentence in every language, with the same gaps; a language's files are merged without a clash."""

from __future__ import annotations

import re
import string
from importlib.resources import files
from pathlib import Path

import pytest

from bot import tables
from tests.answers.setting import areas, catalogues

PIECES = {"value.place", "value.day"}  # each language takes of their gaps what it needs


def _gaps(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def test_languages_have_the_same_keys() -> None:
    chinese, english = (set(catalogue.sentences) for catalogue in catalogues().values())
    assert chinese == english


def test_sentences_have_the_same_gaps_in_every_language_and_form() -> None:
    chinese, english = (catalogue.sentences for catalogue in catalogues().values())
    differing = {
        key: (sorted(_gaps(chinese[key][0])), sorted(_gaps(form)))
        for key in (chinese.keys() & english.keys()) - PIECES
        for form in (*chinese[key], *english[key])
        if _gaps(form) != _gaps(chinese[key][0])
    }
    assert differing == {}


def test_gaps_are_plain_names() -> None:
    for catalogue in catalogues().values():
        for key, forms in catalogue.sentences.items():
            assert all(gap.isidentifier() for form in forms for gap in _gaps(form)), key


def test_forms_are_as_many_as_the_language_has_plurals() -> None:
    for catalogue in catalogues().values():
        for key, forms in catalogue.sentences.items():
            assert len(forms) in (1, catalogue.plural(2) + 1), key


def test_what_is_english_holds_no_placeholder_of_chinese_punctuation() -> None:
    for key, forms in catalogues()["en"].sentences.items():
        assert not any(re.search("[，。！？]", form) for form in forms), key


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ({"a.po": 'msgid "k"\nmsgstr "1"\n', "b.po": 'msgid "k"\nmsgstr "2"\n'}, "b.po: k stands twice"),
        ({"a.po": 'msgid "k"\nmsgstr "1"\n\nmsgid "k"\nmsgstr "2"\n'}, "a.po: a key stands twice"),
        ({"a.po": 'msgid "k"\nmsgstr ""\n'}, "a.po: k has no words"),
    ],
)
def test_faulty_files_stop_the_start(
    texts: dict[str, str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    for language in tables.LANGUAGES.values():
        (tmp_path / language).mkdir()
        for name, body in texts.items():
            (tmp_path / language / name).write_text(head + body, encoding="utf-8")
    monkeypatch.setattr(tables, "files", lambda package: tmp_path if package == "texts" else files(package))
    with pytest.raises(ValueError, match=re.escape(complaint)):
        tables.load_catalogues(areas(), "")
