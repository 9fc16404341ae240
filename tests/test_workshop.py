"""The workshop: set-up on a fresh machine, the closing line of the tests, and proof that each import contract can fail.

A stranger's first five minutes pass here. The rule it guards: whatever goes wrong is said in one
sentence with its remedy, nothing half-installed is taken for installed, and nothing unrun counts as passed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout without dependencies: the real run.py, a lock that names nothing, a package that repeats its arguments."""
    place = tmp_path / "a check out"  # a space in the path must not matter
    package = place / "src" / "fairwitness"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "run.py", place / "run.py")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (place / lock).write_text("# nothing\n")
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text("import sys\nprint('said', sys.argv[1:])\nsys.exit(7)\n")
    return place


def start(place: Path, *arguments: str, **around: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **around}
    return subprocess.run([sys.executable, str(place / "run.py"), *arguments], capture_output=True, text=True, env=environment, timeout=300)


def test_first_and_second_run(checkout: Path) -> None:
    first = start(checkout, "fairwitness", "verify", "--level log", "ë-ш")
    assert first.returncode == 7, first.stderr  # the command's own exit code comes through
    assert "said ['verify', '--level log', 'ë-ш']" in first.stdout
    began = time.monotonic()
    second = start(checkout, "fairwitness", "again")
    assert "said ['again']" in second.stdout
    assert "Installing" not in second.stdout
    assert time.monotonic() - began < 3, "the second start does nothing but start (1 s on a quiet machine)"
    if os.name != "nt":
        (checkout / "json.py").write_text("raise SystemExit('a file of the archive was run')")
        command = subprocess.run([checkout / ".venv/bin/fairwitness", "doctor"], capture_output=True, text=True, cwd=checkout)
        assert "said ['doctor']" in command.stdout, command.stderr


def test_a_changed_lock_is_installed_and_a_failed_install_is_no_install(checkout: Path) -> None:
    assert start(checkout, "setup").returncode == 0
    (checkout / "wheelhouse").mkdir()  # no network is asked
    (checkout / "requirements.lock").write_text(f"no-such-package==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    for _ in range(2):
        answer = start(checkout, "fairwitness", "hello")
        assert answer.returncode == 1
        assert "said" not in answer.stdout
        last = answer.stderr.strip().splitlines()[-1]
        assert "requirements.lock could not be installed" in last and "wheelhouse" in last and last.endswith(".")
    (checkout / "requirements.lock").write_text("# nothing again\n")
    assert start(checkout, "fairwitness", "hello").returncode == 7


def test_a_half_made_environment_is_made_again(checkout: Path) -> None:
    assert start(checkout, "setup").returncode == 0
    python = checkout / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.unlink()
    python.write_text("cut short")
    (checkout / ".venv/user.stamp").write_text("cut short")
    assert "said ['x']" in start(checkout, "fairwitness", "x").stdout


def test_without_venv_one_sentence_names_the_remedy(checkout: Path) -> None:
    hook = checkout / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    answer = start(checkout, "demo", PYTHONPATH=str(hook), PATH="")  # no uv to be found either
    assert answer.returncode == 1
    assert answer.stderr == "This Python has no venv: install it (on Debian and Ubuntu: apt-get install python3-venv) and start again.\n"
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run = load()
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 14))
    assert run.main(["demo"]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_unknown_words_are_answered_with_the_commands(checkout: Path) -> None:
    answer = start(checkout, "dmeo")
    assert answer.returncode == 2
    assert "python3 run.py demo" in answer.stdout


def test_the_tally_is_read_from_the_report(tmp_path: Path) -> None:
    (tmp_path / "test_three.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n@pytest.mark.skip\ndef test_c(): pass\n"
        "@pytest.fixture\ndef broken(): raise ValueError\ndef test_d(broken): pass\n"
    )
    report = tmp_path / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        os.devnull,
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:django",
        f"--junitxml={report}",
        str(tmp_path),
    ]
    subprocess.run(command, capture_output=True, cwd=tmp_path)
    assert load().tally(report) == {"passed": 1, "failed": 2, "skipped": 1}
    assert load().tally(tmp_path / "absent.xml") == {"passed": 0, "failed": 1, "skipped": 0}


