"""The page of data quality: how far the numbers can be trusted, and what to mend first."""

from collections.abc import Mapping, Sequence

from kpi_engine.language import tr, trn
from kpi_engine.periods import Grain
from portal.readmodels.cards import Choice, Finding, Head, Tone
from portal.readmodels.quality import LevelCell, QualityPage
from portal.readmodels.scorecard import Empty
from portal.security.permissions import Permission
from portal.services import (
    catalogue_words,
    company_menus,
    confidence_words,
    data_page,
    not_theirs,
    quality_asked,
    quality_causes,
    quality_levels,
    quality_sources,
    quality_table,
    quality_words,
    source_ages,
)
from portal.services.confidence_limits import Level
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.quality_asked import LEVELS, Asked
from portal.services.quality_causes import Cause
from portal.services.quality_levels import Line


def read(workshop: Workshop, desk: Desk, query: Mapping[str, str]) -> QualityPage:
    """Return the page as the address asks for it.

    Raises:
        BadInputError: if the period is none, or has not ended.
        NoReachError: if no numbers, or not those of the team, are open to the person.
    """
    one = quality_asked.asked(desk, query)
    ages = source_ages.sources(desk.session, desk.now)
    if not ages:
        return QualityPage(Head(_title()), empty=company_menus.nothing(desk))
    if not one.kpis:
        return QualityPage(_head(one, ()), empty=_no_kpi(one))
    lines = quality_levels.lines(workshop, desk, one.kpis, one.view.who, one.view.last)
    causes = quality_causes.found(lines)
    return QualityPage(
        _head(one, lines),
        finding=_finding(one, lines, causes),
        levels=_levels(one, lines),
        causes=quality_causes.shown(one, lines, causes, len(ages)),
        kpis=quality_table.read(one, lines),
        sources=quality_sources.rows(desk, ages),
        sources_link=_imports(desk),
    )


def _imports(desk: Desk) -> Choice | None:
    return Choice(tr("Imports"), "/imports") if desk.may(Permission.IMPORT_READ) else None


def _title() -> str:
    return tr("Data quality")


def _head(one: Asked, lines: Sequence[Line]) -> Head:
    formats, desk = one.desk.formats, one.desk
    told = [tr("{period}, {name}.", period=formats.period(one.view.last), name=one.view.name)]
    for period in sorted({line.period for line in lines}, key=lambda period: period.start):
        if period.grain is Grain.QUARTER:
            told.append(tr("Quarterly KPIs: {period}.", period=formats.period(period)))
        if period.grain is Grain.YEAR:
            told.append(tr("Yearly KPIs: {period}.", period=formats.period(period)))
    told.append(not_theirs.more(one.hidden))
    data = [Choice(tr("Data needed"), data_page.HOME)]
    return Head(
        _title(),
        " ".join(filter(None, told)),
        menus=quality_asked.menus(one),
        actions=tuple(data if desk.may(Permission.FRAMEWORK_READ) else ()),
    )


def _no_kpi(one: Asked) -> Empty:
    if one.hidden and not one.query.get("department"):
        return not_theirs.page(one.view.name)
    return Empty(
        tr("No KPI"),
        tr("None of the KPIs that you asked for is open to you."),
        tr("Show all"),
        one.address(department=None, level=None),
    )


def _finding(one: Asked, lines: Sequence[Line], causes: Sequence[Cause]) -> Finding:
    counts = quality_causes.levels(lines)
    period = one.desk.formats.period(one.view.last)
    if counts[Level.LOW]:
        fact = trn(
            "{count} of {total} KPIs stands on data of low confidence in {period}.",
            "{count} of {total} KPIs stand on data of low confidence in {period}.",
            counts[Level.LOW],
            total=len(lines),
            period=period,
        )
        return Finding(fact, _cause(causes, Level.LOW), tone=Tone.WATCH)
    if counts[Level.MEDIUM]:
        fact = trn(
            "No KPI stands on data of low confidence in {period}; {count} of {total} does on"
            " data of medium confidence.",
            "No KPI stands on data of low confidence in {period}; {count} of {total} do on"
            " data of medium confidence.",
            counts[Level.MEDIUM],
            total=len(lines),
            period=period,
        )
        return Finding(fact, _cause(causes, Level.MEDIUM))
    return _sound(counts[Level.HIGH], len(lines), period)


def _sound(high: int, total: int, period: str) -> Finding:
    if not high:
        fact = tr(
            "How far the data can be trusted cannot be told of any KPI in {period}.", period=period
        )
        return Finding(fact)
    if high < total:
        fact = trn(
            "{count} of {total} KPIs stands on data of high confidence in {period}; of the others"
            " nobody can tell.",
            "{count} of {total} KPIs stand on data of high confidence in {period}; of the others"
            " nobody can tell.",
            high,
            total=total,
            period=period,
        )
        return Finding(fact)
    fact = trn(
        "The one KPI stands on data of high confidence in {period}.",
        "All {count} KPIs stand on data of high confidence in {period}.",
        total,
        period=period,
    )
    return Finding(fact, tone=Tone.GOOD)


def _cause(causes: Sequence[Cause], level: Level) -> str:
    found = quality_causes.frequent(causes, level)
    if found is None:
        return ""
    cause, count = found
    told = catalogue_words.begun_small(quality_words.title(cause.worst))
    if count > 1:
        return tr(
            "The most frequent reason, for {count} of them: {cause}.", count=count, cause=told
        )
    return tr("One reason: {cause}.", cause=told)


def _levels(one: Asked, lines: Sequence[Line]) -> tuple[LevelCell, ...]:
    counts = quality_causes.levels(lines)
    cells = []
    for word, level in LEVELS.items():
        chosen = one.level is level
        href = one.address(level=None if chosen else word, show=None) + "#kpis"
        count, share = counts[level], one.desk.formats.per_cent(counts[level] / len(lines))
        told = one.desk.formats.number(count)
        cells.append(LevelCell(int(level), confidence_words.word(level), told, share, href, chosen))
    return tuple(cells)
