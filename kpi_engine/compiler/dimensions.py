"""What a record can be split by, and by which way it gets there."""

from collections.abc import Callable
from functools import cache

from kpi_engine.compiler.origin import Origin
from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.errors import BadQuestionError
from kpi_engine.questions import Dimension

Way = tuple[str, ...]
"""Hops to a column: ("account", "industry")."""

_OWNER_WAYS: tuple[Way, ...] = (
    ("opportunity", "owner_id"),
    ("account", "owner_id"),
    ("subscription", "owner_id"),
    ("lead", "owner_id"),
)
"""How a record without an owner column reaches one: by the first of these that leads to any."""
_WAYS: dict[Dimension, tuple[Way, ...]] = {
    Dimension.PRODUCT: (
        ("product_id",),
        ("opportunity", "product_id"),
        ("subscription", "product_id"),
    ),
    Dimension.CAMPAIGN: (
        ("campaign_id",),
        ("lead", "campaign_id"),
        ("opportunity", "campaign_id"),
    ),
    Dimension.LEAD_SOURCE: (
        ("lead_source",),
        ("lead", "lead_source"),
        ("opportunity", "lead_source"),
    ),
    Dimension.SEGMENT: (("segment",), ("account", "segment")),
    Dimension.INDUSTRY: (("industry",), ("account", "industry")),
    Dimension.PRIORITY: (("priority",),),
    Dimension.KIND: (("kind",),),
}
REFERENCES = {
    Dimension.OWNER: "user",
    Dimension.TEAM: "team",
    Dimension.PRODUCT: "product",
    Dimension.CAMPAIGN: "campaign",
}
"""Dimensions whose values are records, labelled by name."""


def key_sql(origin: Origin, dimension: Dimension) -> str:
    """Return the SQL of a record's key in a dimension: a canonical key, or a text.

    Raises:
        BadQuestionError: if the entity has no way to the dimension.
    """
    found = _key(origin, dimension)
    if found is None:
        has = ", ".join(name.value for name in available(origin.entity)) or "nothing"
        raise BadQuestionError(
            f"A KPI on {origin.entity} cannot be split by {dimension.value}; it has {has}."
        )
    return found


def label_sql(origin: Origin, dimension: Dimension) -> str:
    """Return the SQL of what a person reads: the name of the record, else its key or the text."""
    if dimension is Dimension.OWNER and owner_ways(origin.entity):
        return _by_owner(origin, lambda way: _named(origin, way[:-1], "owner"))
    if dimension is Dimension.TEAM and owner_ways(origin.entity):
        of_owner = _by_owner(origin, lambda way: _named(origin, (*way[:-1], "owner"), "team"))
        return (
            of_owner
            if origin.entity != "quota"
            else (
                f"CASE WHEN {origin.column((), 'team_id')} IS NOT NULL"
                f" THEN {_named(origin, (), 'team')} ELSE {of_owner} END"
            )
        )
    if dimension in {Dimension.PRODUCT, Dimension.CAMPAIGN}:
        ways = _ways(origin.entity, _WAYS[dimension])
        hop = dimension.value
        cells = [origin.column((*way[:-1], hop), "name") for way in ways]
        cells += [origin.column(way[:-1], way[-1]) for way in ways]
        return f"coalesce({', '.join(cells)})" if cells else key_sql(origin, dimension)
    return key_sql(origin, dimension)


def owner_key(origin: Origin) -> str:
    """Return the SQL of the key of who owns a record; the entity must have a way to an owner."""
    return _by_owner(origin, lambda way: origin.reference(way[:-1], way[-1]))


def owner_ways(entity: str) -> tuple[Way, ...]:
    """Return the ways from a record to who owns it: its own column alone, where it has one."""
    if QUERYABLE[entity].column("owner_id"):
        return (("owner_id",),)
    return tuple(_ways(entity, _OWNER_WAYS))


def _by_owner(origin: Origin, told: Callable[[Way], str]) -> str:
    """Return what is told along the first way on which a record has an owner."""
    ways = owner_ways(origin.entity)
    if len(ways) == 1:
        return told(ways[0])
    cases = " ".join(
        f"WHEN {origin.column(way[:-1], way[-1])} IS NOT NULL THEN {told(way)}" for way in ways
    )
    return f"CASE {cases} END"


def _named(origin: Origin, hops: Way, hop: str) -> str:
    """The name of a referenced record, else the reference as it stands."""
    return f"coalesce({origin.column((*hops, hop), 'name')}, {origin.column(hops, f'{hop}_id')})"


@cache
def available(entity: str) -> tuple[Dimension, ...]:
    """Return the dimensions that an entity has a way to."""
    return tuple(dimension for dimension in Dimension if _has(entity, dimension))


def _has(entity: str, dimension: Dimension) -> bool:
    if dimension in {Dimension.OWNER, Dimension.TEAM}:
        return bool(owner_ways(entity))
    if dimension is Dimension.REGION:
        own = QUERYABLE[entity].column("region") or QUERYABLE[entity].column("account_id")
        return bool(own or owner_ways(entity))
    if dimension is Dimension.CAMPAIGN and entity == "campaign":
        return True
    return bool(_ways(entity, _WAYS[dimension]))


def _key(origin: Origin, dimension: Dimension) -> str | None:
    entity = origin.entity
    if dimension is Dimension.OWNER:
        return owner_key(origin) if owner_ways(entity) else None
    if dimension is Dimension.TEAM:
        return _team_key(origin) if owner_ways(entity) else None
    if dimension is Dimension.REGION:
        return _region_key(origin)
    if dimension is Dimension.CAMPAIGN and entity == "campaign":
        return origin.identity()
    ways = _ways(entity, _WAYS[dimension])
    reach = origin.reference if dimension in REFERENCES else origin.column
    return _coalesce([reach(way[:-1], way[-1]) for way in ways])


def _team_key(origin: Origin) -> str:
    """The owner's team; a quota may name the team itself."""
    of_owner = _by_owner(origin, lambda way: origin.reference((*way[:-1], "owner"), "team_id"))
    if origin.entity != "quota":
        return of_owner
    return f"coalesce({origin.reference((), 'team_id')}, {of_owner})"


def _region_key(origin: Origin) -> str | None:
    """The record's own region, else that of the owner's team, else that of the account."""
    cells = []
    if QUERYABLE[origin.entity].column("region"):
        cells.append(origin.column((), "region"))
    if origin.entity == "quota":
        cells.append(origin.column(("team",), "region"))
    if owner_ways(origin.entity):
        cells.append(
            _by_owner(origin, lambda way: origin.column((*way[:-1], "owner", "team"), "region"))
        )
    if QUERYABLE[origin.entity].column("account_id"):
        cells.append(origin.column(("account",), "region"))
    return _coalesce(cells)


def _ways(entity: str, ways: tuple[Way, ...]) -> list[Way]:
    return [way for way in ways if _reaches(entity, way)]


def _reaches(entity: str, way: Way) -> bool:
    for hop in way[:-1]:
        column = QUERYABLE[entity].column(f"{hop}_id")
        if column is None or column.refers is None:
            return False
        entity = column.refers
    return QUERYABLE[entity].column(way[-1]) is not None


def _coalesce(cells: list[str]) -> str | None:
    if not cells:
        return None
    return cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
