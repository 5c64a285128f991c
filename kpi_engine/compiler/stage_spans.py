"""The stage in which each opportunity stood at the end of each period, by its stage changes.

What a record says of its stage, and of its own probability, it says of the moment at which it was
recorded: a deal won since then would be valued as if that had been known.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from kpi_engine.compiler.clocks import eve_of
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.jobs import Timeline
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import BY_STAGE
from kpi_engine.definitions.expressions import Expression

CHANGES = "stage_change"
SPAN = frozenset({"since", "until"})
"""What a span tells of itself besides the stage: its days."""
_OWN = frozenset({"probability", "forecast_category"})
"""What a CRM writes anew when a deal is closed."""


def by_stage(entity: str, values: Iterable[Expression]) -> bool:
    """Say whether some value stands on the stage, which is told by moments and not by versions."""
    return entity == "opportunity" and any(BY_STAGE & set(value.columns) for value in values)


def stage_spans(world: World, among: str, line: Timeline, last: date) -> str:
    """Return the WITH list up to `stage_span`, each item with a comma; it stands on `calendar`.

    A span is a record's stage at the ends of some periods: from that which holds the day `since`
    to before that which holds `until` (NULL: it stands still). Of several changes in a period the
    last counts, of several at one moment that with the greatest id. The span before a record's
    first change has the stage from which that led, NULL if it does not say, and in `changed_at`
    when it came.

    Args:
        world: The tenant's facts.
        among: A SELECT of the `row_key` of the records to look at.
        line: The periods.
        last: The last day whose changes are known to have happened.
    """
    before, later = day(line.start - timedelta(days=1)), day(last + timedelta(days=1))
    changes = Origin(world, CHANGES)
    row, moment = changes.reference((), "opportunity_id"), _moment(changes)
    names = ("id", "source", "from_stage", "to_stage")
    told = ", ".join(changes.column((), name) for name in names)
    eve = f"least(greatest({eve_of(world, moment, line)}, {before}), {later})"
    # What comes after the last day is no stage of any moment, but tells which came before it.
    period = f"CASE WHEN t.eve < {later} THEN c.p_{line.grain.value} END"
    turn = "t.changed_at, t.id, t.source" if world.many_sources else "t.changed_at, t.id"
    both = world.dialect.values("(TRUE), (FALSE)", "earlier")
    return (
        f"among AS ({among}),"
        f" changed AS (SELECT {row} AS row_key, {moment} AS changed_at, {told}, {eve} AS eve"
        f" {changes.sql()} JOIN among AS a ON a.row_key = {row}),"
        f" placed AS (SELECT t.*, {period} AS p FROM changed AS t"
        " LEFT JOIN calendar AS c ON c.day = t.eve),"
        " followed AS (SELECT t.*, lead(t.eve) OVER turns AS until, lead(t.p) OVER turns AS next_p,"
        " lag(t.eve) OVER turns IS NULL AS is_first FROM placed AS t"
        f" WINDOW turns AS (PARTITION BY t.row_key ORDER BY {turn})),"
        f" stage_span AS (SELECT f.row_key, f.changed_at,"
        f" CASE WHEN b.earlier THEN {before} ELSE f.eve END AS since,"
        " CASE WHEN b.earlier THEN f.eve ELSE f.until END AS until,"
        " CASE WHEN b.earlier THEN f.from_stage ELSE f.to_stage END AS stage"
        f" FROM followed AS f JOIN {both} AS b ON CASE WHEN b.earlier"
        f" THEN f.is_first AND f.eve > {before} ELSE f.p IS DISTINCT FROM f.next_p END), "
    )


def column_then(world: World, column: str, version: str, span: str) -> str:
    """Return the SQL of an opportunity's column at a moment at which it stood open.

    Args:
        world: The tenant's facts.
        column: Its name; a derived one follows from the others.
        version: The alias of what was recorded, with `stage`, `loaded_at` and the column.
        span: The alias of its span in `stage_span`, if any.

    Returns:
        NULL where all that was recorded is how it ended.
    """
    own = f"{version}.{column}"
    if column != "stage" and column not in _OWN:
        return own
    ended = f"CASE WHEN {_ended(world, f'{version}.stage')} THEN NULL ELSE {own} END"
    if column in _OWN or not world.has(CHANGES):
        return ended
    # What was recorded before the first change is of before it, what came later is not.
    return (
        f"CASE WHEN {span}.row_key IS NULL OR {span}.stage IS NULL"
        f" AND {version}.loaded_at <= {span}.changed_at THEN {ended} ELSE {span}.stage END"
    )


def _moment(changes: Origin) -> str:
    """The moment of a change; one that ends a deal comes after it, as its closing does."""
    moment = changes.column((), "changed_at")
    ends = _ended(changes.world, changes.column((), "to_stage"))
    return f"CASE WHEN {ends} THEN {moment} + INTERVAL '0.000001' SECOND ELSE {moment} END"


def _ended(world: World, stage: str) -> str:
    names = [name for name, rule in sorted(world.stages.items()) if rule.status != "open"]
    told = ", ".join(world.dialect.text(name) for name in names)
    return f"{stage} IN ({told})" if told else "FALSE"
