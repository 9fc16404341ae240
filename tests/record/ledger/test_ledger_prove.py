"""A proof on a page: to which checkpoint it leads, what it says in words, and with which words a wrong page is refused."""

from __future__ import annotations

from typing import Any

import pytest

from fairwitness.record.ledger.merkle import ProofError
from fairwitness.record.ledger.note import NoteError
from fairwitness.record.ledger.prove import FORMAT, check_proof, make_proof
from tests.record.ledger.invent import KEY, ORIGIN, STRANGER, checkpoint, made, naive_path, naive_root

ENTRIES = made(12)
HEADERS = [entry[0] for entry in ENTRIES]
KEPT = [checkpoint(ENTRIES, size) for size in (4, 8, 11)]


def page(seq: int = 5, size: int = 11) -> dict[str, Any]:
    return make_proof(ENTRIES, [checkpoint(ENTRIES, size)], seq)


@pytest.mark.parametrize(
    ("seq", "sizes", "size"),
    [(0, (4, 8, 11), 11), (5, (4, 8), 8), (7, (4, 8), 8), (8, (4, 8), 12), (11, (), 12), (3, (4,), 4), (4, (4,), 12), (0, (0,), 12)],
)
def test_it_leads_to_the_newest_checkpoint_that_covers_the_entry(seq: int, sizes: tuple[int, ...], size: int) -> None:
    kept = [checkpoint(ENTRIES, each) for each in sizes]
    covering = [each.note.decode() for each in kept if each.size is not None and each.size > seq]
    assert make_proof(ENTRIES, kept, seq) == {
        "format": FORMAT,
        "seq": seq,
        "size": size,
        "header": HEADERS[seq].decode(),
        "proof": [value.hex() for value in naive_path(seq, HEADERS[:size])],
        "root": naive_root(HEADERS[:size]).hex(),
        "checkpoint": covering[-1] if covering else None,
    }


@pytest.mark.parametrize("count", [1023, 1024, 1025, 2048, 2049])
def test_long_logs_are_read_in_pieces_and_proved_as_one(count: int) -> None:
    entries = made(count)
    headers = [entry[0] for entry in entries]
    for seq in (0, count // 2, count - 1):
        assert make_proof(entries, [], seq)["proof"] == [value.hex() for value in naive_path(seq, headers)]


def test_a_log_that_is_shorter_than_its_checkpoint_proves_nothing() -> None:
    with pytest.raises(ProofError, match="the log holds 9 entries, but its checkpoint covers 11: verify it first"):
        make_proof(ENTRIES[:9], KEPT, 5)
    with pytest.raises(ProofError, match="entry 12 is not in a log of 12 entries"):
        make_proof(ENTRIES, KEPT, 12)
    with pytest.raises(ProofError, match="the proof leads to the root"):
        make_proof([*ENTRIES[:4], ENTRIES[3], *ENTRIES[5:]], KEPT, 5)


def test_what_it_shows_and_what_it_does_not() -> None:
    root = naive_root(HEADERS[:11]).hex()
    entry = "Entry 5 (monitor.observation, observation.receive, recorded 2010-02-26T11:00:05.000000Z)"
    first = f"{entry} is in the log of 11 entries with the root {root}."
    assert check_proof(page(), [KEY, STRANGER]) == [first, f"The checkpoint of {ORIGIN} says the same, signed by {KEY.name}."]
    assert check_proof(page()) == [
        first, f"The checkpoint of {ORIGIN} says the same, but no key was given: nobody's signature was checked.",
    ]  # fmt: skip
    assert check_proof(page() | {"checkpoint": None}, [KEY]) == [
        first, "No signed checkpoint is on this page: root and number of entries are only as good as where you have them from.",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [None, [], "x", 1, {}, {"format": "fairwitness inclusion proof 2"}])
def test_what_is_no_page_is_refused(wrong: Any) -> None:
    with pytest.raises(ProofError, match="this is not a page of the format"):
        check_proof(wrong)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seq", None), ("seq", "5"), ("seq", 5.0), ("seq", True), ("size", None), ("size", "11"), ("size", 11.0), ("size", True),
        ("header", None), ("header", 1), ("proof", None), ("proof", "00"), ("proof", {}), ("root", None), ("root", 1),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ProofError, match="is missing or of the wrong kind"):
        check_proof(page() | {key: value}, [KEY])
    with pytest.raises(ProofError, match="is missing or of the wrong kind"):
        check_proof({name: said for name, said in page().items() if name != key}, [KEY])


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("header", "\ud800", "the page cannot be read"),
        ("header", "{}", "the page cannot be read: not a header"),
        ("proof", [1], "the page cannot be read"),
        ("proof", ["zz"], "the page cannot be read"),
        ("proof", ["00"], "a hash in the proof is not 32 bytes long"),
        ("root", "zz", "the page cannot be read"),
        ("root", "00", "a hash in the proof is not 32 bytes long"),
        ("root", "00" * 32, "the proof leads to the root"),
        ("seq", 6, "the header says it is entry 5, the page says 6"),
        ("size", 2000, "too few for entry 5 of 2000"),
        ("size", 12, "another size or another root"),
        ("size", 4, "entry 5 is not in a log of 4 entries"),
        ("checkpoint", 1, "the checkpoint is of the wrong kind"),
        ("checkpoint", [], "the checkpoint is of the wrong kind"),
        ("checkpoint", KEPT[1].note.decode(), "another size or another root"),
        ("checkpoint", checkpoint(made(11)[:10] + ENTRIES[11:], 11).note.decode(), "another size or another root"),
    ],
)
def test_a_page_that_does_not_hold_is_refused_in_words(key: str, value: Any, words: str) -> None:
    with pytest.raises(ProofError, match=words):
        check_proof(page() | {key: value}, [KEY])


@pytest.mark.parametrize(("value", "words"), [("\ud800", "the checkpoint is not UTF-8"), ("", "a note is a text"), ("x\n", "a note is")])
def test_a_checkpoint_that_cannot_be_read_is_refused(value: str, words: str) -> None:
    with pytest.raises(NoteError, match=words):
        check_proof(page() | {"checkpoint": value}, [KEY])
    with pytest.raises(NoteError, match="none of the keys given"):
        check_proof(page(), [STRANGER])


def test_the_number_of_entries_is_promised_by_the_checkpoint_alone() -> None:
    """The same hashes lead to the same root under another number of entries; without a checkpoint the page cannot know which is true."""
    said = check_proof(page() | {"checkpoint": None, "size": 12})
    assert "in the log of 12 entries" in said[0] and "root and number of entries are only as good as where you have them from" in said[1]
    with pytest.raises(ProofError, match="another size"):
        check_proof(page() | {"size": 12})
