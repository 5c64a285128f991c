"""The columns of a statement that answer one measure: counts and sums first, quotients later.

Every column is either foldable (a sum of sums, the least of leasts) or exact at its own group.
"""

from datetime import datetime

from kpi_engine.compiler.clocks import elapsed, local_day, span_microseconds
from kpi_engine.compiler.dialect import Dialect
from kpi_engine.compiler.jobs import Fold
from kpi_engine.compiler.origin import Origin
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Aggregate, Cohort, Duration
from kpi_engine.definitions.takes import Take, Within

Columns = dict[str, tuple[str, Fold]]
"""Role → (SQL, fold)."""

_QUANTILES = {Take.MEDIAN: 0.5, Take.P90: 0.9}
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (naive UTC, as every instant here)


def aggregate_columns(origin: Origin, measure: Aggregate) -> Columns:
    """Return `n` and, but for a count, `value`."""
    where = _where(origin, measure.where)
    if measure.value is None:
        return {"n": (_count("*", where), Fold.SUM)}
    value = origin.once(origin.expression(measure.value))
    found: Columns = {"n": (_count(value, where), Fold.SUM)}
    if measure.take is not Take.COUNT:
        found["value"] = take_column(origin.world.dialect, measure.take, value, where)
    return found


def take_column(dialect: Dialect, take: Take, value: str, where: str) -> tuple[str, Fold]:
    """Return the SQL that makes one value of many; a mean is left as its sum."""
    if take in _QUANTILES:
        number = f"CAST({value} AS DOUBLE)"
        return dialect.quantile(number, _QUANTILES[take], where or "TRUE"), Fold.NONE
    filtered = f" FILTER (WHERE {where})" if where else ""
    if take is Take.DISTINCT:
        return f"count(DISTINCT {value}){filtered}", Fold.NONE
    if take in {Take.MIN, Take.MAX}:
        folded = Fold.MIN if take is Take.MIN else Fold.MAX
        return f"CAST({take.value}({value}){filtered} AS DOUBLE)", folded
    return f"CAST(sum({value}){filtered} AS DOUBLE)", Fold.SUM


def duration_columns(
    dialect: Dialect, passed: str, take: Take | Within, where: str, *, ended: str
) -> Columns:
    """Return the columns of a time that passed.

    Args:
        dialect: Whose SQL.
        passed: SQL of the microseconds, NULL where there is no end.
        take: What is told of them.
        where: SQL of the rows that count; "" for all.
        ended: SQL that is true where there is an end.

    Returns:
        `n` (rows with a duration), `open` (without an end), `negative` (ended before the start,
        in nothing else); then `value`, or `over` and `under` (all but the negative) for a share.
    """
    both = _all(where, ended, f"{passed} >= 0")
    found: Columns = {
        "n": (_count("*", both), Fold.SUM),
        "open": (_count("*", _all(where, f"NOT ({ended})")), Fold.SUM),
        "negative": (_count("*", _all(where, ended, f"{passed} < 0")), Fold.SUM),
    }
    if isinstance(take, Within):
        inside = _all(both, f"{passed} <= {span_microseconds(take.limit)}")
        found["over"] = (_count("*", inside), Fold.SUM)
    else:
        found["value"] = take_column(dialect, take, passed, both)
    return found


def duration_leaf(origin: Origin, measure: Duration) -> Columns:
    """Return the columns of a duration between two moments of a record."""
    passed = origin.once(elapsed(origin, measure.start, measure.end, measure.clock))
    begun = origin.once(f"{origin.expression(measure.start)} IS NOT NULL")
    where = _all(_where(origin, measure.where), begun)
    ended = origin.once(f"{origin.expression(measure.end)} IS NOT NULL")
    return duration_columns(origin.world.dialect, passed, measure.take, where, ended=ended)


def cohort_columns(origin: Origin, measure: Cohort) -> Columns:
    """Return `under` (records), `over` (those that reach), `last` (the latest start).

    `last` is microseconds of the instant, or of the local day where a date is compared.
    """
    where = _where(origin, measure.where)
    reached = cohort_reached(origin, measure)
    return {
        "under": (_count("*", where), Fold.SUM),
        "over": (_count("*", _all(where, origin.once(reached))), Fold.SUM),
        "last": (_latest(origin, measure, where), Fold.MAX),
    }


def cohort_reached(origin: Origin, measure: Cohort) -> str:
    """Return the SQL that is true where a record reaches the event, within its window if any."""
    reaches = origin.expression(measure.reaches)
    if measure.within is None:
        return f"{reaches} IS NOT NULL"
    window = span_microseconds(measure.within)
    if cohort_by_day(measure):
        came = local_wide(origin, measure.reaches)
        passed = origin.world.dialect.days_between(local_wide(origin, measure.on), came)
        return f"{passed} <= {window // _DAY}"
    began = origin.expression(measure.on)
    return f"{origin.world.dialect.microseconds(began, reaches)} <= {window}"


def cohort_by_day(measure: Cohort) -> bool:
    """Say whether the window is counted in whole local days: a date is in the comparison."""
    return ColumnType.DATE in {measure.on.type, measure.reaches.type}


def local_wide(origin: Origin, moment: Expression) -> str:
    """Return the local day of a moment that may lie far outside the question."""
    return origin.world.wide.day(origin.expression(moment), moment.type)


def _latest(origin: Origin, measure: Cohort, where: str) -> str:
    dialect = origin.world.dialect
    if cohort_by_day(measure):
        days = dialect.days_between("DATE '1970-01-01'", local_day(origin, measure.on))
        moment = f"CAST({days} AS BIGINT) * {_DAY}"
    else:
        epoch = origin.world.local.stamp(_EPOCH)
        moment = dialect.microseconds(epoch, origin.expression(measure.on))
    return f"CAST(max({origin.once(moment)}){_filter(where)} AS DOUBLE)"


def _where(origin: Origin, where: Expression | None) -> str:
    return origin.once(origin.expression(where)) if where is not None else ""


def _all(*conditions: str) -> str:
    return " AND ".join(condition for condition in conditions if condition)


def _count(what: str, where: str) -> str:
    return f"count({what}){_filter(where)}"


def _filter(where: str) -> str:
    return f" FILTER (WHERE {where})" if where else ""
