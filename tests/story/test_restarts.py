"""The power fails while sixteen people write: killed twice in twenty seconds, the house loses nothing acknowledged, and nothing is double.

The long trial (ten times in five minutes) is `bench/restarts.py`; this is the same trial, short.
"""

from __future__ import annotations

import json
import os
import random
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = str(Path(__file__).parents[2] / "bench")
sys.path.append(BENCH)  # for this import alone: a bench may be called what a folder of tests is called
from restarts import COUNT, Fallible, trial  # noqa: E402

sys.path.remove(BENCH)

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Fallible]:
    made = Fallible(os.environ.get("FAIRWITNESS_ENGINE", "sqlite"), tmp_path / "house")
    yield made
    made.fall()


def test_what_was_acknowledged_to_sixteen_writers_survives_two_kills(house: Fallible, tmp_path: Path) -> None:
    assert trial(house, seconds=20, restarts=2, writers=16, dice=random.Random(5)) == []
    lie, never = tmp_path / "lie", str(uuid.uuid4())
    lie.write_text(f"sends {never}\ntold {never} PZ-9999\n")
    assert json.loads(house.python(COUNT, str(lie)).splitlines()[-1])["lost"] == [never], "the count would see what is missing"
