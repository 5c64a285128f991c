"""What the KPI builder offers: kinds of measure in plain words, entities, columns, known values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.crm.derived import DERIVED, QUERYABLE
from kpi_engine.crm.entities import Column, ColumnType, Entity
from kpi_engine.crm.stages import StageMap
from kpi_engine.definitions.words import many
from kpi_engine.units import Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure as a person would ask for it."""

    key: str
    name: str
    says: str


KINDS: tuple[Kind, ...] = (
    Kind("records", "How many", "A number of records: demos held, deals won, tickets opened."),
    Kind("total", "Total of a column", "Added up over the records: amount won, hours, seats."),
    Kind("typical", "Average or median", "What is typical of a column: the median deal amount."),
    Kind("distinct", "How many different", "Different values of a column: customers that wrote."),
    Kind("share", "Share that fulfils something", "Of these records, the part that meets more."),
    Kind("ratio", "One number over another", "Demos per won deal, cost per lead, pipeline cover."),
    Kind("duration", "Time between two moments", "From created to closed: median days in sales."),
    Kind("within", "Share done within a limit", "Answered within 4 hours; the late count against."),
    Kind("cohort", "Share that gets there", "Of the leads of a month, those qualified in 30 days."),
    Kind("stock", "What is open at the end", "Open tickets or pipeline when a period ends."),
    Kind("written", "As it is written", "A measure that this form can't say; kept as it stands."),
)
UNIT_WORDS: Mapping[Unit, str] = {
    Unit.RATIO: "Share in per cent",
    Unit.COUNT: "Number",
    Unit.MONEY: "Money",
    Unit.DAYS: "Days",
    Unit.HOURS: "Hours",
    Unit.MINUTES: "Minutes",
    Unit.SCORE: "Plain figure",
    Unit.MONEY_PER_DAY: "Money a day",
}
KIND_KEYS = frozenset(kind.key for kind in KINDS)

_ENTITIES: Mapping[str, str] = {
    "opportunity": "Deals (opportunities)",
    "lead": "Leads",
    "activity": "Activities",
    "account": "Accounts (customers)",
    "ticket": "Service tickets",
    "subscription": "Subscriptions",
    "mrr_movement": "Movements of recurring revenue",
    "renewal": "Renewals",
    "campaign": "Campaigns",
    "touch": "Campaign touches",
    "contact": "Contacts",
    "usage": "Product usage",
    "onboarding": "Onboardings, one for each account",
    "onboarding_step": "Onboarding steps",
    "stage_change": "Stage changes of deals",
    "forecast": "Submitted forecasts",
    "quota": "Quotas",
    "product": "Products",
    "user": "People of the CRM",
    "team": "Teams",
}
ENTITY_CHOICES: tuple[tuple[str, str], ...] = tuple(
    (name, said) for name, said in _ENTITIES.items() if name in QUERYABLE
)

_PERSONAL = frozenset(
    {"email", "phone", "first_name", "last_name", "domain", "next_step", "account_day"}
)
"""Never offered: what identifies a person is no ground for a KPI."""
_SAYS = {
    "id": "Record (each once)",
    "mrr": "Recurring revenue a month (MRR)",
    "running_mrr": "MRR while it runs, trials as 0",
    "status": "Status",
    "in_force": "Counts for the question",
    "is_opening": "Is the opening forecast",
}
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


def entity_words(entity: str) -> str:
    """Return what an entity is called among people."""
    return _ENTITIES.get(entity, many(entity).capitalize())


def column_words(name: str) -> str:
    """Return what a column is called among people: 'Closed at', 'Account: industry'."""
    hop, _, far = name.rpartition(".")
    words = _SAYS.get(far) or far.replace("_", " ").removesuffix(" id").capitalize()
    return f"{hop.replace('_', ' ').capitalize()}: {words[0].lower()}{words[1:]}" if hop else words


def offered(entity: str, types: Iterable[ColumnType] = ColumnType) -> tuple[Offered, ...]:
    """Return the columns of an entity that may be chosen, of some types, its own first."""
    if entity not in QUERYABLE:
        return ()
    wanted = frozenset(types)
    found = [
        _offer(column.name, column.type, "Its own")
        for column in _own(QUERYABLE[entity])
        if column.type in wanted and not column.refers and column.name != "id"
    ]
    for column in QUERYABLE[entity].columns:
        if column.refers and column.hop:
            group = f"Of its {column.hop.replace('_', ' ')}"
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
        Offered(column.name, column_words(column.name), "What it refers to", column.type)
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
