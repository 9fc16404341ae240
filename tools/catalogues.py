"""Keep the translations: find every sentence of the program, bring the catalogues up to date, write Serbian Cyrillic from Latin.

    .venv/bin/python tools/catalogues.py update     # after sentences changed: new ones appear empty in each catalogue
    .venv/bin/python tools/catalogues.py compile    # after a translation changed: what the program reads
    .venv/bin/python tools/catalogues.py missing sq # what is still empty in a language, as JSON to fill in
    .venv/bin/python tools/catalogues.py fill sq translated.json   # take it in, after checking every placeholder and tag

Sentences are found by parsing: templates with the parser that renders them, Python by its syntax tree, labels of choices and
of verbs by asking the models. A catalogue is a PO file under `src/fairwitness/locale`, which any translation tool opens; its
header says whether a native speaker has reviewed it. Serbian in Cyrillic is never edited: it is the Latin catalogue, letter by
letter. The rule it guards: a language is complete or the test says what is missing.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "fairwitness"
LOCALE = SOURCE / "locale"
LANGUAGES = {"sq": "sq", "sr_Latn": "sr_Latn", "tr": "tr", "bs": "bs"}
FROM_LATIN = "sr"
PUBLIC_ONLY = ("rom",)
"""Languages of the public door alone: what a reader who never signs in can meet, and the months. No library knows their plurals;
they have the two forms of gettext itself, one and more."""
PUBLIC_CODE = {"web/public.py", "web/public_pictures.py", "web/tongue.py"}
NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue says nothing of the hour it was written
SKIPPED = ("migrations", "record/ledger", "web/commands", "web/demo")
# Which argument of which call is a sentence; `say` and the errors take it first, a fault names its field before it.
CALLS: dict[str, tuple[int, ...]] = {
    "_": (0,), "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,), "say": (0,), "spoken": (0,), "Fault": (1,), "fault": (1,),
    "_cannot": (1,), "Key": (0, 2, 3), "Answer": (2, 3), "Weakness": (1, 2), "Contradiction": (3, 4), "CannotPrint": (0,), "refuse": (1,),
    "OutOfOrder": (0,),
    "Refused": (0,), "NotThere": (0,), "GateClosed": (0,), "TooFast": (0,), "Stale": (0,), "Gone": (0,), "Unreachable": (0,),
    "BadInput": (0,),
    "NotReadable": (0,), "Clash": (0,), "TooMuch": (0,), "OldForm": (0,), "WrongMethod": (0,), "FairwitnessError": (0,),
}  # fmt: skip
PLURALS = {"ngettext": (0, 1), "ngettext_lazy": (0, 1), "say_many": (0, 1)}
SQL = re.compile(r"\s*(SELECT|INSERT|WITH|DELETE|CREATE|UPDATE|DROP|ALTER)\b")
NUMBER_WORDS = ("monitor/count.py", "crossfoot/read_amounts.py")
"""Files whose sentences in capitals are number words that are read, never said."""
LOOKUPS = {"HEADINGS", "STATES", "LABELS", "WORDS"}
Found = tuple[str, str, str, str]  # template, plural, context, where


def found() -> Iterator[Found]:
    """Every sentence of the program: (template, plural or empty, context or empty, file)."""
    yield from from_python()
    yield from from_templates()
    yield from from_models()


def from_python() -> Iterator[Found]:
    """Sentences in calls, default texts and the tables of words the pages look up."""
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        if any(where.startswith(one) or f"/{one}/" in where for one in SKIPPED):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = _names_given(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _from_call(node, where, called)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                yield from _from_table(node, where)


def _names_given(tree: ast.Module) -> dict[str, str]:
    """What a file calls the functions that translate: `lazy` for gettext_lazy, and the like."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation")
    return {one.asname: one.name for node in imports for one in node.names if one.asname}


