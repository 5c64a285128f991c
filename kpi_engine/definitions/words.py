"""A measure in words, for those who want to know how a number is made."""

from collections.abc import Callable
from typing import Any

from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    KpiRef,
    Paired,
    Part,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.takes import Span, Take, Within

_TAKES = {
    Take.COUNT: "number",
    Take.SUM: "sum",
    Take.MEAN: "mean",
    Take.MEDIAN: "median",
    Take.P90: "90th percentile",
    Take.MIN: "least",
    Take.MAX: "greatest",
    Take.DISTINCT: "number of different values",
}


def in_words(part: Part) -> str:
    """Return how a measure is computed, as one line."""
    return _WORDS[type(part)](part)


def _aggregate(one: Aggregate) -> str:
    placed = f", by {one.on.text}" if one.on is not None else ", in no period"
    what = one.entity if one.value is None else f"{one.value.text} of {one.entity}"
    return f"{_TAKES[one.take]} of {what}{_where(one.where)}{placed}"


def _duration(one: Duration) -> str:
    told = _taken(one.take, f"time from {one.start.text} to {one.end.text} of {one.entity}")
    return f"{told}{_where(one.where)}, by {one.on.text}, {one.clock.value} time"


def _first_touch(one: FirstTouch) -> str:
    time = f"time from {one.after.text} of {one.of} to the first {one.first}{_where(one.where)}"
    return f"{_taken(one.take, time)}, by {one.after.text}, {one.clock.value} time"


def _taken(take: Take | Within, time: str) -> str:
    if isinstance(take, Within):
        return f"share with a {time} within {span(take.limit)}"
    return f"{_TAKES[take]} {time}"


def _ratio(one: Ratio) -> str:
    return f"({in_words(one.over)}) / ({in_words(one.under)})"


def _cohort(one: Cohort) -> str:
    window = f"within {span(one.within)}" if one.within is not None else "by now"
    share = f"share of {one.entity}{_where(one.where)}, by {one.on.text}"
    return f"{share}, that has {one.reaches.text} {window}"


def _stock(one: Stock) -> str:
    what = one.entity if one.value is None else f"{one.value.text} of {one.entity}"
    stands = f"standing between {one.opened.text} and {one.closed.text}"
    return (
        f"{_TAKES[one.take]} of {what}{_where(one.where)} {stands}, at the period's {one.at.value}"
    )


def _balance(one: Balance) -> str:
    told = one.take.value.replace("_", " ")
    return (
        f"{told}: {one.value.text} of {one.entity}{_where(one.where)} by {one.per},"
        " compared between the period's start and end"
    )


def _first(one: First) -> str:
    return (
        f"number of {one.per} whose first {one.on.text} of {one.entity}{_where(one.where)} it holds"
    )


def _paired(one: Paired) -> str:
    told, came = in_words(one.forecast), in_words(one.actual)
    return f"forecast {one.take.value}: ({told}) against ({came}), by owner"


def _rank(one: RankAccuracy) -> str:
    return (
        f"how well {one.score.text} of {one.entity}{_where(one.where)} ranks those with"
        f" {one.event.text}, by {one.on.text}"
    )


def _slipped(one: Slipped) -> str:
    return f"number of open {one.entity}{_where(one.where)} whose {one.expected} left the period"


def _health(one: Health) -> str:
    parts = ", ".join(f"{part.part.value} x {part.weight:g}" for part in one.components)
    if one.take.value == "at_risk":
        return f"MRR of customers whose health ({parts}) is under {one.threshold:g}"
    return f"mean health of customers: {parts}"


def _formula(one: Formula) -> str:
    parts = "; ".join(f"{name}: {in_words(part)}" for name, part in one.of)
    return f"{one.text.text}, where {parts}"


def _rolling(one: Rolling) -> str:
    return f"{in_words(one.measure)}, over the last {span(one.over)}"


def _to_date(one: ToDate) -> str:
    return f"{in_words(one.measure)}, from the start of the {one.within.value}"


def _reference(one: KpiRef) -> str:
    return str(one.key)


def _where(where: Expression | None) -> str:
    return f" where {where.text}" if where is not None else ""


def span(length: Span) -> str:
    """Return a length of time in words."""
    plural = "" if length.count == 1 else "s"
    return f"{length.count:g} {length.unit.value}{plural}"


_WORDS: dict[type, Callable[[Any], str]] = {
    Aggregate: _aggregate,
    Duration: _duration,
    FirstTouch: _first_touch,
    Ratio: _ratio,
    Cohort: _cohort,
    Stock: _stock,
    Balance: _balance,
    First: _first,
    Paired: _paired,
    RankAccuracy: _rank,
    Slipped: _slipped,
    Health: _health,
    Formula: _formula,
    Rolling: _rolling,
    ToDate: _to_date,
    KpiRef: _reference,
}
