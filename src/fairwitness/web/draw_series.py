"""What was counted, week by week, above how often anybody looked.

A bar is what was seen; the strip below it is the number of visits that could have seen it. Where nobody was, the column is hatched and
has no bar: zero is not quiet unless somebody was there to look. Where the way of counting changed, a line is drawn through the series,
numbered and explained, because the two sides cannot be compared.
"""

import math
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import box, figure, frame, hatching, key_of, line, tag, words

Point = tuple[str, int | None, int]
"""Label, count (None where there is no figure), visits that looked."""
Break = str | tuple[str, str]
"""The label of the first point counted the new way, and why."""

LEFT, TOP, PLOT, STRIP = 30.0, 30.0, 190.0, 24.0
LETTER = 7.2  # width of a letter at the drawing's size; enough to keep labels apart


def _ceiling(largest: float) -> int:
    """The next round figure, so that the axis carries whole numbers only."""
    for step in (2, 4, 6, 10, 20, 40, 60, 100, 200, 400, 600, 1000, 2000, 4000, 6000, 10000, 100000, 1000000):
        if largest <= step:
            return step
    return int(largest)


class _Sheet:
    """The measures of one drawing: where a column stands and how high a count reaches."""

    def __init__(self, points: Sequence[Point], width: float, ceiling: int) -> None:
        self.points, self.width, self.ceiling = points, width, ceiling
        self.step = (width - LEFT - 6) / len(points)
        self.base = TOP + PLOT
        self.foot = self.base + 8 + STRIP
        self.most_visits = max((visits for _label, _count, visits in points), default=0) or 1

    def left(self, place: int) -> float:
        return LEFT + place * self.step

    def height(self, count: float) -> float:
        return PLOT * count / self.ceiling


def _columns(sheet: _Sheet, hatch: str, alarms: Mapping[str, str]) -> list[str]:
    drawn = []
    gap = 2 if sheet.step > 6 else 1 if sheet.step > 3 else 0
    for place, (label, count, visits) in enumerate(sheet.points):
        x, wide = sheet.left(place) + gap / 2, sheet.step - gap
        if visits == 0 or count is None:
            drawn.append(box(x, TOP, wide, PLOT, fill=f"url(#{hatch})"))
        if visits == 0:
            drawn.append(box(x, sheet.foot - STRIP, wide, STRIP, fill=f"url(#{hatch})"))
        else:
            tall = STRIP * visits / sheet.most_visits
            drawn.append(box(x, sheet.foot - tall, wide, tall, "cov"))
        if count:
            tall = sheet.height(count)
            drawn.append(box(x, sheet.base - tall, wide, tall, "alarmbar" if label in alarms else "bar"))
        elif count == 0 and visits and sheet.step >= 12:
            drawn.append(words(x + wide / 2, sheet.base - 4, "0", anchor="middle"))
        if label in alarms:
            middle, height = x + wide / 2, sheet.base - sheet.height(count or 0) - 13
            drawn.append(tag("circle", cx=middle, cy=height, r=9, class_="alarm"))
            drawn.append(words(middle, height + 4.5, alarms[label], kind="b", anchor="middle"))
    return drawn


