"""Draw the ladder of models: for each model that fits the counts about as well as the best its total with its interval, above them the
averaged interval, and how many are documented, below which no total can lie.

The rule it guards: no model stands alone. The averaged interval is drawn widest and named first; a model's weight is said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import box, figure, frame, key_of, line, tag, words

LEFT, TOP, ROW, RIGHT = 150.0, 44.0, 30.0, 24.0
MOST_ROWS = 24
LETTER = 7.2


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the drawing. `weight` is a share of all, 0 to 1; None for what is no model (an average, a published figure)."""

    label: str
    total: float | None
    low: float | None
    high: float | None
    weight: float | None = None


def draw_ladder(rungs: Sequence[Rung], *, documented: float, title: str, width: float = 720, kind: str = "draw") -> str:
    """The ladder as SVG, the first lines first. Numbers stand on an axis that begins at nought."""
    rungs = rungs[:MOST_ROWS]
    largest = max([documented, *(one.high or one.total or 0.0 for one in rungs)])
    step = _step(largest)
    end = step * (int(largest / step) + 1)
    wide, foot = width - LEFT - RIGHT, TOP + ROW * len(rungs)
    key = key_of("ladder", tuple(rungs), documented, title, width)

    def at(value: float) -> float:
        return LEFT + wide * value / end

    drawn = [words(0, 13, title, kind="b")]
    # On a phone the lines stand closer than their numbers are wide: then only every second or third is named.
    every = ceil((LETTER * len(f"{end:,.0f}") + 8) / (wide * step / end))
    for number in range(round(end / step) + 1):
        value = number * step
        drawn.append(line(f"M{figure(at(value))} {figure(TOP - 8)}V{figure(foot)}", "grid"))
        if number % every == 0:
            drawn.append(words(at(value), foot + 18, f"{value:,.0f}", anchor="middle"))
    for place, one in enumerate(rungs):
        y = TOP + ROW * place + ROW / 2
        drawn.append(words(0, y + 4, one.label, kind="b" if one.weight is None else ""))
        if one.low is not None and one.high is not None:
            tall = 12.0 if one.weight is None else 2.0 + 8.0 * one.weight
            drawn.append(box(at(one.low), y - tall / 2, at(one.high) - at(one.low), tall, "band" if one.weight is None else "bar"))
        if one.total is not None:
            drawn.append(tag("circle", cx=at(one.total), cy=y, r=5, class_="alarm" if one.weight is None else "size"))
    drawn += [
        line(f"M{figure(at(documented))} {figure(TOP - 8)}V{figure(foot)}", "brk"),
        words(at(documented), TOP - 14, _("%(n)s documented") % {"n": f"{documented:,.0f}"}, kind="b lab", anchor="middle"),
    ]
    return frame(drawn, view=(0.0, 0.0, width, foot + 28), title=title, desc=_in_words(rungs, documented), key=key, kind=kind)


def _step(largest: float) -> float:
    """The distance of the lines of the axis: a round number, four to eight of them."""
    size = 1.0
    while True:
        for part in (1.0, 2.0, 5.0):
            if largest / (size * part) <= 7:
                return size * part
        size *= 10


def _in_words(rungs: Sequence[Rung], documented: float) -> str:
    said = [_("At least %(n)s are documented.") % {"n": f"{documented:,.0f}"}]
    for one in rungs:
        if one.total is not None and one.low is not None and one.high is not None:
            said.append(f"{one.label}: {one.total:,.0f} ({one.low:,.0f}–{one.high:,.0f}).")
        elif one.total is not None:
            said.append(f"{one.label}: {one.total:,.0f}.")
    return " ".join(said)
