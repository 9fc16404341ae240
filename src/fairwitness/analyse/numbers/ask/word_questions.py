"""Word the questions: each a single SQL text that DuckDB and Spark run unchanged, over views that are the same on both.

    counts     how many by municipality and week, low to high, by a named rule
    coverage   the same beside the days on which anybody looked; *none* where somebody looked, *no data* where nobody did
    rolling    over four weeks: things per day of looking, and the week before
    overlap    of how many events two kinds of source both speak
    trend      by month, as it stood on record at the end of each later month

The rule it guards: linked sources count once where the rule says so, low and high are added apart, a sum with one open end stays
open, “about” in one part is “about” in the sum, and a week in which nobody looked is never a nought.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fairwitness.analyse.numbers.ask.open_set import LINES, NEEDED
from fairwitness.analyse.rules import COUNTING, CountingRule
from fairwitness.errors import BadInput, Fault, say

OF = {"observations": ("observations",), "claims": ("claims",), "both": ("observations", "claims")}
LEFT_OUT = """SELECT
    CAST(COALESCE(SUM(CASE WHEN day IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS undated,
    CAST(COALESCE(SUM(CASE WHEN day IS NOT NULL AND precision = 'month' THEN 1 ELSE 0 END), 0) AS BIGINT) AS months,
    CAST(COALESCE(SUM(CASE WHEN low < 0 OR high < 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS negative,
    MIN(day) AS first, MAX(day) AS last, COUNT(*) AS lines FROM lines"""
LOOKED_SPAN = "SELECT MIN(day) AS first, MAX(day) AS last FROM looked"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its SQL, the names of its columns, and what its answer does not show."""

    sql: str
    columns: tuple[str, ...]
    not_shown: str


QUESTIONS: Mapping[str, Question] = {
    "counts": Question(
        "SELECT place, week, things, low, high, open_end, about, unstated FROM weekly ORDER BY week, place",
        ("place", "week", "things", "low", "high", "open_end", "about", "unstated"),
        "Weeks without a line are not listed: whether they were quiet or unseen is in the question `coverage`.",
    ),
    "coverage": Question(
        """SELECT g.place, g.week, COALESCE(c.things, 0) AS things,
            CASE WHEN c.things IS NULL AND l.days IS NULL THEN NULL WHEN c.things IS NULL THEN 0 ELSE c.low END AS low,
            CASE WHEN c.things IS NULL AND l.days IS NULL THEN NULL WHEN c.things IS NULL THEN 0 ELSE c.high END AS high,
            COALESCE(l.days, 0) AS days, COALESCE(l.visits, 0) AS visits,
            CASE WHEN c.things IS NOT NULL THEN 'counted' WHEN l.days IS NOT NULL THEN 'none' ELSE 'no data' END AS state
        FROM (SELECT p.place, w.week FROM asked_places p CROSS JOIN weeks w) g
        LEFT JOIN weekly c ON c.place = g.place AND c.week = g.week
        LEFT JOIN looked_weekly l ON l.place = g.place AND l.week = g.week
        ORDER BY g.week, g.place""",
        ("place", "week", "things", "low", "high", "days", "visits", "state"),
        "A day counts as looked at once, however many looked and however far they saw.",
    ),
    "rolling": Question(
        """SELECT place, week, things, days,
            LAG(things) OVER (PARTITION BY place ORDER BY week) AS week_before,
            CASE WHEN SUM(days) OVER four > 0 THEN CAST(SUM(seen) OVER four AS DOUBLE) / SUM(days) OVER four END AS per_day_looked
        FROM (SELECT g.place, g.week, COALESCE(l.days, 0) AS days,
                CASE WHEN c.things IS NULL AND l.days IS NULL THEN NULL ELSE COALESCE(c.things, 0) END AS things,
                CASE WHEN l.days IS NULL THEN 0 ELSE COALESCE(c.things, 0) END AS seen
            FROM (SELECT p.place, w.week FROM asked_places p CROSS JOIN weeks w) g
            LEFT JOIN weekly c ON c.place = g.place AND c.week = g.week
            LEFT JOIN looked_weekly l ON l.place = g.place AND l.week = g.week) s
        WINDOW four AS (PARTITION BY place ORDER BY week ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)
        ORDER BY week, place""",
        ("place", "week", "things", "days", "week_before", "per_day_looked"),
        "What was told of a week in which nobody looked is in `things` and not in the rate.",
    ),
    "overlap": Question(
        """SELECT a.stream AS one, b.stream AS other, COUNT(*) AS events
        FROM (SELECT DISTINCT event, stream FROM all_lines WHERE event IS NOT NULL AND stream IS NOT NULL) a
        JOIN (SELECT DISTINCT event, stream FROM all_lines WHERE event IS NOT NULL AND stream IS NOT NULL) b
            ON a.event = b.event AND a.stream <= b.stream
        GROUP BY a.stream, b.stream ORDER BY a.stream, b.stream""",
        ("one", "other", "events"),
        "Only lines that a person linked to an event are compared; an unlinked line may speak of the same event.",
    ),
    "trend": Question(
        """SELECT month, as_of, things, low, CASE WHEN open_end > 0 THEN NULL ELSE high END AS high,
            ROW_NUMBER() OVER (PARTITION BY month ORDER BY as_of DESC NULLS LAST) = 1 AS newest
        FROM (SELECT month, as_of, CAST(SUM(things) OVER up AS BIGINT) AS things, CAST(SUM(low) OVER up AS BIGINT) AS low,
                CAST(SUM(high) OVER up AS BIGINT) AS high, CAST(SUM(open_end) OVER up AS BIGINT) AS open_end
            FROM (SELECT CAST(date_trunc('month', day) AS DATE) AS month, last_day(recorded) AS as_of, COUNT(*) AS things,
                    SUM(low) AS low, SUM(high) AS high, SUM(open_end) AS open_end
                FROM things WHERE day IS NOT NULL GROUP BY CAST(date_trunc('month', day) AS DATE), last_day(recorded)) m
            WINDOW up AS (PARTITION BY month ORDER BY as_of NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) t
        ORDER BY month, as_of NULLS LAST""",
        ("month", "as_of", "things", "low", "high", "newest"),
        "A line stands from the month it was first recorded in, as it reads now: corrections are not undone here.",
    ),
}


def question_of(name: str) -> Question:
    """The question of this name. Raises BadInput naming those there are."""
    if name not in QUESTIONS:
        wrong = say("“{name}” is not asked here; ask one of {names}", name=name[:40], names=", ".join(QUESTIONS))
        raise BadInput.of(Fault("question", wrong))
    return QUESTIONS[name]


def rule_of(name: str) -> CountingRule:
    """The rule of counting of this name. Raises BadInput naming those there are."""
    if name not in COUNTING:
        wrong = say("“{name}” is no rule of counting; there are {names}", name=name[:40], names=", ".join(COUNTING))
        raise BadInput.of(Fault("rule", wrong))
    return COUNTING[name]


def word_lines(name: str, files: Sequence[tuple[str, Sequence[str]]], kind: str = "") -> str:
    """The view of all lines in these (view, columns). Raises BadInput where a file has no place or no day."""
    parts = []
    for view, columns in files:
        lacking = [column for column in NEEDED if column not in columns]
        if lacking:
            wrong = say("has no column {names}; it has {columns}", names=", ".join(lacking), columns=", ".join(columns))
            raise BadInput.of(Fault("data", wrong))
        cells = [f"CAST({column if column in columns else 'NULL'} AS {form}) AS {column}" for column, form in LINES.items()]
        parts.append(f"SELECT {', '.join(cells)} FROM {view}")
    whole = " UNION ALL ".join(parts)
    narrowed = f" WHERE kind = '{_text(kind)}'" if kind else ""
    return f"CREATE OR REPLACE TEMPORARY VIEW {name} AS SELECT * FROM ({whole}) f{narrowed}"


def word_looked(activities: str | None, coverage: str | None) -> str:
    """The view of the days on which anybody looked, by place; empty where the file does not say."""
    parts = ["SELECT CAST(NULL AS STRING) AS place, CAST(NULL AS DATE) AS day, 0 AS visits WHERE 1 = 0"]
    if activities:
        parts.append(f"SELECT place, day, 1 AS visits FROM {activities} WHERE state = 'done' AND day IS NOT NULL")
    if coverage:
        parts.append(f"SELECT place, day, 0 AS visits FROM {coverage} WHERE operational")
    return f"CREATE OR REPLACE TEMPORARY VIEW looked AS {' UNION ALL '.join(parts)}"


def word_things(rule: CountingRule) -> str:
    """The view of things under a rule: linked lines fold into the earliest of them, from the lowest to the highest any of them states."""
    if rule.sums:
        low, high, unstated = "low", "CASE WHEN low IS NULL THEN NULL ELSE high END", "CASE WHEN low IS NULL THEN 1 ELSE 0 END"
        open_end, about = "CASE WHEN low IS NOT NULL AND high IS NULL THEN 1 ELSE 0 END", "CASE WHEN qualifier = 'about' THEN 1 ELSE 0 END"
    else:
        low, high, unstated, open_end, about = "CAST(1 AS BIGINT)", "CAST(1 AS BIGINT)", "0", "0", "0"
    alone = (f"SELECT place, day, precision, recorded, {low} AS low, {high} AS high, {open_end} AS open_end, {about} AS about, "
             f"{unstated} AS unstated FROM lines")  # fmt: skip
    if not rule.linked_once:
        return f"CREATE OR REPLACE TEMPORARY VIEW things AS {alone}"
    return f"""CREATE OR REPLACE TEMPORARY VIEW things AS {alone} WHERE event IS NULL
        UNION ALL SELECT place, day, precision, recorded, low, CASE WHEN open_end > 0 THEN NULL ELSE high END AS high,
            open_end, about, unstated
        FROM (SELECT place, day, precision,
            ROW_NUMBER() OVER (PARTITION BY event ORDER BY day NULLS LAST, line NULLS LAST, place, kind NULLS LAST) AS turn,
            MIN(recorded) OVER (PARTITION BY event) AS recorded,
            MIN({low}) OVER (PARTITION BY event) AS low, MAX({high}) OVER (PARTITION BY event) AS high,
            MAX({open_end}) OVER (PARTITION BY event) AS open_end, MAX({about}) OVER (PARTITION BY event) AS about,
            MIN({unstated}) OVER (PARTITION BY event) AS unstated
            FROM lines WHERE event IS NOT NULL) e WHERE turn = 1"""


def word_weekly() -> list[str]:
    """The views by municipality and week. A week begins on Monday; what is known to the month only is in no week."""
    return [
        """CREATE OR REPLACE TEMPORARY VIEW weekly AS SELECT place, week, COUNT(*) AS things, CAST(SUM(low) AS BIGINT) AS low,
            CAST(CASE WHEN SUM(open_end) > 0 THEN NULL ELSE SUM(high) END AS BIGINT) AS high, SUM(open_end) > 0 AS open_end,
            SUM(about) > 0 AS about, CAST(SUM(unstated) AS BIGINT) AS unstated
        FROM (SELECT place, low, high, open_end, about, unstated, CAST(date_trunc('week', day) AS DATE) AS week
            FROM things WHERE day IS NOT NULL AND (precision IS NULL OR precision <> 'month')) t GROUP BY place, week""",
        """CREATE OR REPLACE TEMPORARY VIEW looked_weekly AS SELECT place, week, COUNT(DISTINCT day) AS days,
            CAST(SUM(visits) AS BIGINT) AS visits
        FROM (SELECT place, day, visits, CAST(date_trunc('week', day) AS DATE) AS week FROM looked) t GROUP BY place, week""",
    ]


def word_places(places: str | None) -> str:
    """The view of the places that get a row: those of the set, and any other that a line or a look names."""
    named = f"SELECT place FROM {places} UNION " if places else ""
    return (f"CREATE OR REPLACE TEMPORARY VIEW asked_places AS {named}SELECT place FROM lines WHERE place IS NOT NULL "
            "UNION SELECT place FROM looked")  # fmt: skip


def word_weeks(spans: Iterable[date | None]) -> str:
    """The view of every week from the first day to the last, so that a week of which nothing is said still has its row."""
    known = sorted(day for day in spans if day is not None)
    weeks: list[date] = []
    if known:
        week = known[0] - timedelta(days=known[0].weekday())
        if (known[-1] - week).days > 366 * 100:
            raise BadInput.of(Fault("day", say("runs from {first} to {last}; check the years", first=known[0], last=known[-1])))
        while week <= known[-1]:
            weeks.append(week)
            week += timedelta(days=7)
    rows = " UNION ALL ".join(f"SELECT CAST('{one.isoformat()}' AS DATE) AS week" for one in weeks)
    return f"CREATE OR REPLACE TEMPORARY VIEW weeks AS {rows or 'SELECT CAST(NULL AS DATE) AS week WHERE 1 = 0'}"


def _text(words: str) -> str:
    if not words.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise BadInput.of(Fault("kind", say("“{kind}” is no code of the vocabulary; codes are of letters, digits and -", kind=words[:40])))
    return words
