"""Account: the password and second factor by which a member signs in at this node.

An account never leaves its node and is not on record: signing in writes to it. What a member may do
hangs on the member's posts, never on the account.
"""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no superuser to make."""

    def create_account(self, username: str, password: str | None, member_id: UUID) -> Account:
        """A new account for a member. `password` None cannot sign in until it is reset."""
        account = self.model(username=username, member_id=member_id)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Names are compared without case."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """Signs in at this node as one member."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True, default="")
    member = models.OneToOneField("mission.Member", on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    made = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        """The name typed at the door."""
        return self.username

    def renew(self, password: str, *, without_factors: bool = False) -> None:
        """Set a new password and open the account. Every session under the old password ends."""
        self.set_password(password)
        self.is_active = True
        self.save(update_fields=["password", "is_active"])
        if without_factors:
            apps.get_model("mfa", "Authenticator").objects.filter(user_id=self.pk).delete()

    def close(self) -> None:
        """Nobody signs in with this account any more; its sessions end at once."""
        self.is_active = False
        self.set_unusable_password()
        self.save(update_fields=["password", "is_active"])

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Never: rights come from posts (`mission.access`)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Never."""
        return False