def _from_call(node: ast.Call, where: str, called: Mapping[str, str]) -> Iterator[Found]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    name = called.get(name, name)
    if name in PLURALS:
        one, many = (_words(node.args[at]) for at in PLURALS[name])
        if one and many:
            yield one[0], many[0], "", where
    elif name in {"pgettext", "pgettext_lazy"}:
        context, words = _words(node.args[0]), _words(node.args[1])
        for word in words:
            yield word, "", context[0] if context else "", where
    elif name in {"npgettext", "npgettext_lazy"}:
        context, one, many = (_words(argument) for argument in node.args[:3])
        if one and many:
            yield one[0], many[0], context[0] if context else "", where
    else:
        for at in CALLS.get(name, ()):
            if at < len(node.args):
                for word in _words(node.args[at]):
                    yield word, "", "", where


def _words(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and node.value.strip() else []
    if isinstance(node, ast.IfExp):
        return _words(node.body) + _words(node.orelse)
    return []


def _from_table(node: ast.Assign | ast.AnnAssign, where: str) -> Iterator[Found]:
    """A table in capitals that ends as a known one does holds words a page looks up; so does a plain sentence in capitals."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name = getattr(target, "id", "")
    if not name.isupper() or node.value is None:
        return
    if isinstance(node.value, ast.Dict) and name.rpartition("_")[2] in LOOKUPS:
        for value in node.value.values:
            for word in _words(value):
                yield word, "", "", where
    elif isinstance(node.value, ast.Constant):
        for word in _words(node.value):
            if not where.endswith(NUMBER_WORDS) and not SQL.match(word) and re.match(r"[A-Za-z“]+,? [^\\|<>]* [^\\|<>]+ \w", word):
                yield word, "", "", where


def from_templates() -> Iterator[Found]:
    """Sentences of the templates, as the parser that renders them sees them."""
    from django.template import Context, Engine
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = Engine.get_default()
    for path in sorted((SOURCE / "web" / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        where = path.relative_to(SOURCE).as_posix()
        text = path.read_text(encoding="utf-8")
        template = engine.from_string(text)
        for node in _nodes(template.nodelist):
            if isinstance(node, TranslateNode):
                var = node.filter_expression.var
                words = var if isinstance(var, str) else getattr(var, "literal", None)
                context = node.message_context.resolve(Context()) if node.message_context else ""
                if isinstance(words, str):
                    yield str(words), "", context or "", where
            elif isinstance(node, BlockTranslateNode):
                yield from _from_block(node, where)
        for quoted in re.findall(r"""[|:=(\s,]_\("((?:[^"\\]|\\.)*)"\)""", text):
            yield quoted, "", "", where


def _from_block(node: Any, where: str) -> Iterator[Found]:
    singular, _ = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    if node.trimmed:
        from django.utils.translation import trim_whitespace

        singular, plural = trim_whitespace(singular), trim_whitespace(plural)
    yield singular, plural, "", where


def _nodes(several: Any) -> Iterator[Any]:
    for node in several:
        yield node
        for name in node.child_nodelists:
            yield from _nodes(getattr(node, name, None) or ())
        for _condition, inner in getattr(node, "conditions_nodelists", ()):
            yield from _nodes(inner)


def from_models() -> Iterator[Found]:
    """Labels of choices and names of fields and things, which pages show; what verbs say in histories. In English, whoever asks."""
    from django.utils.translation import override

    with override("en"):
        labels = list(_labels())
    yield from labels


def _labels() -> Iterator[Found]:
    from django.apps import apps

    from fairwitness.record.verbs import Verb

    for model in apps.get_models():
        if not model.__module__.startswith("fairwitness."):
            continue
        where = model.__module__
        yield str(model._meta.verbose_name), "", "", where
        for field in model._meta.concrete_fields:
            yield str(field.verbose_name), "", "", where
            yield str(field.verbose_name).capitalize(), "", "", where
            for _value, label in getattr(field, "flatchoices", None) or ():
                if isinstance(label, str) and re.search(r"[^\W\d_]{2}", label):
                    yield label, "", "", where
    for verb in Verb:
        thing, _, act = verb.value.partition(".")
        for words in (verb.past, thing, act):
            yield words.replace("_", " "), "", "", "record/verbs.py"


