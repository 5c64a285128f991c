"""From a definition back to the form, as far as the form can say it; the rest stays as written."""

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import yaml

from kpi_engine.definitions.conditions import LISTS, Ask, conditions_of
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import (
    Aggregate,
    Cohort,
    Duration,
    Kpi,
    KpiRef,
    Measure,
    Part,
    Ratio,
    Stock,
)
from kpi_engine.definitions.takes import Clock, Span, SpanUnit, Take, Within
from portal.models.definitions import DefinitionState, newest_in
from portal.services.builder_form import MOST_ROWS, Form, Row
from portal.tenancy.session import TenantSession

_UNITS = {SpanUnit.MINUTE: "minutes", SpanUnit.HOUR: "hours", SpanUnit.DAY: "days"}
_OF = {Take.COUNT: "records", Take.SUM: "total", Take.DISTINCT: "distinct"}


class _UnsaidError(Exception):
    """The form has no field for this part of a measure."""


def form_of(session: TenantSession, kpi: Kpi) -> Form:
    """Return the form of a KPI as it is defined now."""
    told = {
        "name": kpi.name,
        "key": kpi.key,
        "question": kpi.question,
        "description": kpi.description,
        "source": kpi.source,
        "class": kpi.kpi_class.value,
        "stage": kpi.stage.value,
        "department": kpi.department.value,
        "timing": kpi.timing.value,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "cadence": kpi.cadence.value,
        **{f"guardrail_{at}": key for at, key in enumerate(kpi.guardrails[:3], 1)},
        **{f"drives_{at}": key for at, key in enumerate(kpi.drives[:3], 1)},
    }
    found = None if _too_many(kpi) else said(kpi.measure)
    if found is None:
        written = {"kind": "written", "yaml": measure_text(session, kpi.key)}
        return Form({**told, **written})
    return Form({**told, **found.values}, found.rows)


def _too_many(kpi: Kpi) -> bool:
    return max(len(kpi.guardrails), len(kpi.drives)) > 3  # noqa: PLR2004 - fields of the form


def said(measure: Measure) -> Form | None:
    """Return a measure as the form says it; None where it cannot say all of it."""
    read = _READ.get(type(measure))
    try:
        return read(measure) if read else None
    except _UnsaidError:
        return None


def _aggregate(one: Aggregate) -> Form:
    values, rows = _part("a", one)
    return Form({**values, "kind": values["a_of"]}, rows)


def _part(side: str, part: Part) -> tuple[dict[str, str], dict[str, tuple[Row, ...]]]:
    if isinstance(part, KpiRef):
        return {f"{side}_of": "kpi", f"{side}_kpi": part.key}, {}
    if not isinstance(part, Aggregate) or part.on is None:
        raise _UnsaidError
    told = {"of": _OF.get(part.take, "typical"), "entity": part.entity, "on": _column(part.on)}
    if part.take is not Take.COUNT:
        told |= {"column": _column(part.value), "take": part.take.value}
    values = {f"{side}_{name}": text for name, text in told.items()}
    return values, _rows(side, part.where)


def _ratio(one: Ratio) -> Form:
    over, rows_over = _part("a", one.over)
    under, rows_under = _part("b", one.under)
    return Form({"kind": "ratio", **over, **under}, {**rows_over, **rows_under})


def _duration(one: Duration) -> Form:
    values = {
        "kind": "within" if isinstance(one.take, Within) else "duration",
        "a_entity": one.entity,
        "a_from": _column(one.start),
        "a_to": _column(one.end),
        "a_on": _column(one.on),
        "a_clock": "business" if one.clock is Clock.BUSINESS else "",
    }
    values |= _limit(one.take.limit) if isinstance(one.take, Within) else {"a_take": one.take.value}
    return Form(values, _rows("a", one.where))


def _cohort(one: Cohort) -> Form:
    values = {
        "kind": "cohort",
        "a_entity": one.entity,
        "a_on": _column(one.on),
        "a_reaches": _column(one.reaches),
        **(_limit(one.within) if one.within else {}),
    }
    return Form(values, _rows("a", one.where))


def _stock(one: Stock) -> Form:
    if one.take not in (Take.COUNT, Take.SUM):
        raise _UnsaidError
    values = {
        "kind": "stock",
        "a_entity": one.entity,
        "a_of": _OF[one.take],
        "a_opened": _column(one.opened),
        "a_closed": _column(one.closed),
        "a_at": one.at.value,
    }
    if one.take is Take.SUM:
        values["a_column"] = _column(one.value)
    return Form(values, _rows("a", one.where))


def _limit(span: Span) -> dict[str, str]:
    if span.unit not in _UNITS:
        raise _UnsaidError
    return {"a_limit": f"{span.count:g}", "a_limit_unit": _UNITS[span.unit]}


def _column(expression: Expression | None) -> str:
    """Return the column that an expression is; more than a column has no field."""
    if expression is None or expression.columns != (expression.text,):
        raise _UnsaidError
    return expression.text


def _rows(side: str, where: Expression | None) -> dict[str, tuple[Row, ...]]:
    found = conditions_of(where)
    if found is None or len(found) > MOST_ROWS:
        raise _UnsaidError
    rows = []
    for one in found:
        if one.ask in LISTS:
            rows.append(Row(one.column, one.ask, "; ".join(one.values)))
        else:
            first, more = (*one.values, "", "")[:2]
            rows.append(Row(one.column, one.ask, first, more if one.ask is Ask.BETWEEN else ""))
    return {side: tuple(rows)} if rows else {}


_READ: Mapping[type, Callable[[Any], Form]] = {
    Aggregate: _aggregate,
    Ratio: _ratio,
    Duration: _duration,
    Cohort: _cohort,
    Stock: _stock,
}


def definition_text(session: TenantSession, key: str) -> str:
    """Return a definition as YAML: the tenant's own, or else as it ships; empty for none."""
    rows = session.scalars(newest_in(DefinitionState.PUBLISHED))
    own = next((row.yaml for row in rows if row.key == key), None)
    return own if own is not None else shipped_text(key)


def measure_text(session: TenantSession, key: str) -> str:
    """Return the measure of a definition as YAML."""
    node = yaml.compose(definition_text(session, key), Loader=yaml.SafeLoader)
    measure = _field(node.value[0], "measure") if isinstance(node, yaml.SequenceNode) else None
    return _plain(measure) if measure is not None else ""


def shipped_text(key: str) -> str:
    """Return a definition as it ships, as YAML; empty for none."""
    folder = resources.files("kpi_engine") / "catalogue"
    for file in folder.iterdir():
        if not file.name.endswith(".yaml"):
            continue
        text = file.read_text("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader) if f"key: {key}" in text else None
        for one in node.value if isinstance(node, yaml.SequenceNode) else ():
            named = _field(one, "key")
            if isinstance(named, yaml.ScalarNode) and named.value == key:
                return _plain(yaml.SequenceNode("tag:yaml.org,2002:seq", [one], flow_style=False))
    return ""


def _field(node: yaml.Node, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _plain(node: yaml.Node) -> str:
    text: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=96)
    return text
