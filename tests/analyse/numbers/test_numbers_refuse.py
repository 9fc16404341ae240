"""A refusal in JSON: every analyse command answers with one object of the same keys, also when its words were not understood."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fairwitness.web.cli import main
from fairwitness.web.commands.analyse import METHODS

KEYS = {"refused", "analysis", "parameters", "data", "code", "warnings"}


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["analyse", *words]) == 2
    said = capsys.readouterr()
    found: dict[str, Any] = json.loads(said.out)
    assert set(found) == KEYS
    assert found["refused"] and found["refused"] in said.err
    assert found["warnings"] == []
    return found


@pytest.mark.parametrize("method", METHODS)
def test_a_misspelt_option_is_refused_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    found = refused(capsys, method, str(path), "--no-such-option", "--json")
    assert "--no-such-option" in found["refused"]
    assert found["analysis"] == method
    assert found["data"] == [{"file": "t.csv", "rows": None, "sha256": sha256(b"a,b\n1,2\n").hexdigest()}]
    assert found["parameters"]["arguments"][-1] == "--json"


def test_a_misspelt_option_without_json_leaves_the_output_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "agreement", "none.csv", "--levle", "nominal"]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "did you mean --level?" in said.err


def test_a_misspelt_method_and_value_are_refused_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "crosfoot" in refused(capsys, "crosfoot", "t.csv", "--json")["refused"]
    found = refused(capsys, "agreement", "t.csv", "--level", "nominel", "--json")
    assert "nominel" in found["refused"]
    assert found["data"] is None


def test_a_file_that_cannot_be_used_is_named_with_its_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    found = refused(capsys, "agreement", str(path), "--level", "nominal", "--json")
    assert found["data"] == [{"file": "t.csv", "rows": None, "sha256": sha256(b"a\n1\n").hexdigest()}]
    assert found["parameters"]["level"] == "nominal"
    assert refused(capsys, "crossfoot", str(tmp_path / "none.csv"), "--json")["data"] == [
        {"file": "none.csv", "rows": None, "sha256": None}
    ]
    draws = refused(capsys, "forecast", str(path), "--json")
    assert [one["file"] for one in draws["data"]] == ["t.csv"]
