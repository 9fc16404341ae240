"""Account: the password and second factor by which a member signs in at this node.

An account never leaves its node and is not on record: signing in writes to it. What a member may do
hangs on the member's posts, never on the account. The same holds for drafts: words nobody has sent yet.
"""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from fairwitness.errors import Gone, Tampered
from fairwitness.record.seal import open_bytes, seal_bytes


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
            self.lose_factors()

    def lose_factors(self) -> None:
        """Take away every second factor: at the next sign-in one is set up anew, before anything else where the node requires one."""
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


class Draft(models.Model):
    """What somebody began to type into a form and has not sent: nobody's statement yet, so not on record.

    It belongs to one account and one page, lies sealed under a key of that account, is opened to nobody else, and goes when the
    form was accepted, when it is forgotten, or after fourteen days.
    """

    DAYS = 14
    MOST = 200_000
    MOST_KEPT = 40

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=300)
    name = models.CharField(max_length=60)
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "page", "name"], name="one_draft_per_form")]

    def __str__(self) -> str:
        """Where it was typed."""
        return self.page

    @classmethod
    def scope(cls, account: Account) -> str:
        """The name of the key under which a member's drafts lie."""
        return f"draft:{account.member_id}"

    @classmethod
    def put(cls, account: Account, page: str, name: str, words: list[tuple[str, str]]) -> Draft:
        """Keep these words in the place of what was kept before; the oldest go when there are more than forty, or after fourteen days."""
        body = json.dumps(words, ensure_ascii=False).encode()
        sealed = seal_bytes(cls.scope(account), body, about=f"{page} {name}".encode())
        now = timezone.now()
        draft, _made = cls.objects.update_or_create(account=account, page=page, name=name, defaults={"sealed": sealed, "at": now})
        mine = cls.objects.filter(account=account).order_by("-at")
        kept = list(mine.filter(at__gte=now - timedelta(days=cls.DAYS)).values_list("pk", flat=True)[: cls.MOST_KEPT])
        mine.exclude(pk__in=kept).delete()
        return draft

    def words(self) -> list[tuple[str, str]] | None:
        """Names and values in the order of the form; None when the key is gone."""
        try:
            held = json.loads(open_bytes(self.scope(self.account), bytes(self.sealed), about=f"{self.page} {self.name}".encode()))
        except (Gone, Tampered):
            return None
        return [(str(name), str(value)) for name, value in held]

    @classmethod
    def settle(cls, account: Account, *pages: str) -> None:
        """The forms of these pages were accepted, or the person wants their drafts forgotten."""
        cls.objects.filter(account=account, page__in=pages).delete()
