"""Apache Spark over the Parquet files of a pinned version: the statements DuckDB runs, elsewhere.

Nothing of Spark is loaded before a session is opened.
"""

import hashlib
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.engines.cluster import HOST, WORKER_MEMORY, Cluster, find, listens
from kpi_engine.engines.java import SparkUnavailableError, need_java
from kpi_engine.engines.runner import Columns, columns_of
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.relation import Role, Tables, history_relation, now_relation
from kpi_engine.store.tables import changes_schema, current_schema

_TYPES = {
    pa.string(): "STRING",
    pa.float64(): "DOUBLE",
    pa.decimal128(18, 4): "DECIMAL(18, 4)",
    pa.int64(): "BIGINT",
    pa.int32(): "INT",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us"): "TIMESTAMP_NTZ",
    pa.date32(): "DATE",
}
_SETTINGS = {
    "spark.app.name": "meridian",
    # What a statement means must not depend on how a cluster happens to be set up.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # Else `${env:HOME}` inside a text, a stage's name say, would be filled in.
    "spark.sql.variable.substitute": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.sql.ui.explainMode": "simple",
    "spark.ui.showConsoleProgress": "false",
}
_ON_LOOPBACK = {"spark.driver.host": HOST, "spark.driver.bindAddress": HOST}
_PARTITIONS = "4"
_PATIENCE = 60.0


