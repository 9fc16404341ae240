"""Verifying a log: every entry, every promise made about the log, in one pass and in constant memory.

Checked are: the body against its commitment, the numbers without gap, the columns against the headers,
the roots of the kept checkpoints, their signatures (the newest 64; all of them when strict), stored tree
nodes, the links to previous versions (from SQLite by a join; from an archive only when strict, by way of
a temporary file), and checkpoints from outside. The rule it guards: the verdict never claims more than
was checked. Without a checkpoint from outside nobody can know whether the owner of the file cut it off
or wrote it anew, and the verdict says so.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from fairwitness.record.ledger.archive import MAGIC, Archive, ArchiveError
from fairwitness.record.ledger.database import Database, LinkTable, read_sqlite
from fairwitness.record.ledger.merkle import Frontier
from fairwitness.record.ledger.note import Checkpoint, NoteError, Verifier, open_note, parse_checkpoint, parse_vkey, split_note
from fairwitness.record.ledger.stored import KeptCheckpoint, Stored, Unreadable
from fairwitness.record.ledger.trusted import EntryRules, Fault, body_fault, link
from fairwitness.record.ledger.verdict import MOST_FAULTS, Verdict

NEWEST = 64
_BLOCK = 1024
_LINKS = {
    "unknown": "names a previous version that is not in this log",
    "later": "names as its previous version an entry that does not come before it",
    "other": "names as its previous version an entry of another subject",
    "twice": "has an id that another entry has too",
}

Progress = Callable[[int], None]

NodeRange = Callable[[int, int, int], Iterable[tuple[int, bytes]]]
"""Gives the stored (index, hash) of a level, from a first index on, for so many indexes."""


def verify_log(
    entries: Iterable[Stored], checkpoints: Iterable[KeptCheckpoint] = (), outside: Iterable[bytes] = (),
    vkeys: Iterable[str | Verifier] = (), strict: bool = False, progress: Progress | None = None, *,
    nodes: NodeRange | None = None,
    node_count: Callable[[], int] | None = None, broken_links: Callable[[int], list[tuple[int, str]]] | None = None,
    closing: Callable[[], tuple[int, bytes] | None] | None = None,
) -> Verdict:  # fmt: skip
    """Check a whole log and say what holds.

    `entries` in order of seq; `checkpoints` in order of size; `outside` are the bytes of signed notes from
    elsewhere (NoteError when one cannot be read). The stores pass their own `nodes`, `broken_links` and
    `closing`; see `verify_path`. `progress` is told the number of entries done, once per block.
    """
    keys = [parse_vkey(key) if isinstance(key, str) else key for key in vkeys]
    verdict = Verdict(strict=strict, keys=len(keys))
    run = _Run(verdict, keys, nodes, LinkTable() if strict and broken_links is None else None)
    run.gather_outside(outside)
    try:
        run.walk(entries, checkpoints, progress)
        if node_count is not None and (stray := node_count() - verdict.nodes):
            sentence = f"{stray} stored tree nodes belong to no place in a tree of {run.frontier.size} entries."
            verdict.note(Fault(None, "node.stray", sentence))
        find = broken_links or (run.links.broken_links if run.links else None)
        if find is not None:
            verdict.links = True
            for seq, why in find(MOST_FAULTS + 1):
                verdict.note(Fault(seq, f"link.{why}", f"Entry {seq} {_LINKS[why]}."))
    except (ArchiveError, sqlite3.Error) as error:
        verdict.note(Fault(run.rules.expected, "store.damaged", f"After {run.frontier.size} entries: {error}."))
    run.finish(closing() if closing else None)
    return verdict


class _Run:
    """One verification on its way."""

    def __init__(self, verdict: Verdict, keys: list[Verifier], nodes: NodeRange | None, links: LinkTable | None) -> None:
        self.verdict, self.keys, self.nodes, self.links = verdict, keys, nodes, links
        self.frontier = Frontier()
        self.rules = EntryRules(verdict.note, strict=verdict.strict)
        self.outside: list[Checkpoint] = []
        self.newest: deque[tuple[int, bytes]] = deque(maxlen=NEWEST)
        self.origin: str | None = None

    def gather_outside(self, notes: Iterable[bytes]) -> None:
        for data in notes:
            checkpoint = parse_checkpoint(split_note(data)[0])
            self.outside.append(checkpoint)
            self._check_signature(data, f"The checkpoint from outside at {checkpoint.size} entries", "outside.signature")
        self.outside.sort(key=lambda checkpoint: checkpoint.size)
        self.verdict.outside = len(self.outside)

    def _check_signature(self, data: bytes, which: str, code: str) -> None:
        if not self.keys:
            return
        try:
            open_note(data, self.keys)
            self.verdict.signatures += 1
        except NoteError as error:
            self.verdict.note(Fault(None, code, f"{which}: {error}."))

    def walk(self, entries: Iterable[Stored], checkpoints: Iterable[KeptCheckpoint], progress: Progress | None) -> None:
        stream, kept = iter(entries), self._kept(checkpoints)
        pending = next(kept, None)
        while True:
            size = self.frontier.size
            while pending is not None and pending.size <= size:
                self._compare_kept(pending, size)
                pending = next(kept, None)
            while self.outside and self.outside[0].size <= size:
                self._compare_outside(self.outside.pop(0))
            stops = [each.size - size for each in (pending, self.outside[0] if self.outside else None) if each is not None]
            if not self._block(stream, min([_BLOCK, *stops])):
                break
            if progress is not None:
                progress(self.frontier.size)
        while pending is not None:
            sentence = self._short(pending, "a checkpoint kept beside it")
            self.verdict.note(Fault(None, "checkpoint.truncated", sentence))
            pending = next(kept, None)

    def _block(self, stream: Iterator[Stored], count: int) -> bool:
        """Read and check up to `count` entries; False at the end. Bodies are let go one by one, whatever their size."""
        headers: list[bytes] = []
        digests: list[bytes | None] = []
        columns: list[tuple[bytes, bytes | None]] = []
        add_header, add_digest, first, strict = headers.append, digests.append, self.frontier.size, self.verdict.strict
        try:
            for header, body, said, leaf in islice(stream, count):
                add_header(header)
                add_digest(sha256(body).digest() if type(body) is bytes else None)
                if said is not None:
                    columns.append((said, leaf))
                if strict and isinstance(body, bytes) and (fault := body_fault(first + len(headers) - 1, body)):
                    self.verdict.note(fault)
        finally:
            if headers:
                leaves = [sha256(b"\x00" + header).digest() for header in headers]
                self.verdict.absent += digests.count(None)
                self.rules.judge(headers, digests, leaves, columns)
                self.frontier.extend(leaves, self._compare_nodes if self.nodes else None)
                if self.links is not None:
                    self.links.add(found for found in map(link, headers) if found)
        return bool(headers)

    def _compare_nodes(self, level: int, first: int, hashes: Iterable[bytes]) -> None:
        right = list(hashes)
        assert self.nodes is not None
        for index, value in self.nodes(level, first, len(right)):
            self.verdict.nodes += 1
            if value != right[index - first]:
                sentence = f"The stored tree node over entries {index << level} to {(index + 1 << level) - 1} is not the hash of them."
                self.verdict.note(Fault(index << level, "node.wrong", sentence))

    def _kept(self, checkpoints: Iterable[KeptCheckpoint]) -> Iterator[Checkpoint]:
        """The kept checkpoints that can be read; the others are faults."""
        for number, kept in enumerate(checkpoints, start=1):
            try:
                checkpoint = parse_checkpoint(split_note(kept.note)[0])
            except NoteError as error:
                self.verdict.note(Fault(None, "checkpoint.unreadable", f"Kept checkpoint {number}: {error}."))
                continue
            self.verdict.checkpoints += 1
            if kept.size not in (None, checkpoint.size) or kept.root not in (None, checkpoint.root):
                sentence = f"Kept checkpoint {number}: the columns beside the note do not say what the note says."
                self.verdict.note(Fault(None, "checkpoint.columns", sentence))
            if self.origin is not None and checkpoint.origin != self.origin:
                sentence = f"Kept checkpoint {number} is of {checkpoint.origin}, others are of {self.origin}."
                self.verdict.note(Fault(None, "checkpoint.origin", sentence))
            self.origin = self.origin or checkpoint.origin
            if self.verdict.strict:
                self._check_signature(kept.note, f"Kept checkpoint {number}", "checkpoint.signature")
            else:
                self.newest.append((number, kept.note))
            yield checkpoint

    def _compare_kept(self, checkpoint: Checkpoint, size: int) -> None:
        if checkpoint.size < size:
            sentence = f"The kept checkpoint at {checkpoint.size} entries stands behind a longer one."
            self.verdict.note(Fault(None, "checkpoint.order", sentence))
        elif checkpoint.root != self.frontier.root():
            sentence = (
                f"The first {size} entries have the root {self.frontier.root().hex()}, the kept checkpoint says "
                f"{checkpoint.root.hex()}: an entry among them was changed."
            )
            self.verdict.note(Fault(None, "checkpoint.root", sentence))

    def _compare_outside(self, checkpoint: Checkpoint) -> None:
        if checkpoint.root == self.frontier.root():
            self.verdict.vouched = checkpoint.size
            return
        sentence = (
            f"Fork: the first {checkpoint.size} entries have the root {self.frontier.root().hex()}, the checkpoint of {checkpoint.origin} "
            f"from outside says {checkpoint.root.hex()}. This log was rewritten, or it is not the log the checkpoint was made of."
        )
        self.verdict.note(Fault(None, "outside.fork", sentence))

    def _short(self, checkpoint: Checkpoint, which: str) -> str:
        held, said = self.frontier.size, checkpoint.size
        return f"The log holds {held} entries, but {which} covers {said}: {said - held} entries were cut off, or this is an older copy."

    def finish(self, closing: tuple[int, bytes] | None) -> None:
        """What can only be said at the end: promises longer than the log, signatures, the closing record."""
        verdict = self.verdict
        for checkpoint in self.outside:
            sentence = self._short(checkpoint, f"the checkpoint of {checkpoint.origin} from outside")
            verdict.note(Fault(None, "outside.truncated", sentence))
        for number, data in self.newest:
            self._check_signature(data, f"Kept checkpoint {number}", "checkpoint.signature")
        verdict.size, verdict.root = self.frontier.size, self.frontier.root()
        verdict.log = None if self.rules.log is None else self.rules.log.decode("ascii", "replace")
        if closing is not None and closing != (verdict.size, verdict.root):
            sentence = f"The archive was closed with the root {closing[1].hex()}, its entries have {verdict.root.hex()}."
            verdict.note(Fault(None, "archive.root", sentence))


def open_store(path: Path) -> Archive | Database:
    """The archive or database at `path`. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    if start.startswith(b"SQLite format 3\0"):
        return read_sqlite(path)
    return Archive(path)


def verify_path(
    path: Path, outside: Iterable[bytes] = (), vkeys: Iterable[str | Verifier] = (), strict: bool = False, progress: Progress | None = None
) -> Verdict:
    """Check the log in an archive or a SQLite database. Raises Unreadable when it is neither, NoteError for a bad key or note."""
    store = open_store(path)
    if isinstance(store, Archive):
        return verify_log(store, store.checkpoints(), outside, vkeys, strict, progress, closing=lambda: store.closing)
    with store:
        return verify_log(
            store, store.checkpoints(), outside, vkeys, strict, progress,
            nodes=store.nodes, node_count=store.node_count, broken_links=store.broken_links,
        )  # fmt: skip
