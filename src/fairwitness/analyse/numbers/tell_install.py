"""Tell how to install: where a method needs a package that is not there, the exact command that puts it where this program runs.

The rule it guards: a refusal names a remedy that works in the very installation that refused, with or without pip in it, and never the
name of a package that this house does not publish.
"""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec

PACKAGES = {"splink": "splink~=5.0", "rapidfuzz": "rapidfuzz~=3.14", "numba": "numba~=0.68.1", "pyspark": "pyspark~=4.1"}
"""What may be missing, and the versions asked for, as in pyproject.toml."""


def tell_install(package: str) -> str:
    """The command that installs a package of PACKAGES into the Python that runs this; with uv where that Python has no pip."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    if find_spec("pip") is None:
        if shutil.which("uv"):
            return f'uv pip install --python {python} "{PACKAGES[package]}"'
        return f'{python} -m ensurepip && {python} -m pip install "{PACKAGES[package]}"'
    return f'{python} -m pip install "{PACKAGES[package]}"'
