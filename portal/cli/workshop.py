"""The store of facts and the engines, as a command reaches them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from portal.cli.context import Portal

if TYPE_CHECKING:
    # Loaded when a command first asks: `--help` and usage errors need neither store nor engine.
    from kpi_engine.engines.runner import Runner
    from kpi_engine.store.store import Store
    from portal.services.engines import Workshop

    Opens = Callable[[Portal, Store], AbstractContextManager[Runner]]

ENGINES = ("duckdb", "spark")

engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="duckdb",
    show_default=True,
    help="Who computes: DuckDB in this process, or Spark (PORTAL_SPARK_MASTER).",
)


def say_wait() -> None:
    """Say that somebody else who writes to the tenant goes first."""
    click.echo("Somebody else is writing to this tenant; this waits.", err=True)


def store_of(portal: Portal) -> "Store":
    """Return the store of facts."""
    from kpi_engine.store.store import Store  # noqa: PLC0415 - see above

    config = portal.config
    return Store(config.store, config.home / "cache", config.store_options)


def workshop_of(portal: Portal, engine: str = "duckdb") -> "Workshop":
    """Return what questions are answered with."""
    return _workshop(portal, _spark if engine == "spark" else _duckdb)


def writing_room_of(portal: Portal, engine: str = "duckdb") -> "Workshop":
    """Return what the statements of questions are written with; for that no Spark has to run."""
    return _workshop(portal, _spark_text if engine == "spark" else _duckdb)


def _workshop(portal: Portal, opens: "Opens") -> "Workshop":
    from portal.services.engines import Workshop  # noqa: PLC0415 - see above

    return Workshop(portal.database, store_of(portal), lambda store: opens(portal, store))


@contextmanager
def _duckdb(portal: Portal, store: "Store") -> Iterator["Runner"]:
    from kpi_engine.engines.duckdb import open_duckdb  # noqa: PLC0415 - see above

    with open_duckdb(store, portal.config.home / "cache" / "spill") as runner:
        yield runner


@contextmanager
def _spark(portal: Portal, _: "Store") -> Iterator["Runner"]:
    from kpi_engine.engines.spark import open_spark  # noqa: PLC0415 - see above

    with open_spark(portal.config.spark_master) as runner:
        yield runner


@contextmanager
def _spark_text(portal: Portal, store: "Store") -> Iterator["Runner"]:
    from portal.services.spark_text import SparkText  # noqa: PLC0415 - see above

    with _duckdb(portal, store) as runner:
        yield SparkText(runner)
