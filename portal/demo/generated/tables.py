"""What the model makes: a table an entity, and how its columns are put together."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from portal.demo.generated.draws import Floats, Ints

Table: TypeAlias = dict[str, Any]
"""Column name to values, all of one length."""


def ids(letter: str, numbers: Ints | Sequence[int]) -> list[str | None]:
    """Return an id a number; a number below nought is nobody."""
    return [f"{letter}-{number:05d}" if number >= 0 else None for number in numbers]


def words(among: Sequence[str | None], places: Ints) -> list[str | None]:
    """Return the word at each place; a place below nought has none."""
    return [among[place] if place >= 0 else None for place in places]


def where(flags: Any, numbers: Floats) -> Floats:  # noqa: ANN401 - any array of flags
    """Return the numbers, and nothing where the flag is not set."""
    return np.where(flags, numbers, np.nan)


def length(table: Mapping[str, Any]) -> int:
    """Return how many rows a table has."""
    return len(next(iter(table.values())))


def stacked(tables: Sequence[Mapping[str, Any]]) -> Table:
    """Return the rows of all tables; a column that one lacks is empty there."""
    names = dict.fromkeys(name for table in tables for name in table)
    found: Table = {}
    for name in names:
        parts = [table.get(name, [None] * length(table)) for table in tables]
        if any(isinstance(part, np.ndarray) for part in parts):
            found[name] = np.concatenate([_numbers(part) for part in parts])
        else:
            found[name] = [value for part in parts for value in part]
    return found


def _numbers(part: Any) -> Any:  # noqa: ANN401 - a column of any type
    if isinstance(part, np.ndarray):
        return part
    return np.array([np.nan if value is None else value for value in part], dtype=np.float64)
