"""CSV, TSV and their kin as chunks of rows: encoding and delimiter found out, memory bounded."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from kpi_engine.crm.sources import FileFormat
from kpi_engine.errors import BadFileError
from portal.connectors.characters import BLOCK, detect, utf8_blocks
from portal.connectors.delimiters import find_delimiter
from portal.connectors.records import Piece, Pieces
from portal.connectors.rows import Chunk, Malformed, RecordsAt, tidy
from portal.connectors.slow_records import read_slowly

_SAMPLE = 256 << 10
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DelimitedRows:
    """An opened text file."""

    path: Path
    columns: tuple[str, ...]
    codec: str
    told: bool
    delimiter: str
    serials: str | None = None

    def chunks(self, wanted: Sequence[int]) -> Iterator[Chunk]:
        """Read the file from its first row, in pieces of some megabytes."""
        pieces = self._pieces()
        header_seen = False
        for piece in pieces:
            read = self._fast if piece.plain else self._slow
            yield read(piece, wanted, pieces, skip=not header_seen)
            header_seen = True

    def _pieces(self) -> Pieces:
        blocks = utf8_blocks(self.path, self.codec, told=self.told)
        return Pieces(blocks, self.delimiter, self.path.name)

    def _fast(self, piece: Piece, wanted: Sequence[int], _: Pieces, *, skip: bool) -> Chunk:
        malformed: list[arrow_csv.InvalidRow] = []

        def keep(row: arrow_csv.InvalidRow) -> str:
            malformed.append(row)
            return "skip"

        table = arrow_csv.read_csv(
            pa.BufferReader(piece.data),
            read_options=arrow_csv.ReadOptions(
                column_names=[f"c{at}" for at in range(len(self.columns))],
                block_size=len(piece.data) + 1,
                use_threads=False,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=b'"' in piece.data,
                invalid_row_handler=keep,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"c{at}": pa.string() for at in wanted},
                include_columns=[f"c{at}" for at in wanted],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        places = _places(piece, self.delimiter, table.num_rows, [row.number for row in malformed])
        bad = tuple(
            Malformed(
                places.record_line(row.number), row.text[:_SHOWN], self._width(row.actual_columns)
            )
            for row in malformed
        )
        if skip:
            table, places = table.slice(1), places.after_header()
        return Chunk(table, places, bad, piece.done)

    def _slow(self, piece: Piece, wanted: Sequence[int], pieces: Pieces, *, skip: bool) -> Chunk:
        records, bad, rest = read_slowly(piece, self.delimiter)
        if rest:
            pieces.give_back(rest)
        records = records[1:] if skip else records
        width = len(self.columns)
        whole = [record for record in records if len(record.fields) == width]
        bad += [
            Malformed(
                record.line,
                self.delimiter.join(record.fields)[:_SHOWN],
                self._width(len(record.fields)),
            )
            for record in records
            if len(record.fields) != width
        ]
        table = pa.table(
            {f"c{at}": pa.array([r.fields[at] for r in whole], pa.string()) for at in wanted}
        )
        return Chunk(table, RecordsAt([r.line for r in whole]), tuple(bad), piece.done)

    def _width(self, actual: int) -> str:
        return f"the row has {actual} fields where the header has {len(self.columns)}"


def open_delimited(path: Path, form: FileFormat, asked: Collection[str]) -> DelimitedRows:
    """Open a text file: find out what `form` leaves out, and read the header.

    Raises:
        BadFileError: if it is empty, no text, or its encoding is not what it is said to be.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise BadFileError(f"{path.name} is empty: it has not even a header.")
    codec = form.encoding or detect(head, path.name)
    told = form.encoding is not None
    sample = _sample(path, codec, told=told)
    delimiter = form.delimiter or (
        "\t" if path.suffix.lower() == ".tsv" else find_delimiter(sample, asked)
    )
    return DelimitedRows(path, _header(sample, delimiter, path.name), codec, told, delimiter)


def _sample(path: Path, codec: str, *, told: bool) -> str:
    for block, _ in utf8_blocks(path, codec, told=told):
        text = block[: min(_SAMPLE, BLOCK)].decode(errors="ignore")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return ""


def _header(sample: str, delimiter: str, name: str) -> tuple[str, ...]:
    try:
        for row in csv.reader(io.StringIO(sample), delimiter=delimiter):
            if row:
                return tuple(tidy(field) for field in row)
    except csv.Error as error:
        raise BadFileError(f"{name}, line 1: the header cannot be read ({error}).") from error
    raise BadFileError(f"{name} is empty: it has not even a header.")


@dataclass(frozen=True, slots=True)
class _PieceLines:
    """Lines of the rows of a plain piece; where records span lines it reads the piece again."""

    piece: Piece
    delimiter: str
    skipped: tuple[int, ...]
    """Numbers (from 1, the header counted) of the records that are no rows."""
    even: bool
    header: int = 0

    def after_header(self) -> "_PieceLines":
        """Return the same without the first row."""
        return _PieceLines(self.piece, self.delimiter, self.skipped, self.even, 1)

    def record_line(self, number: int) -> int:
        """Return the line of a record by its number in the piece, from 1."""
        return self._starts()[number - 1] if not self.even else self.piece.line + number - 1

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the line on which each of `rows` begins."""
        numbers = [row + self.header for row in rows]
        if not self.even:
            starts = self._starts()
            gone = {number - 1 for number in self.skipped}
            kept = [start for at, start in enumerate(starts) if at not in gone]
            return [kept[number] for number in numbers]
        found = []
        for number in numbers:
            at = number + 1
            for skipped in self.skipped:
                at += skipped <= at
            found.append(self.piece.line + at - 1)
        return found

    def _starts(self) -> list[int]:
        return [record.line for record in read_slowly(self.piece, self.delimiter)[0]]


def _places(piece: Piece, delimiter: str, rows: int, skipped: list[int]) -> _PieceLines:
    ends = piece.ends + (not piece.data.endswith(b"\n"))
    return _PieceLines(piece, delimiter, tuple(skipped), ends == rows + len(skipped))
