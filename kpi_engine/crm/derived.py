"""Columns and entities that no source brings: they follow from the records and the stage map.

The compiler makes them (`kpi_engine/compiler/`); here are their names and types, so that an
expression may use them like any other column.
"""

from collections.abc import Mapping

from kpi_engine.crm.entities import ENTITIES, Column, ColumnType, Entity

_T, _N, _M, _I = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER
_B, _AT = ColumnType.BOOLEAN, ColumnType.TIME

DERIVED: Mapping[str, tuple[Column, ...]] = {
    "opportunity": (
        Column("status", _T, choices=("open", "won", "lost")),
        Column("stage_order", _I),
        Column("stage_probability", _N),
        Column("stage_is_mapped", _B),
        Column("entered_proposal", _B),
    ),
    # A touch without a count is one; mail is delivered, or sent where the campaign records no
    # deliveries at all.
    "touch": (Column("quantity", _I), Column("is_delivered", _B)),
    # The limit has passed by the end of today, whether or not it was met.
    "ticket": (
        Column("first_response_limit_passed", _B),
        Column("resolution_limit_passed", _B),
    ),
    # A trial carries no revenue.
    "subscription": (Column("running_mrr", _M),),
    # The account had a paying subscription on that day; one text for each account and day.
    "usage": (Column("by_customer", _B), Column("account_day", _T)),
    # The last forecast that the owner had submitted when the period's first day ended.
    "forecast": (Column("is_opening", _B),),
    # Counted once where an owner and the owner's team both have one.
    "quota": (Column("in_force", _B),),
}

BY_STAGE = frozenset(
    {
        *("stage", "status", "stage_order", "stage_probability", "stage_is_mapped"),
        *("probability", "forecast_category"),
    }
)
"""Columns of an opportunity that follow from its stage, or are written anew when it is closed."""

ONBOARDING = Entity(
    "onboarding",
    (
        Column("id", _T, required=True),
        Column("account_id", _T, refers="account"),
        Column("started_at", _AT),
        Column("completed_at", _AT),
        Column("steps", _I),
    ),
    "started_at",
)
"""One record an account: when its first onboarding step began, when all required were done."""

QUERYABLE: Mapping[str, Entity] = {**ENTITIES, "onboarding": ONBOARDING}
"""The entities that a definition may name."""


def columns_of(entity: str) -> Mapping[str, ColumnType]:
    """Return the names an expression over `entity` may use, with types: own, derived, one hop."""
    found = {column.name: column.type for column in _own(entity)}
    for column in QUERYABLE[entity].columns:
        if column.refers and column.hop:
            for far in _own(column.refers):
                found[f"{column.hop}.{far.name}"] = far.type
    return found


def _own(entity: str) -> tuple[Column, ...]:
    return (*QUERYABLE[entity].columns, Column("source", _T), *DERIVED.get(entity, ()))
