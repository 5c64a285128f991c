"""The two Delta tables of an entity: their schemas, their files at a version, and commits.

Statistics in the log are those of the first column only (`seq` of `changes`, `pos` of `current`):
that is what the store asks for, and a narrow log is read several times faster.
"""

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from kpi_engine.crm.schema import record_schema
from kpi_engine.errors import StoreError
from kpi_engine.store.places import Place

_INSTANT = pa.timestamp("us")
CHANGES_LEAD = (
    pa.field("seq", pa.int64()),
    pa.field("deleted", pa.bool_()),
    pa.field("loaded_at", _INSTANT),
    pa.field("batch", pa.string()),
    pa.field("replaces", pa.int64()),
)
CURRENT_LEAD = (
    pa.field("pos", pa.int64()),
    pa.field("seq", pa.int64()),
    pa.field("loaded_at", _INSTANT),
    pa.field("versions", pa.int32()),
)
_SETTINGS = {"delta.dataSkippingNumIndexedCols": "1", "delta.checkpointInterval": "10"}
LOG = "_delta_log"
"""The folder of a table's log."""
Stamp = tuple[int, ...] | None
_KNOWN = 16
"""Versions whose files a process keeps in mind, a table."""


@cache
def records_schema(entity: str) -> pa.Schema:
    """Return the schema of an entity's records."""
    return record_schema(entity)


@cache
def changes_schema(entity: str) -> pa.Schema:
    """Return the schema of an entity's `changes`."""
    return pa.schema([*CHANGES_LEAD, *records_schema(entity)])


@cache
def current_schema(entity: str) -> pa.Schema:
    """Return the schema of an entity's `current`."""
    return pa.schema([*CURRENT_LEAD, *records_schema(entity)])


@dataclass(frozen=True, slots=True)
class TableFile:
    """One Parquet file of a table. `low` and `high` bound its first column, both in."""

    name: str
    rows: int
    size: int
    low: int
    high: int


