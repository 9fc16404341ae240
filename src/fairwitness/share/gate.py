"""The gate: the one place through which anything leaves. Fear has this file.

Four keys turn, or nothing leaves. Consent: whoever told us something allowed this use, towards this audience, today. Caveat:
nothing is heavier than its reader may receive, no small place points at a household, the partner's conditions were read.
Agreement: the partner has one in force; towards the public, somebody who may. Clearance: the report was cleared by somebody who
wrote none of it, and is issued. The rule guarded here: every exit reads all four at the moment it leaves, and never remembers
a yes; each key that stays shut says why, and what would turn it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.analyse.models import FindingEvidence
from fairwitness.errors import BadInput, Fault, GateClosed, say
from fairwitness.mission.access import may, why_not
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.mission.models import Counterpart, Footnote
from fairwitness.monitor.consent import Answer, answers
from fairwitness.monitor.models import Claim
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.report.freeze import for_audience
from fairwitness.report.models import Clearance, Report, Snapshot
from fairwitness.report.redact import Orders, small_places
from fairwitness.report.review import authors
from fairwitness.share.agree import in_force
from fairwitness.share.distribute import marking_of, newest_marking
from fairwitness.share.models import Agreement, Release
from fairwitness.verify.models import CheckEvidence

Content = dict[str, Any]
KEYS = ("consent", "caveat", "agreement", "clearance")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: whether it turns, why (not), and what would turn it."""

    name: str
    open: bool
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to let out: to whom, and what they decided about it beforehand.

    `leave_out`: let sentences go that may not leave, instead of keeping the whole report back. `withhold`: words to black out.
    """

    report: Report
    partner: Counterpart | None = None
    leave_out: bool = False
    withhold: tuple[str, ...] = ()
    caveats_read: bool = False

    @property
    def use(self) -> Use:
        """The use of statements that this makes."""
        return Use.PARTNERS if self.partner else Use.PUBLIC


@dataclass(frozen=True, slots=True)
class Passage:
    """The gate as it stands at this moment for one request: its keys, what redaction must do, and what remains behind, with reasons."""

    keys: tuple[Key, ...]
    orders: Orders = field(default_factory=Orders)
    claims: frozenset[UUID] = frozenset()
    left_out: tuple[Mapping[str, str], ...] = ()
    agreement: Agreement | None = None

    @property
    def shut(self) -> tuple[Key, ...]:
        """The keys that do not turn."""
        return tuple(key for key in self.keys if not key.open)


def turn(request: Request, *, by: Hand) -> Passage:
    """Turn all four keys now. Raises GateClosed naming each that stays shut."""
    passage = look(request, by=by)
    if passage.shut:
        keys = tuple((key.name, f"{key.reason} {key.remedy}".strip()) for key in passage.shut)
        raise GateClosed("Nothing left. {said}", keys=keys, said=" ".join(f"{name.capitalize()}: {why}" for name, why in keys))
    return passage


def look(request: Request, *, by: Hand) -> Passage:
    """How the four keys stand now. Changes nothing."""
    report = request.report
    snapshot = Snapshot.objects.filter(report_id=report.pk).first()
    content = addressed(snapshot.content, request.partner) if snapshot else {"sources": [], "paragraphs": []}
    agreement = in_force(request.partner) if request.partner else None
    told = told_by(content["sources"])
    consent, refused = _consent(request, told, content)
    caveat, heavy, places = _caveat(request, content, agreement)
    out = frozenset(refused) | heavy if request.leave_out else frozenset()
    kept = frozenset(claim for cited, claims in told.items() if cited not in out for claim in claims)
    if request.leave_out and consent.open and not _anything_left(content, out):
        consent = Key("consent", False, "Nothing of the report would be left.", "Ask the sources again, or write another report.")
    orders = Orders(
        leave_out=out, names=request.withhold, places=places, codes=False,
        marking="Public" if request.partner is None else f"For {request.partner.name} under agreement",
    )  # fmt: skip
    left = [{"code": _code(content, cited), "why": why} for cited, why in sorted(refused.items())] if request.leave_out else []
    left += [{"code": _code(content, cited), "why": "Marked heavier than this audience may receive."} for cited in sorted(heavy & out)]
    keys = (consent, caveat, _agreement(request, agreement, by), _clearance(report, bool(snapshot)))
    return Passage(keys, orders, kept, tuple(left), agreement)


def addressed(content: Content, partner: Counterpart | None) -> Content:
    """The frozen words with the status footnote and the names of places this reader expects; the report's own where there are none."""
    audience = "public" if partner is None else partner.code
    if partner is not None and not Footnote.objects.filter(audience__iexact=audience.split("-")[0]).exists():
        return content
    return for_audience(content, audience, date.fromisoformat((content["period"][1] or content["issued"])[:10]))


