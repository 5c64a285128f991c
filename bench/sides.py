"""What is measured, each as a side that runs in a process of its own."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path

import duckdb

from bench import hand
from bench.asking import MONTHS, catalogue_question, one_question, write_answer
from bench.homes import TENANT, Home, open_home
from bench.loading_sides import Change, Import, Look, Refresh
from bench.scale import LARGE
from bench.worker import Side
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.answer import Answer
from kpi_engine.engines.spark import open_spark
from kpi_engine.store.relation import read_files
from portal.services.engines import Opened, Workshop, open_engine

Told = Mapping[str, str]
_WON = """
    SELECT CAST(date_trunc('month', closed_at) AS DATE) AS period,
        count(*) FILTER (WHERE stage = 'Won') / count(*) AS value
    FROM {files}
    WHERE closed_at >= TIMESTAMP '2023-01-01' AND closed_at < TIMESTAMP '2026-01-01'
        AND stage IN ('Won', 'Lost')
    GROUP BY 1 ORDER BY 1
"""
_CALLED = """
    SELECT CAST(date_trunc('month', coalesce(completed_at, created_at)) AS DATE) AS period,
        count(*) AS value
    FROM {files}
    WHERE kind = 'call' AND coalesce(completed_at, created_at) >= TIMESTAMP '2023-01-01'
        AND coalesce(completed_at, created_at) < TIMESTAMP '2026-01-01'
    GROUP BY 1 ORDER BY 1
"""
BARE = {"win_rate": ("opportunity", _WON), "calls_made": ("activity", _CALLED)}
"""One KPI as anybody would write it: the entity and the statement."""


class _Opened:
    """A side with an opened data folder."""

    def __init__(self, told: Told) -> None:
        self._hold = ExitStack()
        self.home: Home = self._hold.enter_context(open_home(Path(told["home"])))

    def engine(self) -> Opened:
        """Return an engine at the version that now is, kept until the process ends."""
        return self._hold.enter_context(open_engine(self.home.workshop, TENANT))


class CatalogueByEngine(_Opened):
    """The whole catalogue by the engine, from opening it to the last number."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._workshop = self.home.workshop
        self._answer: Answer | None = None

    def run(self) -> None:
        """Ask everything."""
        with open_engine(self._workshop, TENANT) as opened:
            engine = opened.engine
            self._answer = engine.ask(catalogue_question(engine.catalogue))

    def save(self, path: Path) -> None:
        """Write the numbers."""
        if self._answer is not None:
            write_answer(self._answer, path)


class CatalogueBySpark(CatalogueByEngine):
    """The same on a cluster of Spark, whose session is kept open."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        spark = self._hold.enter_context(open_spark(None, Path(told["cluster"])))
        self._workshop = Workshop(self.home.database, self.home.store, lambda _: nullcontext(spark))


class CatalogueByHand(_Opened):
    """The whole catalogue by the SQL written by hand."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._base: duckdb.DuckDBPyConnection = hand.connect(
            self.home.files(), LARGE.start, MONTHS, LARGE.end
        )

    def run(self) -> None:
        """Run all families."""
        hand.compute(self._base)

    def save(self, path: Path) -> None:
        """Write the numbers."""
        self._base.execute(f"COPY answer TO '{path}' (FORMAT parquet)")


class OneByEngine(_Opened):
    """One KPI by an engine that is open."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._question = one_question(KpiKey(told["kpi"]))
        self._engine = self.engine().engine
        self._answer: Answer | None = None

    def run(self) -> None:
        """Ask it."""
        self._answer = self._engine.ask(self._question)

    def save(self, path: Path) -> None:
        """Write the numbers."""
        if self._answer is not None:
            write_answer(self._answer, path)


class OneByQuery(_Opened):
    """One KPI by a bare query on a connection that is open."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        entity, sql = BARE[told["kpi"]]
        self._sql = sql.format(files=read_files(self.home.files()[entity]))
        self._kpi = told["kpi"]
        self._base = hand.tuned(duckdb.connect())

    def run(self) -> None:
        """Fetch it."""
        self._base.execute(self._sql).fetchall()

    def save(self, path: Path) -> None:
        """Write the numbers in the form of the other side's."""
        month = "CAST((year(period) - 2023) * 12 + month(period) - 1 AS SMALLINT)"
        self._base.execute(
            f"COPY (SELECT '{self._kpi}' AS kpi, {month} AS m, 'tenant' AS level,"
            f" CAST(NULL AS VARCHAR) AS id, CAST(value AS DOUBLE) AS value FROM ({self._sql}))"
            f" TO '{path}' (FORMAT parquet)"
        )


SIDES: Mapping[str, Callable[[Told], Side]] = {
    "catalogue-engine": CatalogueByEngine,
    "catalogue-hand": CatalogueByHand,
    "catalogue-spark": CatalogueBySpark,
    "one-engine": OneByEngine,
    "one-query": OneByQuery,
    "import": Import,
    "change": Change,
    "look": Look,
    "refresh": Refresh,
}
