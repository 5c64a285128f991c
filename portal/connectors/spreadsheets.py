"""Excel workbooks as chunks of rows of text: checked first, then read in a process of its own."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc

from kpi_engine.errors import BadFileError, did_you_mean
from portal.connectors.archives import check_workbook
from portal.connectors.rows import Chunk, RecordsAt, tidy
from portal.connectors.spreadsheet_child import NO_READ, NO_SHEET

_SECONDS = 900
_1904 = re.compile(rb"date1904\s*=\s*[\"'](1|true)[\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetRows:
    """An opened sheet. A row's line is its number in the sheet."""

    path: Path
    columns: tuple[str, ...]
    serials: str | None
    cells: Path
    """The Arrow file with all cells as text."""
    header: int
    """The number of the header's row, from 0."""

    def chunks(self, wanted: Sequence[int]) -> Iterator[Chunk]:
        """Read the sheet from the row after the header; blank rows are no rows."""
        size = self.path.stat().st_size
        with pa.memory_map(str(self.cells)) as file, pa.ipc.open_file(file) as sheet:
            first = 0
            count = max(sheet.num_record_batches, 1)
            for number in range(sheet.num_record_batches):
                batch = sheet.get_batch(number)
                yield _chunk(batch, wanted, first, self.header, size * (number + 1) // count)
                first += len(batch)


def open_spreadsheet(path: Path, sheet: str | None, work: Path) -> SheetRows:
    """Open a sheet of a workbook, the first one if none is named.

    Raises:
        BadFileError: if the workbook is unsafe, damaged or too large, or has no such sheet.
    """
    check_workbook(path)
    cells = work / f"{uuid4().hex}.arrow"
    work.mkdir(parents=True, exist_ok=True)
    _read(path, sheet or "", cells)
    with zipfile.ZipFile(path) as archive:
        serials = "1904" if _1904.search(archive.read("xl/workbook.xml")) else "1900"
    header, names = _header(cells)
    if not names:
        raise BadFileError(f"{path.name} is empty: its sheet has not even a header.")
    return SheetRows(path, names, serials, cells, header)


def _read(path: Path, sheet: str, cells: Path) -> None:
    command = [sys.executable, "-m", "portal.connectors.spreadsheet_child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, arguments as a list
            [*command, str(path), sheet, str(cells)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadFileError(f"{path.name} takes too long to read: save it as CSV.") from error
    if done.returncode == NO_SHEET:
        names = cells.read_text(encoding="utf-8").split("\n")
        hint = did_you_mean(sheet, names) or f" It has: {', '.join(names)}."
        raise BadFileError(f"{path.name} has no sheet '{sheet}'.{hint}")
    if done.returncode == NO_READ and b"Memory" not in done.stderr:
        raise BadFileError(f"{path.name} is damaged or no workbook: save it again.")
    if done.returncode:
        raise BadFileError(f"{path.name} needs too much memory or time to read: save it as CSV.")


def _header(cells: Path) -> tuple[int, tuple[str, ...]]:
    """Return the number and the names of the first row that is not blank."""
    with pa.memory_map(str(cells)) as file, pa.ipc.open_file(file) as sheet:
        first = 0
        for number in range(sheet.num_record_batches):
            batch = sheet.get_batch(number)
            filled = _filled(batch)
            if filled is not None and pc.any(filled).as_py():
                at = pc.index(filled, pa.scalar(value=True)).as_py()
                names = [tidy(column[at].as_py() or "") for column in batch.columns]
                return first + at, tuple(names)
            first += len(batch)
    return 0, ()


def _filled(batch: pa.RecordBatch) -> pa.Array | None:
    """Return for each row whether any cell of it is filled."""
    found = None
    for column in batch.columns:
        mask = pc.is_valid(column)
        found = mask if found is None else pc.or_(found, mask)
    return found


def _chunk(
    batch: pa.RecordBatch, wanted: Sequence[int], first: int, header: int, done: int
) -> Chunk:
    filled = _filled(batch)
    mask = filled.to_numpy(zero_copy_only=False) if filled is not None else []
    rows = [at for at, kept in enumerate(mask) if kept and first + at > header]
    taken = pa.array(rows, pa.int64())
    columns = {
        f"c{at}": pc.fill_null(batch.column(at).take(taken).cast(pa.string()), "") for at in wanted
    }
    if not columns:
        columns = {"c": pa.nulls(len(rows))}
    return Chunk(pa.table(columns), RecordsAt([first + at + 1 for at in rows]), (), done)
