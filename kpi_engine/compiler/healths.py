"""The statement of customers' health: components of each account at each period's end."""

from collections.abc import Sequence
from datetime import date, timedelta

from kpi_engine.compiler.clocks import raw_bounds
from kpi_engine.compiler.contacts import contact, ends
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.jobs import Fold, Job, Leaf, Slice, key_column
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stretches import Asked, Standing, stretches
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import columns_of
from kpi_engine.definitions.expressions import column as expression_of
from kpi_engine.definitions.expressions import parse
from kpi_engine.definitions.kinds import Health
from kpi_engine.definitions.takes import HealthComponent, HealthPart


def health_job(world: World, leaves: Sequence[Leaf], asked: Asked) -> Job:
    """Write the statement of health: scored customers, the sum of scores, revenue at risk.

    The leaves differ in what they take of it only.
    """
    measure = leaves[0].measure
    if not isinstance(measure, Health):
        raise TypeError(type(measure))
    names = "".join(f", {key_column(name)}" for name in asked.split)
    sql = (
        f"WITH {scored(world, measure, asked)}"
        f" SELECT 0 AS s, p{names}, count(*) AS customers,"
        " count(*) FILTER (WHERE weight > 0) AS n,"
        " CAST(sum(CASE WHEN weight > 0 THEN points / weight END) AS DOUBLE) AS value,"
        " CAST(sum(weight) AS DOUBLE) AS weight,"
        f" CAST(sum(CASE WHEN weight > 0 AND points / weight < {measure.threshold!r}"
        f" THEN mrr ELSE 0 END) AS DOUBLE) AS risk FROM scored AS r GROUP BY p{names}"
    )
    roles = ("customers", "n", "value", "weight", "risk")
    cells = {leaf: {role: (role, Fold.SUM) for role in roles} for leaf in leaves}
    return Job(sql, (Slice(asked.line, asked.split),), cells, entity="subscription")


def scored(world: World, measure: Health, asked: Asked) -> str:
    """Return the WITH list up to `scored`: each customer's MRR, points and their weight."""
    told = [_told(world, component, asked) for component in measure.components]
    joins = " ".join(
        f"LEFT JOIN ({sql}) AS h{number} ON h{number}.holder = x.holder"
        + (f" AND h{number}.p = x.p" if dated else "")
        for number, (sql, dated) in enumerate(told)
    )
    scores = [
        _score(component, f"h{number}.raw") for number, component in enumerate(measure.components)
    ]
    weights = [
        f"CASE WHEN h{number}.raw IS NULL THEN 0 ELSE {component.weight!r} END"
        for number, component in enumerate(measure.components)
    ]
    origin = Origin(world, "account")
    keys = [(key_column(name), key_sql(origin, name)) for name in asked.split]
    row = origin.identity()
    held = "".join(f", {sql} AS {name}" for name, sql in keys)
    names = "".join(f", a.{name}" for name, _ in keys)
    conditions = asked.filters.conditions(origin)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    joined = "JOIN" if conditions else "LEFT JOIN"
    return (
        f"{_customers(world, asked)},"
        f" raw AS (SELECT x.p, x.holder, x.mrr, ({' + '.join(scores)}) AS points,"
        f" ({' + '.join(weights)}) AS weight FROM customer AS x {joins}),"
        f" account AS (SELECT {row} AS row_key{held} {origin.sql()}{where}),"
        f" scored AS (SELECT r.*{names} FROM raw AS r"
        f" {joined} account AS a ON a.row_key = r.holder)"
    )


def _score(component: HealthComponent, raw: str) -> str:
    span = component.best - component.worst
    share = f"(CAST({raw} AS DOUBLE) - {component.worst!r}) / {span!r}"
    clamped = f"least(greatest({share}, 0.0), 1.0)"
    return f"coalesce({component.weight * 100!r} * {clamped}, 0.0)"


def _customers(world: World, asked: Asked) -> str:
    """The WITH list up to `customer`: account, period, MRR, for accounts with any."""
    columns = columns_of("subscription")
    standing = Standing(
        "subscription",
        parse("started_on", columns),
        parse("ended_on", columns),
        None,
        (parse("running_mrr", columns),),
        (("holder", "account_id"),),
    )
    # The split is told by the account, and so is the scope.
    alone = Asked(asked.line, (), asked.today, type(asked.filters)())
    numbers = ", ".join(f"({number})" for number in range(len(asked.line.periods)))
    return (
        f"{stretches(world, standing, alone)},"
        " customer AS (SELECT e.p, x.holder, sum(x.v0) AS mrr FROM stretch AS x"
        f" JOIN {world.dialect.values(numbers, 'p')} AS e"
        " ON e.p >= x.p AND (x.q IS NULL OR e.p < x.q) WHERE x.holder IS NOT NULL"
        " GROUP BY e.p, x.holder HAVING sum(x.v0) > 0)"
    )


def _told(world: World, component: HealthComponent, asked: Asked) -> tuple[str, bool]:
    """Return SQL of (holder, p, raw) for one component, and whether it has a period."""
    match component.part:
        case HealthPart.USAGE:
            return _usage(world, component, asked), True
        case HealthPart.TICKETS:
            return _tickets(world, component, asked), True
        case HealthPart.SATISFACTION:
            return _trailing(
                world, "ticket", "created_at", "avg(x.told)", component, asked, "satisfaction"
            ), True
        case HealthPart.RENEWAL:
            return _renewal(world, component, asked), True
        case HealthPart.CONTACT:
            return contact(world, component, asked), True


