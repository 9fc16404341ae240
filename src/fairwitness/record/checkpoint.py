"""Checkpoint: the node states, over its signature, how many entries its log holds and which root stands for them.

Made by the worker at fixed minutes of the clock, for the public log also with each release, and never in the
hot path of keeping. The tree is continued from stored nodes, block by block, each block in a transaction of
its own, so that an interrupted run resumes and people keep working meanwhile. The rule it guards: nothing is
signed that does not continue what was signed before.

Nodes below level 4 are not stored: sixteen leaves are read and hashed faster than their nodes are looked up.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from fairwitness.errors import BadInput, Fault, NotThere, Refused, Tampered, say
from fairwitness.record import seal
from fairwitness.record.append import log_id
from fairwitness.record.ledger import note as notes
from fairwitness.record.ledger.entry import leaf_hash, stamp
from fairwitness.record.ledger.merkle import Frontier, consistency_proof, empty_root, inclusion_proof, verify_inclusion
from fairwitness.record.ledger.prove import FORMAT
from fairwitness.record.models import (
    Checkpoint,
    CheckpointForm,
    Entry,
    EntryForm,
    Node,
    NodeForm,
    PublicCheckpoint,
    PublicEntry,
    PublicNode,
)

LOWEST = 4
BLOCK = 8192
_GRAIN = 1 << LOWEST
_LOGS: dict[str, tuple[type[EntryForm], type[NodeForm], type[CheckpointForm]]] = {
    "inner": (Entry, Node, Checkpoint),
    "public": (PublicEntry, PublicNode, PublicCheckpoint),
}


def tables(log: str) -> tuple[type[EntryForm], type[NodeForm], type[CheckpointForm]]:
    """The models of a log's entries, nodes and checkpoints."""
    if log not in _LOGS:
        raise BadInput.of(Fault("log", say("there is no log {log!r}; there are inner and public", log=log)))
    return _LOGS[log]


def origin(log: str = "inner") -> str:
    """The name under which a log makes its promises; its signer carries the same name."""
    return f"fairwitness/{log_id(log)}"


def vkey(log: str = "inner") -> str:
    """The public key in one line, to be handed to whoever will check."""
    return notes.Verifier(origin(log), seal.public_key()).vkey


def newest(log: str = "inner") -> CheckpointForm | None:
    """The newest checkpoint kept, or None."""
    found: CheckpointForm | None = tables(log)[2]._default_manager.order_by("-size").first()
    return found


def size_of(log: str = "inner") -> int:
    """How many entries the log holds."""
    last = tables(log)[0]._default_manager.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if last is None else int(last) + 1


def make_checkpoint(log: str = "inner") -> CheckpointForm | None:
    """Continue the tree to the log's end and sign it. The newest one again when nothing was added; None for an empty log.

    Raises Tampered when the log does not continue its newest checkpoint: nothing is signed then.
    """
    before = newest(log)
    if before is not None and not seal.can_sign():
        raise Refused("The key that signed the earlier checkpoints is not here. Restore the keys; a new one would look like a forgery.")
    while _continue_tree(log):
        pass
    with transaction.atomic():
        _one_at_a_time(log)
        size = size_of(log)
        last = newest(log)
        if size == 0 and last is None:
            return None
        if last is not None:
            _holds(last, size, log)
            if last.size == size:
                return last
        root = root_at(size, log)
        promise = notes.Checkpoint(origin(log), size, root)
        signature = notes.sign_note(promise.text(), origin(log), seal.public_key(), seal.sign)
        made = tables(log)[2](size=size, root=root, note=notes.format_note(promise.text(), [signature]), made=stamp(datetime.now(UTC)))
        made.save(force_insert=True)
        return made


def _holds(last: CheckpointForm, size: int, log: str) -> None:
    if last.size > size:
        cut = "The log holds {size} entries and its newest checkpoint covers {covered}: entries were cut off. Run verify."
        raise Tampered(cut, size=size, covered=last.size)
    if root_at(last.size, log) != bytes(last.root):
        raise Tampered("The first {covered} entries no longer have the root that was signed for them. Run verify.", covered=last.size)


