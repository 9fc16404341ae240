"""Signed notes and checkpoints: published examples, one text one spelling, witnesses, rubbish."""

from __future__ import annotations

import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.record.ledger.note import (
    COSIGNATURE,
    LONGEST,
    MOST_SIGNATURES,
    Checkpoint,
    NoteError,
    Signature,
    Verifier,
    format_note,
    key_id,
    open_note,
    parse_checkpoint,
    parse_vkey,
    sign_note,
    split_note,
)
from tests.record.ledger.invent import KEY, ORIGIN, PRIVATE, STRANGER, coded, vectors

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


@pytest.mark.parametrize("name", ["", "a+b", "a b", "a\u00a0b", "a\nb", "a\x01", "a\ud800", "\udfffa"])
def test_what_cannot_be_the_name_of_a_key_is_refused(name: str) -> None:
    for make in (lambda: Verifier(name, KEY.key), lambda: format_note("a\n", [(name, b"abcd", b"x")])):
        with pytest.raises(NoteError, match="cannot be the name of a key"):
            make()


@pytest.mark.parametrize("name", ["a", "!", "ж", "\ud7ff", "\ue000"])
def test_other_names_are_names(name: str) -> None:
    assert Verifier(name, KEY.key).key_id == key_id(name, KEY.key) != key_id(name, KEY.key, COSIGNATURE)
    assert split_note(format_note("a\n", [(name, b"abcd", b"x")])) == ("a\n", [Signature(name, b"abcd", b"x")])


def test_a_key_has_one_of_two_algorithms() -> None:
    for algorithm in (0, 2, 3, 5):
        with pytest.raises(NoteError, match=f"algorithm {algorithm:#04x}; known are 0x01 and 0x04"):
            Verifier("a", KEY.key, algorithm)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"x+{KEY.key_id.hex().upper()}+{coded(b'1' * 33)}", "not a key line"),
        (f"x+00000000+{coded(KEY.key)}", "the key of 'x' has 32 bytes, 33 are needed"),
        (f"x+00000000+{coded(bytes(34))}", "the key of 'x' has 34 bytes, 33 are needed"),
        (KEY.vkey.replace(KEY.key_id.hex(), "00000000"), f"^the key of '{ORIGIN}' does not belong to its id 00000000"),
        (f"x+00000000+{coded(bytes(33))[:-1]}!", "^the key of 'x' is not base64"),
        (f"x+00000000+{coded(bytes(32))[:-2]}B=", "not in its one canonical spelling"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(line: str, words: str) -> None:
    with pytest.raises(NoteError, match=words):
        parse_vkey(line)


def test_a_key_is_read_as_it_is_printed() -> None:
    assert parse_vkey(f" key:  {KEY.vkey}\n") == KEY
    with pytest.raises(NoteError) as raised:
        parse_vkey("x" * 200)
    assert str(raised.value).startswith(f"'{'x' * 80}' is not a key line")


@pytest.mark.parametrize(("text", "words"), [("a", "ends with a line break"), ("a\tb\n", "no control"), ("a\x1f\n", "no control")])
def test_a_text_that_could_be_read_in_two_ways_is_not_signed(text: str, words: str) -> None:
    for make in (
        lambda: sign_note(text, KEY.name, KEY.key, PRIVATE.sign),
        lambda: format_note(text, [("a", b"abcd", b"x")]),
        lambda: parse_checkpoint(text),
    ):
        with pytest.raises(NoteError, match=words):
            make()
    with pytest.raises(NoteError, match="no control"):
        split_note("a\tb\n\n\u2014 a YWJjZHg=\n".encode())


def test_a_note_carries_one_signature_to_a_hundred() -> None:
    line = ("a", b"abcd", b"x")
    assert len(split_note(format_note("a\n", [line] * MOST_SIGNATURES))[1]) == MOST_SIGNATURES == 100
    for count in (0, MOST_SIGNATURES + 1):
        with pytest.raises(NoteError, match=f"1 to 100 signatures, not {count}"):
            format_note("a\n", [line] * count)
    whole = format_note("a\n", [line] * MOST_SIGNATURES)
    with pytest.raises(NoteError, match="at most 100 signatures, not 101"):
        split_note(whole + whole[-len("\u2014 a YWJjZHg=\n".encode()) :])


@pytest.mark.parametrize(("key", "signature"), [(b"abc", b"x"), (b"abcde", b"x"), (b"abcd", b"")])
def test_a_signature_has_the_id_of_its_key_and_something_more(key: bytes, signature: bytes) -> None:
    with pytest.raises(NoteError, match="needs a key id of four bytes and a signature"):
        format_note("a\n", [("a", key, signature)])


def test_a_signature_of_one_byte_is_one() -> None:
    assert split_note("a\n\n\u2014 a YWJjZHg=\n".encode()) == ("a\n", [Signature("a", b"abcd", b"x")])
    with pytest.raises(NoteError, match="the signature of 'a' is too short"):
        split_note("a\n\n\u2014 a YWJjZA==\n".encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a\n\n\u2014 a YWJjZHg=", "an empty line and signature lines"),
        ("a\n\u2014 a YWJjZHg=\n", "an empty line and signature lines"),
        ("a\n\n\u2014 aYWJjZHg=\n", "is not a signature line"),
        (f"a\n\n{'x' * 200}\n", f"^'{'x' * 80}' is not a signature line"),
        ("a\n\n\u2014 a YWJjZHg\n", "the signature of 'a' is not base64"),
        ("a\n\n- a YWJjZHg=\n", "is not a signature line"),
        ("a\n\n\u2014 a YWJj\n", "is too short"),
        ("a\n\n\u2014 a+b YWJjZHg=\n", "cannot be the name"),
        ("a\n\n\u2014  YWJjZHg=\n", "cannot be the name"),
    ],
)
def test_what_is_no_note_is_refused_in_words(data: str, words: str) -> None:
    with pytest.raises(NoteError, match=words):
        split_note(data.encode())


