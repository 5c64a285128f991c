"""Records with the derived columns that an expression names: only what is asked is read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import DERIVED
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.periods import Grain

_MINUTE = 60_000_000
KEY_SEPARATOR = "\x1f"
"""Parts source and id in a canonical key, where a tenant has several sources."""


def key_alone(key: str) -> str:
    """Return the id of a record in its CRM, without the source."""
    return key.rpartition(KEY_SEPARATOR)[2]


def key_in_full(key: str) -> str:
    """Return the id with its source before it, as a person reads it: two of a name differ."""
    return key.replace(KEY_SEPARATOR, "/")


def key_of(source: str, key: str) -> str:
    """Return an id that a source told as a key; without a source it is one already."""
    return f"{source}{KEY_SEPARATOR}{key}" if source else key


Records = Callable[[str, Sequence[str]], str]
"""Returns the plain records of an entity, with the columns named."""


def rows(world: World, entity: str, columns: Iterable[str], records: Records | None = None) -> str:
    """Return a relation of `entity` with `columns`, which may name derived ones.

    One row a record of `records` (now, unless told otherwise): no derived column multiplies rows.
    """
    read = records or world.records
    asked = sorted(set(columns))
    if entity == "onboarding":
        return _onboarding(world)
    derived = {column.name for column in DERIVED.get(entity, ())} | _overridden(entity)
    made = [column for column in asked if column in derived]
    if not made:
        return read(entity, asked)
    parts = [_derive(world, entity, column) for column in made]
    needs = {need for part in parts for need in part[1]}
    plain = sorted((set(asked) - set(made)) | needs | {"id", "source"})
    cells = [f"b.{column}" for column in asked if column not in made]
    cells += [f"{sql} AS {column}" for column, (sql, _, _) in zip(made, parts, strict=True)]
    joins = " ".join(part[2] for part in parts)
    return f"(SELECT {', '.join(cells)} FROM {read(entity, plain)} AS b {joins})"


def resolved(world: World, entity: str, columns: Iterable[str]) -> str:
    """Return an entity's records as each source's references reach them, for several sources.

    `asked` is the referring source, `key` the record's canonical key. A reference reaches the
    record of its own source, else the only record of that id in the other sources.
    """
    wanted = sorted(set(columns) | {"id", "source"})
    cells = ", ".join(f"e.{column}" for column in wanted)
    base = rows(world, entity, wanted)
    names = ", ".join(f"({world.dialect.text(source)})" for source in world.sources)
    asking = world.dialect.values(names, "asked")
    counted = f"(SELECT *, count(*) OVER (PARTITION BY id) AS holders FROM {base} AS r)"
    return (
        f"(SELECT s.asked, {cells}, {key('e.source', 'e.id')} AS key"
        f" FROM {asking} AS s JOIN {counted} AS e"
        " ON e.source = s.asked OR e.holders = 1)"
    )


def key(source: str, identity: str) -> str:
    """The canonical key of a record, where a tenant has several sources."""
    return f"concat({source}, chr(31), {identity})"


def _overridden(entity: str) -> set[str]:
    """Columns that a source may fill, and that the stage map fills where it does not."""
    return {"forecast_category"} if entity == "opportunity" else set()


Derived = tuple[str, set[str], str]
"""SQL of the column over base rows `b`, the base columns it needs, and a join that it needs."""


def _derive(world: World, entity: str, column: str) -> Derived:
    if entity == "opportunity":
        return _opportunity(world, column)
    if entity == "touch":
        return _touch(world, column)
    if entity == "usage":
        return _usage(world, column)
    if entity == "ticket":
        return _ticket(world, column)
    return _of_money(entity)


def _of_money(entity: str) -> Derived:
    if entity == "subscription":
        return (
            "CASE WHEN coalesce(b.is_trial, FALSE) THEN 0 ELSE b.mrr END",
            {"is_trial", "mrr"},
            "",
        )
    # Which quotas are in force and which forecasts were at a period's opening depends on the grain
    # and level asked: `quotas.py` and `forecasts.py` decide it, in the place of this.
    return "TRUE", set(), ""


def _opportunity(world: World, column: str) -> Derived:
    if column == "entered_proposal":
        return _entered_proposal(world)
    if column == "forecast_category":
        by_stage = _by_stage(world, "forecast", "NULL")
        return f"coalesce(b.forecast_category, {by_stage})", {"stage", "forecast_category"}, ""
    if column == "stage_is_mapped":
        return f"({_by_stage(world, 'status', 'NULL')} IS NOT NULL)", {"stage"}, ""
    field, other = {
        "status": ("status", "'open'"),
        "stage_order": ("order", "CAST(NULL AS BIGINT)"),
        "stage_probability": ("probability", "CAST(NULL AS DOUBLE)"),
    }[column]
    return _by_stage(world, field, other), {"stage"}, ""


def _by_stage(world: World, field: str, other: str) -> str:
    """A CASE over the stage names of the map."""
    cases = []
    for name, rule in sorted(world.stages.items()):
        value = getattr(rule, field)
        if value is None:
            continue
        told = world.dialect.text(value) if isinstance(value, str) else _number(value)
        if told == other:
            continue
        cases.append(f"WHEN {world.dialect.text(name)} THEN {told}")
    if not cases:
        return "CAST(NULL AS VARCHAR(50))" if other == "NULL" else other
    return f"CASE b.stage {' '.join(cases)} ELSE {other} END"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"CAST({value!r} AS DOUBLE)"


def _entered_proposal(world: World) -> Derived:
    changes = world.records("stage_change", ["opportunity_id", "source", "to_stage"])
    deal, reach = _key_of(world, "c.opportunity_id", "opportunity", "reached")
    own = key("b.source", "b.id") if world.many_sources else "b.id"
    join = (
        f"LEFT JOIN (SELECT DISTINCT {deal} AS row_key FROM {changes} AS c {reach}"
        f" WHERE {_is_proposal(world, 'c.to_stage')}) AS proposed ON proposed.row_key = {own}"
    )
    told = f"(proposed.row_key IS NOT NULL OR {_is_proposal(world, 'b.stage')})"
    return told, {"stage", "id", "source"}, join


def _is_proposal(world: World, stage: str) -> str:
    """Whether a stage is one of the tenant's proposal stages, or named so where it has none."""
    named = world.settings["proposal_stages"]
    if isinstance(named, tuple | list) and named:
        return f"{stage} IN ({', '.join(world.dialect.text(str(name)) for name in named)})"
    return f"lower({stage}) LIKE '%proposal%'"


