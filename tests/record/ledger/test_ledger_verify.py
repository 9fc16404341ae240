"""Verifying: a sound log is found sound, and each kind of change is found and named."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fairwitness.record.ledger.archive import write_archive
from fairwitness.record.ledger.database import read_sqlite
from fairwitness.record.ledger.entry import body_bytes, commitment, leaf_hash
from fairwitness.record.ledger.merkle import Frontier, consistency_proof
from fairwitness.record.ledger.note import Checkpoint, NoteError, format_note, parse_checkpoint, split_note
from fairwitness.record.ledger.prove import check_proof, make_proof
from fairwitness.record.ledger.stored import KeptCheckpoint, Stored, Unreadable
from fairwitness.record.ledger.trusted import Refused, follow
from fairwitness.record.ledger.verdict import MOST_FAULTS, Verdict
from fairwitness.record.ledger.verify import verify_log, verify_path
from tests.record.ledger.invent import KEY, LOG, ORIGIN, STRANGER, checkpoint, database, header, ident, made, naive_root

ENTRIES = made(2500)
SIZES = (0, 1, 1000, 1024, 2048, 2499, 2500)
KEPT = [checkpoint(ENTRIES, size) for size in SIZES]


def codes(verdict: Verdict) -> set[str]:
    return {fault.code for fault in verdict.faults}


@pytest.fixture
def node(tmp_path: Path) -> Path:
    return database(tmp_path / "node.sqlite", ENTRIES[:200], [checkpoint(ENTRIES, size) for size in (50, 128, 200)])


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        assert connection.execute(statement).rowcount > 0, statement
    connection.commit()
    connection.close()


@pytest.mark.parametrize("strict", [False, True])
def test_a_sound_log(strict: bool) -> None:
    told: list[int] = []
    verdict = verify_log(iter(ENTRIES), iter(KEPT), [KEPT[4].note], [KEY.vkey], strict, told.append)
    assert verdict.clean, verdict.sentences()
    assert (verdict.size, verdict.root, verdict.absent, verdict.checkpoints) == (2500, KEPT[-1].root, 500, len(SIZES))
    assert (verdict.signatures, verdict.outside, verdict.vouched, verdict.links) == (len(SIZES) + 1, 1, 2048, strict)
    assert told == sorted(told) and told[-1] == 2500


def test_it_says_what_it_cannot_know() -> None:
    alone = " ".join(verify_log(ENTRIES[:5]).sentences())
    assert "cut off or written anew by its owner cannot be known" in alone and "nobody's signature was checked" in alone
    with_one = " ".join(verify_log(ENTRIES, outside=[KEPT[3].note], vkeys=[KEY]).sentences())
    assert "The first 1024 entries are those" in with_one and "nobody's signature" not in with_one


def edited(place: int, make: Callable[[Stored], Stored]) -> list[Stored]:
    return [*ENTRIES[:place], make(ENTRIES[place]), *ENTRIES[place + 1 :]]


def rewritten(place: int, **fields: object) -> list[Stored]:
    body = body_bytes({"text": "nothing happened"})
    return edited(place, lambda _: (header(place, body, **fields).to_bytes(), body, None, None))


@pytest.mark.parametrize("place", [0, 1, 1023, 1024, 1500, 2498])
def test_a_changed_body_is_found(place: int) -> None:
    verdict = verify_log(edited(place, lambda each: (each[0], b"another body", None, None)), KEPT)
    assert [(fault.seq, fault.code) for fault in verdict.faults] == [(place, "body.changed")]


@pytest.mark.parametrize("place", [0, 1022, 1024, 2498])
def test_a_rewritten_entry_is_found_by_the_checkpoints_behind_it(place: int) -> None:
    verdict = verify_log(rewritten(place), KEPT)
    assert codes(verdict) == {"checkpoint.root"} and verdict.fault_count == sum(size > place for size in SIZES)


def test_a_rewritten_log_without_checkpoints_is_only_found_from_outside() -> None:
    assert verify_log(rewritten(70)).clean
    verdict = verify_log(rewritten(70), outside=[KEPT[2].note], vkeys=[KEY])
    assert codes(verdict) == {"outside.fork"} and "Fork" in verdict.faults[0].sentence and verdict.vouched is None


def test_a_truncated_log_is_found_from_outside() -> None:
    assert verify_log(ENTRIES[:1000], KEPT[:3]).clean
    verdict = verify_log(ENTRIES[:1000], KEPT[:3], [KEPT[3].note])
    assert codes(verdict) == {"outside.truncated"} and "24 entries were cut off" in verdict.faults[0].sentence


def test_a_truncated_log_is_found_by_a_kept_checkpoint() -> None:
    verdict = verify_log(ENTRIES[:2000], KEPT)
    assert codes(verdict) == {"checkpoint.truncated"} and verdict.fault_count == 3


def test_gaps_and_disorder_are_found() -> None:
    verdict = verify_log([*ENTRIES[:9], *ENTRIES[10:50]])
    assert [(fault.seq, fault.code) for fault in verdict.faults] == [(9, "seq.gap")]
    assert verify_log([*ENTRIES[:9], ENTRIES[10], ENTRIES[9], *ENTRIES[11:50]]).fault_count == 3
    assert codes(verify_log(ENTRIES[1:50])) == {"seq.gap"}
    assert codes(verify_log([*ENTRIES[:9], *ENTRIES[8:50]])) == {"seq.gap"}


def test_an_entry_of_another_log_is_found() -> None:
    assert codes(verify_log(rewritten(70, log=ident(5)))) == {"log.other"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\n",
        ENTRIES[70][0] + b"\n",
        ENTRIES[70][0] * 2,
        b"x" + ENTRIES[70][0],
        ENTRIES[70][0].replace(b"phone", b"ph\\ne"),
        ENTRIES[70][0].replace(b"phone", "phöne".encode()),
        ENTRIES[70][0].replace(b'"seq":70', b'"seq":070'),
    ],
)
def test_a_header_out_of_shape_is_found(data: bytes) -> None:
    assert codes(verify_log(edited(70, lambda each: (data, each[1], None, None)))) == {"header.shape"}


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "observation receive"},
        {"at": "2010-13-26T10:00:00.000000Z", "door": ""},
        {"subject": "X" * 36},
        {"recorded": "2010-02-26 10:00:00.0000000"},
    ],
)
def test_strict_finds_values_that_are_not_canonical(fields: dict[str, str]) -> None:
    changed = rewritten(70, **fields, **({} if "subject" in fields else {"prev": None}))
    assert verify_log(changed).clean
    assert "header.canonical" in codes(verify_log(changed, strict=True))


@pytest.mark.parametrize("content", [b'{"b":1,"a":2}', b'{"a": 1}', b"[1]", b"{", b'{"a":1.5}', b""])
def test_strict_finds_bodies_that_are_not_canonical(content: bytes) -> None:
    body = bytes(16) + content
    changed = edited(70, lambda _: (header(70, body).to_bytes(), body, None, None))
    assert verify_log(changed).clean
    assert codes(verify_log(changed, strict=True)) == {"body.canonical"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"prev": ident(7777)}, "link.unknown"),
        ({"prev": ident(73)}, "link.later"),
        ({"prev": ident(68)}, "link.other"),
        ({"entry": ident(69), "prev": None}, "link.twice"),
    ],
)
def test_links_that_do_not_hold_are_found(tmp_path: Path, fields: dict[str, str | None], code: str) -> None:
    changed = rewritten(70, **fields)
    assert code in codes(verify_log(changed, strict=True))
    path = database(tmp_path / "node.sqlite", changed[:200], [])
    verdict = verify_path(path)
    assert verdict.links and code in codes(verdict)


def test_signatures() -> None:
    assert codes(verify_log(ENTRIES, KEPT, vkeys=[STRANGER])) == {"checkpoint.signature"}
    assert verify_log(ENTRIES, KEPT, vkeys=[STRANGER, KEY]).clean
    text, [(name, key, _)] = split_note(KEPT[2].note)
    forged = KeptCheckpoint(format_note(text, [(name, key, bytes(64))]))
    assert verify_log(ENTRIES, [*KEPT[:2], forged]).clean
    assert codes(verify_log(ENTRIES, [*KEPT[:2], forged], vkeys=[KEY])) == {"checkpoint.signature"}
    assert codes(verify_log(ENTRIES, outside=[forged.note], vkeys=[KEY])) == {"outside.signature"}


def test_checkpoints_that_are_not_in_order() -> None:
    assert codes(verify_log(ENTRIES, [KEPT[3], KEPT[2]])) == {"checkpoint.order"}
    assert codes(verify_log(ENTRIES, [KeptCheckpoint(b"rubbish"), KEPT[2]])) == {"checkpoint.unreadable"}
    assert codes(verify_log(ENTRIES, [KEPT[2], checkpoint(ENTRIES, 1024, "elsewhere.example/log")])) == {"checkpoint.origin"}
    with pytest.raises(NoteError):
        verify_log(ENTRIES, outside=[b"rubbish"])


def test_many_faults_are_counted_and_the_first_named() -> None:
    verdict = verify_log([(data, b"changed", None, None) for data, _, _, _ in ENTRIES])
    assert verdict.fault_count == 2500 and len(verdict.faults) == MOST_FAULTS
    assert [fault.seq for fault in verdict.faults] == list(range(MOST_FAULTS))


def test_a_flood_of_one_kind_never_hides_another() -> None:
    flood = [(data, b"changed", None, None) for data, _, _, _ in rewritten(70)]
    assert codes(verify_log(flood, outside=[KEPT[-1].note])) == {"body.changed", "outside.fork"}


def test_the_log_is_known_from_the_first_header_in_shape() -> None:
    verdict = verify_log([(b"{}", b"", None, None), *ENTRIES[1:]])
    assert codes(verdict) == {"header.shape"} and verdict.log == LOG


def test_a_sound_database(node: Path) -> None:
    before = node.read_bytes()
    verdict = verify_path(node, [KEPT[1].note], [KEY], strict=True)
    assert verdict.clean, verdict.sentences()
    assert (verdict.size, verdict.checkpoints, verdict.absent, verdict.links) == (200, 3, 40, True)
    assert verdict.nodes == 200 + 100 + 50 + 25 + 12 + 6 + 3 + 1
    assert node.read_bytes() == before and not list(node.parent.glob("node.sqlite-*"))


CHANGES = [
    ("UPDATE record_entry SET {} WHERE seq = 70".format(f"{column} = '{value}'"), "header.columns")
    for column, value in [
        ("entry", ident(4242)),
        ("log", ident(1)),
        ("kind", "x"),
        ("schema", 2),
        ("verb", "x"),
        ("member", ident(2)),
        ("door", "x"),
        ("at", "x"),
        ("subject", ident(3)),
        ("prev", ident(4)),
        ("recorded", "x"),
        ("commitment", "0" * 64),
    ]
] + [
    ("UPDATE record_entry SET member = NULL WHERE seq = 70", "header.columns"),
    ("UPDATE record_entry SET verb = NULL WHERE seq = 70", "header.columns"),
    ("UPDATE record_entry SET door = CAST(x'ff' AS TEXT) WHERE seq = 70", "header.columns"),
    ("UPDATE record_entry SET schema = 'one' WHERE seq = 70", "header.columns"),
    ("UPDATE record_entry SET header = CAST('{}' AS BLOB) WHERE seq = 70", "header.shape"),
    ("UPDATE record_entry SET header = NULL WHERE seq = 70", "header.shape"),
    ("UPDATE record_entry SET body = x'00' WHERE seq = 70", "body.changed"),
    ("UPDATE record_entry SET body = 5 WHERE seq = 70", "body.changed"),
    ("UPDATE record_entry SET leaf = x'00' WHERE seq = 70", "leaf.column"),
    ("UPDATE record_entry SET seq = 1000 WHERE seq = 70", "seq.gap"),
    ("DELETE FROM record_entry WHERE seq = 70", "checkpoint.root"),
    ("DELETE FROM record_entry WHERE seq > 190", "checkpoint.truncated"),
    ("UPDATE record_checkpoint SET size = 51 WHERE size = 50", "checkpoint.columns"),
    ("UPDATE record_checkpoint SET root = x'00' WHERE size = 50", "checkpoint.columns"),
    ("UPDATE record_checkpoint SET note = x'00' WHERE size = 50", "checkpoint.unreadable"),
    ("UPDATE record_node SET hash = zeroblob(32) WHERE level = 3 AND idx = 9", "node.wrong"),
    ("UPDATE record_node SET hash = NULL WHERE level = 0 AND idx = 199", "node.wrong"),
    ("INSERT INTO record_node VALUES (7, 1, zeroblob(32))", "node.stray"),
    ("INSERT INTO record_node VALUES (0, 200, zeroblob(32))", "node.stray"),
]


@pytest.mark.parametrize(("statement", "code"), CHANGES)
def test_what_somebody_changed_by_sql_is_found(node: Path, statement: str, code: str) -> None:
    change(node, statement)
    assert code in codes(verify_path(node))


def test_missing_nodes_are_no_fault(node: Path) -> None:
    change(node, "DELETE FROM record_node WHERE level < 4")
    assert verify_path(node).clean


def test_changed_pages_are_a_finding_and_not_a_crash(node: Path) -> None:
    data = bytearray(node.read_bytes())
    data[4096 * 6 : 4096 * 7] = bytes(4096)
    node.write_bytes(data)
    try:
        assert not verify_path(node).clean
    except Unreadable:
        pass


@pytest.mark.parametrize("data", [b"", b"hello", b"SQLite format 3\x00" + bytes(2000)])
def test_what_is_no_log_is_unreadable(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    for path in (tmp_path / "file", tmp_path, tmp_path / "missing"):
        with pytest.raises(Unreadable):
            verify_path(path)
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(Unreadable, match="no table record_entry"):
        verify_path(tmp_path / "other.sqlite")


def long_log(count: int) -> Iterator[Stored]:
    body = b"b" * 100_000
    for seq in range(count):
        yield header(seq, body, prev=None).to_bytes(), body, None, None


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    peaks = []
    for count in (1500, 4500):
        write_archive(tmp_path / str(count), long_log(count))
        tracemalloc.start()
        assert verify_path(tmp_path / str(count)).clean
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 8_000_000 and peaks[1] < peaks[0] * 1.15


@pytest.mark.parametrize("seq", [0, 1, 777, 1023, 1024, 2047, 2048, 2499])
def test_a_proof_on_a_page(seq: int) -> None:
    for kept in ([], KEPT, KEPT[:5]):
        page = make_proof(ENTRIES, kept, seq)
        words = " ".join(check_proof(page, [KEY]))
        assert ("signed by" in words) == (page["checkpoint"] is not None) == any(each.size > seq for each in kept if each.size is not None)
        for key, value in (
            ("seq", seq + 1),
            ("size", page["size"] + 4096),
            ("header", page["header"].replace("phone", "staff")),
            ("proof", []),
            ("root", "00" * 32),
            ("format", "x"),
            ("seq", None),
            ("header", "\ud800"),
            ("proof", [1]),
            ("root", "zz"),
        ):
            with pytest.raises(ValueError):
                check_proof(page | {key: value}, [KEY])
        if page["checkpoint"]:
            with pytest.raises(NoteError):
                check_proof(page, [STRANGER])
            with pytest.raises(ValueError):
                check_proof(page | {"checkpoint": KEPT[2].note.decode()}, [KEY])


def test_no_proof_is_handed_out_from_a_changed_log() -> None:
    with pytest.raises(ValueError):
        make_proof(rewritten(70), KEPT, 900)
    with pytest.raises(ValueError):
        make_proof(ENTRIES[:2400], KEPT, 900)
    with pytest.raises(ValueError):
        make_proof(ENTRIES, [], 2500)


def test_following_another_node() -> None:
    nodes = {}
    frontier = Frontier()
    for entry in ENTRIES[:300]:
        nodes.update({(level, index): value for level, index, value in frontier.append(leaf_hash(entry[0]))})

    def at(size: int, origin: str = ORIGIN, entries: list[Stored] = ENTRIES) -> Checkpoint:
        return parse_checkpoint(split_note(checkpoint(entries, size, origin).note)[0])

    proof = consistency_proof(100, 300, lambda *place: nodes[place])
    first = follow(None, at(100))
    assert follow(first, at(300), proof) == at(300)
    assert follow(first, at(100)) == first
    for offered, code in [
        (at(300, "x"), "origin"),
        (at(99), "rollback"),
        (at(100, entries=rewritten(70)), "fork"),
        (at(300, entries=rewritten(70)), "proof"),
        (at(200), "proof"),
    ]:
        with pytest.raises(Refused) as raised:
            follow(first, offered, () if code == "fork" else proof)
        assert raised.value.code == code
    with pytest.raises(Refused):
        follow(None, Checkpoint(ORIGIN, 0, bytes(32)))


def test_the_database_speaks_of_the_same_bytes(node: Path) -> None:
    with read_sqlite(node) as store:
        found = list(store)
        assert [each[0] for each in found] == [each[0] for each in ENTRIES[:200]]
        assert all(each[2] == each[0] and each[3] == leaf_hash(each[0]) for each in found)
        assert store.entry(7) == found[7] and store.entry(200) is None
        assert isinstance(found[0][1], bytes) and commitment(found[0][1]).encode() == found[0][0][9:73]
        assert [each.root for each in store.checkpoints()] == [naive_root([e[0] for e in ENTRIES[:n]]) for n in (50, 128, 200)]
