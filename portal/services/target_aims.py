"""Which targets a page is about: period, scope and set of KPIs, as the address says."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from portal.errors import BadInputError, UnknownNameError
from portal.readmodels.cards import Choice, Head, Menu
from portal.services import numbers, score_views
from portal.services.addresses import address
from portal.services.company_menus import team_words
from portal.services.desks import Desk, View, named, view_of, widest_of
from portal.services.numbers import Who
from portal.services.periods import period_of
from portal.services.score_views import COUNTS, GOALS

PATH = "/targets"
_AROUND = 4
"""So many periods before and after the present one are offered."""
_WORDS = {
    Grain.MONTH: mark("Month"),
    Grain.QUARTER: mark("Quarter"),
    Grain.YEAR: mark("Year"),
    Grain.WEEK: mark("Week"),
}
_IS_NO = {
    Grain.MONTH: mark("{period} is no month."),
    Grain.QUARTER: mark("{period} is no quarter."),
    Grain.YEAR: mark("{period} is no year."),
    Grain.WEEK: mark("{period} is no week."),
}


@dataclass(frozen=True, slots=True)
class Aim:
    """Which period of which scope the page is about, and which KPIs it lists."""

    who: Who
    name: str
    team: str
    period: Period
    show: str
    kpi: str

    def at(self, **changed: str | None) -> str:
        """Return the address of this page with something changed."""
        told = {
            "grain": self.period.grain.value,
            "period": self.period.label,
            "team": self.team or None,
            "show": None if self.show == GOALS else self.show,
            "kpi": self.kpi or None,
        }
        return address(PATH, **{**told, **changed})


def aim_of(desk: Desk, query: Mapping[str, str]) -> Aim:
    """Read the address.

    Raises:
        BadInputError: if a name in it is unknown.
        NoReachError: if the scope is not this person's.
    """
    word = query.get("grain") or Grain.QUARTER.value
    if word not in [one.value for one in COUNTS]:
        raise UnknownNameError("grain", word, [one.value for one in COUNTS])
    grain = Grain(word)
    # Whose targets follows the same rule as whose numbers; the period may lie ahead.
    view: View = view_of(desk, {"team": query.get("team", "")}, grain)
    label = query.get("period", "")
    period = period_of(label, desk.calendar) if label else _present(desk, grain)
    if period.grain is not grain:
        raise BadInputError(tr(_IS_NO[grain], period=period.label))
    show = query.get("show") or GOALS
    if show not in score_views.SHOWS:
        raise UnknownNameError("set of KPIs", show, [*score_views.SHOWS])
    kpi = query.get("kpi", "")
    if kpi:
        desk.catalogue.kpi(kpi)
    if kpi and not query.get("team"):
        # Whoever answers for a KPI of the company sets its target there, whatever team is theirs.
        return Aim(*named(desk, widest_of(desk, kpi)), period, show, kpi)
    return Aim(view.who, view.name, view.team, period, show, kpi)


def _present(desk: Desk, grain: Grain) -> Period:
    """Return the open period; for data that has ended, the one after its last."""
    latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    return desk.calendar.holding(latest.end, grain)


def head_of(desk: Desk, aim: Aim) -> Head:
    """Return the top of the page with its menus."""
    return Head(
        tr("Targets"),
        tr("What each KPI should be, by period and scope; who set it, when and why."),
        menus=(_shows(aim), _grains(aim), _periods(desk, aim), *_teams(desk, aim)),
    )


def _shows(aim: Aim) -> Menu:
    choices = tuple(
        Choice(
            tr(word), aim.at(show=None if key == GOALS else key, kpi=None), chosen=key == aim.show
        )
        for key, word in score_views.SHOWS.items()
    )
    chosen = tr(score_views.SHOWS.get(aim.show, aim.show))
    return Menu(tr("KPIs"), chosen, "bullseye", choices)


def _grains(aim: Aim) -> Menu:
    chosen = aim.period.grain
    choices = tuple(
        Choice(tr(word), aim.at(grain=grain.value, period=None, kpi=None), chosen=grain is chosen)
        for grain, word in _WORDS.items()
    )
    return Menu(tr("Grain"), tr(_WORDS[aim.period.grain]), "columns-gap", choices)


def _periods(desk: Desk, aim: Aim) -> Menu:
    grain = aim.period.grain
    start = desk.calendar.shift(_present(desk, grain).start, grain, -_AROUND)
    end = desk.calendar.shift(start, grain, 2 * _AROUND + 1)
    choices = tuple(
        Choice(desk.formats.period(one), aim.at(period=one.label), chosen=one == aim.period)
        for one in desk.calendar.periods(grain, start, end)
    )
    return Menu(tr("Period"), desk.formats.period(aim.period), "calendar3", choices)


def _teams(desk: Desk, aim: Aim) -> tuple[Menu, ...]:
    words = team_words(desk)
    if len(words) < 2:  # noqa: PLR2004 - a menu of one entry offers no choice
        return ()
    choices = tuple(
        Choice(name, aim.at(team=team or None, kpi=None), chosen=team == aim.team)
        for team, name in words.items()
    )
    return (Menu(tr("Team"), aim.name, "people", choices),)
