"""Fields that say how a source was told what consent means: the released text that was read out, or one's own words.

The rule it guards: only released texts are offered; where a language has none, the form says so and whom to ask; and consent is never
written down on its own page without saying how the source was told.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import ConsentText
from fairwitness.monitor.tell_consent import OWN_WORDS, missing, standing, who_releases
from fairwitness.web.language_words import language_word


class TextChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A released text by language and version; the newest of each language first, then those it took the place of."""

    def __init__(self, **options: Any) -> None:
        """Nothing is offered that nobody released."""
        released = ConsentText.objects.filter(released__isnull=False).order_by("language", "-version")
        super().__init__(released, required=False, empty_label=lazy("none: told in own words"), **options)

    def label_from_instance(self, obj: ConsentText) -> str:
        """“Albanian, version 2, released on 3 May 2026”."""
        return named(obj)


def named(text: ConsentText) -> str:
    """A text by its language, version and day of release."""
    parts = {"language": language_word(text.language), "version": text.version}
    if text.released is None:
        return _("%(language)s, version %(version)s, not released") % parts
    return _("%(language)s, version %(version)s, released on %(day)s") % (parts | {"day": date_format(text.released, "DATE_FORMAT")})


class HowTold(forms.Form):
    """The two fields; a form that has them calls `add_how_told` once its fields stand."""

    text: Any
    told_needed = False

    def add_how_told(self, *, needed: bool) -> None:
        """Offer what is released, say what is not."""
        self.told_needed = needed
        self.fields["text"] = TextChoice(label=lazy("Text that was read out"), help_text=said_of_missing())
        self.fields["own_words"] = forms.CharField(
            label=lazy("How they were told, in own words"), max_length=OWN_WORDS, required=False,
            help_text=lazy("Where no text was read out: what you said, and why none was read. No names"),
        )  # fmt: skip
        if needed:
            self.fields["own_words"].needed_when = lazy("needed where no text was read out")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """How they were told is said in one way or the other."""
        data = super().clean() or {}
        if self.told_needed and not data.get("text") and not data.get("own_words") and not self.errors.keys() & {"text", "own_words"}:
            self.add_error("own_words", _("Say how they were told: choose the text that was read out, or write down what you said."))
        return data


def said_of_missing() -> str:
    """Which languages have no released text, and who could release one."""
    lacking = missing(standing(today()))
    if not lacking:
        return ""
    names, posts = ", ".join(language_word(one) for one in lacking), who_releases()
    who = ", ".join(posts) if posts else pgettext("who may release", "nobody at present")
    return _("No released text yet in: %(names)s. Releasing is for: %(who)s.") % {"names": names, "who": who}
