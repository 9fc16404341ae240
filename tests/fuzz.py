"""Fuzz: every reader of what comes from outside, sound examples of what it reads, and ways to spoil them.

`trials(name, seconds, seed)` spoils examples and hands them to a reader for so long. The promise that is tried: a reader answers or refuses
with an error of its own, whatever comes; within bounded time and memory; nothing else ever comes out. What breaks it is told with the bytes
that did it, so that they become a test of their own. The same seed spoils in the same way.

`tests/test_fuzz.py` does this for a moment with each run of the tests, `bench/fuzz.py` for an hour.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LONGEST = 3.0
"""Seconds of the processor that one small input may take."""
GROWTH = 400 * 1024
"""Kilobytes by which the process may grow while one reader is tried."""
SMALL = 20_000
TOKENS = (
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b'"',
    b"'",
    b",",
    b";",
    b":",
    b"/",
    b"\\",
    b"-",
    b"+",
    b".",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[[[[[[[",
    b"{}",
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"NaN",
    b"Infinity",
    b"9" * 25,
    b"0" * 40,
    b"&a [*a]",
    b"*a",
    b"!!python/object:os.system",
    b"<!ENTITY a 'b'>",
    b"<![CDATA[",
    "٣".encode(),
    "²".encode(),
    "½".encode(),
    "１２".encode(),
    "\u202e".encode(),
    "Њ".encode(),
    "dž".encode(),
    "\u0301".encode() * 9,
    "\U0001f525".encode(),
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"31.02.2010",
    b"24:00",
    b"29.02.1900",
    b"1.1.0001",
    b"31.12.9999",
    b"12:33:61",
    b"about",
    b"over",
    b"--",
    b"%s",
    b"%00",
    b"\\u0000",
    b"\\ud800",
    b"\x80\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
)


@dataclass(frozen=True)
class Parser:
    """A reader with sound examples, and the errors it may answer with."""

    read: Callable[[bytes], Any]
    seeds: Callable[[], list[bytes]]
    refuses: tuple[type[Exception], ...] = ()


class Broken(AssertionError):
    """A reader did what no reader may. The text holds the bytes."""


def spoilt(seeds: list[bytes], chance: random.Random) -> bytes:
    """One example, spoilt in one to six ways; now and then something of no form at all."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(200))
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at, way = chance.randrange(len(data) + 1), chance.randrange(8)
        piece = data[at : at + chance.choice((1, 2, 4, 16, 200))]
        if way == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif way in (1, 2):
            data[at:at] = chance.choice(TOKENS)
        elif way == 3:
            del data[at : at + chance.choice((1, 1, 2, 8, 64))]
        elif way == 4:
            data[at:at] = piece * chance.choice((1, 2, 50, 400))
        elif way == 5:
            other = chance.choice(seeds)
            data[at:] = other[chance.randrange(len(other) + 1) :]
        elif way == 6:
            del data[at:]
        else:
            data[at : at + len(piece)] = chance.choice(TOKENS)
    return bytes(data[:SMALL]) if max(map(len, seeds)) < SMALL else bytes(data)


def trials(name: str, seconds: float, seed: int = 0) -> int:
    """Try one reader for so long. Returns how often; raises Broken."""
    parser = PARSERS[name]
    seeds, chance, count = parser.seeds(), random.Random(f"{name} {seed}"), 0
    before, end = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic() + seconds
    for data in itertools.chain(seeds, (spoilt(seeds, chance) for _ in itertools.count())):
        one(parser, name, data)
        count += 1
        if time.monotonic() > end and count > len(seeds) + 3:
            break
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if grown > GROWTH:
        raise Broken(f"{name}: the process grew by {grown // 1024} MB in {count} small inputs")
    return count


def one(parser: Parser, name: str, data: bytes) -> None:
    """One input."""
    began = time.process_time()
    try:
        parser.read(data)
    except parser.refuses:
        pass
    except Exception as error:
        raise Broken(f"{name}: {type(error).__name__}: {error}\nfrom {data!r}") from error
    took = time.process_time() - began
    if took > LONGEST:
        raise Broken(f"{name}: {took:.1f} s of the processor for {len(data)} bytes: {data[:300]!r}")


