"""The asterisk of a daily report: behind it stands each time the mission was not let through, and a later correction is seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from report.conftest import day
from report.test_issue import bring_out, words_of

from fairwitness.mission.models import Term
from fairwitness.monitor.restrict import correct_restriction, report_restriction
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.report.correct import changes
from fairwitness.report.issue import paper, snapshot_of
from fairwitness.report.list_restrictions import CAPTION, asterisk_list
from fairwitness.report.redact import Orders, redact, small_places
from fairwitness.report.write import write_paragraph
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
THAT_DAY = (date(2026, 5, 13), date(2026, 5, 13))
DAILY = {"kind": "daily", "title": "Daily report, Prizren area", "period": THAT_DAY, "cut_off": day(13, 17, 30)}


def denied(week: Any, hour: int, **more: Any) -> Any:
    if not Term.objects.filter(vocabulary="restriction", code="denied").exists():
        Term(vocabulary="restriction", code="denied", label="passage denied").keep(by=command(), verb=Verb.TERM_EDIT)
    given = {
        "place": week.people.places["Planjane"], "kind": "denied", "actor": "two men in uniform without marks", "began": day(13, hour),
        "reason_quoted": "Nuk keni leje.", "reason_language": "sq", "direction": "north", "vehicles": 2, "members": 5,
        "outcome": "turned back", "by": week.hand("monitor"),
    }  # fmt: skip
    return report_restriction(**(given | more))


def test_scenario_7_two_patrols_turned_back_at_one_checkpoint_fill_the_daily_list(week: Any, settings: Any) -> None:
    """Scenario 7: two patrols are refused at the same checkpoint; two lines with actor, words, direction, vehicles, members, outcome."""
    first, second = denied(week, 7), denied(week, 9, reason_quoted="", reason_language="", members=4)
    denied(week, 8, sensitivity=2), denied(week, 20)
    report = week.report(**DAILY)
    draft = asterisk_list(report)
    assert draft is not None and asterisk_list(week.report()) is None, "a weekly report has no such list"
    rows = draft.tables[0].rows
    assert [row[0][:5] for row in rows] == ["09:00", "11:00", "12:11"], "not the heavier one, not what came after the cut-off"
    assert rows[0][1:] == (
        "Pllanjanë/Planjane", "passage denied", "two men in uniform without marks: “Nuk keni leje.” (sq)", "north", "5 members, 2 vehicles",
        "turned back",
    )  # fmt: skip
    assert "no reason given" in rows[1][3] and rows[2][0] == "12:11 to 12:33 (22 minutes)"
    settings.SECOND_FACTOR = "offered"
    reader = Client()
    reader.force_login(Account.objects.create_account("drafter", None, week.people.drafter.id))
    page = reader.get(f"/report/{report.slug}/").content.decode()
    assert CAPTION in page and page.count("turned back") == 2, "the draft shows it before anybody clears it"
    write_paragraph(report, 1, "", "On {1:date} in {1:place} the mission {1:saw} signs.{1}", [(1, "", "PZ-0417")], by=week.hand("drafter"))
    report = bring_out(week, report)
    content = snapshot_of(report).content
    listed = next(table for table in content["tables"] if table["caption"] == CAPTION)
    assert len(listed["rows"]) == 3 and "3 times" in listed["note"]
    assert {str(first.pk), str(second.pk)} <= {one["id"] for one in snapshot_of(report).rests_on}
    assert CAPTION in " ".join(words_of(paper(content)))
    correct_restriction(first, {"members": 6}, why="Counted again", base=first.entry, by=week.hand("monitor"))
    assert [one.id for one in changes(report)] == [first.pk], "what was corrected later is named beside the issued report"
    public = str(redact(content, Orders(places=small_places(content))).content)
    assert "Planjane" not in public and "Pllanjanë" not in public and "a village in Prizren" in public and "turned back" in public


def test_a_day_without_restrictions_has_no_list(week: Any) -> None:
    assert asterisk_list(week.report(**DAILY | {"period": (date(2026, 5, 12), date(2026, 5, 12)), "cut_off": day(12, 17, 30)})) is None
