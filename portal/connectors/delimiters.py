"""Which sign parts the fields of a text file, told from its first lines."""

import csv
from collections.abc import Collection
from dataclasses import dataclass

from portal.connectors.rows import tidy

_SIGNS = (",", ";", "\t", "|")
_ROWS = 200


@dataclass(frozen=True, slots=True)
class _Trial:
    """How well one sign fits: columns that are asked for and found, rows as wide as the header."""

    found: int
    even: float
    width: int
    sign: str


def find_delimiter(sample: str, asked: Collection[str]) -> str:
    """Return the sign under which the header has most of the columns `asked` for.

    Where that does not tell, the one under which most rows are as wide as the header, then the
    one with most columns. A comma when nothing tells.
    """
    lines = sample.splitlines(keepends=True)[: _ROWS * 2]
    trials = [_try(lines, sign, asked) for sign in _SIGNS]
    best = max(trials, key=lambda trial: (trial.found, trial.even, trial.width))
    return best.sign if best.width > 1 else ","


def _try(lines: list[str], sign: str, asked: Collection[str]) -> _Trial:
    rows = []
    try:
        for row in csv.reader(lines, delimiter=sign):
            if row:
                rows.append(row)
            if len(rows) >= _ROWS:
                break
    except csv.Error:
        pass  # an over-long field: judge by the rows before it
    if not rows:
        return _Trial(0, 0.0, 0, sign)
    header = {tidy(name) for name in rows[0]}
    width = len(rows[0])
    even = sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0
    return _Trial(len(header & set(asked)), even, width, sign)
