"""Said in public: it stands for words about whose use the source never said anything, and for nothing else.

Every test takes something back in another way; whatever the way, the public page goes in that moment.
"""

from __future__ import annotations

from typing import Any

import pytest

from fairwitness.errors import BadInput, GateClosed, Gone, OutOfOrder
from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor.claim import state_quote, submit_claim
from fairwitness.monitor.consent import Part, Scope, allows, give, withdraw
from fairwitness.monitor.models import Claim, Consent
from fairwitness.monitor.source import register_source
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.issue import paper
from fairwitness.share import publish as publishing
from fairwitness.share.agree import agree
from fairwitness.share.gate import Request, consents, look
from fairwitness.share.models import Release
from fairwitness.share.publish import publish
from fairwitness.share.serve import open_release, paper_of
from fairwitness.share.take_down import take_down

from .scene import BY, SEEN, TOLD

pytestmark = pytest.mark.django_db
OWN = "https://example.org/statements"


def spoken(stage: Any, code: str, *scopes: Scope, address: str = OWN, quoted: str = OWN + "/2026/05") -> Claim:
    """A claim of a source that speaks in public, quoted from there, with these scopes of consent (none: never a word of use)."""
    made = stage.claim(code)
    source = register_source(
        category="association", by=stage.hand("monitor"), public_source=address, sensitivity=1, unit=stage.people.units["PZ-T1"]
    )
    claim: Claim = Claim.objects.get(pk=made.pk)
    claim.source, claim.quoted_from = source, quoted
    claim.keep(by=BY, verb=Verb.CLAIM_EDIT)
    if scopes:
        give(source, scopes, given=today(), language="sq", by=BY)
    return claim