def _touch(world: World, column: str) -> Derived:
    if column == "quantity":
        return "coalesce(b.count, 1)", {"count"}, ""
    touches = world.records("touch", ["campaign_id", "kind", "source"])
    join = (
        f"LEFT JOIN (SELECT DISTINCT source, coalesce(campaign_id, '') AS campaign_id"
        f" FROM {touches} AS t WHERE kind = 'delivered') AS delivering"
        " ON delivering.campaign_id = coalesce(b.campaign_id, '')"
        " AND delivering.source = b.source"
    )
    told = "(b.kind = 'delivered' OR (b.kind = 'sent' AND delivering.campaign_id IS NULL))"
    return told, {"campaign_id", "kind", "source"}, join


def _usage(world: World, column: str) -> Derived:
    if column == "account_day":
        told = "concat(b.account_id, ' ', CAST(b.occurred_on AS VARCHAR(10)))"
        return told, {"account_id", "occurred_on"}, ""
    holder, join = _key_of(world, "b.account_id", "account", "used")
    join += (
        f" LEFT JOIN ({_paying(world)}) AS paying ON paying.holder = {holder}"
        " AND paying.since <= b.occurred_on AND paying.until > b.occurred_on"
    )
    return "(paying.holder IS NOT NULL)", {"account_id", "source", "occurred_on"}, join


def _paying(world: World) -> str:
    """The stretches of days on which an account had a paying subscription; no two overlap."""
    columns = ["account_id", "ended_on", "id", "running_mrr", "source", "started_on"]
    holder, join = _key_of(world, "s.account_id", "account", "held")
    spans = (
        f"SELECT {holder} AS holder, s.id, s.started_on AS since,"
        f" coalesce(s.ended_on, DATE '9999-12-31') AS until"
        f" FROM {rows(world, 'subscription', columns)} AS s {join} WHERE s.running_mrr > 0"
    )
    before = "PARTITION BY holder ORDER BY since, id"
    return (
        "SELECT holder, min(since) AS since, max(until) AS until FROM (SELECT *, sum(fresh) OVER"
        f" ({before} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch FROM"
        " (SELECT *, CASE WHEN since <= max(until) OVER"
        f" ({before} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS fresh"
        f" FROM ({spans}) AS a) AS c) AS d GROUP BY holder, stretch"
    )


def _key_of(world: World, named: str, entity: str, reached: str) -> tuple[str, str]:
    """Return the canonical key of the record that a column names, and the join that it needs."""
    if not world.many_sources:
        return named, ""
    source = f"{named.partition('.')[0]}.source"
    join = (
        f"LEFT JOIN {resolved(world, entity, ['id'])} AS {reached}"
        f" ON {reached}.asked = {source} AND {reached}.id = {named}"
    )
    return f"coalesce({reached}.key, {key(source, named)})", join


def _ticket(world: World, column: str) -> Derived:
    limit = f"sla_{column.removesuffix('_limit_passed')}_minutes"
    now = world.local.stamp(world.calendar.instant(world.today + timedelta(days=1)))
    waited = world.dialect.microseconds("b.created_at", now)
    return f"({waited} > b.{limit} * {_MINUTE})", {"created_at", limit}, ""


def _onboarding(world: World) -> str:
    steps = world.records(
        "onboarding_step", ["account_id", "completed_at", "required", "source", "started_at"]
    )
    needed = "coalesce(required, TRUE)"
    return (
        "(SELECT account_id AS id, source, account_id, min(started_at) AS started_at,"
        f" CASE WHEN count(*) FILTER (WHERE {needed} AND completed_at IS NULL) = 0"
        f" THEN max(completed_at) FILTER (WHERE {needed}) END AS completed_at,"
        f" count(*) AS steps FROM {steps} AS s GROUP BY source, account_id)"
    )


def grains_up_to(grain: Grain) -> list[str]:
    """The grain itself, then the finer ones from coarse to fine: how a quota is looked for."""
    order = [Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY]
    return [found.value for found in order[order.index(grain) :]]


def entity_columns(entity: str) -> set[str]:
    """The names of an entity's own columns."""
    return {column.name for column in ENTITIES[entity].columns} if entity in ENTITIES else set()
