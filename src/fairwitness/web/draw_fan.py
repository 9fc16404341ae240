"""Draw what may come: the weeks behind as bars above how often anybody looked, then for each week ahead where it may end.

The dark box holds half of such weeks, the light one nine in ten; the rule it guards is that no single figure is drawn for a week that has
not been. Where a few weeks stand far above the rest, the axis is drawn in, and the drawing says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import box, figure, frame, hatching, key_of, line, words
from fairwitness.web.draw_series import Point

LEFT, TOP, PLOT, STRIP = 34.0, 50.0, 190.0, 24.0
LETTER = 7.2
THIN = 4.0
"""The height of an interval that holds one number alone; it must be seen."""
ROUND = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
LONG_TAIL = 5
"""How many times the middle one the highest stands above it before the axis is drawn in."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """One week that has not been: its label and the ends of the inner (50 %) and the outer (90 %) interval."""

    label: str
    inner: tuple[float, float]
    outer: tuple[float, float]


class _Sheet:
    """The measures of one drawing: where a week stands, how high a count reaches."""

    def __init__(self, past: Sequence[Point], ahead: Sequence[Ahead], width: float) -> None:
        self.past, self.ahead, self.width = past, ahead, width
        self.wide = max(max(len(_ends(one.outer)) for one in ahead) * LETTER + 8, width / 18)
        self.turn = width - 6 - self.wide * len(ahead)
        self.step = (self.turn - LEFT) / len(past)
        highest = max([count or 0 for _label, count, _visits in past] + [one.outer[1] for one in ahead] + [1.0])
        self.top = next((one for one in ROUND if one >= highest), highest)
        some = sorted([count for _label, count, _visits in past if count] + [one.outer[1] for one in ahead if one.outer[1]])
        self.drawn_in = bool(some) and self.top > 10 and highest >= LONG_TAIL * some[len(some) // 2]
        self.base = TOP + PLOT
        self.foot = self.base + 8 + STRIP
        self.most_visits = max((visits for _label, _count, visits in past), default=0) or 1

    def height(self, count: float) -> float:
        return PLOT * (math.log1p(count) / math.log1p(self.top) if self.drawn_in else count / self.top)

    def steps(self) -> list[float]:
        """The figures beside the axis."""
        if not self.drawn_in:
            return [0, self.top / 2, self.top] if self.top % 2 == 0 else [0, self.top]
        kept = [0.0]
        for one in [*(float(one) for one in ROUND if one < self.top), float(self.top)]:
            if self.height(one) - self.height(kept[-1]) >= 22:
                kept.append(one)
        return kept


def _ends(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{low:.0f}–{high:.0f}" if high > low else f"{low:.0f}"


def _axis(sheet: _Sheet) -> list[str]:
    drawn = []
    for value in sheet.steps():
        y = sheet.base - sheet.height(value)
        drawn.append(line(f"M{figure(LEFT)} {figure(y)}H{figure(sheet.width - 6)}", "grid"))
        drawn.append(words(LEFT - 6, y + 4, f"{value:.0f}", anchor="end"))
    drawn.append(line(f"M{figure(LEFT)} {figure(sheet.base)}H{figure(sheet.width - 6)}", "ax"))
    drawn.append(line(f"M{figure(LEFT)} {figure(sheet.foot)}H{figure(sheet.turn)}", "ax"))
    return drawn


def _behind(sheet: _Sheet, hatch: str) -> list[str]:
    drawn = []
    gap = 2 if sheet.step > 6 else 1 if sheet.step > 3 else 0
    for place, (_label, count, visits) in enumerate(sheet.past):
        x, wide = LEFT + place * sheet.step + gap / 2, sheet.step - gap
        if count is None:
            drawn.append(box(x, TOP, wide, PLOT, fill=f"url(#{hatch})"))
            drawn.append(box(x, sheet.foot - STRIP, wide, STRIP, fill=f"url(#{hatch})"))
            continue
        if visits:
            tall = STRIP * visits / sheet.most_visits
            drawn.append(box(x, sheet.foot - tall, wide, tall, "cov"))
        if count:
            drawn.append(box(x, sheet.base - sheet.height(count), wide, sheet.height(count), "bar"))
    return drawn


def _fan(sheet: _Sheet) -> list[str]:
    drawn = []
    for place, one in enumerate(sheet.ahead):
        x = sheet.turn + place * sheet.wide
        for (low, high), kind in ((one.outer, "band"), (one.outer, "mid"), (one.inner, "cov")):
            inset = 6.0 if kind == "cov" else 2.0
            tall = max(sheet.height(high) - sheet.height(low), THIN)
            drawn.append(box(x + inset, sheet.base - sheet.height(low) - tall, sheet.wide - 2 * inset, tall, kind))
        top = sheet.base - max(sheet.height(one.outer[1]), sheet.height(one.outer[0]) + THIN)
        drawn.append(words(x + sheet.wide / 2, top - 6, _ends(one.outer), kind="b lab", anchor="middle"))
    return drawn


def _dates(sheet: _Sheet) -> list[str]:
    """The first week and the last one behind, where both fit, and each week ahead by its number from here."""
    first, last = sheet.past[0][0], sheet.past[-1][0]
    drawn = [words(LEFT, sheet.foot + 18, first)]
    if sheet.turn - LEFT > (len(first) + len(last)) * LETTER + 24:
        drawn.append(words(sheet.turn - 4, sheet.foot + 18, last, anchor="end"))
    for place, one in enumerate(sheet.ahead):
        if len(one.label) * LETTER < sheet.wide:
            drawn.append(words(sheet.turn + (place + 0.5) * sheet.wide, sheet.base + 18, one.label, anchor="middle"))
        else:
            drawn.append(words(sheet.turn + (place + 0.5) * sheet.wide, sheet.base + 18, f"+{place + 1}", anchor="middle"))
    return drawn


def _in_words(past: Sequence[Point], ahead: Sequence[Ahead]) -> str:
    counted = [count for _label, count, _visits in past if count is not None]
    said = [
        _("From %(first)s to %(last)s: %(total)d in all, %(most)d at most.")
        % {"first": past[0][0], "last": past[-1][0], "total": sum(counted), "most": max(counted, default=0)},
        _("Nobody looked in %(nobody)d of %(all)d.") % {"nobody": len(past) - len(counted), "all": len(past)},
    ]
    said += [
        _("%(week)s: half of such weeks %(inner)s, nine in ten %(outer)s.")
        % {"week": one.label, "inner": _ends(one.inner), "outer": _ends(one.outer)}
        for one in ahead
    ]
    return " ".join(said)


def fan(past: Sequence[Point], ahead: Sequence[Ahead], *, title: str, width: float = 1100, kind: str = "draw") -> str:
    """Draw the weeks behind and the fan. A past week's count is None where nobody looked."""
    if not past or not ahead:
        raise ValueError("A fan needs weeks behind and weeks ahead. Say on the page why there is no forecast instead of drawing it.")
    for one in ahead:
        if not 0 <= one.outer[0] <= one.outer[1] or not 0 <= one.inner[0] <= one.inner[1]:
            raise ValueError(f"An interval of “{one.label}” ends before it begins, or below nought.")
    sheet = _Sheet(past, ahead, width)
    key = key_of("fan", tuple(past), tuple(ahead), title, width)
    content = [
        hatching(f"{key}h"), *_axis(sheet), *_behind(sheet, f"{key}h"), *_fan(sheet), *_dates(sheet),
        line(f"M{figure(sheet.turn)} {figure(TOP - 14)}V{figure(sheet.foot)}", "brk"),
        words(LEFT, 13, title, kind="b"),
        words(sheet.turn + 4, TOP - 18, _("may come"), kind="b lab"),
    ]  # fmt: skip
    if sheet.drawn_in:
        content.append(words(LEFT, TOP - 18, _("high counts drawn in")))
    return frame(content, view=(0.0, 0.0, width, sheet.foot + 26), title=title, desc=_in_words(past, ahead), key=key, kind=kind)


def fan_for_any_screen(past: Sequence[Point], ahead: Sequence[Ahead], *, title: str, short: str) -> str:
    """The fan twice: with a year behind it for a desk, with a quarter for a phone, under a shorter title."""
    return fan(past[-52:], ahead, title=title, kind="draw wide") + fan(past[-13:], ahead, title=short, width=358, kind="draw narrow")