def _one_at_a_time(log: str) -> None:
    """Hold off other processes that make checkpoints of this log; writers go on. On SQLite the transaction has the write lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x4657, 1 if log == "inner" else 2])


def _done(log: str) -> int:
    """How many leaves the stored nodes cover."""
    last = tables(log)[1]._default_manager.filter(level=LOWEST).order_by("-idx").values_list("idx", flat=True).first()
    return 0 if last is None else (int(last) + 1) << LOWEST


def _continue_tree(log: str) -> bool:
    """Store the nodes over the next block of entries. False when all that can be stored is."""
    entries, nodes, _ = tables(log)
    with transaction.atomic():
        _one_at_a_time(log)
        start = _done(log)
        end = min(start + BLOCK, size_of(log) & -_GRAIN)
        if end <= start:
            return False
        levels = [level for level in range(start.bit_length() - 1, LOWEST - 1, -1) if start >> level & 1]
        frontier = Frontier.from_state(start, [node_at(level, (start >> level) - 1, log) for level in levels])
        made: list[NodeForm] = []

        def completed(level: int, first: int, hashes: object) -> None:
            if level >= LOWEST:
                made.extend(nodes(level=level, idx=first + step, hash=value) for step, value in enumerate(hashes))  # type: ignore[arg-type,var-annotated]

        frontier.extend(_leaves(entries, start, end), completed)
        nodes._default_manager.bulk_create(made, batch_size=500)
    return True


def _leaves(entries: type[EntryForm], start: int, end: int) -> list[bytes]:
    """The leaf hashes of these entries, each made anew from its header."""
    found: list[bytes] = []
    wanted = entries._default_manager.filter(seq__gte=start, seq__lt=end).order_by("seq")
    for seq, header, leaf in wanted.values_list("seq", "header", "leaf"):
        value = leaf_hash(bytes(header))
        if seq != start + len(found) or value != bytes(leaf):
            wrong = "Entry {seq} is missing or is not the one that was kept: nothing was signed. Run verify."
            raise Tampered(wrong, seq=start + len(found))
        found.append(value)
    if len(found) != end - start:
        raise Tampered("Entry {seq} is missing: nothing was signed. Run verify.", seq=start + len(found))
    return found


def node_at(level: int, index: int, log: str = "inner") -> bytes:
    """The hash of a complete subtree: stored, or made from what lies below it."""
    entries, nodes, _ = tables(log)
    if level >= LOWEST:
        stored = nodes._default_manager.filter(level=level, idx=index).values_list("hash", flat=True).first()
        if stored is not None:
            return bytes(stored)
    frontier = Frontier()
    frontier.extend(_leaves(entries, index << level, (index + 1) << level))
    return frontier.root()


def root_at(size: int, log: str = "inner") -> bytes:
    """The root over the first `size` entries."""
    if size == 0:
        return empty_root()
    levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
    return Frontier.from_state(size, [node_at(level, (size >> level) - 1, log) for level in levels]).root()


def inclusion(which: int | str | UUID, log: str = "inner") -> dict[str, object]:
    """A page that proves one entry (by position or entry id) to anybody; `check-proof` reads it. It holds no body.

    Raises NotThere for an unknown entry.
    """
    entries, _, checkpoints = tables(log)
    found = entries._default_manager.filter(**({"seq": which} if isinstance(which, int) else {"entry": str(which)}))
    row = found.values_list("seq", "header").first()
    if row is None:
        raise NotThere()
    seq, header = int(row[0]), bytes(row[1])
    kept = checkpoints._default_manager.filter(size__gt=seq).order_by("-size").first()
    size = int(kept.size) if kept else size_of(log)
    root = bytes(kept.root) if kept else root_at(size, log)
    path = inclusion_proof(seq, size, lambda level, index: node_at(level, index, log))
    verify_inclusion(leaf_hash(header), seq, size, path, root)
    return {
        "format": FORMAT, "seq": seq, "size": size, "header": header.decode("utf-8"), "proof": [value.hex() for value in path],
        "root": root.hex(), "checkpoint": bytes(kept.note).decode("utf-8") if kept else None,
    }  # fmt: skip


def consistency(old: int, new: int, log: str = "inner") -> list[bytes]:
    """The proof that the log of `new` entries continues that of `old`: for another node or a witness."""
    return consistency_proof(old, new, lambda level, index: node_at(level, index, log))


def minutes() -> int:
    """How many minutes lie between checkpoints (FAIRWITNESS_CHECKPOINT_MINUTES, ten when unset)."""
    said = os.environ.get("FAIRWITNESS_CHECKPOINT_MINUTES", "10")
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= 1440:
        raise BadInput.of(Fault("FAIRWITNESS_CHECKPOINT_MINUTES", say("is {said!r}; give whole minutes from 1 to 1440", said=said)))
    return int(said)


def last_due(now: datetime) -> datetime:
    """The newest moment at which a checkpoint was due: whole multiples of the minutes since midnight, UTC."""
    now = now.astimezone(UTC)
    since = now.hour * 60 + now.minute
    due = since - since % minutes()
    return now.replace(hour=due // 60, minute=due % 60, second=0, microsecond=0)


def checkpoint_if_due(now: datetime) -> CheckpointForm | None:
    """Make the inner log's checkpoint when the clock has passed a due moment since the newest; else None."""
    last = newest()
    if last is not None and last.made >= stamp(last_due(now)):
        return None
    made = make_checkpoint()
    return None if made is None or (last is not None and made.size == last.size) else made
