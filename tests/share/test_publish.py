"""Publishing and taking down: what left is provable by anybody, and goes at once when consent goes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from people import People

from fairwitness.errors import GateClosed, Gone, NotThere, OutOfOrder, Refused
from fairwitness.mission.handling import Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.monitor.models import Consent
from fairwitness.recommend.follow import rate, write_reply
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import command
from fairwitness.record.ledger.canonical import canonical
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Entry, PublicEntry
from fairwitness.record.verbs import Verb
from fairwitness.share import publish as publishing
from fairwitness.share.export import export, safe, write
from fairwitness.share.models import Release
from fairwitness.share.prove import entry_of, proof, sealed
from fairwitness.share.publish import publish, publish_rating
from fairwitness.share.serve import open_release, paper_of, releases
from fairwitness.share.take_down import correction_offered, take_down
from fairwitness.share.track import narrow, tracked

from .scene import BY, NOTICE, SEEN, TOLD

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[2] / "src"
OPEN = Scope(Use.PUBLIC)
CHECK = """
import hashlib, json, sys
page = json.load(open(sys.argv[1])); content = open(sys.argv[2], "rb").read()
header = json.loads(page["header"]); body = bytes.fromhex(page["body"])
assert hashlib.sha256(body).hexdigest() == header["body"], "the body is not the one of the header"
assert json.loads(page["says"])["note"]["sha256"] == hashlib.sha256(content).hexdigest(), "another content"
"""


def published(stage: Any, **more: Any) -> Release:
    stage.claim("PZ-C1", OPEN)
    return publish(stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1")), by=stage.hand("publisher"), **more)


def checked(page: dict[str, Any], content: bytes, folder: Path) -> str:
    """What the pure ledger, in a Python without site-packages, says about a proof; and that its body fits the content."""
    (folder / "proof.json").write_text(json.dumps(page))
    (folder / "content.json").write_bytes(content)
    pure = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(SOURCE)!r})\nimport runpy; sys.argv[0] = 'ledger'\n"
            "runpy.run_module('fairwitness.record.ledger', run_name='__main__')"]  # fmt: skip
    done = subprocess.run([*pure, "check-proof", str(folder / "proof.json"), "--key", page["key"]], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    again = subprocess.run(
        [sys.executable, "-S", "-c", CHECK, str(folder / "proof.json"), str(folder / "content.json")], capture_output=True, text=True
    )
    assert again.returncode == 0, again.stderr
    return done.stdout


def test_anybody_can_check_what_was_published(stage: Any, tmp_path: Path) -> None:
    release = published(stage)
    served = open_release(release.slug)
    assert served.standing and served.published_entry is not None
    page = proof(served.published_entry)
    said = checked(page, canonical(served.content), tmp_path)
    assert "release.publish" in said and "signed by" in said
    assert hashlib.sha256(paper_of(release.slug)).hexdigest() == served.pdf_hash
    seal = sealed()
    assert seal is not None and seal.size == served.published_entry + 1 and page["root"] == seal.root
    page["header"] = page["header"].replace("release.publish", "release.publisH")
    (tmp_path / "forged.json").write_text(json.dumps(page))
    forged = subprocess.run(
        [sys.executable, "-m", "fairwitness.record.ledger", "check-proof", str(tmp_path / "forged.json")], capture_output=True, text=True,
        env={"PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert forged.returncode == 1


def test_nothing_of_the_staff_is_in_public(stage: Any) -> None:
    release = published(stage)
    entry = entry_of(release.pk)
    assert entry is not None and entry.member is None and entry.door == "public"
    page = json.dumps(proof(entry.seq)) + json.dumps(open_release(release.slug).content)
    for member in (stage.people.publisher, stage.people.clearer, stage.people.drafter):
        assert str(member.id) not in page and member.code not in page
    for code in ("PZ-0417", "PZ-C1", "S-PZ-C1", str(stage.claims[0].id), str(stage.observation.id), str(stage.observation.entry)):
        assert code not in page
    inner = Entry.objects.get(subject=str(release.pk), verb="release.publish")
    assert inner.member == str(stage.people.publisher.id)
    assert release.content["demo_notice"] == NOTICE and release.content["footnote"].startswith("*")


def test_withdrawn_consent_takes_it_down_in_the_same_transaction(stage: Any, tmp_path: Path) -> None:
    release = published(stage)
    withdraw(stage.claims[0].source, why="is afraid", by=stage.hand("monitor"))
    served = open_release(release.slug)
    assert not served.standing and served.content == {} and served.title == "" and served.ended == date.today()
    assert "afraid" not in served.tombstone and "source" not in served.tombstone and "consent" not in served.tombstone
    with pytest.raises(Gone):
        paper_of(release.slug)
    assert served.ended_entry is not None
    checked({**proof(served.ended_entry)}, canonical(release.content), tmp_path)
    row = Release.objects.get(pk=release.pk)
    assert row.taken_down_why and row.content, "what left stays sealed for those entitled"
    offered = correction_offered(row)
    assert offered is not None and offered.report == row.report
    assert tracked() == []


def test_another_use_taken_back_leaves_it(stage: Any) -> None:
    stage.claim("PZ-C1", OPEN, Scope(Use.COURT))
    release = publish(stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1")), by=stage.hand("publisher"))
    withdraw(Consent.objects.get(use="court"), why="no court", by=BY)
    assert open_release(release.slug).standing


def test_consent_that_ran_out_is_read_at_serving(stage: Any) -> None:
    release = published(stage)
    consent = Consent.objects.get(source=stage.claims[0].source, use="public")
    consent.expires = date(2026, 6, 1)
    consent.keep(by=BY, verb=Verb.CONSENT_GIVE)
    assert Release.objects.get(pk=release.pk).taken_down is None
    served = open_release(release.slug)
    assert not served.standing and served.content == {} and served.tombstone
    with pytest.raises(Gone):
        paper_of(release.slug)
    assert [one.standing for one in releases()] == [False]


def test_the_reaction_is_a_second_guard(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.monitor import consent as consents
    from fairwitness.share.reactions import end_releases

    release = published(stage)
    monkeypatch.setattr(consents, "_at_once", [])
    lines = withdraw(stage.claims[0].source, why="is afraid", by=BY)
    assert Release.objects.get(pk=release.pk).taken_down is None
    entry = Entry.objects.filter(subject=str(lines[-1].pk), verb="consent.withdraw").get()
    end_releases(entry, command())
    ended = Release.objects.get(pk=release.pk)
    assert ended.taken_down is not None
    end_releases(entry, command())
    assert Release.objects.get(pk=release.pk).entry == ended.entry


def test_publishing_issues_its_recommendations(stage: Any) -> None:
    key = uuid7()
    release = published(stage, thing_id=key)
    assert publish(release.report, by=stage.hand("publisher"), thing_id=key).entry == release.entry
    assert Recommendation.objects.get().state == "issued"
    with pytest.raises(OutOfOrder):
        publish(release.report, by=stage.hand("publisher"))
    assert Release.objects.count() == 1 and PublicEntry.objects.count() == 1


def test_something_moved_while_it_was_printed(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.claim("PZ-C1", OPEN)
    report = stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1"))
    printed = publishing.paper

    def slow(content: dict[str, Any]) -> bytes:
        withdraw(stage.claims[0].source, why="meanwhile", by=BY)
        return printed(content)

    monkeypatch.setattr(publishing, "paper", slow)
    with pytest.raises(GateClosed):
        publish(report, by=stage.hand("publisher"))
    assert not Release.objects.exists() and not PublicEntry.objects.exists()


def test_taken_down_by_hand(stage: Any) -> None:
    release = published(stage)
    with pytest.raises((NotThere, Refused)):
        take_down(release, why="x", by=stage.hand("analyst"))
    take_down(release, why="A figure was wrong", by=stage.hand("publisher"))
    with pytest.raises(OutOfOrder):
        take_down(release, why="again", by=stage.hand("publisher"))
    again = publish(release.report, by=stage.hand("publisher"))
    assert again.slug == f"{release.slug}-2"
    assert [one.standing for one in releases()] == [True, False]


def test_what_is_not_public_is_not_there(stage: Any) -> None:
    for slug in ("nothing", "p-" + "0" * 32):
        with pytest.raises(NotThere):
            open_release(slug)
    for seq in (-1, 0, 2**60):
        with pytest.raises(NotThere):
            proof(seq)


def test_both_ratings_stand_on_the_tracker(stage: Any) -> None:
    """Scenario 24, in public: each side's rating with its evidence and date, let out by somebody who did not rate."""
    release = published(stage)
    ask = Recommendation.objects.get()
    line = tracked()[0]
    assert (line.code, line.page, line.mission, line.authority) == (ask.code, release.slug, None, None)
    assert "Planjane" not in line.act and "a village in Prizren" in line.act
    reply = write_reply(ask, received=today(), text="All is done.", says="implemented", by=stage.hand("drafter"))
    ours = rate(ask, assessor="mission", status="partly", rated=today(), evidence="14 of 22 seen by PZ-04", by=stage.hand("analyst"))
    assert tracked()[0].ratings == ()
    publish_rating(ours, "14 of 22 signs seen replaced", by=stage.hand("publisher"))
    publish_rating(reply.ratings.get(), "Letter of the municipality", by=stage.hand("publisher"))
    line = tracked()[0]
    assert line.mission is not None and line.authority is not None
    assert (line.mission.status, line.authority.status) == ("partly", "implemented")
    assert line.mission.public_note == "14 of 22 signs seen replaced"
    assert line.last_checked == today() and not line.closed
    assert narrow(tracked(), words="REPLACE") and not narrow(tracked(), words="police") and not narrow(tracked(), theme="courts")