def told_by(sources: Iterable[Mapping[str, str]]) -> dict[str, set[UUID]]:
    """For each cited thing (by id) the statements it rests on: itself, or the evidence of a finding or a check."""
    ids: dict[str, set[str]] = {}
    for source in sources:
        ids.setdefault(source["kind"], set()).add(source["id"])
    found: dict[str, set[UUID]] = {one: {UUID(one)} for one in ids.get("monitor.claim", ())}
    lines = list(FindingEvidence.objects.filter(finding_id__in=ids.get("analyse.finding", ()), undone=False))
    through = ids.get("verify.check", set()) | {str(line.check_made_id) for line in lines if line.check_made_id}
    checked: dict[str, set[UUID]] = {}
    for row in CheckEvidence.objects.filter(check_of_id__in=through, claim__isnull=False, undone=False):
        if row.claim_id is not None:
            checked.setdefault(str(row.check_of_id), set()).add(row.claim_id)
    for check in ids.get("verify.check", ()):
        found.setdefault(check, set()).update(checked.get(check, ()))
    for line in lines:
        own = {line.claim_id} if line.claim_id else checked.get(str(line.check_made_id), set())
        found.setdefault(str(line.finding_id), set()).update(own)
    return {cited: claims for cited, claims in found.items() if claims}


def consents(claims: Iterable[UUID], use: Use, partner: Counterpart | None = None) -> dict[UUID, Answer]:
    """What each source says to this use today, towards a partner by its name or its code. See `monitor.consent`, which alone decides."""
    rows = list(Claim.objects.filter(pk__in=list(claims)))
    return answers(rows, use, (partner.name, partner.code) if partner else "")


def still_allowed(releases: Iterable[Release]) -> dict[UUID, bool]:
    """Whether each of these releases may (still) be handed out now: no source it rests on took consent back, no consent ran out."""
    found: dict[UUID, bool] = {}
    for release in releases:
        claims = list(release.claims.values_list("claim_id", flat=True))
        use = Use.PARTNERS if release.partner_id else Use.PUBLIC
        said = consents(claims, use, release.partner) if claims else {}
        found[release.pk] = release.taken_down is None and all(answer.yes for answer in said.values())
    return found


def _consent(request: Request, told: Mapping[str, set[UUID]], content: Content) -> tuple[Key, dict[str, str]]:
    claims = {claim for several in told.values() for claim in several}
    said = consents(claims, request.use, request.partner)
    refused: dict[str, str] = {}
    for cited, several in told.items():
        no = [said[claim] for claim in several if claim in said and not said[claim].yes]
        if no:
            refused[cited] = f"{no[0].why} {no[0].ask}".strip()
    if not refused:
        return Key("consent", True, "Everybody it rests on allows this use." if claims else "It rests on nobody's words."), refused
    named = "; ".join(f"{_code(content, cited)}: {why}" for cited, why in sorted(refused.items()))
    if request.leave_out:
        return Key("consent", True, say("Left out: {named}", named=named)), refused
    return Key("consent", False, named, "Leave these sentences out, or ask the sources again."), refused


