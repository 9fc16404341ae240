"""The command a refusal names installs into this very Python, and asks for the versions the project asks for."""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from fairwitness.analyse.numbers import tell_install as told
from fairwitness.analyse.numbers.tell_install import PACKAGES, tell_install


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_the_versions_are_those_of_the_project(package: str) -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    assert PACKAGES[package] in asked


def test_the_command_is_for_this_python_with_whatever_installer_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with_pip = f'{sys.executable} -m pip install "numba~=0.68.1"'
    if importlib.util.find_spec("pip"):
        assert tell_install("numba") == with_pip
    monkeypatch.setattr(told, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert tell_install("numba") == f"{sys.executable} -m ensurepip && {with_pip}"
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    assert tell_install("numba") == f'uv pip install --python {sys.executable} "numba~=0.68.1"'
    monkeypatch.setattr(sys, "executable", "/home/a mission/python")
    assert shlex.split(tell_install("splink"))[4:] == ["/home/a mission/python", "splink~=5.0"]
