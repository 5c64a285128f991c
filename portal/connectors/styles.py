"""How a file's columns write numbers and dates, decided when a value first needs it.

Plain numbers and ISO dates need no decision. The first value that does makes the whole column be
read once, and all its values decide; if they cannot, the load stops and names the column.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import duckdb
import pyarrow as pa

from kpi_engine.crm import moment_votes, number_text
from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.layers import literal
from kpi_engine.crm.moment_sql import DateOrder, MomentStyle
from kpi_engine.crm.moment_votes import ORDER_NAMES, DateVotes
from kpi_engine.crm.normalise import tidied_sql
from kpi_engine.crm.number_text import NumberStyle, NumberVotes
from kpi_engine.crm.recipes import Input, Recipe, Style
from kpi_engine.crm.sources import FileFormat
from kpi_engine.errors import BadFileError
from portal.connectors.rows import Rows
from portal.connectors.tidiness import needs_tidying

_MOMENTS = frozenset({ColumnType.TIME, ColumnType.DATE})
_NUMBERS = frozenset({ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER})
_FORMS = {DateOrder.DMY: "%d/%m/%Y", DateOrder.MDY: "%m/%d/%Y", DateOrder.YMD: "%y/%m/%d"}
_BY_THOUSANDS = {",": ".", ".": ","}


class FileStyles:
    """The styles of one file's columns, as far as they are known."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, rows: Rows, recipe: Recipe, form: FileFormat
    ) -> None:
        self._con = con
        self._rows = rows
        self._recipe = recipe
        self._settled: set[int] = set()
        decimal = form.decimal or _BY_THOUSANDS.get(form.thousands or "")
        number = NumberStyle(decimal, form.thousands)
        moment = MomentStyle(dates=form.dates, serials=rows.serials)
        self.known: dict[int, Style] = {}
        for part in recipe.inputs:
            if part.constant is None and part.type in _NUMBERS:
                self.known[part.position] = number
            elif part.constant is None and part.type in _MOMENTS:
                self.known[part.position] = moment

    def decide(self, unread: Mapping[Input, pa.ChunkedArray]) -> bool:
        """Settle the styles of inputs that have values which cannot be read; say if any changed.

        Args:
            unread: By input, the texts that could not be read.

        Raises:
            BadFileError: if a column's values can be read in more than one way.
        """
        changed = [self._decide(part, texts) for part, texts in unread.items()]
        return any(changed)

    def _decide(self, part: Input, texts: pa.ChunkedArray) -> bool:
        style = self.known.get(part.position)
        if part.position in self._settled or part.constant is not None:
            return False
        found: Style | None = None
        if isinstance(style, NumberStyle) and style.decimal is None:
            decimal = self._decimal(part) if self._number_votes([texts]).parted else None
            found = NumberStyle(decimal, style.thousands) if decimal else None
        elif isinstance(style, MomentStyle) and style.order is None and style.dates is None:
            order = self._order(part) if self._date_votes([texts]).without_order else None
            found = MomentStyle(order, None, style.serials) if order else None
        if found is not None:
            self._settled.add(part.position)
            self.known[part.position] = found
        return found is not None

    def _decimal(self, part: Input) -> str | None:
        votes = self._number_votes(self._values(part))
        if votes.unsettled:
            both = votes.point and votes.comma
            how = "both with '.' and with ','" if both else "so that ',' or '.' may be either sign"
            raise BadFileError(
                f"{self._rows.path.name}: the numbers in '{self._label(part)}' are written {how};"
                ' say which is the decimal sign in `format: {decimal: "."}` or `","`.'
            )
        return votes.decimal

    def _order(self, part: Input) -> DateOrder | None:
        votes = self._date_votes(self._values(part))
        if votes.order is not None:
            return votes.order
        if not votes.possible:
            how = "are not all in one order"
        else:
            how = "may be read as " + " or as ".join(ORDER_NAMES[order] for order in votes.possible)
        likely = _FORMS[votes.possible[0] if votes.possible else DateOrder.DMY]
        raise BadFileError(
            f"{self._rows.path.name}: the dates in '{self._label(part)}' {how}; say how they are"
            f' written in `format: {{dates: "{likely}"}}`.'
        )

    def _number_votes(self, columns: Iterable[pa.ChunkedArray]) -> NumberVotes:
        counts = self._votes(columns, number_text.votes_sql)
        return sum((NumberVotes(*each) for each in counts), NumberVotes())

    def _date_votes(self, columns: Iterable[pa.ChunkedArray]) -> DateVotes:
        counts = self._votes(columns, moment_votes.votes_sql)
        return sum((DateVotes(*each) for each in counts), DateVotes())

    def _votes(
        self,
        columns: Iterable[pa.ChunkedArray],
        votes_sql: Callable[[str, str], str],
    ) -> Iterator[list[int]]:
        """Yield the counts over each of the columns."""
        for column in columns:
            self._con.register("votes", pa.table({"t": column}))
            for (counts,) in self._con.execute(votes_sql("t", "votes")).fetchall():
                yield counts
        self._con.unregister("votes")

    def _values(self, part: Input) -> Iterator[pa.ChunkedArray]:
        """Yield all values of the input in the file, those left out that mean nothing."""
        positions = [part.position]
        if part.position < 0:
            positions = [at for at, _ in self._recipe.exploded]
        nulls = ", ".join(literal(word) for word in ("", *part.words.null))
        for chunk in self._rows.chunks(positions):
            for position in positions:
                column = chunk.rows.column(f"c{position}")
                self._con.register("voters", pa.table({"c": column}))
                text = tidied_sql("c") if needs_tidying(column) else "c"
                kept = f"SELECT t FROM (SELECT {text} AS t FROM voters) WHERE t NOT IN ({nulls})"
                yield self._con.sql(kept).to_arrow_table().column("t")
        self._con.unregister("voters")

    def _label(self, part: Input) -> str:
        if part.position >= 0:
            return self._rows.columns[part.position]
        return ", ".join(self._rows.columns[at] for at, _ in self._recipe.exploded)
