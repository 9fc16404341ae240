"""A verification of short logs, word for word: where a fault stands, how it is called, and what is counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from fairwitness.record.ledger import verify
from fairwitness.record.ledger.archive import ArchiveError, write_archive
from fairwitness.record.ledger.entry import body_bytes, leaf_hash
from fairwitness.record.ledger.merkle import Frontier
from fairwitness.record.ledger.note import NoteError, format_note, split_note
from fairwitness.record.ledger.stored import Absent, KeptCheckpoint, Stored, Unreadable
from fairwitness.record.ledger.verdict import MOST_FAULTS, Verdict
from fairwitness.record.ledger.verify import NEWEST, open_store, verify_log, verify_path
from tests.record.ledger.invent import KEY, LOG, ORIGIN, STRANGER, checkpoint, database, header, ident, made, naive_root

ENTRIES = made(12)
HEADERS = [entry[0] for entry in ENTRIES]
OTHER = made(12)
"""The same log with other salts: other bytes, other roots."""


@pytest.fixture(autouse=True)
def _in_short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four, so that a short log has several of them."""
    monkeypatch.setattr(verify, "_BLOCK", 4)


def told(verdict: Verdict) -> list[tuple[int | None, str, str]]:
    return [(fault.seq, fault.code, fault.sentence) for fault in verdict.faults]


def root(size: int, entries: list[Stored] = ENTRIES) -> str:
    return naive_root([entry[0] for entry in entries[:size]]).hex()


def forged(kept: KeptCheckpoint) -> KeptCheckpoint:
    text, [(name, key, _)] = split_note(kept.note)
    return KeptCheckpoint(format_note(text, [(name, key, bytes(64))]))


def test_what_a_clean_verdict_counts() -> None:
    verdict = verify_log(iter(ENTRIES), [checkpoint(ENTRIES, size) for size in (0, 4, 6, 12)], [checkpoint(ENTRIES, 5).note], [KEY])
    assert told(verdict) == []
    assert verdict == Verdict(
        log=LOG, size=12, root=bytes.fromhex(root(12)), absent=2, checkpoints=4, signatures=5, outside=1, vouched=5, keys=1
    )
    assert verify_log([]) == Verdict(root=naive_root([]))
    strict = verify_log(iter(ENTRIES), [checkpoint(ENTRIES, 6)], vkeys=[KEY.vkey, STRANGER], strict=True)
    assert (strict.strict, strict.links, strict.keys, strict.signatures, told(strict)) == (True, True, 2, 1, [])


def test_progress_is_told_once_a_block() -> None:
    heard: list[int] = []
    verify_log(iter(ENTRIES[:10]), [checkpoint(ENTRIES, 6)], [checkpoint(ENTRIES, 9).note], progress=heard.append)
    assert heard == [4, 6, 9, 10]


def test_checkpoints_from_outside_may_come_in_any_order() -> None:
    notes = [checkpoint(ENTRIES, size).note for size in (9, 3, 12, 0, 6)]
    verdict = verify_log(iter(ENTRIES), outside=notes)
    assert (told(verdict), verdict.outside, verdict.vouched, verdict.signatures) == ([], 5, 12, 0)
    short = verify_log(iter(ENTRIES[:8]), outside=notes)
    assert (short.outside, short.vouched) == (5, 6)
    assert told(short) == [
        (
            None, "outside.truncated",
            f"The log holds 8 entries, but the checkpoint of {ORIGIN} from outside covers {size}: {size - 8} entries were cut off, "
            "or this is an older copy.",
        )
        for size in (9, 12)
    ]  # fmt: skip


def test_a_fork_is_told_with_both_roots() -> None:
    verdict = verify_log(iter(ENTRIES), outside=[checkpoint(OTHER, 7).note, checkpoint(ENTRIES, 3).note])
    assert told(verdict) == [
        (
            None, "outside.fork",
            f"Fork: the first 7 entries have the root {root(7)}, the checkpoint of {ORIGIN} from outside says {root(7, OTHER)}. "
            "This log was rewritten, or it is not the log the checkpoint was made of.",
        )
    ]  # fmt: skip
    assert verdict.vouched == 3


def test_kept_checkpoints_are_told_by_their_number() -> None:
    kept = [
        checkpoint(ENTRIES, 2), KeptCheckpoint(b"\xff"), checkpoint(ENTRIES, 4)._replace(size=5),
        checkpoint(ENTRIES, 4)._replace(root=b""), checkpoint(ENTRIES, 6, "b"), checkpoint(ENTRIES, 6),
        checkpoint(ENTRIES, 6)._replace(size=None, root=None),
    ]  # fmt: skip
    verdict = verify_log(iter(ENTRIES), kept)
    columns = "the columns beside the note do not say what the note says."
    assert told(verdict) == [
        (None, "checkpoint.unreadable", "Kept checkpoint 2: the note is not UTF-8 (byte 0)."),
        (None, "checkpoint.columns", f"Kept checkpoint 3: {columns}"),
        (None, "checkpoint.columns", f"Kept checkpoint 4: {columns}"),
        (None, "checkpoint.origin", f"Kept checkpoint 5 is of b, others are of {ORIGIN}."),
    ]
    assert verdict.checkpoints == 6


