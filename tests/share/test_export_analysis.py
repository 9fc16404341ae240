"""An analysis set: sums of it are those of the mission, and nobody is in it, whatever is read: columns, values, bytes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fairwitness.analyse.link import tie
from fairwitness.analyse.numbers.ask.open_set import open_set
from fairwitness.analyse.numbers.ask.run_questions import ask, engine
from fairwitness.analyse.tabulate import months, tabulate
from fairwitness.errors import BadInput, GateClosed, NotReadable, Refused
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.models import Claim, Observation
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.visit import report_visit
from fairwitness.record.hand import Hand, command
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.share.agree import agree
from fairwitness.share.export_analysis import Order, export_analysis
from fairwitness.web.cli import main
from fairwitness.web.commands import export as door

from .scene import Stage

pytestmark = pytest.mark.django_db
UTC_NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
SECRET = ("Pllanjan", "Planjane", "painted over", "Zjarrvenia", "resident", "Test Monitor", "PZ-0417", "what PZ", "Restricted word")


def saw(stage: Stage, at: datetime = UTC_NOON, **more: Any) -> Observation:
    village = stage.people.places["Planjane"]
    given = {"kind": "sign", "means": "saw", "headline": "Zjarrvenia 17", "place": village, "text": "Restricted word"}
    return submit_observation(**{**given, "occurred_from": at, "by": stage.hand("monitor"), **more})


def when(claim: Claim, at: datetime = UTC_NOON, **more: Any) -> Claim:
    for name, value in {"occurred_from": at, "precision": "day", **more}.items():
        setattr(claim, name, value)
    claim.keep(by=command(), verb=Verb.CLAIM_EDIT)
    return claim


def taken(folder: Path, by: Hand | None = None, **more: Any) -> dict[str, Any]:
    return export_analysis(Order(folder, **more), by=by or command())


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as base:
        return base.execute(f"SELECT * FROM read_parquet('{folder / table}.parquet')").fetchall()


def everything(folder: Path) -> str:
    """All that can be read in it: raw bytes, every value of every table, every name of a column."""
    said = [file.read_bytes().decode("latin-1") for file in sorted(folder.iterdir())]
    with duckdb.connect() as base:
        for file in sorted(folder.glob("*.parquet")):
            found = base.execute(f"SELECT * FROM read_parquet('{file}')")
            said += [str(column[0]) for column in found.description or ()] + [str(row) for row in found.fetchall()]
    return "\n".join(said)


def test_nobody_is_in_it_and_what_stayed_behind_is_said(stage: Stage, tmp_path: Path) -> None:
    yes, no, alone = (when(stage.claim(code)) for code in ("PZ-0501", "PZ-0502", "PZ-0503"))
    heavy = saw(stage, sensitivity=Sensitivity.RESTRICTED)
    event = tie(stage.observation, yes, reason="same morning", by=stage.hand("analyst"))
    tie(no, alone, reason="same night", by=stage.hand("analyst"))
    for claim in (no, alone):
        withdraw(claim.source, by=command())
    manifest = taken(tmp_path / "set")
    said = everything(tmp_path / "set")
    ids = [str(one.pk) for one in (stage.observation, yes, no, alone, heavy, event, yes.source)] + [one.pk.hex for one in (yes, heavy)]
    codes = [yes.code, no.code, yes.source.code, event.code, event.title]
    for word in (*SECRET, *ids, *codes):
        assert word not in said, word
    assert rows(tmp_path / "set", "observations")[0][2:9] == ("seen", "ask:18", date(2026, 5, 13), "day", "sign", 3, 3)
    assert len(rows(tmp_path / "set", "observations")) == 1 and len(rows(tmp_path / "set", "claims")) == 1
    assert [row[0] for row in rows(tmp_path / "set", "events")] == [1] == [rows(tmp_path / "set", "claims")[0][1]]
    assert manifest["withheld"] == {
        "observations": {"marking": 1}, "claims": {"marking": 0, "consent": 2}, "events": {"marking": 0, "consent": 1},
    }  # fmt: skip
    assert json.loads((tmp_path / "set" / "manifest.json").read_text()) == manifest
    assert {one["name"] for one in manifest["rules"]} >= {"C-0", "C-1", "C-2"} and manifest["marking"] == "Mission internal"


def test_its_sums_are_those_of_the_mission(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    saw(stage, datetime(2026, 5, 4, 23, tzinfo=UTC), count="about 4")
    saw(stage, datetime(2026, 5, 5, 9, tzinfo=UTC), count="over 2")
    saw(stage, datetime(2026, 5, 20, 9, tzinfo=UTC), count="")
    state_coverage(place=people.places["Leposavić"], means="saw", since=UTC_NOON, until=UTC_NOON + timedelta(hours=30), by=command(),
                   unit=people.units["MI-T1"])  # fmt: skip
    report_visit(kind="visit", purpose="See", place=people.places["Prizren"], started=UTC_NOON, ended=UTC_NOON + timedelta(hours=1),
                 safety="none", by=people.hand(people.monitor))  # fmt: skip
    taken(tmp_path / "set")
    opened = open_set([tmp_path / "set"])
    with engine("duckdb", 1) as (run, look):
        found = {(row[0], row[1]): row[2:] for row in ask(opened, "coverage", run, look, rule="C-2").rows}
        counts = {(row[0], row[1]): row[2:] for row in ask(opened, "counts", run, look, rule="C-2").rows}
    assert counts["ask:18", date(2026, 5, 4)] == (2, 7, None, True, True, 0) and counts["ask:18", date(2026, 5, 18)][4:] == (False, 1)
    assert found["ask:12", date(2026, 5, 11)] == (0, 0, 0, 2, 0, "none") and found["ask:12", date(2026, 5, 4)][-1] == "no data"
    table = tabulate(command(), "observations", months(date(2026, 5, 1), date(2026, 5, 31)))
    assert sum(one[0] for one in counts.values()) == table.things == 4
    assert sum(one[3] for one in found.values()) == sum(row.cells[0].looked.days for row in table.rows)


def test_a_member_takes_out_what_it_may_see_and_no_more(stage: Stage, tmp_path: Path) -> None:
    saw(stage, sensitivity=Sensitivity.RESTRICTED)
    manifest = taken(tmp_path / "set", stage.hand("analyst"))
    last = Entry.objects.order_by("-seq").first()
    assert last is not None and (last.verb, last.member) == ("analysis.export", str(stage.people.analyst.pk))
    assert read_note(last)["withheld"] == manifest["withheld"] == {"observations": {"marking": 1}} and manifest["by"] == "T-analyst"
    for who, marking in (("monitor", 1), ("analyst", 2)):
        before = Entry.objects.count()
        with pytest.raises(Refused):
            taken(tmp_path / who, stage.hand(who), marking=marking)
        assert Entry.objects.count() == before and sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def test_for_a_partner_the_keys_turn_or_nothing_leaves(stage: Stage, tmp_path: Path) -> None:
    partner, day = stage.people.counterparts["partner"], date.today()
    when(stage.claim("C-1")), when(stage.claim("C-2", Scope(Use.PARTNERS, audience="UNHCR", expires=day + timedelta(days=20))))
    with pytest.raises(GateClosed, match="No agreement"):
        taken(tmp_path / "set", partner=partner)
    ends = day + timedelta(days=40)
    agree(partner, title="MoU", basis="MoU", valid_from=day, valid_until=ends, caveats="Not to be passed on.", by=command())
    with pytest.raises(GateClosed, match="conditions"):
        taken(tmp_path / "set", partner=partner)
    assert not (tmp_path / "set").exists() and not list(tmp_path.iterdir())
    manifest = taken(tmp_path / "set", partner=partner, caveats_read=True)
    assert manifest["withheld"]["claims"]["consent"] == 1 and len(rows(tmp_path / "set", "claims")) == 1
    assert (manifest["for"], manifest["expires"]) == ("UNHCR", (day + timedelta(days=20)).isoformat())
    assert "consent" in manifest["expires_because"]


def test_as_of_means_recorded_by_then(stage: Stage, tmp_path: Path) -> None:
    middle = datetime.now(UTC)
    saw(stage)
    taken(tmp_path / "then", as_of=middle)
    assert len(rows(tmp_path / "then", "observations")) == 1
    manifest = taken(tmp_path / "now", until=date(2026, 5, 12))
    assert [row[4] for row in rows(tmp_path / "now", "observations")] == [date(2026, 5, 12)]
    assert manifest["until"] == "2026-05-12" and json.loads((tmp_path / "then/manifest.json").read_text())["vintage"] == stamp(middle)


def test_after_its_end_and_after_a_change_it_is_not_read(stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "set"
    manifest = taken(folder, expires=date.today() + timedelta(days=3))
    open_set([folder], today=date.fromisoformat(manifest["expires"]))
    with pytest.raises(BadInput, match="read no more"):
        open_set([folder], today=date.fromisoformat(manifest["expires"]) + timedelta(days=1))
    assert main(["analyse", "sum", str(folder)]) == 0 and "Mission internal" in capsys.readouterr().out
    old = {**manifest, "expires": "2020-01-01"}
    (folder / "manifest.json").write_text(json.dumps(old))
    assert main(["analyse", "sum", str(folder)]) == 2 and "ended on 2020-01-01" in capsys.readouterr().err
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "claims.parquet").write_bytes((folder / "checks.parquet").read_bytes())
    with pytest.raises(NotReadable, match="claims"):
        open_set([folder])


def test_what_was_asked_wrongly_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for more in ({"expires": date(2020, 1, 1)}, {"as_of": datetime.now(UTC) + timedelta(days=1)}, {"marking": 7}):
        with pytest.raises(BadInput):
            taken(tmp_path / "set", **more)
    for folder in (tmp_path / "there", tmp_path / "no" / "set"):
        with pytest.raises(BadInput):
            taken(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_the_command_says_what_is_in_it(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "opened", lambda: None)  # the test's own transaction is the mission
    saw(stage, sensitivity=Sensitivity.RESTRICTED)
    assert main(["export", "analysis", str(tmp_path / "set"), "--member", "T-analyst"]) == 0
    said = capsys.readouterr().out
    assert "observations: 1 rows, 1 withheld by marking" in said and "90 days" in said
    for options in (["--member", "nobody"], ["--until", "in May"], ["--as-of", "2026-05-01"], ["--marking", "secret"]):
        assert main(["export", "analysis", str(tmp_path / "other"), *options]) == 1
        assert options[1] in capsys.readouterr().err and not (tmp_path / "other").exists()
