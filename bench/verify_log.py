"""How long verifying a log takes, against the time a single SHA-256 takes to run over the same file.

Makes an archive of invented entries (or uses one made before), then measures both in turn, so that a
busy machine slows both alike. Prints the medians, their ratio and the highest memory use of this process
(a run that also makes the file needs a little more than one that finds it). The limit it guards: eight
times; exit code 1 when it is passed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from fairwitness.record.ledger.archive import write_archive
from fairwitness.record.ledger.entry import Header, body_bytes, commitment, stamp, uuid7
from fairwitness.record.ledger.stored import Stored
from fairwitness.record.ledger.verify import verify_path

LIMIT = 8.0
_WORDS = ("patrol", "road", "school", "council", "meeting", "language", "return", "property", "report", "officer", "bridge", "court")


def invented(count: int) -> Iterator[Stored]:
    """`count` entries of about the size a field office writes: headers near 490 bytes, bodies near 550."""
    dice = random.Random(20100226)
    log, start = str(uuid7()), datetime(2010, 2, 26, 8, tzinfo=UTC)
    last: dict[str, str] = {}
    subjects = [str(uuid7()) for _ in range(max(1, count // 4))]
    members = [str(uuid7()) for _ in range(40)]
    for seq in range(count):
        moment = start + timedelta(seconds=seq * 7)
        body = body_bytes(
            {
                "occurred": {"from": stamp(moment - timedelta(hours=3)), "precision": "hour", "zone": "Europe/Belgrade"},
                "place": f"XK-{dice.randrange(38):02d}",
                "means": "seen",
                "text": " ".join(dice.choices(_WORDS, k=56)),
                "count": dice.randrange(40),
            }
        )
        subject, entry = dice.choice(subjects), str(uuid7())
        header = Header(
            log=log, seq=seq, entry=entry, kind="monitor.observation", schema=1, verb="observation.receive", member=dice.choice(members),
            door="phone", at=stamp(moment), subject=subject, prev=last.get(subject), recorded=stamp(moment + timedelta(minutes=4)),
            body=commitment(body),
        )  # fmt: skip
        last[subject] = entry
        yield header.to_bytes(), body, None, None


def stream(path: Path) -> None:
    """One SHA-256 over the file, in pieces of a mebibyte."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            running.update(piece)
    running.digest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200_000, help="number of entries")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help="archive to make or to use again")
    given = parser.parse_args()
    path = given.file or Path(tempfile.gettempdir()) / f"fairwitness-bench-{os.getuid()}-{given.n}.archive"
    if not path.exists():
        write_archive(path, invented(given.n))
    plain, whole = [], []
    for _ in range(given.rounds):
        began = time.perf_counter()
        stream(path)
        between = time.perf_counter()
        verdict = verify_path(path)
        whole.append(time.perf_counter() - between)
        plain.append(between - began)
        if not verdict.clean or verdict.size != given.n:
            print("\n".join(verdict.sentences()))
            return 1
    one, other = statistics.median(plain), statistics.median(whole)
    ratio, size = other / one, path.stat().st_size
    print(f"{given.n} entries, {size / 1e6:.0f} MB ({size / given.n:.0f} bytes each), Python {sys.version.split()[0]}")
    print(f"SHA-256 of the file {one:.3f} s ({size / one / 1e9:.2f} GB/s)")
    print(f"verify_log {other:.3f} s ({other / given.n * 1e6:.2f} microseconds each)")
    print(f"ratio {ratio:.1f} (limit {LIMIT:.0f}), highest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
