"""Consent: the one file that says whether what somebody told us may be used, for what, towards whom, and showing how much.

Consent is a set of scopes (use, audience, disclosure, until when), given in a language, to a member, through an
interpreter or without one. The rules it guards: absence is a no; what ran out or was taken back is a no; the newest
line decides; what was said of one claim goes before what was said in general. Words that a source published itself, quoted from
its own public address, may be used where it never said anything about their use; the least word of its own goes before that. What
the mission perceived itself needs nobody's consent. Every exit asks here at the moment something leaves, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, say
from fairwitness.mission.access import may, require
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.models import Member
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold_still import hold_sources_of
from fairwitness.monitor.models import Attachment, Claim, Consent, ConsentText, Observation, Source
from fairwitness.monitor.read_input import Reading
from fairwitness.monitor.tell_consent import read_how_told
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

SAID_IN_PUBLIC = (
    "Published by the source itself, and quoted from there. It never said anything of this use; the least word of its own goes before."
)
AtOnce = Callable[[Sequence[Claim], Hand], None]
AlsoWithdraws = Callable[[Source, str, Hand], int]
_at_once: list[AtOnce] = []
_changed: list[AtOnce] = []
_also: list[AlsoWithdraws] = []


def at_once(answer: AtOnce) -> AtOnce:
    """Register what has to happen in the very transaction of a withdrawal, such as taking a public page down."""
    if answer not in _at_once:
        _at_once.append(answer)
    return answer


def on_change(answer: AtOnce) -> AtOnce:
    """Register what follows from any change of consent, given or taken back, in the same transaction."""
    if answer not in _changed:
        _changed.append(answer)
    return answer


def also_withdraws(answer: AlsoWithdraws) -> AlsoWithdraws:
    """Register what else a source takes back when it takes back everything; it returns how many lines it took back."""
    if answer not in _also:
        _also.append(answer)
    return answer


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing allowed: for this use, towards this audience (empty: any), showing this much, until then."""

    use: Use
    disclosure: Disclosure = Disclosure.CODE
    audience: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may leave. `why` is the reason in one sentence; `ask` says what consent asked anew would allow.

    `public`: it may only because the source published these words itself, and never said anything about their use.
    """

    yes: bool
    disclosure: Disclosure
    why: str
    ask: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what a source takes back: this use, towards this audience (empty: towards everybody)."""

    use: Use
    audience: str = ""

    def covers(self, line: Consent) -> bool:
        """Whether taking this back takes back that line."""
        return line.use == self.use.value and (not self.audience or fold(line.audience) == fold(self.audience))


def give(
    source: Source, scopes: Sequence[Scope], *, given: date, language: str, by: Hand, claim: Claim | None = None, interpreter: str = "",
    taken_by: Member | None = None, text: ConsentText | None = None, own_words: str = "",
) -> list[Consent]:  # fmt: skip
    """Write down what a source allowed, in general or for one claim. Scopes not named stay a no. Raises BadInput, Refused.

    `text` is the released text that was read out; `own_words` says how it was told instead, or besides.
    """
    require(by, Verb.CONSENT_GIVE, source)
    reading = Reading()
    day = reading.day("given", given, needed=True)
    spoken = reading.text("language", language, 16, needed=True)
    helped = reading.text("interpreter", interpreter, 120)
    how = read_how_told(reading, text, own_words, spoken, day)
    if day is not None and day > today():
        reading.fault("given", "lies in the future; consent is written down when it was given")
    if not scopes:
        reading.fault("scopes", "names no use; where nothing is allowed, nothing needs to be written down")
    lines = [_read_scope(reading, scope, day) for scope in scopes]
    if claim is not None and claim.source_id != source.id:
        reading.fault("claim", "belongs to another source; consent is given by the one who spoke")
    reading.done()
    taker = taken_by.id if taken_by is not None else by.member
    made = [
        Consent(source=source, claim=claim, given=day or today(), language=spoken, interpreter=helped, taken_by_id=taker, **how, **line)
        for line in lines
    ]
    with writing(by):
        for consent in made:
            consent.keep(by=by, verb=Verb.CONSENT_GIVE)
        claims = list(touched(made))
        for answer in _changed:
            answer(claims, by)
    return made


def _read_scope(reading: Reading, scope: Scope, given: date | None) -> dict[str, Any]:
    expires = reading.day("expires", scope.expires)
    reading.order("expires", given, expires)
    return {
        "use": reading.one_of("use", scope.use, [use.value for use in Use]),
        "disclosure": reading.one_of("disclosure", scope.disclosure, [step.value for step in Disclosure]),
        "audience": reading.text("audience", scope.audience, 120), "expires": expires,
    }  # fmt: skip


