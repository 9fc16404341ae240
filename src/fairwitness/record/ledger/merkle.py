"""The tree over the log: one hash that stands for every entry, in its order, and for their number.

The tree is that of RFC 6962, section 2.1. Whoever keeps one root can later be shown, with a handful of
hashes, that an entry was in the log (inclusion) and that the log has only grown since (consistency).
The rule it guards: what checks a proof shares no code with what builds one, and a refusal says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH = 32
"""Bytes in a hash of the tree."""

Node = tuple[int, int, bytes]
"""A complete subtree: its level (0 is a leaf), its index within the level, its hash."""

NodeAt = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index)."""

Completed = Callable[[int, int, Sequence[bytes]], None]
"""Told of complete subtrees: their level, the index of the first one, their hashes in order."""


class ProofError(ValueError):
    """A proof does not hold, or none can be made; the text says why."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962: SHA-256 of 0x01 and the hashes of both children."""
    return sha256(b"\x01" + left + right).digest()


def empty_root() -> bytes:
    """The root of a log without entries: SHA-256 of nothing."""
    return sha256().digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root, at most 64 hashes."""

    __slots__ = ("_edge", "size")

    def __init__(self) -> None:
        self.size = 0
        self._edge: dict[int, bytes] = {}

    @classmethod
    def from_state(cls, size: int, hashes: Sequence[bytes]) -> Frontier:
        """Resume where `state()` stopped. Raises ProofError when the hashes cannot belong to that size."""
        levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1] if size >= 0 else []
        if size < 0 or len(levels) != len(hashes) or any(len(value) != HASH for value in hashes):
            raise ProofError(f"a tree of {size} leaves needs {len(levels)} hashes of {HASH} bytes to resume, {len(hashes)} are given")
        frontier = cls()
        frontier.size = size
        frontier._edge = dict(zip(levels, hashes, strict=True))
        return frontier

    def state(self) -> tuple[int, list[bytes]]:
        """The size and the hashes of the complete subtrees, largest first."""
        return self.size, [self._edge[level] for level in sorted(self._edge, reverse=True)]

    def append(self, leaf: bytes) -> list[Node]:
        """Add one leaf hash. Returns the subtrees this completes, the leaf itself first."""
        done: list[Node] = [(0, self.size, leaf)]
        level, value, index = 0, leaf, self.size
        while index & 1:
            value = node_hash(self._edge.pop(level), value)
            level, index = level + 1, index >> 1
            done.append((level, index, value))
        self._edge[level] = value
        self.size += 1
        return done

    def extend(self, leaves: Sequence[bytes], completed: Completed | None = None) -> None:
        """Add many leaf hashes, level by level: the same tree as `append` for each, several times faster."""
        edge, level, first, row = self._edge, 0, self.size, list(leaves)
        self.size += len(row)
        while row:
            if completed is not None:
                completed(level, first, row)
            if first & 1:
                row.insert(0, edge.pop(level))
                first -= 1
            if len(row) & 1:
                edge[level] = row.pop()
            pairs = iter(row)
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level, first = level + 1, first >> 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        if not self._edge:
            return empty_root()
        levels = sorted(self._edge)
        value = self._edge[levels[0]]
        for level in levels[1:]:
            value = node_hash(self._edge[level], value)
        return value


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    frontier = Frontier()
    frontier.extend(list(leaves))
    return frontier.root()


def _range_hash(low: int, high: int, node_at: NodeAt) -> bytes:
    """The hash over leaves low to high-1, put together from complete subtrees."""
    count = high - low
    level = count.bit_length() - 1
    if count == 1 << level:
        return node_at(level, low >> level)
    middle = low + (1 << level)
    return node_hash(node_at(level, low >> level), _range_hash(middle, high, node_at))


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """The audit path of RFC 6962, section 2.1.1, for leaf `index` in the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a log of {size} entries")
    low, high = 0, size
    path: list[bytes] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, node_at))
            high = middle
        else:
            path.append(_range_hash(low, middle, node_at))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node_at: NodeAt) -> list[bytes]:
    """The consistency proof of RFC 6962, section 2.1.2; empty when the old tree is empty or the same."""
    if not 0 <= old <= new:
        raise ProofError(f"a log of {new} entries cannot have grown from one of {old}")
    if old in (0, new):
        return []
    low, high = 0, new
    path: list[bytes] = []
    whole = True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, node_at))
            high = middle
        else:
            path.append(_range_hash(low, middle, node_at))
            low, whole = middle, False
    if not whole:
        path.append(_range_hash(low, high, node_at))
    return path[::-1]


# What follows checks, and uses nothing of what stands above but the words of ProofError.


def _well_formed(proof: Sequence[bytes], *roots: bytes) -> None:
    for value in (*proof, *roots):
        if len(value) != 32:
            raise ProofError("a hash in the proof is not 32 bytes long")


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless `proof` shows leaf hash `leaf` at `index` of the tree with this size and root.

    The algorithm of RFC 9162, section 2.1.3.2.
    """
    _well_formed(proof, leaf, root)
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a log of {size} entries")
    here, last, value = index, size - 1, leaf
    for number, other in enumerate(proof):
        if last == 0:
            raise ProofError(f"the proof holds {len(proof)} hashes, {number} are enough for entry {index} of {size}")
        if here & 1 or here == last:
            value = sha256(b"\x01" + other + value).digest()
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            value = sha256(b"\x01" + value + other).digest()
        here, last = here >> 1, last >> 1
    if last:
        raise ProofError(f"the proof holds {len(proof)} hashes, too few for entry {index} of {size}")
    if value != root:
        raise ProofError(f"the proof leads to the root {value.hex()}, not to {root.hex()}: this entry is not at {index}")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofError unless `proof` shows that the new tree continues the old one.

    The algorithm of RFC 9162, section 2.1.4.2; equal sizes and an empty old tree need an empty proof.
    """
    _well_formed(proof, old_root, new_root)
    if not 0 <= old <= new:
        raise ProofError(f"a log of {new} entries cannot have grown from one of {old}")
    if old in (0, new):
        if proof:
            raise ProofError("nothing has to be proved here, yet the proof holds hashes")
        if old == 0 and old_root != sha256().digest():
            raise ProofError("the root given for the empty log is not that of an empty log")
        if old == new and old_root != new_root:
            raise ProofError(f"two different roots are given for the same {old} entries: the log was forked")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise ProofError("the proof is empty")
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            raise ProofError("the proof holds more hashes than it needs")
        if here & 1 or here == last:
            before = sha256(b"\x01" + other + before).digest()
            after = sha256(b"\x01" + other + after).digest()
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            after = sha256(b"\x01" + after + other).digest()
        here, last = here >> 1, last >> 1
    if last:
        raise ProofError("the proof holds too few hashes")
    if before != old_root:
        raise ProofError(f"the proof leads to the old root {before.hex()}, not to {old_root.hex()}: the first entries were changed")
    if after != new_root:
        raise ProofError(f"the proof leads to the new root {after.hex()}, not to {new_root.hex()}: another log")
