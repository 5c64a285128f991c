"""What an engine offers: it runs statements over the files of a pinned version."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.store.pins import EntityFacts

Columns = Mapping[str, npt.NDArray[Any]]
"""The columns of an answer by name; NULL is masked, or None among objects, or NaN."""


class Runner(Protocol):
    """Runs the statements of one tenant at one pinned version."""

    @property
    def dialect(self) -> Dialect:
        """The dialect its statements are written in."""

    def run(self, sql: str) -> pa.Table:
        """Return the rows of a statement."""

    def columns(self, sql: str) -> Columns:
        """Return the columns of a statement that may be run again: it is kept parsed."""

    def columns_of_all(self, sqls: Sequence[str]) -> Sequence[Columns]:
        """Return the columns of several statements, in their order; they may run side by side."""

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted."""

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records of an entity as of the version."""

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version of the records, and when each held."""


def columns_of(table: pa.Table) -> Columns:
    """Return the columns of a table."""
    return {
        name: np.asarray(column.to_numpy())
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
