"""The home of who answers for KPIs: those KPIs, the ones that are off first, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr, trn
from kpi_engine.periods import Grain, Period
from portal.readmodels.cards import Choice, Head, KpiCard, Tone
from portal.readmodels.company import CompanyHome, Trend
from portal.readmodels.scorecard import Empty
from portal.services import guard_notices, numbers, standings
from portal.services.company_menus import months, nothing, teams
from portal.services.desks import Desk, NoReachError, View, view_of
from portal.services.executive_home import cards
from portal.services.kpi_sights import COARSER
from portal.services.standings import Asked, Standing
from portal.services.trends import Drawn, trend

HOME = "owner"
"""What the address calls it."""
_CARDS, _DRAWN = 4, 3
"""So many stand on cards, and so many are drawn as lines: no home shows more than seven."""


def read(desk: Desk, query: Mapping[str, str]) -> CompanyHome:
    """Return the home of an owner: the KPIs that they answer for, at most seven.

    Raises:
        BadInputError: if the address names what there is not, or what this person may not see.
    """
    try:
        view = view_of(desk, query, Grain.MONTH)
    except NoReachError as error:
        if query.get("team"):
            raise
        return CompanyHome(
            Head(tr("Your KPIs")),
            None,
            (),
            empty=Empty(tr("No KPI is yours yet"), str(error), tr("Who answers for what"), _OWNERS),
        )
    mine = _mine(desk, view)
    head = _head(desk, view, len(mine))
    told = [_shown(desk, view, kpis, last) for kpis, last in _by_grain(desk, view, mine)]
    drawn = [panel for one in told for panel in one.trends]
    if not any(one.cards for one in told):
        return CompanyHome(head, None, (), empty=nothing(desk))
    return CompanyHome(
        head=head,
        finding=None,
        cards=tuple(card for one in told for card in one.cards)[:_CARDS],
        trends=tuple(drawn[:_DRAWN]),
        guarded=guard_notices.of_company(desk, view),
    )


_OWNERS = "/framework/owners"


def _mine(desk: Desk, view: View) -> list[Kpi]:
    """Return the KPIs that the person answers for in a scope."""
    keys = [KpiKey(key) for key in desk.reach.answers if desk.sees(key, view.who)]
    return [desk.catalogue[key] for key in keys if key in desk.catalogue]


def _by_grain(
    desk: Desk, view: View, kpis: Sequence[Kpi]
) -> Iterator[tuple[Sequence[Kpi], Period]]:
    """Yield the KPIs that are told by the month, the quarter and the year, each to its last one."""
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        some = [kpi for kpi in kpis if max(kpi.cadence, Grain.MONTH, key=COARSER.index) is grain]
        if some:
            latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
            holding = desk.calendar.holding(view.last.start, grain)
            yield some, min(latest, holding, key=lambda period: period.start)


@dataclass(frozen=True, slots=True)
class _Shown:
    cards: tuple[KpiCard, ...]
    trends: tuple[Trend, ...]


def _shown(desk: Desk, view: View, kpis: Sequence[Kpi], last: Period) -> _Shown:
    """Return KPIs as cards, those off target first, and as lines those that no card has, then all.

    A KPI that never had a number is not shown: the list of KPIs says why it has none.
    """
    periods, before = _SPANS[last.grain]
    asked = Asked(view.who, last, periods + before)
    found = standings.standings(desk, kpis, asked)
    order = sorted(
        (key for key, one in found.items() if one.measured), key=lambda key: _urgency(found[key])
    )
    made = cards(found, order, replace(view, last=last), desk)
    on_cards = {one.key for one in made}
    lines = sorted(order, key=lambda key: key in on_cards)[:_DRAWN]
    drawn = (trend(Drawn(key, "", key), found, periods, desk.formats) for key in lines)
    return _Shown(made, tuple(drawn))


_SPANS = {Grain.MONTH: (24, 12), Grain.QUARTER: (8, 4), Grain.YEAR: (5, 1)}
"""How many periods a line shows, and how many of the year before."""


def _urgency(standing: Standing) -> tuple[int, float, str]:
    """Return by what KPIs are put in order: those with a number, the furthest off leading."""
    judged, name = standing.judged[-1], standing.kpi.name
    if standing.now.value is None:
        return 3, 0.0, name
    order = {Tone.BAD: 0, Tone.WATCH: 1}.get(judged.status.tone, 2)
    return order, judged.score if judged.score is not None else 11.0, name


def _head(desk: Desk, view: View, count: int) -> Head:
    period = desk.formats.period(view.last)
    return Head(
        tr("Your KPIs"),
        trn(
            "{period}, {name}. You answer for {count} KPI.",
            "{period}, {name}. You answer for {count} KPIs.",
            count,
            period=period,
            name=view.name,
        ),
        menus=(*months(desk, view, "/", {"home": HOME}), *teams(desk, view, "/", {"home": HOME})),
        actions=(Choice(tr("Scorecard"), "/scorecard"), Choice(tr("All KPIs"), "/kpis")),
    )