def withdraw(
    what: Consent | Claim | Source, *, by: Hand, why: str = "", parts: Sequence[Part] | None = None,
) -> list[Consent]:  # fmt: skip
    """Take back one scope, what covers one claim, or what a source allowed; with `parts` those alone, else everything.

    No reason is needed; `why` may say how we learned of it. On record, and at once. Raises OutOfOrder when there is nothing (any
    more) to take back, BadInput.
    """
    source = what if isinstance(what, Source) else what.source
    require(by, Verb.CONSENT_WITHDRAW, source)
    reading = Reading()
    why = reading.text("why", why, 300)
    if parts is not None and not parts:
        reading.fault("parts", "names nothing; tick what is taken back, or everything")
    reading.done()
    now = datetime.now(UTC)
    with writing(by):
        lines = _to_withdraw(what, parts)
        others = sum(answer(what, why, by) for answer in _also) if isinstance(what, Source) and parts is None else 0
        if not lines and not others:
            raise OutOfOrder("There is no consent here that could be taken back: what is not written is a no already.")
        for line in lines:
            line.withdrawn, line.withdrawn_why = now, why
            line.keep(by=by, verb=Verb.CONSENT_WITHDRAW, why=why)
        look_again(touched(lines), by)
    return lines


def look_again(claims: Iterable[Claim], by: Hand) -> None:
    """What may be used of these claims is less than before: tell the rooms above, in this transaction. Call inside `writing`."""
    claims = list(claims)
    hold_sources_of(claim.id for claim in claims)
    for answer in (*_at_once, *_changed):
        answer(claims, by)


def _to_withdraw(what: Consent | Claim | Source, parts: Sequence[Part] | None) -> list[Consent]:
    standing = Consent.objects.filter(withdrawn__isnull=True).order_by("id").select_related("source", "claim")
    if isinstance(what, Consent):
        return list(standing.filter(pk=what.pk))
    asked = list(parts) if parts is not None else [Part(use) for use in Use]
    source, claim = (what, None) if isinstance(what, Source) else (what.source, what)
    own = standing.filter(source=source) if claim is None else standing.filter(claim=claim)
    lines = [line for line in own if any(part.covers(line) for part in asked)]
    general = [] if claim is None else list(standing.filter(source=source, claim__isnull=True))
    # A general yes goes on for the other claims of the source: for this one a line of its own says no.
    lines += [
        Consent(
            source=source, claim=claim, use=line.use, audience=line.audience, disclosure=line.disclosure, given=line.given,
            language=line.language, interpreter=line.interpreter, taken_by_id=line.taken_by_id, expires=line.expires,
            text_id=line.text_id, own_words=line.own_words,
        )
        for line in general
        if claim is not None and any(part.covers(line) for part in asked) and not _refused_since(claim, line)
    ]  # fmt: skip
    for part in asked:
        lines += _noes(part, source, claim, [*own, *general], lines)
    return lines


def _noes(part: Part, source: Source, claim: Claim | None, standing: list[Consent], taken: list[Consent]) -> list[Consent]:
    """Lines that have to say no themselves: a wider yes stays for others, or the source speaks in public, where silence is no no."""
    wider = {line.claim for line in standing if part.audience and line.use == part.use.value and not line.audience}
    wanted = ({claim} if claim is not None and wider else wider) | ({claim} if source.public_source else set())
    made = []
    for about in wanted:
        before = Consent.objects.filter(source=source, claim=about, use=part.use.value, withdrawn__isnull=False)
        said = [*before, *(line for line in taken if line.claim_id == (about.id if about else None) and line.use == part.use.value)]
        if about in wider or not any(not line.audience or fold(line.audience) == fold(part.audience) for line in said):
            told = (about.language if about else "") or next(iter(source.languages), "") or "en"
            made.append(Consent(source=source, claim=about, use=part.use.value, audience=part.audience, disclosure=Disclosure.NOTHING.value,
                                given=today(), language=told))  # fmt: skip
    return made


def _refused_since(claim: Claim, line: Consent) -> bool:
    own = Consent.objects.filter(claim=claim, use=line.use, audience=line.audience, withdrawn__isnull=False)
    return own.filter(given__gte=line.given).exists()


def touched(lines: Iterable[Consent]) -> Iterable[Claim]:
    """The claims whose use these lines decide: for the reactions above."""
    lines = list(lines)
    sources = {line.source_id for line in lines if line.claim_id is None}
    alone = {line.claim_id for line in lines if line.claim_id is not None}
    found = {claim.id: claim for claim in Claim.objects.filter(source_id__in=sources).select_related("source")}
    found |= {claim.id: claim for claim in Claim.objects.filter(pk__in=alone - set(found)).select_related("source")}
    return found.values()


def allows(told: Claim | Observation | Attachment, use: Use, audience: str | Sequence[str] = "", on: date | None = None) -> Answer:
    """Whether this may be used so, towards this audience (by one of its names), on this day."""
    if isinstance(told, Attachment):
        told = told.claim or told.observation or told
    if not isinstance(told, Claim):
        return Answer(True, Disclosure.NOTHING, "Perceived by the mission itself; nobody's consent is needed.")
    return answers([told], use, audience, on)[told.id]


