"""Which columns of which records a KPI is made of: choosing KPIs says what data there has to be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.conditions import dispensable
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import FirstTouch, Health, KpiKey, Part
from kpi_engine.definitions.parts import stands_by_stage, walk


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """One column of one entity that a source has to bring."""

    entity: str
    column: str


_BEHIND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "opportunity": dict.fromkeys(
        ("status", "stage_order", "stage_probability", "stage_is_mapped", "entered_proposal"),
        ("stage",),
    ),
    "touch": {"quantity": ("count",), "is_delivered": ("kind",)},
    "ticket": {
        "first_response_limit_passed": ("sla_first_response_minutes",),
        "resolution_limit_passed": ("sla_resolution_minutes",),
    },
    "subscription": {"running_mrr": ("mrr",)},
    "usage": {"by_customer": ("account_id",), "account_day": ("account_id", "occurred_on")},
    "forecast": {"is_opening": ("submitted_at",)},
    "quota": {"in_force": ("amount",)},
    "onboarding": {
        "started_at": ("started_at",),
        "completed_at": ("completed_at",),
        "steps": ("step",),
        "account_id": ("account_id",),
        "id": ("account_id",),
    },
}
"""From a column that follows from the records to those that a source brings."""
_HEALTH = (
    Need("usage", "occurred_on"),
    Need("ticket", "created_at"),
    Need("ticket", "satisfaction"),
    Need("renewal", "outcome"),
    Need("activity", "created_at"),
    Need("subscription", "mrr"),
)
_STAGES = (
    Need("stage_change", "opportunity_id"),
    Need("stage_change", "to_stage"),
    Need("stage_change", "changed_at"),
)
"""What tells in which stage a deal stood on a day that is past."""
_COLUMNS = ("per", "by", "key", "expected")


@dataclass(frozen=True, slots=True)
class Users:
    """The KPIs that stand on a column, and those of them that have no number without it."""

    all: frozenset[KpiKey]
    vital: frozenset[KpiKey]


def needs_of(keys: Iterable[KpiKey], catalogue: Catalogue) -> Mapping[Need, Users]:
    """Return every column that some KPIs stand on, with those of them that stand on it."""
    found: dict[Need, dict[KpiKey, bool]] = {}
    for key in keys:
        for one in catalogue.closure([key]):
            for _, part in walk(one.measure):
                for need, vital in _of_part(part):
                    users = found.setdefault(need, {})
                    users[key] = users.get(key, False) or vital
    return {
        need: Users(frozenset(users), frozenset(key for key, vital in users.items() if vital))
        for need, users in sorted(found.items())
    }


def behind(entity: str, column: str) -> str:
    """Return the column that a source fills where one follows from it: `stage` for `status`."""
    return _BEHIND.get(entity, {}).get(column, (column,))[0]


def _of_part(part: Part) -> Iterator[tuple[Need, bool]]:
    """Yield the columns of a measure, each with whether it is nothing without them."""
    if isinstance(part, Health):
        # What is not known of a customer's health is left out, and the rest weighs more.
        yield from ((need, False) for need in _HEALTH)
        return
    if stands_by_stage(part):
        yield from ((need, False) for need in _STAGES)
    for each in fields(part):
        value = getattr(part, each.name)
        entity = _entity(part, each.name)
        if not entity:
            continue
        if isinstance(value, Expression):
            spared = dispensable(value)
            for name in value.columns:
                yield from ((need, name not in spared) for need in _columns(entity, name))
        elif each.name in _COLUMNS and isinstance(value, str):
            yield from ((need, True) for need in _columns(entity, value))


def _entity(part: Part, name: str) -> str:
    """Return the entity whose column a field of a measure names."""
    if isinstance(part, FirstTouch):
        return part.of if name in ("of_where", "after", "key") else part.first
    found = getattr(part, "entity", "")
    return found if isinstance(found, str) and found in QUERYABLE else ""


def _columns(entity: str, name: str) -> Iterator[Need]:
    hop, _, far = name.rpartition(".")
    if hop:
        reference = next((one for one in QUERYABLE[entity].columns if one.hop == hop), None)
        if reference is None or reference.refers is None:
            return
        yield Need(entity, reference.name)
        yield from _columns(reference.refers, far)
        return
    real = ENTITIES["onboarding_step" if entity == "onboarding" else entity]
    for column in _BEHIND.get(entity, {}).get(far, (far,)):
        if real.column(column) is not None and column != "id":
            yield Need(real.name, column)