CLEAN = {"passed": 5, "failed": 0, "skipped": 1}


@pytest.mark.parametrize(
    ("results", "browser", "line", "code"),
    [
        ({"sqlite": (0, CLEAN), "postgres": (0, CLEAN)}, "run", "10 passed, 0 failed, 2 skipped on sqlite and postgres in 3 s.", 0),
        ({"sqlite": (0, CLEAN)}, "waived", "5 passed, 0 failed, 1 skipped on sqlite in 3 s; browser tests not run (--no-browser).", 0),
        (
            {"sqlite": (0, CLEAN)},
            "missing",
            "5 passed, 0 failed, 1 skipped on sqlite in 3 s; browser tests NOT RUN: no Chromium could be had.",
            3,
        ),
        (
            {"sqlite": (0, CLEAN), "postgres": (1, {"passed": 4, "failed": 1, "skipped": 1})},
            "run",
            "9 passed, 1 failed, 2 skipped on sqlite and postgres in 3 s; not clean: postgres.",
            1,
        ),
        (
            {"sqlite": (5, {"passed": 0, "failed": 0, "skipped": 0})},
            "run",
            "0 passed, 0 failed, 0 skipped on sqlite in 3 s; not clean: sqlite.",
            1,
        ),
    ],
)
def test_the_closing_line(results: dict[str, tuple[int, dict[str, int]]], browser: str, line: str, code: int) -> None:
    assert load().closing(results, browser, 3.2) == (line, code)


def test_the_check_script_is_sound() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    assert "set -euo pipefail" in script.read_text()


ROOMS = ["web", "share", "assist", "recommend", "report", "warn", "analyse", "verify", "monitor", "mission", "record", "errors"]


def contracts(place: Path, files: dict[str, str]) -> str:
    """What lint-imports says of a house with empty rooms and these files, under the contracts of the project."""
    package = place / "fairwitness"
    for room in [*ROOMS, "record/ledger", "record/migrations", "analyse/numbers"]:
        (package / room).mkdir(parents=True, exist_ok=True)
        (package / room / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "record/migrations/m0001.py").write_text("")
    for name, text in files.items():
        (package / name).write_text(text)
    command = [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml", "--no-cache", "--no-logo"]
    return subprocess.run(command, capture_output=True, text=True, cwd=place, env={**os.environ, "PYTHONPATH": str(place)}).stdout


@pytest.mark.parametrize(
    ("contract", "files"),
    [
        ("The sentence", {"record/x.py": "import fairwitness.mission"}),
        ("The sentence", {"analyse/x.py": "import fairwitness.web"}),
        ("The sentence", {"attic.py": "x = 1"}),
        ("The ledger is pure", {"record/ledger/x.py": "import django"}),
        ("The ledger is pure", {"record/ledger/x.py": "import fairwitness.record.y", "record/y.py": "import yaml"}),
        ("Numbers are pure", {"analyse/numbers/x.py": "import django"}),
        ("Numbers are pure", {"analyse/numbers/x.py": "import fairwitness.analyse.y", "analyse/y.py": "import fairwitness.monitor"}),
        ("Fear gets its own file", {"web/x.py": "from cryptography.hazmat.primitives import hashes"}),
        ("Fear gets its own file", {"record/keep.py": "import cryptography"}),
        ("Migrations stand alone", {"record/x.py": "import fairwitness.record.migrations.m0001"}),
        ("No knots", {"monitor/a.py": "import fairwitness.monitor.b", "monitor/b.py": "import fairwitness.monitor.a"}),
    ],
)
def test_each_contract_can_fail(tmp_path: Path, contract: str, files: dict[str, str]) -> None:
    answer = contracts(tmp_path, files)
    broken = [line for line in answer.splitlines() if line.endswith(" BROKEN")]
    assert any(line.startswith(contract) for line in broken), answer


def test_a_house_in_order_keeps_every_contract(tmp_path: Path) -> None:
    answer = contracts(tmp_path, {"record/seal.py": "import cryptography", "web/x.py": "import fairwitness.share, fairwitness.record.seal"})
    assert "BROKEN" not in answer and "6 kept, 0 broken" in answer, answer
