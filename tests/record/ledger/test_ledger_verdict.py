"""The words of a verdict: what was found, what was not checked, and what cannot be known, each said exactly when it is so."""

from __future__ import annotations

import pytest

from fairwitness.record.ledger.trusted import Fault
from fairwitness.record.ledger.verdict import MOST_FAULTS, Verdict
from tests.record.ledger.invent import LOG

NO_KEY = "No key was given: nobody's signature was checked."
NO_LINKS = "Links to previous versions were not checked (ask for strict)."
NO_OUTSIDE = "No checkpoint from outside was given: whether the log was cut off or written anew by its owner cannot be known."


def full() -> Verdict:
    """A clean verdict over everything that can be asked."""
    return Verdict(log=LOG, size=7, root=bytes(32), checkpoints=2, signatures=3, outside=1, vouched=5, nodes=11, links=True, keys=1)


def test_a_clean_verdict_over_everything() -> None:
    assert full().clean and full().fault_count == 0
    assert full().sentences() == [
        f"7 entries, root {'00' * 32}, log {LOG}.",
        "Every body is here and is the one its header is committed to.",
        "2 kept checkpoints and 11 tree nodes compared, 3 notes found signed by the keys given.",
        "The first 5 entries are those a checkpoint from outside stands for; whether any that came later were cut off cannot be known.",
    ]


def test_a_fresh_verdict_claims_nothing() -> None:
    assert Verdict().sentences() == [
        "0 entries, root , log without entries.",
        "Every body is here and is the one its header is committed to.",
        "0 kept checkpoints and 0 tree nodes compared, 0 notes found signed by the keys given.",
        NO_KEY, NO_LINKS, NO_OUTSIDE,
    ]  # fmt: skip
    said = Verdict().as_dict()
    assert said.pop("sentences") == Verdict().sentences()
    assert said == {
        "clean": True, "log": None, "size": 0, "root": "", "absent_bodies": 0, "checkpoints": 0, "signatures": 0, "outside": 0,
        "vouched": None, "nodes": 0, "links_checked": False, "strict": False, "keys": 0, "fault_count": 0, "fault_counts": {}, "faults": [],
    }  # fmt: skip


@pytest.mark.parametrize(("name", "value", "sentence"), [("keys", 0, NO_KEY), ("links", False, NO_LINKS), ("outside", 0, NO_OUTSIDE)])
def test_what_was_not_checked_is_said(name: str, value: int, sentence: str) -> None:
    verdict = full()
    assert sentence not in verdict.sentences()
    setattr(verdict, name, value)
    assert sentence in verdict.sentences()


def test_without_a_checkpoint_that_fits_nothing_is_vouched_for() -> None:
    verdict = full()
    verdict.vouched = None
    assert not any("from outside" in sentence for sentence in verdict.sentences())
    verdict.vouched = 0
    assert verdict.sentences()[-1].startswith("The first 0 entries are those a checkpoint from outside stands for")


def test_absent_bodies_are_counted() -> None:
    verdict = full()
    verdict.absent = 1
    assert verdict.sentences()[1] == "1 bodies are not here; every other one is the one its header is committed to."


def test_with_a_fault_nothing_is_said_of_the_bodies() -> None:
    verdict = full()
    verdict.absent = 1
    verdict.note(Fault(3, "body.changed", "Entry 3: changed."))
    assert not verdict.clean and verdict.fault_count == 1
    assert verdict.sentences()[1:3] == ["Entry 3: changed.", "Faults: 1."]
    assert not any("committed" in sentence for sentence in verdict.sentences())
    assert verdict.as_dict()["faults"] == [{"seq": 3, "code": "body.changed", "sentence": "Entry 3: changed."}]
    assert verdict.as_dict()["fault_counts"] == {"body.changed": 1} and verdict.as_dict()["clean"] is False


def test_of_each_kind_the_first_are_named_and_the_others_counted() -> None:
    verdict = full()
    for seq in range(MOST_FAULTS):
        verdict.note(Fault(seq, "body.changed", f"Entry {seq}: changed."))
    assert len(verdict.faults) == MOST_FAULTS and f"Faults: {MOST_FAULTS}." in verdict.sentences()
    verdict.note(Fault(MOST_FAULTS, "body.changed", "one too many"))
    verdict.note(Fault(None, "outside.fork", "Fork."))
    assert [fault.code for fault in verdict.faults] == ["body.changed"] * MOST_FAULTS + ["outside.fork"]
    assert verdict.counts == {"body.changed": MOST_FAULTS + 1, "outside.fork": 1} and verdict.fault_count == MOST_FAULTS + 2
    assert f"Faults: {MOST_FAULTS + 2}. The first {MOST_FAULTS} of each kind are named." in verdict.sentences()
    assert "one too many" not in verdict.sentences()
