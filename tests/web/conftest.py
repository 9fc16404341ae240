"""A real Chromium for the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from window import a_chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium, one for each module."""
    with a_chromium() as browser:
        yield browser
