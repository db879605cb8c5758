"""Every word that recipients see exists in every language, and what is compiled is what was written.

Nothing here needs GNU gettext; `scripts/translations`, which does, mends what these find.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALES = [to_locale(language) for language, _name in settings.LANGUAGES if language != "en-gb"]
# What `scripts/translations` leaves out: pages for people at work are English.
SPOKEN = ("accounts", "customers", "delivery_otp", "handoffs", "notifications", "orders")
ENGLISH = {"start.html", "sandbox.html", "sandbox.py"}
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
PLACE = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"<[^>]*>")


def catalogue(locale: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"))


def forms(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """The translation, in each of its plural forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def told(source: str) -> Iterator[str]:
    """What a Python source marks for translation, singular forms only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def told_in_template(source: str) -> Iterator[str]:
    # Django writes templates as calls for xgettext to read, strings and all, with other things between.
    for call in re.finditer(
        r"\b(?:_|n?gettext)\((u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\")", templatize(source)
    ):
        yield ast.literal_eval(call[1])


def spoken() -> set[str]:
    """Everything that the code says to recipients."""
    found: set[str] = set()
    for app in SPOKEN:
        for path in (ROOT / app).rglob("*"):
            if path.name in ENGLISH or "tests" in path.parts:
                continue
            if path.suffix == ".py":
                found |= set(told(path.read_text()))
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                found |= set(told_in_template(path.read_text()))
    return found


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.name for path in (ROOT / "locale").iterdir()} == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_code_says_is_what_is_translated(locale: str) -> None:
    written = {entry.msgid for entry in catalogue(locale)}
    said = spoken()
    assert said - written == set(), "run scripts/translations and translate these"
    assert written - said == set(), "run scripts/translations: nothing says these any more"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_left_untranslated_or_guessed(locale: str) -> None:
    entries = catalogue(locale)
    assert [entry.msgid for entry in entries if not all(forms(entry)) or entry.obsolete] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_number_has_its_form(locale: str) -> None:
    entries = catalogue(locale)
    number = int(re.findall(r"nplurals=(\d)", entries.metadata["Plural-Forms"])[0])
    assert [
        e.msgid for e in entries if e.msgid_plural and sorted(e.msgstr_plural) != list(range(number))
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    compiled = polib.mofile(str(ROOT / "locale" / locale / "LC_MESSAGES" / "django.mo"))
    by_id = {(entry.msgid, entry.msgid_plural): forms(entry) for entry in compiled}
    assert by_id == {(entry.msgid, entry.msgid_plural): forms(entry) for entry in catalogue(locale)}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_places_and_the_markup_of_its_original(locale: str) -> None:
    wrong = []
    for entry in catalogue(locale):
        for form in forms(entry):
            same_places = sorted(PLACE.findall(form)) == sorted(PLACE.findall(entry.msgid))
            same_tags = TAG.findall(form) == TAG.findall(entry.msgid)
            counts_one = bool(entry.msgid_plural) and set(PLACE.findall(form)) <= set(
                PLACE.findall(entry.msgid)
            )
            if not same_tags or not (same_places or counts_one):
                wrong.append((entry.msgid, form))
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_breaks_no_attribute_and_hides_nothing(locale: str) -> None:
    """Some stand in an HTML attribute, and Django trusts them all."""
    for entry in catalogue(locale):
        for form in forms(entry):
            bare = TAG.sub("", form)
            assert not re.search(r"[\"<>&\x00-\x1f\u202a-\u202e\u2066-\u2069]", bare), form


@pytest.mark.parametrize("locale", LOCALES)
def test_numbers_are_written_in_ascii_digits(locale: str) -> None:
    for entry in catalogue(locale):
        for form in forms(entry):
            assert all(character in "0123456789" for character in form if character.isdigit()), form
