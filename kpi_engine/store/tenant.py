"""The facts of one tenant: pinned versions, loads, compaction and clean-up.

The store knows no database: whoever keeps pins decides, in a transaction of theirs, what is
landed. At most one process at a time may load, roll back, compact or clean a tenant; that lock is
the caller's too. Readers need no lock and never wait for a load.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.errors import StoreError, did_you_mean
from kpi_engine.store.checking import damaged_files
from kpi_engine.store.cleaning import (
    RETENTION,
    Cleaned,
    Leases,
    addresses,
    drop_derived,
    needed,
    on_disk,
    ripe,
    undo_dead_load,
)
from kpi_engine.store.compaction import Compaction, worth_it
from kpi_engine.store.copies import copied
from kpi_engine.store.facts import EntityTables, LazyFacts, entity_facts, held
from kpi_engine.store.loading import AT_ONCE, LoadContext, LoadWriter, collect_spools, spool
from kpi_engine.store.parquet import Landing
from kpi_engine.store.pins import EntityFacts, EntityPin, Pin
from kpi_engine.store.places import Bucket, Folder
from kpi_engine.store.workbench import Workbench

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_REMEMBERED = 256
"""Facts of so many entities and versions are kept in mind."""


class TenantFacts:
    """The facts of one tenant. Made by `Store.tenant`; may be shared by threads that read."""

    def __init__(self, where: Folder | Bucket, tenant: str, cache: Path, bench: Workbench) -> None:
        self._place = where
        self._tenant = tenant
        self._cache = cache
        self._bench = bench
        self._leases = Leases(where, tenant)
        self._tables: dict[str, EntityTables] = {}
        self._found: dict[tuple[str, EntityPin], EntityFacts] = {}
        self._epoch: tuple[int, ...] | None = None

    def facts(self, pin: Pin) -> Mapping[str, EntityFacts]:
        """Return the files of a pinned version by entity.

        An entity's files are looked for when it is first asked for; that may raise `StoreError`.
        Clean-up may remove them unless the pin is kept or leased.
        """
        return LazyFacts(pin.entities, lambda entity: self._find(entity, pin))

    @contextmanager
    def lease(
        self, pin: Pin, entities: Iterable[str] | None = None
    ) -> Iterator[Mapping[str, EntityFacts]]:
        """Hold the files of a pinned version, or of some of its entities, and give its facts.

        Clean-up removes none of them before the block ends or the process dies. In a bucket there
        are no locks: there the hold ends after the retention time of the clean-up.
        """
        asked = pin.entities if entities is None else entities
        names = [name for name in asked if name in pin.entities]
        with ExitStack() as hold:
            with self._leases.choosing():
                facts = {name: self._find(name, pin) for name in names}
                files = {file for found in facts.values() for file in addresses(found)}
                hold.enter_context(self._leases.hold(files))
            yield facts

    @contextmanager
    def copying(self, pin: Pin) -> Iterator[tuple[str, ...]]:
        """Hold the files that a copy of a pinned version needs; give their paths in the store.

        A copy of these reads as the version does, and the next load of it goes on from there.

        Raises:
            StoreError: if a file is missing or cut.
        """
        with ExitStack() as hold:
            with self._leases.choosing():
                found = [
                    path
                    for name, entity in pin.entities.items()
                    for path in copied(self._entity(name), entity)
                ]
                hold.enter_context(self._leases.hold(map(self._place.address, found)))
            yield tuple(found)

    @contextmanager
    def load(
        self, seq: int, loaded_at: datetime, batch: str, previous: Pin, *, preview: bool = False
    ) -> Iterator[LoadWriter]:
        """Begin a load; what a dead one has left behind `previous` is taken back first.

        Args:
            seq: The version it will be: greater than any that was ever tried.
            loaded_at: When its facts became known, naive UTC; never before that of `previous`.
            batch: The load's id.
            previous: The pin of the last landed version.
            preview: Only count; the store stays as it is.
        """
        if seq <= previous.seq:
            raise StoreError(
                f"Version {seq} cannot follow version {previous.seq}. Take a greater number."
            )
        with spool(self._spools) as folder, ThreadPoolExecutor(AT_ONCE) as hands:
            hands.submit(self._bench.warm)
            if not preview:
                self.roll_back(previous)
            landing = Landing(seq, loaded_at, batch)
            yield LoadWriter(
                LoadContext(
                    tables=self._entity,
                    bench=self._bench,
                    folder=folder,
                    landing=landing,
                    previous=previous,
                    preview=preview,
                    hands=hands,
                )
            )

    def roll_back(self, pin: Pin) -> None:
        """Take back what a dead load committed after the last landed pin.

        Its rows leave the tables; tables that it made stay, empty, for the next load. Every load
        begins so: rows of a version that never landed must not be there when a later one does.
        """
        collect_spools(self._spools)
        for name in self._on_disk():
            found = pin.entities.get(name)
            undo_dead_load(self._entity(name), pin.seq, found.changes if found else None)

    def needs_compaction(self, pin: Pin) -> tuple[str, ...]:
        """Return the entities whose tail has grown so long that readers feel it."""
        return tuple(name for name, found in self.facts(pin).items() if worth_it(found))

    def compact(
        self, pin: Pin, *, entities: Iterable[str] | None = None, anew: bool = False
    ) -> Pin:
        """Compact entities up to the pinned version; return the pin that reads the result.

        The facts are the same; who holds the old pin reads on. Nothing is visible before the new
        pin is committed in place of the old one.

        Args:
            pin: The last landed pin.
            entities: Which; those that need it if left out.
            anew: Make `current` from the whole history, as when its file is damaged.
        """
        names = self.needs_compaction(pin) if entities is None else tuple(entities)
        made: dict[str, EntityPin] = {}
        with spool(self._spools) as folder:
            for name in names:
                before = pin.entities.get(name)
                if before and (anew or before.base < pin.seq):
                    compaction = Compaction(self._entity(name), self._bench, folder)
                    made[name] = compaction.run(pin.seq, before, anew=anew)
        return replace(pin, entities={**pin.entities, **made})

    def damaged(self, pin: Pin) -> tuple[str, ...]:
        """Read all files of a pinned version; return the paths of those that are damaged."""
        found: list[str] = []
        for name, entity in pin.entities.items():
            tables = self._entity(name)
            found += damaged_files(tables, held(tables, pin.seq, entity))
        return tuple(found)

    def clean(self, keep: Iterable[Pin], retention: timedelta = RETENTION) -> Cleaned:
        """Remove the files that no kept pin, no leased reader and no later load needs.

        Args:
            keep: The pins to keep readable as they are; the last landed one must be among them.
                The facts of all other versions stay readable too, from the history.
            retention: In a bucket: how long a file must have been needless.
        """
        pins = list(keep)
        if not pins:
            raise StoreError("Nothing would be kept. Name the last landed version at least.")
        collect_spools(self._spools)
        with self._leases.cleaning() as leased:
            sizes: dict[str, int] = {}
            paths: dict[str, str] = {}
            for name in self._on_disk():
                tables = self._entity(name)
                kept = needed(tables, pins)
                drop_derived(tables, kept)
                for path, address, size in on_disk(tables):
                    if address not in kept and address not in leased:
                        sizes[path], paths[path] = size, address
            gone = set(paths)
            if isinstance(self._place, Bucket):
                gone = ripe(self._place, self._tenant, gone, retention)
            for path in gone:
                self._place.remove(path)
        return Cleaned(len(gone), sum(sizes[path] for path in gone))

    @property
    def _spools(self) -> Path:
        return self._cache / "spool"

    def _on_disk(self) -> list[str]:
        """The entities that have a folder, whether landed or not."""
        return [name for name in self._place.folders(self._tenant) if name in ENTITIES]

    def _entity(self, name: str) -> EntityTables:
        if name not in ENTITIES:
            raise StoreError(f"There is no entity called '{name}'.{did_you_mean(name, ENTITIES)}")
        if name not in self._tables:
            self._tables[name] = EntityTables(self._place, self._tenant, name, self._cache)
        return self._tables[name]

    def _find(self, name: str, pin: Pin) -> EntityFacts:
        """Return an entity's facts, from memory if nothing was cleaned up since."""
        epoch = self._leases.epoch()
        if epoch != self._epoch:
            self._found, self._epoch = {}, epoch
        key = (name, pin.entities[name])
        found = self._found.get(key)
        # Of loads that did not touch the entity only the version's number differs.
        if found is None or found.seq > pin.seq:
            found = entity_facts(self._entity(name), pin.seq, pin.entities[name])
            if len(self._found) >= _REMEMBERED:
                self._found = {}
            self._found[key] = found
        return found if found.seq == pin.seq else replace(found, seq=pin.seq)


def check_name(tenant: str) -> None:
    """Refuse a tenant's name that is not safe as that of a folder.

    Raises:
        StoreError: if it is not.
    """
    if not _NAME.fullmatch(tenant):
        raise StoreError(
            f"'{tenant}' cannot be a folder of the store."
            " Name a tenant by letters, digits, '-' and '_'."
        )
