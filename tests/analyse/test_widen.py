"""Tables for the public: small places stand together, small counts go, and nobody computes them from the rest."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from people import People

from fairwitness.analyse.hide_cells import hide, with_totals
from fairwitness.analyse.rules import COUNTING, SMALL
from fairwitness.analyse.tabulate import months
from fairwitness.analyse.widen import RULE, PublicTable, regions_of, tabulate_for_the_public
from fairwitness.errors import BadInput
from fairwitness.mission.models import Area, Place, PlaceName, Term
from fairwitness.monitor.models import Activity, Observation
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

BY = command()


def computable(counts: Sequence[Sequence[int]], hidden: frozenset[tuple[int, int]]) -> list[tuple[int, int]]:
    """The hidden positions that follow from what is shown: solved as a reader would, by elimination over every row and column sum."""
    table, unknown = with_totals(counts), sorted(hidden)
    rows: list[list[Fraction]] = []
    high, wide = len(table), len(table[0])
    for line in [[(i, j) for j in range(wide)] for i in range(high)] + [[(i, j) for i in range(high)] for j in range(wide)]:
        sign = {at: -1 if at == line[-1] else 1 for at in line}
        rows.append([Fraction(sign.get(at, 0)) for at in unknown])
    solved: list[tuple[int, int]] = []
    at = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][column] for value in rows[at]]
        for r in range(len(rows)):
            if r != at and rows[r][column]:
                rows[r] = [value - rows[r][column] * own for value, own in zip(rows[r], rows[at], strict=True)]
        at += 1
    for row in rows:
        if sum(1 for value in row if value) == 1:
            solved.append(unknown[next(i for i, value in enumerate(row) if value)])
    return solved


def test_the_reader_who_computes_finds_what_was_only_left_blank() -> None:
    """The check itself can fail: one blank in a row with its total is found at once."""
    assert computable([[1, 20], [30, 40]], frozenset({(0, 0)})) == [(0, 0)]


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_count_can_be_computed_and_every_small_one_is_hidden(seed: int) -> None:
    dice = random.Random(seed)
    high, wide = dice.randint(1, 7), dice.randint(1, 6)
    counts = [[dice.choice((0, 0, 1, 2, 4, 5, 9, 30, 200)) for _ in range(wide)] for _ in range(high)]
    hidden, table = hide(counts), with_totals(counts)
    assert all((i, j) in hidden for i, row in enumerate(table) for j, count in enumerate(row) if 0 < count < SMALL)
    assert all(table[i][j] for i, j in hidden), "a zero is never left out: it cannot go down"
    assert computable(counts, hidden) == []
    for i, row in enumerate(table):
        gone = [count for j, count in enumerate(row[:-1]) if (i, j) in hidden]
        assert not gone or (i, wide) in hidden or sum(gone) >= SMALL, "taken together they are no small count either"


def test_nothing_is_hidden_without_need() -> None:
    assert hide([[5, 0], [7, 20]]) == frozenset()
    assert hide([[1, 20, 30], [6, 40, 50]]) == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.fixture
def attack(people: People) -> People:
    """Prizren has one attack in a village of few families; its neighbour in the same region has seven; far away there are nine."""
    near, far = (Place(code=code, authority="ask", kind="municipality", parent=people.places["Kosovo"], source="test") for code in "78")
    keep_many([near, far], by=BY, verb=Verb.PLACE_EDIT)
    keep_many(
        [PlaceName(place=place, text=text, language="sq", script="Latn", form="main", authority="test", given=text)
         for place, text in ((near, "Afër"), (far, "Larg"))], by=BY, verb=Verb.PLACE_EDIT,
    )  # fmt: skip
    Area(unit=people.units["PZ-T1"], place=near, invented=True).keep(by=BY, verb=Verb.AREA_EDIT)
    Area(unit=people.units["MI-T1"], place=far, invented=True).keep(by=BY, verb=Verb.AREA_EDIT)
    Term(vocabulary="event", code="attack", label="physical attack").keep(by=BY, verb=Verb.TERM_EDIT)
    people.places |= {"near": near, "far": far}
    for place, many in ((people.places["Planjane"], 1), (near, 7), (far, 9)):
        for number in range(many):
            seen(people, f"{place.code}-{number}", place)
        Activity(
            code=f"V{place.code}", kind="visit", purpose="Look", place=place, unit=people.units["HQ"], sensitivity=1, state="done",
            started=datetime.fromisoformat("2024-05-02T08:00+00:00"), ended=datetime.fromisoformat("2024-05-02T09:00+00:00"),
            time_zone="Europe/Belgrade", safety="none",
        ).keep(by=BY, verb=Verb.ACTIVITY_REPORT)  # fmt: skip
    return people


def seen(people: People, code: str, place: Any, sensitivity: int = 1) -> None:
    Observation(
        code=f"X{code}", headline="A man was struck", kind="attack", means="saw", place=place, unit=people.units["HQ"],
        sensitivity=sensitivity, occurred_from=datetime.fromisoformat("2024-05-02T10:00+00:00"), time_zone="Europe/Belgrade",
    ).keep(by=BY, verb=Verb.OBSERVATION_SUBMIT)  # fmt: skip


def public(people: People, first: date = date(2024, 5, 1), **more: Any) -> PublicTable:
    return tabulate_for_the_public(
        people.hand(people.analyst), "observations", months(first, date(2024, 5, 1)), kind="attack", **{"rule": COUNTING["C-1"], **more}
    )


@pytest.mark.django_db
def test_scenario_16_one_attack_among_few_families_stands_in_its_region(attack: People) -> None:
    """Scenario 16: one attack in a village of few families: the public table counts it in the region, and says by which rule."""
    made = public(attack)
    pooled = next(row for row in made.rows if row.region)
    assert set(pooled.places) == {attack.places["Prizren"].pk, attack.places["near"].pk}
    assert pooled.region == "Regional Centre Prizren" and pooled.cells == (8, 8), "one and seven, and nobody learns that it is one"
    assert made.together == 2 and made.left_out == 0 and made.totals.cells == (17, 17)
    assert regions_of([attack.places["far"].pk])[attack.places["far"].pk].startswith("Regional Centre Mitrov")
    quiet = next(row for row in made.rows if row.places == (attack.places["Leposavić"].pk,))
    assert quiet.cells == (-1, -1), "where nobody looked there is no zero"


@pytest.mark.django_db
def test_scenario_16_what_stays_small_over_the_months_is_left_out_with_what_gives_it_back(attack: People) -> None:
    april = datetime.fromisoformat("2024-04-02T10:00+00:00")
    for number, place in enumerate(["near", *["far"] * 8]):
        one = Observation(
            code=f"XA{number}", headline="A man was struck", kind="attack", means="saw", place=attack.places[place],
            unit=attack.units["HQ"], sensitivity=1, occurred_from=april, time_zone="Europe/Belgrade",
        )  # fmt: skip
        one.keep(by=BY, verb=Verb.OBSERVATION_SUBMIT)
    made = public(attack, date(2024, 4, 1))
    pooled, far = (next(row for row in made.rows if bool(row.region) is wanted and (row.cells[-1] or 0) > 0) for wanted in (True, False))
    assert pooled.cells == (None, None, 9) and far.cells == (None, None, 17) and made.totals.cells == (9, 17, 26)
    assert made.left_out == 4


@pytest.mark.django_db
def test_one_case_in_all_points_at_no_place(people: People) -> None:
    Term(vocabulary="event", code="attack", label="physical attack").keep(by=BY, verb=Verb.TERM_EDIT)
    seen(people, "only", people.places["Planjane"])
    made = public(people)
    assert len(made.rows) == 1 and len(made.rows[0].places) == 2, "it stands with every other municipality"
    assert made.rows[0].cells == (None, None) and made.totals.cells == (None, None)


@pytest.mark.django_db
def test_what_is_heavy_or_told_is_not_counted_for_the_public(attack: People) -> None:
    seen(attack, "heavy", attack.places["far"], sensitivity=2)
    assert public(attack).totals.cells == (17, 17)
    for what, rule in (("claims", "C-1"), ("observations", "C-2")):
        with pytest.raises(BadInput):
            tabulate_for_the_public(attack.hand(attack.analyst), what, months(date(2024, 5, 1), date(2024, 5, 1)), rule=COUNTING[rule])


@pytest.mark.django_db
def test_scenario_16_on_the_page_and_in_the_file(attack: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    reader = Client()
    reader.force_login(Account.objects.create_account("analyst", None, attack.analyst.id))
    asked = "/analyse/public/?what=observations&kind=attack&since=2024-05&until=2024-05&rule=C-1"
    page = reader.get(asked)
    words = page.content.decode()
    assert page.status_code == 200 and str(RULE) in words and "Prizren" in words and "2 municipalities together" in words
    assert "Pllanjanë" not in words and "Planjane" not in words
    assert asked.replace("&", "&amp;") in reader.get(asked.replace("public/", "")).content.decode()
    assert reader.get(asked.replace("observations", "claims")).status_code == 422
    refused = reader.get(f"{asked}&format=csv")
    assert refused.status_code in (200, 403)
    if refused.status_code == 200:
        assert str(RULE) in refused.content.decode("utf-8-sig")