def from_the_public_door() -> Iterator[Found]:
    """Every sentence a page of the public door can say: its templates with all they include, its code, steps of ratings, dates."""
    from django.utils.dates import MONTHS, MONTHS_3

    from fairwitness.recommend.models import STATUSES

    folder = SOURCE / "web" / "templates"
    todo, seen = [folder / "web" / "public_base.html", *sorted((folder / "web" / "public").glob("*.html"))], set()
    while todo:
        path = todo.pop()
        where = path.relative_to(SOURCE).as_posix()
        if where not in seen:
            seen.add(where)
            todo += [folder / name for name in re.findall(r'{%\s*(?:include|extends)\s+"([^"]+)"', path.read_text(encoding="utf-8"))]
    yield from (one for one in (*from_python(), *from_templates()) if one[3] in seen | PUBLIC_CODE)
    yield from ((label, "", "", "recommend/models.py") for _step, label in STATUSES)
    yield from ((one, "", "", "web/frame.py") for one in ("A mission that has not begun yet", "English is the language of record."))
    for words in (*MONTHS.values(), *MONTHS_3.values()):
        yield _english(words), "", "", "dates"


def _english(words: Any) -> str:
    from django.utils.translation import override

    with override("en"):
        return str(words)


def template(sentences: Iterator[Found] | None = None) -> Catalog:
    """The catalogue every language is held against; of the sentences given, where not of all."""
    made = Catalog(project="Fairwitness", charset="utf-8")
    for words, many, context, where in found() if sentences is None else sentences:
        made.add((words, many) if many else words, context=context or None, locations=[(where, 0)])
    for message in made:
        message.locations = [(name, None) for name in sorted({str(name) for name, _ in message.locations})]  # type: ignore[misc]
    return made


def read(language: str) -> Catalog:
    """The catalogue of a language; empty when there is none."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return _bare(language)
    with path.open("rb") as file:
        return read_po(file, locale=None if language in PUBLIC_ONLY else language)


def write(language: str, catalogue: Catalog) -> None:
    """The catalogue as a PO file, sorted, so that a change shows as what it is; and as what the program reads."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "django.po").open("wb") as file:
        write_po(file, catalogue, width=140, sort_output=True, omit_header=False, include_lineno=False, ignore_obsolete=True)
    said = _bare(language)
    for message in catalogue:
        if message.id and message.string and any(message.string):
            said.add(message.id, message.string, context=message.context)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, said)




def update() -> None:
    """New sentences into every catalogue, gone ones out; nothing translated is lost while its sentence stands."""
    held = template()
    for language in LANGUAGES:
        old = read(language)
        made = Catalog(locale=language, project="Fairwitness", charset="utf-8", creation_date=NO_DAY, revision_date=NO_DAY, fuzzy=False)
        for message in held:
            if not message.id:
                continue
            before = old.get(message.id, context=message.context)
            string = before.string if before is not None and not before.fuzzy else None
            made.add(message.id, string or ("" if isinstance(message.id, str) else ("",) * made.num_plurals),
                     locations=message.locations, context=message.context)  # fmt: skip
        finish(language, made)
    from_latin()
    for language in PUBLIC_ONLY:
        update_public(language)


def update_public(language: str) -> None:
    """The sentences of the public door into a catalogue that has no others; no library knows these languages' rules."""
    old, made = read(language), _bare(language)
    for message in template(from_the_public_door()):
        if message.id:
            before = old.get(message.id, context=message.context)
            made.add(message.id, before.string if before is not None else ("" if isinstance(message.id, str) else ("", "")),
                     locations=message.locations, context=message.context)  # fmt: skip
    finish(language, made)


def _bare(language: str) -> Catalog:
    known = None if language in PUBLIC_ONLY else language
    return Catalog(locale=known, project="Fairwitness", charset="utf-8", creation_date=NO_DAY, revision_date=NO_DAY, fuzzy=False)


def finish(language: str, made: Catalog) -> None:
    """Write a catalogue whose header says nothing of the hour it was written."""
    made.header_comment = f"# Fairwitness in {language}. AGPL-3.0-or-later.\n# Reviewed by a native speaker: {reviewed(language)}"
    write(language, made)


