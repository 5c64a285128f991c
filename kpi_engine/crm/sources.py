"""What a source file says: which files feed which entity, column by column.

Plain frozen data; `portal.connectors` reads it from YAML and checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kpi_engine.crm.stages import StageMap


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a source file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text in the filter language, and where it stands."""

    text: str
    mark: Mark


class Take(StrEnum):
    """How the events of one key become one value."""

    MIN = "min"
    MAX = "max"
    FIRST = "first"
    LAST = "last"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class FromColumn:
    """The value of one file column, some words replaced or all of them mapped."""

    column: str
    replace: Mapping[str, str] | None = None
    map: Mapping[str, str | None] | None = None
    null: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value in every record."""

    value: str
    null: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression over the file's columns."""

    phrase: Phrase
    null: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One value out of the events of a key."""

    take: Take
    column: str
    where: Phrase | None = None
    order: str | None = None
    replace: Mapping[str, str] | None = None
    map: Mapping[str, str | None] | None = None
    null: tuple[str, ...] = ()


Form = FromColumn | Constant | Computed | Taken


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the record, and where its value comes from."""

    name: str
    form: Form
    mark: Mark


@dataclass(frozen=True, slots=True)
class Explode:
    """Wide to long: one record a file column."""

    to: str
    columns: Mapping[str, str]
    """File column → what `to` is in its record."""
    count: str | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file writes its values; what is None is found out."""

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dates: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class TableMap:
    """One file (or the files of a glob) that feeds one entity."""

    file: str
    entity: str
    fields: tuple[Field, ...]
    mark: Mark
    format: FileFormat = field(default_factory=FileFormat)
    where: Phrase | None = None
    explode: Explode | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A whole source file."""

    name: str
    path: str
    """The file it was read from, for messages."""
    timezone: str
    currency: str | None
    stages: StageMap
    tables: tuple[TableMap, ...]
