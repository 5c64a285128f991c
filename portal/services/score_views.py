"""What a scorecard's address asks for: which KPIs, at which grain, whose, up to when, how known."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpi_engine.definitions.described import Department, Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from portal.errors import UnknownNameError
from portal.readmodels.cards import Choice, Menu
from portal.services import goals
from portal.services.addresses import address
from portal.services.company_menus import team_words
from portal.services.desks import Desk, View, view_of

PATH = "/scorecard"
GOALS = "goals"
SHOWS = {
    GOALS: mark("Strategic goals"),
    Department.SALES.value: mark("Sales"),
    Department.MARKETING.value: mark("Marketing"),
    Department.SERVICE.value: mark("Service"),
    Department.SUCCESS.value: mark("Success"),
}
"""Which sets of KPIs can be shown, and what they are called."""
_STAGES = {
    Stage.AWARENESS: mark("Awareness"),
    Stage.LEAD_GENERATION: mark("Lead generation"),
    Stage.QUALIFICATION: mark("Qualification"),
    Stage.SALES: mark("Sales"),
    Stage.ONBOARDING: mark("Onboarding"),
    Stage.RETENTION: mark("Retention"),
    Stage.SERVICE: mark("Service"),
    Stage.DATA_QUALITY: mark("Data quality"),
}
COUNTS = {Grain.WEEK: 13, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}
"""How many periods a scorecard shows, by its grain."""
_ORDER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_WORDS = {
    Grain.WEEK: mark("Weeks"),
    Grain.MONTH: mark("Months"),
    Grain.QUARTER: mark("Quarters"),
    Grain.YEAR: mark("Years"),
}
_PERIODS_IN_MENU = 8


class Numbers(StrEnum):
    """Which numbers: as they were first known when the period closed, or as known now."""

    FROZEN = "frozen"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Group:
    """A goal or a department with its KPIs and their weights; weight 0 counts in no score."""

    key: str
    name: str
    question: str
    kpis: tuple[tuple[Kpi, int], ...]


@dataclass(frozen=True, slots=True)
class ScoreView:
    """What is asked for, checked."""

    view: View
    grain: Grain
    show: str
    numbers: Numbers

    def query(self) -> dict[str, str | None]:
        """Return the query that asks for this again; what is as by default is left out."""
        return {
            "show": None if self.show == GOALS else self.show,
            "grain": None if self.grain is Grain.QUARTER else self.grain.value,
            "period": self.view.last.label,
            "team": self.view.team or None,
            "numbers": None if self.numbers is Numbers.FROZEN else self.numbers.value,
        }

    def at(self, **changed: str | None) -> str:
        """Return the address of this view with something changed."""
        return address(PATH, **{**self.query(), **changed})


def score_view(desk: Desk, query: Mapping[str, str]) -> ScoreView:
    """Read the address.

    Raises:
        BadInputError: if a name in it is unknown, or not for this person.
    """
    grain = Grain(_one_of("grain", query.get("grain") or "quarter", [one.value for one in COUNTS]))
    show = _one_of("set of KPIs", query.get("show") or GOALS, [*SHOWS])
    known = _one_of("kind of numbers", query.get("numbers") or "frozen", [*Numbers])
    return ScoreView(view_of(desk, query, grain), grain, show, Numbers(known))


def _one_of(what: str, word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise UnknownNameError(what, word, known)
    return word


def groups(desk: Desk, show: str) -> tuple[Group, ...]:
    """Return what the scorecard is made of: the goals, or a department's KPIs by stage."""
    catalogue = desk.catalogue
    if show == GOALS:
        return tuple(
            Group(
                goal.key,
                goal.name,
                goal.question,
                tuple((catalogue[one.kpi], one.weight) for one in goal.supports),
            )
            for goal in goals.goals(desk.session, catalogue, desk.today)
        )
    found: dict[str, list[tuple[Kpi, int]]] = {}
    for kpi in catalogue.values():
        if kpi.department == show and not is_variant(kpi.key, desk.catalogue):
            found.setdefault(kpi.stage.value, []).append((kpi, 1))
    return tuple(
        Group(stage, tr(_STAGES[Stage(stage)]), "", tuple(kpis)) for stage, kpis in found.items()
    )


