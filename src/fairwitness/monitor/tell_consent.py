"""Tell consent: the words read out to a source before it allows or refuses anything, and who answers for them.

A text has a part for each thing that a person must have heard to consent: who asks, what for, how the words are used, who may read
them, what is shown of the person, what can go wrong, that consent may be taken back, and what taking back cannot undo (after the
OHCHR Manual on Human Rights Monitoring, chapters on interviewing and protection). The rules it guards: no part is left out; nobody
releases what they wrote; no text is read out before it was released, on record, with how it was checked; a newer version takes the
place of the older for what is asked from then on, and consent given before keeps pointing at the words that were read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from fairwitness.errors import OutOfOrder, Refused, say
from fairwitness.mission.access import may, require
from fairwitness.mission.models import Grant, Post
from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import ConsentText
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

LANGUAGES = ("en", "sq", "sr-Latn", "sr-Cyrl", "tr", "bs", "rom")
PARTS = ("who", "purpose", "use", "audience", "disclosure", "risks", "withdraw", "undone")
LONGEST = 3_000
OWN_WORDS = 300


def write_text(language: str, parts: dict[str, str], *, by: Hand, note: str = "", thing_id: UUID | None = None) -> ConsentText:
    """Write the next version of the text in a language. It is not used until somebody else releases it."""
    require(by, Verb.CONSENT_TEXT_WRITE)
    reading = Reading()
    language = reading.one_of("language", language, LANGUAGES)
    said = {part: reading.text(part, parts.get(part, ""), LONGEST, needed=True) for part in PARTS}
    note = reading.text("note", note, 300)
    reading.done()
    with writing(by):
        before = ConsentText.objects.filter(pk=thing_id).first() if thing_id else None
        if before is not None:
            return before
        last = ConsentText.objects.filter(language=language).aggregate(last=Max("version"))["last"] or 0
        made = ConsentText(
            language=language, version=last + 1, parts=said, note=note, author_id=by.member, **({"id": thing_id} if thing_id else {})
        )
        made.keep(by=by, verb=Verb.CONSENT_TEXT_WRITE)
    return made


def release_text(text: ConsentText, *, checked: str, by: Hand, base: UUID | None = None) -> ConsentText:
    """Release a text for reading out, saying how it was checked. Never by who wrote it."""
    require(by, Verb.CONSENT_TEXT_RELEASE)
    if by.member is None:
        raise Refused(
            "A text on consent is released by a member, by name; no machine answers for it.", verb=Verb.CONSENT_TEXT_RELEASE.value
        )
    if text.author_id == by.member:
        raise Refused(
            "Whoever wrote a text on consent does not release it. Ask somebody else who reads this language.",
            verb=Verb.CONSENT_TEXT_RELEASE.value,
        )
    reading = Reading()
    how = reading.text("checked", checked, 300, needed=True)
    reading.done()
    if text.released is not None:
        raise OutOfOrder("This text is released already. A change is a new version.")
    if base is not None:
        text.entry = base
    text.released, text.released_by_id, text.checked = today(), by.member, how
    text.keep(by=by, verb=Verb.CONSENT_TEXT_RELEASE, why=how)
    return text


def standing(on: date | None = None) -> list[ConsentText]:
    """The texts that may be read out: in each language the newest that was released by that day (today, where none is given)."""
    released = ConsentText.objects.filter(released__isnull=False, released__lte=on or today()).order_by("released", "version", "id")
    newest = {text.language: text for text in released}
    return [newest[language] for language in LANGUAGES if language in newest]


def missing(texts: Iterable[ConsentText]) -> list[str]:
    """The languages in which there is no text among these."""
    held = {text.language for text in texts}
    return [language for language in LANGUAGES if language not in held]


def who_releases() -> list[str]:
    """The posts that may release a text: whom to ask."""
    roles = Grant.objects.filter(verb=Verb.CONSENT_TEXT_RELEASE.value, until__isnull=True).values_list("role", flat=True)
    posts = Post.objects.filter(role__in=list(roles), abolished__isnull=True).order_by("title").values_list("title", flat=True)
    return list(dict.fromkeys(posts))


def may_release(text: ConsentText, by: Hand) -> bool:
    """Whether this hand could release this text today."""
    return text.released is None and by.member is not None and text.author_id != by.member and may(by, Verb.CONSENT_TEXT_RELEASE)


def read_how_told(reading: Reading, text: Any, own_words: str, language: str, given: date | None) -> dict[str, Any]:
    """How a source was told: which text was read out, or in which words of one's own. Faults go to the reading."""
    own = reading.text("own_words", own_words, OWN_WORDS)
    if text is not None and not isinstance(text, ConsentText):
        reading.fault("text", "is not a text on consent; choose one of the list")
        text = None
    if text is not None:
        _fault_of(reading, text, language, given)
    return {"text": text, "own_words": own}


def _fault_of(reading: Reading, text: ConsentText, language: str, given: date | None) -> None:
    if text.released is None:
        reading.fault("text", "is not released; nobody reads it out before somebody other than its author checked and released it")
    elif given is not None and text not in standing(given):
        reading.fault("text", say("was not the one in force on {day}; choose the version of that day, or say it in own words", day=given))
    elif language and _spoken(language) != _spoken(text.language):
        said = "is in {one}, and consent was given in {other}; what an interpreter said instead is told in own words"
        reading.fault("text", say(said, one=text.language, other=language))


def _spoken(language: str) -> str:
    """Speech has no script: Serbian read out is Serbian from either page."""
    return language.strip().lower().replace("_", "-").split("-")[0]