class Table:
    """One Delta table in a folder of a place. Every commit is made under the tenant's lock."""

    def __init__(self, place: Place, folder: str, schema: pa.Schema, manifests: Path) -> None:
        self.folder = folder
        self._place = place
        self._schema = schema
        self._manifests = manifests
        self._known: dict[int, tuple[Stamp, tuple[TableFile, ...]]] = {}

    def path(self, file: TableFile) -> str:
        """Return the path of a file within the store."""
        return f"{self.folder}/{file.name}"

    def latest(self) -> int | None:
        """Return the newest version, or None when the table was never made."""
        names = self._place.sizes(f"{self.folder}/{LOG}")
        stems = [name.removesuffix(".json") for name in names if name.endswith(".json")]
        return max((int(stem) for stem in stems if stem.isdigit()), default=None)

    def files(self, version: int) -> tuple[TableFile, ...] | None:
        """Return the files of a version, or None when the log does not reach it any more."""
        stamp = self._stamp(version)
        known = self._known.get(version)
        if known and known[0] == stamp:
            return known[1]
        found = self._remembered(version, stamp)
        if found is None:
            found = self._read(version)
            if found is not None:
                self._remember(version, found)
        return found

    def unsound(self, files: Iterable[TableFile]) -> str | None:
        """Return the name of the first file that is missing, cut or not Parquet, or None."""
        return self._place.unsound(self.folder, {file.name: file.size for file in files})

    def open(self) -> DeltaTable | None:
        """Return deltalake's view of the newest version, to commit to; None if there is none."""
        if self.latest() is None:
            return None
        options = dict(self._place.options) or None
        with self._told():
            return DeltaTable(self._place.address(self.folder), storage_options=options)

    def commit(
        self,
        opened: DeltaTable | None,
        add: Sequence[TableFile],
        remove: Sequence[TableFile] = (),
        *,
        moved: bool = False,
    ) -> int:
        """Commit files that already lie in the folder and drop others; return the new version.

        Args:
            opened: What `open` returned; nobody may have committed since.
            add: Files to add.
            remove: Files of the opened version to drop.
            moved: Whether the rows are the same before and after, in other files.
        """
        with self._told():
            version = self._commit(opened, add, remove, moved=moved)
        self._place.settle(f"{self.folder}/{LOG}/{version:020d}.json")
        known = self.files(version - 1) if version else ()
        if known is not None:
            gone = {file.name for file in remove}
            kept = tuple(file for file in known if file.name not in gone)
            self._remember(version, (*kept, *add))
        return version

    def forget(self, keep: Iterable[int]) -> None:
        """Drop what is remembered of versions that are not in `keep`."""
        kept = {f"{self._stem}-{version}.json" for version in keep}
        for file in self._manifests.glob(f"{self._stem}-*.json"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _commit(
        self,
        opened: DeltaTable | None,
        add: Sequence[TableFile],
        remove: Sequence[TableFile],
        *,
        moved: bool,
    ) -> int:
        adds = [self._action(file, moved=moved) for file in add]
        schema = Schema.from_arrow(self._schema)
        if opened is None:
            create_table_with_add_actions(
                self._place.address(self.folder),
                schema,
                adds,
                configuration=_SETTINGS,
                storage_options=dict(self._place.options) or None,
            )
            return 0
        # A stamp in the log, as deltalake puts on every commit; nothing of ours reads it.
        at = time.time_ns() // 1_000_000
        removes = [RemoveAction(file.name, not moved, at, file.size, {}) for file in remove]
        # Without retries: the version is the next one, or somebody else writes and this fails.
        once = CommitProperties(max_commit_retries=0)
        actions = [*adds, *removes]
        opened.create_write_transaction(actions, "append", schema, commit_properties=once)
        return int(opened.version()) + 1

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell a person when a table does not take a commit."""
        try:
            yield
        except DeltaError as error:
            raise StoreError(
                f"The table {self.folder} did not take the load: {_first_line(error)}."
                " Nothing was landed; try again."
            ) from error

    def _action(self, file: TableFile, *, moved: bool) -> AddAction:
        first = self._schema.names[0]
        stats: dict[str, Any] = {"numRecords": file.rows, "nullCount": {first: 0}}
        if file.rows:
            stats |= {"minValues": {first: file.low}, "maxValues": {first: file.high}}
        return AddAction(file.name, file.size, {}, 0, not moved, json.dumps(stats))

    def _read(self, version: int) -> tuple[TableFile, ...] | None:
        options = dict(self._place.options) or None
        try:
            table = DeltaTable(self._place.address(self.folder), version, storage_options=options)
        except TableNotFoundError:
            return None
        except DeltaError as error:
            if (self.latest() or -1) > version:
                return None
            raise StoreError(
                f"The log of {self.folder} is damaged: {_first_line(error)}."
                " Bring the store back from a backup."
            ) from error
        actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
        return tuple(self._file(action) for action in actions)

    def _file(self, action: dict[str, Any]) -> TableFile:
        first = self._schema.names[0]
        return TableFile(
            action["path"],
            action["num_records"],
            action["size_bytes"],
            action.get(f"min.{first}") or 0,
            action.get(f"max.{first}") or 0,
        )

    @property
    def _stem(self) -> str:
        return self.folder.rpartition("/")[2]

    def _manifest(self, version: int) -> Path:
        return self._manifests / f"{self._stem}-{version}.json"

    def _stamp(self, version: int) -> Stamp:
        """What ties a list of files to the very commit that it was made from."""
        return self._place.stamp(f"{self.folder}/{LOG}/{version:020d}.json")

    def _remembered(self, version: int, stamp: Stamp) -> tuple[TableFile, ...] | None:
        try:
            found = json.loads(self._manifest(version).read_text())
            if stamp is None or tuple(found["stamp"]) != stamp:
                return None
            return tuple(TableFile(*file) for file in found["files"])
        except (OSError, ValueError, TypeError, KeyError):
            # A manifest is derived: whatever is wrong with it, the log tells the same.
            return None

    def _remember(self, version: int, files: tuple[TableFile, ...]) -> None:
        stamp = self._stamp(version)
        if len(self._known) >= _KNOWN:
            self._known = {}
        self._known[version] = (stamp, files)
        if stamp is None:
            return
        rows = [[file.name, file.rows, file.size, file.low, file.high] for file in files]
        target = self._manifest(version)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{uuid.uuid4().hex}")
        beside.write_text(json.dumps({"stamp": stamp, "files": rows}))
        beside.replace(target)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(". ")
