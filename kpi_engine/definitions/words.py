"""A measure in words, for those who want to know how a number is made."""

import re
from collections.abc import Callable
from typing import Any

from kpi_engine.definitions import record_words
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
from kpi_engine.definitions.record_words import many, span
from kpi_engine.definitions.takes import (
    At,
    BalanceTake,
    Clock,
    HealthPart,
    HealthTake,
    PairTake,
    SpanUnit,
    Take,
    Within,
)
from kpi_engine.language import mark, tr, trc

__all__ = ["health_part", "in_words", "many", "span"]

_TAKES = {
    Take.COUNT: mark("number of"),
    Take.SUM: mark("sum of"),
    Take.MEAN: mark("mean of"),
    Take.MEDIAN: mark("median of"),
    Take.P90: mark("90th percentile of"),
    Take.MIN: mark("least of"),
    Take.MAX: mark("greatest of"),
    Take.DISTINCT: mark("number of different values of"),
}
_OF_TIMES = {
    Take.COUNT: mark("number of the {hours} {time}"),
    Take.SUM: mark("sum of the {hours} {time}"),
    Take.MEAN: mark("mean of the {hours} {time}"),
    Take.MEDIAN: mark("median of the {hours} {time}"),
    Take.P90: mark("90th percentile of the {hours} {time}"),
    Take.MIN: mark("least of the {hours} {time}"),
    Take.MAX: mark("greatest of the {hours} {time}"),
    Take.DISTINCT: mark("number of different values of the {hours} {time}"),
}
_AT = {
    At.START: mark("at the period's start"),
    At.END: mark("at the period's end"),
    At.MEAN: mark("in the mean of the period's days"),
}
_BALANCES = {
    BalanceTake.START: mark("{what} at the period's start"),
    BalanceTake.END: mark("{what} at the period's end"),
    BalanceTake.RETAINED: mark(
        "{what} at the period's end, of those {per} that had any at its start"
    ),
    BalanceTake.KEPT: mark(
        "{what} at the period's end, of those {per} that had any at its start, each at most what"
        " it was"
    ),
    BalanceTake.LOST: mark("what {per} lost of {what} from the period's start to its end"),
    BalanceTake.GAINED: mark(
        "what {what} rose by from the period's start to its end, of those {per} that had any"
    ),
    BalanceTake.ACCOUNTS_START: mark("number of {per} with {what} at the period's start"),
    BalanceTake.ACCOUNTS_END: mark("number of {per} with {what} at the period's end"),
    BalanceTake.ACCOUNTS_LOST: mark(
        "number of {per} with {what} at the period's start and none at its end"
    ),
    BalanceTake.ACCOUNTS_GAINED: mark(
        "number of {per} whose {what} rose from the period's start to its end"
    ),
}
_PAIRS = {
    PairTake.ACCURACY: mark("accuracy of {forecast} against {actual}, owner by owner"),
    PairTake.BIAS: mark("bias of {forecast} against {actual}, owner by owner"),
}
_BEGUN = {
    SpanUnit.WEEK: mark("{measure}, from the start of the week"),
    SpanUnit.MONTH: mark("{measure}, from the start of the month"),
    SpanUnit.QUARTER: mark("{measure}, from the start of the quarter"),
    SpanUnit.YEAR: mark("{measure}, from the start of the year"),
}
_NEGATED = re.compile(r"\bnot ((?:\w+\.)?\w+) is null\b")


def in_words(part: Part) -> str:
    """Return how a measure is computed, as one line."""
    return _WORDS[type(part)](part)


def _aggregate(one: Aggregate) -> str:
    told = {"take": tr(_TAKES[one.take]), "what": _what(one), "where": _where(one.where)}
    if one.on is None:
        return tr("{take} {what}{where}, in no period", **told)
    return tr("{take} {what}{where}, by {column}", **told, column=_text(one.on))


def _duration(one: Duration) -> str:
    start, end = _text(one.start), _text(one.end)
    time = tr("from {start} to {end} of {records}", start=start, end=end, records=many(one.entity))
    told = {"time": _taken(one.take, time, one.clock), "where": _where(one.where)}
    return tr("{time}{where}, by {column}", **told, column=_text(one.on))


def _first_touch(one: FirstTouch) -> str:
    time = tr(
        "from {after} of {records}{waiting} to the first {record}{where}",
        after=_text(one.after),
        records=many(one.of),
        waiting=_where(one.of_where),
        record=record_words.one(one.first),
        where=_where(one.where),
    )
    taken = _taken(one.take, time, one.clock)
    return tr("{time}, by {column}", time=taken, column=_text(one.after))


