"""Settings are safe when unset, documented every one, refused with a sentence when they cannot be used, and clean by the framework's
own check; the files of packaging say what the how-to says and start what exists."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fairwitness.web.cli import parser

ROOT = Path(__file__).parent.parent.parent
NAME = re.compile(r"^FAIRWITNESS_[A-Z_]+$")
OF_TESTS = {"FAIRWITNESS_CHROMIUM", "FAIRWITNESS_ENGINE"}
PACKAGING = ROOT / "packaging"


def read_in_code() -> set[str]:
    """Every variable the code names in a string of its own."""
    found = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.match(node.value):
                found.add(node.value)
    return found


def documented() -> set[str]:
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    return set(re.findall(r"^\| `(FAIRWITNESS_[A-Z_]+)` \|", page, re.MULTILINE))


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    assert read_in_code() - OF_TESTS == documented()


def checked(tmp_path: Path, **around: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FAIRWITNESS_", "DJANGO_"))}  # windows allow more
    environment = {**clean, "FAIRWITNESS_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings",
                   "PYTHONPATH": str(ROOT / "src"), **around}  # fmt: skip
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "DEBUG"]
    return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_the_frameworks_own_check_has_nothing_to_say_about_a_mission(tmp_path: Path, proxies: str) -> None:
    found = checked(tmp_path, FAIRWITNESS_SECURE="1", FAIRWITNESS_HOSTS="fairwitness.mission.lan", FAIRWITNESS_PROXIES=proxies)
    assert found.returncode == 0 and "no issues" in found.stdout + found.stderr, found.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FAIRWITNESS_PROXIES", "-1"), ("FAIRWITNESS_PROXIES", "many"), ("FAIRWITNESS_SECURE", "yes"), ("FAIRWITNESS_HOSTS", "*"),
        ("FAIRWITNESS_HOSTS", ".lan"), ("FAIRWITNESS_SECOND_FACTOR", "no"), ("FAIRWITNESS_UPLOAD_MB", "26"), ("FAIRWITNESS_UPLOAD_MB", "0"),
        ("FAIRWITNESS_UPLOAD_DAY_MB", "1e3"), ("FAIRWITNESS_BLOBS_GB", "x"), ("FAIRWITNESS_LEAST_FREE_GB", "0"), ("FAIRWITNESS_LOG", "all"),
        ("FAIRWITNESS_METRICS_TOKEN", "short"), ("FAIRWITNESS_TIME_ZONE", "../etc/passwd"), ("FAIRWITNESS_TIME_ZONE", "Mars/Olympus"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_stops_the_node_with_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    around = {**os.environ, "FAIRWITNESS_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), name: value}
    around.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "fairwitness", "doctor"]
    done = subprocess.run(command, env=around, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and name in done.stderr and "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1


def unit(name: str) -> configparser.SectionProxy:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((PACKAGING / name).read_text("utf-8"))
    return read["Service"]


@pytest.mark.parametrize("name", ["fairwitness.service", "fairwitness-work.service"])
def test_a_unit_starts_a_command_that_exists_and_may_do_little(name: str) -> None:
    service = unit(name)
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/fairwitness/.venv/bin/fairwitness"
    assert parser().parse_args(words).command in ("serve", "work")
    wanted = {"User": "fairwitness", "UMask": "0077", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
              "PrivateTmp": "yes", "CapabilityBoundingSet": "", "ReadWritePaths": "/var/lib/fairwitness",
              "EnvironmentFile": "/etc/fairwitness/environment"}  # fmt: skip
    assert {key: service[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", ["fairwitness.service", "fairwitness-work.service"])
def test_systemd_itself_reads_the_unit(name: str, tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd on this machine")
    text = (PACKAGING / name).read_text("utf-8").replace("/opt/fairwitness/.venv/bin/fairwitness", sys.executable)
    (tmp_path / name).write_text(re.sub(r"^Wants=.*\n", "", text, flags=re.MULTILINE))
    done = subprocess.run([tool, "verify", tmp_path / name], capture_output=True, text=True, check=False)
    assert "Unknown" not in done.stderr and "Failed to parse" not in done.stderr, done.stderr


def settings_of(text: str) -> set[str]:
    return set(re.findall(r"FAIRWITNESS_[A-Z_]+", text))


def test_packaging_sets_only_what_is_documented_and_the_how_to_names_what_lies_there() -> None:
    files = sorted(path.name for path in PACKAGING.iterdir())
    assert files == ["Containerfile", "environment", "fairwitness-work.service", "fairwitness.service"]
    page = (ROOT / "docs/how-to/run-as-a-service.md").read_text("utf-8")
    for path in PACKAGING.iterdir():
        assert settings_of(path.read_text("utf-8")) <= documented()
        assert f"packaging/{path.name}" in page
    assert settings_of(page) <= documented()
    said = {line.partition("=")[0] for line in (PACKAGING / "environment").read_text("utf-8").splitlines() if line[:1] not in ("", "#")}
    assert {"FAIRWITNESS_DATA", "FAIRWITNESS_HOSTS", "FAIRWITNESS_TLS_CERT", "FAIRWITNESS_TLS_KEY"} <= said


def test_the_container_names_no_registry_runs_as_nobody_in_particular_and_asks_its_own_health() -> None:
    text = (PACKAGING / "Containerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[:2] == ["ARG BASE", "FROM ${BASE}"] and not re.search(r"^FROM .*[./]", text.replace("${BASE}", ""), re.MULTILINE)
    assert re.search(r"^USER (?!0)\d+", text, re.MULTILINE) and "/health/" in text and "--require-hashes" in text
    words = re.findall(r'"([^"]+)"', next(line for line in lines if line.startswith("CMD")))
    given = parser().parse_args(words)
    assert (given.command, given.with_work, given.port) == ("serve", True, 8000)
    for source in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for one in source.split():
            assert "[" in one or (ROOT / one).exists(), one
