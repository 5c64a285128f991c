"""What an engine offers: it runs statements over the files of a pinned version."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.store.pins import EntityFacts


class Runner(Protocol):
    """Runs the statements of one tenant at one pinned version."""

    @property
    def dialect(self) -> Dialect:
        """The dialect its statements are written in."""

    def run(self, sql: str) -> pa.Table:
        """Return the rows of a statement."""

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted."""

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records of an entity as of the version."""

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version of the records, and when each held."""
