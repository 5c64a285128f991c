"""A measure in words, for those who want to know how a number is made."""

import re
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
from kpi_engine.definitions.takes import At, BalanceTake, Clock, HealthTake, Span, Take, Within

_TAKES = {
    Take.COUNT: "number of",
    Take.SUM: "sum of",
    Take.MEAN: "mean of",
    Take.MEDIAN: "median of",
    Take.P90: "90th percentile of",
    Take.MIN: "least of",
    Take.MAX: "greatest of",
    Take.DISTINCT: "number of different values of",
}
_AT = {
    At.START: "at the period's start",
    At.END: "at the period's end",
    At.MEAN: "in the mean of the period's days",
}
_BALANCES = {
    BalanceTake.START: "{what} at the period's start",
    BalanceTake.END: "{what} at the period's end",
    BalanceTake.RETAINED: "{what} at the period's end, of those {per} that had any at its start",
    BalanceTake.KEPT: (
        "{what} at the period's end, of those {per} that had any at its start, each at most what"
        " it was"
    ),
    BalanceTake.LOST: "what {per} lost of {what} from the period's start to its end",
    BalanceTake.GAINED: (
        "what {what} rose by from the period's start to its end, of those {per} that had any"
    ),
    BalanceTake.ACCOUNTS_START: "number of {per} with {what} at the period's start",
    BalanceTake.ACCOUNTS_END: "number of {per} with {what} at the period's end",
    BalanceTake.ACCOUNTS_LOST: (
        "number of {per} with {what} at the period's start and none at its end"
    ),
    BalanceTake.ACCOUNTS_GAINED: (
        "number of {per} whose {what} rose from the period's start to its end"
    ),
}
_NEGATED = re.compile(r"\bnot ((?:\w+\.)?\w+) is null\b")


def in_words(part: Part) -> str:
    """Return how a measure is computed, as one line."""
    return _WORDS[type(part)](part)


def _aggregate(one: Aggregate) -> str:
    placed = f", by {_text(one.on)}" if one.on is not None else ", in no period"
    return f"{_TAKES[one.take]} {_what(one)}{_where(one.where)}{placed}"


def _duration(one: Duration) -> str:
    time = f"from {_text(one.start)} to {_text(one.end)} of {many(one.entity)}"
    return f"{_taken(one.take, time, one.clock)}{_where(one.where)}, by {_text(one.on)}"


def _first_touch(one: FirstTouch) -> str:
    waiting = f"{_text(one.after)} of {many(one.of)}{_where(one.of_where)}"
    time = f"from {waiting} to the first {_plain(one.first)}{_where(one.where)}"
    return f"{_taken(one.take, time, one.clock)}, by {_text(one.after)}"


def _taken(take: Take | Within, time: str, clock: Clock) -> str:
    hours = "business hours" if clock is Clock.BUSINESS else "time"
    if isinstance(take, Within):
        return f"share with at most {span(take.limit)} of {hours} {time}"
    return f"{_TAKES[take]} the {hours} {time}"


def _ratio(one: Ratio) -> str:
    return f"{_bracketed(one.over)} / {_bracketed(one.under)}"


def _bracketed(part: Part) -> str:
    return in_words(part) if isinstance(part, KpiRef) else f"({in_words(part)})"


def _cohort(one: Cohort) -> str:
    window = f"within {span(one.within)}" if one.within is not None else "by now"
    share = f"share of {many(one.entity)}{_where(one.where)}, by {_text(one.on)}"
    return f"{share}, that have {_text(one.reaches)} {window}"


def _stock(one: Stock) -> str:
    stands = f"open from {_text(one.opened)} until {_text(one.closed)}"
    return f"{_TAKES[one.take]} {_what(one)}{_where(one.where)} {stands}, {_AT[one.at]}"


def _what(one: Aggregate | Stock) -> str:
    told = many(one.entity)
    return told if one.value is None else f"{_text(one.value)} of {told}"


def _balance(one: Balance) -> str:
    what = f"{_text(one.value)} of {many(one.entity)}{_where(one.where)}"
    return _BALANCES[one.take].format(what=what, per=many(one.per.removesuffix("_id")))


def _first(one: First) -> str:
    per = many(one.per.removesuffix("_id"))
    first = f"{_plain(one.entity)}{_where(one.where)}"
    return f"number of {per} with their first {first}, by {_text(one.on)}"


def _paired(one: Paired) -> str:
    told, came = _bracketed(one.forecast), _bracketed(one.actual)
    return f"{one.take.value} of {told} against {came}, owner by owner"


def _rank(one: RankAccuracy) -> str:
    return (
        f"chance that {_text(one.score)} is higher for {many(one.entity)}{_where(one.where)} with"
        f" {_text(one.event)} than for those without, by {_text(one.on)}"
    )


def _slipped(one: Slipped) -> str:
    told = f"{many(one.entity)}{_where(one.where)}"
    return f"number of open {told} whose {one.expected} moved out of the period"


def _health(one: Health) -> str:
    parts = ", ".join(f"{part.part.value} x {part.weight:g}" for part in one.components)
    if one.take is HealthTake.AT_RISK:
        return f"MRR of customers whose health ({parts}) is under {one.threshold:g}"
    return f"mean health of customers: {parts}"


def _formula(one: Formula) -> str:
    # A part that goes by the KPI's own key needs no explanation.
    told = [(name, in_words(part)) for name, part in one.of]
    parts = "; ".join(f"{name}: {words}" for name, words in told if words != name)
    return f"{_text(one.text)}, where {parts}" if parts else _text(one.text)


def _rolling(one: Rolling) -> str:
    return f"{in_words(one.measure)}, over the last {span(one.over)}"


def _to_date(one: ToDate) -> str:
    return f"{in_words(one.measure)}, from the start of the {one.within.value}"


def _reference(one: KpiRef) -> str:
    return str(one.key)


def _where(where: Expression | None) -> str:
    return f" where {_text(where)}" if where is not None else ""


def _text(expression: Expression) -> str:
    """An expression as people write it: `a is not null` for `not a is null`."""
    return _NEGATED.sub(r"\1 is not null", expression.text)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def many(name: str) -> str:
    """Return the plural of an entity's name: `activities`, `stage changes`."""
    told = _plain(name)
    if told in {"usage", "onboarding"}:
        return told
    if told.endswith("y"):
        return f"{told[:-1]}ies"
    return f"{told}es" if told.endswith("ch") else f"{told}s"


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
