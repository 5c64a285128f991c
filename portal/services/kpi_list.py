"""The list of KPIs by stage of the journey: how each stands, and why some have no number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Period
from portal.readmodels.cards import Change, Choice, Head, Status, Tone
from portal.readmodels.kpi_list import KpiList, ListGroup, ListRow
from portal.security.permissions import Permission
from portal.services import (
    absences,
    addresses,
    catalogue_words,
    coverage,
    kpi_strip,
    not_theirs,
    why_none,
)
from portal.services.desks import Desk
from portal.services.kpi_sights import ADJECTIVES, company_only
from portal.services.numbers import Point
from portal.services.standings import Asked, Standing, standings
from portal.services.viewpoints import Viewpoint, viewpoint_of_several

_STATES = {
    "on": mark("On target"),
    "watch": mark("Watch"),
    "off": mark("Off target"),
    "none": mark("No number"),
}
_TONES = {"on": Tone.GOOD, "watch": Tone.WATCH, "off": Tone.BAD}
_LONGEST = 80
_WORDS = ("stage", "class", "department", "status", "search")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty for all."""

    stage: str
    kpi_class: str
    department: str
    status: str
    search: str

    def fits(self, kpi: Kpi) -> bool:
        """Say whether a KPI is asked for, its number aside."""
        named = ((self.stage, kpi.stage), (self.kpi_class, kpi.kpi_class))
        told = (*named, (self.department, kpi.department))
        return all(not word or word == found.value for word, found in told) and self._found(kpi)

    def _found(self, kpi: Kpi) -> bool:
        text = f"{kpi.name} {kpi.question} {kpi.key}".casefold()
        return all(word in text for word in self.search.casefold().split())


def read(desk: Desk, query: Mapping[str, str]) -> KpiList:
    """Return the list as the address asks for it.

    Raises:
        NoReachError: if no numbers at all are open to the person.
    """
    view = viewpoint_of_several(desk, query)
    filters = _filters(query)
    mine = [kpi for key, kpi in desk.catalogue.items() if desk.sees(key, view.who)]
    asked = [kpi for kpi in mine if filters.fits(kpi)]
    told = _standings(desk, asked, view)
    rows = {kpi.key: _row(desk, told[kpi.key], view) for kpi in asked}
    kept = [kpi for kpi in asked if _has(filters.status, rows[kpi.key])]
    groups = tuple(
        ListGroup(
            catalogue_words.titled(stage),
            tuple(rows[kpi.key] for kpi in kept if kpi.stage is stage),
        )
        for stage in Stage
        if any(kpi.stage is stage for kpi in kept)
    )
    return KpiList(
        Head(
            tr("KPIs"),
            tr("How each stands for {name}, by stage of the customer's journey.", name=view.name),
            actions=tuple(_actions(desk)),
        ),
        view.notice,
        _found(rows, kept, len(mine), len(desk.catalogue) - len(mine)),
        tuple(_menus(query, filters)),
        filters.search,
        tuple((name, value) for name, value in _kept(query).items() if name != "search"),
        groups,
        "" if kept else tr("No KPI fits what you asked for."),
    )


def _actions(desk: Desk) -> Iterable[Choice]:
    """Yield where KPIs are proposed, and what data they need, for those who may."""
    if desk.may(Permission.FRAMEWORK_READ):
        yield Choice(tr("Data needed"), "/kpis/data")
    if desk.may(Permission.DEFINITION_PROPOSE):
        yield Choice(tr("Proposals"), "/kpis/proposals")
        yield Choice(tr("Build a KPI"), "/kpis/new")


def _filters(query: Mapping[str, str]) -> Filters:
    return Filters(
        _known(query.get("stage", ""), [one.value for one in Stage]),
        _known(query.get("class", ""), [one.value for one in KpiClass]),
        _known(query.get("department", ""), [one.value for one in Department]),
        _known(query.get("status", ""), _STATES),
        query.get("search", "")[:_LONGEST].strip(),
    )


def _known(word: str, words: Iterable[str]) -> str:
    return word if word in words else ""


def _kept(query: Mapping[str, str]) -> dict[str, str]:
    names = (*_WORDS, "team", "owner")
    return {name: query[name] for name in names if query.get(name)}


