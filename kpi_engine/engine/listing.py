"""The records behind a number: which of them each part of a measure counted, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpi_engine.compiler.jobs import PLAIN, Leaf, Window
from kpi_engine.compiler.listings import Grouped, Listed, listed
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stretches import Asked
from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import (
    Balance,
    Formula,
    Health,
    KpiKey,
    KpiRef,
    Paired,
    Part,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.words import in_words
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.shown import SHOWN
from kpi_engine.questions import Dimension, Question

Group = Mapping[Dimension, str | None]
"""One group of a split, by its keys."""


@dataclass(frozen=True, slots=True)
class Side:
    """One part of a measure that stands on records.

    `name` is `over` and `under` for a ratio, a formula's own name for its part, or empty for a
    measure that has no parts; `kpi` is the part's own key where it is a KPI.
    """

    name: str
    leaf: Leaf
    words: str
    kpi: KpiKey | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is shown of each record."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records that a side counted. Each has a cell for every column.

    `told` are the rows' own: key, part, value, earlier, placed, attributes.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a side's records: those of one part, or all; so many after so many."""

    part: str | None = None
    skip: int = 0
    most: int = 50


def sides_of(part: Part, catalogue: Catalogue) -> tuple[Side, ...]:
    """Return the parts of a measure that stand on records; the same part is told once."""
    found: dict[Leaf, Side] = {}
    for side in _walk(part, PLAIN, "", catalogue, None):
        found.setdefault(side.leaf, side)
    return tuple(found.values())


def simple(part: Part, catalogue: Catalogue) -> bool:
    """Say whether the records listed are the number's own: not those of parts of parts."""
    match part:
        case KpiRef():
            return simple(catalogue[part.key].measure, catalogue)
        case Rolling() | ToDate():
            return simple(part.measure, catalogue)
        case Ratio():
            return simple(part.over, catalogue) and simple(part.under, catalogue)
        case Formula() | Paired() | Balance():
            return False
        case _:
            return True


class Listing:
    """Lists the records behind one KPI in one period, for one scope and group."""

    def __init__(self, engine: Engine, question: Question, group: Group | None = None) -> None:
        """Prepare to list: the question names one KPI and holds one period."""
        (key,) = question.kpis
        (grain,) = question.grains
        staged = engine.staged(question)
        self._engine, self._staged = engine, staged
        self._keys = tuple((group or {}).items())
        self._line = staged.scene.line(grain)
        self.sides = sides_of(engine.catalogue[key].measure, engine.catalogue)

    def counts(self, side: Side) -> Mapping[str, int]:
        """Return how many records a side has, by how they counted."""
        found = self._listed(side)
        if found is None:
            return {}
        sql = f"SELECT part, count(*) AS n FROM {found.sql} AS t GROUP BY part ORDER BY part"
        rows = self._engine.runner.run(sql).to_pylist()
        return {str(row["part"]): int(row["n"]) for row in rows}

    def page(self, side: Side, wanted: Wanted) -> Page:
        """Return some of a side's records, the latest first."""
        found = self._listed(side)
        if found is None:
            return Page((), ())
        origin = Origin(self._staged.world, found.entity)
        columns = columns_shown(found.entity)
        cells = [f"{origin.identity()} AS row_key"]
        cells += [f"{origin(one.name)} AS c{number}" for number, one in enumerate(columns)]
        attributes = "NULL" if found.entity == "onboarding" else origin.column((), "attributes")
        cells.append(f"{attributes} AS attributes")
        part = self._staged.world.dialect.text(wanted.part) if wanted.part is not None else ""
        where = f" WHERE t.part = {part}" if part else ""
        # What is shown of a record is looked up for the page's records only.
        sql = (
            f"WITH page AS (SELECT * FROM {found.sql} AS t{where}"
            f" ORDER BY placed DESC NULLS LAST, row_key"
            f" LIMIT {int(wanted.most)} OFFSET {int(wanted.skip)}),"
            f" shown AS (SELECT {', '.join(cells)} {origin.sql()})"
            " SELECT t.row_key AS key, t.part, t.value, t.earlier, s.* FROM page AS t"
            " LEFT JOIN shown AS s ON s.row_key = t.row_key"
            " ORDER BY t.placed DESC NULLS LAST, t.row_key"
        )
        return Page(columns, tuple(self._engine.runner.run(sql).to_pylist()))

    def describe(self, side: Side) -> Listed | None:
        """Return how a side is listed; None where its records have no date."""
        return self._listed(side)

    def _listed(self, side: Side) -> Listed | None:
        scene, filters = self._staged.scene, self._staged.scene.filters
        line = scene.moments if isinstance(side.leaf.measure, Health) else self._line
        grouped = Grouped(filters.owners, filters.teams, filters.where, self._keys)
        split = tuple(name for name, _ in self._keys)
        asked = Asked(line, split, scene.today, grouped)
        return listed(self._staged.world, side.leaf, asked)


def columns_shown(entity: str) -> tuple[Column, ...]:
    """Return what is shown of an entity's records."""
    types = columns_of(entity)
    return tuple(Column(name, types[name]) for name in SHOWN[entity])


def _walk(
    part: Part, window: Window, name: str, catalogue: Catalogue, kpi: KpiKey | None
) -> Iterator[Side]:
    match part:
        case KpiRef():
            yield from _walk(catalogue[part.key].measure, window, name, catalogue, part.key)
        case Rolling():
            yield from _walk(part.measure, Window(over=part.over), name, catalogue, kpi)
        case ToDate():
            yield from _walk(part.measure, Window(within=part.within), name, catalogue, kpi)
        case Ratio() | Paired() | Formula():
            for below, inner in _parts(part):
                yield from _walk(inner, window, f"{name}.{below}".strip("."), catalogue, None)
        case Stock() | Slipped() | Health():
            # What stands at the end stands there whatever the window.
            yield Side(name, Leaf(part), in_words(part), kpi)
        case _:
            yield Side(name, Leaf(part, window), in_words(part), kpi)


def _parts(part: Ratio | Paired | Formula) -> tuple[tuple[str, Part], ...]:
    match part:
        case Ratio():
            return (("under", part.under), ("over", part.over))
        case Paired():
            return (("actual", part.actual), ("forecast", part.forecast))
        case Formula():
            return part.of
