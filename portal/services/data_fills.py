"""How well each column is filled, and how fresh its records are; and which values sort them.

Asked once a version of the facts. Shares and categories only: nothing here shows a record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.engine.engine import Engine
from portal.services import loads
from portal.services.builder_fields import column_of, fixed_values, is_category
from portal.services.builder_trial import SECONDS
from portal.services.desks import Desk
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.shelf import Shelf
from portal.services.too_slow import TooSlowError, bounded

MOST_VALUES = 40
_LONGEST = 80
_KEPT = Shelf(512)


@dataclass(frozen=True, slots=True)
class Fills:
    """One entity: how many records, how many have each column, and the day of the newest."""

    records: int = 0
    filled: Mapping[str, int] | None = None
    newest: date | None = None

    def share(self, column: str) -> float | None:
        """Return the share of records that have a column; None without records."""
        if not self.records or self.filled is None:
            return None
        return self.filled.get(column, 0) / self.records


def fills(workshop: Workshop, desk: Desk, entities: Sequence[str]) -> Mapping[str, Fills]:
    """Return how well the columns of some entities are filled in the facts as they are now."""
    load = loads.last_landed(desk.session)
    ground = (desk.card.key, load.seq if load else 0, desk.today)
    missing = [name for name in dict.fromkeys(entities) if name in ENTITIES]

    def ask() -> Mapping[str, Fills]:
        with open_engine(workshop, desk.card.key) as opened, bounded(opened.engine.runner, SECONDS):
            return {name: _counted(opened, name, desk.today) for name in missing}

    return _KEPT.get(("fills", *ground, *missing), ask)


def _counted(opened: Opened, entity: str, today: date) -> Fills:
    facts = opened.engine.facts.get(entity)
    if facts is None:
        return Fills()
    names = ENTITIES[entity].names
    moments = _moments(opened, entity, today)
    told = [f"count(r.{name}) AS n_{name}" for name in names]
    told += [f"max({sql}) AS newest_{at}" for at, sql in enumerate(moments)]
    relation = opened.engine.runner.now(facts, list(names))
    query = f"SELECT count(*) AS n, {', '.join(told)} FROM {relation} AS r"
    (row,) = opened.engine.runner.run(query).to_pylist()
    days = [_day(opened, row[f"newest_{at}"]) for at in range(len(moments))]
    return Fills(
        int(row["n"]),
        {name: int(row[f"n_{name}"]) for name in names},
        max((day for day in days if day is not None), default=None),
    )


def _moments(opened: Opened, entity: str, today: date) -> list[str]:
    """Return the moments at which a record was made or changed, none of them ahead."""
    tomorrow = today + timedelta(days=1)
    found = []
    for column in ENTITIES[entity].columns:
        if column.name in ("created_at", "updated_at", ENTITIES[entity].placed_by):
            end = (
                f"DATE '{tomorrow}'"
                if column.type is ColumnType.DATE
                else f"TIMESTAMP '{opened.calendar.instant(tomorrow)}'"
            )
            found.append(f"CASE WHEN r.{column.name} < {end} THEN r.{column.name} END")
    return found


def _day(opened: Opened, moment: date | datetime | None) -> date | None:
    if isinstance(moment, datetime):
        return opened.calendar.local_date(moment.replace(tzinfo=None))
    return moment


def known_values(workshop: Workshop, desk: Desk, entity: str, name: str) -> tuple[str, ...]:
    """Return the values that a column is known to have; nothing where it does not sort records.

    The values of rule come first, or else those found in the records, the most frequent first.
    """
    fixed = fixed_values(entity, name, desk.card.stages)
    found = column_of(entity, name)
    if fixed or found is None or not is_category(name):
        return fixed
    owner, column = found
    if owner not in ENTITIES or ENTITIES[owner].column(column.name) is None:
        return ()
    load = loads.last_landed(desk.session)
    key = ("values", desk.card.key, load.seq if load else 0, owner, column.name)

    def ask() -> tuple[str, ...]:
        with open_engine(workshop, desk.card.key) as opened, bounded(opened.engine.runner, SECONDS):
            return _frequent(opened.engine, owner, column.name)

    try:
        return _KEPT.get(key, ask)
    except TooSlowError:
        return ()


def _frequent(engine: Engine, entity: str, column: str) -> tuple[str, ...]:
    facts = engine.facts.get(entity)
    if facts is None:
        return ()
    relation = engine.runner.now(facts, [column])
    query = (
        f"SELECT r.{column} AS v, count(*) AS n FROM {relation} AS r WHERE r.{column} IS NOT NULL"
        f" GROUP BY 1 ORDER BY n DESC, v LIMIT {MOST_VALUES + 1}"
    )
    rows = engine.runner.run(query).to_pylist()
    # What has so many values does not sort records: none is offered, rather than some.
    told = [str(row["v"]) for row in rows if len(str(row["v"])) <= _LONGEST]
    return tuple(told) if len(rows) <= MOST_VALUES else ()
