"""What this room answers: when the store is erased, the index of words is made again from what can still be read.

The rule it guards: no word, and no token of a word, outlives the key that closed it.
"""

from __future__ import annotations

from fairwitness.record.erase import on_erase


@on_erase
def make_index_again() -> None:
    """Make the index again from the rows."""
    from fairwitness.mission.index import rebuild

    rebuild()
