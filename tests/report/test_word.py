"""Wording comes from the state of what is cited, never from the drafter; terms are pointed at and quotations left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fairwitness.mission.models import Term
from fairwitness.monitor.models import Claim, Event, SourceLink
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.report.check_words import check_words
from fairwitness.report.contradict import contradictions
from fairwitness.report.read import read
from fairwitness.report.word import plain
from fairwitness.report.write import write_paragraph

pytestmark = pytest.mark.django_db


def says(week: Any, code: str, text: str = "In Prizren the mission {1:says} it.{1}") -> tuple[str, str]:
    report = week.report()
    write_paragraph(report, 1, "", text, [(1, "", code)], by=week.hand("drafter"))
    pieces = read(report).paragraphs[0].pieces
    styled = next(piece for piece in pieces if piece.text in text or piece.style in ("seen", "said", "tested") or "confirmed" in piece.text)
    return plain(pieces), next((p.style for p in pieces if p.style != "plain"), styled.style)


@pytest.mark.parametrize(
    ("means", "word"), [("saw", "observed"), ("heard", "heard"), ("camera", "recorded"), ("interlocutor", "reportedly")]
)
def test_means_decide_the_verb(week: Any, means: str, word: str) -> None:
    """Seen is observed, heard is heard, a device recorded, what somebody else wrote is reported."""
    week.observation("PZ-1", means)
    text, style = says(week, "PZ-1")
    assert text == f"In Prizren the mission {word} it."
    assert style == ("said" if means == "interlocutor" else "seen")


@pytest.mark.parametrize(
    ("state", "word", "style"),
    [("reported", "reportedly", "said"), ("alleged", "allegedly", "said"), ("unable", "was unable to confirm", "tested")],
)
def test_the_state_of_a_claim_decides_the_verb(week: Any, state: str, word: str, style: str) -> None:
    """The end of an unconfirmed arrest: tested in vain, it prints as such."""
    week.claim("PZ-C9", state)
    assert says(week, "PZ-C9") == (f"In Prizren the mission {word} it.", style)


def test_a_state_that_changes_changes_the_draft(week: Any) -> None:
    """The same paragraph, never touched, follows the claim from reported to tested."""
    report = week.report()
    write_paragraph(report, 1, "", "{1:Says}, a man was arrested.{1}", [(1, "monitor.claim", "PZ-C1")], by=week.hand("drafter"))
    assert plain(read(report).paragraphs[0].pieces) == "Reportedly, a man was arrested."
    claim = Claim.objects.get(code="PZ-C1")
    claim.state, claim.tested = Claim.UNABLE, "Police would not say."
    claim.keep(by=command(), verb=Verb.CLAIM_TEST)
    assert plain(read(report).paragraphs[0].pieces).startswith("Was unable to confirm")


def test_verified_says_by_how_many_of_how_many_kinds(week: Any) -> None:
    """Two residents and the mission's own eyes are three sources of two kinds."""
    first, second = week.claim("PZ-C7", "verified"), week.claim("PZ-C8", "reported")
    event = Event(
        code="PZ-E1", kind="arrest", title="Arrest", place=first.place, unit=first.unit, sensitivity=1, occurred_from=first.told,
        time_zone="Europe/Belgrade",
    )  # fmt: skip
    event.keep(by=command(), verb=Verb.EVENT_OPEN)
    for end in ({"claim": first}, {"claim": second}, {"observation": week.seen}):
        SourceLink(event=event, reason="test", **end).keep(by=command(), verb=Verb.EVENT_LINK)
    text, style = says(week, "PZ-C7", "{1:Says}: a man was arrested.{1}")
    assert (text, style) == ("Confirmed by 3 sources of 2 kinds: a man was arrested.", "plain")


def test_verified_by_nobody_else_stops_clearance(week: Any) -> None:
    """A claim called verified with one source is a contradiction."""
    week.claim("PZ-C7", "verified")
    report = week.report()
    write_paragraph(report, 1, "", "{1:Says}: a man was arrested.{1}", [(1, "", "PZ-C7")], by=week.hand("drafter"))
    assert [one.kind for one in contradictions(report)] == ["proof"]


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("A man was arrested in the morning.{1}", True),
        ("The mission observed that a man was reportedly arrested.{1}", True),
        ("A woman said that a man was arrested.{1}", False),
        ("{1:Says}, a man was arrested.{1}", False),
    ],
)
def test_the_drafter_cannot_upgrade(week: Any, text: str, stopped: bool) -> None:
    """A statement told as a fact, or as if we had seen it, stops clearance."""
    report = week.report()
    write_paragraph(report, 1, "", text, [(1, "", "PZ-C1")], by=week.hand("drafter"))
    assert [one.kind for one in contradictions(report)] == (["wording"] if stopped else [])


def test_quotations_stay_and_facts_come_from_the_source(week: Any) -> None:
    """Counts, dates and places are taken over; what stands in quotation marks is set as a quotation."""
    report = week.report()
    text = "On {1:date} the mission {1:saw} {1:count} signs in {1:place}.{1} The mayor called them “the state’s border signs”."
    write_paragraph(report, 1, "", text, [(1, "", "PZ-0417")], by=week.hand("drafter"))
    pieces = read(report).paragraphs[0].pieces
    assert plain(pieces) == (
        "On 13 May 2026 the mission saw 3 signs in Pllanjanë/Planjane. The mayor called them “the state’s border signs”."
    )
    assert {(p.style, p.text) for p in pieces} >= {("quote", "“the state’s border signs”"), ("calc", "3"), ("seen", "saw")}
    assert {p.sentence for p in pieces if p.style == "quote"} == {1}


def test_house_style_turns_the_order(week: Any) -> None:
    """Leposavić/Leposaviq stands in the order of its exception, Prizren stands once."""
    report = week.report()
    write_paragraph(report, 1, "", "In {place:ask:12} and {place:ask:18} it rained.", by=week.hand("drafter"))
    assert plain(read(report).paragraphs[0].pieces) == "In Leposavić/Leposaviq and Prizren it rained."


def test_terms_are_pointed_at_but_not_in_quotations(week: Any) -> None:
    """The checker names the longest term, the mission's own and the reason, and edits nothing."""
    for code, label, avoid in (("border", "crossing point", ["border", "border crossing"]), ("kosovar", "of Kosovo", ["Kosovar"])):
        Term(vocabulary="wording", code=code, label=label, aliases=avoid, note="Takes a side.", source="test").keep(
            by=command(), verb=Verb.TERM_EDIT
        )
    flags = check_words("At the border crossing a guard said “this is the border”. Kosovars waited, a Kosovar said.", date(2026, 5, 1))
    assert [(flag.word, flag.prefer) for flag in flags] == [("border crossing", "crossing point"), ("Kosovar", "of Kosovo")]
