"""Place labels: write names and figures on a map where there is room, and leave out what would cover something else.

A map that prints every name prints none. What is left out stands in the table under the map and in the name of its link.
Pure: boxes on a sheet; letters are taken as so wide as they are in the widest of our faces. Each name is tried under, over and
beside its place, or on it where no symbol stands there. The rule it guards: no label lies on a figure or on another label, and none
leaves the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

LETTER = 0.58
"""The width of a letter, as a part of the height of the text."""
LINE = 1.15

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text: `x` is where they are anchored, `y` the foot of the first line."""

    x: float
    y: float
    lines: tuple[str, ...]
    anchor: str
    box: Box


@dataclass(slots=True)
class Room:
    """What is still free on a sheet."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether nothing lies there yet and it is on the sheet."""
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        return not any(left < r and right > x and top < b and bottom > y for x, y, r, b in self.taken)

    def take(self, box: Box) -> None:
        """Keep it for what lies there."""
        self.taken.append(box)

    def place(self, x: float, y: float, away: float, text: str, size: float) -> Label | None:
        """A label `away` from the middle of its place (on it, where that is nothing); None where there is no room."""
        lines = broken(text)
        apart = size * 0.12
        for label in _tried(x, y, away, lines, size):
            left, top, right, bottom = label.box
            if self.free((left, top - apart, right, bottom + apart)):
                self.take(label.box)
                return label
        return None


def broken(text: str) -> tuple[str, ...]:
    """Names in several languages, one under the other; a line breaks only after a stroke."""
    parts = text.split("/")
    return tuple([f"{part}/" for part in parts[:-1]] + parts[-1:])


def around(x: float, y: float, radius: float) -> Box:
    """The box around a circle."""
    return x - radius, y - radius, x + radius, y + radius


def _tried(x: float, y: float, away: float, lines: tuple[str, ...], size: float) -> Iterable[Label]:
    wide, tall, gap = max(len(line) for line in lines) * LETTER * size, len(lines) * LINE * size, size * 0.25
    below, over, level = y + away + gap, y - away - gap - tall, y - tall / 2
    foot = size * 0.85
    if not away:
        yield Label(x, level + foot, lines, "middle", (x - wide / 2, level, x + wide / 2, level + tall))
    yield Label(x, below + foot, lines, "middle", (x - wide / 2, below, x + wide / 2, below + tall))
    yield Label(x, over + foot, lines, "middle", (x - wide / 2, over, x + wide / 2, over + tall))
    yield Label(x + away + gap, level + foot, lines, "start", (x + away + gap, level, x + away + gap + wide, level + tall))
    yield Label(x - away - gap, level + foot, lines, "end", (x - away - gap - wide, level, x - away - gap, level + tall))
