"""What a record can be split by, and by which way it gets there."""

from kpi_engine.compiler.origin import Origin
from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.errors import BadQuestionError
from kpi_engine.questions import Dimension

Way = tuple[str, ...]
"""Hops to a column: ("account", "industry")."""

_OWNER_WAYS: tuple[Way, ...] = (
    ("owner_id",),
    ("opportunity", "owner_id"),
    ("subscription", "owner_id"),
    ("account", "owner_id"),
    ("lead", "owner_id"),
)
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
    if dimension is Dimension.OWNER and (way := owner_way(origin.entity)):
        name = origin.column((*way[:-1], "owner"), "name")
        return f"coalesce({name}, {origin.column(way[:-1], way[-1])})"
    if dimension is Dimension.TEAM and (way := owner_way(origin.entity)):
        name = origin.column((*way[:-1], "owner", "team"), "name")
        cells = [name, origin.column((*way[:-1], "owner"), "team_id")]
        if origin.entity == "quota":
            cells = [origin.column(("team",), "name"), origin.column((), "team_id"), *cells]
        return f"coalesce({', '.join(cells)})"
    if dimension in {Dimension.PRODUCT, Dimension.CAMPAIGN}:
        ways = _ways(origin.entity, _WAYS[dimension])
        hop = dimension.value
        cells = [origin.column((*way[:-1], hop), "name") for way in ways]
        cells += [origin.column(way[:-1], way[-1]) for way in ways]
        return f"coalesce({', '.join(cells)})" if cells else key_sql(origin, dimension)
    return key_sql(origin, dimension)


def owner_way(entity: str) -> Way | None:
    """Return the way from a record to who owns it, or None."""
    return next(iter(_ways(entity, _OWNER_WAYS)), None)


def available(entity: str) -> list[Dimension]:
    """Return the dimensions that an entity has a way to."""
    return [dimension for dimension in Dimension if _has(entity, dimension)]


def _has(entity: str, dimension: Dimension) -> bool:
    if dimension in {Dimension.OWNER, Dimension.TEAM}:
        return owner_way(entity) is not None
    if dimension is Dimension.REGION:
        return bool(_region_ways(entity))
    if dimension is Dimension.CAMPAIGN and entity == "campaign":
        return True
    return bool(_ways(entity, _WAYS[dimension]))


def _key(origin: Origin, dimension: Dimension) -> str | None:
    entity = origin.entity
    if dimension is Dimension.OWNER:
        way = owner_way(entity)
        return origin.reference(way[:-1], way[-1]) if way else None
    if dimension is Dimension.TEAM:
        return _team_key(origin)
    if dimension is Dimension.REGION:
        return _coalesce([origin.column(way[:-1], way[-1]) for way in _region_ways(entity)])
    if dimension is Dimension.CAMPAIGN and entity == "campaign":
        return origin.identity()
    ways = _ways(entity, _WAYS[dimension])
    reach = origin.reference if dimension in REFERENCES else origin.column
    return _coalesce([reach(way[:-1], way[-1]) for way in ways])


def _team_key(origin: Origin) -> str | None:
    """The owner's team; a quota may name the team itself."""
    way = owner_way(origin.entity)
    if way is None:
        return None
    of_owner = origin.reference((*way[:-1], "owner"), "team_id")
    if origin.entity != "quota":
        return of_owner
    return f"coalesce({origin.reference((), 'team_id')}, {of_owner})"


def _region_ways(entity: str) -> list[Way]:
    found: list[Way] = []
    if QUERYABLE[entity].column("region"):
        found.append(("region",))
    if entity == "quota":
        found.append(("team", "region"))
    if way := owner_way(entity):
        found.append((*way[:-1], "owner", "team", "region"))
    if QUERYABLE[entity].column("account_id"):
        found.append(("account", "region"))
    return found


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
