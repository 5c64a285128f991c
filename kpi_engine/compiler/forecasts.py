"""Which forecasts were the last word when a period's first day ended, by the grain asked.

For a grain, an owner's forecasts of that grain count, else those of the coarsest finer grain that
were submitted by then, added up. Where the tenant forecasts by category, only the category of its
setting counts.
"""

from datetime import timedelta

from kpi_engine.compiler.clocks import period_calendar
from kpi_engine.compiler.jobs import Timeline
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.relations import grains_up_to, rows
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ENTITIES


def forecasts_at_opening(world: World, line: Timeline) -> Relation:
    """Return how the forecasts are made, with `is_opening` told for the grain."""

    def relation(columns: set[str]) -> str:
        return _relation(world, line, columns)

    return relation


def _relation(world: World, line: Timeline, columns: set[str]) -> str:
    own = {column.name for column in ENTITIES["forecast"].columns} | {"source", "attributes"}
    kept = sorted((columns & own) | {"id", "source"})
    cells = "".join(f", q.{column}" for column in kept)
    calendar = period_calendar(world, {line.grain: line}, before=False)
    ranks = " ".join(
        f"WHEN '{grain}' THEN {number}" for number, grain in enumerate(grains_up_to(line.grain))
    )
    origin = Origin(world, "forecast")
    told = {name: origin.column((), name) for name in ("id", "source", "category", "submitted_at")}
    starts, grain = origin.column((), "period_start_on"), origin.column((), "period_grain")
    owner = origin.reference((), "owner_id")
    placed = (
        f"SELECT {told['id']} AS forecast_id, {told['source']} AS forecast_of,"
        f" {told['category']} AS category, {told['submitted_at']} AS submitted_at,"
        f" {owner} AS owner_key, {starts} AS starts, c.p_{line.grain.value} AS p,"
        f" CASE {grain} {ranks} END AS place {origin.sql()}"
        f" LEFT JOIN calendar AS c ON c.day = {starts}"
    )
    category = world.dialect.text(str(world.settings["forecast_category"]))
    everywhere = Origin(world, "forecast")
    has = everywhere.column((), "category")
    named = f"SELECT 1 AS yes {everywhere.sql()} WHERE {has} = {category} LIMIT 1"
    return (
        f"(WITH calendar AS ({calendar}), placed AS ({placed}), named AS ({named}),"
        " counted AS (SELECT f.* FROM placed AS f LEFT JOIN named AS n ON TRUE"
        f" JOIN {_openings(world, line)} AS b ON b.p = f.p AND f.submitted_at < b.opening"
        f" WHERE f.place IS NOT NULL AND (n.yes IS NULL OR f.category = {category})),"
        " best AS (SELECT f.owner_key, min(f.place) AS place FROM placed AS f"
        " LEFT JOIN named AS n ON TRUE"
        f" WHERE n.yes IS NULL OR f.category = {category} GROUP BY f.owner_key),"
        " ranked AS (SELECT f.forecast_id, f.forecast_of, row_number() OVER (PARTITION BY"
        " f.owner_key, f.starts ORDER BY f.submitted_at DESC, f.forecast_id DESC) AS turn"
        " FROM counted AS f JOIN best AS b ON b.owner_key = f.owner_key AND b.place = f.place)"
        f" SELECT (r.forecast_id IS NOT NULL) AS is_opening{cells}"
        f" FROM {rows(world, 'forecast', kept)} AS q LEFT JOIN ranked AS r"
        " ON r.forecast_id = q.id AND r.forecast_of = q.source AND r.turn = 1)"
    )


def _openings(world: World, line: Timeline) -> str:
    """The instant at which each period's first day ends."""
    cells = []
    for number, period in enumerate(line.periods):
        opening = world.calendar.instant(period.start + timedelta(days=1))
        cells.append(f"({number}, {world.local.stamp(opening)})")
    return world.dialect.values(", ".join(cells), "p, opening")
