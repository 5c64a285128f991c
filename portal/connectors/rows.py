"""What every file reader gives: rows of text in chunks, each row with its place in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that could not even be cut into fields."""

    line: int
    text: str
    reason: str


class Places(Protocol):
    """Where the rows of a chunk stand."""

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the physical line (from 1) on which each of `rows` (from 0) begins."""
        ...


@dataclass(frozen=True, slots=True)
class FromLine:
    """Rows that stand one a line."""

    first: int

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the first line plus the row's number."""
        return [self.first + row for row in rows]


@dataclass(frozen=True, slots=True)
class RecordsAt:
    """Rows whose lines are known one by one."""

    starts: Sequence[int]

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return the line of each of `rows`."""
        return [self.starts[row] for row in rows]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows in file order: text columns `c0`, `c1`, … as asked for, none of them null."""

    rows: pa.Table
    places: Places
    malformed: tuple[Malformed, ...]
    done: int
    """Bytes of the file that have been read."""


class Rows(Protocol):
    """An opened file."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The header's names in order."""
        ...

    @property
    def serials(self) -> str | None:
        """From when a plain number counts days where a date should be: '1900', '1904' or None."""
        ...

    def chunks(self, wanted: Sequence[int]) -> Iterator[Chunk]:
        """Read the file from its first row; may be called again."""
        ...


def tidy(name: str) -> str:
    """Return a header name trimmed, runs of blanks as one, without marks that do not show."""
    shown = "".join(letter for letter in name if letter not in "\ufeff\u200b\u2060")
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())