@dataclass(slots=True)
class Spark:
    """Runs statements on a session of Spark."""

    session: Any
    _views: set[str] = field(default_factory=set)
    _sources: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        """Spark's own."""
        return Dialect.SPARK

    def run(self, sql: str) -> pa.Table:
        """Return the rows of a statement.

        Raises:
            SparkUnavailableError: if Spark does not come to an end with it.
        """
        with _told_in_a_sentence():
            return self.session.sql(sql).toArrow()

    def columns(self, sql: str) -> Columns:
        """Return the columns of a statement."""
        return columns_of(self.run(sql))

    def columns_of_all(self, sqls: Sequence[str]) -> Sequence[Columns]:
        """Return the columns of several statements, one after the other."""
        return [self.columns(sql) for sql in sqls]

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted; each set of files is looked through once."""
        files = tuple(path for one in facts.values() for path in (*one.current, *one.tail))
        if files not in self._sources:
            self._sources[files] = self._named_in(files)
            if len(self._sources[files]) > 1:
                # The files may name one whose records are all gone.
                told = [f"SELECT source FROM {self.now(one, ['source'])}" for one in facts.values()]
                self._sources[files] = self._distinct(f"({' UNION ALL '.join(told)})")
        return self._sources[files]

    def _named_in(self, files: Sequence[str]) -> tuple[str, ...]:
        """Return the sources that files name, in one look: each statement has its price."""
        return self._distinct(self._view("source", "`source` STRING", files)) if files else ()

    def _distinct(self, relation: str) -> tuple[str, ...]:
        rows = self.run(f"SELECT DISTINCT source FROM {relation} AS r").column("source")
        return tuple(sorted(str(source) for source in rows.to_pylist()))

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records of an entity as of the version."""
        return now_relation(facts, columns, self._tables(facts))

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version of the records, and when each held."""
        return history_relation(facts, columns, self._tables(facts))

    def _tables(self, facts: EntityFacts) -> Tables:
        """Return the views that read the files of `facts`, made when first asked for."""

        def table(role: Role) -> str:
            schema = current_schema if role is Role.CURRENT else changes_schema
            columns = ", ".join(
                f"`{column.name}` {_TYPES[column.type]}" for column in schema(facts.entity)
            )
            return self._view(f"{facts.entity}_{role}", columns, getattr(facts, role))

        return table

    def _view(self, stem: str, columns: str, files: Sequence[str]) -> str:
        """Return the name of the view that reads `columns` of files."""
        name = f"{stem}_{hashlib.sha256(chr(10).join(files).encode()).hexdigest()[:12]}"
        if name not in self._views:
            addresses = [_address(file) for file in files]
            with _told_in_a_sentence():
                # The types are told, so no file is opened to find them; paths are no patterns.
                reader = self.session.read.schema(columns).option("__globPaths__", "false")
                reader.parquet(*addresses).createOrReplaceTempView(name)
            self._views.add(name)
        return name


def _address(file: str) -> str:
    if "://" in file:
        raise SparkUnavailableError(
            f"Spark reads facts that lie in a folder, but these lie in {file}."
            " Ask without --engine spark, or keep the store in a folder that all workers see."
        )
    return f"file://{file}"


@contextmanager
def open_spark(
    master: str | None = None,
    cluster: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Spark]:
    """Open a runner on Spark; it is closed when the block ends. One at a time in a process.

    Args:
        master: Where Spark runs, as `spark://host:7077` or `local[2]`; the cluster that
            `make spark` starts if left out.
        cluster: The folder of that cluster, if it is not the usual one.
        settings: More settings of Spark.

    Raises:
        SparkUnavailableError: if Spark or Java is missing, or no cluster answers.
    """
    need_java()
    told, secret = _place(master, find(cluster))
    session = _session({**_SETTINGS, **told, **(settings or {})}, secret)
    try:
        if told["spark.master"].startswith("spark://"):
            _wait_for_workers(session)
        yield Spark(session)
    finally:
        session.stop()


def _place(master: str | None, ours: Cluster | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the settings that lead to a master, and those that nobody else may see."""
    if master is None:
        if ours is None or not ours.answers:
            raise SparkUnavailableError(
                "No Spark cluster answers. Start one with: make spark."
                " Or set PORTAL_SPARK_MASTER, as to local[2] for Spark in this process."
            )
        master = ours.address
    told = {"spark.master": master}
    if master.startswith("local"):
        return {**told, **_ON_LOOPBACK, "spark.sql.shuffle.partitions": _PARTITIONS}, {}
    if master.startswith("spark://") and not listens(master):
        raise SparkUnavailableError(
            f"No Spark cluster answers at {master}, which PORTAL_SPARK_MASTER names."
            " Start it, or unset that and start one of this machine with: make spark."
        )
    if ours is not None and master.replace("localhost", HOST) == ours.address:
        told = {
            "spark.master": ours.address,
            **_ON_LOOPBACK,
            "spark.executor.memory": WORKER_MEMORY,
            "spark.sql.shuffle.partitions": _PARTITIONS,
        }
        # This process only plans: code compiled thoroughly would never earn its cost.
        told["spark.driver.extraJavaOptions"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        return told, {"spark.authenticate": "true", "spark.authenticate.secret": ours.secret}
    return told, {}


def _session(settings: Mapping[str, str], secret: Mapping[str, str]) -> Any:  # noqa: ANN401 - pyspark is not typed for us
    """Start Spark's driver and return a session; what Java prints is kept off the terminal."""
    with warnings.catch_warnings(), tempfile.TemporaryFile() as log, _told_in_a_sentence(log):
        # pyspark has views on the pandas beside it, which is not used.
        warnings.simplefilter("ignore")
        from pyspark.conf import SparkConf  # noqa: PLC0415 - loaded when it is asked for
        from pyspark.core.context import SparkContext  # noqa: PLC0415
        from pyspark.java_gateway import launch_gateway  # noqa: PLC0415
        from pyspark.logger import PySparkLogger  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415

        for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
            # What goes wrong is told once, in a sentence.
            PySparkLogger.getLogger(name).disabled = True
        conf = SparkConf().setAll(list(settings.items()))
        running = SparkContext._gateway  # noqa: SLF001 - a second driver would ignore the first
        gateway = running or launch_gateway(conf, {"stdout": log, "stderr": log})
        # Not before now: what the driver is started with shows in the list of processes.
        conf.setAll(list(secret.items()))
        context = SparkContext(conf=conf, gateway=gateway)
        try:
            return SparkSession(context)
        except BaseException:
            # A master that refuses ends the driver meanwhile; left so, no other could start here.
            context.stop()
            raise


def _wait_for_workers(session: Any) -> None:  # noqa: ANN401 - pyspark is not typed for us
    """Wait until a worker has joined: without one, statements would wait for ever.

    Raises:
        SparkUnavailableError: if none joins.
    """
    spark = session.sparkContext._jsc.sc()  # noqa: SLF001 - Python's side does not tell
    if spark.conf().getBoolean("spark.dynamicAllocation.enabled", False):  # noqa: FBT003 - Java's
        return
    until = time.monotonic() + _PATIENCE
    # The driver counts as one.
    while spark.getExecutorMemoryStatus().size() < 2:  # noqa: PLR2004
        if time.monotonic() > until:
            raise SparkUnavailableError(
                "Spark's cluster has no free worker: another question holds them, or they have"
                " stopped. Try again later, or start it anew with: make spark-stop spark."
            )
        time.sleep(0.1)


@contextmanager
def _told_in_a_sentence(log: Any = None) -> Iterator[None]:  # noqa: ANN401 - any binary file
    """Turn what Spark raises into one sentence for a person."""
    try:
        yield
    except (SparkUnavailableError, KeyboardInterrupt):
        raise
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark.", "py4j.")) and not isinstance(
            error, OSError
        ):
            raise
        raise SparkUnavailableError(
            f"Spark gave up: {_first_line(str(error))} {_said(log)}"
            "Try again, or ask without --engine spark."
        ) from error


def _first_line(text: str) -> str:
    told = next((line.strip() for line in text.splitlines() if line.strip()), "it did not say why")
    return told.rstrip(".") + "."


def _said(log: Any) -> str:  # noqa: ANN401 - any binary file
    """Return what Java said when it would not start."""
    if log is None:
        return ""
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    told = [line for line in lines if "rror" in line or "xception" in line] or lines[-1:]
    return f"It needs Java 17 or newer, and Java said: {_first_line(told[0])} " if told else ""
