"""What a record is split by, who owns it, and which records a scope lets through."""

from collections.abc import Callable
from typing import Any

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.questions import Dimension, Scope, ScopeKind
from tests.oracle.records import Identity, Row, World, identity_of

NAMED_BY = {
    Dimension.OWNER: "user",
    Dimension.TEAM: "team",
    Dimension.PRODUCT: "product",
    Dimension.CAMPAIGN: "campaign",
}
"""The entities whose records stand for a value of the dimension."""
OWNERS = ("opportunity", "account", "subscription", "lead")
"""Where the owner of a record that has none of its own is looked for."""


def has_column(entity: str, column: str) -> bool:
    """Whether the entity has a column of that name."""
    return QUERYABLE[entity].column(column) is not None


def has_dimension(entity: str, dimension: Dimension) -> bool:
    """Whether records of the entity can have a value of the dimension at all."""
    owners = ("owner_id", *(f"{far}_id" for far in OWNERS))
    ways = {
        Dimension.OWNER: owners,
        Dimension.TEAM: (*owners, "team_id"),
        Dimension.REGION: ("region", *owners, "team_id"),
        Dimension.PRODUCT: ("product_id", "opportunity_id", "subscription_id"),
        Dimension.LEAD_SOURCE: ("lead_source", "lead_id", "opportunity_id"),
        Dimension.SEGMENT: ("segment", "account_id"),
        Dimension.INDUSTRY: ("industry", "account_id"),
        Dimension.CAMPAIGN: ("campaign_id", "lead_id", "opportunity_id"),
        Dimension.PRIORITY: ("priority",),
        Dimension.KIND: ("kind",),
    }[dimension]
    if entity == "campaign" and dimension is Dimension.CAMPAIGN:
        return True
    return any(has_column(entity, column) for column in ways)


def owner_of(world: World, entity: str, row: Row) -> Identity | None:
    """Return who owns the record: its own owner, else that of a record that it refers to."""
    holder = owner_holder(world, entity, row)
    return world.identity(*holder, "owner_id") if holder else None


def owner_holder(world: World, entity: str, row: Row) -> tuple[str, Row] | None:
    """Return the record whose `owner_id` tells the owner of `row`.

    An entity with owners of its own is asked alone; else the first record on the way that has one.
    """
    if has_column(entity, "owner_id"):
        return entity, row
    for far in OWNERS:
        record = world.refer(entity, row, f"{far}_id")
        if record is not None and record.get("owner_id") is not None:
            return far, record
    return None


def team_of(world: World, entity: str, row: Row) -> Identity | None:
    """Return the team of the record: a quota's own, else its owner's."""
    if entity == "quota" and row.get("team_id") is not None:
        return world.identity(entity, row, "team_id")
    holder = owner_holder(world, entity, row)
    person = world.refer(*holder, "owner_id") if holder else None
    return world.identity("user", person, "team_id") if person is not None else None


def value_of(world: World, entity: str, row: Row, dimension: Dimension) -> Any:
    """Return the value of the dimension for a record: an identity, a text, or None."""
    special = _SPECIAL.get(dimension)
    if special is not None:
        return special(world, entity, row)
    if has_column(entity, dimension.value):
        return row.get(dimension.value)
    return _of_account(world, entity, row, dimension.value)


def _of_account(world: World, entity: str, row: Row, column: str) -> Any:
    account = world.refer(entity, row, "account_id")
    return account.get(column) if account is not None else None


def _region(world: World, entity: str, row: Row) -> str | None:
    if row.get("region") is not None:
        return row["region"]
    team = team_of(world, entity, row)
    regions = [record.get("region") for record in world.now("team") if identity_of(record) == team]
    if regions and regions[0] is not None:
        return regions[0]
    return _of_account(world, entity, row, "region")


def _along(
    world: World, entity: str, row: Row, column: str, hops: tuple[str, ...]
) -> Identity | None:
    """Return the reference in `column` of the record, else of the records it refers to."""
    found = world.identity(entity, row, column)
    for hop in hops:
        record = world.refer(entity, row, f"{hop}_id")
        if found is None and record is not None:
            found = world.identity(hop, record, column)
    return found


def _product(world: World, entity: str, row: Row) -> Identity | None:
    return _along(world, entity, row, "product_id", ("opportunity", "subscription"))


def _campaign(world: World, entity: str, row: Row) -> Identity | None:
    if entity == "campaign":
        return identity_of(row)
    return _along(world, entity, row, "campaign_id", ("lead", "opportunity"))


def _lead_source(world: World, entity: str, row: Row) -> str | None:
    found = row.get("lead_source")
    for column in ("lead_id", "opportunity_id"):
        record = world.refer(entity, row, column)
        if found is None and record is not None:
            found = record.get("lead_source")
    return found


_SPECIAL: dict[Dimension, Callable[[World, str, Row], Any]] = {
    Dimension.OWNER: owner_of,
    Dimension.TEAM: team_of,
    Dimension.REGION: _region,
    Dimension.PRODUCT: _product,
    Dimension.CAMPAIGN: _campaign,
    Dimension.LEAD_SOURCE: _lead_source,
}


def plain_name(world: World, dimension: Dimension, value: Any) -> str | None:
    """Return what a filter compares: the name of a record, its id where it has none, or a text."""
    if not isinstance(value, tuple):
        return value
    records = world.now(NAMED_BY[dimension])
    names = [record.get("name") for record in records if identity_of(record) == value]
    return value[-1] if names in ([], [None]) else names[0]


def shown_name(world: World, dimension: Dimension, value: Any) -> str | None:
    """Return how a value is shown: by its name, with its id where others share the name."""
    name = plain_name(world, dimension, value)
    if not isinstance(value, tuple) or value[0] == "raw":
        return name
    alike = [record for record in world.now(NAMED_BY[dimension]) if record.get("name") == name]
    identity = "/".join(value[1:]) if len(world.sources()) > 1 else value[-1]
    return name if len(alike) < 2 else f"{name} ({identity})"


def in_scope(world: World, entity: str, row: Row, scope: Scope) -> bool:
    """Whether the scope lets the record through. No ids: nothing is let through."""
    if scope.kind is ScopeKind.ALL:
        return True
    if scope.kind is ScopeKind.OWN:
        owner = owner_of(world, entity, row)
        return owner is not None and owner[-1] in scope.ids
    return _is_below(world, team_of(world, entity, row), scope.ids)


def _is_below(world: World, team: Identity | None, ids: tuple[str, ...]) -> bool:
    """Whether the team is one with these ids, or under one."""
    passed: set[Identity] = set()
    while team is not None and team not in passed:
        if team[-1] in ids:
            return True
        passed.add(team)
        records = [record for record in world.now("team") if identity_of(record) == team]
        team = world.identity("team", records[0], "parent_id") if records else None
    return False
