"""Account: the password and second factor by which a member signs in at this node.

An account never leaves its node and is not on record: signing in writes to it. What a member may do
hangs on the member's posts, never on the account. The same holds for drafts, words nobody has sent yet, and for the daily mail: the
address a member gave this node and nobody else.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
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


class Digest(models.Model):
    """That a member wants what needs them once a day by mail: off until they confirm that the address is theirs.

    `last_day` is the last day on which a mail was sent, or begun; it is written before a mail leaves, so that no second one
    can follow. A server that refused one is asked again from `not_before` on.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="digest")
    address = models.EmailField()
    language = models.CharField(max_length=16)
    code = models.CharField(max_length=64)
    asked = models.DateTimeField()
    confirmed = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose it is; never the address."""
        return self.account.username

    @classmethod
    def ask(cls, account: Account, address: str, language: str, code: str, now: datetime) -> Digest:
        """Keep an address that is not confirmed yet, in the place of any before."""
        fresh = {"address": address, "language": language, "code": code, "asked": now, "confirmed": None, "tries": 0, "not_before": None}
        return cls.objects.update_or_create(account=account, defaults=fresh)[0]

    @classmethod
    def end(cls, account: Account) -> None:
        """Forget the address."""
        cls.objects.filter(account=account).delete()

    def confirm(self, language: str, now: datetime) -> None:
        """The address is theirs."""
        self.confirmed, self.code, self.language = now, "", language
        self.save(update_fields=["confirmed", "code", "language"])

    @classmethod
    def due(cls, day: date, now: datetime) -> models.QuerySet[Digest]:
        """Those to whom this day's mail has not gone, who still serve and can still sign in."""
        here = models.Q(account__member__left__isnull=True) | models.Q(account__member__left__gt=day)
        waiting = (models.Q(last_day__isnull=True) | models.Q(last_day__lt=day)) & (
            models.Q(not_before__isnull=True) | models.Q(not_before__lte=now)
        )
        return cls.objects.filter(here, waiting, confirmed__isnull=False, account__is_active=True).order_by("pk")

    def take(self, day: date) -> bool:
        """Take this day's mail for oneself, before it leaves; of two that try, one does.

        One plain condition on the row itself: whoever waits for it on PostgreSQL holds that against the row as it then stands.
        """
        unchanged = models.Q(last_day__isnull=True) if self.last_day is None else models.Q(last_day=self.last_day)
        return self.last_day != day and bool(type(self).objects.filter(unchanged, pk=self.pk).update(last_day=day))

    def give_back(self, not_before: datetime) -> None:
        """The server took nothing: the day is open again from then on."""
        changes = {"last_day": self.last_day, "tries": self.tries + 1, "not_before": not_before}
        type(self).objects.filter(pk=self.pk).update(**changes)

    def went(self) -> None:
        """Nothing has to be tried again."""
        type(self).objects.filter(pk=self.pk).update(tries=0, not_before=None)
