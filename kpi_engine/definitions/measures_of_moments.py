"""Measures of how things stood at a moment: stocks, balances per account, health."""

from collections.abc import Mapping

from kpi_engine.definitions.fields import Fields
from kpi_engine.definitions.kinds import Balance, Health, Stock
from kpi_engine.definitions.measures_of_records import counted, open_and_closed
from kpi_engine.definitions.takes import (
    At,
    BalanceTake,
    HealthComponent,
    HealthPart,
    HealthTake,
    Take,
)
from kpi_engine.definitions.yaml_tree import Branch
from kpi_engine.language import tr


def stock(fields: Fields) -> Stock | None:
    """Read `{stock: {count|sum…: …}, opened, closed, at, where, value}`.

    Each field may stand beside `stock` or inside it, not in both.
    """
    inside = fields.inside("stock")
    if inside is None:
        return None
    whole = _joined(fields, inside)
    heads = [take for take in Take if whole.has(take.value)]
    if len(heads) != 1:
        fields.note(
            tr("A stock takes one of count, sum, mean and so on: {count: ENTITY}."), "stock"
        )
        return None
    entity, value, where = counted(whole, heads[0])
    opened, closed = open_and_closed(whole, entity)
    at = whole.choice("at", At, At.END)
    whole.close()
    if entity is None or opened is None or closed is None or at is None:
        return None
    return Stock(entity, heads[0], opened, closed, value, where, at)


def _joined(fields: Fields, inside: Fields) -> Fields:
    """Return the fields of both levels as one mapping, noting what is said twice."""
    joined = Branch(inside.line(), {}, {})
    for level in (fields, inside):
        for name, node, line in level.items():
            if name == "stock" and level is fields:
                continue
            if name in joined.fields:
                level.note(
                    tr("'{name}' is said beside 'stock' and inside it; keep one.", name=name), name
                )
            joined.fields[name], joined.lines[name] = node, line
    return Fields(fields.scene, joined, fields.place)


def balance(fields: Fields) -> Balance | None:
    """Read `{balance: ENTITY, value, opened, closed, per, take, where}`."""
    entity = fields.entity("balance")
    value = fields.number("value", entity)
    if not fields.has("value"):
        fields.missing("value", "running_mrr")
    opened, closed = open_and_closed(fields, entity)
    per = fields.column("per", entity, "account_id")
    take = fields.choice("take", BalanceTake)
    where = fields.filter("where", entity)
    fields.close()
    if entity is None or value is None or opened is None or closed is None:
        return None
    return Balance(entity, value, opened, closed, per, take, where) if per and take else None


def health(fields: Fields) -> Health | None:
    """Read `{health: mean|at_risk}`; what it is made of are the tenant's settings."""
    take = fields.choice("health", HealthTake)
    fields.close()
    told, threshold = fields.scene.settings["health_components"], fields.scene.settings
    components = tuple(_component(part, told) for part in HealthPart)
    return Health(take, components, float(str(threshold["health_threshold"]))) if take else None


def _component(part: HealthPart, told: object) -> HealthComponent:
    figures = told[part.value] if isinstance(told, Mapping) else {}
    return HealthComponent(
        part,
        float(figures["weight"]),
        float(figures["worst"]),
        float(figures["best"]),
        int(figures["days"]),
    )
