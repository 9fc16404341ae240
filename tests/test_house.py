"""The rules of the house as tests: each names its reason, so that whoever breaks one learns why it stands.

A rule that lives only in a document is forgotten by the third new colleague; a rule that fails the
build with a sentence is kept. Rules for things that do not exist yet begin to guard with their first file.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fairwitness"
NOUN_MODULES = {"services", "service", "utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "general", "base"}
LEDGER = SOURCE / "record" / "ledger"

WRITES_ELSEWHERE: dict[str, str] = {
    "web/models.py": "accounts and drafts never leave their node and are free of Kept by name",
}
"""Modules outside `record`, below src/fairwitness, that may write rows directly; each with its reason."""


def committed() -> list[Path]:
    """Every file in the repository, or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def python_files(*roots: Path) -> list[Path]:
    files = [file for root in roots for file in ([root] if root.is_file() else root.rglob("*.py"))]
    return sorted(file for file in files if "migrations" not in file.parts and "__pycache__" not in file.parts)


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def code_lines(text: str, tree: ast.Module, node: ast.AST | None = None) -> int:
    """Lines of code: without blank lines, comments and docstrings."""
    silent: set[int] = set()
    for part in ast.walk(tree):
        if (
            isinstance(part, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(part, clean=False) is not None
        ):
            silent.update(range(part.body[0].lineno, (part.body[0].end_lineno or 0) + 1))
    first, last = (getattr(node, "lineno", 1), getattr(node, "end_lineno", None)) if node else (1, None)
    lines = text.splitlines()
    numbered = enumerate(lines[first - 1 : last], first)
    return sum(1 for number, line in numbered if line.strip() and not line.strip().startswith("#") and number not in silent)


def where(file: Path, node: ast.AST | None = None) -> str:
    return f"{file.relative_to(ROOT)}" + (f":{node.lineno}" if node is not None and hasattr(node, "lineno") else "")


def test_business_lives_in_verbs() -> None:
    """A noun attracts everything that concerns it; a verb does not. `publish.py`, never `publication_utils.py`."""
    wrong = [
        where(file)
        for file in python_files(SOURCE)
        if file.stem in NOUN_MODULES or re.search(r"_(utils?|helpers?|services?|managers?)$", file.stem)
    ]
    assert not wrong, f"rooms without a name (call the module by what it does): {wrong}"


def test_every_module_says_what_it_is_for() -> None:
    """A lawyer who opens a module must learn from its first lines what it is for and which rule it guards."""
    files = [*python_files(SOURCE, ROOT / "tests", ROOT / "bench"), ROOT / "run.py"]
    wrong = [where(file) for file in files if file.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(file))]
    empty = [where(file) for file in python_files(SOURCE) if not file.read_text(encoding="utf-8").strip()]
    assert not wrong + empty, f"modules without a docstring: {wrong + empty}"


def test_a_room_fits_in_the_head() -> None:
    """Above 400 lines of code a module asks a question about the design; above 60 a function no longer fits on a screen."""
    long_modules, long_functions = [], []
    for file in python_files(SOURCE):
        text, tree = file.read_text(encoding="utf-8"), parsed(file)
        if (size := code_lines(text, tree)) > 400:
            long_modules.append(f"{where(file)}: {size}")
        long_functions += [
            f"{where(file, one)} {one.name}: {size}" for one in functions(tree) if (size := code_lines(text, tree, one)) > 60
        ]
    assert not long_modules, f"modules above 400 lines of code: {long_modules}"
    assert not long_functions, f"functions above 60 lines of code: {long_functions}"


def test_a_view_makes_one_call() -> None:
    """The web decides nothing: a function that takes a request and runs past forty lines has begun to decide."""
    wrong = []
    for file in python_files(SOURCE / "web"):
        text, tree = file.read_text(encoding="utf-8"), parsed(file)
        for view in functions(tree):
            first = next(iter([*view.args.posonlyargs, *view.args.args]), None)
            if first is not None and first.arg == "request" and (size := code_lines(text, tree, view)) > 40:
                wrong.append(f"{where(file, view)} {view.name}: {size}")
    assert not wrong, f"views above forty lines: {wrong}"


