"""What the code says and what the catalogues hold are the same, in every language."""

import re
import sys
from pathlib import Path

import pytest

from caloria.forms.base import Form
from caloria.forms.names import NAMES
from caloria.languages import FIRST, LANGUAGES
from caloria.models.user import LANGUAGES as STORED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bin"))

import _catalogue

PAGES = Path(__file__).resolve().parents[1] / "caloria" / "templates"
SHOWS_PARTS = PAGES / "styleguide"  # for developers
# What a page holds beside words, besides tags: remarks, blocks that name classes or ids, statements, values.
NO_WORDS = [
    re.compile(pattern, re.DOTALL)
    for pattern in (r"{#.*?#}", r"{% block (width|undo_targets) %}.*?{% endblock %}", r"{[{%].*?[%}]}")
]
SPOKEN = re.compile(r"(?:aria-label|title|placeholder|alt|data-say)=\"([^\"]*)\"")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|<[^>]+>")
OTHERS = [language for language in LANGUAGES if language != FIRST]


def by_id(catalogue) -> dict:
    return {(message.context, message.id): message for message in catalogue if message.id}


@pytest.fixture(scope="module")
def said() -> dict:
    return by_id(_catalogue.said())


@pytest.fixture(params=OTHERS)
def language(request) -> str:
    return request.param


@pytest.fixture
def kept(language):
    return _catalogue.kept(language)


def strings(text) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def test_every_language_that_one_can_choose_has_a_catalogue_and_a_place():
    assert set(OTHERS) == set(_catalogue.languages())
    assert set(LANGUAGES) == set(STORED)


def test_the_code_says_nothing_that_is_in_no_catalogue(said, kept):
    assert not said.keys() - by_id(kept).keys(), "run bin/translate and fill in the empty msgstr"


def test_no_catalogue_holds_what_the_code_no_longer_says(said, kept):
    assert not by_id(kept).keys() - said.keys(), "run bin/translate"
    assert not kept.obsolete, "run bin/translate"


def test_every_text_is_translated_and_none_by_guess(kept):
    wanting = [each.id for each in by_id(kept).values() if each.fuzzy or not _catalogue.all_said(each)]
    assert not wanting


def test_a_translation_fills_in_the_same_values_and_keeps_the_markup(kept):
    for message in by_id(kept).values():
        # Each plural of a language is compared with the plural of the code: both name the number.
        wanted = placeholders(strings(message.id)[-1])
        for string in filter(None, strings(message.string)):
            assert placeholders(string) == wanted, message.id


def test_what_is_read_at_run_time_is_what_the_catalogue_says(language, kept):
    assert _catalogue.place(language, "mo").read_bytes() == _catalogue.compiled(kept), "run bin/translate"


def test_no_page_says_a_word_past_the_catalogue():
    pages = [page for page in PAGES.rglob("*.*") if SHOWS_PARTS not in page.parents]
    words = {str(page): words_past_the_catalogue(page.read_text(encoding="utf-8")) for page in pages}
    assert not {page: said for page, said in words.items() if said}


def words_past_the_catalogue(text: str) -> set[str]:
    for pattern in NO_WORDS:
        text = pattern.sub(" ", text)
    words = " ".join([re.sub(r"<[^>]*>", " ", text), *SPOKEN.findall(text)])
    return set(re.findall(r"[^\W\d_]{2,}", words)) - {"caloria", "Caloria"}


def test_every_field_that_may_be_shown_by_its_name_alone_has_one(app):
    fields = {
        name for form in _all(Form) for name in dir(form) if hasattr(getattr(form, name), "field_class")
    }
    named = {name.replace("_", " ").capitalize() for name in fields - {"id"}}
    assert named == set(NAMES)


def _all(form) -> list:
    return [form, *(each for child in form.__subclasses__() for each in _all(child))]
