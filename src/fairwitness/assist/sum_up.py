"""Sum up a year of trainings: how many were held, who came, how many were evaluated, and why the others were not.

The rule it guards: a rate stands beside its number, and an activity without an evaluation is named with its reason, or with
the words that nobody gave one.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairwitness.assist.evaluate import NONE, SMALL
from fairwitness.assist.models import Evaluation, Training
from fairwitness.mission.access import visible
from fairwitness.record.hand import Hand


@dataclass(frozen=True, slots=True)
class Year:
    """A year in numbers. `missing` are (training, reason) for those not evaluated; `answered` of `asked` people answered."""

    year: int
    held: int
    planned: int
    women: int
    men: int
    not_stated: int
    evaluated: int
    missing: list[tuple[Training, str]]
    answered: int
    asked: int

    @property
    def rate(self) -> str:
        """Evaluated of held, in words; with a percentage only from ten on."""
        return share(self.evaluated, self.held)

    @property
    def response(self) -> str:
        """Answers of people asked, in words."""
        return share(self.answered, self.asked)


def share(part: int, whole: int) -> str:
    """Part of whole; with the percentage only where the whole is ten or more."""
    if not whole:
        return "none"
    percent = f" ({round(part * 100 / whole)} %)" if whole >= SMALL else ""
    return f"{part} of {whole}{percent}"


def sum_up(year: int, *, by: Hand) -> Year:
    """The activities that ended in a year, as far as the reader may see."""
    rows = list(visible(by, Training.objects.filter(ends__year=year).prefetch_related("evaluations")).order_by("begins", "code"))
    held = [one for one in rows if one.delivered]
    evaluations = {one.pk: list(one.evaluations.all()) for one in held}
    missing = [(one, _reason(evaluations[one.pk])) for one in held if not _levels(evaluations[one.pk])]
    answers = [(_most(evaluations[one.pk]), one.attended() or 0) for one in held]
    counted = [(part, whole) for part, whole in answers if part is not None]
    return Year(
        year, len(held), len(rows) - len(held), sum(one.women or 0 for one in held), sum(one.men or 0 for one in held),
        sum(one.not_stated or 0 for one in held), len(held) - len(missing), missing,
        sum(part for part, _ in counted), sum(whole for _, whole in counted),
    )  # fmt: skip


def _most(evaluations: list[Evaluation]) -> int | None:
    """How many answered the evaluation that most people answered; None where nobody was counted."""
    return max((one.respondents for one in _levels(evaluations) if one.respondents is not None), default=None)


def _levels(evaluations: list[Evaluation]) -> list[Evaluation]:
    return [one for one in evaluations if one.level > NONE]


def _reason(evaluations: list[Evaluation]) -> str:
    given = [one for one in evaluations if one.level == NONE]
    return max(given, key=lambda one: (one.evaluated, one.id)).reason if given else ""
