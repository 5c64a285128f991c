"""Whether the values in filters are ones that their columns can have."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from sqlglot import exp

from kpi_engine.crm.derived import DERIVED, QUERYABLE
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Kpi, KpiKey, Part
from kpi_engine.definitions.parts import walk
from kpi_engine.definitions.problems import Issue, Severity, printable
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr


def values_are_known(kpis: Mapping[KpiKey, Kpi], _unread: frozenset[str]) -> Iterator[Issue]:
    """A column with a fixed list of values is compared with those only."""
    for kpi in kpis.values():
        for place, part in walk(kpi.measure):
            for name, entity, expression in _expressions(part):
                for text in _strangers(expression, entity):
                    yield Issue("", 0, f"{place}.{name}", kpi.key, Severity.WARNING, text)


def _expressions(part: Part) -> Iterator[tuple[str, str, Expression]]:
    """Yield each expression of a part with the entity whose columns it names."""
    for each in fields(part):
        value = getattr(part, each.name)
        waiting = each.name in ("of_where", "after")
        entity = getattr(part, "of" if waiting else "first", None) or getattr(part, "entity", None)
        if isinstance(value, Expression) and isinstance(entity, str):
            yield each.name, entity, value


def _strangers(expression: Expression, entity: str) -> Iterator[str]:
    for node in expression.tree.find_all(exp.EQ, exp.NEQ, exp.In):
        column = node.this
        values = node.expressions if isinstance(node, exp.In) else [node.expression]
        known = _choices(entity, column.name) if isinstance(column, exp.Column) else ()
        for value in values if known else ():
            if isinstance(value, exp.Literal) and value.name not in known:
                hint = did_you_mean(value.name, known) or tr(
                    " There are {names}.", names=", ".join(known)
                )
                yield tr(
                    "'{column}' is never '{value}'.{hint}",
                    column=column.name,
                    value=printable(value.name[:40]),
                    hint=hint,
                )


def _choices(entity: str, name: str) -> tuple[str, ...]:
    hop, dot, far = name.rpartition(".")
    if dot:
        found = (column.refers for column in QUERYABLE[entity].columns if column.hop == hop)
        entity = next(found, None) or ""
    columns = (*QUERYABLE[entity].columns, *DERIVED.get(entity, ())) if entity in QUERYABLE else ()
    return next((column.choices for column in columns if column.name == (far or name)), ())
