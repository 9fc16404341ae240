"""What a verification found, in words a court can use and in a form a program can read.

The rule it guards: a verdict says what was not checked, and what cannot be known, as plainly as what was found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fairwitness.record.ledger.trusted import Fault

MOST_FAULTS = 25
"""So many faults of each code are named; the others are counted. A flood of one kind never hides another kind."""


@dataclass(slots=True)
class Verdict:
    """What was checked and what does not hold. `faults` holds the first of each code, `counts` says how many there are."""

    log: str | None = None
    size: int = 0
    root: bytes = b""
    absent: int = 0
    checkpoints: int = 0
    signatures: int = 0
    outside: int = 0
    vouched: int | None = None
    nodes: int = 0
    links: bool = False
    strict: bool = False
    keys: int = 0
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def fault_count(self) -> int:
        """How many faults there are, named or not."""
        return sum(self.counts.values())

    @property
    def clean(self) -> bool:
        """Whether everything that was checked holds."""
        return not self.counts

    def note(self, fault: Fault) -> None:
        """Add a fault; beyond the first of its code it is only counted."""
        self.counts[fault.code] = self.counts.get(fault.code, 0) + 1
        if self.counts[fault.code] <= MOST_FAULTS:
            self.faults.append(fault)

    def sentences(self) -> list[str]:
        """The verdict in words, what could not be known included."""
        said = [f"{self.size} entries, root {self.root.hex()}, log {self.log or 'without entries'}."]
        if self.counts:
            said += [fault.sentence for fault in self.faults]
            named = "" if self.fault_count == len(self.faults) else f" The first {MOST_FAULTS} of each kind are named."
            said.append(f"Faults: {self.fault_count}.{named}")
        elif self.absent:
            said.append(f"{self.absent} bodies are not here; every other one is the one its header is committed to.")
        else:
            said.append("Every body is here and is the one its header is committed to.")
        checked = f"{self.checkpoints} kept checkpoints and {self.nodes} tree nodes compared"
        said.append(f"{checked}, {self.signatures} notes found signed by the keys given.")
        if not self.keys:
            said.append("No key was given: nobody's signature was checked.")
        if not self.links:
            said.append("Links to previous versions were not checked (ask for strict).")
        if not self.outside:
            said.append("No checkpoint from outside was given: whether the log was cut off or written anew by its owner cannot be known.")
        elif self.vouched is not None:
            vouched = f"The first {self.vouched} entries are those a checkpoint from outside stands for"
            said.append(f"{vouched}; whether any that came later were cut off cannot be known.")
        return said

    def as_dict(self) -> dict[str, Any]:
        """The verdict for a program."""
        return {
            "clean": self.clean, "log": self.log, "size": self.size, "root": self.root.hex(), "absent_bodies": self.absent,
            "checkpoints": self.checkpoints, "signatures": self.signatures, "outside": self.outside, "vouched": self.vouched,
            "nodes": self.nodes, "links_checked": self.links, "strict": self.strict, "keys": self.keys,
            "fault_count": self.fault_count, "fault_counts": self.counts,
            "faults": [{"seq": f.seq, "code": f.code, "sentence": f.sentence} for f in self.faults],
            "sentences": self.sentences(),
        }  # fmt: skip
