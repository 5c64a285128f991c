"""What the KPI builder offers: kinds of measure in plain words, entities, columns, known values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.crm.derived import DERIVED, QUERYABLE
from kpi_engine.crm.entities import Column, ColumnType, Entity
from kpi_engine.crm.stages import StageMap
from kpi_engine.definitions.conditions import ASKS, Ask
from kpi_engine.language import mark, tr, trc
from kpi_engine.units import Unit
from portal.services import catalogue_words
from portal.services.builder_columns import column_words, group_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure as a person would ask for it."""

    key: str
    name: str
    says: str


KINDS: tuple[Kind, ...] = (
    Kind(
        "records",
        mark("How many"),
        mark("A number of records: demos held, deals won, tickets opened."),
    ),
    Kind(
        "total",
        mark("Total of a column"),
        mark("Added up over the records: amount won, hours, seats."),
    ),
    Kind(
        "typical",
        mark("Average or median"),
        mark("What is typical of a column: the median deal amount."),
    ),
    Kind(
        "distinct",
        mark("How many different"),
        mark("Different values of a column: customers that wrote."),
    ),
    Kind(
        "share",
        mark("Share that fulfils something"),
        mark("Of these records, the part that meets more."),
    ),
    Kind(
        "ratio",
        mark("One number over another"),
        mark("Demos per won deal, cost per lead, pipeline cover."),
    ),
    Kind(
        "duration",
        mark("Time between two moments"),
        mark("From created to closed: median days in sales."),
    ),
    Kind(
        "within",
        mark("Share done within a limit"),
        mark("Answered within 4 hours; the late count against."),
    ),
    Kind(
        "cohort",
        mark("Share that gets there"),
        mark("Of the leads of a month, those qualified in 30 days."),
    ),
    Kind(
        "stock",
        mark("What is open at the end"),
        mark("Open tickets or pipeline when a period ends."),
    ),
    Kind(
        "written",
        mark("As it is written"),
        mark("A measure that this form can't say; kept as it stands."),
    ),
)
_UNITS: Mapping[Unit, str] = {
    Unit.RATIO: mark("Share in per cent"),
    Unit.TIMES: mark("Multiple, told as 2.2 times"),
    Unit.COUNT: mark("Number"),
    Unit.MONEY: mark("Money"),
    Unit.DAYS: mark("Days"),
    Unit.HOURS: mark("Hours"),
    Unit.SCORE: mark("Plain figure"),
    Unit.MONEY_PER_DAY: mark("Money a day"),
}
KIND_KEYS = frozenset(kind.key for kind in KINDS)

_ENTITIES: Mapping[str, str] = {
    "opportunity": mark("Deals (opportunities)"),
    "lead": mark("Leads"),
    "activity": mark("Activities"),
    "account": mark("Accounts (customers)"),
    "ticket": mark("Service tickets"),
    "subscription": mark("Subscriptions"),
    "mrr_movement": mark("Movements of recurring revenue"),
    "renewal": mark("Renewals"),
    "campaign": mark("Campaigns"),
    "touch": mark("Campaign touches"),
    "contact": mark("Contacts"),
    "usage": mark("Product usage"),
    "onboarding": mark("Onboardings, one for each account"),
    "onboarding_step": mark("Onboarding steps"),
    "stage_change": mark("Stage changes of deals"),
    "forecast": mark("Submitted forecasts"),
    "quota": mark("Quotas"),
    "product": mark("Products"),
    "user": mark("People of the CRM"),
    "team": mark("Teams"),
}

_PERSONAL = frozenset({"email", "phone", "first_name", "last_name", "domain", "account_day"})
"""Never offered: what identifies a person is no ground for a KPI."""
_WRITTEN = frozenset({"next_step"})
"""What somebody wrote in words of their own: only whether there is anything is asked of it."""
CATEGORIES = frozenset(
    {
        *("category", "channel", "country", "direction", "disqualified_reason", "feature"),
        *("forecast_category", "industry", "kind", "lead_source", "lifecycle", "lost_reason"),
        *("outcome", "plan", "priority", "region", "segment", "status", "step"),
    }
)
"""Columns whose known values are offered: they sort records and name nobody."""
_NAMED_CATEGORIES = frozenset({"product.name", "team.name", "campaign.channel"})
_STAGES = frozenset({"stage", "from_stage", "to_stage"})


