"""Words the pages of monitoring share: how we know, when it was, how sure, in which words a count is printed.

The rule it guards: a state is a shape and a word; a time is printed with the precision it was given in and no finer; a
place is a sector and never a pin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairwitness.analyse.assess import standing
from fairwitness.mission.access import visible
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.models import Term
from fairwitness.mission.name_places import names_of
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.monitor.consent import allows, answers
from fairwitness.monitor.count import count_of, in_words
from fairwitness.monitor.models import Attachment, Claim, Consent, Observation, Source
from fairwitness.record.hand import Hand
from fairwitness.record.remember import recall
from fairwitness.web.draw import sector
from fairwitness.web.how_told import named
from fairwitness.web.language_words import language_word

TAGS = {0: "public", 1: "internal", 2: "restricted", 3: "confidential"}
SHAPES = {"day": "j F Y", "month": "F Y", "year": "Y", "hour": "j F Y, H:00", "minute": "j F Y, H:i"}


def moment(at: datetime | None, zone: str = "") -> str:
    """A moment where it was lived."""
    return "" if at is None else date_format(at.astimezone(ZoneInfo(zone or mission_zone())), "DATETIME_FORMAT")


def state_of(thing: Observation | Claim) -> str:
    """The key of the symbol."""
    return thing.state() if isinstance(thing, Observation) else thing.state


def state_word(thing: Observation | Claim, attached: int = 0) -> str:
    """The word beside the symbol, where the usual one is not exact."""
    if isinstance(thing, Observation):
        if thing.means == "smell":
            return _("Perceived")
        if attached and thing.state() == "seen":
            return _("Seen, with files")
    return ""


def when(thing: Any) -> str:
    """When it occurred, as finely as it was known; for a claim without that, when it was told."""
    if thing.occurred_from is None or thing.precision == "unknown":
        if isinstance(thing, Claim):
            return _("told %(at)s") % {"at": told_at(thing)}
        return _("time not known")
    zone = ZoneInfo(thing.time_zone or mission_zone())
    begin = thing.occurred_from.astimezone(zone)
    said = date_format(begin, SHAPES[thing.precision])
    if thing.occurred_until is not None:
        end = thing.occurred_until.astimezone(zone)
        same_day = end.date() == begin.date() and thing.precision == "minute"
        said += "–" + date_format(end, "H:i" if same_day else SHAPES[thing.precision])
    if thing.give_or_take_minutes:
        said += " " + _("± %(minutes)s min") % {"minutes": thing.give_or_take_minutes}
    return said


def told_at(claim: Claim) -> str:
    """When we were told, no finer than it is known."""
    if claim.told_precision == "day":
        return date_format(claim.told.astimezone(ZoneInfo(claim.time_zone or mission_zone())), "j F Y")
    return moment(claim.told, claim.time_zone)


def labels(*vocabularies: str) -> dict[str, str]:
    """Words of these lists by code."""
    rows = Term.objects.filter(vocabulary__in=vocabularies).values_list("code", "label")
    return recall(("web.monitor_words.labels", vocabularies), (Term,), lambda: dict(rows))


def count_words(thing: Observation | Claim) -> str:
    """“3 of 11”, “about 45”; nothing when nothing was counted."""
    count = count_of(thing)
    return "" if count is None else in_words(count)


def rows(things: Iterable[Observation | Claim]) -> list[dict[str, Any]]:
    """Lines of a list, with the newest rating of each, in a handful of queries whatever the length."""
    things = list(things)
    names = names_of({thing.place_id for thing in things})
    grades = standing(things)
    return [_row(thing, names, grades) for thing in things]


@cache
def _address(name: str) -> str:
    """Where the pages of this kind begin: looking the address up for each line costs more than the line."""
    return reverse(name, args=["X"]).removesuffix("X/")


def _row(thing: Observation | Claim, names: Mapping[UUID, str], grades: Mapping[UUID, Any]) -> dict[str, Any]:
    claim = thing if isinstance(thing, Claim) else None
    files, until = len(thing.attachments.all()), claim.pending_until if claim else None
    return {
        "code": thing.code, "headline": thing.headline,
        "url": _address("web:claim" if claim else "web:observation") + f"{quote(thing.code)}/",
        "state": state_of(thing), "word": state_word(thing, files), "place": names.get(thing.place_id, ""), "when": when(thing),
        "source": claim.source.code if claim else "", "files": files, "count": count_words(thing), "grade": grades.get(thing.id),
        "tag": TAGS[thing.sensitivity] if thing.sensitivity > 1 else "", "pending": until is not None,
        "overdue": until is not None and until <= today(), "pending_until": until,
    }  # fmt: skip


def where_drawn(thing: Observation, place: str) -> dict[str, Any] | None:
    """The sector drawing, where range or bearings were given."""
    if thing.range_low_m is None and thing.range_high_m is None and not thing.bearings:
        return None
    label = thing.observer_position or place
    drawn: SafeString = mark_safe(sector(thing.range_low_m, thing.range_high_m, list(thing.bearings), label))
    return {"svg": drawn, "from": label}


def consent_of(source: Source, claim: Claim | None = None, *, may_ask: bool, may_withdraw: bool) -> dict[str, Any]:
    """What parts/consent.html needs: each use with yes or no, and until when."""
    lines = list(Consent.objects.filter(source=source).select_related("text").order_by("given", "id"))
    lines = [line for line in lines if line.claim_id is None or (claim is not None and line.claim_id == claim.id)]
    uses = []
    for use in Use:
        if claim is not None:
            answer = allows(claim, use)
            why = _(answer.why) if answer.public else ""
            uses.append({"use": use.label, "allowed": answer.yes, "name": answer.disclosure.label, "why": why})
            continue
        general = [line for line in lines if line.use == use.value and not line.audience]
        line = general[-1] if general else None
        stands = line is not None and line.stands(today())
        uses.append({"use": use.label, "allowed": stands, "name": Disclosure(line.disclosure).label if line and stands else ""})
    uses += [
        {"use": f"{Use(line.use).label}: {line.audience}", "allowed": line.stands(today()), "name": Disclosure(line.disclosure).label}
        for line in lines
        if line.audience and line.withdrawn is None
    ]
    standing_lines = [line for line in lines if line.stands(today())]
    ends = [line.expires for line in standing_lines if line.expires is not None]
    taken_back = bool(lines) and all(line.withdrawn is not None for line in lines)
    public = claim is not None and any(one.get("why") for one in uses)
    context: dict[str, Any] = {"uses": uses, "of": source.code, "about": claim.code if claim else ""}
    if lines:
        context["given"] = _("given %(day)s, in %(language)s") % {
            "day": date_format(lines[-1].given, "DATE_FORMAT"), "language": language_word(lines[-1].language),
        }  # fmt: skip
        context["told"] = _how_told(lines[-1])
    if taken_back:
        last = max(line.withdrawn for line in lines if line.withdrawn is not None)
        context["withdrawn"] = _("Taken back on %(day)s.") % {"day": date_format(last, "DATE_FORMAT")}
    if ends and standing_lines:
        context["ends"] = _("Ends %(day)s.") % {"day": date_format(min(ends), "DATE_FORMAT")}
    if may_ask:
        context["ask_url"] = reverse("web:consent_give", args=[source.code]) + (f"?claim={claim.code}" if claim else "")
    if may_withdraw and (standing_lines or public or claim is None):
        context["withdraw_url"] = reverse("web:consent_withdraw", args=[source.code]) + (f"?claim={claim.code}" if claim else "")
    return context


def _how_told(line: Consent) -> str:
    """How the source was told before it consented, as it stands on record."""
    if line.text is not None:
        read = _("Read out: %(text)s.") % {"text": named(line.text)}
        return f"{read} {line.own_words}" if line.own_words else read
    if line.own_words:
        return _("Told in own words: %(words)s") % {"words": line.own_words}
    return _("How they were told is not on record.")


def answers_of(claims: list[Claim]) -> list[dict[str, Any]]:
    """For each claim what its source allows of it today, use by use, in a query for each use."""
    said = [(use, answers(claims, use)) for use in Use]
    return [
        {"code": claim.code, "uses": [
            {"use": use.label, "allowed": found[claim.id].yes, "why": _(found[claim.id].why) if found[claim.id].public else ""}
            for use, found in said
        ]}
        for claim in claims
    ]  # fmt: skip


def attachments_of(thing: Any, hand: Hand) -> list[dict[str, Any]]:
    """The files of a thing, with what has to be said beside them; an original may be heavier than the thing it belongs to."""
    files = visible(hand, Attachment.objects.filter(**{type(thing)._meta.model_name or "": thing}))
    return [
        {"code": file.code, "name": file.file_name, "caption": file.caption, "credit": file.credit, "licence": file.licence,
         "people": file.people, "picture": file.is_picture,
         "copy": bool(file.redacted_from_id), "kib": max(1, file.size // 1024), "kind": file.media_type}
        for file in files.order_by("id")
    ]  # fmt: skip


