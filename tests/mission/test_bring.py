"""A mission's own lists: read as they are, tried before they are taken, met again, undone as a whole."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused
from fairwitness.mission.access import open_one, visible
from fairwitness.mission.bring import LEAVE, bring, match, mean
from fairwitness.mission.match_columns import targets
from fairwitness.mission.models import Counterpart, Import, ImportedRow, ListProfile, Term
from fairwitness.mission.take_rows import report_lines, start, take, take_some, trial_of, try_list
from fairwitness.mission.undo_import import ask_undo, undo
from fairwitness.monitor.index import matching
from fairwitness.monitor.models import Observation
from fairwitness.recommend.draft import edit_recommendation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.blobs import read
from fairwitness.record.examine import examine_rows
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.record.look_back import history
from fairwitness.record.models import Entry, Job
from fairwitness.record.verbs import Verb
from fairwitness.record.work import work_all
from fairwitness.report.models import Citation, Paragraph, Report

pytestmark = pytest.mark.django_db
ASKS = (
    "No,Recommendation,Addressee,Deadline,Notes\n"
    "1,Replace the damaged signs in three languages.,Municipality of Prizren,30.09.2026,first\n"
    "2,Publish the budget in Serbian.,Municipality of Prizren,,\n"
    '3,"Train the staff, all of them.",Municipality of Prizren,01.12.2026,third\n'
)


def rows(count: int) -> bytes:
    return ("No,Recommendation\n" + "".join(f"{n},Do the thing number {n}.\n" for n in range(count))).encode()


def brought(people: People, data: bytes | str, target: str = "recommendations", **values: Any) -> Import:
    given = data.encode() if isinstance(data, str) else data
    return bring(given, file_name="list.csv", target=target, by=people.hand(people.drafter), unit=people.units["PZ-T1"], **values)


def taken(people: People, imported: Import) -> Import:
    by = people.hand(people.drafter)
    try_list(imported, by=by)
    return take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)


@pytest.fixture
def terms(people: People) -> None:
    for order, (vocabulary, code, label) in enumerate(
        (("event", "shot", "shot"), ("event", "theft", "theft"), ("means", "authority", "received from an authority"))
    ):
        Term(vocabulary=vocabulary, code=code, label=label, order=order).keep(by=command(), verb=Verb.TERM_EDIT)


def test_a_list_becomes_recommendations_each_linked_to_its_row(people: People) -> None:
    imported = brought(people, ASKS)
    assert imported.columns == {"No": "number", "Recommendation": "text", "Addressee": "addressee", "Deadline": "due"}
    by = people.hand(people.drafter)
    match(imported, {**imported.columns, "Notes": "more"}, by=by, profile="Ours")
    done = taken(people, imported)
    assert (done.state, done.made, done.same, done.left_out) == (Import.DONE, 3, 0, 0)
    first = Recommendation.objects.get(code=f"R-{date.today().year}-0001")
    assert first.due == date(2026, 9, 30) and first.addressee == people.counterparts["municipality"] and first.text == "Notes: first"
    assert first.state == Recommendation.DRAFT and "Brought with IM-" in first.override
    row = ImportedRow.objects.get(thing=first.pk)
    assert row.row == 2 and row.version == first.entry and row.given == {"addressee": "Municipality of Prizren"}
    assert b"".join(read(imported.file)).decode() == ASKS
    assert examine_rows() == []


def test_a_second_run_and_a_grown_list_change_nothing_that_stands(people: People) -> None:
    taken(people, brought(people, ASKS))
    entries, things = Entry.objects.count(), Recommendation.objects.count()
    again = brought(people, ASKS)
    assert take(again, by=people.hand(people.drafter)).state == Import.DONE
    assert (Entry.objects.count(), Recommendation.objects.count()) == (entries, things)
    grown = brought(people, ASKS.replace("in three languages", "in four languages") + "4,Open the archive.,Municipality of Prizren,,\n")
    done = taken(people, grown)
    assert (done.made, done.same, done.left_out) == (1, 2, 1)
    assert Recommendation.objects.filter(text__contains="four").count() == 0
    lines = {line[0]: line[1:3] for line in report_lines(done, people.hand(people.drafter))}
    assert lines[2] == ("not taken", "row") and lines[3] == ("stands already", "") and lines[5] == ("taken", "")


def test_two_rows_that_say_the_same_are_two_things_and_stay_two(people: People) -> None:
    text = "Recommendation\nPay the teachers.\nPay the teachers.\n"
    assert taken(people, brought(people, text)).made == 2
    assert taken(people, brought(people, text + "Open the school.\n")).made == 1


def test_the_trial_takes_nothing_and_names_each_fault_with_its_remedy(people: People) -> None:
    text = ASKS + "5,Do it.,Municipality of Prizren,31.02.2027,\n6,,Municipality of Prizren,,\n7,One,two,,,,shifted\n"
    imported = brought(people, text)
    before = Recommendation.objects.count()
    trial = try_list(imported, by=people.hand(people.drafter))
    assert (trial.new, trial.faulty) == (3, 3) and Recommendation.objects.count() == before
    found = {(row, field): remedy for row, field, _wrong, remedy in trial.faults}
    assert set(found) == {(5, "Deadline"), (6, "Recommendation"), (7, "row")} and all(found.values())
    kept = Import.objects.select_related("report").get(pk=imported.pk)
    assert trial_of(kept) == trial and kept.state == Import.CHECKED
    done = take(start(kept, by=people.hand(people.drafter), background=False), by=people.hand(people.drafter))
    assert (done.made, done.left_out) == (3, 3)


def test_a_word_nobody_knows_stops_the_list_until_somebody_says_what_it_means(people: People, terms: None) -> None:
    text = (
        "Title,Type,Place,Date\nShots,shoting,Prizren,11.05.2026\nNoise,nonsense,Prizren,2026-05-12 22:10\n"
        "Theft,Theft,Nowhere,13.05.2026\n"
    )
    by = people.hand(people.leader)
    imported = bring(text.encode(), file_name="i.csv", target="incidents", by=by)
    with pytest.raises(BadInput, match="How it is known"):
        try_list(imported, by=by)
    imported = match(imported, imported.columns, by=by, fixed={"means": "received from an authority"}, profile="Police")
    before = Term.objects.count()
    trial = try_list(imported, by=by)
    assert trial.new == 0 and Term.objects.count() == before
    imported = Import.objects.get(pk=imported.pk)
    assert [(one["field"], one["word"]) for one in imported.unknown] == [("kind", "nonsense"), ("kind", "shoting"), ("place", "Nowhere")]
    assert ["shot", "shot"] in next(one for one in imported.unknown if one["word"] == "shoting")["near"]
    with pytest.raises(OutOfOrder, match="3 words"):
        start(imported, by=by)
    with pytest.raises(BadInput, match="not on offer"):
        mean(imported, {"kind": {"shoting": "made-up"}}, by=by)
    mean(imported, {"kind": {"shoting": "shot", "nonsense": LEAVE}, "place": {"nowhere": "ask:18"}}, by=by)
    try_list(imported, by=by)
    done = take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    assert (done.made, done.left_out) == (2, 1)
    shots = Observation.objects.get(headline="Shots")
    assert (shots.kind, shots.precision, shots.place.code, shots.means) == ("shot", "day", "18", "authority")
    assert ImportedRow.objects.get(thing=Observation.objects.get(headline="Theft").pk).given["place"] == "Nowhere"
    profile = ListProfile.objects.get(name="Police")
    assert profile.words["kind"]["shoting"] == "shot"
    later = bring(text.replace("Shots", "More shots").encode(), file_name="j.csv", target="incidents", by=by)
    assert later.profile == profile and later.fixed == {"means": "received from an authority"} and later.words["kind"]["shoting"] == "shot"


def test_what_somebody_told_us_is_not_brought_as_an_observation(people: People, terms: None) -> None:
    Term(vocabulary="means", code="interlocutor", label="reported by interlocutor").keep(by=command(), verb=Verb.TERM_EDIT)
    text = "Title,Type,Place,Date,Means\nTold,theft,Prizren,11.05.2026,reported by interlocutor\n"
    by = people.hand(people.leader)
    trial = try_list(bring(text.encode(), file_name="i.csv", target="incidents", by=by), by=by)
    assert trial.faulty == 1 and "claim" in trial.faults[0][3]


def test_an_issued_recommendation_needs_its_address_and_the_right_to_issue(people: People) -> None:
    text = "Recommendation,Issued on,Public source\nPublish it.,2020-03-04,https://example.org/a\nPublish them.,2020-03-04,\n"
    denied = try_list(brought(people, text), by=people.hand(people.drafter))
    assert denied.new == 0
    by = command()
    imported = bring((text + "\n").encode(), file_name="a.csv", target="recommendations", by=by, unit=people.units["HQ"])
    assert try_list(imported, by=by).new == 1
    take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    assert Recommendation.objects.get().issued == date(2020, 3, 4)


def test_excel_with_a_title_dates_merged_cells_formulas_and_a_hidden_sheet(people: People) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    sheet.append(["Recommendations of the year"])
    sheet.append([])
    sheet.append(["No", "Recommendation", "Addressee", "Deadline"])
    sheet.append([1, "Replace the signs.", "Municipality of Prizren", date(2026, 9, 30)])
    sheet.append([2, "Publish the budget.", None, 46295])
    sheet.append([3, "=HYPERLINK(1)", None, None])
    sheet.merge_cells("C4:C6")
    hidden = book.create_sheet("Secret")
    hidden.sheet_state = "hidden"
    hidden.append(["Recommendation"])
    hidden.append(["Nobody sees this."])
    held = io.BytesIO()
    book.save(held)
    imported = brought(people, held.getvalue())
    from fairwitness.mission.bring import open_list

    found = open_list(imported)
    said = " ".join(found.notes)
    assert found.hidden == ["Secret"] and all(word in said for word in ("Secret", "merged", "never computed", "above the headings"))
    done = taken(people, imported)
    assert (done.made, done.left_out) == (2, 1)
    second = Recommendation.objects.get(act="Publish the budget.")
    assert second.due == date(2026, 9, 30) and second.addressee is not None
    assert not Recommendation.objects.filter(act__contains="Nobody").exists()


def test_contacts_and_trainings(people: People) -> None:
    by = command()
    text = "Name;Type;Municipality\nBasic Court in Prizren;court;Prizren\nMunicipality of Prizren;municipality;Prizren\nX;embassy;Prizren\n"
    imported = bring(text.encode(), file_name="c.csv", target="contacts", by=by, unit=people.units["HQ"])
    trial = try_list(imported, by=by)
    assert (trial.new, trial.faulty) == (1, 2)
    mean(Import.objects.get(pk=imported.pk), {"kind": {"embassy": "partner"}}, by=by)
    try_list(imported, by=by)
    done = take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    assert done.made == 2 and Counterpart.objects.get(code="basic-court-in-prizren").place == people.places["Prizren"]
    taken(people, brought(people, ASKS))
    code = Recommendation.objects.order_by("code").first().code  # type: ignore[union-attr]
    text = (
        "Training,For whom,Place,Begins,Ends,Women,Men,Not stated,Recommendation\n"
        f"Language,Basic Court in Prizren,Prizren,2026-03-01,2026-03-02,4,5,0,{code}\n"
        "Alone,Basic Court in Prizren,Prizren,2026-03-01,,,,,\n"
    )
    imported = bring(text.encode(), file_name="t.csv", target="trainings", by=by, unit=people.units["HQ"])
    trial = try_list(imported, by=by)
    assert (trial.new, trial.faulty) == (1, 1)
    taken_ = take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    assert taken_.made == 1
    with pytest.raises(OutOfOrder, match="basic-court-in-prizren"):
        ask_undo(done, why="It came twice", by=by)


def test_undo_withdraws_everything_on_record_and_deletes_nothing(people: People) -> None:
    done = taken(people, brought(people, ASKS))
    by = people.hand(people.drafter)
    before = Recommendation.objects.count()
    with pytest.raises(BadInput, match="Say why"):
        ask_undo(done, why=" ", by=by)
    gone = undo(ask_undo(done, why="The wrong year", by=by, background=False), by=by)
    assert (gone.state, gone.undone) == (Import.UNDONE, 3)
    assert Recommendation.objects.count() == before and not visible(by, Recommendation.objects.all()).exists()
    one = Recommendation.objects.order_by("code").first()
    assert one is not None and open_one(by, Recommendation.objects.all(), code=one.code) == one
    line = history([one.pk])[0]
    assert (line.verb, line.why) == ("import.withdraw", "The wrong year")
    assert examine_rows() == []
    again = taken(people, brought(people, ASKS))
    assert again.pk != gone.pk and again.made == 3 and visible(by, Recommendation.objects.all()).count() == 3


def test_undo_leaves_everything_when_somebody_worked_on_one_thing(people: People) -> None:
    done = taken(people, brought(people, ASKS))
    by = people.hand(people.drafter)
    one = Recommendation.objects.get(act__startswith="Publish")
    edit_recommendation(one, base=None, by=by, why="x", indicator="Seen on the board")
    with pytest.raises(OutOfOrder, match=one.code):
        ask_undo(done, why="The wrong year", by=by)
    assert visible(by, Recommendation.objects.all()).count() == 3


def test_undo_leaves_everything_when_a_report_rests_on_one_thing(people: People) -> None:
    done = taken(people, brought(people, ASKS))
    by, one = people.hand(people.drafter), Recommendation.objects.get(act__startswith="Publish")
    with writing(by):
        report = Report(unit=people.units["HQ"], symbol="X/1", slug="x-1", kind=Report.KINDS[0][0], title="A report")
        report.keep(by=by, verb=Verb.REPORT_DRAFT)
        paragraph = Paragraph(report=report, number=1, text="As recommended {1}.")
        paragraph.keep(by=by, verb=Verb.REPORT_WRITE)
        cited = Citation(paragraph=paragraph, number=1, kind="recommend.recommendation", target=one.pk, code=one.code)
        cited.keep(by=by, verb=Verb.REPORT_WRITE)
    with pytest.raises(OutOfOrder, match=one.code):
        ask_undo(done, why="The wrong year", by=by)
    cited.struck = True
    cited.keep(by=by, verb=Verb.REPORT_WRITE)
    assert undo(ask_undo(done, why="The wrong year", by=by, background=False), by=by).state == Import.UNDONE


def test_an_undone_incident_is_not_found_by_its_words(people: People, terms: None) -> None:
    by = people.hand(people.leader)
    text = "Title,Type,Place,Date,Means\nQuokkas seen,theft,Prizren,11.05.2026,authority\n"
    imported = bring(text.encode(), file_name="i.csv", target="incidents", by=by)
    try_list(imported, by=by)
    done = take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    assert len(matching("quokkas", Observation, by)) == 1
    undo(ask_undo(done, why="A mistake", by=by, background=False), by=by)
    assert matching("quokkas", Observation, by) == []


def test_who_may_not_make_the_things_may_not_bring_them_and_strangers_see_no_import(people: People) -> None:
    with pytest.raises(Refused):
        brought_by = people.hand(people.monitor)
        bring(ASKS.encode(), file_name="a.csv", target="recommendations", by=brought_by)
    with pytest.raises(Refused):
        bring(ASKS.encode(), file_name="a.csv", target="recommendations", by=people.hand(people.leader))
    imported = brought(people, ASKS)
    for member in (people.stranger, people.monitor, people.clearer):
        assert not visible(people.hand(member), Import.objects.all()).exists()
        with pytest.raises(NotThere):
            try_list(imported, by=people.hand(member))
    assert visible(people.hand(people.leader), Import.objects.all()).exists()


def test_later_work_tries_takes_and_undoes_in_the_name_of_who_asked(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.mission import take_rows
    from fairwitness.mission.take_rows import ask_trial

    monkeypatch.setattr(take_rows, "CHUNK", 10)
    by = people.hand(people.drafter)
    imported = brought(people, rows(35))
    assert ask_trial(imported, by=by).state == Import.CHECKING
    work_all()
    start(Import.objects.get(pk=imported.pk), by=by)
    work_all()
    done = Import.objects.get(pk=imported.pk)
    assert (done.state, done.made) == (Import.DONE, 35)
    entry = Entry.objects.filter(kind="recommend.recommendation").first()
    assert entry is not None and entry.member == str(people.drafter.pk) and entry.door == "worker"
    ask_undo(done, why="Not these", by=by)
    work_all()
    assert Import.objects.get(pk=imported.pk).state == Import.UNDONE
    assert not Job.objects.exclude(state=Job.DONE).exists() and Job.objects.count() < 20


def test_an_interrupted_taking_goes_on_at_the_next_row(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.mission import take_rows

    monkeypatch.setattr(take_rows, "CHUNK", 10)
    by = people.hand(people.drafter)
    imported = brought(people, rows(35))
    try_list(imported, by=by)
    now = start(Import.objects.get(pk=imported.pk), by=by, background=False)
    now = take_some(take_some(now, by=by), by=by)
    assert now.done_rows == 20 and Recommendation.objects.count() == 20
    done = take(now, by=by)
    assert (done.made, done.done_rows) == (35, 35) and Recommendation.objects.count() == 35


def test_every_kind_of_list_has_labels_and_a_needed_field() -> None:
    assert {one.name for one in targets()} == {"recommendations", "incidents", "events", "contacts", "trainings"}
    for target in targets():
        assert any(column.needed for column in target.columns)
        assert all(column.choices is None or column.pick is not None for column in target.columns)
