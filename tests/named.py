"""Tests that other texts name: whether `tests/…::name` is a test that exists. A promise that names a test nobody runs is worth nothing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"tests/[\w/]+\.py::\w+")


@cache
def tests_of(file: str) -> frozenset[str]:
    """The names of the tests of a file, given from the root."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    machines = {
        target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("Test")
    }  # fmt: skip
    return frozenset(names | machines)


def missing(named: list[str]) -> list[str]:
    """Those of these names behind which stands no test."""
    return [one for one in named if one.partition("::")[2] not in tests_of(one.partition("::")[0])]
