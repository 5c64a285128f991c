"""Which quotas are in force for a grain and a level, so that none is counted twice.

For a grain, a holder's quotas of that grain count, else those of the coarsest finer grain, added
up; a coarser quota is never split. Above the owners, a team's own quota stands for its people and
for the teams below it.
"""

from kpi_engine.compiler.clocks import period_calendar
from kpi_engine.compiler.jobs import Timeline
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.relations import grains_up_to, rows
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.questions import Dimension, Split

_KEEP = ("id", "source", "owner_id", "team_id", "kpi", "period_start_on", "period_grain")


def quotas_in_force(world: World, line: Timeline, split: Split) -> Relation:
    """Return how the quotas are made, with `in_force` told for the grain and the split."""

    def relation(columns: set[str]) -> str:
        return _relation(world, line, split, columns)

    return relation


def _relation(world: World, line: Timeline, split: Split, columns: set[str]) -> str:
    own = {column.name for column in ENTITIES["quota"].columns} | {"source", "attributes"}
    kept = sorted((columns & own) | {"id", "source"})
    cells = "".join(f", q.{column}" for column in kept)
    calendar = period_calendar(world, {line.grain: line}, before=False)
    ranks = " ".join(
        f"WHEN '{grain}' THEN {number}" for number, grain in enumerate(grains_up_to(line.grain))
    )
    origin = Origin(world, "quota")
    team = origin.reference((), "team_id")
    owner = origin.reference((), "owner_id")
    owners_team = origin.reference(("owner",), "team_id")
    starts = origin.column((), "period_start_on")
    placed = (
        f"SELECT {origin.column((), 'id')} AS quota_id, {origin.column((), 'source')} AS quota_of,"
        f" {origin.column((), 'kpi')} AS kpi, {owner} AS owner_key, {team} AS team_key,"
        f" coalesce({team}, {owners_team}) AS under_team, c.p_{line.grain.value} AS p,"
        f" CASE {origin.column((), 'period_grain')} {ranks} END AS place {origin.sql()}"
        f" LEFT JOIN calendar AS c ON c.day = {starts}"
    )
    chosen = (
        "SELECT *, min(place) OVER (PARTITION BY kpi, coalesce(owner_key, ''),"
        " coalesce(team_key, '')) AS best FROM placed WHERE place IS NOT NULL"
    )
    return (
        f"(WITH calendar AS ({calendar}), placed AS ({placed}), chosen AS ({chosen}),"
        " standing AS (SELECT * FROM chosen WHERE place = best),"
        f" covered AS ({_covered(world, split)})"
        f" SELECT (s.quota_id IS NOT NULL AND v.quota_id IS NULL) AS in_force{cells}"
        f" FROM {rows(world, 'quota', kept)} AS q"
        " LEFT JOIN standing AS s ON s.quota_id = q.id AND s.quota_of = q.source"
        " LEFT JOIN covered AS v ON v.quota_id = q.id AND v.quota_of = q.source)"
    )


def _covered(world: World, split: Split) -> str:
    """The quotas that another one stands for, at the level of the split."""
    if Dimension.OWNER in split:
        return "SELECT quota_id, quota_of FROM standing WHERE owner_key IS NULL"
    chain = ", ".join(
        f"({world.dialect.text(low)}, {world.dialect.text(high)})"
        for low, high in world.team_chain
        # By team, a team's own quota covers its people only; above, also the teams below it.
        if Dimension.TEAM not in split and low != high
    )
    # A team stands for its own people also where no record of it was ever loaded.
    above = "SELECT DISTINCT under_team AS low, under_team AS high FROM standing"
    if chain:
        above += f" UNION SELECT low, high FROM {world.dialect.values(chain, 'low, high')} AS c"
    return (
        f"SELECT DISTINCT x.quota_id, x.quota_of FROM standing AS x JOIN ({above}) AS t"
        " ON t.low = x.under_team"
        " JOIN standing AS y ON y.team_key = t.high AND y.owner_key IS NULL AND y.p = x.p"
        " AND coalesce(y.kpi, '') = coalesce(x.kpi, '')"
        " WHERE x.owner_key IS NOT NULL OR x.team_key <> y.team_key"
    )
