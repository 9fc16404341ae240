"""How we say no.

    FairwitnessError
    ├── BadInput          what was sent cannot be taken: says what, where, what to do            400
    │   └── NotReadable   a file or body is not of the form it claims                            400
    ├── Refused           the rights of the hand do not reach this far: says why and who may     403
    │   ├── NotThere      does not exist, or must look as if it did not                          404
    │   ├── GateClosed    one of the four keys of the exit does not turn                         403
    │   └── TooFast       a limiter asks to wait                                                 429
    ├── Stale             somebody else wrote first; both versions are kept for the reader       409
    │   └── OutOfOrder    the step does not follow from the state the thing is in                409
    ├── Gone              the key was destroyed: nobody can read this any more                   410
    ├── Unreachable       disk, database or network did not answer; nothing was written          503
    ├── Tampered          stored bytes are not the bytes that went on record                     500
    └── BrokenRule        a rule of the house was broken by its programmers                      500

Attacker, network, user and programmer never share a type. Each error has a stable `code`, a
`status` for the web door and a sentence with named parts.

A `Sentence` is English on record and the reader's language on a page: it is a string like any other, and remembers the
words it was made of, so that the door can say it again in another language. This module knows nothing of Django.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

Speak = Callable[[str, str, int | None], str]


def _in_english(one: str, many: str, count: int | None) -> str:
    return many if many and count != 1 else one


_speak: Speak = _in_english


def speak_with(speak: Speak) -> None:
    """Let the door say how a template reads in the reader's language: given (one, many, count), it returns the template to fill in."""
    global _speak
    _speak = speak


class Sentence(str):
    """A sentence in English, and the template and named parts it was made of. In HTML it reads in the reader's language."""

    one: str
    many: str
    number: int | None
    params: dict[str, Any]

    def __html__(self) -> str:
        """What a page shows: the reader's language, escaped."""
        return html.escape(spoken(self))


def say(template: str, **params: Any) -> Sentence:
    """A sentence. `params` are its named parts; a part that is itself a Sentence is translated with it, any other is left as it is."""
    made = Sentence(template.format(**params) if params else template)
    made.one, made.many, made.number, made.params = template, "", None, params
    return made


def say_many(one: str, many: str, count: int, **params: Any) -> Sentence:
    """A sentence that depends on a number, which its templates may name as {count}."""
    params = {"count": count, **params}
    made = Sentence((one if count == 1 else many).format(**params))
    made.one, made.many, made.number, made.params = one, many, count, params
    return made


def spoken(sentence: str) -> str:
    """A sentence as the reader reads it. A plain string is looked up as it stands; a translation that lost a part gives the English."""
    if not isinstance(sentence, Sentence):
        return _speak(str(sentence), "", None) if sentence else ""
    template = _speak(sentence.one, sentence.many, sentence.number)
    if not sentence.params:
        return template
    parts = {name: spoken(part) if isinstance(part, Sentence) else part for name, part in sentence.params.items()}
    try:
        return template.format(**parts)
    except (KeyError, IndexError, ValueError):
        return str(sentence)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent: where it stands and the remedy in one sentence.

    file and row are None where there is none; row counts from 1 as a person counts lines.
    """

    field: str
    sentence: str
    file: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, f"row {self.row}" if self.row else None, self.field) if part)
        return f"{place}: {self.sentence}" if place else self.sentence


class FairwitnessError(Exception):
    """The root. `str(error)` is the English sentence; `params` are its named parts."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, sentence: str, **params: Any) -> None:
        self.sentence = sentence if isinstance(sentence, Sentence) else say(sentence, **params)
        super().__init__(str(self.sentence))
        self.params = params


class BadInput(FairwitnessError):
    """What was sent cannot be taken. `faults` names every place at once, not just the first."""

    code = "bad_input"
    status = 400

    def __init__(self, sentence: str, *, faults: tuple[Fault, ...] = (), **params: Any) -> None:
        super().__init__(sentence, **params)
        self.faults = faults

    @classmethod
    def of(cls, *faults: Fault) -> BadInput:
        """An error made of its faults."""
        return cls("; ".join(str(fault) for fault in faults) or "Nothing was sent.", faults=faults)


class NotReadable(BadInput):
    """A file or a body is not of the form it claims to be."""

    code = "not_readable"


class Refused(FairwitnessError):
    """The rights of the hand do not reach this far. The sentence says why and who may."""

    code = "refused"
    status = 403


class NotThere(Refused):
    """Does not exist, or must look as if it did not: same status, same bytes."""

    code = "not_there"
    status = 404

    def __init__(self, sentence: str = "There is nothing here that you may open.", **params: Any) -> None:
        super().__init__(sentence, **params)


class GateClosed(Refused):
    """One of the four keys of the exit does not turn. `keys` names each key that stayed shut, with its reason."""

    code = "gate_closed"

    def __init__(self, sentence: str, *, keys: tuple[tuple[str, str], ...] = (), **params: Any) -> None:
        super().__init__(sentence, **params)
        self.keys = keys


class TooFast(Refused):
    """A limiter asks to wait."""

    code = "too_fast"
    status = 429


class Stale(FairwitnessError):
    """Somebody else wrote first. `mine` and `theirs` hold both versions, as far as the reader may see them."""

    code = "stale"
    status = 409

    def __init__(self, sentence: str, *, mine: Any = None, theirs: Any = None, **params: Any) -> None:
        super().__init__(sentence, **params)
        self.mine = mine
        self.theirs = theirs


class OutOfOrder(Stale):
    """The step does not follow from the state the thing is in."""

    code = "out_of_order"


class Gone(FairwitnessError):
    """The key was destroyed: nobody can read this any more."""

    code = "gone"
    status = 410


class Unreachable(FairwitnessError):
    """Disk, database or network did not answer; nothing was written."""

    code = "unreachable"
    status = 503


class Tampered(FairwitnessError):
    """Stored bytes are not the bytes that went on record."""

    code = "tampered"


class BrokenRule(FairwitnessError):
    """A rule of the house was broken by its programmers."""

    code = "broken_rule"
