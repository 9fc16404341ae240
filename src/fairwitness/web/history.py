"""History: what is on record about the things of a page, as lines a person can read and a stranger can check.

Who acted stands by post and member code, never by name; the act is the verb's past; the proof is folded under it. The words of
an entry (its body) are never shown here, only its reason where one was given. The rule it guards: whoever may not
read the thing does not read its history, so `lines` is called for things the reader has open already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fairwitness.mission.models import Member, Tenure
from fairwitness.record.checkpoint import newest
from fairwitness.record.hand import Hand
from fairwitness.record.look_back import Line, read
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

PAST = {verb.value: verb.past for verb in Verb}
DOORS = {
    "staff": "staff door",
    "phone": "phone",
    "peer": "another node",
    "public": "public door",
    "command": "command line",
    "worker": "worker",
}


def lines(ids: Iterable[UUID], hand: Hand, limit: int = 30) -> list[dict[str, Any]]:
    """Entries about these things for `parts/history.html`, newest first, in four queries whatever their number.

    `hand` is the reader: nobody but a member reads the inner log's lines.
    """
    if hand.member is None:
        return []
    subjects = [str(one) for one in ids]
    found = list(Entry.objects.filter(subject__in=subjects).order_by("-seq")[:limit])
    return shown(found)


def shown(entries: list[Entry]) -> list[dict[str, Any]]:
    """Entries as lines."""
    if not entries:
        return []
    checkpoint = newest()
    told = [(entry, read(entry)) for entry in entries]
    posts = posts_at([line for _entry, line in told])
    size, root = (checkpoint.size, bytes(checkpoint.root).hex()) if checkpoint else (0, "")
    return [
        {
            "seq": line.seq, "at": moment(line.recorded), "door": _(DOORS.get(line.door, line.door)), "post": posts[line.seq],
            "act": _(PAST.get(line.verb, line.verb)), "why": line.why, "proof": proof(entry, size, root),
            "url": reverse("web:entry", args=[line.seq]), "entry": line.entry,
        }
        for entry, line in told
    ]  # fmt: skip


def proof(entry: Entry, size: int, root: str) -> str:
    """What somebody needs to check one entry: its leaf, the signed size and root that cover it, the command."""
    covered = f"{size}\nroot   {root}" if size > entry.seq else _("not yet; the next one covers it")
    leaf, command = bytes(entry.leaf).hex(), "fairwitness verify"
    return f"entry  {entry.entry}\nleaf   {leaf}\nsigned {covered}\n{_('check')}  {command}"


def posts_at(told: Iterable[Line]) -> dict[int, str]:
    """For each line, the post its member held then, with the member's code; the door where nobody had signed in."""
    rows = list(told)
    members = {line.member for line in rows if line.member}
    codes = {str(key): code for key, code in Member.objects.filter(pk__in=members).values_list("id", "code")}
    held: dict[str, list[Tenure]] = {}
    for tenure in Tenure.objects.filter(member_id__in=members).select_related("post").order_by("kind", "-since"):
        held.setdefault(str(tenure.member_id), []).append(tenure)
    return {line.seq: _who(line, codes, held) for line in rows}


def _who(line: Line, codes: Mapping[str, str], held: Mapping[str, list[Tenure]]) -> str:
    if line.member is None:
        return str(_("the node itself"))
    then = moment(line.recorded)
    for tenure in reversed(held.get(line.member, [])):
        if then is not None and tenure.since <= then and (tenure.until is None or then < tenure.until):
            return f"{tenure.post.title} ({codes.get(line.member, '?')})"
    return codes.get(line.member, str(_("another node's member")))


def moment(text: str) -> datetime | None:
    """A recorded time as a moment."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
