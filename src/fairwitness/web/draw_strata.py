"""Draw an estimate period by period: what is documented as the solid part of a column, the total above it, and how far it may be off.

The rule it guards: a column begins with what is documented, and its whisker never falls below it. A period too small to be told stands
hatched, without a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import box, figure, frame, hatching, key_of, line, tag, words

TOP, HIGH, FOOT, LEFT = 26.0, 190.0, 24.0, 46.0
LABEL = 62.0
SPREAD = 1.96
"""Standard errors to each side of a total: the interval that holds 95 in 100."""


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its first day, how many are documented, the total and its standard error. All None: too few to be told."""

    begins: date
    documented: int | None = None
    total: int | None = None
    error: int | None = None

    @property
    def interval(self) -> tuple[int, int] | None:
        """Two standard errors to each side, never below what is documented; None where no error was stated."""
        if self.total is None or self.error is None or self.documented is None:
            return None
        return max(self.documented, round(self.total - SPREAD * self.error)), round(self.total + SPREAD * self.error)


def draw_strata(periods: Sequence[Period], *, title: str, width: float = 720, kind: str = "draw") -> str:
    """The periods as columns, first to last, on an axis that begins at nought."""
    key = key_of("strata", tuple(periods), title, width)
    most = max([1, *((one.interval or (0, one.total or 0))[1] for one in periods)])
    step = _step(most)
    end = step * ceil(most / step)
    wide = (width - LEFT) / len(periods)

    def at(value: float) -> float:
        return TOP + HIGH * (1 - value / end)

    drawn = [hatching(key), words(0, 13, title, kind="b")]
    for value in range(0, end + 1, step):
        drawn += [line(f"M{figure(LEFT)} {figure(at(value))}H{figure(width)}", "grid"),
                  words(LEFT - 6, at(value) + 4, f"{value:,}", anchor="end")]  # fmt: skip
    every = ceil(LABEL / wide)
    for place, one in enumerate(periods):
        left = LEFT + wide * place
        drawn += _column(one, left + wide * 0.2, wide * 0.6, at, key)
        if place % every == 0:
            drawn.append(words(left + wide / 2, TOP + HIGH + 17, date_format(one.begins, "MONTH_DAY_FORMAT"), anchor="middle"))
    return frame(drawn, view=(0.0, 0.0, width, TOP + HIGH + FOOT), title=title, desc=_in_words(periods), key=key, kind=kind)


def _column(one: Period, left: float, wide: float, at: object, key: str) -> list[str]:
    assert callable(at)
    if one.documented is None or one.total is None:
        return [box(left, at(0) - 14, wide, 14, "nobody", fill=f"url(#{key})")]
    middle = figure(left + wide / 2)
    drawn = [box(left, at(one.total), wide, at(one.documented) - at(one.total), "band"),
             box(left, at(one.documented), wide, at(0) - at(one.documented), "bar")]  # fmt: skip
    if one.interval:
        low, high = one.interval
        drawn.append(line(f"M{middle} {figure(at(low))}V{figure(at(high))}", "brk"))
    drawn.append(tag("circle", cx=left + wide / 2, cy=at(one.total), r=min(4.0, wide / 2), class_="alarm"))
    return drawn


def _step(most: int) -> int:
    """The distance of the lines of the axis: a round number, at most six of them."""
    size = 1
    while True:
        for part in (1, 2, 5):
            if most / (size * part) <= 6:
                return size * part
        size *= 10


def _in_words(periods: Sequence[Period]) -> str:
    told = [one for one in periods if one.documented is not None and one.total is not None]
    highest = max(told, key=lambda one: one.total or 0)
    return _("%(n)s periods. The most, in the period from %(day)s: %(documented)s documented, %(total)s estimated.") % {
        "n": len(periods), "day": date_format(highest.begins, "DATE_FORMAT"),
        "documented": f"{highest.documented:,}", "total": f"{highest.total:,}",
    }  # fmt: skip
