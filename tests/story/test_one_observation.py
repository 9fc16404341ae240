"""The way of one observation (`house`), rows 4, 6 to 17 and 19, through the real doors in Chromium.

One story in order: each test is a row, and rests on those before it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from node import ROOT, Node

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEADLINE = "Council notices in one language only"
TOLD = "Obavještenja su samo na jednom jeziku."


def today() -> str:
    """The day it is now: a story begun before midnight may end after it."""
    return f"{date.today():%d.%m.%Y}"
made: dict[str, str] = {}


def test_04_kept_row_and_sealed_entry_or_neither(person: Any, stage: Node) -> None:
    monitor = person("monitor")
    monitor.open("/monitor/activities/new")
    monitor.send(
        kind="visit", purpose="Notices at the municipal building", place="Плањане", planned_from="12 May 2026 10:00",
        planned_until="12 May 2026 12:00",
    )  # fmt: skip
    monitor.acted()
    made["visit"] = monitor.code()
    monitor.open(f"/monitor/activities/{made['visit']}/report")
    times = {"started": "12 May 2026 10:05", "ended": "12 May 2026 11:30"}
    monitor.send(done="yes", **times, members="2", vehicles="1", safety="none", summary="Seen.")
    monitor.acted()
    monitor.open("/monitor/observations/new")
    monitor.send(
        headline=HEADLINE, kind="damage", means="saw", place="Planjane", occurred_from="12 May 2026 10:20", precision="minute",
        count="about 12", range="100-200 m", bearings="S, SSW", text="Twelve notices hang in the window.", activity=made["visit"],
    )  # fmt: skip
    monitor.acted()
    made["observation"] = monitor.code()
    assert HEADLINE in monitor.words() and "submitted an observation" in monitor.words()
    monitor.open("/monitor/sources/new")
    monitor.send(category="resident")
    monitor.acted()
    made["source"] = monitor.code()
    monitor.open("/monitor/claims/new")
    monitor.send(
        source=made["source"], headline="A resident on the notices", kind="damage", place="Pllanjanë", verbatim=TOLD, language="bs",
        translation="The notices are in one language only.", told="12 May 2026 10:40", use_internal="code", use_public="role",
        activity=made["visit"], sensitivity="1",
    )  # fmt: skip
    monitor.acted()
    made["claim"] = monitor.code()
    assert TOLD in monitor.words()
    assert "agrees" in stage.run("verify", "--rows").stdout


def test_06_an_analyst_sees_it_and_who_may_not_does_not(person: Any) -> None:
    analyst, stranger = person("analyst"), person("stranger")
    analyst.open("/monitor/?words=notices")
    assert HEADLINE in analyst.words()
    hidden = stranger.open(f"/monitor/observations/{made['observation']}/")
    body = stranger.page.content()
    absent = stranger.open("/monitor/observations/PZ-T1-9999/")
    assert (hidden, body) == (absent, stranger.page.content()) and hidden == 404
    stranger.open("/monitor/?words=notices")
    assert HEADLINE not in stranger.words()


def test_07_source_and_information_are_graded_apart(person: Any) -> None:
    analyst = person("analyst")
    for kind, source, information in (("observations", "A", "2"), ("claims", "B", "5")):
        analyst.open(f"/analyse/{kind}/{made[kind[:-1]]}/rating/")
        analyst.send(source_grade=source, information_grade=information, reason="Compared with the photographs")
        analyst.acted()
    analyst.open(f"/monitor/claims/{made['claim']}/")
    assert "usually reliable" in analyst.words() and "improbable" in analyst.words()


def test_08_the_same_event_told_by_another_is_tied_by_a_person(person: Any) -> None:
    other, analyst = person("other"), person("analyst")
    other.open("/monitor/observations/new")
    other.send(
        headline="Notices without translation", kind="damage", means="saw", place="Planjane", occurred_from="12 May 2026 10:30",
        precision="minute", count="11",
    )  # fmt: skip
    other.acted()
    made["second"] = other.code()
    analyst.open(f"/analyse/observations/{made['observation']}/event/")
    assert made["second"] in analyst.words()
    analyst.send(other=made["second"], reason="Same window, ten minutes apart")
    analyst.acted()
    analyst.open(f"/monitor/observations/{made['observation']}/")
    assert "EV-" in analyst.words() or "same event" in analyst.words().lower()


def test_09_held_against_the_obligation_it_breaches(person: Any) -> None:
    analyst = person("analyst")
    analyst.open("/verify/obligations/new/")
    analyst.send(
        code="LANG-NOTICES", title="Notices in all official languages", standard="Languages, signs",
        text="Signs and notices show the official languages.", measure="Each notice hangs in each official language",
    )  # fmt: skip
    analyst.acted()
    analyst.open("/verify/checks/new/?obligation=LANG-NOTICES")
    analyst.send(
        obligation="LANG-NOTICES", place="Prizren", round="2026", checked_on="13 May 2026", value="not_met", numerator="12",
        denominator="15", of_what="notices seen in the window", evidence=made["observation"],
    )  # fmt: skip
    analyst.acted()
    made["check"] = analyst.code()
    assert "12 of 15" in analyst.words()


def test_10_a_finding_to_a_stated_standard_of_proof(person: Any) -> None:
    analyst = person("analyst")
    analyst.open("/analyse/findings/new/")
    analyst.send(
        title="Notices hang in one language", text="Residents cannot read the notices in their language.", place="ask:20", proof="grounds",
        evidence=f"{made['observation']} {made['check']}", alternatives="Translations may hang elsewhere.",
    )  # fmt: skip
    analyst.acted()
    made["finding"] = analyst.code()
    assert "reasonable grounds" in analyst.words()


def test_11_a_warning_with_horizon_and_addressee(person: Any) -> None:
    warner = person("warner")
    warner.open("/warn/new/")
    warner.send(
        title="Missed deadlines for property claims", text="Who cannot read the notice misses the deadline.", place="ask:20",
        likelihood="likely", severity="Loss of property rights", horizon_ends="31 December 2030", addressee="Municipality of Prizren",
        action_asked="Hang translations within ten days", basis=made["finding"],
    )  # fmt: skip
    warner.acted()
    made["warning"] = warner.code()
    assert "Municipality of Prizren" in warner.words()


def test_12_a_paragraph_with_its_citation_and_the_wording_its_state_allows(person: Any) -> None:
    drafter = person("drafter")
    drafter.open("/report/new/")
    drafter.send(
        kind="thematic", title="Notices in Prizren", proof="grounds", method="Visits of one team.", symbol="TEST/T/1", audience="OSCE"
    )
    drafter.acted()
    made["report"] = drafter.code()
    drafter.open(f"/report/{made['report']}/write/")
    drafter.send(
        text="On 12 May 2026 the mission {1:says} notices in one language only.{1} A resident {2:says} said the same.{2}",
        citations=f"1 {made['observation']}\n2 {made['claim']}",
    )  # fmt: skip
    drafter.acted()
    drafter.open(f"/report/{made['report']}/")
    words = drafter.words()
    assert "observed" in words and "reportedly" in words and made["observation"] in words


def test_13_an_ask_with_one_addressee_one_act_one_date_one_indicator(person: Any) -> None:
    drafter = person("drafter")
    drafter.open("/recommend/draft/")
    drafter.send(title="Improve", act="improve the situation")
    assert drafter.page.locator(".errors").count() == 1 and "addressee" in drafter.words().lower()
    drafter.open("/recommend/draft/")
    drafter.send(
        title="Translate the notices", act="Translate every public notice into each official language", addressee="Municipality of Prizren",
        due="30 June 2031", indicator="Every notice in the window hangs in each language", finding=made["finding"], report="TEST/T/1",
        standard="Languages, signs",
    )  # fmt: skip
    drafter.acted()
    made["recommendation"] = drafter.code()


def test_14_somebody_who_wrote_none_of_it_clears_it(person: Any) -> None:
    drafter, director = person("drafter"), person("director")
    drafter.open(f"/report/{made['report']}/")
    drafter.page.locator('form[action*="/send/"] button, a[href*="/send/"]').first.click()
    drafter.page.wait_for_load_state()
    if "/send/" in drafter.page.url:
        drafter.send()
    assert drafter.open(f"/report/{made['report']}/clear/") in (403, 404, 405)
    director.open(f"/report/{made['report']}/")
    director.send(note="Read against its sources")
    director.open(f"/report/{made['report']}/")
    assert "cleared" in director.words().lower()


def test_15_four_keys_turn_and_the_recommendation_is_issued(person: Any) -> None:
    deputy, press = person("deputy"), person("press")
    deputy.open(f"/report/{made['report']}/")
    deputy.page.locator('form[action*="/issue/"] button').first.click()
    deputy.page.wait_for_load_state()
    deputy.open(f"/report/{made['report']}/")
    assert "issued" in deputy.words().lower()
    press.open(f"/share/gate/{made['report']}/")
    for key in ("consent", "caveat", "agreement", "clearance"):
        assert key in press.words().lower()
    press.send(caveats_read=True)
    press.acted()
    deputy.open(f"/recommend/{made['recommendation']}/issue/")
    deputy.send()
    deputy.open(f"/recommend/{made['recommendation']}/")
    assert "issued" in deputy.words().lower()


def test_16_anyone_reads_it_and_may_check_it(person: Any, stage: Node, tmp_path: Path) -> None:
    public = person(None)
    public.open("/public/")
    public.page.get_by_role("link", name="TEST/T/1").first.click()
    public.page.wait_for_load_state()
    made["release"] = public.page.url.removeprefix(stage.address)
    words = public.words()
    assert "observed" in words and "T-MON" not in words and made["source"] not in words and TOLD not in words
    with urllib.request.urlopen(f"{stage.address}{made['release']}paper.pdf") as paper:
        assert paper.read(5) == b"%PDF-"
    link = public.page.locator('a[href$="proof.json"]').first.get_attribute("href")
    with urllib.request.urlopen(stage.address + str(link)) as proof:
        file = tmp_path / "proof.json"
        file.write_bytes(proof.read())
    assert json.loads(file.read_text())
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); sys.argv = ['ledger', 'check-proof', {str(file)!r}]; "
    script += "from fairwitness.record.ledger.__main__ import main; sys.exit(main())"
    alone = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_17_answered_trained_and_rated_by_both_sides(person: Any) -> None:
    drafter, trainer, analyst = person("drafter"), person("trainer"), person("analyst")
    drafter.open(f"/recommend/{made['recommendation']}/reply/")
    drafter.send(received=today(), text="All notices are translated.", says="implemented")
    drafter.acted()
    trainer.open("/assist/plan/")
    trainer.send(
        kind="training", title="Translating public notices", recommendation=made["recommendation"],
        institution="Municipality of Prizren", place="Prizren", begins=today(), ends=today(),
    )  # fmt: skip
    trainer.acted()
    analyst.open(f"/recommend/{made['recommendation']}/rate/")
    analyst.send(assessor="mission", status="partly", rated=today(), evidence="Nine of fifteen notices hang in both languages.")
    analyst.acted()
    analyst.open(f"/recommend/{made['recommendation']}/")
    words = analyst.words()
    assert "partly implemented" in words.lower() and "implemented" in words and "Nine of fifteen" in words


def test_19_the_witness_takes_back_consent(person: Any, stage: Node) -> None:
    monitor, keeper, public = person("monitor"), person("keeper"), person(None)
    assert public.open(made["release"]) == 200
    monitor.open(f"/monitor/sources/{made['source']}/withdraw")
    monitor.send(everything=True, why="Asked us by telephone")
    monitor.acted()
    assert public.open(made["release"]) == 410
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{stage.address}{made['release']}paper.pdf")
    assert caught.value.code == 410
    keeper.open(f"/monitor/sources/{made['source']}/protect")
    keeper.send(why="Threatened; wants every word gone", destroy=True)
    keeper.acted()
    monitor.open(f"/monitor/claims/{made['claim']}/")
    assert TOLD not in monitor.words() and "nobody can read" in monitor.words().lower()
    checked = stage.run("verify", "--strict")
    assert "faults" not in checked.stdout
