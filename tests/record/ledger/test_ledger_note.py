"""Signed notes and checkpoints: published examples, one text one spelling, witnesses, rubbish."""

from __future__ import annotations

import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.record.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    NoteError,
    Signature,
    Verifier,
    format_note,
    open_note,
    parse_checkpoint,
    parse_vkey,
    sign_note,
    split_note,
)
from tests.record.ledger.invent import KEY, PRIVATE, STRANGER, coded, vectors

TEXT = Checkpoint("fairwitness.example/field", 20852163, bytes(range(32)), ("ext 1",)).text()
NOTE = format_note(TEXT, [sign_note(TEXT, KEY.name, KEY.key, PRIVATE.sign)])


def test_published_example() -> None:
    found = vectors("note_published")
    key = parse_vkey(found["vkey"])
    assert key.vkey == found["vkey"]
    opened = open_note(found["note"].encode(), [key])
    assert opened.text == "This is an example message.\n" and opened.signed == (key,) and opened.unknown == 0
    text, signatures = split_note(found["cosigned"].encode())
    assert parse_checkpoint(text).size == 20852163
    assert format_note(text, signatures) == found["cosigned"].encode()


def test_a_checkpoint_comes_back_as_it_went() -> None:
    assert parse_checkpoint(open_note(NOTE, [KEY]).text) == Checkpoint("fairwitness.example/field", 20852163, bytes(range(32)), ("ext 1",))
    assert parse_vkey(KEY.vkey) == KEY


def test_witnesses_sign_the_same_text() -> None:
    private = Ed25519PrivateKey.generate()
    witness = Verifier("witness.example/w1", private.public_key().public_bytes_raw(), COSIGNATURE)
    made = struct.pack(">Q", 1679315147) + private.sign(f"cosignature/v1\ntime 1679315147\n{TEXT}".encode())
    both = format_note(TEXT, [*split_note(NOTE)[1], Signature(witness.name, witness.key_id, made)])
    assert open_note(both, [KEY, witness]).signed == (KEY, witness)
    assert open_note(both, [witness]) == (TEXT, (witness,), 1)
    late = format_note(TEXT, [Signature(witness.name, witness.key_id, struct.pack(">Q", 1679315148) + made[8:])])
    with pytest.raises(NoteError, match="does not fit"):
        open_note(late, [witness])
    assert parse_vkey(witness.vkey) == witness


def test_who_signed_is_never_guessed() -> None:
    assert open_note(NOTE, []) == (TEXT, (), 1)
    with pytest.raises(NoteError, match="none of the keys given"):
        open_note(NOTE, [STRANGER])
    with pytest.raises(NoteError, match="does not fit"):
        open_note(NOTE.replace(b"20852163", b"20852164"), [KEY])
    with pytest.raises(NoteError, match="does not fit the public key"):
        sign_note(TEXT, KEY.name, KEY.key, lambda data: bytes(64))


def test_no_byte_of_a_note_may_change() -> None:
    for place in range(len(NOTE)):
        changed = bytearray(NOTE)
        changed[place] ^= 1
        with pytest.raises(NoteError):
            open_note(bytes(changed), [KEY])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "origin\n1\n",
        f"origin\n01\n{coded(bytes(32))}\n",
        f"origin\n+1\n{coded(bytes(32))}\n",
        f"origin\n-1\n{coded(bytes(32))}\n",
        f"origin\n1_0\n{coded(bytes(32))}\n",
        f"origin\n١\n{coded(bytes(32))}\n",
        f"origin\n9223372036854775808\n{coded(bytes(32))}\n",
        f"origin\n1\n{coded(bytes(31))}\n",
        f"origin\n1\n{coded(bytes(32))[:-1]}\n",
        f"origin\n1\n{coded(bytes(32))}",
        f"\n1\n{coded(bytes(32))}\n",
        f"origin\n1\n{coded(bytes(32))}\n\n",
        f"origin\n1\n{coded(bytes(32))}\r\n",
        f"origin\n1\n {coded(bytes(32))}\n",
        f"origin\n1\n{coded(bytes(32))[:-2]}B=\n",
    ],
)
def test_other_spellings_of_a_checkpoint_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 1, bytes(32)),
        Checkpoint("a\nb", 1, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 1, bytes(31)),
        Checkpoint("a", 1, bytes(32), ("",)),
        Checkpoint("a\t", 1, bytes(32)),
    ],
)
def test_a_checkpoint_that_could_not_be_read_is_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(NoteError):
        checkpoint.text()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a",
        "a+b",
        KEY.vkey[:-1],
        KEY.vkey.replace("field", "fields"),
        KEY.vkey.replace("+", "+0", 1),
        "a b+00000000+" + KEY.vkey.rsplit("+", 1)[1],
        "x+00000000+" + coded(b"\x02" + KEY.key),
        "x+é+é",
        f"x+00000000+{coded(b'short')}",
    ],
)
def test_bad_keys_are_refused(line: str) -> None:
    with pytest.raises(NoteError):
        parse_vkey(line)


def test_a_key_of_small_order_is_no_key() -> None:
    with pytest.raises(NoteError, match="not a usable"):
        Verifier("x", bytes(32))


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))), st.integers(0, len(NOTE))
)
def test_rubbish_raises_only_our_error(data: bytes, place: int) -> None:
    for each in (data, NOTE[:place] + data + NOTE[place:], NOTE[:place], b"a\n\n" + data, data + b"\n\n\xe2\x80\x94 a " + data + b"\n"):
        try:
            parse_checkpoint(open_note(each, [KEY]).text)
        except NoteError:
            continue
        assert each == NOTE


@given(st.text(max_size=120))
def test_rubbish_keys_raise_only_our_error(text: str) -> None:
    for each in (text, f"name+00000000+{text}", f"{text}+{KEY.key_id.hex()}+{coded(KEY.key)}"):
        with pytest.raises(NoteError):
            parse_vkey(each)