def out(stage: Any) -> Release:
    return publish(stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1")), by=stage.hand("publisher"))


def test_it_stands_for_an_absent_consent_with_its_reason(stage: Any) -> None:
    claim = spoken(stage, "PZ-C1")
    answer = allows(claim, Use.PUBLIC)
    assert answer.yes and answer.public and "quoted from there" in answer.why
    assert open_release(out(stage).slug).standing


@pytest.mark.parametrize(("address", "quoted"), [
    ("", OWN), (OWN, ""), (OWN, "https://example.org/statements-of-others"), (OWN, "https://example.com/statements"), ("", ""),
])  # fmt: skip
def test_an_address_alone_exempts_nobody(stage: Any, address: str, quoted: str) -> None:
    claim = spoken(stage, "PZ-C1", Scope(Use.INTERNAL), address=address, quoted=quoted)
    assert not allows(claim, Use.PUBLIC).yes
    with pytest.raises(GateClosed):
        out(stage)


@pytest.mark.parametrize("scopes", [(), (Scope(Use.PUBLIC),), (Scope(Use.PUBLIC), Scope(Use.COURT))])
@pytest.mark.parametrize("take", [
    lambda claim: withdraw(claim, by=BY),
    lambda claim: withdraw(claim.source, by=BY),
    lambda claim: withdraw(claim, parts=[Part(Use.PUBLIC)], by=BY),
    lambda claim: withdraw(claim.source, parts=[Part(Use.PUBLIC)], by=BY),
    lambda claim: state_quote(claim, quoted_from="", why="the page is gone", by=BY),
])  # fmt: skip
def test_whatever_is_taken_back_goes_before_what_was_said_in_public(stage: Any, take: Any, scopes: tuple[Scope, ...]) -> None:
    claim = spoken(stage, "PZ-C1", *scopes)
    release = out(stage)
    assert open_release(release.slug).standing
    take(Claim.objects.get(pk=claim.pk))
    if scopes and not Consent.objects.filter(withdrawn__isnull=False).exists():
        assert open_release(release.slug).standing, "the quote went, but a consent for this use stands"
        return
    assert Release.objects.get(pk=release.pk).taken_down is not None
    assert not open_release(release.slug).standing and not allows(Claim.objects.get(pk=claim.pk), Use.PUBLIC).yes
    with pytest.raises(Gone):
        paper_of(release.slug)
    again = look(Request(release.report), by=stage.hand("publisher"))
    assert [key.name for key in again.shut] == ["consent"]


def test_another_use_taken_back_leaves_it(stage: Any) -> None:
    claim = spoken(stage, "PZ-C1")
    release = out(stage)
    withdraw(claim, parts=[Part(Use.COURT)], by=BY)
    assert open_release(release.slug).standing and not allows(claim, Use.COURT).yes


def test_everything_taken_back_holds_for_what_is_quoted_later(stage: Any) -> None:
    first = spoken(stage, "PZ-C1")
    withdraw(first.source, by=BY)
    with pytest.raises(OutOfOrder):
        withdraw(first.source, by=BY)
    later = stage.claim("PZ-C2")
    later = Claim.objects.get(pk=later.pk)
    later.source, later.quoted_from = first.source, OWN
    later.keep(by=BY, verb=Verb.CLAIM_EDIT)
    assert not any(allows(later, use).yes for use in Use)


def test_towards_one_partner_by_name_or_code(stage: Any) -> None:
    partner = stage.people.counterparts["partner"]
    agree(partner, title="t", basis="b", valid_from=today(), ceiling=1, by=BY)
    for number, name in enumerate((partner.name, partner.code.lower()), 1):
        claim = spoken(stage, f"PZ-C{number}", Scope(Use.PARTNERS))
        assert consents([claim.id], Use.PARTNERS, partner)[claim.id].yes
        withdraw(claim.source, parts=[Part(Use.PARTNERS, name)], by=BY)
        assert not consents([claim.id], Use.PARTNERS, partner)[claim.id].yes, name
        assert allows(claim, Use.PARTNERS, "somebody else").yes


def test_what_ran_out_is_no_absence(stage: Any) -> None:
    claim = spoken(stage, "PZ-C1", Scope(Use.PUBLIC))
    line = Consent.objects.get(source=claim.source)
    line.given, line.expires = today().replace(year=2020), today().replace(year=2021)
    line.keep(by=BY, verb=Verb.CONSENT_GIVE)
    assert not allows(claim, Use.PUBLIC).yes


def test_taken_back_while_it_was_printed(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The race: consent goes between the first look at the gate and the writing."""
    claim = spoken(stage, "PZ-C1")
    report = stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1"))
    def slow(content: dict[str, Any]) -> bytes:
        withdraw(claim, by=BY)
        return paper(content)

    monkeypatch.setattr(publishing, "paper", slow)
    with pytest.raises(GateClosed):
        publish(report, by=stage.hand("publisher"))
    assert not Release.objects.exists()


def test_published_again_after_it_was_taken_back(stage: Any) -> None:
    claim = spoken(stage, "PZ-C1")
    release = out(stage)
    take_down(release, why="a figure", by=stage.hand("publisher"))
    withdraw(claim.source, by=BY)
    with pytest.raises(GateClosed):
        publish(release.report, by=stage.hand("publisher"))


def test_the_reaction_ends_it_when_the_act_came_from_elsewhere(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.monitor import consent as rules
    from fairwitness.share.reactions import end_releases

    claim = spoken(stage, "PZ-C1")
    release = out(stage)
    monkeypatch.setattr(rules, "_at_once", [])
    lines = withdraw(claim, by=BY)
    assert Release.objects.get(pk=release.pk).taken_down is None and not open_release(release.slug).standing
    for line in lines:
        end_releases(Entry.objects.get(subject=str(line.pk), verb="consent.withdraw"), command())
    assert Release.objects.get(pk=release.pk).taken_down is not None


def test_both_halves_are_asked_for_and_changes_are_on_record(stage: Any) -> None:
    by = stage.hand("monitor")
    for wrong in ("example.org/statements", "their website", "javascript:alert(1)", "https://localhost"):
        with pytest.raises(BadInput):
            register_source(category="association", public_source=wrong, by=by)
    source = register_source(category="association", public_source=OWN, by=by)
    given = {
        "source": source, "headline": "h", "kind": "damage", "place": stage.people.places["Planjane"], "verbatim": "w", "language": "sq",
        "told": stage.observation.occurred_from, "by": by,
    }  # fmt: skip
    with pytest.raises(BadInput) as refused:
        submit_claim(**given, quoted_from="https://example.com/other")
    assert [fault.field for fault in refused.value.faults] == ["quoted_from"]
    made = submit_claim(**given, quoted_from=OWN + "#p3")
    assert allows(made, Use.PUBLIC).public
    state_quote(made, quoted_from="", why="said on the telephone", by=by)
    assert not allows(made, Use.PUBLIC).yes
    last = Entry.objects.filter(subject=str(made.pk)).order_by("-seq").first()
    assert last is not None and last.body is not None and last.verb == "claim.edit" and b"said on the telephone" in bytes(last.body)
