"""`fairwitness import`: a file of places, a mission pack, or a list that somebody kept, read into the mission."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

from fairwitness.errors import FairwitnessError
from fairwitness.record.hand import Hand
from fairwitness.web.commands.begin import Progress, opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to import, from where."""
    below = parser.add_subparsers(dest="what", required=True)
    places = below.add_parser("places", help="a dump of GeoNames or GNS, outlines in GeoJSON, or a table of settlements")
    places.add_argument("file", type=Path)
    pack = below.add_parser("pack", help="a folder of a mission pack")
    pack.add_argument("folder", type=Path)
    lists = below.add_parser("list", help="a list in Excel or CSV: incidents, events, contacts, recommendations, trainings")
    lists.add_argument("file", type=Path)
    lists.add_argument("--as", dest="target", required=True, metavar="KIND", help="incidents, events, contacts, recommendations, trainings")
    lists.add_argument("--profile", default="", metavar="NAME", help="the kept match of columns to read it with, or to keep this one under")
    lists.add_argument("--unit", default="", metavar="CODE", help="the unit that brings it; the mission's first one when left out")
    lists.add_argument("--match", action="append", default=[], metavar="HEADING=FIELD", help="match a column; may be given again")
    lists.add_argument("--fix", action="append", default=[], metavar="FIELD=VALUE", help="one value for every row; may be given again")
    lists.add_argument("--mean", action="append", default=[], metavar="FIELD:WORD=MEANING", help="what a word means; - leaves its rows out")
    lists.add_argument("--month-first", action="store_true", help="days are written month, day, year")
    lists.add_argument("--sheet", default="", help="the sheet of a workbook; the first that is not hidden when left out")
    lists.add_argument("--encoding", default="", help="the encoding of a text file, when it is not UTF-8")
    lists.add_argument("--dry-run", action="store_true", help="read every row, say what would become of it, take nothing")
    lists.add_argument("--resume", action="store_true", help="go on with an import of this file that was interrupted")
    lists.add_argument("--report", type=Path, metavar="FILE", help="write what became of each row to a new CSV file")
    undo = below.add_parser("undo", help="withdraw everything an import brought")
    undo.add_argument("code")
    undo.add_argument("--why", required=True, help="the reason; it goes on record with each thing")


def run(given: argparse.Namespace) -> int:
    """Import; says per row what could not be read, and leaves nothing half-written. Again changes nothing."""
    opened()
    from fairwitness.record.hand import command

    by = command()
    if given.what == "pack":
        return _pack(given, by)
    if given.what == "places":
        return _places(given, by)
    try:
        return _undo(given, by) if given.what == "undo" else _list(given, by)
    except FairwitnessError as error:
        for said in getattr(error, "faults", ()) or (error,):
            print(said, file=sys.stderr)
        return 1


def _pack(given: argparse.Namespace, by: Hand) -> int:
    from fairwitness.mission.apply_pack import apply
    from fairwitness.mission.pack import read_pack

    applied = apply(read_pack(given.folder), by=by)
    print(f"{applied.kept} kept, {applied.changed} changed, {applied.same} the same")
    print("\n".join(applied.differences))
    return 0


def _places(given: argparse.Namespace, by: Hand) -> int:
    from fairwitness.mission.import_places import import_places

    progress = Progress("rows")
    done = import_places(given.file, by=by, progress=progress)
    progress.end()
    for line in (*done.warnings, *done.faults):
        print(line)
    print(f"{done.read} rows read: {done.kept} places kept, {done.changed} changed, {done.same} the same, {len(done.faults)} not taken")
    if done.warnings:
        print(f"{len(done.warnings)} names are kept otherwise than in the file, or are doubtful: see above. What stood there is kept too.")
    return 1 if done.faults else 0


