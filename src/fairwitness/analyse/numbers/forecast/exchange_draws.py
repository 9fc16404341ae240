"""Exchange draws: write them as a plain file, and read such a file, and what then happened, to be scored.

A file of draws has one row per draw: `unit, time, draw, value, lead` (draw from 0; `lead` may be missing). The rule it guards:
nothing half-written (a file appears whole or not at all), and a forecast is scored only where every unit and time has the same
number of draws and one count that was seen.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import MOST_ROWS, Table, read_table, stop
from fairwitness.errors import BadInput, Fault, NotReadable, say

Floats = NDArray[np.float64]
UNIT = ("unit", "country_id", "place", "municipality", "unit_id", "priogrid_gid", "adm_1")
TIME = ("time", "month_id", "period", "month", "week", "date")
VALUE = ("value", "outcome", "actual", "observed", "count", "best")
DRAW = ("draw", "sample", "member")


@dataclass(frozen=True, slots=True)
class Sample:
    """Draws by key: `keys` (unit, time) in order of the file, `draws` (keys, n), `leads` (keys,) or None."""

    keys: list[tuple[str, str]]
    draws: Floats
    leads: NDArray[np.int64] | None
    table: Table


def write_draws(path: Path, units: Sequence[str], times: Sequence[str], leads: Sequence[int], draws: Floats) -> str:
    """Write draws (units, leads, n) as one row each, packed when the name ends in .gz; the SHA-256 of the file."""
    beside = path.with_name(path.name + ".part")
    try:
        with gzip.GzipFile(beside, "wb", compresslevel=3, mtime=0) if path.suffix == ".gz" else beside.open("wb") as into:
            into.write(b"unit,time,draw,value,lead\n")
            for unit, of_unit in zip(units, draws, strict=True):
                for time, lead, of_lead in zip(times, leads, of_unit, strict=True):
                    before, after = f"{_cell(unit)},{_cell(time)},", f",{lead}\n"
                    into.write(
                        "".join(f"{before}{at},{value}{after}" for at, value in enumerate(of_lead.astype(np.int64).tolist())).encode()
                    )
        digest = sha256(beside.read_bytes()).hexdigest()
        os.replace(beside, path)
    except OSError as why:
        raise BadInput.of(Fault("--out", say("{file} cannot be written: {why}.", file=str(path), why=why.strerror or str(why)))) from why
    finally:
        beside.unlink(missing_ok=True)
    return digest


def _cell(text: str) -> str:
    """A cell of CSV, quoted when it must be."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text


def column(header: Sequence[str], given: str | None, known: Sequence[str], option: str, file: str, taken: Sequence[str] = ()) -> str:
    """The column meant: the one that was named, or one that is known by its name. BadInput names the option that settles it."""
    if given is not None and given in header:
        return given
    found = [name for name in known if name in header and name not in taken]
    if not found:
        raise BadInput.of(
            Fault(
                option,
                say("none of the columns {columns} is known; name it with {option}.", columns=", ".join(header), option=option),
                file,
            )
        )
    return found[0]


def read_draws(path: Path, unit: str | None = None, time: str | None = None, value: str | None = None) -> Sample:
    """The draws in a file, line by line, since there may be millions. Names of columns as given, or as known here.

    BadInput when a key has a draw twice, or keys have different numbers of draws, or a value is no number from nought up.
    """
    digest, lines = _lines(path)
    header = [cell.strip() for cell in next(lines, [])]
    if not any(header):
        raise NotReadable("{file} is empty; its first line must name the columns.", file=path.name)
    at_unit = header.index(column(header, unit, UNIT, "--unit", path.name))
    at_time = header.index(column(header, time, TIME, "--time", path.name))
    at_value = header.index(column(header, value, VALUE, "--value", path.name))
    at_draw = header.index(column(header, None, DRAW, "draw", path.name))
    at_lead = header.index("lead") if "lead" in header else None
    place: dict[tuple[str, str], int] = {}
    of_key, number, values, lead_of = array("l"), array("l"), array("d"), array("l")
    faults: list[Fault] = []
    for row, cells in enumerate(lines):
        if not cells:
            continue
        try:
            key = (cells[at_unit].strip(), cells[at_time].strip())
            drawn, amount = int(cells[at_draw]), float(cells[at_value])
            lead = int(cells[at_lead]) if at_lead is not None else 0
            if len(cells) != len(header) or not 0 <= amount < float("inf"):
                raise ValueError
        except (ValueError, IndexError):
            faults.append(
                Fault(
                    "",
                    say("is not a draw: it needs a unit, a time, a whole number of the draw and a value from nought up."),
                    path.name,
                    row + 2,
                )
            )
            if len(faults) > 20:
                break
            continue
        if key not in place:
            place[key] = len(place)
            lead_of.append(lead)
        of_key.append(place[key])
        number.append(drawn)
        values.append(amount)
        if len(values) > MOST_ROWS:
            raise NotReadable("{file} has more than {most} rows; divide it.", file=path.name, most=f"{MOST_ROWS:,}")
    stop(faults)
    table = Table(path.name, digest, {}, len(values))
    draws = _square(table, list(place), np.asarray(of_key), np.asarray(number), np.asarray(values))
    return Sample(list(place), draws, np.asarray(lead_of, np.int64) if at_lead is not None else None, table)