def test_a_note_has_a_longest_size() -> None:
    rest = format_note("\n", [("a", b"abcd", b"x")])
    longest = b"a" * (LONGEST - len(rest)) + rest
    assert len(longest) == LONGEST == 1_000_000 and split_note(longest)[0] == "a" * (LONGEST - len(rest)) + "\n"
    with pytest.raises(NoteError, match="at most 1000000 bytes"):
        split_note(b"a" + longest)
    with pytest.raises(NoteError, match=r"not UTF-8 \(byte 2\)"):
        split_note(b"ab\xff\n\n")


def test_a_signer_who_signed_twice_is_one_signer() -> None:
    text, [line] = split_note(NOTE)
    assert line == sign_note(TEXT, KEY.name, KEY.key, PRIVATE.sign)
    assert open_note(format_note(text, [line, line, ("b", b"abcd", b"x"), ("a", b"abcd", b"x")]), [KEY, STRANGER]) == (TEXT, (KEY,), 2)
    with pytest.raises(NoteError, match=r"it names a, b$"):
        open_note(format_note(text, [("b", b"abcd", b"x"), ("a", b"abcd", b"x"), ("b", b"abcd", b"y")]), [KEY])


def test_the_time_of_a_witness_is_within_bounds() -> None:
    private = Ed25519PrivateKey.generate()
    witness = Verifier("witness.example/w1", private.public_key().public_bytes_raw(), COSIGNATURE)

    def made(moment: int) -> bytes:
        return struct.pack(">Q", moment) + private.sign(f"cosignature/v1\ntime {moment}\n{TEXT}".encode())

    for moment in (0, 1, 2**63 - 1):
        assert witness.verify(TEXT, made(moment)) is True
    assert witness.verify(TEXT, made(2**63)) is False
    for other in (made(1)[:-1], made(1) + b"\0", b""):
        assert witness.verify(TEXT, other) is False
    assert KEY.verify(TEXT, made(1)) is False


@pytest.mark.parametrize("size", [0, 1, 2**63 - 1])
def test_sizes_up_to_the_largest_come_back(size: int) -> None:
    assert parse_checkpoint(Checkpoint("a", size, bytes(32)).text()) == Checkpoint("a", size, bytes(32))


def test_a_checkpoint_larger_than_any_log_is_neither_written_nor_read() -> None:
    for one in (Checkpoint("a", 2**63, bytes(32)), Checkpoint("a", 1, bytes(33)), Checkpoint("a", 1, bytes(32), ("b\nc",))):
        with pytest.raises(NoteError, match="a checkpoint needs an origin"):
            one.text()
    for size in ("9223372036854775808", "10000000000000000000", "00", "x" * 50):
        with pytest.raises(NoteError) as raised:
            parse_checkpoint(f"a\n{size}\n{coded(bytes(32))}\n")
        assert str(raised.value) == f"{size[:40]!r} is not the size of a log"
    with pytest.raises(NoteError, match="the root has 33 bytes, 32 are needed"):
        parse_checkpoint(f"a\n1\n{coded(bytes(33))}\n")
    with pytest.raises(NoteError, match="three lines or more"):
        parse_checkpoint("a\n1\n")