def test_no_request_below_the_door() -> None:
    """What a room does must not depend on the door it was asked through: no HTTP, no URL, no view below `web`."""
    doors = ("django.http", "django.urls", "django.views", "django.shortcuts", "django.middleware", "django.contrib.messages")
    wrong = []
    for file in python_files(SOURCE):
        if file.is_relative_to(SOURCE / "web"):
            continue
        for node in ast.walk(parsed(file)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            wrong += [f"{where(file, node)} {name}" for name in names if any(name == door or name.startswith(door + ".") for door in doors)]
    assert not wrong, f"HTTP below the door: {wrong}"


def test_the_doors_stand_apart() -> None:
    """What the public may reach must not hang on what staff may reach: one door imports nothing from another."""
    doors = {"staff", "phone", "peer", "public", "cli"}
    wrong = []
    for file in python_files(SOURCE / "web"):
        own = file.relative_to(SOURCE / "web").with_suffix("").parts[0]
        for node in ast.walk(parsed(file)) if own in doors else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            others = {f"fairwitness.web.{door}" for door in doors - {own}}
            wrong += [f"{where(file, node)} {name}" for name in names if name in others or name.rpartition(".")[0] in others]
    assert not wrong, f"a door imports another: {wrong}"


def direct_writes(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Calls that look like the ORM writing a row: told from `dict.update(x)` or `image.save(path)` by their arguments."""
    always = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "save_base", "abulk_create", "asave", "adelete", "aupdate"}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, bare = node.func.attr, not node.args
        if (
            name in always
            or (name in {"save", "delete"} and bare)
            or (name == "update" and bare and node.keywords)
            or (name == "create" and isinstance(node.func.value, ast.Attribute) and node.func.value.attr in {"objects", "_base_manager"})
        ):
            yield node, name


def test_saving_is_auditing() -> None:
    """A row written past `keep` has no entry on record: outside `record` nothing saves, updates or deletes a row by itself."""
    wrong, unused = [], set(WRITES_ELSEWHERE)
    for file in python_files(SOURCE):
        path = file.relative_to(SOURCE).as_posix()
        if path.startswith("record/"):
            continue
        for node, name in direct_writes(parsed(file)):
            unused.discard(path)
            if path not in WRITES_ELSEWHERE:
                wrong.append(f"{where(file, node)} .{name}(")
    assert not wrong, f"rows written past keep(): {wrong}"
    assert not unused, f"allowed to write, but no longer do; take them off the list: {sorted(unused)}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("thing.save()", True),
        ("thing.save(update_fields=['a'])", True),
        ("Thing.objects.filter(a=1).update(a=2)", True),
        ("Thing.objects.create(a=1)", True),
        ("rows.delete()", True),
        ("Thing.objects.bulk_create(rows)", True),
        ("digest.update(data)", False),
        ("image.save(path)", False),
        ("cache.delete('key')", False),
        ("thing.keep(by=hand)", False),
    ],
)
def test_a_direct_write_is_recognised(line: str, found: bool) -> None:
    assert bool(list(direct_writes(ast.parse(line)))) is found


def test_the_ledger_needs_python_alone() -> None:
    """In thirty years an archive is verified by somebody who has neither us nor our software, only a Python."""
    wrong = []
    for file in python_files(LEDGER):
        for node in ast.walk(parsed(file)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{where(file, node)}: imports are written out in full"
                names = [node.module or ""]
            for name in names:
                if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("fairwitness.record.ledger"):
                    wrong.append(f"{where(file, node)} {name}")
    assert not wrong, f"the ledger imports more than the standard library: {wrong}"


def test_the_ledger_starts_without_site_packages() -> None:
    """Imports that happen on the way (in the packages' own `__init__`) count as well: seen in a Python without site-packages."""
    modules = [
        ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts)
        for file in python_files(LEDGER)
        if file.stem not in {"__init__", "__main__"}
    ]
    code = f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r})\nimport " + ", ".join(modules) + "\nprint('django' in sys.modules)"
    answer = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout.strip()) == (0, "False"), answer.stderr