def _lines(path: Path) -> tuple[str, Iterator[list[str]]]:
    """The digest of a file and its rows."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as why:
        raise NotReadable("{file} is not a text file in UTF-8; save it as CSV in UTF-8.", file=path.name) from why
    return sha256(raw).hexdigest(), csv.reader(io.StringIO(text), delimiter=max(",;\t", key=text.partition("\n")[0].count))


def _square(table: Table, keys: list[tuple[str, str]], of_key: NDArray[np.int64], number: NDArray[np.int64], values: Floats) -> Floats:
    """The draws as (keys, n); refused unless every key has the same number of different draws."""
    if not keys:
        raise BadInput.of(table.fault("", say("has no draws.")))
    order = np.lexsort((number, of_key))
    of_key, number, values = of_key[order], number[order], values[order]
    twice = np.flatnonzero((np.diff(of_key) == 0) & (np.diff(number) == 0))
    if twice.size:
        unit, time = keys[int(of_key[twice[0]])]
        raise BadInput.of(
            table.fault("draw", say("{unit}, {time} has draw {draw} twice.", unit=unit, time=time, draw=int(number[twice[0]])))
        )
    count = np.bincount(of_key, minlength=len(keys))
    if count.min() != count.max():
        unit, time = keys[int(count.argmin())]
        raise BadInput.of(
            table.fault(
                "draw",
                say(
                    "{unit}, {time} has {least} draws, others have {most}; all must have as many.",
                    unit=unit,
                    time=time,
                    least=int(count.min()),
                    most=int(count.max()),
                ),
            )
        )
    return values.reshape(len(keys), -1)


def read_actuals(path: Path, unit: str | None, time: str | None, value: str | None) -> tuple[dict[tuple[str, str], float], Table]:
    """What was seen, by (unit, time), and the table it stands in. BadInput when a key stands there twice."""
    table = read_table(path)
    header = list(table.columns)
    unit = column(header, unit, UNIT, "--unit", path.name)
    time = column(header, time, TIME, "--time", path.name, (unit,))
    value = column(header, value, VALUE, "--value", path.name, (unit, time))
    counts = table.counts(value)
    seen: dict[tuple[str, str], float] = {}
    faults: list[Fault] = []
    for row, key in enumerate(zip(table.columns[unit], table.columns[time], strict=True)):
        if key in seen:
            faults.append(
                table.fault(
                    time, say("{unit}, {time} stands in the file twice; one count per unit and period.", unit=key[0], time=key[1]), row
                )
            )
        seen[key] = float(counts[row])
    stop(faults)
    return seen, table


def matched(sample: Sample, seen: dict[tuple[str, str], float], file: str) -> tuple[NDArray[np.int64], Floats]:
    """Which keys of the sample have an actual, and those actuals. BadInput when none has."""
    plain = {(unit, _plain(time)): count for (unit, time), count in seen.items()}
    found = [(at, plain[unit, _plain(time)]) for at, (unit, time) in enumerate(sample.keys) if (unit, _plain(time)) in plain]
    if not found:
        raise BadInput.of(
            Fault("", say("no unit and time of {draws} stands in it; are the keys written alike?", draws=sample.table.name), file)
        )
    return np.array([at for at, _ in found], np.int64), np.array([count for _, count in found])


def _plain(time: str) -> str:
    """A time as both files may write it: 2019-01 for the first of January, 469 for 469.0."""
    if len(time) == 10 and time[8:] == "01" and time[4] in "-/":
        return time[:4] + "-" + time[5:7]
    return time.removesuffix(".0").replace("/", "-")
