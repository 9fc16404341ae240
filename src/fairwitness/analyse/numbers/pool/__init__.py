"""Our own detector for sparse municipal series: places share strength, two weeks of evidence count together, every alarm has an exact
probability.

Call `detect_one` for a series that stands alone and `detect_panel` for the places of a mission; the page is
`docs/reference/methods/watch.md`.
The rule it guards: the rate of false alarms that was promised is the rate that comes.
"""

from fairwitness.analyse.numbers.pool.detect_one import Point, detect_one
from fairwitness.analyse.numbers.pool.detect_panel import Watch, detect_panel
from fairwitness.analyse.numbers.pool.judge_weeks import least_past
from fairwitness.analyse.numbers.pool.rank_alarms import Alarm, Week

__all__ = ["Alarm", "Point", "Watch", "Week", "detect_one", "detect_panel", "least_past"]