def test_a_kept_checkpoint_that_does_not_fit_is_told_with_both_roots() -> None:
    verdict = verify_log(iter(ENTRIES), [checkpoint(ENTRIES, 3), checkpoint(OTHER, 6), checkpoint(ENTRIES, 5), checkpoint(ENTRIES, 12)])
    assert told(verdict) == [
        (
            None, "checkpoint.root",
            f"The first 6 entries have the root {root(6)}, the kept checkpoint says {root(6, OTHER)}: an entry among them was changed.",
        ),
        (None, "checkpoint.order", "The kept checkpoint at 5 entries stands behind a longer one."),
    ]  # fmt: skip
    short = verify_log(iter(ENTRIES[:8]), [checkpoint(ENTRIES, size) for size in (8, 9, 12)])
    assert told(short) == [
        (
            None, "checkpoint.truncated",
            f"The log holds 8 entries, but a checkpoint kept beside it covers {size}: {size - 8} entries were cut off, "
            "or this is an older copy.",
        )
        for size in (9, 12)
    ]  # fmt: skip


def test_of_many_kept_signatures_the_newest_are_checked_and_strictly_all() -> None:
    kept = [forged(checkpoint(ENTRIES, 1)), forged(checkpoint(ENTRIES, 1)), *[checkpoint(ENTRIES, 1)] * (NEWEST - 1)]
    wrong = f"the signature of {ORIGIN} does not fit the text."
    verdict = verify_log(iter(ENTRIES), kept, vkeys=[KEY])
    assert told(verdict) == [(None, "checkpoint.signature", f"Kept checkpoint 2: {wrong}")]
    assert (verdict.checkpoints, verdict.signatures) == (NEWEST + 1, NEWEST - 1)
    strict = verify_log(iter(ENTRIES), kept, vkeys=[KEY], strict=True)
    assert told(strict) == [(None, "checkpoint.signature", f"Kept checkpoint {number}: {wrong}") for number in (1, 2)]
    assert strict.signatures == NEWEST - 1
    assert told(verify_log(iter(ENTRIES), kept)) == [] == told(verify_log(iter(ENTRIES), kept, strict=True))


def test_a_wrong_signature_from_outside_is_told_and_its_root_compared_all_the_same() -> None:
    verdict = verify_log(iter(ENTRIES), outside=[forged(checkpoint(ENTRIES, 5)).note], vkeys=[KEY])
    sentence = f"The checkpoint from outside at 5 entries: the signature of {ORIGIN} does not fit the text."
    assert told(verdict) == [(None, "outside.signature", sentence)]
    assert (verdict.vouched, verdict.outside, verdict.signatures) == (5, 1, 0)
    with pytest.raises(NoteError, match="is not a key line"):
        verify_log(iter(ENTRIES), vkeys=["x"])
    with pytest.raises(NoteError, match="a note is a text"):
        verify_log(iter(ENTRIES), outside=[b"rubbish"])


@pytest.mark.parametrize("place", [0, 3, 4, 7, 11])
def test_strictly_a_body_out_of_form_is_told_with_its_number(place: int) -> None:
    body = bytes(16) + b'{"a": 1}'
    changed = [*ENTRIES[:place], (header(place, body).to_bytes(), body, None, None), *ENTRIES[place + 1 :]]
    assert told(verify_log(iter(changed))) == []
    sentence = f"Entry {place}: behind its salt the body is not a canonical object."
    assert told(verify_log(iter(changed), strict=True)) == [(place, "body.canonical", sentence)]


def nodes_of(entries: list[Stored]) -> dict[tuple[int, int], bytes]:
    frontier = Frontier()
    return {(level, index): value for entry in entries for level, index, value in frontier.append(leaf_hash(entry[0]))}


def test_stored_nodes_are_compared_and_told_with_what_they_stand_for() -> None:
    nodes = nodes_of(ENTRIES)
    asked: list[tuple[int, int, int]] = []

    def stored(level: int, first: int, count: int) -> Iterable[tuple[int, bytes]]:
        asked.append((level, first, count))
        return [(index, nodes[level, index]) for index in range(first, first + count) if (level, index) in nodes]

    verdict = verify_log(iter(ENTRIES), nodes=stored, node_count=lambda: len(nodes))
    assert (told(verdict), verdict.nodes) == ([], len(nodes)) and len(nodes) == 12 + 6 + 3 + 1
    assert asked[:3] == [(0, 0, 4), (1, 0, 2), (2, 0, 1)]
    nodes[1, 3] = bytes(32)
    del nodes[0, 1]
    verdict = verify_log(iter(ENTRIES), nodes=stored, node_count=lambda: len(nodes) + 2)
    assert told(verdict) == [
        (6, "node.wrong", "The stored tree node over entries 6 to 7 is not the hash of them."),
        (None, "node.stray", "2 stored tree nodes belong to no place in a tree of 12 entries."),
    ]
    assert verdict.nodes == len(nodes)