def _taken(take: Take | Within, time: str, clock: Clock) -> str:
    hours = tr("business hours") if clock is Clock.BUSINESS else trc("time that passes", "time")
    if isinstance(take, Within):
        most = span(take.limit)
        return tr("share with at most {most} of {hours} {time}", most=most, hours=hours, time=time)
    return tr(_OF_TIMES[take], hours=hours, time=time)


def _ratio(one: Ratio) -> str:
    return f"{_bracketed(one.over)} / {_bracketed(one.under)}"


def _bracketed(part: Part) -> str:
    return in_words(part) if isinstance(part, KpiRef) else f"({in_words(part)})"


def _cohort(one: Cohort) -> str:
    window = tr("by now") if one.within is None else tr("within {span}", span=span(one.within))
    return tr(
        "share of {records}{where}, by {column}, that have {reached} {window}",
        records=many(one.entity),
        where=_where(one.where),
        column=_text(one.on),
        reached=_text(one.reaches),
        window=window,
    )


def _stock(one: Stock) -> str:
    return tr(
        "{take} {what}{where} open from {opened} until {closed}, {moment}",
        take=tr(_TAKES[one.take]),
        what=_what(one),
        where=_where(one.where),
        opened=_text(one.opened),
        closed=_text(one.closed),
        moment=tr(_AT[one.at]),
    )


def _what(one: Aggregate | Stock) -> str:
    told = many(one.entity)
    return told if one.value is None else _of_records(_text(one.value), told)


def _of_records(value: str, records: str) -> str:
    return tr("{value} of {records}", value=value, records=records)


def _balance(one: Balance) -> str:
    what = f"{_of_records(_text(one.value), many(one.entity))}{_where(one.where)}"
    return tr(_BALANCES[one.take], what=what, per=many(one.per.removesuffix("_id")))


def _first(one: First) -> str:
    return tr(
        "number of {owners} with their first {record}{where}, by {column}",
        owners=many(one.per.removesuffix("_id")),
        record=record_words.one(one.entity),
        where=_where(one.where),
        column=_text(one.on),
    )


def _paired(one: Paired) -> str:
    told, came = _bracketed(one.forecast), _bracketed(one.actual)
    return tr(_PAIRS[one.take], forecast=told, actual=came)


def _rank(one: RankAccuracy) -> str:
    return tr(
        "chance that {score} is higher for {records}{where} with {event} than for those without,"
        " by {column}",
        score=_text(one.score),
        records=many(one.entity),
        where=_where(one.where),
        event=_text(one.event),
        column=_text(one.on),
    )


def _slipped(one: Slipped) -> str:
    told = f"{many(one.entity)}{_where(one.where)}"
    return tr(
        "number of open {records} whose {column} moved out of the period",
        records=told,
        column=one.expected,
    )


def _health(one: Health) -> str:
    parts = ", ".join(f"{health_part(part.part)} x {part.weight:g}" for part in one.components)
    if one.take is HealthTake.AT_RISK:
        least = f"{one.threshold:g}"
        return tr(
            "MRR of customers whose health ({parts}) is under {least}", parts=parts, least=least
        )
    return tr("mean health of customers: {parts}", parts=parts)


def health_part(part: HealthPart) -> str:
    """Return what a component of a customer's health is called."""
    return {
        HealthPart.USAGE: trc("health", "usage"),
        HealthPart.TICKETS: trc("health", "tickets"),
        HealthPart.SATISFACTION: trc("health", "satisfaction"),
        HealthPart.RENEWAL: trc("health", "renewal"),
        HealthPart.CONTACT: trc("health", "contact"),
    }[part]


def _formula(one: Formula) -> str:
    # A part that goes by the KPI's own key needs no explanation.
    told = [(name, in_words(part)) for name, part in one.of]
    parts = "; ".join(f"{name}: {words}" for name, words in told if words != name)
    if not parts:
        return _text(one.text)
    return tr("{formula}, where {parts}", formula=_text(one.text), parts=parts)


def _rolling(one: Rolling) -> str:
    return tr("{measure}, over the last {span}", measure=in_words(one.measure), span=span(one.over))


def _to_date(one: ToDate) -> str:
    return tr(_BEGUN[one.within], measure=in_words(one.measure))


def _reference(one: KpiRef) -> str:
    return str(one.key)


def _where(where: Expression | None) -> str:
    return tr(" where {filter}", filter=_text(where)) if where is not None else ""


def _text(expression: Expression) -> str:
    """An expression as people write it: `a is not null` for `not a is null`."""
    return _NEGATED.sub(r"\1 is not null", expression.text)


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
