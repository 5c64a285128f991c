"""How the time around an action is counted: in months, or in a coarser KPI's own periods."""

from collections.abc import Mapping

from kpi_engine.language import mark, tr, trn
from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import LEAST_BEFORE, Form, Why

_FORMS: Mapping[Form, str] = {
    Form.LEVEL: mark("the level of {n} months before"),
    Form.TREND: mark("the trend of {n} months before"),
    Form.SEASON: mark("the same month of the year before, by {n} months before"),
}
_COARSE_FORMS: Mapping[Form, str] = {
    Form.LEVEL: mark("the level of {periods} before"),
    Form.TREND: mark("the trend of {periods} before"),
    Form.SEASON: mark("the same period of the year before, by {periods} before"),
}
_WHY: Mapping[Why, str] = {
    Why.FEW_BEFORE: mark("there are fewer than {count} months with a number before it"),
    Why.FEW_AFTER: mark("no month after it has a number"),
    Why.FLAT: mark(
        "the number never varied before, so nothing says how much of a change is chance"
    ),
    Why.OTHER_ACTIONS: mark("other actions on this number came into force at the same time"),
    Why.DEFINITION: mark("the KPI's definition changed in between"),
    Why.IMMATURE: mark("the months after it are not ripe yet"),
}
_COARSE_WHY: Mapping[Why, str] = {
    Why.FEW_BEFORE: mark("there are fewer than {periods} with a number before it"),
    Why.FEW_AFTER: mark("no period after it has a number"),
    Why.IMMATURE: mark("the periods after it are not ripe yet"),
}
SETTLED = frozenset({Why.FEW_BEFORE, Why.FLAT, Why.OTHER_ACTIONS, Why.DEFINITION})
"""Why nothing can be told, whatever comes after."""


def counted(grain: Grain, count: int) -> str:
    """Return so many periods: '6 months', '2 quarters'."""
    if grain is Grain.QUARTER:
        return trn("{count} quarter", "{count} quarters", count)
    if grain is Grain.YEAR:
        return trn("{count} year", "{count} years", count)
    return trn("{count} month", "{count} months", count)


def after(grain: Grain, count: int, period: str) -> str:
    """Return how far an action was followed: '3 months after it, up to October 2026'."""
    if grain is not Grain.MONTH:
        return tr(
            "{periods} after it, up to {period}", periods=counted(grain, count), period=period
        )
    return trn(
        "{count} month after it, up to {period}",
        "{count} months after it, up to {period}",
        count,
        period=period,
    )


def form(grain: Grain, found: Form, count: int) -> str:
    """Return what an action is held against."""
    if grain is Grain.MONTH:
        return tr(_FORMS[found], n=count)
    return tr(_COARSE_FORMS[found], periods=counted(grain, count))


def why(grain: Grain, found: Why) -> str:
    """Return why nothing can be told, for the end of a sentence."""
    if grain is Grain.MONTH or found not in _COARSE_WHY:
        return tr(_WHY[found], count=LEAST_BEFORE)
    return tr(_COARSE_WHY[found], periods=counted(grain, LEAST_BEFORE))


def coarser(one: Grain, other: Grain) -> bool:
    """Say whether periods are longer than others."""
    return _ORDER.index(one) > _ORDER.index(other)


_ORDER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def by(grain: Grain) -> str:
    """Return by which of the coarse periods a guardrail is told: 'by the quarter'."""
    return tr("by the year") if grain is Grain.YEAR else tr("by the quarter")


def not_ended(grain: Grain, day: str) -> str:
    """Say why a coarse guardrail has no number yet, and when its next one comes."""
    if grain is Grain.YEAR:
        return tr("told by the year, next number on {day}", day=day)
    return tr("told by the quarter, next number on {day}", day=day)


def enough(day: str) -> str:
    """Say from which day on an action has enough numbers before it to be judged."""
    return tr("An action on this number that is done from {day} on can be judged.", day=day)