def answers(claims: Iterable[Claim], use: Use, audience: str | Sequence[str] = "", on: date | None = None) -> dict[UUID, Answer]:
    """The same for many claims at once, in one query (two when words are quoted from public addresses)."""
    claims = list(claims)
    try:
        use = Use(use)
    except ValueError:
        raise BadInput.of(Fault("use", say("is one of {names}", names=", ".join(one.value for one in Use)))) from None
    lines = list(Consent.objects.filter(source_id__in={claim.source_id for claim in claims}, use=use.value).order_by("given", "id"))
    day = on or today()
    by_source: dict[UUID, list[Consent]] = {}
    for line in lines:
        by_source.setdefault(line.source_id, []).append(line)
    names = [audience] if isinstance(audience, str) else list(audience)
    public = quoting(claims)
    return {claim.id: _answer(claim, by_source.get(claim.source_id, []), use, names, day, claim.id in public) for claim in claims}


def quoting(claims: Iterable[Claim]) -> set[UUID]:
    """Of these claims, those whose words stand at the public address of their source."""
    quoted = [claim for claim in claims if claim.quoted_from]
    spoken = dict(Source.objects.filter(pk__in={claim.source_id for claim in quoted}).values_list("id", "public_source")) if quoted else {}
    return {claim.id for claim in quoted if stands_at(claim.quoted_from, spoken.get(claim.source_id, ""))}


def stands_at(address: str, public_source: str) -> bool:
    """Whether an address is the public address of a source, or lies below it."""
    plain, own = (one.split("#")[0].rstrip("/") for one in (address, public_source))
    return bool(own) and (plain == own or plain.startswith((f"{own}/", f"{own}?")))


def open_parts(source: Source, claim: Claim | None = None) -> list[Part]:
    """What could be taken back today: for one claim what covers it, for a source everything it allowed or said in public."""
    lines = [line for line in Consent.objects.filter(source=source).order_by("id") if line.stands(today())]
    claims = [claim] if claim is not None else list(Claim.objects.filter(source=source))
    found = dict.fromkeys(
        Part(Use(line.use), line.audience)
        for line in lines
        if line.claim_id is None or any(line.claim_id == one.id for one in claims)
    )  # fmt: skip
    public = quoting(claims)
    said = {use: answers(claims, use) for use in Use} if claim is not None or public else {}
    found |= dict.fromkeys(Part(use) for use in said if any(said[use][one].public for one in public))
    if claim is not None:
        found = {part: None for part in found if allows(claim, part.use, part.audience).yes}
    return sorted(found, key=lambda part: (list(Use).index(part.use), part.audience))


def words_open_to(claims: Iterable[Claim], by: Hand) -> set[UUID]:
    """Of these claims, those whose words this hand may read: its own unit's, and where the source allowed it to the mission."""
    claims = list(claims)
    own = {claim.id for claim in claims if may(by, Verb.CLAIM_EDIT, claim)}
    return own | {pk for pk, answer in answers([claim for claim in claims if claim.id not in own], Use.INTERNAL).items() if answer.yes}


def _answer(claim: Claim, lines: list[Consent], use: Use, names: Sequence[str], day: date, public: bool) -> Answer:
    keys, audience = {fold(name) for name in names}, next(iter(names), "")
    fitting = [line for line in lines if line.given <= day and (not line.audience or fold(line.audience) in keys)]
    deciding = [line for line in fitting if line.claim_id == claim.id] or [line for line in fitting if line.claim_id is None]
    named = say(use.label)
    words = say("“{use}” towards {audience}", use=named, audience=audience) if audience else say("“{use}”", use=named)
    again = "Asked again, the source could allow: {words}, showing nothing, the code, the role or the name, with an end date."
    ask = say(again, words=words)
    if not deciding and public:
        return Answer(True, Disclosure.ROLE, SAID_IN_PUBLIC, public=True)
    if not deciding:
        return Answer(False, Disclosure.NOTHING, say("No consent for {words} is written down; absence is a no.", words=words), ask)
    line = deciding[-1]
    if line.withdrawn is not None:
        return Answer(False, Disclosure.NOTHING, say(
            "Consent for {words} was taken back on {day}.",
            words=words, day=line.withdrawn.date().isoformat(),
        ), ask)
    if not line.stands(day):
        return Answer(False, Disclosure.NOTHING, say("Consent for {words} ended on {day}.", words=words, day=line.expires), ask)
    shown = Disclosure(line.disclosure)
    return Answer(True, shown, say(
        "Allowed on {given}: {words}. Shown: {shown}.",
        given=line.given.isoformat(), words=words, shown=say(shown.label),
    ))
