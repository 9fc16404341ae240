"""Draw a series of published figures: bars, ranges as outlines, and a numbered line wherever the way of counting changed.

The rule it guards: no line joins figures across a break, and a year without a figure is a gap that says so, not a nought. (What the mission
itself counted is drawn with its coverage by `draw.series`; a published figure has no visits of ours beside it.)
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import box, frame, hatching, key_of, line, words

Bar = tuple[str, int | None, int | None]
"""Label, low, high; None where nothing was published."""
LEFT, TOP, TALL = 34.0, 30.0, 180.0


def draw_figures(bars: Sequence[Bar], breaks: Sequence[tuple[str, str]], *, title: str, width: float = 720) -> str:
    """One series of one body, as SVG."""
    largest = max((high or low or 0 for _label, low, high in bars), default=0) or 1
    step, base = (width - LEFT - 6) / max(1, len(bars)), TOP + TALL
    key = key_of("figures", tuple(bars), tuple(breaks), title)
    drawn = [hatching(f"{key}h"), words(LEFT, 13, title, kind="b"), line(f"M{LEFT} {base}H{width - 6:.0f}", "ax")]
    for place, (label, low, high) in enumerate(bars):
        wide = min(step * 0.7, 64.0)
        x = LEFT + place * step + (step - wide) / 2
        if low is None:
            drawn += [box(x, TOP, wide, TALL, fill=f"url(#{key}h)"), words(x + wide / 2, base + 18, label, anchor="middle")]
            continue
        tall, most = TALL * low / largest, TALL * (high or low) / largest
        if most > tall:
            drawn.append(box(x, base - most, wide, most - tall, "box"))
        drawn.append(box(x, base - tall, wide, tall, "bar"))
        said = f"{low}" if high in (None, low) else f"{low}–{high}"
        drawn += [
            words(x + wide / 2, base - max(most, tall) - 5, said, kind="b lab", anchor="middle"),
            words(x + wide / 2, base + 18, label, anchor="middle"),
        ]
    labels = [label for label, _low, _high in bars]
    for number, (label, why) in enumerate(breaks, 1):
        x = LEFT + labels.index(label) * step
        drawn += [line(f"M{x:.1f} {TOP - 6:.1f}V{base + 6:.1f}", "brk"), words(x + 3, TOP - 8, str(number), kind="b lab")]
        drawn.append(words(LEFT, base + 24 + 16 * number, _("%(n)d: from %(at)s, %(why)s") % {"n": number, "at": label, "why": why}))
    described = "; ".join(f"{label}: {_('not published') if low is None else low}" for label, low, _high in bars)
    view = (0.0, 0.0, width, base + 34 + 16 * len(breaks))
    return frame(drawn, view=view, title=title, desc=described, key=key, kind="draw")