@dataclass(frozen=True, slots=True)
class Offered:
    """A column that may be chosen: its name in definitions, in words, and whose it is."""

    name: str
    words: str
    group: str
    type: ColumnType


def asks_of(column: str, kind: ColumnType) -> tuple[Ask, ...]:
    """Return what may be asked of a column, the usual first."""
    told = tuple(ASKS[kind])
    if column.rpartition(".")[2] not in _WRITTEN:
        return told
    return tuple(one for one in told if one in (Ask.FILLED, Ask.EMPTY))


def entity_choices() -> tuple[tuple[str, str], ...]:
    """Return the entities that may be chosen, each with what it is called."""
    return tuple((name, tr(said)) for name, said in _ENTITIES.items() if name in QUERYABLE)


def unit_words(unit: Unit) -> str:
    """Return what a unit is called."""
    if unit is Unit.MINUTES:
        return trc("unit", "Minutes")
    return tr(_UNITS[unit])


def entity_words(entity: str) -> str:
    """Return what an entity is called among people."""
    said = _ENTITIES.get(entity)
    return tr(said) if said else catalogue_words.begun(catalogue_words.records(entity))


def offered(entity: str, types: Iterable[ColumnType] = ColumnType) -> tuple[Offered, ...]:
    """Return the columns of an entity that may be chosen, of some types, its own first."""
    if entity not in QUERYABLE:
        return ()
    wanted = frozenset(types)
    found = [
        _offer(column.name, column.type, tr("Its own"))
        for column in _own(QUERYABLE[entity])
        if column.type in wanted and not column.refers and column.name != "id"
    ]
    for column in QUERYABLE[entity].columns:
        if column.refers and column.hop:
            group = group_of(column.hop)
            found += [
                _offer(f"{column.hop}.{far.name}", far.type, group)
                for far in _own(QUERYABLE[column.refers])
                if far.type in wanted and not far.refers and far.name != "id"
            ]
    return tuple(one for one in found if one.name.rpartition(".")[2] not in _PERSONAL)


def countable(entity: str) -> tuple[Offered, ...]:
    """Return the columns whose different values may be counted: references too."""
    if entity not in QUERYABLE:
        return ()
    own = [
        Offered(column.name, column_words(column.name), tr("What it refers to"), column.type)
        for column in QUERYABLE[entity].columns
        if column.refers
    ]
    return (*own, *offered(entity, (ColumnType.TEXT, ColumnType.DATE)))


def _offer(name: str, kind: ColumnType, group: str) -> Offered:
    return Offered(name, column_words(name), group, kind)


def _own(entity: Entity) -> tuple[Column, ...]:
    return (*entity.columns, *DERIVED.get(entity.name, ()))


def column_of(entity: str, name: str) -> tuple[str, Column] | None:
    """Return a column and the entity whose own it is, by its name in a definition of `entity`."""
    hop, _, far = name.rpartition(".")
    if entity not in QUERYABLE:
        return None
    if hop:
        behind = (one.refers for one in QUERYABLE[entity].columns if one.hop == hop)
        entity = next(behind, None) or ""
    columns = _own(QUERYABLE[entity]) if entity in QUERYABLE else ()
    return next(((entity, one) for one in columns if one.name == far), None)


def is_category(name: str) -> bool:
    """Say whether the known values of a column are offered."""
    return name.rpartition(".")[2] in CATEGORIES or name in _NAMED_CATEGORIES


def fixed_values(entity: str, name: str, stages: StageMap) -> tuple[str, ...]:
    """Return the values that a column can have by rule; nothing where records alone tell."""
    found = column_of(entity, name)
    if found is None:
        return ()
    if found[1].name in _STAGES:
        return tuple(sorted(stages, key=lambda one: (stages[one].order or 0, one)))
    return found[1].choices
