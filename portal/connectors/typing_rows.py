"""Chunks of text rows made into records of an entity, the bad rows told apart and reported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.faults import FaultKind, Rejected, reason, shown
from kpi_engine.crm.moment_sql import Zones, macros
from kpi_engine.crm.normalise import Manner, Statement, statement
from kpi_engine.crm.recipes import Recipe
from kpi_engine.crm.sources import FileFormat
from portal.connectors.rejects import Rejects
from portal.connectors.rows import Chunk, Places, Rows
from portal.connectors.styles import FileStyles
from portal.connectors.tally import Tally
from portal.connectors.tidiness import needs_tidying


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading works with, whichever table is read."""

    con: duckdb.DuckDBPyConnection
    zones: Zones
    rejects: Rejects
    progress: Callable[[int], None]
    """Told how many more bytes of the files have been read."""


class RowsTyper:
    """Reads one file by one recipe."""

    def __init__(
        self, desk: Desk, rows: Rows, recipe: Recipe, form: FileFormat, tally: Tally
    ) -> None:
        self._desk = desk
        self._rows = rows
        self._recipe = recipe
        self._tally = tally
        self._styles = FileStyles(desk.con, rows, recipe, form)
        self._careful: set[str] = set()
        self._statements: dict[frozenset[int], Statement] = {}
        constants = (part for part in recipe.inputs if part.constant is not None)
        if any(part.type is not ColumnType.TEXT for part in constants):
            self._make_macros()

    def tables(self) -> Iterator[tuple[pa.Table, Places]]:
        """Yield the good rows of each chunk, with `n`, the row's number in it, and its places.

        Raises:
            BadFileError: if the file breaks off or a column's style cannot be told.
        """
        done = 0
        for chunk in self._rows.chunks(self._recipe.positions):
            self._desk.progress(chunk.done - done)
            done = chunk.done
            self._tally.rows += chunk.rows.num_rows + len(chunk.malformed)
            self._tally.rejected += len(chunk.malformed)
            for row in chunk.malformed:
                cell = Rejected(self._rows.path.name, row.line, "", row.text, row.reason)
                self._desk.rejects.add(cell)
            if chunk.rows.num_rows:
                yield self._good(chunk), chunk.places

    def _good(self, chunk: Chunk) -> pa.Table:
        numbers = pa.array(np.arange(chunk.rows.num_rows, dtype=np.int32))
        self._desk.con.register("chunk", chunk.rows.append_column("n", numbers))
        dirty = frozenset(
            at for at in self._recipe.positions if needs_tidying(chunk.rows.column(f"c{at}"))
        )
        made = self._run(dirty)
        bad = made.column("bad")
        if pc.any(bad).as_py():
            faults = self._faults(dirty)
            while self._reads_on(dirty, faults):
                self._statements.clear()
                made = self._run(dirty)
                bad = made.column("bad")
                faults = self._faults(dirty)
            self._reject(dirty, faults, chunk.places)
            kept = made.filter(pc.invert(bad))
        else:
            kept = made
        left_out = chunk.rows.num_rows - _distinct(made.column("n"))
        self._tally.left_out += left_out
        self._desk.con.unregister("chunk")
        return kept.drop_columns(["bad"])

    def _make_macros(self) -> None:
        """Make what careful readings need: a constant is always read so."""
        for macro in macros(self._desk.zones):
            self._desk.con.execute(macro)

    def _statement(self, dirty: frozenset[int]) -> Statement:
        if dirty not in self._statements:
            manner = Manner(self._styles.known, self._desk.zones, dirty, frozenset(self._careful))
            self._statements[dirty] = statement(self._recipe, manner)
        return self._statements[dirty]

    def _run(self, dirty: frozenset[int]) -> pa.Table:
        made = self._desk.con.sql(self._statement(dirty).records).to_arrow_table()
        numbers = made.column("n").to_numpy()
        if len(numbers) > 1 and (np.diff(numbers) < 0).any():
            return made.take(pa.array(np.argsort(numbers, kind="stable")))
        return made

    def _faults(self, dirty: frozenset[int]) -> pa.Table:
        """Return the bad rows: `n`, and a column a kind of fault with the text where it shows."""
        return self._desk.con.sql(self._statement(dirty).faults).to_arrow_table()

    def _reads_on(self, dirty: frozenset[int], faults: pa.Table) -> bool:
        """Learn from values that could not be read; say whether to try the chunk again.

        First the inputs concerned are read carefully; what is left then settles their styles.
        """
        kinds = self._statement(dirty).kinds
        unread = {
            fault.source: faults.column(f"r{at}").drop_null()
            for at, fault in enumerate(kinds)
            if fault.kind is FaultKind.UNREAD and faults.column(f"r{at}").null_count < len(faults)
        }
        new = unread.keys() - self._careful
        if new and not self._careful:
            self._make_macros()
        self._careful |= new
        by_name = {part.name: part for part in self._recipe.inputs}
        left = {by_name[name]: texts for name, texts in unread.items()}
        return bool(new) or self._styles.decide(left)

    def _reject(self, dirty: frozenset[int], faults: pa.Table, places: Places) -> None:
        numbers = faults.column("n").to_pylist()
        rows = list(dict.fromkeys(numbers))
        self._tally.rejected += len(rows)
        lines = dict(zip(rows, places.lines(rows), strict=True))
        found = []
        for at, fault in enumerate(self._statement(dirty).kinds):
            texts = faults.column(f"r{at}").to_pylist()
            found += [
                (n, at, fault, text)
                for n, text in zip(numbers, texts, strict=True)
                if text is not None
            ]
        name = self._rows.path.name
        for n, _, fault, text in sorted(found, key=itemgetter(0, 1)):
            why = reason(fault, text)
            self._desk.rejects.add(Rejected(name, lines[n], fault.label, shown(text), why))


def _distinct(numbers: pa.ChunkedArray) -> int:
    """Return how many different numbers there are in an ascending column."""
    held = numbers.to_numpy()
    return int((np.diff(held) != 0).sum()) + 1 if len(held) else 0
