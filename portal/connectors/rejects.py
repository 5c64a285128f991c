"""Rejected rows: all of them in a CSV file, the first few at hand; memory stays bounded."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self, TextIO

from kpi_engine.crm.faults import Rejected, shown
from kpi_engine.errors import BadFileError

_HEAD = ("file", "line", "column", "value", "reason")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Rejects:
    """Writes rejected cells as they come.

    Args:
        path: The CSV file, made when the first cell comes.
        most: How many cells are kept at hand.
    """

    def __init__(self, path: Path, most: int = 100) -> None:
        self.path = path
        self.first: list[Rejected] = []
        self.cells = 0
        self.rows = 0
        self._most = most
        self._file: TextIO | None = None
        self._write: Callable[[tuple[object, ...]], object] = list

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file; more may not come."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, cell: Rejected) -> None:
        """Keep one cell of a rejected row."""
        self.cells += 1
        if len(self.first) < self._most:
            self.first.append(cell)
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._write = csv.writer(self._file).writerow
            self._write(_HEAD)
        texts = (harmless(text) for text in (cell.column, cell.value, cell.reason))
        self._write((harmless(cell.file), cell.line, *texts))


def write_rejected(kept: str | Path, target: Path) -> None:
    """Put a copy of the rejected rows, or only their head where there are none, at `target`.

    Raises:
        BadFileError: if it cannot be written there.
    """
    try:
        if Path(kept).exists():
            shutil.copyfile(kept, target)
        else:
            with target.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerow(_HEAD)
    except OSError as error:
        raise BadFileError(
            f"The rejected rows cannot be written to {target}: {error.strerror or error}."
        ) from error


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    held = shown(text)
    return f"'{held}" if held.lstrip(" ").startswith(_STARTS) else held
