"""Where something was: the sector an observer gave, drawn around where she stood. (Maps of the country are drawn by `draw_map`.)

An observer on a bridge says "one to two kilometres, south to south-south-west"; that is a sector and is drawn as one.
A pin would claim a precision nobody had.
The rule guarded here: what was not given is said in words (distance not known, direction not known) and never guessed.
"""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import figure, frame, key_of, line, tag, words

WINDS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
HALF_WIND = 11.25
CENTRE, REACH = 160.0, 112.0

Bearing = str | tuple[float, float]


def arc_of(bearing: Bearing) -> tuple[float, float]:
    """The two edges of a bearing in degrees: a wind is 22.5 degrees wide; a pair ("170-215") is taken as given, clockwise."""
    if isinstance(bearing, str):
        wind = bearing.strip().upper()
        if wind in WINDS:
            middle = WINDS.index(wind) * 2 * HALF_WIND
            return middle - HALF_WIND, middle + HALF_WIND
        left, dash, right = bearing.replace("–", "-").replace("°", "").partition("-")
        try:
            low, high = float(left), float(right if dash else "none")
        except ValueError:
            raise ValueError(f"“{bearing}” is no bearing. Give one of the 16 winds (SSW) or two degrees (170-215).") from None
    else:
        low, high = bearing
    if not (0 <= low <= 360 and 0 <= high <= 360):
        raise ValueError(f"The bearing {low:g}-{high:g} leaves the compass. Degrees run from 0 to 360.")
    return low, high if high > low else high + 360


def name_of(bearing: Bearing) -> str:
    if isinstance(bearing, str) and bearing.strip().upper() in WINDS:
        return bearing.strip().upper()
    low, high = arc_of(bearing)
    return f"{low:g}–{high % 360 or 360:g}°"


def distance(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def range_in_words(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return _("distance not known")
    if high is None:
        return _("at least %(far)s, how far not known") % {"far": distance(low or 0)}
    if not low:
        return _("up to %(far)s") % {"far": distance(high)}
    return _("%(near)s to %(far)s") % {"near": distance(low), "far": distance(high)}


def _at(degrees: float, radius: float) -> tuple[float, float]:
    turn = math.radians(degrees)
    return CENTRE + radius * math.sin(turn), CENTRE - radius * math.cos(turn)


def _wedge(low: float, high: float, inner: float, outer: float) -> str:
    large = int(high - low > 180)
    corners = [_at(low, outer), _at(high, outer), _at(high, inner), _at(low, inner)]
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = [(figure(x), figure(y)) for x, y in corners]
    out = f"M{ax} {ay}A{figure(outer)} {figure(outer)} 0 {large} 1 {bx} {by}"
    if inner <= 0:
        return f"{out}L{figure(CENTRE)} {figure(CENTRE)}z"
    return f"{out}L{cx} {cy}A{figure(inner)} {figure(inner)} 0 {large} 0 {dx} {dy}z"


def _free_side(arcs: Sequence[tuple[float, float]]) -> float:
    """The direction farthest from every sector: there the distances can be read."""
    middles = [(low + high) / 2 for low, high in arcs]
    sides = [60.0, 120.0, 240.0, 300.0]
    return max(sides, key=lambda side: min((abs((side - m + 180) % 360 - 180) for m in middles), default=0))


def _reading(low: float | None, high: float | None, inner: float, arcs: Sequence[tuple[float, float]]) -> list[str]:
    """The distances written on their rings, on the side no sector covers."""
    marks, side = [], _free_side(arcs)
    for metres, radius in ((low, inner), (high, REACH)):
        if metres:
            x, y = _at(side, radius)
            marks.append(words(x, y + 4, distance(metres), kind="lab", anchor="middle"))
    return marks


def sector(range_low_m: float | None, range_high_m: float | None, bearings: Sequence[Bearing], label: str) -> str:
    """Draw from where the observer stood what she could say about the place: one sector for each bearing she gave."""
    if range_low_m is not None and range_high_m is not None and range_low_m > range_high_m:
        raise ValueError(f"The near edge ({range_low_m:g} m) lies beyond the far edge ({range_high_m:g} m). Swap them.")
    if any(metres is not None and metres < 0 for metres in (range_low_m, range_high_m)):
        raise ValueError("A distance cannot be below zero.")
    arcs = [arc_of(bearing) for bearing in bearings]
    kind = "sector" if range_high_m else "sector open"
    inner = REACH * (range_low_m or 0) / range_high_m if range_high_m else REACH * 0.55 if range_low_m else 0.0
    if range_high_m and inner > REACH * 0.97:
        inner = REACH * 0.97  # an exact range still needs a band the eye can find
    how_far = range_in_words(range_low_m, range_high_m)
    direction = ", ".join(name_of(bearing) for bearing in bearings) if bearings else _("direction not known")
    rings = [tag("circle", cx=CENTRE, cy=CENTRE, r=radius, class_="grid") for radius in {inner, REACH} if radius > 0]
    wedges = [line(_wedge(low, high, inner, REACH), kind) for low, high in arcs]
    if not arcs and (range_low_m or range_high_m):
        wedges = [line(_wedge(0, 359.99, inner, REACH), "sector open")]
    names = []
    for bearing, (low, high) in zip(bearings, arcs, strict=True):
        x, y = _at((low + high) / 2, REACH + 20)
        names.append(words(x, y + 4, name_of(bearing), kind="b lab", anchor="middle"))
    north_taken = any(low <= turn <= high for low, high in arcs for turn in (0, 360))
    north = [] if north_taken else [line("M160 38v-24M154 21l6-9 6 9", "ax"), words(171, 22, "N")]
    south = any(90 < (low + high) / 2 % 360 < 270 for low, high in arcs)
    here = [
        tag("circle", cx=CENTRE, cy=CENTRE, r=4, class_="here"),
        words(CENTRE, CENTRE - 12 if south else CENTRE + 20, label, kind="b lab", anchor="middle"),
    ]
    below = words(CENTRE, 312, f"{how_far}; {direction}" if bearings else f"{how_far}, {direction}", anchor="middle")
    title = _("Sector seen from %(place)s") % {"place": label}
    desc = _("From %(place)s: %(range)s; %(direction)s.") % {"place": label, "range": how_far, "direction": direction}
    key = key_of("sector", range_low_m, range_high_m, tuple(bearings), label)
    reading = _reading(range_low_m, range_high_m, inner, arcs)
    return frame([*rings, *wedges, *north, *reading, *names, *here, below], view=(0, 0, 320, 322), title=title, desc=desc, key=key)
