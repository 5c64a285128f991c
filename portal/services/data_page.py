"""The data that the chosen KPIs need: what to fill in, how well it is, and what it holds up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trn
from portal.readmodels.cards import Choice, Head, Menu
from portal.readmodels.proposals import DataPage, EntityNeeds, StandardRow
from portal.services import builder_preview, data_fills, lifecycles
from portal.services.addresses import address, kpi_page
from portal.services.builder_columns import column_words
from portal.services.builder_fields import entity_words
from portal.services.catalogue_words import inside
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
        Choice(tr("KPIs in use"), HOME, not every),
        Choice(tr("Every KPI that there is"), address(HOME, of="all"), every),
    )
    label = tr("Every KPI") if every else tr("KPIs in use")
    return Head(
        tr("Data needed"),
        tr(
            "What {count} KPIs stand on: which fields to fill in, how, and how well it is done.",
            count=count,
        ),
        (Choice(tr("KPIs"), "/kpis"),),
        menus=(Menu(tr("Which KPIs"), label, "funnel", choices),),
    )


def _blocked(told: _Told) -> Mapping[KpiKey, Sequence[str]]:
    """Return the KPIs that have no number for want of a column, with what they wait for."""
    found: dict[KpiKey, list[str]] = {}
    for need, users in told.needs.items():
        if told.blocked(need):
            for key in users.vital:
                found.setdefault(key, []).append(_named(need))
    return dict(sorted(found.items(), key=lambda one: told.desk.catalogue[one[0]].name))


def _named(need: Need) -> str:
    return tr(
        "{column} of {records}",
        column=column_words(need.column),
        records=inside(entity_words(need.entity)),
    )


def _finding(told: _Told, blocked: Mapping[KpiKey, Sequence[str]], count: int) -> str:
    if not told.needs:
        return tr("No KPI is in use yet, so no data is needed.")
    if not blocked:
        return tr("None of the {count} KPIs lacks a field.", count=count)
    return trn(
        "{count} of {total} KPI lacks a field that no record has.",
        "{count} of {total} KPIs lack a field that no record has.",
        len(blocked),
        total=count,
    )


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
    return trn(
        "Filling in {field} would help the most: one KPI waits for it.",
        "Filling in {field} would help the most: {count} KPIs wait for it.",
        count,
        field=_named(need),
    )


def _entity(told: _Told, entity: str, needs: Sequence[Need]) -> EntityNeeds:
    found = told.fills.get(entity, Fills())
    formats = told.desk.formats
    if not found.records:
        sub = tr("No source brings these records yet.")
    else:
        count = formats.number(found.records)
        sub = tr("{count} records.", count=count)
        if found.newest:
            newest = formats.day(found.newest)
            sub = tr("{count} records, the newest of {day}.", count=count, day=newest)
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
        links = (*links, Choice(tr("and {count} more", count=more), ""))
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
