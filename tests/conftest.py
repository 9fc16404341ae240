"""The test house: both engines, a data folder of its own, four people with fixed rights.

FAIRWITNESS_ENGINE is `sqlite` (default) or `postgres`; the PostgreSQL server is a real one, embedded, in a
temporary folder. Ordinary tests run in a transaction that is rolled back; what needs real commits,
other processes or a browser runs a node of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ENGINE = os.environ.get("FAIRWITNESS_ENGINE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATA = Path(os.environ.setdefault("FAIRWITNESS_TEST_DATA", tempfile.mkdtemp(prefix="fairwitness-test-")))

os.environ["DJANGO_SETTINGS_MODULE"] = "fairwitness.web.settings"
os.environ["FAIRWITNESS_DATA"] = str(DATA / WORKER)
(DATA / WORKER).mkdir(parents=True, exist_ok=True)
sys.path.insert(0, str(Path(__file__).parent))

if ENGINE == "postgres":
    from engine import postgres_address

    os.environ["FAIRWITNESS_DATABASE"] = postgres_address(DATA)
else:
    os.environ["FAIRWITNESS_DATABASE"] = "sqlite"

import django  # noqa: E402
import pytest  # noqa: E402
from django.utils import translation  # noqa: E402

django.setup()
pytest_plugins = ["people"]


@pytest.fixture(autouse=True)
def _language_of_the_test() -> Iterator[None]:
    """A page read in one language leaves that language behind in its thread; the next test begins in none."""
    yield
    translation.deactivate()

ONE_BY_ONE = ("test_axe.py",)
"""Modules whose tests take long and share nothing: each goes to whichever process is free."""


NO_ENGINE = (
    "test_axe.py", "test_house.py", "test_workshop.py", "test_fuzz.py", "test_translatable.py", "test_asvs.py", "/numbers/", "/ledger/",
)  # fmt: skip
"""Modules that ask the database nothing, or look only at what a page looks like: once is enough, the second engine would see the same."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what no engine can change; pytest counts them as deselected."""
    if ENGINE == "postgres":
        left = [item for item in items if any(name in item.nodeid for name in NO_ENGINE)]
        if left:
            config.hook.pytest_deselected(items=left)
            out = set(left)
            items[:] = [item for item in items if item not in out]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """A module stays together, so that what it built is built once; tests that are long and share nothing are dealt out one by one."""
    from xdist.scheduler import LoadScopeScheduling

    class Dealt(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if any(name in nodeid for name in ONE_BY_ONE) else super()._split_scope(nodeid)

    return Dealt(config, log) if config.getvalue("dist") == "loadscope" else None