def _axis(sheet: _Sheet) -> list[str]:
    drawn = []
    for value in (0, sheet.ceiling // 2, sheet.ceiling):
        y = sheet.base - sheet.height(value)
        drawn.append(line(f"M{figure(LEFT)} {figure(y)}H{figure(sheet.width - 6)}", "grid"))
        drawn.append(words(LEFT - 6, y + 4, str(value), anchor="end"))
    for y in (sheet.base, sheet.foot):
        drawn.append(line(f"M{figure(LEFT)} {figure(y)}H{figure(sheet.width - 6)}", "ax"))
    return drawn


def _dates(sheet: _Sheet) -> list[str]:
    """As many labels as fit side by side; the first always, the last only where it does not touch its neighbour."""
    longest = max(len(label) for label, _count, _visits in sheet.points) * LETTER + 12
    every = max(1, math.ceil(longest / sheet.step))
    drawn = []
    for place in range(0, len(sheet.points), every):
        x = sheet.left(place)
        if x + longest - 12 > sheet.width and place:
            break
        drawn.append(line(f"M{figure(x)} {figure(sheet.foot)}v5", "ax"))
        drawn.append(words(x, sheet.foot + 18, sheet.points[place][0]))
    return drawn


def _breaks(sheet: _Sheet, breaks: Sequence[Break], below: float) -> list[str]:
    labels = [label for label, _count, _visits in sheet.points]
    drawn = []
    for number, given in enumerate(breaks, 1):
        label, why = given if isinstance(given, tuple) else (given, _("counted differently from here on"))
        if label not in labels:
            raise ValueError(f"The series has no point “{label}”, so it cannot break there. Name one of its labels.")
        x = sheet.left(labels.index(label))
        drawn.append(line(f"M{figure(x)} {figure(TOP - 6)}V{figure(sheet.foot)}", "brk"))
        drawn.append(words(x + 4, TOP - 1, str(number), kind="b lab"))
        drawn.append(words(LEFT, below + 16 * number, _("%(number)d: from %(at)s, %(why)s") % {"number": number, "at": label, "why": why}))
    return drawn


def _in_words(points: Sequence[Point], breaks: Sequence[Break]) -> str:
    counted = [count for _label, count, _visits in points if count is not None]
    nobody = sum(1 for _label, _count, visits in points if visits == 0)
    said = [
        _("From %(first)s to %(last)s: %(total)d in all, %(most)d at most.")
        % {"first": points[0][0], "last": points[-1][0], "total": sum(counted), "most": max(counted, default=0)},
        _("Nobody looked in %(nobody)d of %(all)d.") % {"nobody": nobody, "all": len(points)},
    ]
    said += [_("The way of counting changed at %(at)s.") % {"at": b if isinstance(b, str) else b[0]} for b in breaks]
    return " ".join(said)


def series(
    points: Sequence[Point],
    breaks: Sequence[Break] = (),
    *,
    title: str,
    desc: str = "",
    alarms: Mapping[str, str] | None = None,
    band: Sequence[tuple[float, float]] = (),
    width: float = 1100,
    kind: str = "draw",
) -> str:
    """Draw one series with its coverage. `alarms` maps a label to its letter; `band` gives what was expected, low and high, per point."""
    if not points:
        raise ValueError("A series needs at least one point. Say on the page that nothing was counted instead of drawing it.")
    if band and len(band) != len(points):
        raise ValueError(f"The expected band has {len(band)} values for {len(points)} points; give one for each.")
    for label, count, visits in points:
        if (count or 0) < 0 or visits < 0:
            raise ValueError(f"“{label}” has a figure below zero.")
    largest = max([count or 0 for _label, count, _visits in points] + [high for _low, high in band])
    sheet = _Sheet(points, width, _ceiling(largest))
    key = key_of("series", tuple(points), tuple(breaks), title, width)
    expected = []
    for place, (low, high) in enumerate(band):
        top, tall = sheet.base - sheet.height(high), sheet.height(high - low)
        expected.append(box(sheet.left(place), top, sheet.step, tall, "band"))
    below = sheet.foot + 36
    content = [
        hatching(f"{key}h"),
        *expected,
        *_axis(sheet),
        *_columns(sheet, f"{key}h", alarms or {}),
        *_dates(sheet),
        words(LEFT, 13, title, kind="b"),
        words(LEFT, below, _("Lower strip: visits that looked; hatched: nobody went")),
        *_breaks(sheet, breaks, below),
    ]
    view = (0.0, 0.0, width, below + 8 + 16 * len(breaks))
    return frame(content, view=view, title=title, desc=desc or _in_words(points, breaks), key=key, kind=kind)


def series_for_any_screen(
    points: Sequence[Point], breaks: Sequence[Break] = (), *, title: str, alarms: Mapping[str, str] | None = None,
    band: Sequence[tuple[float, float]] = (), width: float = 1100,
) -> str:  # fmt: skip
    """The series twice: whole for a desk, its last 26 points for a phone, where the letters would otherwise shrink."""
    last = points[-26:]
    kept = {label for label, _count, _visits in last}
    near = [b for b in breaks if (b if isinstance(b, str) else b[0]) in kept]
    wide = series(points, breaks, title=title, alarms=alarms, band=band, width=width, kind="draw wide")
    return wide + series(last, near, title=title, alarms=alarms, band=band[-26:], width=358, kind="draw narrow")


def strip(days: Sequence[tuple[str, bool | None]], *, title: str, width: float = 358) -> str:
    """A row of days: filled where we were, empty where we looked and found the door shut or nothing, hatched where nobody went.

    `True` means there, `False` means tried without access, `None` means nobody went.
    """
    if not days:
        raise ValueError("A strip needs at least one day.")
    key = key_of("strip", tuple(days), title)
    step = width / len(days)
    drawn = [hatching(f"{key}h")]
    for place, (label, there) in enumerate(days):
        kind = "box yes" if there else "box"
        cell = box(place * step + 1, 1, step - 3, 24, kind)
        if there is None:
            cell += box(place * step + 1, 1, step - 3, 24, fill=f"url(#{key}h)")
        drawn.append(cell)
        if step >= len(label) * LETTER:
            drawn.append(words(place * step + step / 2 - 0.5, 41, label, anchor="middle"))
    counts = [sum(1 for _label, there in days if there is state) for state in (True, False, None)]
    desc = _("There on %(yes)d, tried without access on %(no)d, nobody went on %(none)d.") % dict(
        zip(("yes", "no", "none"), counts, strict=True)
    )
    return frame(drawn, view=(0, 0, width, 46), title=title, desc=desc, key=key, kind="draw days-strip")
