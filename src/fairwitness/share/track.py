"""Track in public: what the mission asked for in its publications, and what came of it, as each side says.

Words, addressee, date and measure are those that left with the release; ratings are those somebody let out. The rule it guards:
"not assessed" is printed where nobody looked, and it says nothing about progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairwitness.mission.fold import fold
from fairwitness.mission.tell_time import today
from fairwitness.recommend.follow import CLOSED, newest
from fairwitness.recommend.models import Rating, Recommendation
from fairwitness.recommend.trace import addressee_today
from fairwitness.share.gate import still_allowed
from fairwitness.share.models import Release


@dataclass(frozen=True, slots=True)
class Tracked:
    """One line of the tracker. `mission` and `authority` are the newest public ratings of each side, `third` of others."""

    code: str
    act: str
    addressee: str
    addressee_today: str
    theme: str
    issued: date | None
    due: date | None
    due_words: str
    indicator: str
    page: str
    mission: Rating | None
    authority: Rating | None
    ratings: tuple[Rating, ...]
    closed: bool
    late: bool

    @property
    def last_checked(self) -> date | None:
        """The day the mission last looked."""
        return self.mission.rated if self.mission else None


def tracked(on: date | None = None) -> list[Tracked]:
    """Every recommendation of a standing public release, newest first."""
    rows = list(Release.objects.filter(audience=Release.PUBLIC, taken_down__isnull=True).prefetch_related("claims").order_by("-published"))
    standing = still_allowed(rows)
    open_now = [release for release in reversed(rows) if standing[release.pk]]
    asks = {ask["number"]: (ask, release.slug) for release in open_now for ask in release.content["recommendations"]}
    known = Recommendation.objects.filter(code__in=asks, state=Recommendation.ISSUED).select_related("addressee__successor")
    found = [_line(one, *asks[one.code], on or today()) for one in known.prefetch_related("ratings").order_by("-issued", "code")]
    return found


def narrow(lines: list[Tracked], *, to: str = "", theme: str = "", words: str = "") -> list[Tracked]:
    """Those for one addressee, of one theme, holding these words in any spelling."""
    key = fold(words)
    return [
        one for one in lines
        if (not to or one.addressee == to)
        and (not theme or one.theme == theme)
        and (not key or key in fold(f"{one.code} {one.act} {one.addressee}"))
    ]  # fmt: skip


def _line(one: Recommendation, ask: dict[str, str], page: str, on: date) -> Tracked:
    ratings = tuple(sorted((r for r in one.ratings.all() if r.public), key=lambda r: (r.rated, r.id), reverse=True))
    mission, authority = newest(ratings, "mission", assessed=False), newest(ratings, "authority", assessed=False)
    heir = addressee_today(one.addressee) if one.addressee else None
    closed = mission is not None and mission.status in CLOSED
    return Tracked(
        one.code, ask["act"], ask["addressee"], heir.today.name if heir and heir.moved else "", one.theme, one.issued, one.due, ask["due"],
        ask["indicator"], page, mission, authority, ratings, closed, bool(one.due and one.due < on and not closed),
    )  # fmt: skip