def test_no_registry_is_named() -> None:
    """Which registry a mission installs from is its own decision, and some have none: no committed file names one."""
    hosts = [
        ("py" + "pi", "org"),
        ("python" + "hosted", "org"),
        ("registry.npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("registry.yarn" + "pkg", "com"),
    ]
    hosts += [("deb.deb" + "ian", "org"), ("security.deb" + "ian", "org"), ("archive.ubu" + "ntu", "com"), ("proxy.gol" + "ang", "org")]
    needles = [".".join(host).encode() for host in hosts]
    wrong = [f"{where(file)}: {needle.decode()}" for file in committed() for needle in needles if needle in file.read_bytes()]
    assert not wrong, f"registry hosts named: {wrong}"


def test_locks_hold_hashes_and_no_addresses() -> None:
    """A package is named by what it contains, never by where it was found."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert {lock.name for lock in locks} == {f"requirements{part}.lock" for part in ("", "-dev", "-node", "-postgres")}
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, f"{lock.name} holds an address"
        for pin in re.split(r"\n(?=\S)", text.strip()):
            assert pin.startswith("#") or ("==" in pin and "--hash=sha256:" in pin), f"{lock.name}: no hash for {pin.splitlines()[0]}"


def test_the_locks_agree() -> None:
    """What is tested is what is shipped: a package pinned in two locks is pinned to one version and the same hashes."""
    pins: dict[str, dict[str, str]] = {}
    for lock in ROOT.glob("requirements*.lock"):
        for pin in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
            pins.setdefault(re.split(r"[=\[ ;]", pin)[0], {})[lock.name] = pin
    different = {name: sorted(found) for name, found in pins.items() if len(set(found.values())) > 1}
    assert not different, f"pinned differently: {different}"
    runtime = {name for name, found in pins.items() if "requirements.lock" in found}
    assert not {name for name in runtime if "requirements-dev.lock" not in pins[name]}, "the tests run on fewer packages than we ship"


def commands() -> set[str]:
    """The subcommands `fairwitness --help` offers."""
    answer = subprocess.run([sys.executable, "-m", "fairwitness", "--help"], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    offered = re.search(r"\{([a-z][a-z,-]+)\}", answer.stdout)
    assert offered, f"no list of commands in: {answer.stdout}"
    return set(offered[1].split(","))


@pytest.mark.skipif(not (SOURCE / "web" / "cli.py").exists(), reason="the command line has not been built yet")
def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^## `?fairwitness ([a-z-]+)", page, re.MULTILINE))
    assert commands() == documented


def test_readme_opens_with_the_sentence() -> None:
    sentence = (
        "A mission monitors, verifies, analyses, warns, reports, recommends, assists and shares; "
        "everything goes on record; the web is the door."
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.splitlines()[0] == sentence
    assert "python3 run.py demo" in text and "python3 run.py test" in text


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert all(f"\n  {number}. " in text for number in range(18)) and "Remote Network Interaction" in text
    assert text.rstrip().endswith("<http://www.gnu.org/licenses/>.")


def test_every_decision_is_one_readable_page() -> None:
    """A decision record has a number, a state, the options, the choice with its measurement, and what follows from it."""
    pages = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1)), "decisions are numbered without gaps"
    index = (ROOT / "docs" / "adr" / "index.md").read_text(encoding="utf-8")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        missing = [part for part in ("Status: ", "## Options", "## Choice", "## Consequence") if part not in text]
        assert not missing, f"{page.name} lacks {missing}"
        assert len(text.splitlines()) <= 70, f"{page.name} is longer than a page"
        assert page.stem in index, f"{page.name} is not in the index"
