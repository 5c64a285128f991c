"""What a copy of a pinned version consists of: its files, and the logs up to it and no further.

Rows that a load committed after the pin are in no copied file, nor does a copied log name them.
The version that the pin names is the newest there is in the copy, so the next load goes on there.
"""

from collections.abc import Iterator

from kpi_engine.errors import StoreError
from kpi_engine.store.facts import EntityTables
from kpi_engine.store.pins import EntityPin
from kpi_engine.store.tables import LOG, Table

_DIGITS = 20
"""A log's file begins with its version, so long."""


def copied(tables: EntityTables, pin: EntityPin) -> Iterator[str]:
    """Yield the paths, within the store, of all files that a copy of an entity needs.

    Raises:
        StoreError: if one is missing or cut.
    """
    yield from _files(tables, tables.changes, pin.changes)
    if pin.current is not None:
        yield from _files(tables, tables.current, pin.current)


def _files(tables: EntityTables, table: Table, version: int) -> Iterator[str]:
    files = table.files(version)
    wrong = table.unsound(files) if files is not None else "its log"
    if files is None or wrong:
        raise StoreError(
            f"{wrong} of {table.folder} is missing or damaged, so it can't be copied."
            " See: portal store check --help"
        )
    for file in files:
        yield table.path(file)
    for name in sorted(tables.place.sizes(f"{table.folder}/{LOG}")):
        number = name[:_DIGITS]
        if number.isdigit() and int(number) <= version:
            yield f"{table.folder}/{LOG}/{name}"
