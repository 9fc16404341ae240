"""A proof that one entry is in the log: a page that can be handed to somebody who may not see the log.

It holds the header, the hashes that lead from it to a root, and the signed checkpoint with that root, if
one is kept. It never holds the body. The rule it guards: nothing is handed out that was not checked,
and checking it needs nothing but the page (and the signer's public key).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fairwitness.record.ledger.entry import leaf_hash, parse_header
from fairwitness.record.ledger.merkle import Frontier, ProofError, inclusion_proof, verify_inclusion
from fairwitness.record.ledger.note import NoteError, Verifier, open_note, parse_checkpoint, split_note
from fairwitness.record.ledger.stored import KeptCheckpoint, Stored

FORMAT = "fairwitness inclusion proof 1"
_BLOCK = 1024


def make_proof(entries: Iterable[Stored], checkpoints: Iterable[KeptCheckpoint], seq: int) -> dict[str, Any]:
    """The proof for entry `seq`, to the newest kept checkpoint that covers it, else to the log's present root.

    One pass over the entries in constant memory. Raises ProofError when there is no such entry or the
    log does not fit its own checkpoint; NoteError when a checkpoint cannot be read.
    """
    newest = None
    for kept in checkpoints:
        checkpoint = parse_checkpoint(split_note(kept.note)[0])
        if checkpoint.size > seq:
            newest = (checkpoint, kept.note)
    goal = newest[0].size if newest else None
    if goal is None:
        # Without a checkpoint the size is only known at the end, and with it the hashes that are needed.
        goal = sum(1 for _ in entries)
    wanted: dict[tuple[int, int], bytes] = {}
    inclusion_proof(seq, goal, lambda level, index: wanted.setdefault((level, index), bytes(32)))
    header, frontier = _walk(entries, seq, goal, wanted)
    path = inclusion_proof(seq, goal, lambda level, index: wanted[level, index])
    root = newest[0].root if newest else frontier.root()
    verify_inclusion(leaf_hash(header), seq, goal, path, root)
    return {
        "format": FORMAT,
        "seq": seq,
        "size": goal,
        "header": header.decode("utf-8"),
        "proof": [value.hex() for value in path],
        "root": root.hex(),
        "checkpoint": newest[1].decode("utf-8") if newest else None,
    }


def _walk(entries: Iterable[Stored], seq: int, size: int, wanted: dict[tuple[int, int], bytes]) -> tuple[bytes, Frontier]:
    """The header at `seq` and the tree over the first `size` entries, filling in the `wanted` nodes on the way."""
    frontier, found, leaves = Frontier(), b"", list[bytes]()

    def completed(level: int, first: int, hashes: Sequence[bytes]) -> None:
        for there, index in wanted:
            if there == level and first <= index < first + len(hashes):
                wanted[there, index] = hashes[index - first]

    for place, (header, _, _, _) in enumerate(entries):
        if place == size:
            break
        if place == seq:
            found = header
        leaves.append(leaf_hash(header))
        if len(leaves) == _BLOCK:
            frontier.extend(leaves, completed)
            leaves.clear()
    frontier.extend(leaves, completed)
    if frontier.size != size:
        raise ProofError(f"the log holds {frontier.size} entries, but its checkpoint covers {size}: verify it first")
    return found, frontier


def check_proof(page: Any, vkeys: Sequence[Verifier] = ()) -> list[str]:
    """Check a proof and say, in sentences, what it shows and what it does not. Raises ProofError or NoteError."""
    if not isinstance(page, dict) or page.get("format") != FORMAT:
        raise ProofError(f"this is not a page of the format {FORMAT!r}")
    seq, size, header, hashes, root, note = (page.get(key) for key in ("seq", "size", "header", "proof", "root", "checkpoint"))
    if not (type(seq) is type(size) is int and isinstance(header, str) and isinstance(hashes, list) and isinstance(root, str)):
        raise ProofError("seq, size, header, proof or root is missing or of the wrong kind")
    try:
        data = header.encode("utf-8")
        said = parse_header(data)
        path = [bytes.fromhex(value) for value in hashes]
        top = bytes.fromhex(root)
    except (ValueError, TypeError) as error:
        raise ProofError(f"the page cannot be read: {error}") from None
    if said.seq != seq:
        raise ProofError(f"the header says it is entry {said.seq}, the page says {seq}")
    verify_inclusion(leaf_hash(data), seq, size, path, top)
    found = [f"Entry {seq} ({said.kind}, {said.verb}, recorded {said.recorded}) is in the log of {size} entries with the root {root}."]
    if note is None:
        return [*found, "No signed checkpoint is on this page: root and number of entries are only as good as where you have them from."]
    if not isinstance(note, str):
        raise ProofError("the checkpoint is of the wrong kind")
    try:
        opened = open_note(note.encode("utf-8"), vkeys)
    except UnicodeEncodeError:
        raise NoteError("the checkpoint is not UTF-8") from None
    checkpoint = parse_checkpoint(opened.text)
    if (checkpoint.size, checkpoint.root) != (size, top):
        raise ProofError("the checkpoint on this page is of another size or another root than the proof")
    if not vkeys:
        return [*found, f"The checkpoint of {checkpoint.origin} says the same, but no key was given: nobody's signature was checked."]
    return [*found, f"The checkpoint of {checkpoint.origin} says the same, signed by {', '.join(each.name for each in opened.signed)}."]
