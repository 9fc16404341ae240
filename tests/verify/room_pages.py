"""A door for the page tests of verifying, analysing and warning: sign in as one of the people, read the words of a page."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from fairwitness.mission.models import Member
from fairwitness.web.models import Account


def client(member: Member) -> Client:
    """Signed in as this member."""
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(f"a-{member.code.lower()}", None, member.pk)
    made = Client()
    made.force_login(account)
    return made


def words(response: Any) -> str:
    """The page's words, without its drawings."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def once_and_base(response: Any) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    found = re.findall(r'<input type="hidden" name="(once|base)"(?: value="([^"]*)")?', response.content.decode())
    return {name: value for name, value in found if value}
