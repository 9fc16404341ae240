"""The tree against published vectors, our own vectors and a reference written from the RFC; every proof, every mutation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.record.ledger.entry import leaf_hash
from fairwitness.record.ledger.merkle import (
    Frontier,
    ProofError,
    consistency_proof,
    empty_root,
    inclusion_proof,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.record.ledger.invent import naive_growth, naive_path, naive_root, vectors

MOST = 64
DATA = [b"entry %d" % number for number in range(MOST)]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = [naive_root(DATA[:size]) for size in range(MOST + 1)]
NODES: dict[tuple[int, int], bytes] = {}
_frontier = Frontier()
for _leaf in LEAVES:
    NODES.update({(level, index): value for level, index, value in _frontier.append(_leaf)})


def node_at(level: int, index: int) -> bytes:
    return NODES[level, index]


def test_published_tree() -> None:
    found = vectors("merkle_published")
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in found["leaves"]]
    assert [root_of(leaves[:size]).hex() for size in range(1, 9)] == found["roots"]
    for case in found["inclusion"]:
        root = bytes.fromhex(found["roots"][case["size"] - 1])
        verify_inclusion(leaves[case["index"]], case["index"], case["size"], [bytes.fromhex(h) for h in case["proof"]], root)
    for case in found["consistency"]:
        old, new = (bytes.fromhex(found["roots"][case[key] - 1]) for key in ("old", "new"))
        verify_consistency(case["old"], old, case["new"], new, [bytes.fromhex(h) for h in case["proof"]])


def test_own_vectors() -> None:
    found = vectors("merkle_own")
    leaves = [leaf_hash(str(number).encode() * 3) for number in range(found["count"])]
    assert [root_of(leaves[:size]).hex() for size in range(found["count"] + 1)] == found["roots"]
    nodes: dict[tuple[int, int], bytes] = {}
    Frontier().extend(leaves, lambda level, first, row: nodes.update({(level, first + n): value for n, value in enumerate(row)}))
    for case in found["inclusion"]:
        assert [h.hex() for h in inclusion_proof(case["index"], case["size"], lambda *at: nodes[at])] == case["proof"]
    for case in found["consistency"]:
        assert [h.hex() for h in consistency_proof(case["old"], case["new"], lambda *at: nodes[at])] == case["proof"]


def test_empty_tree() -> None:
    assert Frontier().root() == root_of([]) == empty_root() == naive_root([])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 300), st.lists(st.integers(0, 300), max_size=6), st.integers(0, 300))
def test_frontier_is_the_reference_tree(count: int, cuts: list[int], resumed: int) -> None:
    data = [b"%d" % number for number in range(count)]
    leaves = [leaf_hash(each) for each in data]
    expected: dict[tuple[int, int], bytes] = {}
    one = Frontier()
    for number, leaf in enumerate(leaves):
        if number == resumed:
            one = Frontier.from_state(*one.state())
        expected.update({(level, index): value for level, index, value in one.append(leaf)})
    many, seen = Frontier(), dict[tuple[int, int], bytes]()
    for low, high in pairwise(sorted({0, count, *(min(cut, count) for cut in cuts)})):
        many.extend(leaves[low:high], lambda level, first, row: seen.update({(level, first + n): v for n, v in enumerate(row)}))
    assert one.root() == many.root() == naive_root(data)
    assert one.state() == many.state() and one.size == count
    assert seen == expected
    assert all(value == naive_root(data[index << level : (index + 1) << level]) for (level, index), value in expected.items() if level > 5)


@pytest.mark.parametrize(("size", "hashes"), [(-1, []), (3, [bytes(32)]), (2, [bytes(31)]), (0, [bytes(32)])])
def test_a_state_that_cannot_be_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(ProofError):
        Frontier.from_state(size, hashes)


def mutations(proof: list[bytes], bit: int) -> list[list[bytes]]:
    """Each hash with one bit flipped, each left out, one more at either end, two exchanged."""
    flipped = [
        [*proof[:i], bytes([*h[: bit // 8], h[bit // 8] ^ 1 << bit % 8, *h[bit // 8 + 1 :]]), *proof[i + 1 :]] for i, h in enumerate(proof)
    ]
    dropped = [[*proof[:i], *proof[i + 1 :]] for i in range(len(proof))]
    swapped = [[*proof[:i], proof[i + 1], proof[i], *proof[i + 2 :]] for i in range(len(proof) - 1) if proof[i] != proof[i + 1]]
    return [*flipped, *dropped, *swapped, [*proof, bytes(32)], [bytes(32), *proof], [*proof, b"short"]]


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_inclusion_proof(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, node_at)
        verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
        if size in (1, 2, 7, 8, 21, 33, 64):
            assert proof == naive_path(index, DATA[:size])
        wrong = [(LEAVES[index], index, size, each, ROOTS[size]) for each in mutations(proof, (index * 37 + size) % 256)]
        wrong += [
            (LEAVES[index - 1] if size > 1 else bytes(32), index, size, proof, ROOTS[size]),
            (LEAVES[index], index, size, proof, bytes(32)),
        ]
        wrong += [(LEAVES[index], other, size, proof, ROOTS[size]) for other in {*range(-1, size + 1)} - {index}]
        for each in wrong:
            with pytest.raises(ProofError):
                verify_inclusion(*each)


@pytest.mark.parametrize("new", range(MOST + 1))
def test_every_consistency_proof(new: int) -> None:
    for old in range(new + 1):
        proof = consistency_proof(old, new, node_at)
        verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)
        if old and new in (1, 2, 7, 8, 21, 33, 64):
            assert proof == naive_growth(old, DATA[:new])
        wrong = [(old, ROOTS[old], new, ROOTS[new], each) for each in mutations(proof, (old * 37 + new) % 256)]
        wrong += [(old, bytes(32), new, ROOTS[new], proof)]
        if old:
            wrong += [(old, ROOTS[old], new, bytes(32), proof), (old - 1, ROOTS[old], new, ROOTS[new], proof)]
        wrong += [(new + 1, ROOTS[new], new, ROOTS[new], proof), (-1, ROOTS[0], new, ROOTS[new], proof)]
        for each in wrong:
            with pytest.raises(ProofError):
                verify_consistency(*each)


def test_no_proof_for_what_is_not_there() -> None:
    for index, size in ((0, 0), (-1, 5), (5, 5)):
        with pytest.raises(ProofError):
            inclusion_proof(index, size, node_at)
    with pytest.raises(ProofError):
        consistency_proof(6, 5, node_at)


def test_hashes_cut_at_another_place_are_refused() -> None:
    """The bytes of a proof joined are the same; only where one hash ends and the next begins is not."""
    verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0]], ROOTS[2])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(LEAVES[1][1:], 1, 2, [LEAVES[0] + LEAVES[1][:1]], ROOTS[2])
    verify_consistency(1, ROOTS[1], 2, ROOTS[2], [LEAVES[1]])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(1, ROOTS[1] + LEAVES[1][:1], 2, ROOTS[2], [LEAVES[1][1:]])


def test_a_sound_proof_is_refused_under_smaller_numbers() -> None:
    """Every hash leads to the root given, but the tree is said to be smaller than it is."""
    with pytest.raises(ProofError, match="holds 1 hashes, 0 are enough"):
        verify_inclusion(LEAVES[1], 0, 1, [LEAVES[0]], ROOTS[2])
    with pytest.raises(ProofError, match="more hashes than it needs"):
        verify_consistency(3, ROOTS[7], 4, ROOTS[8], consistency_proof(7, 8, node_at))


def test_a_sound_proof_is_refused_under_larger_numbers() -> None:
    """The same the other way: the hashes lead to the root given, but a tree of that size would need more of them."""
    with pytest.raises(ProofError, match="too few for entry 0 of 4"):
        verify_inclusion(LEAVES[0], 0, 4, [LEAVES[1]], ROOTS[2])
    with pytest.raises(ProofError, match="too few hashes"):
        verify_consistency(1, ROOTS[1], 4, ROOTS[2], [LEAVES[1]])
    with pytest.raises(ProofError, match="the proof is empty"):
        verify_consistency(3, ROOTS[3], 4, ROOTS[4], [])


def test_a_proof_of_nothing_holds_no_hashes() -> None:
    for old, new in ((0, 5), (5, 5)):
        verify_consistency(old, ROOTS[old], new, ROOTS[new], [])
        with pytest.raises(ProofError, match="nothing has to be proved"):
            verify_consistency(old, ROOTS[old], new, ROOTS[new], [bytes(32)])
    with pytest.raises(ProofError, match="that of an empty log"):
        verify_consistency(0, ROOTS[1], 5, ROOTS[5], [])
    with pytest.raises(ProofError, match="the log was forked"):
        verify_consistency(5, ROOTS[5], 5, ROOTS[6], [])
