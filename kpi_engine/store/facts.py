"""Which files hold an entity at a pinned version, and whether they are sound."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpi_engine.errors import StoreError
from kpi_engine.store.pins import EntityFacts, EntityPin
from kpi_engine.store.places import Place
from kpi_engine.store.tables import Table, TableFile, changes_schema, current_schema


class EntityTables:
    """The two tables of one tenant's entity, and the folder of what is derived from them."""

    def __init__(self, place: Place, tenant: str, entity: str, cache: Path) -> None:
        self.entity = entity
        self.place = place
        self.cache = cache / entity
        folder = f"{tenant}/{entity}"
        self.changes = Table(place, f"{folder}/changes", changes_schema(entity), self.cache)
        self.current = Table(place, f"{folder}/current", current_schema(entity), self.cache)

    def segment(self, file: TableFile) -> Path:
        """Return where the derived index of a file of either table lies."""
        return self.cache / "index" / file.name.removesuffix(".parquet")


@dataclass(frozen=True, slots=True)
class Held:
    """The files of one entity at a pinned version; see `EntityFacts` for what they mean."""

    base: int
    current: tuple[TableFile, ...]
    tail: tuple[TableFile, ...]
    changes: tuple[TableFile, ...]


def held(tables: EntityTables, seq: int, pin: EntityPin) -> Held:
    """Return the files that hold an entity as of version `seq`.

    Files that compaction and clean-up have taken away since are made up for: older versions of
    records are read from the newest `changes`, which hold every version for ever.

    Raises:
        StoreError: if a file that nothing makes up for is missing or damaged.
    """
    changes = _changes(tables, seq, pin)
    current = _current(tables, pin)
    base = pin.base if current else 0
    tail = tuple(file for file in changes if file.high > base)
    return Held(base, current, tail, changes)


def entity_facts(tables: EntityTables, seq: int, pin: EntityPin) -> EntityFacts:
    """Return what a reader needs to know of an entity as of version `seq`."""
    found = held(tables, seq, pin)

    def addresses(table: Table, files: tuple[TableFile, ...]) -> tuple[str, ...]:
        return tuple(tables.place.address(table.path(file)) for file in files)

    fallen_back = found.base != pin.base
    return EntityFacts(
        entity=tables.entity,
        seq=seq,
        base=found.base,
        current=addresses(tables.current, found.current),
        tail=addresses(tables.changes, found.tail),
        changes=addresses(tables.changes, found.changes),
        rewritten=pin.rewritten,
        tail_unique=not pin.rewritten if fallen_back else pin.tail_unique,
        current_rows=sum(file.rows for file in found.current),
        tail_rows=sum(file.rows for file in found.tail),
    )


class LazyFacts(Mapping[str, EntityFacts]):
    """The facts of a pinned version; an entity's files are looked for when it is first asked."""

    def __init__(self, pins: Mapping[str, EntityPin], find: Callable[[str], EntityFacts]) -> None:
        self._pins = pins
        self._find = find

    def __getitem__(self, entity: str) -> EntityFacts:
        if entity not in self._pins:
            raise KeyError(entity)
        return self._find(entity)

    def __contains__(self, entity: object) -> bool:
        return entity in self._pins

    def __iter__(self) -> Iterator[str]:
        return iter(self._pins)

    def __len__(self) -> int:
        return len(self._pins)


def _changes(tables: EntityTables, seq: int, pin: EntityPin) -> tuple[TableFile, ...]:
    pinned = tables.changes.files(pin.changes)
    wrong = tables.changes.unsound(pinned) if pinned is not None else ""
    if pinned is None or wrong:
        latest = tables.changes.latest()
        newer = tables.changes.files(latest) if latest not in {None, pin.changes} else None
        if newer is None or tables.changes.unsound(newer):
            raise _lost(tables, seq, wrong)
        pinned = newer
    return tuple(file for file in pinned if file.low <= seq)


def _current(tables: EntityTables, pin: EntityPin) -> tuple[TableFile, ...]:
    if pin.current is None:
        return ()
    files = tables.current.files(pin.current)
    wrong = tables.current.unsound(files) if files is not None else ""
    if files is not None and not wrong:
        return files
    if pin.current == tables.current.latest():
        raise StoreError(
            f"The compacted file{f' {wrong}' if wrong else ''} of {tables.entity} is missing or"
            " damaged. Compact the tenant's store anew: the file is made again from its history."
        )
    return ()


def _lost(tables: EntityTables, seq: int, name: str | None) -> StoreError:
    what = f"The file {name}" if name else "A file"
    return StoreError(
        f"{what} of {tables.entity} is missing or damaged, so version {seq} of the facts cannot"
        " be read. Bring the store back from a backup."
    )