def _looks(world: World, component: HealthComponent, asked: Asked) -> str:
    """A relation day → p: each day is in every period whose trailing days hold it."""
    bounds = []
    for number, period in enumerate(asked.line.periods):
        until = min(period.end, asked.today + timedelta(days=1))
        bounds.append((number, until - timedelta(days=component.days), until))
    cells = ", ".join(f"({number}, {day(first)}, {day(until)})" for number, first, until in bounds)
    first = min(start for _, start, _ in bounds)
    days = world.dialect.days(first, asked.line.end - timedelta(days=1))
    return (
        f"(SELECT d.day, w.p FROM {days} AS d"
        f" JOIN {world.dialect.values(cells, 'p, first, until')} AS w"
        " ON d.day >= w.first AND d.day < w.until)"
    )


def _days(component: HealthComponent, asked: Asked) -> tuple[date, date]:
    """The first day that any period's trailing days hold, and the day after the last."""
    ends = [min(one.end, asked.today + timedelta(days=1)) for one in asked.line.periods]
    return min(ends) - timedelta(days=component.days), max(ends)


def _placed(
    world: World, entity: str, column: str, *told: str, days: tuple[date, date] | None = None
) -> str:
    """A relation (holder, day, told…) of an entity's records, of some days or of all."""
    origin = Origin(world, entity)
    kind = origin.type_of(column)
    placed = world.wide.day(origin.column((), column), kind)
    holder = origin.reference((), "account_id")
    cells = "".join(f", {origin.column((), name)} AS {name}" for name in told)
    conditions = [f"{holder} IS NOT NULL"]
    if days is not None:
        on = expression_of(column, columns_of(entity))
        conditions += raw_bounds(origin, on, *days)
    return (
        f"(SELECT {holder} AS holder, {placed} AS day{cells} {origin.sql()}"
        f" WHERE {' AND '.join(conditions)})"
    )


def _trailing(
    world: World,
    entity: str,
    column: str,
    aggregate: str,
    component: HealthComponent,
    asked: Asked,
    *told: str,
) -> str:
    filled = f" AND t.{told[0]} IS NOT NULL" if told else ""
    placed = _placed(world, entity, column, *told, days=_days(component, asked))
    cell = f", t.{told[0]} AS told" if told else ""
    return (
        f"SELECT x.holder, x.p, {aggregate} AS raw FROM (SELECT t.holder, l.p, t.day{cell}"
        f" FROM {placed} AS t JOIN {_looks(world, component, asked)} AS l ON l.day = t.day"
        f"{filled}) AS x GROUP BY x.holder, x.p"
    )


def _usage(world: World, component: HealthComponent, asked: Asked) -> str:
    """Days with usage; from its first use on an account has 0 in days without."""
    days = _trailing(world, "usage", "occurred_on", "count(DISTINCT x.day)", component, asked)
    used = _placed(world, "usage", "occurred_on")
    return (
        f"SELECT c.holder, c.p, coalesce(u.raw, 0) AS raw FROM customer AS c"
        f" JOIN {ends(world, asked)} AS b ON b.p = c.p"
        f" JOIN (SELECT e.holder, min(e.day) AS first FROM {used} AS e GROUP BY e.holder) AS known"
        " ON known.holder = c.holder AND known.first < b.until"
        f" LEFT JOIN ({days}) AS u ON u.holder = c.holder AND u.p = c.p"
    )


def _tickets(world: World, component: HealthComponent, asked: Asked) -> str:
    """Tickets created; once anybody had a ticket, an account without any has 0."""
    created = _trailing(world, "ticket", "created_at", "count(*)", component, asked)
    origin = Origin(world, "ticket")
    made = world.wide.day(origin.column((), "created_at"), origin.type_of("created_at"))
    return (
        "SELECT c.holder, c.p, coalesce(t.raw, CASE WHEN s.day < b.until THEN 0 END) AS raw"
        f" FROM customer AS c JOIN {ends(world, asked)} AS b ON b.p = c.p"
        f" CROSS JOIN (SELECT min({made}) AS day {origin.sql()}) AS s"
        f" LEFT JOIN ({created}) AS t ON t.holder = c.holder AND t.p = c.p"
    )


def _renewal(world: World, component: HealthComponent, asked: Asked) -> str:
    """1 where the last decided renewal was renewed, 0 where it was not."""
    days = _days(component, asked)
    placed = _placed(world, "renewal", "due_on", "outcome", "id", days=days)
    return (
        "SELECT holder, p, CASE WHEN outcome = 'renewed' THEN 1 ELSE 0 END AS raw FROM"
        " (SELECT t.holder, l.p, t.outcome, row_number() OVER (PARTITION BY t.holder, l.p"
        f" ORDER BY t.day DESC, t.id DESC) AS place FROM {placed} AS t"
        f" JOIN {_looks(world, component, asked)} AS l ON l.day = t.day"
        " WHERE t.outcome IN ('renewed', 'churned')) AS y WHERE place = 1"
    )
