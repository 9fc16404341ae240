"""One person under two codes: asked by the role of identities alone, and nothing made from a name is shown, kept or logged."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from people import People
from room_pages import client, words

from fairwitness.analyse.match_sources import match_sources
from fairwitness.analyse.numbers.match.fold_names import fold_name
from fairwitness.errors import BadInput, Refused
from fairwitness.monitor import vault
from fairwitness.monitor.models import Source
from fairwitness.monitor.protect import protect_source
from fairwitness.monitor.source import register_source
from fairwitness.record.kept import Kept
from fairwitness.record.ledger.entry import open_body
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
NAMES = ("Gjergj Testhoxha", "Ђерђ Тестхоџа", "Ayla Probedemir", "Zoran Probepetkov", "Lule Testshala")
WHY = "Two consents of one witness"


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


@pytest.fixture
def sources(people: People) -> list[Source]:
    """Five codes of invented names, the first two of one person in two spellings."""
    by = people.hand(people.monitor)
    made = [register_source(category="resident", by=by) for _ in NAMES]
    for one, name in zip(made, NAMES, strict=True):
        vault.keep_identity(one, name=name, by=by)
    return made


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every kept row of the mission."""
    kept = [model for model in apps.get_models() if issubclass(model, Kept)]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in kept}


def traces() -> list[str]:
    """What a name could leave behind: its words, their keys, and what says in which script or language it was."""
    made = [word for name in NAMES for word in (*name.split(), *fold_name(name).split())]
    return [word.casefold() for word in made if len(word) > 2] + ["cyrl", "latn", "script", "albanian", "serbian", "turkish"]


def test_two_codes_of_one_person_are_a_pair_in_whatever_spelling(people: People, sources: list[Source]) -> None:
    found = match_sources(why=WHY, by=people.hand(people.keeper))
    assert [(one.code, other.code) for one, other, _ in found][:1] == [tuple(sorted(one.code for one in sources[:2]))]
    assert 0.5 < found[0][2] < 1 and all(chance < 0.5 for _, _, chance in found[1:])


def test_nothing_made_from_a_name_is_on_the_page_in_the_database_or_in_the_log(
    people: People, sources: list[Source], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before, entries = rows(), Entry.objects.count()
    door = client(people.keeper)
    capfd.readouterr()
    with caplog.at_level(logging.DEBUG):
        answer = door.post(reverse("web:vault_duplicates"), {"why": WHY})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    page = answer.content.decode().casefold()
    body = page[page.index("<main") : page.index("</main")]
    assert sources[0].code.casefold() in body and sources[1].code.casefold() in body and "probability " in body
    logged = f"{caplog.text}{''.join(capfd.readouterr())}".casefold()
    for trace in traces():
        assert trace not in body and trace not in logged, trace
    assert rows() == before, "nothing is stored"
    assert Entry.objects.count() == entries + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert read_note(entry) == {"why": WHY, "compared": 5} and entry.verb == "identity.compare"
    held = str(open_body(bytes(entry.body or b""))).casefold()
    assert not [trace for trace in traces() if trace in held] and sources[0].code.casefold() not in held


def test_the_role_of_identities_alone_and_with_a_reason(people: People, sources: list[Source]) -> None:
    address = reverse("web:vault_duplicates")
    for other in (people.monitor, people.analyst, people.clearer, people.stranger, people.custodian, people.leader):
        with pytest.raises(Refused):
            match_sources(why=WHY, by=people.hand(other))
        assert client(other).get(address).status_code == 403 == client(other).post(address, {"why": WHY}).status_code
    for why in ("", "x", "  \t ", "x" * 301, "why\x00not"):
        with pytest.raises(BadInput):
            match_sources(why=why, by=people.hand(people.keeper))
    assert client(people.keeper).post(address, {"why": " "}).status_code == 422
    assert not Entry.objects.filter(verb=Verb.IDENTITY_COMPARE.value).exists(), "only what was done is on record"
    assert address in client(people.keeper).get(reverse("web:vault")).content.decode()
    assert address not in client(people.monitor).get(reverse("web:vault")).content.decode()


def test_each_run_is_on_record_before_a_name_is_read(people: People, sources: list[Source]) -> None:
    def fails(names: list[str]) -> list[tuple[int, int, float]]:
        assert Entry.objects.filter(verb=Verb.IDENTITY_COMPARE.value).count() == 1
        raise BadInput("It broke.")

    with pytest.raises(BadInput):
        vault.compare_identities(fails, why=WHY, by=people.hand(people.keeper))
    assert Entry.objects.filter(verb=Verb.IDENTITY_COMPARE.value).count() == 1


def test_a_protected_source_is_compared_no_more_and_an_empty_vault_has_no_pair(
    people: People, sources: list[Source], django_capture_on_commit_callbacks: Any
) -> None:
    keeper = people.hand(people.keeper)
    with django_capture_on_commit_callbacks(execute=True):
        protect_source(sources[1], destroy=True, why="In danger", by=keeper)
    assert all(sources[1] not in (one, other) for one, other, _ in match_sources(why=WHY, by=keeper))
    with django_capture_on_commit_callbacks(execute=True):
        for one in (sources[0], *sources[2:]):
            protect_source(one, destroy=True, why="In danger", by=keeper)
    assert match_sources(why=WHY, by=keeper) == []
    assert "No two codes look like one person" in words(client(people.keeper).post(reverse("web:vault_duplicates"), {"why": WHY}))