def _standings(desk: Desk, kpis: Sequence[Kpi], view: Viewpoint) -> Mapping[KpiKey, Standing]:
    found: dict[KpiKey, Standing] = {}
    by_last: dict[Period, list[Kpi]] = {}
    for kpi in kpis:
        by_last.setdefault(coverage.last(desk, kpi.key, kpi.cadence), []).append(kpi)
    for last, mine in by_last.items():
        found.update(standings(desk, mine, Asked(view.who, last, 2)))
    return found


def _row(desk: Desk, standing: Standing, view: Viewpoint) -> ListRow:
    kpi, now = standing.kpi, standing.now
    formats, point = desk.formats, standing.points[-1]
    return ListRow(
        kpi.name,
        kpi.question,
        addresses.kpi_page(kpi.key, **dict(view.query)),
        "" if now.value is None else formats.short(now.value, kpi.unit),
        _why(desk, kpi, point, view),
        formats.period_short(point.period),
        standing.judged[-1].status,
        _change(standing, desk),
        catalogue_words.titled(kpi.kpi_class),
        catalogue_words.titled(kpi.department),
        catalogue_words.begun(tr(ADJECTIVES[kpi.cadence])),
        "",
    )


def _why(desk: Desk, kpi: Kpi, point: Point, view: Viewpoint) -> str:
    if point.reading.value is not None:
        return ""
    if company_only(desk.catalogue, kpi.key, view.who):
        return catalogue_words.begun(why_none.told(why_none.COMPANY_ONLY))
    reason = absences.in_words(desk.catalogue, kpi, point.reading, point.period, desk.formats)
    return reason[:1].upper() + reason[1:]


def _change(standing: Standing, desk: Desk) -> Change | None:
    if standing.before is None:
        return None
    return kpi_strip.change(standing.kpi, standing.now, standing.before, desk.formats)


def _has(status: str, row: ListRow) -> bool:
    if not status:
        return True
    if status == "none":
        return not row.value
    return _is(row.status, _TONES[status])


def _found(rows: Mapping[KpiKey, ListRow], kept: Sequence[Kpi], every: int, hidden: int) -> str:
    return f"{_counted(rows, kept, every)} {not_theirs.more(hidden)}".strip()


def _counted(rows: Mapping[KpiKey, ListRow], kept: Sequence[Kpi], every: int) -> str:
    told = [rows[kpi.key] for kpi in kept]
    numbers_told = sum(bool(row.value) for row in told)
    off = sum(_is(row.status, Tone.BAD) for row in told)
    without = len(told) - numbers_told
    shown = tr("{count} KPIs", count=every)
    if len(told) != every:
        shown = tr("{count} of {every} KPIs", count=len(told), every=every)
    if not off:
        return tr(
            "{kpis}: {told} with a number, {without} without.",
            kpis=shown,
            told=numbers_told,
            without=without,
        )
    return tr(
        "{kpis}: {told} with a number, {off} off target, {without} without.",
        kpis=shown,
        told=numbers_told,
        off=off,
        without=without,
    )


def _is(status: Status | None, tone: Tone) -> bool:
    return status is not None and status.tone is tone


def _menus(query: Mapping[str, str], filters: Filters) -> Iterable[tuple[str, tuple[Choice, ...]]]:
    offered: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
        (
            tr("Stage"),
            "stage",
            filters.stage,
            catalogue_words.stages(),
        ),
        (tr("Class"), "class", filters.kpi_class, catalogue_words.classes()),
        (tr("Department"), "department", filters.department, catalogue_words.departments()),
        (tr("Status"), "status", filters.status, {at: tr(word) for at, word in _STATES.items()}),
    )
    for name, word, chosen, known in offered:
        yield name, tuple(_choices(query, word, chosen, known))


def _choices(
    query: Mapping[str, str], word: str, chosen: str, known: Mapping[str, str]
) -> Iterable[Choice]:
    link: Callable[[str], str] = lambda value: addresses.address(  # noqa: E731
        "/kpis", **{**_kept(query), word: value}
    )
    yield Choice(tr("All"), link(""), not chosen)
    for value, text in known.items():
        yield Choice(text, link(value), value == chosen)
