"""What rests on a claim: named to who may read it, counted for who may not."""

from __future__ import annotations

from typing import Any

import pytest

from fairwitness.mission.handling import Use
from fairwitness.monitor.consent import Scope
from fairwitness.share.publish import publish
from fairwitness.share.touch import rests_on

from .scene import SEEN, TOLD

pytestmark = pytest.mark.django_db


def test_named_to_some_and_counted_for_all(stage: Any) -> None:
    claim = stage.claim("PZ-C1", Scope(Use.PUBLIC))
    assert rests_on([claim], stage.hand("monitor")).total == 0
    report = stage.report((SEEN, "PZ-0417"), (TOLD, "PZ-C1"), unit=stage.people.units["HQ"])
    publish(report, by=stage.hand("publisher"))
    far = rests_on([claim], stage.hand("monitor"))
    near = rests_on([claim], stage.hand("publisher"))
    assert far.total == near.total == 2 and near.seen == 2 and far.seen < 2
    assert {type(one).__name__ for one in near.things} == {"Report", "Release"}
    assert far.seen == len(far.things)
    assert rests_on([stage.observation], stage.hand("publisher")).total == 2
    assert rests_on([], stage.hand("publisher")).total == 0