def _list(given: argparse.Namespace, by: Hand) -> int:
    from fairwitness.mission.take_rows import start, take, trial_of, try_list

    imported = _matched(given, by)
    if imported.state in (imported.OPEN, imported.CHECKED, imported.CHECKING):
        progress = Progress("rows tried")
        try_list(imported, by=by, progress=progress)
        progress.end()
        imported = type(imported).objects.select_related("report").get(pk=imported.pk)
        trial = trial_of(imported)
        if trial is not None:
            for row, field, wrong, remedy in trial.faults[:200]:
                print(f"row {row}, {field}: {wrong}. {remedy}".rstrip(". ") + ".")
            print(f"{imported.rows} rows tried: {trial.new} new, {trial.same} the same, {trial.differs} differ from what stands,"
                  f" {trial.left} left out, {trial.faulty} at fault")  # fmt: skip
        for word in imported.unknown:
            near = ", ".join(f"{code} ({label})" for code, label in word["near"]) or "nothing like it"
            print(f"unknown {word['field']} “{word['word']}” in {word['times']} rows; near: {near}", file=sys.stderr)
        if not given.dry_run:
            imported = start(imported, by=by, background=False)
    if not given.dry_run:
        progress = Progress("rows taken")
        imported = take(imported, by=by, progress=progress)
        progress.end()
        print(f"{imported.code}: {imported.done_rows} of {imported.rows} rows done: {imported.made} taken, {imported.same} the same,"
              f" {imported.left_out} not taken")  # fmt: skip
    if given.report is not None:
        _write_report(given.report, imported, by)
    return 1 if imported.faulty or imported.unknown else 0


def _matched(given: argparse.Namespace, by: Hand) -> Any:
    """The import of this file, its columns matched as asked."""
    from fairwitness.errors import BadInput, Fault, OutOfOrder
    from fairwitness.mission.bring import bring, match, mean
    from fairwitness.mission.fold import fold
    from fairwitness.mission.models import Import, ListProfile, Unit

    unit = Unit.objects.filter(code=given.unit).first() if given.unit else None
    if given.unit and unit is None:
        raise BadInput.of(Fault("--unit", f"There is no unit {given.unit[:40]}."))
    imported = bring(
        _bytes(given.file), file_name=given.file.name, target=given.target, by=by, unit=unit, sheet=given.sheet, encoding=given.encoding,
    )  # fmt: skip
    if given.resume and imported.state not in (Import.RUNNING, Import.DONE):
        raise OutOfOrder("No import of this file was interrupted. Leave --resume out.")
    if imported.state not in (Import.OPEN, Import.CHECKED):
        return imported
    kept = ListProfile.objects.filter(unit=imported.unit, target=imported.target, name=given.profile).first() if given.profile else None
    columns = {**(kept.columns if kept else imported.columns), **_pairs(given.match)}
    columns = {heading: name for heading, name in columns.items() if heading in imported.headings or heading in _pairs(given.match)}
    fixed = {**(kept.fixed if kept else imported.fixed), **_pairs(given.fix)}
    order = "mdy" if given.month_first else kept.day_order if kept else imported.day_order
    imported = match(imported, columns, by=by, fixed=fixed, day_order=order, profile=given.profile)
    words: dict[str, dict[str, str]] = {}
    for said, meaning in _pairs(given.mean).items():
        field, _, word = said.partition(":")
        words.setdefault(field, {})[fold(word)[:400]] = meaning
    return mean(imported, words, by=by) if words else imported


def _bytes(path: Path) -> bytes:
    """The file, never more of it than is taken."""
    from fairwitness.mission.list_lines import MOST_BYTES

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _pairs(said: list[str]) -> dict[str, str]:
    """`a=b` as a pair; the last equals sign divides, since headings may hold one."""
    return {left.strip(): right.strip() for left, _, right in (one.rpartition("=") for one in said)}


def _write_report(path: Path, imported: Any, by: Hand) -> None:
    from fairwitness.mission.take_rows import report_lines
    from fairwitness.share.export import safe

    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "result", "field", "what is wrong", "remedy"))
        writer.writerows([safe(str(cell)) for cell in line] for line in report_lines(imported, by))
    print(f"what became of each row: {path}")


def _undo(given: argparse.Namespace, by: Hand) -> int:
    from fairwitness.errors import NotThere
    from fairwitness.mission.models import Import
    from fairwitness.mission.undo_import import ask_undo, undo

    found = Import.objects.filter(code=given.code).first()
    if found is None:
        raise NotThere()
    if found.state != Import.UNDOING:
        found = ask_undo(found, why=given.why, by=by, background=False)
    found = undo(found, by=by)
    print(f"{found.code}: {found.undone} withdrawn")
    return 0