def reviewed(language: str) -> str:
    """What the catalogue says of its review: “no”, or who and when."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    said = re.search(r"^# Reviewed by a native speaker: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) if path.exists() else None
    return said[1].strip() if said else "no"


def from_latin() -> None:
    """Serbian in Cyrillic letters, made from the catalogue in Latin ones."""
    from write_cyrillic import cyrillic

    latin = read("sr_Latn")
    made = Catalog(locale="sr", project="Fairwitness", charset="utf-8", creation_date=NO_DAY, revision_date=NO_DAY, fuzzy=False)
    for message in latin:
        if message.id:
            said = message.string
            turned = tuple(cyrillic(one) for one in said) if isinstance(said, tuple | list) else cyrillic(str(said))
            made.add(message.id, turned, locations=message.locations, context=message.context)
    made.header_comment = f"# Fairwitness in sr. AGPL-3.0-or-later.\n# Reviewed by a native speaker: {reviewed('sr_Latn')}"
    write(FROM_LATIN, made)


def untranslated(language: str) -> list[Message]:
    """What a language still lacks."""
    said = [message for message in read(language) if message.id]
    return [one for one in said if not (all(one.string) if isinstance(one.string, tuple | list) else one.string)]


def key(message: Message) -> str:
    """How a message is named in the JSON of `missing` and `fill`: its template, after its context where it has one."""
    template = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}\u0004{template}" if message.context else str(template)


def fill(language: str, path: Path) -> list[str]:
    """Take translations in; returns what was refused and why. JSON: template → translation, or the list of its plural forms."""
    said = json.loads(path.read_text(encoding="utf-8"))
    made, faults = read(language), []
    by_key = {key(message): message for message in made if message.id}
    for name, value in said.items():
        if name not in by_key:
            faults.append(f"{name!r}: no sentence of the program (any more)")
            continue
        message = by_key[name]
        forms = tuple(value) if isinstance(value, list) else value
        wrong = fault_of(message, forms, made.num_plurals)
        if wrong:
            faults.append(f"{name!r}: {wrong}")
        elif forms:
            message.string = forms
    finish(language, made)
    if language == "sr_Latn":
        from_latin()
    return faults


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[^{}]*\}|</?[a-z]+[^<>]*>|&\w+;")


def fault_of(message: Message, forms: str | tuple[str, ...] | list[str], plurals: int) -> str:
    """What is wrong with a translation; empty when nothing is. Placeholders and tags are those of the template, in any order."""
    if isinstance(message.id, str) != isinstance(forms, str):
        return "one form for a sentence, a list of forms for one that depends on a number"
    if not isinstance(forms, str) and len(forms) != plurals:
        return f"{len(forms)} forms where this language has {plurals}"
    allowed = [set(PLACEHOLDER.findall(one)) for one in ((message.id,) if isinstance(message.id, str) else message.id)]
    every = set.union(*allowed)
    for form in (forms,) if isinstance(forms, str) else forms:
        held = set(PLACEHOLDER.findall(form))
        if form and (held - every or (len(allowed) == 1 and held != every)):
            return f"placeholders or tags differ: {sorted(held ^ every)}"
        if form and "  " in form.strip():
            return "two spaces in a row"
    return ""


def main() -> int:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("update", "compile", "missing", "fill"))
    parser.add_argument("language", nargs="?", default="sq")
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args()
    begin()
    if given.step == "update":
        update()
    elif given.step == "fill":
        print("\n".join(fill(given.language, given.file)))
    elif given.step == "compile":
        for language in (*LANGUAGES, *PUBLIC_ONLY):
            finish(language, read(language))
        from_latin()
    else:
        empty = {key(one): "" if isinstance(one.id, str) else [one.id[1]] for one in untranslated(given.language)}
        print(json.dumps(empty, ensure_ascii=False, indent=0))
    for language in (*LANGUAGES, FROM_LATIN, *PUBLIC_ONLY):
        lacks, all_ = len(untranslated(language)), len(read(language))
        print(f"{language}: {lacks} of {all_} missing; reviewed by a native speaker: {reviewed(language)}", file=sys.stderr)
    return 0


def begin() -> None:
    """Django, in a folder of its own that nothing is written to."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness.web.settings")
    os.environ.setdefault("FAIRWITNESS_DATA", tempfile.mkdtemp(prefix="fairwitness-catalogues-"))
    import django

    django.setup()


if __name__ == "__main__":
    raise SystemExit(main())
