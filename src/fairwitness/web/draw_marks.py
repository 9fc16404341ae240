"""The strokes every drawing is made of: lines, words, hatching, and the frame with its title and description.

A drawing is a figure for people who see it and a sentence for people who do not, so each one has a title and a description.
The rule guarded here: nothing a person typed reaches a drawing unescaped, no drawing carries a style of its own (the page's
security policy forbids it, the style sheet colours by class), and no figure is printed with more digits than the drawing has.
"""

import hashlib
from collections.abc import Iterable
from html import escape


def figure(value: float) -> str:
    """One decimal at most; a drawing has no finer ones."""
    rounded = round(float(value), 1)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.1f}"


def tag(name: str, content: str | None = None, /, **attributes: str | float) -> str:
    """One element. A trailing or inner underscore in an attribute's name stands for the hyphen of SVG (`text_anchor`)."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value if isinstance(value, str) else figure(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def words(x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> str:
    extra: dict[str, str | float] = {}
    if kind:
        extra["class_"] = kind
    if anchor != "start":
        extra["text_anchor"] = anchor
    return tag("text", escape(text), x=x, y=y, **extra)


def line(path: str, kind: str) -> str:
    return tag("path", d=path, class_=kind)


def box(x: float, y: float, width: float, height: float, kind: str = "", *, fill: str = "") -> str:
    extra: dict[str, str | float] = {}
    if kind:
        extra["class_"] = kind
    if fill:
        extra["fill"] = fill
    return tag("rect", x=x, y=y, width=width, height=height, **extra)


def hatching(key: str, *, step: int = 7) -> str:
    """The pattern for "nobody was there". Each drawing owns one, so that several may stand on one page."""
    stroke = tag("path", d=f"M0 0v{step}", class_="hatchline")
    pattern = tag("pattern", stroke, id=key, width=step, height=step, patternUnits="userSpaceOnUse", patternTransform="rotate(45)")
    return tag("defs", pattern)


def key_of(*parts: object) -> str:
    """A name for the inside of one drawing: the same drawing always gets the same one."""
    return "d" + hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def frame(content: Iterable[str], *, view: tuple[float, float, float, float], title: str, desc: str, key: str, kind: str = "draw") -> str:
    """The whole drawing. It refuses to exist without words for those who cannot see it."""
    if not title.strip() or not desc.strip():
        raise ValueError("A drawing needs a title and a description; say in words what it shows.")
    head = tag("title", escape(title), id=f"{key}t") + tag("desc", escape(desc), id=f"{key}d")
    return tag(
        "svg",
        head + "".join(content),
        xmlns="http://www.w3.org/2000/svg",
        class_=kind,
        viewBox=" ".join(figure(side) for side in view),
        role="img",
        aria_labelledby=f"{key}t {key}d",
    )
