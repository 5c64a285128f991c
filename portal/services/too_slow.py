"""What a page waits for the facts: what takes longer is stopped, and its page says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import duckdb

from kpi_engine.engines.duckdb import DuckDb
from kpi_engine.engines.runner import Runner
from kpi_engine.language import mark, tr
from portal.errors import BadInputError

SECONDS = 60.0
"""The longest that any page waits; a statement of the database has as long."""
_A_MOMENT = 0.01
_STOPPED = mark(
    "This takes longer than {seconds:g} seconds to compute, so it was stopped. Choose a shorter"
    " time or a smaller group, or try again when less is going on."
)


class TooSlowError(BadInputError):
    """What was asked of the facts takes longer than a page may wait."""


@contextmanager
def bounded(runner: Runner, seconds: float, told: str = _STOPPED) -> Iterator[None]:
    """Stop what a runner is doing when the time is over.

    Args:
        runner: Who runs the statements; only DuckDB in this process can be stopped.
        seconds: How long the block may take.
        told: What is said then, with `{seconds}` in it.

    Raises:
        TooSlowError: if it was stopped.
    """
    if not isinstance(runner, DuckDb):
        yield
        return
    done = Event()
    watching = Thread(target=_watch, args=(runner, done, seconds), daemon=True)
    watching.start()
    try:
        yield
    except duckdb.InterruptException:
        raise TooSlowError(tr(told, seconds=seconds)) from None
    finally:
        done.set()
        watching.join()


def _watch(runner: DuckDb, done: Event, seconds: float) -> None:
    """Interrupt again and again: what comes between two statements stops neither."""
    if not done.wait(seconds):
        while not done.wait(_A_MOMENT):
            runner.connection.interrupt()
