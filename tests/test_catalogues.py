"""Translations: every sentence is in every catalogue, none lost a placeholder, and what the program reads is what translators wrote."""

from __future__ import annotations

import catalogues
import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from write_cyrillic import cyrillic

ALL = [*catalogues.LANGUAGES, catalogues.FROM_LATIN]


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Every sentence of the program."""
    return {catalogues.key(message) for message in catalogues.template() if message.id}


@pytest.mark.parametrize("language", ALL)
def test_the_catalogue_holds_the_sentences_of_the_program_and_no_others(language: str, sentences: set[str]) -> None:
    held = {catalogues.key(message) for message in catalogues.read(language) if message.id}
    assert held == sentences, "run: .venv/bin/python tools/catalogues.py update"


@pytest.mark.parametrize("language", ALL)
def test_placeholders_tags_and_plural_forms_are_kept(language: str) -> None:
    catalogue = catalogues.read(language)
    wrong = [f"{message.id!r}: {why}" for message in catalogue
             if message.id and message.string and (why := catalogues.fault_of(message, message.string, catalogue.num_plurals))]  # fmt: skip
    assert wrong == []


def _key(message: Message) -> str:
    """As catalogues.key; a compiled catalogue gives contexts as bytes."""
    if isinstance(message.context, bytes):
        message.context = message.context.decode()
    return catalogues.key(message)


def _forms(message: Message) -> tuple[str, ...]:
    """A compiled catalogue gives plural forms as a list."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.mark.parametrize("language", ALL)
def test_the_program_reads_what_the_translators_wrote(language: str) -> None:
    with (catalogues.LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {_key(one): _forms(one) for one in read_mo(file) if one.id}
    written = {_key(one): _forms(one) for one in catalogues.read(language) if one.id and one.string and any(one.string)}
    assert compiled == written, "run: .venv/bin/python tools/catalogues.py compile"


@pytest.mark.parametrize("language", ALL)
def test_a_catalogue_says_whether_a_native_speaker_reviewed_it(language: str) -> None:
    path = catalogues.LOCALE / language / "LC_MESSAGES" / "django.po"
    assert "# Reviewed by a native speaker: " in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("latin", "written"), [
    ("Njegoš ljubi džem u Đakovici.", "Његош љуби џем у Ђаковици."), ("NJEGOŠ LJUBI DŽEM", "ЊЕГОШ ЉУБИ ЏЕМ"),
    ("Podaci u CSV i PDF: %(count)s {name}", "Подаци у CSV и PDF: %(count)s {name}"),
    ("Injekcija i konjunktura", "Инјекција и конјунктура"),
    ("Nadživeti", "Надживети"), ('<a href="/nj/">Nije</a> &amp; još', '<a href="/nj/">Није</a> &amp; још'),
])  # fmt: skip
def test_serbian_changes_its_letters_and_nothing_else(latin: str, written: str) -> None:
    assert cyrillic(latin) == written


@pytest.mark.parametrize("language", ALL)
def test_no_sentence_is_missing(language: str) -> None:
    lacks = [message.id for message in catalogues.untranslated(language)]
    assert lacks == [], f"run: .venv/bin/python tools/catalogues.py missing {language}"
