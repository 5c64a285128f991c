"""The entities of the canonical CRM and their typed columns.

The names are a contract (docs/crm.md): files, commands, definitions and pages use them.
Every record also has `id` and `source` (text) and may have `attributes` (a JSON object).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """What a column holds. Times are UTC instants; a date is a day in the tenant's zone."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column of an entity.

    `refers` names the entity whose `id` the column holds; `choices` lists the only values allowed.
    """

    name: str
    type: ColumnType
    required: bool = False
    refers: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def hop(self) -> str | None:
        """The name by which an expression reaches the referenced record: `owner_id` → `owner`."""
        return self.name.removesuffix("_id") if self.refers else None


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record. `placed_by` is the column that most often places it in time."""

    name: str
    columns: tuple[Column, ...]
    placed_by: str | None = None
    one_of: tuple[str, ...] = ()
    """Columns of which at least one must be filled (a quota has an owner or a team)."""

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order, `id` first."""
        return tuple(column.name for column in self.columns)


_T, _N, _M, _I = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER
_B, _AT, _ON = ColumnType.BOOLEAN, ColumnType.TIME, ColumnType.DATE

_REFERENCES = {
    "account_id": "account",
    "campaign_id": "campaign",
    "changed_by_id": "user",
    "contact_id": "contact",
    "lead_id": "lead",
    "manager_id": "user",
    "opportunity_id": "opportunity",
    "owner_id": "user",
    "product_id": "product",
    "subscription_id": "subscription",
    "team_id": "team",
}
GRAINS = ("day", "week", "month", "quarter", "year")


def _entity(
    name: str,
    columns: str,
    types: Mapping[str, ColumnType],
    placed_by: str | None = None,
    *,
    choices: Mapping[str, tuple[str, ...]] | None = None,
    one_of: tuple[str, ...] = (),
) -> Entity:
    """Build an entity from a line of names (`!` marks required); text where no type is told."""
    made = [Column("id", _T, required=True)]
    for word in columns.split():
        column = word.removesuffix("!")
        kind = types.get(column) or _by_ending(column)
        refers = "team" if column == "parent_id" else _REFERENCES.get(column)
        allowed = (choices or {}).get(column, ())
        made.append(Column(column, kind, word.endswith("!"), refers, allowed))
    return Entity(name, tuple(made), placed_by, one_of)


def _by_ending(column: str) -> ColumnType:
    if column.endswith("_at"):
        return _AT
    return _ON if column.endswith("_on") else _T


_ALL = (
    _entity("team", "name! parent_id manager_id region", {}),
    _entity("user", "name! email team_id role active", {"active": _B}),
    _entity("product", "name list_price", {"list_price": _M}),
    _entity(
        "account",
        "name! domain industry country region employees owner_id segment plan lifecycle"
        " created_at updated_at",
        {"employees": _I},
        "created_at",
    ),
    _entity(
        "contact",
        "account_id first_name last_name email phone title owner_id created_at updated_at"
        " last_activity_at",
        {},
        "created_at",
    ),
    _entity(
        "lead",
        "name email phone company country lead_source campaign_id owner_id status score"
        " created_at! qualified_at disqualified_at disqualified_reason converted_at"
        " opportunity_id account_id",
        {"score": _N},
        "created_at",
    ),
    _entity(
        "opportunity",
        "name account_id lead_id campaign_id owner_id! product_id stage! amount currency"
        " probability forecast_category kind lead_source created_at expected_close_on closed_at"
        " lost_reason next_step updated_at",
        {"amount": _M, "probability": _N},
        "created_at",
        choices={"kind": ("new", "expansion", "renewal")},
    ),
    _entity(
        "stage_change",
        "opportunity_id! from_stage to_stage! changed_at! changed_by_id amount expected_close_on",
        {"amount": _M},
        "changed_at",
    ),
    _entity(
        "activity",
        "kind! direction owner_id lead_id contact_id account_id opportunity_id created_at!"
        " due_at completed_at outcome automated",
        {"automated": _B},
        "created_at",
        choices={"kind": ("call", "email", "meeting", "task", "follow_up", "demo", "note")},
    ),
    _entity(
        "campaign",
        "name! channel started_on ended_on budget cost",
        {"budget": _M, "cost": _M},
        "started_on",
    ),
    _entity(
        "touch",
        "campaign_id lead_id contact_id kind! occurred_at! count",
        {"count": _I},
        "occurred_at",
        choices={
            "kind": (
                "visited",
                "form_submitted",
                "sent",
                "delivered",
                "bounced",
                "opened",
                "clicked",
                "responded",
                "registered",
                "attended",
                "converted",
            )
        },
    ),
    _entity(
        "ticket",
        "account_id contact_id owner_id product_id category priority channel status is_complaint"
        " created_at! first_response_at resolved_at closed_at reopened_count agent_replies"
        " sla_first_response_minutes sla_resolution_minutes satisfaction is_satisfied",
        {
            "is_complaint": _B,
            "reopened_count": _I,
            "agent_replies": _I,
            "sla_first_response_minutes": _N,
            "sla_resolution_minutes": _N,
            "satisfaction": _N,
            "is_satisfied": _B,
        },
        "created_at",
    ),
    _entity(
        "subscription",
        "account_id! product_id plan owner_id started_on! ended_on renewal_due_on mrr! currency"
        " seats is_trial status",
        {"mrr": _M, "seats": _I, "is_trial": _B},
        "started_on",
    ),
    _entity(
        "mrr_movement",
        "subscription_id account_id! occurred_on! kind! amount!",
        {"amount": _M},
        "occurred_on",
        choices={"kind": ("new", "expansion", "contraction", "churn", "reactivation")},
    ),
    _entity(
        "renewal",
        "subscription_id account_id! due_on! outcome decided_on amount_due amount_renewed",
        {"amount_due": _M, "amount_renewed": _M},
        "due_on",
        choices={"outcome": ("renewed", "churned", "pending")},
    ),
    _entity(
        "usage",
        "account_id! subscription_id feature occurred_on! events active_users",
        {"events": _I, "active_users": _I},
        "occurred_on",
    ),
    _entity(
        "onboarding_step",
        "account_id! step! required started_at completed_at due_at",
        {"required": _B},
        "started_at",
    ),
    _entity(
        "forecast",
        "owner_id! period_start_on! period_grain! category amount! submitted_at!",
        {"amount": _M},
        "period_start_on",
        choices={"period_grain": GRAINS},
    ),
    _entity(
        "quota",
        "owner_id team_id kpi period_start_on! period_grain! amount!",
        {"amount": _M},
        "period_start_on",
        choices={"period_grain": GRAINS},
        one_of=("owner_id", "team_id"),
    ),
)

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ALL}
"""Every entity by name, in the order of docs/crm.md."""
