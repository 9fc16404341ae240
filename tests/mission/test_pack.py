"""A pack is taken whole or not at all, and whoever keeps it by hand is told everything that is wrong at once."""

# ruff: noqa: E501 - a table of cases reads best with one case on one line

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairwitness.mission.fold import fold
from fairwitness.mission.pack import KOSOVO, Fault, Pack, PackError, read_pack
from fairwitness.mission.pack_parts import Fact

Broken = Callable[[str, str, str], tuple[Fault, ...]]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(KOSOVO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KOSOVO, tmp_path / "kosovo"))


@pytest.fixture
def broken(folder: Path) -> Broken:
    def change(name: str, old: str, new: str) -> tuple[Fault, ...]:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(PackError) as refused:
            read_pack(folder)
        return refused.value.faults

    return change


def line_of(name: str, text: str) -> int:
    lines = (KOSOVO / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


# what the pack of Kosovo holds


def test_thirty_eight_municipalities_and_their_people(pack: Pack) -> None:
    municipalities = [place for place in pack.places if place.kind == "municipality"]
    assert sorted(place.code for place in municipalities) == sorted(f"ask:{n}" for n in range(1, 39))
    assert sum(int(place.population_2011) for place in municipalities if place.population_2011) == 1_739_825
    assert sorted(place.code for place in municipalities if not place.population_2011) == ["ask:12", "ask:28", "ask:29", "ask:38"]
    assert sum(float(place.area_km2) for place in municipalities) == pytest.approx(10_907.0, abs=0.5)
    assert all(41.8 < float(place.lat) < 43.3 and 20.0 < float(place.lon) < 21.8 for place in municipalities)


def test_every_municipality_has_its_names_in_three_scripts_and_a_house_form(pack: Pack) -> None:
    for place in pack.places:
        if place.kind == "municipality":
            names = {(n.language, n.form) for n in pack.place_names if n.place == place.code}
            assert names >= {("sq", "main"), ("sr-Latn", "main"), ("sr-Cyrl", "main"), ("mul", "house")}, place.code


@pytest.mark.parametrize(
    ("searched", "code"),
    [
        ("Peja", "ask:17"), ("Peć", "ask:17"), ("Pec", "ask:17"), ("Пећ", "ask:17"), ("PEJË", "ask:17"),
        ("\u00d0akovica", "ask:2"), ("Ђаковица", "ask:2"), ("Djakovica", "ask:2"), ("gjakova", "ask:2"),
        ("Planjane", "gns:-92047"), ("Pllanjanë", "gns:-92047"), ("Плањане", "gns:-92047"), ("Pllanjan", "gns:-92047"),
        ("Mamuşa", "ask:32"), ("mamusha", "ask:32"), ("Mamuša", "ask:32"),
        ("Velika Hoca", "gns:-99558"), ("Hoçë e Madhe", "gns:-99558"), ("Zhur", "gns:-102455"), ("Жур", "gns:-102455"),
        ("Drenas", "ask:3"), ("Lleposaviq", None), ("Severna Mitrovica", "ask:38"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_any_of_its_names(pack: Pack, searched: str, code: str | None) -> None:
    found = {name.place for name in pack.place_names if fold(name.text) == fold(searched)}
    assert (code in found) if code else not found


def test_structure(pack: Pack) -> None:
    kinds: list[str] = [unit.kind for unit in pack.units]
    assert kinds.count("regional centre") == 5 and kinds.count("field team") > 30
    assert [kinds.count(kind) for kind in ("mission", "department")] == [1, 4]
    assert "PZ-T1" in {unit.code for unit in pack.units}
    assert {unit.code for unit in pack.units} >= {post.unit for post in pack.posts}
    held = {post.unit for post in pack.posts}
    assert all(unit.code in held for unit in pack.units if unit.kind in {"field team", "regional centre", "department"})
    assert {post.second_hat for post in pack.posts if post.grants == "head"} == {"UN"}


def test_who_covers_what_is_never_taken_for_public(pack: Pack) -> None:
    assert {area.mark for area in pack.areas} == {"demonstration"}
    assert all(unit.mark == "demonstration" for unit in pack.units if unit.kind == "field team")
    teams = {unit.code for unit in pack.units if unit.kind == "field team"}
    assert sorted(area.place for area in pack.areas if area.unit in teams) == sorted(f"ask:{n}" for n in range(1, 39))


def test_every_fact_says_how_it_is_known(pack: Pack) -> None:
    for name in Pack.model_fields:
        for fact in [value] if isinstance(value := getattr(pack, name), Fact) else value if isinstance(value, list) else []:
            assert fact.source or fact.mark, fact
            assert fact.at[0] and fact.at[1] > 0


def test_chain_of_operations(pack: Pack) -> None:
    by_code = {operation.code: operation for operation in pack.operations}
    chain, code = [], pack.info.operation
    while code:
        chain.append((code, by_code[code].started))
        code = next(iter(by_code[code].predecessors), "")
    assert chain == [("omik", "1999-07-01"), ("task-force", "1999-06-08"), ("kvm", "1998-10-25"), ("mld", "1992-09-08")]
    adopted = {decision.symbol: decision.adopted for decision in pack.decisions}
    assert adopted["UNSCR 1244 (1999)"] == "1999-06-10" and adopted["PC.DEC/305"] == "1999-07-01" and adopted["PC.DEC/1039"] == ""


def test_successors_and_seven_basic_courts(pack: Pack) -> None:
    by_code = {institution.code: institution for institution in pack.institutions}
    assert by_code["judicial-institute"].successor == "academy-of-justice"
    assert sum(institution.kind == "basic court" for institution in pack.institutions) == 7
    assert sum(institution.kind == "communities committee" for institution in pack.institutions) == 38


def test_wording_is_neutral_on_status_outside_the_rules_and_quotations() -> None:
    allowed = {"style.yaml"}
    for path in KOSOVO.iterdir():
        if path.name not in allowed:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"Republi[ck](?! of Yugoslavia)|Metohija|\bcountry\b|\bcapital\b|\bprovince\b", text), path.name


def test_serbian_first_where_the_house_style_has_it(pack: Pack) -> None:
    style = next(style for style in pack.name_styles if style.code == "osce-2019")
    serbian_first = next(exception.places for exception in style.exceptions if exception.order == ["sr-Latn", "sq"])
    for name in pack.place_names:
        if name.form == "house" and name.place.startswith("ask:") and "/" in name.text and not name.valid_to:
            first = name.text.split("/")[0].split()[0]
            own = {n.language: n.text.split()[0] for n in pack.place_names if n.place == name.place and n.form in {"main", "short"}}
            if name.place in serbian_first:
                assert first == own["sr-Latn"], name.text


def test_the_digest_follows_the_bytes(pack: Pack, folder: Path) -> None:
    assert read_pack(folder).digest == pack.digest
    with (folder / "areas.csv").open("a") as file:
        file.write("\n")
    assert read_pack(folder).digest != pack.digest


# what is said of a broken pack


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "field", "said"),
    [
        ("units.csv", "HOM,Senior Management,senior management,HQ", "HOM,Senior Management,senior management,QH", "HOM,Senior", "parent", "“QH” is not among the units"),
        ("posts.csv", "PZ-T1-1,PZ-T1,", "PZ-T1-1,PZ-T99,", "PZ-T1-1,", "unit", "“PZ-T99” is not among the units"),
        ("posts.csv", "Head of Mission,head,UN", "Head of Mission,boss,UN", "Head of Mission,head", "grants", "“boss” is not among the templates"),
        ("posts.csv", "Head of Mission,head,UN", "Head of Mission,head,XX", "Head of Mission,head", "second_hat", "not among the partners"),
        ("places.csv", "ask:20,municipality,kosovo", "ask:20,municipality,nowhere", "ask:20,", "parent", "“nowhere” is not among the places"),
        ("places.csv", "ask:20,municipality,kosovo,4", "ask:20,municipality,kosovo,94", "ask:20,", "row", "outside -90 to 90"),
        ("places.csv", "ask:20,municipality", "ask:20,province", "ask:20,", "kind", "“province” is not one of"),
        ("posts.csv", "PZ-T1-2,PZ-T1,", "PZ-T1-1,PZ-T1,", "PZ-T1-2,", "code", "already the code of another of the posts in posts.csv, line"),
        ("mandate.yaml", "adopted: 1999-07-01", "adopted: 31.02.2010", "code: pc-305", "adopted", "that month has 28 days"),
        ("mandate.yaml", "adopted: 1999-07-01", "adopted: 1999-02-30", "code: pc-305", "adopted", "“1999-02-30” is not a date (that month has 28 days)"),
        ("mandate.yaml", "adopted: 1999-07-01", "adopted: [1999]", "code: pc-305", "adopted", "is not a date"),
        ("mandate.yaml", "symbol: PC.DEC/305, ", "", "code: pc-305", "symbol", "is missing; fill it in"),
        ("mandate.yaml", "symbol: PC.DEC/305, ", "symbl: PC.DEC/305, ", "code: pc-305", "symbl", "not a field of this part"),
        ("mandate.yaml", "symbol: PC.DEC/305", "symbol: [a, b]", "code: pc-305", "symbol", "is a list where text is needed"),
        ("mandate.yaml", "decisions: [pc-305, sc-1244]", "decisions: []", "code: T4", "decisions", "at least one entry"),
        ("mandate.yaml", "fields:\n", "felds:\n", "fields:", "felds", "is not a heading of this file"),
        ("mandate.yaml", "predecessors: [mld]", "predecessors: [omik]", "code: kvm", "predecessors", "leads back to itself"),
        ("figures.csv", "17462600", "17,462,600", "17462600", "row", "12 cells where the heading has 10"),
        ("figures.csv", "17462600", "17.462.600", "17462600", "value", "is not a number"),
        ("place_names.csv", "Prizren,tr,Latn", "Prizren,xx,Latn", "Prizren,tr,Latn", "language", "“xx” is not among the languages"),
        ("pack.yaml", "Europe/Belgrade", "Europe/Nowhere", "info:", "time_zone", "is not a time zone"),
        ("pack.yaml", "  source: https://www.osce.org/mission-in-kosovo/mandate\n", "", "info:", "info", "give the source"),
        ("standards.yaml", 'valid_to: "2008"', 'valid_to: "1999"', "reg-2000-45", "row", "ends (1999) before it begins"),
        ("vocabularies.yaml", 'code: "saw"', 'code: "heard"', 'code: "saw"', "code", "another term of “Means of perception”"),
        ("vocabularies.yaml", "parent: uav", "parent: drone", 'code: "uav-mini"', "parent", "“drone” is not a term of"),
        ("style.yaml", '"ask:12", ', '"ask:99", ', "code: osce-2019", "exceptions", "“ask:99” is not among the places"),
        ("areas.csv", "PZ-T1,ask:20", "PZ-T1,ask:5", "PZ-T2,", "place", "already covered by “PZ-T1”"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_field_and_remedy(broken: Broken, name: str, old: str, new: str, at: str, field: str, said: str) -> None:
    faults = broken(name, old, new)
    matching = [fault for fault in faults if said in fault.sentence]
    assert matching, [str(fault) for fault in faults]
    expected = line_of(name, at) + (1 if at == "info:" else 0)
    assert matching[0].file == name
    assert abs(matching[0].line - expected) <= 1, (matching[0], expected)
    if field not in {"row", "info"}:
        assert matching[0].field == field


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "areas.csv").unlink()
    (folder / "figures.csv").write_bytes(b"")
    (folder / "posts.csv").write_bytes(b"code,unit\nA,\xffB\n")
    (folder / "units.csv").write_bytes("code".encode("utf-16"))
    (folder / "style.yaml").write_text("name_styles:\n  - [unclosed\n", encoding="utf-8")
    (folder / "templates.yaml").write_text("- a list\n", encoding="utf-8")
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    said = {fault.file: str(fault) for fault in refused.value.faults}
    assert set(said) == {"areas.csv", "figures.csv", "posts.csv", "units.csv", "style.yaml", "templates.yaml"}
    for file, words in {
        "areas.csv": "missing", "figures.csv": "empty", "posts.csv": "byte 0xFF is not UTF-8", "units.csv": "NUL", "style.yaml": "not YAML",
        "templates.yaml": "outermost",
    }.items():  # fmt: skip
        assert words in said[file]
    assert next(fault.line for fault in refused.value.faults if fault.file == "posts.csv") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x, x]\nb: [*a, *a]\n", "alias"),
        ("info: !!python/object/apply:os.system ['true']\n", "carries the tag"),
        ("info: {code: x, code: y}\n", "stands twice"),
        ("info: " + "[" * 200 + "]" * 200, "deep"),
        ("info: [\x07]\n", "not YAML"),
        ("# nothing but a remark\n", "outermost"),
        ("info: x\n" + "# " + "x" * 5_000_001, "5 MB"),
    ],
    ids=["alias", "tag", "twice", "deep", "control character", "remark", "large"],
)
def test_hostile_yaml_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert any(said in fault.sentence and fault.file == "pack.yaml" for fault in refused.value.faults), refused.value


