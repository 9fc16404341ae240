"""One person under two codes? The role of identities compares what lies in the vault, with a reason, and sees pairs of codes.

The rule it guards: nothing derived from a name is on the page, kept or logged; the answer is stored in no cache; a pair is a question and
not a finding.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from fairwitness.analyse.match_sources import Pair, match_sources
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page, sent, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_source_forms import CompareVaultForm


@door(Verb.IDENTITY_COMPARE, "GET", "POST")
def compare_vault(request: StaffRequest) -> HttpResponse:
    """Compare, with a reason. The answer is not kept anywhere."""
    form = CompareVaultForm(sent(request), hand=request.hand)
    found: list[Pair] | None = None
    if request.method == "POST" and form.is_valid():
        with told(form):
            found = match_sources(why=form.cleaned_data["why"], by=request.hand)
    pairs = None if found is None else [(one, other, _chance(value)) for one, other, value in found]
    answer = page(request, "web/monitor/vault_duplicates.html", {"verb_now": "monitor", "form": form, "pairs": pairs})
    answer["Cache-Control"] = "no-store"
    return answer


def _chance(value: float) -> str:
    """A probability in two digits, never as a certainty."""
    return _("probability above 0.99") if value > 0.99 else _("probability %(value)s") % {"value": f"{value:.2f}"}


urls = [path("monitor/vault/duplicates/", compare_vault, name="vault_duplicates")]
