"""The data that the chosen KPIs need: what to fill in, how well it is, and what it holds up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.definitions.kinds import KpiKey
from portal.readmodels.cards import Choice, Head, Menu
from portal.readmodels.proposals import DataPage, EntityNeeds, StandardRow
from portal.services import builder_preview, data_fills, lifecycles
from portal.services.addresses import address, kpi_page
from portal.services.builder_fields import column_words, entity_words
from portal.services.data_fills import Fills
from portal.services.data_needs import Need, Users, needs_of
from portal.services.data_standards import standard_of
from portal.services.desks import Desk
from portal.services.engines import Workshop

HOME = "/kpis/data"
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of one page: needs with their KPIs, and fills by entity."""

    desk: Desk
    needs: Mapping[Need, Users]
    fills: Mapping[str, Fills]

    def blocked(self, need: Need) -> bool:
        """Say whether nothing can be computed for want of a column."""
        return not self.fills.get(need.entity, Fills()).share(need.column)


def read(workshop: Workshop, desk: Desk, query: Mapping[str, str]) -> DataPage:
    """Return the needs of the KPIs in use, or of every KPI that there is."""
    every = query.get("of") == "all"
    kpis = (
        frozenset(desk.catalogue)
        if every
        else lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    )
    needs = needs_of(sorted(kpis), desk.catalogue)
    found = data_fills.fills(workshop, desk, [need.entity for need in needs])
    told = _Told(desk, needs, found)
    blocked = _blocked(told)
    return DataPage(
        _head(every, len(kpis)),
        _finding(told, blocked, len(kpis)),
        _cause(told),
        tuple(
            (Choice(desk.catalogue[key].name, kpi_page(key)), ", ".join(columns))
            for key, columns in blocked.items()
        ),
        tuple(
            _entity(told, entity, tuple(listed))
            for entity, listed in groupby(needs, key=lambda need: need.entity)
        ),
    )


def _head(every: bool, count: int) -> Head:  # noqa: FBT001 - which of two lists
    choices = (
        Choice("KPIs in use", HOME, not every),
        Choice("Every KPI that there is", address(HOME, of="all"), every),
    )
    label = "Every KPI" if every else "KPIs in use"
    return Head(
        "Data needed",
        f"What {count} KPIs stand on: which fields to fill in, how, and how well it is done.",
        (Choice("KPIs", "/kpis"),),
        menus=(Menu("Which KPIs", label, "funnel", choices),),
    )


def _blocked(told: _Told) -> Mapping[KpiKey, Sequence[str]]:
    """Return the KPIs that have no number for want of a column, with what they wait for."""
    found: dict[KpiKey, list[str]] = {}
    for need, users in told.needs.items():
        if told.blocked(need):
            for key in users.vital:
                entity = entity_words(need.entity).lower()
                found.setdefault(key, []).append(f"{column_words(need.column)} of {entity}")
    return dict(sorted(found.items(), key=lambda one: told.desk.catalogue[one[0]].name))


def _finding(told: _Told, blocked: Mapping[KpiKey, Sequence[str]], count: int) -> str:
    if not told.needs:
        return "No KPI is in use yet, so no data is needed."
    if not blocked:
        return f"None of the {count} KPIs lacks a field."
    word = "KPI lacks" if len(blocked) == 1 else "KPIs lack"
    return f"{len(blocked)} of {count} {word} a field that no record has."


def _cause(told: _Told) -> str:
    """Name the empty column that holds up the most."""
    empty = [
        (len(users.vital), need)
        for need, users in told.needs.items()
        if told.blocked(need) and users.vital
    ]
    if not empty:
        return ""
    count, need = max(empty, key=lambda one: (one[0], one[1]))
    name = f"{column_words(need.column)} of {entity_words(need.entity).lower()}"
    word = "one KPI waits" if count == 1 else f"{count} KPIs wait"
    return f"Filling in {name} would help the most: {word} for it."


def _entity(told: _Told, entity: str, needs: Sequence[Need]) -> EntityNeeds:
    found = told.fills.get(entity, Fills())
    formats = told.desk.formats
    if not found.records:
        sub = "No source brings these records yet."
    else:
        newest = f", the newest of {formats.day(found.newest)}" if found.newest else ""
        sub = f"{formats.number(found.records)} records{newest}."
    rows = sorted(needs, key=lambda need: (not told.blocked(need), -len(told.needs[need].all)))
    return EntityNeeds(
        entity_words(entity), sub, tuple(_row(told, need) for need in rows), f"of-{entity}"
    )


def _row(told: _Told, need: Need) -> StandardRow:
    found = told.fills.get(need.entity, Fills())
    drawn = builder_preview.need_row(told.desk, need, told.fills)
    column = ENTITIES[need.entity].column(need.column)
    kind = column.type if column is not None else ColumnType.TEXT
    kpis = sorted(told.needs[need].all, key=lambda key: told.desk.catalogue[key].name)
    links = tuple(
        Choice(told.desk.catalogue[key].name, kpi_page(key)) for key in kpis[:_MOST_NAMED]
    )
    more = len(kpis) - len(links)
    if more:
        links = (*links, Choice(f"and {more} more", ""))
    return StandardRow(
        column_words(need.column),
        need.column,
        standard_of(need, kind, column.choices if column is not None else ()),
        drawn.share,
        found.share(need.column),
        builder_preview.status_of(found.share(need.column), need),
        links,
        told.blocked(need),
    )
