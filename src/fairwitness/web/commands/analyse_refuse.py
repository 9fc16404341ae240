"""Refuse in the form that was asked for: a sentence for a person and, with `--json`, one object with the keys every answer has.

The rule it guards: whoever asked for JSON is answered in JSON, also when the words of the command were not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, NoReturn

from fairwitness import __version__
from fairwitness.errors import BadInput
from fairwitness.web.commands.analyse_say import parameters

_WRITTEN = {"out", "save_model"}


def answer_misspelt(parser: argparse.ArgumentParser, analysis: str | None = None) -> None:
    """Let a parser that does not understand its words say so in JSON, too, when `--json` is among them."""
    read, say = parser.parse_known_args, parser.error
    words: list[str] = []

    def parse_known_args(args: Any = None, namespace: Any = None) -> Any:
        words[:] = sys.argv[1:] if args is None else args
        return read(args, namespace)

    def error(message: str) -> NoReturn:
        if "--json" in words:
            files = [one for one in map(Path, words) if one.is_file()]
            _print(message, analysis, {"arguments": list(words)}, files)
        say(message)

    parser.parse_known_args = parse_known_args  # type: ignore[method-assign]
    parser.error = error  # type: ignore[method-assign]


def refuse(given: argparse.Namespace, error: BadInput) -> int:
    """Say why there is no figure; 2."""
    reasons = [str(fault) for fault in error.faults] or [str(error)]
    if getattr(given, "json", False):
        _print("; ".join(reasons), given.analysis, parameters(given), _files(vars(given)))
    print("\n".join(reasons), file=sys.stderr)
    return 2


def _print(refused: str, analysis: str | None, asked: Mapping[str, Any], files: Sequence[Path]) -> None:
    data = [{"file": one.name or str(one), "rows": None, "sha256": _digest(one)} for one in files]
    whole = {"refused": refused, "analysis": analysis, "parameters": asked, "data": data or None,
             "code": f"fairwitness {__version__}", "warnings": []}  # fmt: skip
    print(json.dumps(whole, ensure_ascii=False, indent=1))


def _files(given: Mapping[str, Any]) -> list[Path]:
    """The files a method was asked to read, there or not."""
    found: list[Path] = []
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            if name not in _WRITTEN and (isinstance(one, Path) or (name == "files" and Path(str(one)).is_file())):
                found.append(Path(one))
    return found


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
