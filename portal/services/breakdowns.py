"""Some KPIs by one dimension in one period: what a campaign or a lead source is worth, in a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.engine.answer import Block
from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension, Question, Scope
from kpi_engine.questions import ScopeKind as Reaching
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.readmodels.company import Cell, Listing
from portal.readmodels.formats import Formats
from portal.services import kept_views, statuses
from portal.services.desks import Desk, View
from portal.services.engines import Workshop, open_engine

_MOST_ROWS = 10
_NOBODY = mark("not told")
"""What the group of records is called that say nothing of the dimension."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a table shows: a dimension, its KPIs by key with short heads, and what sorts it."""

    key: str
    title: str
    sub: str
    dimension: Dimension
    head: str
    kpis: tuple[tuple[str, str], ...]
    """Key and head of each column; the first sorts the rows and has the bars."""
    missing: str
    """What is said where no record says anything of the dimension."""
    grain: Grain = Grain.QUARTER
    """A month holds too few records of a campaign or a product to tell them apart."""


@dataclass(frozen=True, slots=True)
class Group:
    """One row: its name and a reading for each KPI."""

    name: str | None
    readings: Mapping[KpiKey, Reading]


def groups(
    workshop: Workshop, desk: Desk, view: View, told: Sequence[tuple[Breakdown, Period]]
) -> tuple[tuple[Group, ...], ...]:
    """Return the groups of several tables, asked of the engine at once and kept a while."""
    key = kept_views.key_of(desk, view, "breakdowns", tuple(told))
    return kept_views.SHELF.get(key, lambda: _asked(workshop, desk, view, told))


def _asked(
    workshop: Workshop, desk: Desk, view: View, told: Sequence[tuple[Breakdown, Period]]
) -> tuple[tuple[Group, ...], ...]:
    with open_engine(workshop, desk.actor.tenant) as opened:
        catalogue = opened.engine.catalogue
        found = []
        for one, period in told:
            keys = tuple(KpiKey(key) for key, _ in one.kpis if key in catalogue)
            question = Question(
                keys,
                (period.grain,),
                period.start,
                period.end,
                desk.today,
                desk.calendar,
                ((one.dimension,),),
                scope_of(view),
                lenient=True,
            )
            found.append(_groups(opened.engine.ask(question).blocks))
    return tuple(found)


def within(told: Breakdown, span: str, *, is_open: bool) -> Breakdown:
    """Return the table with its span said in its line."""
    sub = tr(told.sub)
    if is_open:
        return replace(told, sub=tr("{sub} {span} so far.", sub=sub, span=span))
    return replace(told, sub=f"{sub} {span}.")


def scope_of(view: View) -> Scope:
    """Return whose records the engine is asked for."""
    if view.who.kind is ScopeKind.TENANT:
        return Scope()
    kind = Reaching.TEAM if view.who.kind is ScopeKind.TEAM else Reaching.OWN
    return Scope(kind, (view.who.id,))


def _groups(blocks: Sequence[Block]) -> tuple[Group, ...]:
    names: dict[str | None, str | None] = {}
    readings: dict[str | None, dict[KpiKey, Reading]] = {}
    for block in blocks:
        for number in block.shown():
            key = block.groups[number][0]
            names[key] = block.labels[number][0]
            readings.setdefault(key, {})[block.kpi] = block.reading(number, 0)
    return tuple(Group(names[key], found) for key, found in readings.items())


def listing(
    told: Breakdown, found: Sequence[Group], catalogue: Catalogue, formats: Formats
) -> Listing:
    """Return a table, the largest first; columns without any number are left out."""
    columns = [
        (catalogue[KpiKey(key)], head)
        for key, head in told.kpis
        if KpiKey(key) in catalogue and _has_numbers(KpiKey(key), found)
    ]
    named = [group for group in found if group.name is not None]
    title, sub = tr(told.title), tr(told.sub)
    if not columns or not named:
        return Listing(told.key, title, sub, (), (), tr(told.missing))
    first = columns[0][0].key
    rows = sorted(found, key=lambda group: -_value(group, first))
    largest = max((_value(group, first) for group in rows), default=0.0) or 1.0
    shown = rows[:_MOST_ROWS]
    more = len(rows) - len(shown)
    return Listing(
        told.key,
        title,
        sub,
        (tr(told.head), *(tr(head) for _, head in columns)),
        tuple(_row(group, columns, largest, formats) for group in shown),
        more=tr("and {count} more", count=more) if more else "",
    )


def _has_numbers(key: KpiKey, found: Sequence[Group]) -> bool:
    return any(group.readings[key].value is not None for group in found if key in group.readings)


def _value(group: Group, key: KpiKey) -> float:
    reading = group.readings.get(key)
    return (reading.value or 0.0) if reading is not None else 0.0


def _row(
    group: Group, columns: Sequence[tuple[Kpi, str]], largest: float, formats: Formats
) -> tuple[Cell, ...]:
    cells = [Cell(group.name or tr(_NOBODY), number=False)]
    for at, (kpi, _) in enumerate(columns):
        share = _value(group, kpi.key) / largest if at == 0 else None
        cells.append(_cell(kpi, group.readings.get(kpi.key), share, formats))
    return tuple(cells)


def _cell(kpi: Kpi, reading: Reading | None, share: float | None, formats: Formats) -> Cell:
    if reading is None or reading.value is None:
        why = "none" if reading is None else reading.reason or "none"
        return Cell(tr("immature") if "window" in why else trc("number", "none"), note="")
    # Touches come in bundles: how many people stand below a rate is its lower part.
    many = (reading.under or 0.0) >= statuses.LEAST_RECORDS
    few = statuses.too_few(kpi, reading) and kpi.unit is not Unit.MONEY and not many
    note = tr("n {count}, too small", count=reading.n) if few else ""
    return Cell(formats.short(reading.value, kpi.unit), note=note, share=share)
