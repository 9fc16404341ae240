"""Compare reports: the “previous period” of a report against the figure of the report before.

The rule it guards: when the two differ, either somebody erred or a correction was issued; it has to be found and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity
from fairwitness.analyse.numbers.crossfoot.read_amounts import number


def compare_reports(reports: Sequence[tuple[str, Sequence[Change]]]) -> list[Identity]:
    """Reports as (name, changes) from the oldest to the newest; figures are matched by the words they are stated with."""
    found: list[Identity] = []
    for (before, earlier), (after, later) in pairwise(reports):
        known = {change.about: change for change in earlier}
        for change in later:
            first = known.get(change.about)
            if first is None or not change.about:
                continue
            what = f"{change.about}: previous {number(change.previous)}; {before} has {number(first.current)} ({first.where})"
            found.append(
                Identity(
                    f"{after}, {change.where}",
                    what,
                    change.previous == first.current,
                    "previous period",
                    number(change.previous),
                    number(first.current),
                )
            )
    return found
