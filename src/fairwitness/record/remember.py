"""Remember: what changes seldom is read once, and read again as soon as the log says that it changed.

Who holds which right, how a place is called, where a unit stands: every page asks for them, and they change on few days of a
year. Nothing kept changes without an entry, so the end of the log tells whether what is remembered still holds: one small
question, the same for every process of the node, and no time during which an old right would go on working. The rules it guards:
inside a transaction nothing is recalled and nothing remembered, because what is not yet on record may still be undone; and who
recalls something never changes it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar, cast

from django.db import connection

from fairwitness.record.kept import Kept

MOST = 4096
"""How many things a process remembers; what was recalled longest ago goes first."""
T = TypeVar("T")


class _Memory:
    """What one process remembers of one database, and up to which entry it has looked."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.end = -1
        self.values: OrderedDict[Hashable, tuple[frozenset[str], Any]] = OrderedDict()

    def look(self) -> int:
        """Drop what the log says has changed since the last look; where the log ends now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(seq) FROM record_entry")
            end = int(cursor.fetchone()[0] or 0)
            with self.lock:
                before, anything = self.end, bool(self.values)
                if not anything:  # nothing can be out of date: a process that starts does not read the whole log
                    self.end = end
            if end == before or not anything:
                return end
            cursor.execute("SELECT DISTINCT kind FROM record_entry WHERE seq > %s AND seq <= %s", [before, end])
            changed = {kind for (kind,) in cursor.fetchall()}
        with self.lock:
            if end < self.end:  # another log than before, or another thread has looked further in the meantime
                changed = {kind for kinds, _ in self.values.values() for kind in kinds}
            for name in [name for name, (kinds, _) in self.values.items() if kinds & changed]:
                del self.values[name]
            self.end = end
        return end

    def get(self, name: Hashable) -> Any:
        """What is remembered under a name, as a tuple of one; empty where nothing is."""
        with self.lock:
            found = self.values.get(name)
            if found is None:
                return ()
            self.values.move_to_end(name)
            return (found[1],)

    def put(self, name: Hashable, kinds: frozenset[str], value: Any, end: int) -> None:
        """Remember, unless the log was looked at again while the value was read: then it may be older than it seems."""
        with self.lock:
            if self.end != end:
                return
            self.values[name] = (kinds, value)
            while len(self.values) > MOST:
                self.values.popitem(last=False)


_memories: dict[str, _Memory] = {}
_looked: ContextVar[dict[str, int] | None] = ContextVar("fairwitness_looked", default=None)


@contextmanager
def look_once() -> Iterator[None]:
    """For the time of one page that is only read: the log is looked at once, and the page stands as of that moment."""
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)


def recall(name: Hashable, of: tuple[type[Kept], ...], make: Callable[[], T]) -> T:
    """What `make` returns: from memory, while nothing of the kinds `of` has changed on record since it was made.

    `name` is unique in the process (begin it with the name of the module). The value must not be changed by whoever gets it,
    except that a dict may be filled with more of the same kind.
    """
    if connection.in_atomic_block:
        return make()
    where = str(connection.settings_dict["NAME"])
    memory, looked = _memories.setdefault(where, _Memory()), _looked.get()
    if looked is None:
        end = memory.look()
    else:
        end = looked[where] if where in looked else looked.setdefault(where, memory.look())
    for found in memory.get(name):
        return cast("T", found)
    value = make()
    memory.put(name, frozenset(model.kind_on_record() for model in of), value, end)
    return value
