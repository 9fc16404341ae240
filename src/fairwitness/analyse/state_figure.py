"""State a figure as somebody published it: who, for when, how counted, where it stands; and lay figures side by side.

The rule it guards: figures of different bodies are never averaged, added or preferred (36 and 45 both stand), and where a method
changed, the series has a break that is drawn and explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fairwitness.analyse.models import PublishedFigure
from fairwitness.mission.access import require, visible
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.count import QUALIFIERS, Count, in_words
from fairwitness.monitor.hold import holding_unit
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import require_new

MAY_CHANGE = frozenset(
    ("label", "count_low", "count_high", "qualifier", "method", "contributors", "is_break", "break_reason", "public_source", "about")
)


@dataclass(frozen=True, slots=True)
class Series:
    """One series of one body, in order of time. `breaks` are the labels from which it was counted another way, each with why."""

    name: str
    body: str
    figures: Sequence[PublishedFigure]

    @property
    def labels(self) -> list[str]:
        """A name for each figure on the axis of time: its label where that says the year, else the year. No two are alike."""
        names: list[str] = []
        for one in self.figures:
            name = one.label if str(one.year) in one.label else str(one.year)
            alike = sum(1 for other in names if other == name or other.startswith(f"{name} ("))
            names.append(f"{name} ({alike + 1})" if alike else name)
        return names

    @property
    def breaks(self) -> list[tuple[str, str]]:
        """Name and reason of every break. The first figure has nothing before it to break with."""
        named = list(zip(self.labels, self.figures, strict=True))
        return [(name, one.break_reason) for name, one in named[1:] if one.is_break]


def state_figure(
    *,
    series: str,
    label: str,
    year: int,
    count_low: int,
    published_by: str,
    method: str,
    public_source: str,
    by: Hand,
    count_high: int | None = None,
    qualifier: str = "exact",
    about: str = "",
    contributors: Sequence[str] = (),
    is_break: bool = False,
    break_reason: str = "",
    place: Place | None = None,
    unit: Unit | None = None,
    sensitivity: int = Sensitivity.PUBLIC,
    thing_id: UUID | None = None,
) -> PublishedFigure:
    """Write down a published figure. `count_high` is the same as `count_low` when not given."""
    require(by, Verb.FIGURE_STATE)
    with writing(by):
        before = made_before(PublishedFigure, thing_id, by)
        if before is not None:
            return before
        made = PublishedFigure(
            series=series, about=about or series, label=label, year=year, place=place, count_low=count_low,
            count_high=count_low if count_high is None else count_high, qualifier=qualifier, published_by=published_by, method=method,
            contributors=list(contributors), is_break=is_break, break_reason=break_reason, public_source=public_source,
            unit=holding_unit(by, Verb.FIGURE_STATE, place, unit), sensitivity=sensitivity,
        )  # fmt: skip
        _read(made)
        require_new(by, Verb.FIGURE_STATE, made)
        made.pk = thing_id or made.pk
        made.keep(by=by, verb=Verb.FIGURE_STATE)
        return made


def correct_figure(figure: PublishedFigure, *, base: UUID | None, by: Hand, why: str, **changes: Any) -> PublishedFigure:
    """Correct what was written down wrongly, at the version its writer saw. A figure its body revised is another figure, with its label."""
    require(by, Verb.FIGURE_STATE, figure)
    reading = Reading()
    for name in sorted(set(changes) - MAY_CHANGE):
        reading.fault(name, "cannot be changed in a figure; state another one")
    why = reading.text("why", why, 500, needed=True)
    reading.done()
    with writing(by):
        now = PublishedFigure.objects.get(pk=figure.pk)
        for name, new in changes.items():
            setattr(now, name, new)
        _read(now)
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.FIGURE_STATE, why=why)
        return now


def _read(made: PublishedFigure) -> None:
    reading = Reading()
    for field, most in (("series", 120), ("about", 120), ("label", 60), ("published_by", 200), ("method", 20_000), ("public_source", 500)):
        setattr(made, field, reading.text(field, getattr(made, field), most, needed=True))
    made.break_reason = reading.text("break_reason", made.break_reason, 300)
    made.sensitivity = reading.sensitivity(made.sensitivity)
    made.qualifier = reading.one_of("qualifier", made.qualifier, QUALIFIERS)
    low, high = reading.whole("count_low", made.count_low), reading.whole("count_high", made.count_high)
    if low is None:
        reading.fault("count_low", "is empty; give the figure as it was published")
    reading.order("count_high", low, high)
    year = reading.whole("year", made.year, most=2200)
    if year is None or year < 1900:
        reading.fault("year", "lies outside 1900 to 2200; check it")
    if made.is_break and not made.break_reason:
        reading.fault("break_reason", "is empty; say what changed, so that nobody compares across it")
    if made.break_reason and not made.is_break:
        reading.fault("is_break", "is not ticked, but a reason for a break is given; tick it or take the reason away")
    if not isinstance(made.contributors, list) or not all(isinstance(one, str) and one.strip() for one in made.contributors):
        reading.fault("contributors", "are the names of bodies, one by one")
    reading.done()


def words_of(figure: PublishedFigure) -> str:
    """The figure as it is said: 36, about 45, 43 to 87."""
    return in_words(Count(figure.count_low, figure.count_high, figure.qualifier))


def series_of_figures(hand: Hand, name: str = "") -> list[Series]:
    """The series the reader can see, one for each body that publishes it, in order of time."""
    figures = visible(hand, PublishedFigure.objects.all())
    if name:
        figures = figures.filter(series=name)
    found: dict[tuple[str, str], list[PublishedFigure]] = {}
    for one in figures.order_by("series", "published_by", "year", "label", "id"):
        found.setdefault((one.series, one.published_by), []).append(one)
    return [Series(name, body, line) for (name, body), line in found.items()]


def side_by_side(figures: Iterable[PublishedFigure]) -> dict[tuple[str, int], list[PublishedFigure]]:
    """Where several bodies state a figure about the same thing for the same year: all of them, in the order of their names. No mean."""
    found: dict[tuple[str, int], list[PublishedFigure]] = {}
    for one in figures:
        found.setdefault((one.about, one.year), []).append(one)
    several = {key: line for key, line in found.items() if len({one.published_by for one in line}) > 1}
    return {key: sorted(line, key=lambda one: (one.published_by, one.label)) for key, line in sorted(several.items())}
