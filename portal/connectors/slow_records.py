"""Reading records one by one, each with its line: for pieces that the fast parser may not read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from portal.connectors.records import Piece
from portal.connectors.rows import Malformed

_SHOWN = 200
_LONG_ENOUGH = 8 << 20
"""A record still open after so many bytes is taken for a fault."""
_NOT_CLOSED = "a quote is opened here and not closed, or stands inside the field's text"


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one record, and the line on which it begins."""

    line: int
    fields: list[str]


def read_slowly(piece: Piece, delimiter: str) -> tuple[list[Record], list[Malformed], bytes]:
    """Return the records of a piece, the lines that are none, and the bytes of an unfinished end.

    A record that breaks the rules of quoting costs its first line only: reading goes on with the
    next. Blank lines are no records.
    """
    lines = _lines(piece.data.decode(errors="replace"))
    records: list[Record] = []
    bad: list[Malformed] = []
    at = 0
    while at < len(lines):
        at, fault = _run(lines, at, piece, delimiter, records)
        if fault is None:
            continue
        if fault.unfinished and not piece.final and len(piece.data) < _LONG_ENOUGH:
            return records, bad, "".join(lines[at:]).encode()
        bad.append(Malformed(piece.line + at, lines[at][:_SHOWN].rstrip("\n"), _NOT_CLOSED))
        at += 1
    return records, bad, b""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a run of records stopped; `unfinished` when the text ended inside quotes."""

    unfinished: bool


def _run(
    lines: list[str], at: int, piece: Piece, delimiter: str, records: list[Record]
) -> tuple[int, _Fault | None]:
    """Read records from line `at` up to a fault; return the line where the next one begins."""
    used = 0

    def feed() -> Iterator[str]:
        nonlocal used
        for index in range(at, len(lines)):
            used += 1
            yield lines[index]

    start = at
    try:
        for fields in csv.reader(feed(), delimiter=delimiter, strict=True):
            if fields:
                records.append(Record(piece.line + start, fields))
            start = at + used
    except csv.Error as error:
        return start, _Fault("unexpected end" in str(error))
    return start, None


def _lines(text: str) -> list[str]:
    """Split at LF only: other line ends of Unicode may stand in a value."""
    parts = text.split("\n")
    whole = [f"{part}\n" for part in parts[:-1]]
    return [*whole, parts[-1]] if parts[-1] else whole