def text_of(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A reader of text, fed with bytes: what a form would have made of them."""
    return lambda data: read(data.decode("utf-8", "replace"))


def loose_text_of(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """The same with lone surrogates, as a file or a program could hand them over."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


@cache
def room() -> Path:
    """A folder for the readers of files."""
    return Path(tempfile.mkdtemp(prefix="fairwitness-fuzz-"))


def file_of(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
    """A reader of files, fed with bytes."""

    def through(data: bytes) -> Any:
        path = room() / name
        path.write_bytes(data)
        return read(path)

    return through


def said(*lines: str) -> Callable[[], list[bytes]]:
    """Examples in words."""
    return lambda: [line.encode() for line in lines]


def _readers() -> Iterator[tuple[str, Parser]]:
    yield from _ledger()
    yield from _typed()
    yield from _files()
    yield "request", Parser(_request, said("12", "0", "-1", "1e3", " 7", "99999999999999999999", "12, 12"))


def _ledger() -> Iterator[tuple[str, Parser]]:
    from fairwitness.record.ledger.archive import Archive, ArchiveError, write_archive
    from fairwitness.record.ledger.canonical import is_canonical
    from fairwitness.record.ledger.entry import open_body, parse_header
    from fairwitness.record.ledger.note import NoteError, format_note, open_note, parse_checkpoint, parse_vkey, sign_note
    from fairwitness.record.ledger.prove import ProofError, check_proof, make_proof
    from fairwitness.record.ledger.stored import Unreadable
    from fairwitness.record.ledger.verify import verify_path
    from tests.record.ledger.invent import KEY, PRIVATE, checkpoint, made

    entries = made(9)
    kept = checkpoint(entries, 7)

    def archive() -> bytes:
        path = room() / "sound.archive"
        if not path.exists():
            write_archive(path, entries, [kept])
        return path.read_bytes()

    def whole(path: Path) -> None:
        try:
            found = Archive(path)
            list(found.checkpoints())
            list(found)
        finally:
            verify_path(path)

    def note() -> list[bytes]:
        words = f"{KEY.name}\n7\n{'A' * 43}=\nmore\n"
        return [format_note(words, [sign_note(words, KEY.name, KEY.key, PRIVATE.sign)])]

    page = json.dumps(make_proof(entries, [kept], 3)).encode()
    yield "canonical bytes", Parser(is_canonical, said('{"a":[1,true,null,"Пут"],"b":{"c":-9007199254740991}}', "[]", '"x"'))
    yield "header of an entry", Parser(parse_header, lambda: [entry[0] for entry in entries], (ValueError,))
    yield "body of an entry", Parser(open_body, lambda: [entry[1] for entry in entries if isinstance(entry[1], bytes)], (ValueError,))
    yield "signed note", Parser(lambda data: parse_checkpoint(open_note(data, [KEY]).text), note, (NoteError,))
    yield "key of a signature", Parser(loose_text_of(parse_vkey), said(KEY.vkey), (NoteError,))
    yield "page of a proof", Parser(_proof(check_proof), lambda: [page], (ProofError, NoteError))
    yield "archive", Parser(file_of("a.archive", whole), lambda: [archive()], (ArchiveError, Unreadable))


def _proof(check: Callable[[Any], Any]) -> Callable[[bytes], Any]:
    def through(data: bytes) -> Any:
        try:
            page = json.loads(data)
        except (ValueError, RecursionError):
            return None
        return check(page)

    return through


def _typed() -> Iterator[tuple[str, Parser]]:
    from fairwitness.errors import BadInput
    from fairwitness.mission.fold import fold, normalise_name
    from fairwitness.mission.read_time import read_day, read_moment, read_month
    from fairwitness.mission.read_typed import read_whole
    from fairwitness.monitor.count import parse_count
    from fairwitness.monitor.place_sector import parse_bearings, parse_range, parse_sector

    no = (BadInput,)
    days = said("13.05.2026", "2026-05-13", "13 May 2026", "13 maj 2026", "13. маја 2026", "5/13/2026", "13 Mayıs 2026")
    yield "day", Parser(text_of(read_day), days, no)
    yield "month", Parser(text_of(read_month), said("05.2026", "May 2026", "2026-05", "maj 2026"), no)
    moments = said("13.05.2026 14:20", "2026-05-13T14:20", "13 May 2026, 1420 hrs", "25.10.2026 02:30", "2026-05-13T14:20:00+02:00")
    yield "moment", Parser(text_of(lambda text: read_moment(text, "Europe/Belgrade")), moments, no)
    yield "whole number", Parser(text_of(read_whole), said("17", "1,200", "1 200", "0"), no)
    yield (
        "count",
        Parser(text_of(parse_count), said("3", "about 40", "over 12", "10-15", "at least 3", "a dozen", "~40", "up to 9", "1,200"), no),
    )
    yield "bearings", Parser(text_of(parse_bearings), said("NE, E and SW", "045-090", "north-east", "270 degrees", "N/NE"), no)
    yield "range", Parser(text_of(parse_range), said("1-3 km", "800 m", "about 2.5 km", "over 5 km", "between 1 and 2 km"), no)
    yield "sector", Parser(text_of(parse_sector), said("3 to 5 km NE, E and SW", "2km W", "800 m north-east"), no)
    yield (
        "name of a place",
        Parser(text_of(lambda text: (fold(text), normalise_name(text))), said("Pllanjanë/Planjane", "Плањане", "Ðakovica")),
    )


def _files() -> Iterator[tuple[str, Parser]]:
    import openpyxl
    from monitor.pictures import camera, jpeg, saved

    from fairwitness.errors import BadInput
    from fairwitness.mission.pack import KOSOVO
    from fairwitness.mission.pack_files import read_file
    from fairwitness.mission.read_list import read_list
    from fairwitness.mission.read_places import PlaceFormat, read_places
    from fairwitness.monitor.read_picture import read_picture

    def workbook() -> list[bytes]:
        book = openpyxl.Workbook()
        for line in (["Title"], ["No", "Recommendation", "Due"], [1, "Replace the signs", "30.09.2026"], [2, "=1+1", None]):
            book.active.append(line)  # type: ignore[union-attr]
        held = io.BytesIO()
        book.save(held)
        return [held.getvalue()]

    def heads(ending: str) -> Callable[[], list[bytes]]:
        return lambda: [path.read_bytes()[:2500] for path in sorted(KOSOVO.glob(f"*.{ending}"))]

    def places(form: PlaceFormat) -> Callable[[Path], Any]:
        return lambda path: list(itertools.islice(read_places(path, form=form), 60))

    lists = said('No;Recommendation;Due\n1;Replace;30.09.2026\n2;"Train; all";\n', "A\tB\n1\t2\n", "\ufeffNo,Words\r\n1,Њ\r\n")
    yield "list as text", Parser(read_list, lists, (BadInput,))
    yield "list as workbook", Parser(read_list, workbook, (BadInput,))
    yield "pack in YAML", Parser(file_of("pack.yaml", read_file), heads("yaml"))
    yield "pack in CSV", Parser(file_of("places.csv", read_file), heads("csv"))
    examples = Path(__file__).parent / "mission" / "files"
    for form, name in zip(PlaceFormat, _examples(examples, [form.value for form in PlaceFormat]), strict=True):
        yield (
            f"places as {form.value}",
            Parser(file_of("places.any", places(form)), lambda name=name: [(examples / name).read_bytes()[:3000]], (BadInput,)),
        )  # type: ignore[misc]
    pictures = lambda: [jpeg(exif=camera(6)), saved("PNG"), saved("WEBP")]  # noqa: E731
    yield "picture", Parser(lambda data: read_picture(data, "IMG_1.jpg"), pictures, (BadInput,))


def _examples(folder: Path, forms: list[str]) -> list[str]:
    """For each form of places the example that resembles it most."""
    names = ("gns_names.txt", "geonames_five.txt", "two_areas.geojson", "settlements.csv")
    return [next((name for name in names if name.split(".")[0].split("_")[0][:3] in form or name.endswith(form)), names[number % 4])
            for number, form in enumerate(forms)]  # fmt: skip


def _request(data: bytes) -> None:
    """What comes on the line, taken in by the receiver: it answers with a status of its own or hands over exactly what was sent."""
    from fairwitness.web.receive import Receiver, Room

    taken: list[bytes] = []

    def pages(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        taken.append(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"well"]

    sent: list[dict[str, Any]] = []
    chance = random.Random(data)
    parts = [data[at : at + 7] for at in range(0, len(data), 7)] or [b""]
    messages = iter([{"type": "http.request", "body": part, "more_body": number < len(parts) - 1} for number, part in enumerate(parts)])
    scope = {
        "type": "http",
        "method": chance.choice(("POST", "GET", "HEAD", "PUT", data[:5].decode("latin-1"))),
        "path": "/" + data[:40].decode("utf-8", "replace"),
        "raw_path": b"/" + data[:40],
        "query_string": data[:30],
        "headers": [(b"content-length", data[:20]), (data[:9].lower(), data[:50])][: chance.randrange(3)],
        "client": ("192.0.2.1", 5),
        "server": ("localhost", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    receiver = Receiver(pages, Room(most=4000, together=8000, patience=1.0), threads=1)
    try:
        asyncio.run(receiver(scope, receive, send))
    finally:
        receiver.pool.shutdown()
    assert receiver.held == 0 and not receiver.coming
    assert not sent or sent[0]["status"] in (200, 400, 408, 413, 429, 503)


PARSERS: dict[str, Parser] = dict(_readers())
