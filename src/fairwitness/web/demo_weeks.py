"""A year of weeks for the demonstration: visits to six municipalities and damaged signs seen there, all of it made up and saying so.

The rest of the demonstration stands on public facts, which tell of single days; what was usual shows only in a series. It is drawn with a
fixed seed, so that every demonstration has the same weeks: some without any visit, most without a sign, and two weeks in May 2026 in
which Prizren has more than its usual.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, time, timedelta

from fairwitness.mission.models import Place
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.visit import report_visit
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing

LAST = date(2026, 5, 11)
WEEKS = 56
SEED = 1244
TOWNS = {"20": (0.95, 0.5), "5": (0.8, 0.3), "17": (0.7, 0.2), "25": (0.75, 0.35), "34": (0.6, 0.15), "15": (0.5, 0.2)}
"""For each municipality (its number in the census) how likely a week has a visit, and how many signs a visit sees on average."""
MORE = {("20", 1): 3, ("20", 0): 5}
"""What stands out: (municipality, weeks before the last) and the signs seen then."""
SAID = "Made up for the demonstration."


def live_a_year(by: Hand) -> int:
    """Enter the weeks, oldest first; how many signs were seen. Those who read it see on every line that it is made up."""
    chance, signs = random.Random(SEED), 0
    places = {one.code: one for one in Place.objects.filter(authority="ask", code__in=TOWNS)}
    for back in range(WEEKS - 1, -1, -1):
        # A week is one commit: three hundred visits one by one would keep a new reader waiting.
        with writing(by):
            for code, (often, mean) in TOWNS.items():
                seen = _poisson(chance, mean)
                if chance.random() > often and (code, back) not in MORE:
                    continue
                signs += _visit(places[code], LAST - timedelta(weeks=back, days=-chance.randrange(5)), MORE.get((code, back), seen), by)
    return signs


def _visit(place: Place, day: date, seen: int, by: Hand) -> int:
    start = datetime.combine(day, time(8), UTC)
    visit = report_visit(
        kind="visit", purpose="Signs of institutions and streets", place=place, started=start, ended=start + timedelta(hours=2),
        safety="none", by=by, done_with={"members": 2, "vehicles": 1, "summary": SAID},
    )  # fmt: skip
    for number in range(seen):
        submit_observation(
            headline="A sign of an institution overpainted in one language", kind="property-damage", means="saw", place=place, by=by,
            occurred_from=start + timedelta(minutes=10 * number), precision="hour", text=SAID, activity=visit,
        )  # fmt: skip
    return seen


def _poisson(chance: random.Random, mean: float) -> int:
    """A number drawn from a Poisson law (Knuth's product of uniform numbers; means here are below one)."""
    count, product, floor = 0, chance.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * chance.random()
    return count
