"""Sign-in: nobody registers from outside; a failed sign-in never tells whether the name exists."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No registration from outside."""

    def is_open_for_signup(self, request: object) -> bool:
        """Accounts are made by those who enrol members."""
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: TOTP, passkeys, recovery codes."""
