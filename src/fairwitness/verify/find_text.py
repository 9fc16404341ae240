"""Find the text that was in force on a day: a check is held against the law as it stood then, not as it stands now.

The rule it guards: nobody is measured by a text that was not yet, or no longer, in force. Where the text changed, the
one that amended it is taken for the days it covers; where none covers the day, we say so instead of guessing.
"""

from __future__ import annotations

from datetime import date

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.models import Standard


def covers(standard: Standard, day: date) -> bool:
    """Whether the text is in force on that day, as far as its dates are known. An unknown date does not shut it out."""
    begun = standard.in_force_from is None or standard.in_force_from <= day
    return begun and (standard.in_force_to is None or day <= standard.in_force_to)


def find_text(standard: Standard, day: date, field: str) -> Standard:
    """The text in force on the day: this one, or one that amended it. BadInput at `field` when there is none."""
    seen, todo = {standard.code}, [standard]
    while todo:
        text = todo.pop(0)
        if covers(text, day):
            return text
        next_codes = [code for code in text.amended_by if code not in seen]
        seen.update(next_codes)
        todo += Standard.objects.filter(code__in=next_codes).order_by("in_force_from", "code")
    raise BadInput.of(
        Fault(
            field,
            say(
                "{title} was {in_force_words}, so not on {day:%d.%m.%Y}. Choose a day on which it was, or state "
                "the obligation under the text of that day.",
                title=standard.title, in_force_words=in_force_words(standard), day=day,
            ),
        )
    )


def in_force_words(standard: Standard) -> str:
    """From when to when, in words; a date we do not have is said to be missing."""
    begun = f"in force from {standard.in_force_from:%d.%m.%Y}" if standard.in_force_from else "in force from a date not stated here"
    return f"{begun} to {standard.in_force_to:%d.%m.%Y}" if standard.in_force_to else begun


def cite(standard: Standard, day: date) -> str:
    """The text as it is kept with a check: title, article, in force when, read on which day, and the words where we hold them."""
    head = ", ".join(part for part in (standard.title, standard.article) if part)
    parts = [f"{head} ({in_force_words(standard)}; held against on {day:%d.%m.%Y})"]
    if standard.text.strip():
        parts.append(standard.text.strip())
    return "\n".join(parts)
