"""Killed in the middle of an import, with kill -9, and resumed: nothing is lost, nothing comes twice. Lists and places, on both engines."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from node import Node

ROWS = 6_000
BUILD = "from django.core.management import call_command\ncall_command('migrate', verbosity=0)\nfrom people import build\nbuild()\n"
CHECK = """
from fairwitness.mission.models import Import, ImportedRow
from fairwitness.recommend.models import Recommendation
from fairwitness.record.examine import examine_log, examine_rows
from fairwitness.record.checkpoint import make_checkpoint
rows = list(ImportedRow.objects.values_list("row", "thing"))
things = set(Recommendation.objects.values_list("pk", flat=True))
titles = list(Recommendation.objects.values_list("act", flat=True))
imported = Import.objects.get()
make_checkpoint()
print(imported.state, imported.done_rows, imported.made, len(rows), len(things), len(set(titles)))
print({thing for _, thing in rows} == things, len({row for row, _ in rows}) == len(rows), examine_rows(), examine_log(strict=True).clean)
"""
PLACES = """
from fairwitness.mission.models import Place, PlaceName
from fairwitness.record.examine import examine_rows
places = Place.objects.filter(authority="gns", code__startswith="-9000")
names = PlaceName.objects.filter(place__in=places)
print(places.count(), len(set(names.values_list("place_id", "text", "language"))) - names.count(), examine_rows())
"""
TABLE = (
    "gns_ufi,name_sq,name_sr,name_sr_cyrl,name_sq_status,name_sr_status,other_names,lat,lon,feature,ask_code,municipality_sq,"
    "ask_code_osm2017,snapped_to_nearest,geonames_id,geonames_population,gns_modified\n"
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path / "node")
    made.folder.mkdir(exist_ok=True)
    made.python(BUILD)
    yield made


def count(node: Node, table: str) -> int:
    """How many rows are committed, asked of the engine itself."""
    if address := node.environment.get("FAIRWITNESS_DATABASE"):
        import psycopg

        with psycopg.connect(address) as connection:
            found = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # type: ignore[call-overload]
    else:
        with closing(sqlite3.connect(node.folder / "fairwitness.sqlite3", timeout=20)) as store:
            found = store.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def killed(node: Node, table: str, begun: int, *command: str) -> int:
    """Run the command and kill it once it has committed something new and is not done yet; how many there were then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fairwitness", *command], env=node.environment, cwd=node.folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 240
    while time.monotonic() < end:
        there = count(node, table)
        if there > begun:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL, "it was done before it could be killed; give it more rows"
            return count(node, table)
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    raise AssertionError("nothing was committed within four minutes")


@pytest.mark.slow
def test_a_list_killed_in_the_middle_goes_on_and_nothing_is_lost_or_double(node: Node) -> None:
    file = node.folder / "list.csv"
    file.write_text("No,Recommendation\n" + "".join(f"{n},Do the thing number {n}.\n" for n in range(ROWS)), "utf-8")
    command = ("import", "list", str(file), "--as", "recommendations", "--profile", "ours", "--unit", "PZ-T1")
    first = killed(node, "recommend_recommendation", 0, *command)
    assert 0 < first < ROWS
    second = killed(node, "recommend_recommendation", first, *command, "--resume")
    assert first < second < ROWS
    assert f"{ROWS} of {ROWS} rows done: {ROWS} taken" in node.run(*command, "--resume").stdout
    whole = [f"done {ROWS} {ROWS} {ROWS} {ROWS} {ROWS}", "True True [] True"]
    assert node.python(CHECK).splitlines() == whole
    node.run(*command)
    node.run(*command, "--resume")
    assert node.python(CHECK).splitlines() == whole


@pytest.mark.slow
def test_places_killed_in_the_middle_go_on_and_nothing_is_lost_or_double(node: Node) -> None:
    row = "-9000{n},Fshat{n},Selo{n},Село{n},approved,approved,,42.{n},20.5,PPL,18,Prizren,18,,,,2012-01-01\n"
    file = node.folder / "places.csv"
    file.write_text(TABLE + "".join(row.format(n=n) for n in range(ROWS // 2)), "utf-8")
    begun = count(node, "mission_place")
    there = killed(node, "mission_place", begun, "import", "places", str(file))
    assert begun < there < begun + ROWS // 2
    done = node.run("import", "places", str(file)).stdout
    assert f"{ROWS // 2} rows read: {begun + ROWS // 2 - there} places kept" in done
    assert node.python(PLACES).splitlines() == [f"{ROWS // 2} 0 []"]
    assert "0 places kept, 0 changed" in node.run("import", "places", str(file)).stdout


def test_the_command_says_what_is_wrong_and_takes_nothing(node: Node) -> None:
    file = node.folder / "list.csv"
    file.write_text("No,Recommendation,Addressee\n1,Do it.,Ministry of Nothing\n", "utf-8")
    command = ("import", "list", str(file), "--as", "recommendations", "--unit", "HQ")
    asked = node.run(*command, "--dry-run", check=False)
    assert asked.returncode == 1 and "unknown addressee “Ministry of Nothing” in 1 rows" in asked.stderr
    refused = node.run(*command, check=False)
    assert refused.returncode == 1 and "1 words of the list are not known here" in refused.stderr
    done = node.run(*command, "--mean", "addressee:Ministry of Nothing=mun-18", "--report", "report.csv")
    assert "1 of 1 rows done: 1 taken" in done.stdout
    assert "taken" in (node.folder / "report.csv").read_text("utf-8-sig")
    code = "IM-" + done.stdout.partition("IM-")[2].partition(":")[0]
    assert f"{code}: 1 withdrawn" in node.run("import", "undo", code, "--why", "It was a trial").stdout
    assert node.run("import", "list", "--as", "nonsense", str(file), check=False).returncode == 1
