"""Removing what nobody needs: files of no kept version, rows of dead loads, derived leftovers.

A reader holds its files by a lease. In a folder that is a claim whose lock dies with the process,
so clean-up knows who reads. A bucket has no locks: there a file is removed only when it has been
needless for a retention time, by the server's clock, and a reader must be done within it.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kpi_engine.store.claims import claim, gate, live_and_dead
from kpi_engine.store.facts import EntityTables
from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.places import Bucket, Folder
from kpi_engine.store.tables import Table, TableFile

RETENTION = timedelta(hours=1)
"""How long a reader of a bucket may hold on to a version that nobody keeps any more."""
_LOOK_AGAIN = timedelta(minutes=10)
_LEASES = "_leases"
_CLEANED = "_leases/.cleaned"
_NEEDLESS = "_needless.json"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up removed."""

    files: int = 0
    size: int = 0


class Leases:
    """The holds of readers on the files of one tenant."""

    def __init__(self, place: Folder | Bucket, tenant: str) -> None:
        self._place = place
        self._tenant = tenant

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """Keep clean-up away while a reader finds out which files it needs."""
        if isinstance(self._place, Folder):
            with gate(self._file(".gate"), alone=False):
                yield
        else:
            yield

    @contextmanager
    def hold(self, files: Iterable[str]) -> Iterator[None]:
        """Hold files, by address, until the end of the block or of the process."""
        if isinstance(self._place, Folder):
            with claim(self._file(""), json.dumps(sorted(files))):
                yield
        else:
            yield

    @contextmanager
    def cleaning(self) -> Iterator[frozenset[str]]:
        """Keep readers from choosing, and give the files that are held, by address."""
        if not isinstance(self._place, Folder):
            yield frozenset()
            return
        with gate(self._file(".gate"), alone=True):
            live, dead = live_and_dead(self._file(""))
            for name in dead:
                self._file(name).unlink(missing_ok=True)
            held: set[str] = set()
            for text in live.values():
                held.update(json.loads(text))
            yield frozenset(held)
            self._file(".cleaned").touch()

    def epoch(self) -> tuple[int, ...] | None:
        """Return what changes with every clean-up: what was found before may be gone since."""
        if isinstance(self._place, Folder):
            return self._place.stamp(f"{self._tenant}/{_CLEANED}")
        # Nothing tells of a clean-up in a bucket; it spares what was needed in the last hour.
        return (int(time.monotonic() // _LOOK_AGAIN.total_seconds()),)

    def _file(self, name: str) -> Path:
        return Path(self._place.address(f"{self._tenant}/{_LEASES}")) / name


def addresses(facts: EntityFacts) -> set[str]:
    """Return all files that a reader of an entity may open."""
    return {*facts.current, *facts.tail, *facts.changes}


def undo_dead_load(tables: EntityTables, seq: int, pinned: int | None) -> None:
    """Take back rows that a load committed to `changes` but that never landed.

    They are told by their place behind the pinned version, and not by their number alone: a load
    that was overtaken while it slept commits a lower one than that which overtook it.
    """
    latest = tables.changes.latest()
    if latest is None or latest == pinned:
        return
    files = tables.changes.files(latest) or ()
    known = tables.changes.files(pinned) if pinned is not None else ()
    if known is not None and {file.name for file in known} <= {file.name for file in files}:
        landed = {file.name for file in known}
        dead = [file for file in files if file.name not in landed]
    else:
        # Files were brought together behind the pin: which of them are new no longer tells.
        dead = [file for file in files if file.low > seq]
    if dead:
        tables.changes.commit(tables.changes.open(), [], dead)


def needed(tables: EntityTables, pins: Iterable[Pin]) -> set[str]:
    """Return the addresses of all files of an entity that the pins or the next load need."""
    kept: set[str] = set()
    for table, versions in _versions(tables, pins):
        for version in versions:
            kept.update(_addresses(tables, table, table.files(version) or ()))
        table.forget(versions)
    return kept


def on_disk(tables: EntityTables) -> Iterator[tuple[str, str, int]]:
    """Yield path, address and size of every Parquet file of an entity."""
    for table in (tables.changes, tables.current):
        for name, size in tables.place.sizes(table.folder).items():
            if name.endswith(".parquet"):
                path = f"{table.folder}/{name}"
                yield path, tables.place.address(path), size


def ripe(place: Bucket, tenant: str, needless: set[str], retention: timedelta) -> set[str]:
    """Return those of the needless files that have been so for the retention time."""
    path = f"{tenant}/{_NEEDLESS}"
    before, since = place.get(path)
    noted = set(json.loads(before)) if before else set()
    # The server's clock on both sides: that of this machine may be off.
    now = place.put(f"{path}.now", b"")
    place.remove(f"{path}.now")
    if before and now - since < retention.total_seconds():
        return set()
    found = needless & noted if retention else needless
    place.put(path, json.dumps(sorted(needless - found)).encode())
    return found


def drop_derived(tables: EntityTables, kept: set[str]) -> None:
    """Remove indexes of files that are no more."""
    names = {address.rpartition("/")[2].removesuffix(".parquet") for address in kept}
    index = tables.cache / "index"
    for file in index.iterdir() if index.is_dir() else ():
        if file.name not in names:
            file.unlink(missing_ok=True)


def _versions(tables: EntityTables, pins: Iterable[Pin]) -> Iterator[tuple[Table, set[int]]]:
    found = [pin.entities[tables.entity] for pin in pins if tables.entity in pin.entities]
    latest = tables.changes.latest()
    changes = {pin.changes for pin in found}
    yield tables.changes, changes if latest is None else {*changes, latest}
    yield tables.current, {pin.current for pin in found if pin.current is not None}


def _addresses(tables: EntityTables, table: Table, files: Iterable[TableFile]) -> Iterator[str]:
    return (tables.place.address(table.path(file)) for file in files)