def _caveat(request: Request, content: Content, agreement: Agreement | None) -> tuple[Key, frozenset[str], dict[str, str]]:
    marking, decision = marking_of(request.report), newest_marking(request.report)
    ceiling = int(Sensitivity.INTERNAL) if request.partner is None else agreement.ceiling if agreement else int(Sensitivity.INTERNAL)
    # Who decided that a restricted report may go out decided it for what the report says: its sources up to its own marking.
    within = max(ceiling, request.report.sensitivity) if decision is not None and decision.now < decision.was else ceiling
    heavy = frozenset(source["id"] for source in content["sources"] if int(source["sensitivity"]) > within)
    places = small_places(content) if request.partner is None and content["paragraphs"] else {}
    label = say(Sensitivity(marking).label)
    if marking > ceiling:
        why = say("The report is {label}; this audience receives up to {ceiling}.", label=label, ceiling=say(Sensitivity(ceiling).label))
        key = Key("caveat", False, why, "Have its distribution changed by who may decide it.")
    elif heavy and not request.leave_out:
        named = ", ".join(sorted(_code(content, one) for one in heavy))
        key = Key("caveat", False, say("Heavier than this audience may receive: {named}.", named=named), "Leave these sentences out.")
    elif agreement is not None and agreement.caveats and not request.caveats_read:
        why = say("The agreement has conditions: {caveats}", caveats=agreement.caveats)
        key = Key("caveat", False, why, "Say that you read them and that they are kept.")
    else:
        small, number = "The report is {label}. Small places are named by their municipality ({number}).", len(set(places.values()))
        key = Key("caveat", True, say(small, label=label, number=number) if places else say("The report is {label}.", label=label))
    return key, heavy, places


def _agreement(request: Request, agreement: Agreement | None, by: Hand) -> Key:
    if not may(by, Verb.RELEASE_PUBLISH, request.report):
        return Key("agreement", False, "Your post does not publish.", why_not(by, Verb.RELEASE_PUBLISH))
    if request.partner is None:
        return Key("agreement", True, "The public needs none; your post may publish.")
    if agreement is None:
        return Key("agreement", False, say("No agreement with {name} is in force.", name=request.partner.name), "Make or renew one first.")
    if agreement.valid_until:
        return Key("agreement", True, say("{title}, in force until {day}.", title=agreement.title, day=agreement.valid_until.isoformat()))
    return Key("agreement", True, say("{title}, in force.", title=agreement.title))


def _clearance(report: Report, frozen: bool) -> Key:
    if report.state != Report.ISSUED or not frozen:
        stands = say("The report is {state}.", state=say(report.get_state_display()))
        return Key("clearance", False, stands, "Have it cleared and issued first.")
    last = Clearance.objects.filter(report=report).order_by("-id").first()
    if last is None or last.decision != "cleared":
        return Key("clearance", False, "Nobody cleared the report.", "Have it cleared by somebody who wrote none of it.")
    if last.member_id in authors(report):
        return Key("clearance", False, "It was cleared by somebody who wrote in it.", "Have a correction cleared by somebody else.")
    day = f"{last.decided.day} {last.decided:%B %Y}"
    return Key("clearance", True, say("Cleared on {day} by somebody who wrote none of it, and issued.", day=day))


def _anything_left(content: Content, out: frozenset[str]) -> bool:
    gone = {source["number"] for source in content["sources"] if source["id"] in out}
    notes = [set(run["notes"]) for paragraph in content["paragraphs"] for run in paragraph["runs"]]
    return not gone or any(some and not some & gone for some in notes)


def _code(content: Content, cited: str) -> str:
    return next((str(source["code"]) for source in content["sources"] if source["id"] == cited), "a source")


def read_request(words: Iterable[str]) -> tuple[str, ...]:
    """Words to withhold, as typed one a line. Raises BadInput for what would black out everything."""
    found = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    short = [word for word in found if len(word) < 3]
    if short:
        raise BadInput.of(Fault("withhold", say(
            "“{word}” is too short and would black out other words; write the whole name",
            word=short[0],
        )))
    return found
