"""A process at rest carries what every page needs and no more: heavy libraries are read in with their first use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WAITS = ("openpyxl", "numpy", "scipy", "duckdb", "typst", "numba", "splink", "pandas")


def test_the_doors_open_without_the_heavy_libraries(tmp_path: Path) -> None:
    asked = f"import sys, django; django.setup(); import fairwitness.web.urls; print([one for one in {WAITS!r} if one in sys.modules])"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings", "FAIRWITNESS_DATA": str(tmp_path)}
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=environment, check=False)
    assert answer.stdout.strip() == "[]", answer.stdout + answer.stderr