def test_links_a_store_finds_broken_are_told() -> None:
    asked: list[int] = []

    def broken(most: int) -> list[tuple[int, str]]:
        asked.append(most)
        return [(3, "unknown"), (4, "later"), (5, "other"), (6, "twice")]

    verdict = verify_log(iter(ENTRIES), broken_links=broken)
    assert told(verdict) == [
        (3, "link.unknown", "Entry 3 names a previous version that is not in this log."),
        (4, "link.later", "Entry 4 names as its previous version an entry that does not come before it."),
        (5, "link.other", "Entry 5 names as its previous version an entry of another subject."),
        (6, "link.twice", "Entry 6 has an id that another entry has too."),
    ]
    assert verdict.links and asked == [MOST_FAULTS + 1], "one more than is named, so that it is known that there are more"
    assert not verify_log(iter(ENTRIES), strict=True, broken_links=lambda most: []).faults


def test_strictly_the_links_of_an_archive_are_followed() -> None:
    body = body_bytes({})
    changed = [*ENTRIES[:7], (header(7, body, prev=ident(9)).to_bytes(), body, None, None), *ENTRIES[8:]]
    assert not verify_log(iter(changed)).faults and not verify_log(iter(changed)).links
    assert [fault[:2] for fault in told(verify_log(iter(changed), strict=True))][:1] == [(7, "link.later")]


@pytest.mark.parametrize("error", [ArchiveError(99, "torn"), sqlite3.DatabaseError("torn (at byte 99)")])
@pytest.mark.parametrize("count", [0, 3, 4, 6])
def test_a_store_that_breaks_is_judged_up_to_there(error: Exception, count: int) -> None:
    def torn() -> Iterator[Stored]:
        yield from ENTRIES[:count]
        raise error

    verdict = verify_log(torn(), [checkpoint(ENTRIES, 3)], [checkpoint(ENTRIES, 4).note])
    assert (count, "store.damaged", f"After {count} entries: torn (at byte 99).") in told(verdict)
    assert (verdict.size, verdict.root.hex(), verdict.vouched) == (count, root(count), 4 if count >= 4 else None)
    assert {code for _, code, _ in told(verdict)} == {"store.damaged"} | ({"outside.truncated"} if count < 4 else set())


def test_absent_bodies_and_bodies_that_differ() -> None:
    entries = [(each, Absent.WITHHELD, None, None) for each in HEADERS[:5]]
    assert verify_log(iter(entries)).absent == 5
    changed: list[Stored] = [*ENTRIES[:6], (HEADERS[6], b"another", None, None), *ENTRIES[7:]]
    verdict = verify_log(iter(changed))
    assert [fault[:2] for fault in told(verdict)] == [(6, "body.changed")] and verdict.absent == 2
    columns: list[Stored] = [(each, body, HEADERS[0], leaf_hash(each)) for each, body, _, _ in ENTRIES[:2]]
    assert [fault[:2] for fault in told(verify_log(iter(columns)))] == [(1, "header.columns")]


def test_the_root_an_archive_was_closed_with_is_compared(tmp_path: Path) -> None:
    write_archive(tmp_path / "log", ENTRIES, [checkpoint(ENTRIES, 4)])
    assert verify_path(tmp_path / "log") == verify_log(iter(ENTRIES), [checkpoint(ENTRIES, 4)])
    whole = (tmp_path / "log").read_bytes()
    (tmp_path / "log").write_bytes(whole[:-32] + bytes(32))
    sentence = f"The archive was closed with the root {'00' * 32}, its entries have {root(12)}."
    assert told(verify_path(tmp_path / "log")) == [(None, "archive.root", sentence)]


def test_an_archive_and_a_database_are_told_apart(tmp_path: Path) -> None:
    write_archive(tmp_path / "log", ENTRIES, [checkpoint(ENTRIES, 4)])
    database(tmp_path / "node", ENTRIES, [checkpoint(ENTRIES, 4)])
    assert [type(open_store(tmp_path / name)).__name__ for name in ("log", "node")] == ["Archive", "Database"]
    for name, links in (("log", False), ("node", True)):
        heard: list[int] = []
        verdict = verify_path(tmp_path / name, [checkpoint(ENTRIES, 6).note], [KEY], progress=heard.append)
        assert (told(verdict), verdict.size, verdict.vouched, verdict.signatures, verdict.links) == ([], 12, 6, 2, links)
        assert verdict.nodes == (22 if links else 0) and heard == [4, 6, 10, 12] and not verdict.strict
        assert verify_path(tmp_path / name, strict=True).strict
    with pytest.raises(Unreadable, match=f"{tmp_path / 'none'} cannot be read: No such file"):
        open_store(tmp_path / "none")
