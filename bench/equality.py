"""Whether two answers say the same numbers."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

_CLOSE = "abs(a.{0} - b.{0}) <= 1e-6 + 1e-9 * greatest(abs(a.{0}), abs(b.{0}))"


@dataclass(frozen=True, slots=True)
class Compared:
    """How many numbers both have, and the KPIs in which they differ, with how often."""

    numbers: int
    differing: dict[str, int]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differing


def compare(one: Path, other: Path, columns: tuple[str, ...] = ("value",)) -> Compared:
    """Compare two files of numbers (kpi, m, level, id, …).

    Args:
        one: A Parquet file as `write_answer` writes it.
        other: Another.
        columns: What has to be equal; a column that is missing on one side only differs.
    """
    close = " AND ".join(
        f"(a.{column} IS NOT DISTINCT FROM b.{column} OR {_CLOSE.format(column)})"
        for column in columns
    )
    joined = (
        f"FROM read_parquet('{one}') AS a FULL JOIN read_parquet('{other}') AS b"
        " ON a.kpi = b.kpi AND a.level = b.level AND a.m = b.m AND a.id IS NOT DISTINCT FROM b.id"
    )
    with duckdb.connect() as base:
        found = base.execute(
            f"SELECT coalesce(a.kpi, b.kpi) AS kpi, count(*),"
            f" count(*) FILTER (WHERE NOT coalesce(a.kpi = b.kpi AND {close}, FALSE)) {joined}"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    wrong = {kpi: count for kpi, _, count in found if count}
    return Compared(sum(count for _, count, _ in found), wrong)
