"""Enrol: the account by which a member signs in at this node, from the first password to the closed door.

A password is made by chance and shown once; nobody chooses one for somebody else. A lost one is reset by two persons:
one asks, another confirms, neither is the one who lost it, and all of it goes on record. Passwords never do.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from fairwitness.errors import BadInput, Fault, NotThere, OutOfOrder, Refused
from fairwitness.mission.access import require
from fairwitness.mission.models import Member
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.quota import first_since
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

KIND = "web.account"
ASKED_FOR = timedelta(hours=24)
ALL, FACTORS = "all", "factors"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Asked:
    """A reset somebody asked for and nobody has confirmed yet."""

    entry: str
    member: UUID
    asked_by: str | None
    at: str
    reason: str
    what: str = "all"


def random_password() -> str:
    """Five groups of four, some 99 bits: easy to copy by hand, impossible to guess."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def make_account(member: Member, username: str, *, by: Hand) -> str:
    """Make the account of a member. Returns its password, which nobody will see again."""
    require(by, Verb.MEMBER_ENROL)
    username = username.strip()
    if not username or len(username) > 60 or not all(sign.isalnum() or sign in "._-" for sign in username):
        raise BadInput.of(Fault("username", "Use letters, figures, full stop, hyphen and underscore, at most 60 of them."))
    if Account.objects.filter(username__iexact=username).exists():
        raise BadInput.of(Fault("username", "This name is taken at this node. Choose another."))
    if Account.objects.filter(member_id=member.id).exists():
        raise BadInput.of(Fault("username", "This member has an account at this node already."))
    if member.left is not None:
        raise BadInput.of(Fault("username", "This member has left the mission."))
    password = random_password()
    with writing(by):
        Account.objects.create_account(username, password, member.id)
        note(by=by, verb=Verb.MEMBER_ENROL, kind=KIND, subject=member.id, content={"step": "made"})
    return password


def ask_reset(member: Member, reason: str, *, by: Hand, what: str = ALL) -> None:
    """Ask that a member gets a new password, or (`FACTORS`) a new second factor under the old one. Another confirms within a day."""
    require(by, Verb.CREDENTIAL_RESET)
    account = _account(member)
    if not reason.strip():
        raise BadInput.of(Fault("reason", "Say why: for example “lost the phone on 3 May, told me in person”."))
    if what not in (ALL, FACTORS):
        raise BadInput.of(Fault("what", "Choose what is lost: the password, or the second factor alone."))
    if by.member == member.id:
        raise Refused("Nobody asks for their own reset. Another custodian of accounts may.")
    if asked(member) is not None:
        raise OutOfOrder("A reset was asked for already and waits for a second person.")
    content = {"step": "asked", "reason": reason.strip()[:300], "what": what}
    note(by=by, verb=Verb.CREDENTIAL_RESET, kind=KIND, subject=account.member_id, content=content)


def confirm_reset(member: Member, *, by: Hand) -> str:
    """Confirm as the second person. Returns the new password once (empty where the password stays); sessions and second factors end."""
    require(by, Verb.CREDENTIAL_RESET)
    account, waiting = _account(member), asked(member)
    if waiting is None:
        raise OutOfOrder("Nobody has asked for this reset in the last 24 hours. One person asks, another confirms.")
    if by.member is None or str(by.member) == waiting.asked_by or by.member == member.id:
        raise Refused("A reset takes two persons: who asked for it, or lost the password, cannot confirm it. Another custodian may.")
    if waiting.what == FACTORS and not account.has_usable_password():
        raise OutOfOrder("This account has no password, so a new second factor would open nothing. Ask for a new password instead.")
    password = random_password() if waiting.what == ALL else ""
    content = {"step": "confirmed", "asked": waiting.entry, "what": waiting.what}
    with writing(by):
        if password:
            account.renew(password, without_factors=True)
        else:
            account.lose_factors()
        note(by=by, verb=Verb.CREDENTIAL_RESET, kind=KIND, subject=member.id, content=content)
    end_sessions(account)
    return password


def send_away(member: Member, reason: str, *, by: Hand) -> int:
    """End every session of a member, for example of a stolen laptop: one person may, at once. Returns how many there were."""
    require(by, Verb.CREDENTIAL_RESET)
    account = _account(member)
    if not reason.strip():
        raise BadInput.of(Fault("why", "Say why: for example “laptop stolen on 3 May, told me by telephone”."))
    many = len(sessions_of(account))
    content = {"step": "sent away", "reason": reason.strip()[:300], "sessions": many}
    note(by=by, verb=Verb.CREDENTIAL_RESET, kind=KIND, subject=member.id, content=content)
    end_sessions(account)
    return many


def close_account(member: Member, *, by: Hand) -> None:
    """Close the account of a member, if there is one: nobody signs in with it from this moment."""
    require(by, Verb.MEMBER_ENROL)
    account = Account.objects.filter(member_id=member.id).first()
    if account is None:
        return
    with writing(by):
        account.close()
        note(by=by, verb=Verb.MEMBER_ENROL, kind=KIND, subject=member.id, content={"step": "closed"})
    end_sessions(account)


def asked(member: Member) -> Asked | None:
    """The reset that waits for its second person, if any."""
    return asked_for().get(member.id)


def asked_for() -> dict[UUID, Asked]:
    """All resets that wait for their second person, by member."""
    began = datetime.now(UTC) - ASKED_FOR
    found: dict[UUID, Asked] = {}
    lately = Entry.objects.filter(seq__gte=first_since(began), recorded__gte=stamp(began), kind=KIND)
    for entry in lately.filter(verb=Verb.CREDENTIAL_RESET.value).order_by("seq"):
        said, member = read_note(entry), UUID(entry.subject)
        if said.get("step") == "asked":
            reason, what = str(said.get("reason", "")), str(said.get("what", ALL))
            found[member] = Asked(entry.entry, member, entry.member, entry.recorded, reason, what)
        elif said.get("step") == "confirmed":
            found.pop(member, None)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody did to the account of a member: when, which step, by whom (a member's id), why."""

    at: str
    step: str
    by: str | None
    reason: str
    what: str


def told_about(member: UUID, since: datetime | None = None) -> list[Told]:
    """What others did to the account of this member, newest first: so that the owner learns of it."""
    rows = Entry.objects.filter(subject=str(member), kind=KIND).exclude(member=str(member)).order_by("-seq")
    if since is not None:
        rows = rows.filter(recorded__gt=stamp(since))
    said = [(entry, read_note(entry)) for entry in rows[:20]]
    return [Told(e.recorded, str(n.get("step", "")), e.member, str(n.get("reason", "")), str(n.get("what", ""))) for e, n in said]


def _account(member: Member) -> Account:
    account = Account.objects.filter(member_id=member.id).first()
    if account is None:
        raise NotThere("This member has no account at this node.")
    return account


def sessions_of(account: Account) -> list[tuple[str, dict[str, str]]]:
    """The open sessions of an account: key, and where and when each began."""
    found = []
    for session in Session.objects.filter(expire_date__gt=datetime.now(UTC)).order_by("-expire_date"):
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(account.pk):
            found.append((session.session_key, dict(held.get("fairwitness_seen") or {})))
    return found


def end_sessions(account: Account, *, but: str | None = None, only: str | None = None) -> int:
    """End the sessions of an account (all, all but one, or one). Returns how many."""
    keys = [key for key, _ in sessions_of(account) if key != but and (only is None or key == only)]
    for key in keys:
        SessionStore(key).flush()
    return len(keys)
