"""The stage of the tests of sharing, as a fixture. See `scene`."""

from __future__ import annotations

import pytest
from people import People

from .scene import Stage, build


@pytest.fixture
def stage(people: People) -> Stage:
    """The stage: nothing told yet, one observation in a village."""
    return build(people)
