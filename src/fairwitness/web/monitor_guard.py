"""Pages that guard people: a source by its code, what it allowed, the vault behind it.

The rule it guards: a source's page never says who it is. The vault opens for the role of identities alone, by a
sent form with a reason; what it shows is kept in no cache; and taking back is as easy as giving.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, visible
from fairwitness.monitor import vault
from fairwitness.monitor.claim import state_quote
from fairwitness.monitor.consent import give, open_parts, withdraw
from fairwitness.monitor.models import Claim, Identity, Source
from fairwitness.monitor.protect import is_shredded, protect_source
from fairwitness.monitor.source import may_know, register_source
from fairwitness.record.verbs import Verb
from fairwitness.web import vault_duplicates
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.monitor_rests import resting
from fairwitness.web.monitor_source_forms import (
    ConsentForm,
    IdentityForm,
    OpenVaultForm,
    ProtectForm,
    QuoteForm,
    SourceForm,
    TakeBackForm,
    VaultSearchForm,
)  # fmt: skip
from fairwitness.web.monitor_words import TAGS, answers_of, consent_of, rows
from fairwitness.web.monitor_write import ask, initial, sent
from fairwitness.web.verify_words import paged


def _source(request: StaffRequest, code: str) -> Source:
    return open_one(request.hand, Source.objects.select_related("unit", "organisation"), code=code)


def _claim(request: StaffRequest, source: Source) -> Claim | None:
    code = request.GET.get("claim", "")
    if not code:
        return None
    return open_one(request.hand, Claim.objects.select_related("source__unit", "unit"), code=code.replace("\x00", ""), source=source)


@door(Verb.OBSERVATION_READ)
def list_sources(request: StaffRequest) -> HttpResponse:
    """Sources by code."""
    context = paged(request, visible(request.hand, Source.objects.select_related("organisation")).order_by("-id"))
    context |= {"verb_now": "monitor", "may_register": may(request.hand, Verb.SOURCE_REGISTER)}
    context["may_search"] = may(request.hand, Verb.IDENTITY_SEARCH)
    return page(request, "web/monitor/sources.html", context)


@door(Verb.OBSERVATION_READ)
def show_source(request: StaffRequest, code: str) -> HttpResponse:
    """A source: code, what it allowed, what it told us. Never who it is."""
    return page(request, "web/monitor/source.html", _page_of(request, _source(request, code)))


def _page_of(request: StaffRequest, thing: Source, **more: Any) -> dict[str, Any]:
    hand = request.hand
    claims = visible(hand, Claim.objects.filter(source=thing)).select_related("place", "source").prefetch_related("attachments")
    newest = list(claims.order_by("-listed")[:50])
    consents = thing.consents.values_list("id", flat=True)
    vaults = Identity.objects.filter(source=thing).values_list("id", flat=True)
    return {
        "verb_now": "monitor", "thing": thing, "marking": thing.marking(), "tag": TAGS[thing.sensitivity], "shredded": is_shredded(thing),
        "consent": consent_of(
            thing, may_ask=may(hand, Verb.CONSENT_GIVE, thing), may_withdraw=may(hand, Verb.CONSENT_WITHDRAW, thing)
        ),
        "rows": rows(newest), "answers": answers_of(newest), "identity": Identity.objects.filter(source=thing).exists(),
        "address": thing.public_source if may_know(hand, thing) else "", "speaks": bool(thing.public_source),
        "entries": lines([thing.id, *consents, *vaults], hand),
        "may_open": may(hand, Verb.IDENTITY_OPEN, thing), "may_keep": may(hand, Verb.IDENTITY_KEEP, thing),
        "may_claim": may(hand, Verb.CLAIM_SUBMIT), "may_protect": may(hand, Verb.CONSENT_WITHDRAW, thing),
        "open_form": OpenVaultForm(hand=hand), **more,
    }  # fmt: skip


@door(Verb.SOURCE_REGISTER, "GET", "POST")
def register(request: StaffRequest) -> HttpResponse:
    """Register a source by code."""
    form = SourceForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = register_source(**form.said(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:source", made.code)
    return ask(request, form, _("Register a source by code"), _("Register it"), said=_("Who it is goes to the vault, on the next page."))


@door(Verb.IDENTITY_KEEP, "GET", "POST")
def keep_identity(request: StaffRequest, code: str) -> HttpResponse:
    """Put an identity into the vault."""
    thing = _source(request, code)
    form = IdentityForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            vault.keep_identity(thing, **form.said(), by=request.hand)
            messages.success(request, _("It lies in the vault, sealed. Only the role of identities can read it."))
            return redirect("web:source", thing.code)
    said = _("Sealed at once. From then on only the role of identities can read it; you cannot.")
    if Identity.objects.filter(source=thing).exists():
        said = _("An identity lies in the vault already. What you write here would stand in its place.")
    else:
        del form.fields["replace"]
    return ask(request, form, _("Who is %(code)s?") % {"code": thing.code}, _("Put it into the vault"), said=said)


@door(Verb.IDENTITY_OPEN, "POST")
def open_vault(request: StaffRequest, code: str) -> HttpResponse:
    """Open the vault for one source. The answer is not kept anywhere."""
    thing = _source(request, code)
    form = OpenVaultForm(request.POST, hand=request.hand)
    opened = None
    if form.is_valid():
        with told(form):
            opened = vault.open_identity(thing, why=form.cleaned_data["why"], by=request.hand)
    answer = page(request, "web/monitor/source.html", _page_of(request, thing, opened=opened, form=form, open_form=form))
    answer["Cache-Control"] = "no-store"
    return answer


@door(Verb.OBSERVATION_READ, "GET", "POST")
def search_vault(request: StaffRequest) -> HttpResponse:
    """Search the vault. Whoever has not the role finds nothing; each search is on record."""
    form = VaultSearchForm(sent(request), hand=request.hand)
    found = None
    if request.method == "POST" and form.is_valid():
        with told(form):
            found = vault.search_identity(form.cleaned_data["words"], by=request.hand)
    answer = page(request, "web/monitor/vault.html", {
        "verb_now": "monitor", "form": form, "found": found, "may_compare": may(request.hand, Verb.IDENTITY_COMPARE),
    })  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


@door(Verb.CONSENT_GIVE, "GET", "POST")
def give_consent(request: StaffRequest, code: str) -> HttpResponse:
    """Write down what a source allowed, in general or for one claim."""
    thing = _source(request, code)
    about = _claim(request, thing)
    form = ConsentForm(sent(request), hand=request.hand, initial=initial(request, "language"))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told(form):
            give(thing, form.scopes(), given=data["given"], language=data["language"], interpreter=data["interpreter"], claim=about,
                 text=data["text"], own_words=data["own_words"], by=request.hand)  # fmt: skip
            messages.success(request, _("Written down. It counts from this moment."))
            return redirect("web:claim", about.code) if about else redirect("web:source", thing.code)
    title = _("What %(code)s allows") % {"code": about.code if about else thing.code}
    return ask(request, form, title, _("Write it down"), said=_("What is not written is a no."))


@door(Verb.CONSENT_WITHDRAW, "GET", "POST")
def withdraw_consent(request: StaffRequest, code: str) -> HttpResponse:
    """Take consent back: of one claim or of a source, everything or the uses that are ticked; beside it, what that touches."""
    thing = _source(request, code)
    about = _claim(request, thing)
    form = TakeBackForm(sent(request), hand=request.hand, open_parts=open_parts(thing, about))
    if request.method == "POST" and form.is_valid():
        with told(form):
            withdraw(about or thing, parts=form.taken(), why=form.cleaned_data["why"], by=request.hand)
            messages.success(request, _("Taken back, and it holds already. What was public and rests on it is down."))
            return redirect("web:claim", about.code) if about else redirect("web:source", thing.code)
    title = _("Take back the consent of %(code)s") % {"code": about.code if about else thing.code}
    said = _("It holds at once. What has already left in print cannot be called back; the page of each report says so.")
    touched = resting([about] if about else Claim.objects.filter(source=thing), request.hand)
    return ask(request, form, title, _("Take it back"), said=said, touched=touched)


@door(Verb.CLAIM_EDIT, "GET", "POST")
def quote(request: StaffRequest, code: str) -> HttpResponse:
    """Say where a source published the words of a claim itself, or that it did not."""
    thing = open_one(request.hand, Claim.objects.select_related("source__unit", "unit"), code=code)
    shown = thing.quoted_from if may_know(request.hand, thing.source) else ""
    form = QuoteForm(sent(request), hand=request.hand, initial={"base": thing.entry, "quoted_from": shown})
    if request.method == "POST" and form.is_valid():
        with told(form):
            state_quote(thing, **form.said(), base=form.cleaned_data["base"], by=request.hand)
            messages.success(request, _("Kept, with its reason. What may no longer be used so is down already."))
            return redirect("web:claim", thing.code)
    return ask(request, form, _("Where is %(code)s quoted from?") % {"code": thing.code}, _("Keep it"), said=thing.headline)


@door(Verb.CONSENT_WITHDRAW, "GET", "POST")
def protect(request: StaffRequest, code: str) -> HttpResponse:
    """Protect a source: take everything back and, if asked, destroy the key."""
    thing = _source(request, code)
    form = ProtectForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            lines_ = protect_source(thing, why=form.cleaned_data["why"], destroy=form.cleaned_data["destroy"], by=request.hand)
            messages.success(request, _protected(len(lines_), form.cleaned_data["destroy"]))
            return redirect("web:source", thing.code)
    said = _("Not promised: copies that left, backups made before, old disks, and nodes that have not met this one since.")
    touched = resting(Claim.objects.filter(source=thing), request.hand)
    return ask(request, form, _("Protect %(code)s") % {"code": thing.code}, _("Protect this source"), said=said, touched=touched)


def _protected(taken: int, destroyed: bool) -> str:
    said = _("Taken back: %(lines)s lines of consent.") % {"lines": taken} if taken else _(
        "No consent stood any more, so there was nothing to take back and nothing new is on record."
    )
    return f"{said} {_('The key is destroyed; nobody can read these words any more.')}" if destroyed else said


urls = [
    path("monitor/sources/", list_sources, name="sources"),
    path("monitor/sources/new", register, name="source_new"),
    path("monitor/sources/<slug:code>/", show_source, name="source"),
    path("monitor/sources/<slug:code>/identity", keep_identity, name="identity_keep"),
    path("monitor/sources/<slug:code>/open", open_vault, name="identity_open"),
    path("monitor/sources/<slug:code>/consent", give_consent, name="consent_give"),
    path("monitor/sources/<slug:code>/withdraw", withdraw_consent, name="consent_withdraw"),
    path("monitor/sources/<slug:code>/protect", protect, name="source_protect"),
    path("monitor/claims/<slug:code>/quote", quote, name="claim_quote"),
    path("monitor/vault/", search_vault, name="vault"),
    *vault_duplicates.urls,
]