def test_nobody_lets_out_their_own_rating(stage: Any, people: People) -> None:
    published(stage)
    ask = Recommendation.objects.get()
    own = rate(ask, assessor="mission", status="started", rated=today(), evidence="seen", by=command())
    own2 = rate(ask, assessor="third", assessor_name="NGO", status="started", rated=today(), evidence="report", by=stage.hand("analyst"))
    with pytest.raises(Refused):
        publish_rating(own2, "words", by=stage.hand("analyst"))
    take_down(Release.objects.get(), why="x", by=BY)
    with pytest.raises(GateClosed) as closed:
        publish_rating(own, "words", by=stage.hand("publisher"))
    assert [name for name, _ in closed.value.keys] == ["agreement"]
    with pytest.raises(GateClosed) as closed:
        publish_rating(own, "words", by=BY)
    assert {name for name, _ in closed.value.keys} == {"agreement", "clearance"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")
    assert safe(f"a{cell}") == f"a{cell}"


def test_an_export_says_what_it_is_and_is_on_record(stage: Any) -> None:
    made = export("list", ["Code", "Words"], [["R-1", "=1+1"], ["R-2", None]], "csv", marking=1, coverage="Nobody looked.",
                  by=stage.hand("publisher"))  # fmt: skip
    lines = made.data.decode("utf-8-sig").splitlines()
    assert lines[2].startswith("As of 20") and "Europe/Belgrade" in lines[2]
    assert lines[:2] + lines[3:] == ["Mission internal", f'"{NOTICE}"', "Nobody looked.", "Code,Words", "R-1,'=1+1", "R-2,"]
    with pytest.raises(Refused):
        export("list", ["Code"], [["R-1"]], "csv", marking=2, by=stage.hand("publisher"))
    last = Entry.objects.order_by("-seq").first()
    assert last is not None and last.verb == "release.export" and last.member == str(stage.people.publisher.id)
    data = json.loads(export("list", ["Code"], [["=1"]], "json", by=stage.hand("publisher")).data)
    assert data["rows"] == [{"Code": "=1"}] and data["notice"] == NOTICE
    with pytest.raises(Refused):
        export("list", ["Code"], [], "csv", by=stage.hand("analyst"))
    with pytest.raises(Exception, match="csv, xlsx, json"):
        write("list", ["Code"], [], "exe", marking="Public")
