"""Every KPI with its level and the weakest reason for it, sorted and narrowed by the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from kpi_engine.periods import Grain
from portal.readmodels.cards import Choice, OwnerShare
from portal.readmodels.quality import KpiRow, KpiTable
from portal.readmodels.tables import Column
from portal.services import confidence, confidence_words, owner_words
from portal.services.confidence_limits import Level
from portal.services.quality_asked import WORST_FIRST, Asked
from portal.services.quality_levels import Line

_FIRST = 12
"""So many are shown before somebody asks for all."""


@dataclass(frozen=True, slots=True)
class _Owned:
    """A KPI with the names of who answers for it; empty where nobody does."""

    line: Line
    owner: str


def read(one: Asked, lines: Sequence[Line]) -> KpiTable:
    """Return the table; without any KPI of the level asked for, it says so."""
    kept = [line for line in lines if one.level is None or line.level is one.level]
    owners = owner_words.known(one.desk, [line.kpi.key for line in kept], one.view.who)
    listed = _sorted(one, [_Owned(line, _names(owners, line)) for line in kept])
    whole = one.level is not None or one.query.get("show") == "all"
    shown = listed if whole else listed[:_FIRST]
    more = None
    if len(shown) < len(listed):
        every = tr("Show all {count} KPIs", count=len(listed))
        more = Choice(every, one.address(show="all") + "#kpis")
    columns = (
        one.column("name", tr("KPI")),
        one.column("owner", tr("Owner"), 190),
        one.column("level", tr("Data confidence"), 150),
        Column(tr("Weakest reason")),
    )
    return KpiTable(
        _sub(one, len(kept), len(lines)),
        columns,
        tuple(_row(one, each) for each in shown),
        more,
        "" if kept else tr("No KPI has this level."),
    )


def _sub(one: Asked, kept: int, every: int) -> str:
    if one.level is None:
        return tr("How far each can be trusted, and the weakest reason")
    word = confidence_words.word(one.level)
    return tr("{count} of {total} KPIs: {level}", count=kept, total=every, level=word)


def _names(owners: Mapping[KpiKey, tuple[OwnerShare, ...]], line: Line) -> str:
    shares = owners.get(line.kpi.key, ())
    return owner_words.names(shares, line.kpi) if shares else ""


def _sorted(one: Asked, listed: Sequence[_Owned]) -> Sequence[_Owned]:
    keys: Mapping[str, Callable[[_Owned], tuple[object, ...]]] = {
        "name": lambda each: (each.line.kpi.name.casefold(),),
        # Whom nobody owns comes first: somebody has to take it.
        "owner": lambda each: (each.owner.casefold(),),
        "level": lambda each: (WORST_FIRST.index(each.line.level),),
    }
    by_name = sorted(listed, key=lambda each: each.line.kpi.name.casefold())
    way = one.sort
    return sorted(by_name, key=keys[way.removeprefix("-")], reverse=way.startswith("-"))


def _row(one: Asked, each: _Owned) -> KpiRow:
    line, desk = each.line, one.desk
    reason = confidence.said(desk, line.worst, line.period)
    if line.level is Level.HIGH:
        reason = tr("Nothing speaks against it.")
    return KpiRow(
        line.kpi.name,
        one.kpi(line.kpi.key, line.period) + "#confidence",
        "" if line.period.grain is Grain.MONTH else desk.formats.period(line.period),
        each.owner,
        int(line.level),
        confidence_words.word(line.level),
        reason,
    )
