"""Languages in words: what a reader sees is “Bosnian”, in the reader's own language, where a row keeps the code bs.

The rule it guards: a code nobody has a word for is printed as it stands, never dropped.
"""

from __future__ import annotations

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


def language_word(code: str) -> str:
    """The name of a language in the reader's language; the code itself where nobody has a word for it."""
    ours = {"rom": _("Romani"), "sr-latn": _("Serbian (Latin)"), "sr-cyrl": _("Serbian (Cyrillic)")}
    if (found := ours.get(code.lower())) is not None:
        return found
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
