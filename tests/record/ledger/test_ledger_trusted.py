"""The rules of entries: what is judged a block at a time for speed says exactly what is judged entry by entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest

from fairwitness.record.ledger.entry import commitment, leaf_hash
from fairwitness.record.ledger.trusted import EntryRules, Fault
from tests.record.ledger.invent import ident, made

Block = tuple[list[bytes], list[bytes | None]]


def blocks() -> tuple[Block, Block, Block]:
    """Three sound blocks of four entries; every fifth body is destroyed."""
    entries = made(12)
    headers = [entry[0] for entry in entries]
    digests = [bytes.fromhex(commitment(entry[1])) if isinstance(entry[1], bytes) else None for entry in entries]
    cut: list[Block] = [(headers[at : at + 4], digests[at : at + 4]) for at in (0, 4, 8)]
    return cut[0], cut[1], cut[2]


def judged(several: tuple[Block, ...], *, slowly: bool = False, strict: bool = False) -> tuple[list[Fault], int]:
    found: list[Fault] = []
    rules = EntryRules(found.append, strict=strict)
    with pytest.MonkeyPatch.context() as patch:
        if slowly:
            patch.setattr(EntryRules, "_all_well", lambda *_given: False)
        for headers, digests in several:
            rules.judge(headers, digests, [leaf_hash(header) for header in headers], [])
    return found, rules.expected


def changed(header: bytes, was: bytes, now: bytes) -> bytes:
    assert was in header
    return header.replace(was, now, 1)


SPOILS: dict[str, Callable[[Block, int], Block]] = {
    "another number": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"seq":', b'"seq":7'), *b[0][n + 1 :]], b[1]),
    "one missing": lambda b, n: (b[0][:n] + b[0][n + 1 :], b[1][:n] + b[1][n + 1 :]),
    "two changed places": lambda b, n: (b[0][:n] + b[0][n:][::-1], b[1][:n] + b[1][n:][::-1]),
    "another log": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"log":"0', b'"log":"1'), *b[0][n + 1 :]], b[1]),
    "a changed body": lambda b, n: (b[0], [*b[1][:n], hashlib.sha256(b"another").digest(), *b[1][n + 1 :]]),
    "an absent body": lambda b, n: (b[0], [*b[1][:n], None, *b[1][n + 1 :]]),
    "a backslash": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"kind":"', b'"kind":"\\\\u0041'), *b[0][n + 1 :]], b[1]),
    "a foreign letter": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"kind":"m', '"kind":"м'.encode()), *b[0][n + 1 :]], b[1]),
    "a line break": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"kind":"', b'"kind":"\n'), *b[0][n + 1 :]], b[1]),
    "a space": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"kind":', b'"kind": '), *b[0][n + 1 :]], b[1]),
    "something in front": lambda b, n: ([*b[0][:n], b"x" + b[0][n], *b[0][n + 1 :]], b[1]),
    "nothing": lambda b, n: ([*b[0][:n], b"", *b[0][n + 1 :]], b[1]),
    "a short id": lambda b, n: ([*b[0][:n], changed(b[0][n], b'"entry":"0', b'"entry":"'), *b[0][n + 1 :]], b[1]),
}


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("which", range(3))
def test_a_block_and_its_entries_are_judged_alike(spoil: str, at: int, which: int) -> None:
    several = list(blocks())
    several[which] = SPOILS[spoil](several[which], at)
    quick, slow = judged(tuple(several)), judged(tuple(several), slowly=True)
    assert quick == slow
    if spoil == "an absent body":
        assert quick == ([], 12)
    elif spoil == "a line break":  # the shape allows it; whether words are canonical is asked strictly
        assert not quick[0] and judged(tuple(several), strict=True)[0]
    elif not (spoil == "two changed places" and at == 3) and not (spoil == "one missing" and (which, at) == (2, 3)):
        assert quick[0], "what was spoilt is found"


def test_sound_blocks_are_not_looked_at_entry_by_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    one = EntryRules._judge_one
    monkeypatch.setattr(EntryRules, "_judge_one", lambda self, header, digest: (looked.append(header), one(self, header, digest))[1])
    several = blocks()
    assert judged(several) == ([], 12)
    assert looked == several[0][0]  # the first block, from which the log is learnt
    looked.clear()
    assert judged(blocks(), strict=True) == ([], 12) and len(looked) == 12


def test_columns_that_differ_are_named() -> None:
    header = made(1)[0][0]
    leaf = leaf_hash(header)

    def said(columns: bytes, kept: bytes | None = None) -> list[tuple[str, str]]:
        found: list[Fault] = []
        EntryRules(found.append)._judge_columns([header], [leaf], [(columns, kept)])
        return [(fault.code, fault.sentence) for fault in found]

    assert said(header) == [] == said(header, leaf)
    assert [code for code, _ in said(header, b"\0" * 32)] == ["leaf.column"]
    for name, changes in (
        ("verb", {"verb": "x.y"}),
        ("subject", {"subject": ident(5)}),
        ("at", {"hand": {**json.loads(header)["hand"], "at": "?"}}),
    ):
        other = json.dumps({**json.loads(header), **changes}, separators=(",", ":")).encode()
        assert said(other)[0][1].endswith(f"({name}).") and len(said(other)) == 1
    assert said(json.dumps(json.loads(header)).encode())[0][1].endswith("(its bytes).")
    for broken in (b"", b"[]", b"{}", b'{"hand":1}', b"[" * 5000):
        assert said(broken)[0][1].endswith("(unreadable).")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'"entry":"0', b'"entry":"G'), (b"T10:", b"T35:"), (b'"door":"phone"', b'"door":"pho ne"'), (b'"schema":1', b'"schema":01'),
        (b'"body":"', b'"body":"Z'),
    ],
)  # fmt: skip
def test_strictly_an_id_a_time_a_word_and_a_number_have_one_form(was: bytes, now: bytes) -> None:
    (headers, digests), _second, _third = blocks()
    spoilt = [headers[0], changed(headers[1], was, now), *headers[2:]]
    found, _expected = judged(((spoilt, [digests[0], None, *digests[2:]]),), strict=True)
    assert found and all(fault.seq == 1 for fault in found) and {fault.code for fault in found} <= {"header.canonical", "header.shape"}
