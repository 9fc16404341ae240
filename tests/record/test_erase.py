"""Shred and erase: gone everywhere at once, and no byte left that we can reach."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings
from node import Node

from fairwitness.record.erase import forms, scan

WORDS = "The witness said: they came at night, Плањане, and took him."
IDENTITY = "Name of the source: Nobody Invented, house 7"
FIRST = """
import sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from fairwitness.mission.models import Unit
from fairwitness.record import blobs, seal
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
by = command()
thing = Unit(code="X", name=seal.seal("source:7", sys.argv[1])[:200], kind="team")
thing.keep(by=by, verb=Verb.UNIT_EDIT)
thing.name = seal.seal("source:7", sys.argv[2])[:200]
thing.keep(by=by, verb=Verb.UNIT_EDIT)
blobs.store([sys.argv[1].encode()], scope="source:7", by=by, verb=Verb.ATTACHMENT_ADD)
make_checkpoint()
print(thing.name)
"""
READER = """
import sys, django; django.setup()
from fairwitness.errors import Gone
from fairwitness.record import blobs, seal
from fairwitness.record.models import Blob
for line in sys.stdin:
    try:
        b"".join(blobs.read(Blob.objects.get()))
        print("blob and", seal.unseal(line.strip()), flush=True)
    except Gone:
        print("Gone", flush=True)
"""
SHRED = """
from fairwitness.record.shred import shred
from fairwitness.record.hand import command
shred("source:7", by=command(), why="consent withdrawn")
"""
ERASE = """
import sys
from fairwitness.record.erase import NOT_PROMISED, erase, on_erase
from fairwitness.record.examine import examine_log, examine_rows
from fairwitness.record.hand import command
rebuilt = []
on_erase(lambda: rebuilt.append(1))
done = erase(by=command(), phrases=sys.argv[1:])
print(rebuilt, len(done.found), done.files > 0, examine_log().clean, examine_rows())
print(*done.found, sep="\\n")
"""


def test_a_shredded_source_is_gone_at_once_everywhere_and_after_erase_no_byte_is_found(tmp_path: Path) -> None:
    node = Node(tmp_path)
    sealed = node.python(FIRST, WORDS, IDENTITY).strip()
    environment = {**node.environment, "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", READER], env=environment, cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdin is not None and reader.stdout is not None

        def read() -> str:
            reader.stdin.write(sealed + "\n")  # type: ignore[union-attr]
            reader.stdin.flush()  # type: ignore[union-attr]
            return reader.stdout.readline().strip()  # type: ignore[union-attr]

        assert read() == f"blob and {IDENTITY}"
        node.python(SHRED)
        assert read() == "Gone"
        reader.stdin.close()
    said = node.python(ERASE, WORDS, IDENTITY).splitlines()
    assert said[0] == "[1] 0 True True []"
    with override_settings(FAIRWITNESS_DATA=tmp_path):
        sought = [(data, "phrase", form) for words in (WORDS, IDENTITY) for data, form in forms(words)]
        assert [one for path in tmp_path.rglob("*") if path.is_file() for one in scan(path, sought)] == []
    (tmp_path / "left-behind.txt").write_bytes(b"x" * 4_194_290 + IDENTITY.encode())
    left = node.python(ERASE, WORDS, IDENTITY).splitlines()
    assert left[0].startswith("[1] 1 ") and "left-behind.txt, byte 4194290: phrase 2, as UTF-8" in left[1] and IDENTITY not in left[1]


@pytest.mark.parametrize("lead", [b"", b"a", b"ab"])
def test_every_form_of_a_phrase_is_found(tmp_path: Path, lead: bytes) -> None:
    phrase = "Плањане, house 7"
    plain = phrase.encode()
    lying = {
        "UTF-8": plain, "UTF-16LE": phrase.encode("utf-16-le"), "UTF-16BE": phrase.encode("utf-16-be"),
        "hexadecimal": plain.hex().encode(), "base64": base64.b64encode(lead + plain + b"after"),
    }  # fmt: skip
    sought = [(data, "phrase", form) for data, form in forms(phrase)]
    with override_settings(FAIRWITNESS_DATA=tmp_path):
        for form, data in lying.items():
            path = tmp_path / form
            path.write_bytes(b"before" * 1000 + data)
            assert form in {one.form for one in scan(path, sought)}
