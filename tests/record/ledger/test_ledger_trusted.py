"""The rules of entries: what is judged a block at a time for speed says exactly what is judged entry by entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

import pytest

from fairwitness.record.ledger.entry import commitment, leaf_hash
from fairwitness.record.ledger.merkle import Frontier, consistency_proof
from fairwitness.record.ledger.note import Checkpoint
from fairwitness.record.ledger.trusted import EntryRules, Fault, Refused, body_fault, follow, link
from tests.record.ledger.invent import LOG, header, ident, made, naive_root

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
        ("zone", {"zone": 1}),
        ("member", {"hand": {"door": "phone", "at": json.loads(header)["hand"]["at"], "member": ident(5)}}),
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
        (b'"body":"', b'"body":"Z'), (b"2010-02", b"2010-13"), (b"2010-02", b"2010-00"), (b"02-26T10", b"02-32T10"),
        (b"02-26T10", b"02-00T10"), (b"T10:", b"T24:"), (b'"schema":1', b'"schema":9007199254740992'),
    ],
)  # fmt: skip
def test_strictly_an_id_a_time_a_word_and_a_number_have_one_form(was: bytes, now: bytes) -> None:
    (headers, digests), _second, _third = blocks()
    spoilt = [headers[0], changed(headers[1], was, now), *headers[2:]]
    found, _expected = judged(((spoilt, [digests[0], None, *digests[2:]]),), strict=True)
    assert found and all(fault.seq == 1 for fault in found) and {fault.code for fault in found} <= {"header.canonical", "header.shape"}


def one_by_one(headers: list[bytes], digests: list[bytes | None] | None = None) -> tuple[list[tuple[int | None, str, str]], int]:
    """What is said of these headers, each judged by itself, and the number that would be expected next."""
    found: list[Fault] = []
    rules = EntryRules(found.append)
    for header_, digest in zip(headers, digests or [None] * len(headers), strict=True):
        rules._judge_one(header_, digest)
    return [(fault.seq, fault.code, fault.sentence) for fault in found], rules.expected


def test_each_fault_of_an_entry_has_its_number_its_code_and_its_sentence() -> None:
    first, second, third, fourth = (entry[0] for entry in made(4))
    assert one_by_one([first, second, third, fourth]) == ([], 4)
    gap = "Entry 1 is expected here, but the header says 2: entries are missing or out of order."
    assert one_by_one([first, third, fourth]) == ([(1, "seq.gap", gap)], 4)
    back = "Entry 2 is expected here, but the header says 1: entries are missing or out of order."
    assert one_by_one([first, second, second, third]) == ([(2, "seq.gap", back)], 3)
    shape = "Entry 1: the header does not have the one shape a header has."
    for spoilt in (b"", changed(second, b"phone", b"ph\\ne"), changed(second, b"phone", "phöne".encode()), second + b"\n"):
        assert one_by_one([first, spoilt, third]) == ([(1, "header.shape", shape)], 3)
    other = f"Entry 1 belongs to the log {ident(5)}, not to {LOG}."
    assert one_by_one([first, changed(second, LOG.encode(), ident(5).encode()), third]) == ([(1, "log.other", other)], 3)
    body = "Entry 1: the body is not the one the header is committed to; it was changed."
    assert one_by_one([first, second], [None, bytes(32)]) == ([(1, "body.changed", body)], 2)


def test_the_log_is_that_of_the_first_header_that_can_be_read() -> None:
    found: list[Fault] = []
    rules, learnt = EntryRules(found.append), list[tuple[bytes | None, int]]()
    for data in (b"{}", made(2)[1][0]):
        rules._judge_one(data, None)
        learnt.append((rules.log, rules.expected))
    assert learnt == [(None, 1), (LOG.encode(), 2)] and [fault.code for fault in found] == ["header.shape"]


@pytest.mark.parametrize("several", [1, 2, 3])
def test_columns_are_numbered_from_the_entry_that_is_expected(several: int) -> None:
    found: list[Fault] = []
    rules = EntryRules(found.append)
    headers = [entry[0] for entry in made(8)]
    leaves = [leaf_hash(each) for each in headers]
    rules.judge(headers[:4], [None] * 4, leaves[:4], [(each, None) for each in headers[:4]])
    said = [(each, leaf_hash(each)) for each in headers[4:]]
    said[several] = (headers[0], leaves[0])
    rules.judge(headers[4:], [None] * 4, leaves[4:], said)
    assert [(fault.seq, fault.code) for fault in found] == [(4 + several, "header.columns"), (4 + several, "leaf.column")]
    assert found[1].sentence == f"Entry {4 + several}: the stored leaf hash is not that of its header." and rules.expected == 8


def test_a_body_is_an_object_in_canonical_bytes_behind_its_salt() -> None:
    salt = b"{" * 16
    assert body_fault(3, salt + b"{}") is None and body_fault(3, salt + b'{"a":1}') is None
    wrong = Fault(3, "body.canonical", "Entry 3: behind its salt the body is not a canonical object.")
    for content in (b"[]", b"", b'{"a": 1}', b'{"b":1,"a":2}', b" {}", b"{} "):
        assert body_fault(3, salt + content) == wrong
    assert body_fault(3, b"{}") == wrong


def test_the_link_of_a_header_is_read_off_its_bytes() -> None:
    for seq in (0, 3, 12):
        previous = ident(seq - 3) if seq >= 3 else None
        assert link(header(seq, b"x").to_bytes()) == (seq, ident(seq), previous, ident(1000 + seq % 3))
    for data in (b"", b"{}", changed(header(3, b"x").to_bytes(), b"phone", "ж".encode())):
        assert link(data) is None


def at(size: int, origin: str = "a", data: bytes = b"") -> Checkpoint:
    return Checkpoint(origin, size, naive_root([data + b"%d" % number for number in range(size)]))


def grown(old: int, new: int) -> list[bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    frontier = Frontier()
    for number in range(new):
        nodes.update({(level, index): value for level, index, value in frontier.append(leaf_hash(b"%d" % number))})
    return consistency_proof(old, new, lambda *place: nodes[place])


def test_a_longer_log_is_followed_and_its_checkpoint_is_the_one_to_trust() -> None:
    assert follow(None, at(0)) == at(0) and follow(None, at(5)) == at(5)
    assert follow(at(0), at(5)) == at(5) and follow(at(5), at(5)) == at(5) and follow(at(5), at(9), grown(5, 9)) == at(9)
    assert follow(None, Checkpoint("a", 1, bytes(32))).root == bytes(32), "a first checkpoint is believed as it is"


@pytest.mark.parametrize(
    ("trusted", "offered", "code", "words"),
    [
        (None, Checkpoint("a", 0, bytes(32)), "proof", "a log without entries has the root of an empty log"),
        (at(5), at(9, "b"), "origin", "the checkpoint is of the log b, not of a"),
        (at(5), at(4), "rollback", "the log had 5 entries and now shows 4: cut off, or an old copy was restored"),
        (at(5), at(5, data=b"x"), "fork", "two different logs of 5 entries carry the name a: a fork"),
        (at(5), at(9), "proof", "it is not shown that the log of 9 entries continues that of 5: the proof is empty"),
    ],
)
def test_what_is_not_followed_is_refused_with_a_code_and_a_sentence(
    trusted: Checkpoint | None, offered: Checkpoint, code: str, words: str
) -> None:
    with pytest.raises(Refused) as raised:
        follow(trusted, offered)
    assert (raised.value.code, str(raised.value)) == (code, words)


def test_the_same_checkpoint_with_a_proof_it_does_not_need_is_no_fork() -> None:
    with pytest.raises(Refused) as raised:
        follow(at(5), at(5), [bytes(32)])
    assert raised.value.code == "proof" and str(raised.value).endswith("yet the proof holds hashes")
    with pytest.raises(Refused) as raised:
        follow(at(5), at(9, data=b"x"), grown(5, 9))
    assert raised.value.code == "proof" and "first entries were changed" not in str(raised.value)


def test_a_number_that_readers_round_is_not_canonical() -> None:
    for schema, codes in ((2**53 - 1, []), (2**53, ["header.canonical"]), (2**53 + 1, ["header.canonical"])):
        found: list[Fault] = []
        EntryRules(found.append, strict=True)._judge_one(header(0, b"x", schema=schema).to_bytes(), None)
        assert [fault.code for fault in found] == codes


@pytest.mark.parametrize("moment", ["2010-01-01T00:00:00.000000Z", "2010-12-31T23:59:59.999999Z", "2010-10-10T19:00:00.000000Z"])
def test_strictly_the_first_and_the_last_moment_are_times(moment: str) -> None:
    found: list[Fault] = []
    EntryRules(found.append, strict=True)._judge_one(header(0, b"x", at=moment, recorded=moment).to_bytes(), None)
    assert not found


def test_a_log_never_met_before_is_judged_by_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    log = str(uuid4())
    entries = [header(seq, b"x", log=log).to_bytes() for seq in range(6)]
    digests: list[bytes | None] = [hashlib.sha256(b"x").digest(), None] * 3
    looked: list[bytes] = []
    monkeypatch.setattr(EntryRules, "_judge_one", lambda self, header, digest: looked.append(header))
    found: list[Fault] = []
    rules = EntryRules(found.append)
    rules.log = log.encode()
    rules.judge(entries, digests, [], [])
    assert rules.expected == 6 and not found and not looked


def test_lists_that_do_not_belong_together_are_not_cut_to_the_shorter() -> None:
    headers, leaves = [entry[0] for entry in made(3)], [leaf_hash(entry[0]) for entry in made(3)]
    for strict in (True, False):
        found: list[Fault] = []
        rules = EntryRules(found.append, strict=strict)
        rules.log = LOG.encode()
        with pytest.raises(ValueError, match="zip"):
            rules.judge(headers, [None, None], leaves, [])
        with pytest.raises(ValueError, match="zip"):
            rules.judge(headers, [None] * 3, leaves, [(headers[0], None)])
