"""A load: writes into several entities that become one version of the store together."""

import errno
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable

from kpi_engine.errors import StoreError
from kpi_engine.store.claims import claim, live_and_dead
from kpi_engine.store.facts import EntityTables, Held, held
from kpi_engine.store.parquet import Landing
from kpi_engine.store.pins import EntityPin, Pin
from kpi_engine.store.workbench import Workbench, full_disk
from kpi_engine.store.writing import Desk, EntityWrite, Outcome, Written

AT_ONCE = 4
"""Commits that are made at the same time."""
_CLAIMS = "claims"
_NOTHING = Held(0, (), (), ())


@dataclass(frozen=True, slots=True)
class LoadContext:
    """What all writes of a load work with."""

    tables: Callable[[str], EntityTables]
    bench: Workbench
    folder: Path
    """The spool: gone when the load ends."""
    landing: Landing
    previous: Pin
    preview: bool
    hands: ThreadPoolExecutor
    """For what can be done beside."""


class LoadWriter:
    """Takes the rows of a load, entity by entity; `finish` puts them into the tables.

    Nobody sees the rows before the pin that `finish` returns is committed by whoever keeps pins.
    """

    def __init__(self, context: LoadContext) -> None:
        self._context = context
        self._done: dict[str, Outcome] = {}
        self._files: dict[str, Held] = {}
        self._opened: dict[str, Future[DeltaTable | None]] = {}
        self._finished = False

    def write(
        self, entity: str, rows: pa.RecordBatchReader, *, full: bool = False, source: str
    ) -> Written:
        """Bring in the records of one source and entity.

        Args:
            entity: A name of `ENTITIES`.
            rows: Records in any order, columns as `record_schema(entity)`, `id` and `source`
                filled. They are read once, in batches, and never held all.
            full: Also delete the records of `source` that the rows do not have.
            source: The source that all rows are of.

        Returns:
            Counts of records. Of rows with the same id the last one counts; the others are
            `repeated`. A row that says what is known already is `unchanged` and not written.

        Raises:
            StoreError: if the rows do not have the entity's columns or a key, if the entity was
                written in this load before, or if the store's files are damaged.
        """
        if entity in self._done:
            raise StoreError(
                f"A load brings in {entity} once. Join its tables and write them together."
            )
        context = self._context
        tables = context.tables(entity)
        pin = context.previous.entities.get(entity)
        files = held(tables, context.previous.seq, pin) if pin else _NOTHING
        self._files[entity] = files
        if not context.preview:
            # Reading a table's log takes as long as comparing a small load does.
            self._opened[entity] = context.hands.submit(tables.changes.open)
        desk = Desk(tables, files, context.bench, context.folder, context.landing, context.preview)
        with _room():
            self._done[entity] = EntityWrite(desk, source).run(rows, full=full)
        return self._done[entity].counts

    def finish(self) -> Pin:
        """Put what was written into the tables and return the pin of the new version.

        A preview changes nothing and returns the pin that the load started from.
        """
        if self._finished:
            raise StoreError("This load is finished already. Begin another one.")
        self._finished = True
        context = self._context
        if context.preview:
            return context.previous
        made = [outcome for outcome in self._done.values() if outcome.files]
        with _room():
            pins = context.hands.map(self._land, made)
            new = {outcome.entity: pin for outcome, pin in zip(made, pins, strict=True)}
        return Pin(context.landing.seq, {**context.previous.entities, **new})

    def _land(self, outcome: Outcome) -> EntityPin:
        """Move the files of a write into the table and commit them to its log."""
        context = self._context
        tables = context.tables(outcome.entity)
        for file in outcome.files:
            tables.place.publish(context.folder / file.name, tables.changes.path(file))
        opened = self._opened[outcome.entity].result()
        version = tables.changes.commit(opened, outcome.files)
        before = context.previous.entities.get(outcome.entity, EntityPin(version, tail_unique=True))
        # The file of `current` may be gone: then the entity starts from its history again.
        lost = before.current is not None and not self._files[outcome.entity].current
        unique = not before.rewritten if lost else before.tail_unique
        return EntityPin(
            changes=version,
            current=None if lost else before.current,
            base=0 if lost else before.base,
            rewritten=before.rewritten or outcome.rewrites,
            tail_unique=unique and not outcome.touches_tail,
        )


@contextmanager
def _room() -> Iterator[None]:
    """Tell a person when a disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise full_disk() from error
        raise


@contextmanager
def spool(folder: Path) -> Iterator[Path]:
    """Give a folder for the files of a load; it goes with the load."""
    with claim(folder / _CLAIMS) as name:
        mine = folder / name
        mine.mkdir()
        try:
            yield mine
        finally:
            shutil.rmtree(mine, ignore_errors=True)


def collect_spools(folder: Path) -> None:
    """Remove the files of loads whose process died."""
    _, dead = live_and_dead(folder / _CLAIMS)
    for name in dead:
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / _CLAIMS / name).unlink(missing_ok=True)
