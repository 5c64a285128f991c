"""Statements of what stood open, and of what accounts kept, lost and gained between two moments."""

from collections.abc import Sequence

from kpi_engine.compiler.jobs import Fold, Form, Job, Leaf, Slice, key_column
from kpi_engine.compiler.leaves import Columns, take_column
from kpi_engine.compiler.stretches import Asked, Standing, stretches
from kpi_engine.compiler.world import World
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Balance, Stock
from kpi_engine.definitions.takes import At, Take

_FOLDED = {Take.COUNT, Take.SUM, Take.MEAN}


def stock_folds(measure: Stock) -> bool:
    """Say whether the stock adds up over groups and stretches (a count, a sum, a mean)."""
    return measure.take in _FOLDED


def stock_job(world: World, leaves: Sequence[Leaf], asked: Asked) -> Job:
    """Write the statement of stocks with one opening, closing and filter.

    Stocks that add up are answered as stretches; a median needs the records of each period end.
    """
    measures = [leaf.measure for leaf in leaves if isinstance(leaf.measure, Stock)]
    first = measures[0]
    values = tuple(dict.fromkeys(one.value for one in measures if one.value is not None))
    standing = Standing(first.entity, first.opened, first.closed, first.where, values)
    adds = stock_folds(first)
    cells: dict[Leaf, dict[str, tuple[str, Fold]]] = {}
    select: list[str] = []
    for leaf, measure in zip(leaves, measures, strict=True):
        named: dict[str, tuple[str, Fold]] = {}
        for role, (sql, fold) in _columns(world, measure, values).items():
            if sql not in select:
                select.append(sql)
            named[role] = (f"c{select.index(sql)}", fold)
        cells[leaf] = named
    told = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(select))
    keys = [key_column(name) for name in asked.split]
    groups = ["p", "q", *keys] if adds else ["p", *keys]
    source = "stretch" if adds else _expanded(world, asked, keys, len(values), first.at)
    sql = (
        f"WITH {stretches(world, standing, asked)} SELECT 0 AS s, {', '.join(groups)}, {told}"
        f" FROM {source} AS t GROUP BY {', '.join(groups)}"
    )
    found = Slice(asked.line, asked.split)
    return Job(sql, (found,), cells, Form.STOCK if adds else Form.FLOW, first.entity)


def _columns(world: World, measure: Stock, values: Sequence[Expression]) -> Columns:
    if measure.value is None:
        return {"n": ("count(*)", Fold.SUM)}
    value = f"v{list(values).index(measure.value)}"
    found: Columns = {"n": (f"count({value})", Fold.SUM), "all": ("count(*)", Fold.SUM)}
    if measure.take is not Take.COUNT:
        found["value"] = take_column(world.dialect, measure.take, value, "")
    return found


def _expanded(world: World, asked: Asked, keys: Sequence[str], values: int, at: At) -> str:
    """Return a relation with a row for each record and each period end at which it stands.

    What stands at a period's start stood at the end of the one before.
    """
    later = " + 1" if at is At.START else ""
    numbers = ", ".join(f"({number})" for number in range(-1, len(asked.line.periods)))
    ends = world.dialect.values(numbers, "p")
    told = "".join(f", x.{name}" for name in [*keys, *(f"v{n}" for n in range(values))])
    return (
        f"(SELECT e.p{later} AS p{told} FROM stretch AS x JOIN {ends} AS e"
        " ON e.p >= x.p AND (x.q IS NULL OR e.p < x.q))"
    )


def balance_job(world: World, leaves: Sequence[Leaf], asked: Asked) -> Job:
    """Write the statement of balances with one value, opening, closing and filter.

    Every change of an account's stock in a period is one row, with the stock before and after; so
    what stayed as it was costs nothing. The cells of period -1 are what stood before the first.
    """
    first = leaves[0].measure
    if not isinstance(first, Balance):
        raise TypeError(type(first))
    standing = Standing(
        first.entity,
        first.opened,
        first.closed,
        first.where,
        (first.value,),
        (("holder", first.per),),
    )
    keys = "".join(f", {key_column(name)}" for name in asked.split)
    select = ", ".join(f"{sql} AS {role}" for role, sql in _BALANCE.items())
    sql = (
        f"WITH {stretches(world, standing, asked)},"
        f" event AS (SELECT holder{keys}, p, v0 AS moved, 1 AS opens FROM stretch"
        " WHERE p IS NOT NULL"
        f" UNION ALL SELECT holder{keys}, q, -v0, 0 FROM stretch WHERE q IS NOT NULL),"
        f" change AS (SELECT holder{keys}, p, sum(moved) AS moved, sum(opens) AS opens FROM event"
        f" GROUP BY holder{keys}, p),"
        f" ran AS (SELECT *, sum(moved) OVER (PARTITION BY holder{keys} ORDER BY p) AS later"
        " FROM change),"
        " pair AS (SELECT *, later - moved AS earlier FROM ran)"
        f" SELECT 0 AS s, p{keys}, {select} FROM pair WHERE holder IS NOT NULL GROUP BY p{keys}"
    )
    roles = {role: (role, Fold.SUM) for role in _BALANCE}
    found = Slice(asked.line, asked.split)
    return Job(sql, (found,), dict.fromkeys(leaves, roles), Form.FLOW, first.entity)


_AFTER, _BEFORE = "greatest(later, 0)", "greatest(earlier, 0)"
_BALANCE = {
    "moved": f"CAST(sum({_AFTER} - {_BEFORE}) AS DOUBLE)",
    "lost": f"CAST(sum(greatest({_BEFORE} - {_AFTER}, 0)) AS DOUBLE)",
    "gained": "CAST(sum(CASE WHEN earlier > 0 AND later > earlier THEN later - earlier ELSE 0 END)"
    " AS DOUBLE)",
    "came": "sum(CASE WHEN earlier <= 0 AND later > 0 THEN 1 ELSE 0 END)",
    "gone": "sum(CASE WHEN earlier > 0 AND later <= 0 THEN 1 ELSE 0 END)",
    "opens": "sum(opens)",
    "rose": "sum(CASE WHEN earlier > 0 AND later > earlier THEN 1 ELSE 0 END)",
}