def test_a_table_with_an_unclosed_quotation_mark(broken: Broken) -> None:
    faults = broken("partners.yaml", "code: UN\n", "code: 'UN\n")
    assert faults[0].file == "partners.yaml"
    faults = broken("units.csv", "OM,Mission in Kosovo", 'OM,"Mission in Kosovo')
    assert any(fault.file == "units.csv" and "quotation mark" in fault.sentence for fault in faults)


def test_no_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="is not a folder"):
        read_pack(tmp_path / "none")


def test_a_folder_that_is_no_pack_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(PackError) as refused:
        read_pack(tmp_path)
    assert len(refused.value.faults) == 1 and "pack.yaml" in str(refused.value.faults[0].sentence)


def test_a_folder_where_a_file_should_be(folder: Path) -> None:
    (folder / "areas.csv").unlink()
    (folder / "areas.csv").mkdir()
    with pytest.raises(PackError, match=r"areas\.csv"):
        read_pack(folder)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(path.name for path in KOSOVO.glob("*.[yc]*"))), st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_damage_anywhere_is_answered_never_a_crash(folder: Path, name: str, where: int, bytes_: bytes) -> None:
    whole = (KOSOVO / name).read_bytes()
    where %= len(whole)
    (folder / name).write_bytes(whole[:where] + bytes_ + whole[where + len(bytes_) :])
    try:
        read_pack(folder)
    except PackError as error:
        assert error.faults and all(fault.sentence for fault in error.faults)
    finally:
        (folder / name).write_bytes(whole)


def test_tables_have_no_stray_spaces() -> None:
    for path in KOSOVO.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert all(cell == cell.strip() for cell in row), (path.name, row)


def test_a_file_that_cannot_be_read_blames_no_other_file_but_hides_no_other_fault(folder: Path) -> None:
    (folder / "places.csv").write_bytes(b"")
    posts = folder / "posts.csv"
    posts.write_text(posts.read_text(encoding="utf-8").replace("PZ-T1-1,PZ-T1,", "PZ-T1-1,PZ-T99,"), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert [(fault.file, fault.field) for fault in refused.value.faults] == [("places.csv", "file"), ("posts.csv", "unit")]


def test_a_circle_among_several_predecessors_is_found(broken: Broken) -> None:
    faults = broken("mandate.yaml", "predecessors: [mld]", "predecessors: [mld, omik]")
    assert any("leads back to itself" in fault.sentence for fault in faults)
