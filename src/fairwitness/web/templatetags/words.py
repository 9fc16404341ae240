"""Words for codes in templates: `{{ claim.language|language_word }}` says Bosnian where the row says bs."""

from __future__ import annotations

from django import template

from fairwitness.web.language_words import language_word

register = template.Library()
register.filter("language_word", language_word)