def is_variant(kpi: KpiKey, catalogue: Container[KpiKey]) -> bool:
    """Say whether it is another way to compute a KPI that is there: its key says which."""
    plainer = (kpi.replace(word, "") for word in _VARIANTS if word in kpi)
    return any(KpiKey(key) in catalogue for key in plainer)


_VARIANTS = (
    *("_attributed", "_booked", "_business", "_by_close", "_by_renewal", "_by_visit", "_decided"),
    *("_mean", "_one_reply", "_open", "_p90", "_qualified", "_remaining", "_value", "_weighted"),
    "_without_renewals",
)
"""Words in the key of a variant; without them it is the key of the plain one."""


def fits(kpi: Kpi, grain: Grain) -> bool:
    """Say whether a KPI may be told at a grain: never finer than its cadence."""
    return _ORDER.index(grain) >= _ORDER.index(kpi.cadence)


def shown_and_coarser(
    told: Sequence[Group], grain: Grain
) -> tuple[tuple[KpiKey, ...], tuple[str, ...]]:
    """Return the keys of the KPIs that fit the grain, and the names of those that do not."""
    kpis = [kpi for group in told for kpi, _ in group.kpis]
    return (
        tuple(kpi.key for kpi in kpis if fits(kpi, grain)),
        tuple(kpi.name for kpi in kpis if not fits(kpi, grain)),
    )


def menus(desk: Desk, asked: ScoreView, periods: Sequence[Period]) -> tuple[Menu, ...]:
    """Return the menus on top of the page; each choice is an address."""
    return (
        _shows(asked),
        _grains(asked),
        _periods(desk, asked, periods),
        *_teams(desk, asked),
        _numbers(asked),
    )


def _shows(asked: ScoreView) -> Menu:
    words = {show: tr(word) for show, word in SHOWS.items()}
    chosen = words.get(asked.show, asked.show)
    return Menu(tr("KPIs"), chosen, "bullseye", _choices(asked, "show", words, asked.show))


def _grains(asked: ScoreView) -> Menu:
    words = {grain.value: tr(word) for grain, word in _WORDS.items()}
    choices = tuple(
        Choice(word, asked.at(grain=grain, period=None), chosen=grain == asked.grain)
        for grain, word in words.items()
    )
    return Menu(tr("Grain"), words[asked.grain.value], "columns-gap", choices)


def _periods(desk: Desk, asked: ScoreView, periods: Sequence[Period]) -> Menu:
    told = list(reversed(periods))[:_PERIODS_IN_MENU]
    words = {period.label: desk.formats.period(period) for period in told}
    label = desk.formats.period(asked.view.last)
    return Menu(
        tr("Period"), label, "calendar3", _choices(asked, "period", words, asked.view.last.label)
    )


def _teams(desk: Desk, asked: ScoreView) -> tuple[Menu, ...]:
    words = team_words(desk)
    if len(words) < 2:  # noqa: PLR2004 - a menu of one entry offers no choice
        return ()
    choices = _choices(asked, "team", words, asked.view.team)
    return (Menu(tr("Team"), asked.view.name, "people", choices),)


def _numbers(asked: ScoreView) -> Menu:
    words = {
        Numbers.FROZEN.value: tr("As first known"),
        Numbers.NOW.value: tr("As known now"),
    }
    chosen = words[asked.numbers.value]
    return Menu(
        tr("Numbers"), chosen, "clock-history", _choices(asked, "numbers", words, asked.numbers)
    )


def _choices(
    asked: ScoreView, name: str, words: Mapping[str, str], chosen: str
) -> tuple[Choice, ...]:
    return tuple(
        Choice(word, asked.at(**{name: value}), chosen=value == chosen)
        for value, word in words.items()
    )
