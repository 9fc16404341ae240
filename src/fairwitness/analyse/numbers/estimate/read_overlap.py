"""Read an overlap of lists: who was named by which, counted; every pattern once, nothing guessed.

The table has one column of 0 and 1 for each list and the count last; patterns that are not written count nought.
The rule it guards: a pattern written twice, the pattern of nobody's list, a negative or fractional count is a fault with its row, not a
number; and a list is never taken for the count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairwitness.analyse.numbers.estimate.fit_models import Floats
from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.errors import BadInput, Fault, say

MOST_LISTS = 10


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts by pattern (bit 0 is the first list; counts[0], who is on no list, is nought) and the lists' names."""

    names: tuple[str, ...]
    counts: Floats

    @property
    def documented(self) -> float:
        """How many are on at least one list."""
        return float(self.counts.sum())

    @property
    def sizes(self) -> dict[str, float]:
        """How many each list names."""
        at = np.arange(len(self.counts))
        return {name: float(self.counts[(at >> place & 1) == 1].sum()) for place, name in enumerate(self.names)}

    def only(self, chosen: tuple[str, ...]) -> Overlap:
        """The overlap of some of the lists: who is on none of them is left out."""
        at = np.arange(len(self.counts))
        kept = sum(((at >> self.names.index(name)) & 1) << place for place, name in enumerate(chosen))
        counts = np.bincount(np.asarray(kept), weights=self.counts, minlength=1 << len(chosen)).astype(np.float64)
        counts[0] = 0.0
        return Overlap(chosen, counts)


def read_overlap(table: Table, *, weighted: bool = False) -> Overlap:
    """The overlap in a table without strata. `weighted` allows counts that are sums of weights. BadInput names every fault."""
    return _strata(table, None, weighted)[""]


def read_strata(table: Table, column: str, *, weighted: bool = False) -> dict[str, Overlap]:
    """One overlap for each value of the strata column, in the file's order."""
    table.texts(column)
    return _strata(table, column, weighted)


def _strata(table: Table, column: str | None, weighted: bool) -> dict[str, Overlap]:
    columns = [name for name in table.columns if name != column]
    if len(columns) < 2:
        raise BadInput.of(Fault("", say("needs one column of 0 and 1 for each list, and the count last."), table.name))
    names, last = tuple(columns[:-1]), columns[-1]
    if len(columns) > 2 and {"1"} <= set(table.columns[last]) <= {"0", "1"}:
        # a table of persons, or of patterns without their counts: its last list would be taken for how many there were
        none = say(
            "is read as the count, the last column, and holds only 0 and 1: there is no column of counts. A table of persons is no "
            "overlap: write each pattern of 0 and 1 once and add a last column, such as count, with how many have it."
        )
        raise BadInput.of(table.fault(last, none))
    if len(names) > MOST_LISTS:
        many = say("has {found} lists; at most {most} can be compared. Join lists of one kind.", found=len(names), most=MOST_LISTS)
        raise BadInput.of(Fault("", many, table.name))
    faults = [
        table.fault(name, say("“{cell}” is neither 0 nor 1; it says whether the list names them.", cell=cell[:40]), row)
        for name in names for row, cell in enumerate(table.columns[name]) if cell not in ("0", "1")
    ]  # fmt: skip
    stop(faults)
    numbers = table.numbers(last, least=0.0) if weighted else table.counts(last)
    strata = table.columns[column] if column else [""] * table.rows
    found: dict[str, Overlap] = {} if column else {"": Overlap(names, np.zeros(1 << len(names)))}
    first: dict[tuple[str, int], int] = {}
    for row, stratum in enumerate(strata):
        pattern = sum(1 << place for place, name in enumerate(names) if table.columns[name][row] == "1")
        if pattern == 0:
            faults.append(table.fault(last, say("counts those on no list; that number is what is asked. Take the row out."), row))
        elif (stratum, pattern) in first:
            again = say("has the same pattern as row {row}; add the two up if both are meant.", row=first[stratum, pattern] + 2)
            faults.append(table.fault("", again, row))
        else:
            first[stratum, pattern] = row
            found.setdefault(stratum, Overlap(names, np.zeros(1 << len(names)))).counts[pattern] = numbers[row]
    stop(faults)
    if not found:
        raise BadInput.of(Fault("", say("has no rows."), table.name))
    return found
