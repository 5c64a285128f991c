"""How good forecasts were so many days before a period's end, and what a plain model expects.

The model is told in one sentence: what was won already, and of the open deals due in the period the
part that the rest of earlier periods brought at this distance from their end. Its interval is how
far that part varies from period to period. It is judged on periods it had not seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sqrt
from statistics import fmean, median, stdev

from kpi_engine.compiler.dialect import day
from kpi_engine.engine.engine import Engine
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.statistics.student import quantile
from portal.services.deal_book import DealBook, Whose, owner_key
from portal.services.deals import NOTHING, Deal

HORIZONS = (90, 60, 30, 0)
BACK = 8
"""Earlier periods that the model looks at."""
JUDGED = 4
"""Earlier periods whose forecasts are judged."""
_LEAST = 4
"""Earlier periods without which the model says nothing."""
_COARSE_FIRST = ("quarter", "month", "week", "day")


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person said at a moment that a period would bring."""

    owner: str
    start: date
    grain: str
    amount: Decimal
    moment: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """What the model expects of a period, with the range that 8 of 10 such periods keep to."""

    low: Decimal
    middle: Decimal
    high: Decimal
    periods: int


@dataclass(frozen=True, slots=True)
class Judged:
    """How near forecasts came, so many days before the end of the periods looked at."""

    days: int
    accuracy: float | None
    """1 less the distances between promised and won, over what was won; at least 0."""
    bias: float | None
    """Above 0 more was promised than came."""
    model: float | None
    """The model's accuracy on the same periods."""
    periods: int


def read_submissions(engine: Engine, whose: Whose, since: date) -> tuple[Submission, ...]:
    """Read the forecasts of some people for the periods from a day on.

    Where the tenant forecasts by category, only the category of its setting counts.
    """
    if "forecast" not in engine.facts:
        return ()
    told = ("period_start_on", "period_grain", "amount", "submitted_at")
    records = engine.runner.now(
        engine.facts["forecast"], ["id", "source", "owner_id", "category", *told]
    )
    category = engine.runner.dialect.text(str(engine.settings["forecast_category"]))
    named = f"SELECT 1 FROM {records} AS c WHERE c.category = {category}"
    key, joins = owner_key(engine, "f")
    table = engine.runner.run(
        f"SELECT {key} AS owner, {', '.join(f'f.{column}' for column in told)}"
        f" FROM {records} AS f{joins} WHERE {whose.condition(engine.runner.dialect, key)}"
        f" AND f.period_start_on >= {day(since)}"
        f" AND (f.category = {category} OR NOT EXISTS ({named}))"
        " ORDER BY f.submitted_at, f.id"
    )
    return tuple(
        Submission(row["owner"], row["period_start_on"], row["period_grain"], row["amount"],
                   row["submitted_at"])
        for row in table.to_pylist()
    )  # fmt: skip


def said(
    submissions: Iterable[Submission], period: Period, moment: datetime
) -> Mapping[str, Decimal]:
    """Return the last word of each person on a period, before a moment.

    A person's forecasts of the coarsest grain count; those of a finer one are added up.
    """
    mine: dict[str, dict[str, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for one in submissions:
        if period.start <= one.start < period.end and one.moment < moment:
            mine[one.owner][one.grain][one.start] = one.amount
    found = {}
    for owner, grains in mine.items():
        grain = next((name for name in _COARSE_FIRST if name in grains), None)
        if grain is not None:
            found[owner] = sum(grains[grain].values(), NOTHING)
    return found


def won_in(deals: Iterable[Deal], start: datetime, end: datetime) -> Decimal:
    """Return what was won between two moments."""
    return sum((deal.amount for deal in deals if deal.won and deal.closed_in(start, end)), NOTHING)


def won_by_owner(deals: Iterable[Deal], start: datetime, end: datetime) -> Mapping[str, Decimal]:
    """Return what each person won between two moments."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.won and deal.closed_in(start, end):
            found[deal.owner] += deal.amount
    return found


def due_in(deals: Iterable[Deal], period: Period, moment: datetime) -> Decimal:
    """Return the amount of the deals that stood open at a moment and were due in a period."""
    total = NOTHING
    for deal in deals:
        if deal.open_at(moment):
            state = deal.at(moment)
            if state.due is not None and period.start <= state.due < period.end:
                total += state.amount
    return total


def expected(
    deals: Sequence[Deal], calendar: Calendar, period: Period, until: date
) -> Expected | None:
    """Return what the model expects a period to bring, as seen when the day `until` begins.

    None where fewer than four earlier periods had open deals at this distance from their end.
    """
    left = (period.end - until).days
    rest = _parts(deals, calendar, period, left)
    if len(rest) < _LEAST:
        return None
    moment = calendar.instant(until)
    won = won_in(deals, calendar.instant(period.start), moment)
    due = due_in(deals, period, moment)
    low, high = _eight_of_ten(rest)
    return Expected(
        won + due * Decimal(low), won + due * Decimal(median(rest)), won + due * Decimal(high),
        len(rest),
    )  # fmt: skip


def _eight_of_ten(parts: Sequence[float]) -> tuple[float, float]:
    """Return between what the next part lies in eight of ten cases; nothing comes below 0.

    The limits of a further value by Student's t. What lies between the tenths of so few parts
    themselves holds the next one in five (of four parts) or six (of eight) of ten cases only.
    """
    count = len(parts)
    reach = quantile(0.9, count - 1) * stdev(parts) * sqrt(1 + 1 / count)
    return max(fmean(parts) - reach, 0.0), fmean(parts) + reach


def _parts(deals: Sequence[Deal], calendar: Calendar, period: Period, left: int) -> list[float]:
    """For each earlier period what came in its last days, for each unit of money then due."""
    if left <= 0:
        return [0.0] * _LEAST
    found = []
    for earlier in before(calendar, period, BACK):
        stop = max(earlier.end - timedelta(days=left), earlier.start)
        moment = calendar.instant(stop)
        due = due_in(deals, earlier, moment)
        if due > 0:
            rest = won_in(deals, moment, calendar.instant(earlier.end))
            found.append(float(rest / due))
    return found


def before(calendar: Calendar, period: Period, count: int) -> list[Period]:
    """Return the periods before one, newest first."""
    found = []
    for _ in range(count):
        period = calendar.previous(period)
        found.append(period)
    return found


def judged(
    book: DealBook,
    submissions: Sequence[Submission],
    calendar: Calendar,
    period: Period,
) -> tuple[Judged, ...]:
    """Return how near the forecasts of the last four periods came, by days before their end.

    The model has no figure where close dates were not followed: those of today, held against what
    came, would be hindsight. Deals that are still open count as they then stood, as due.
    """
    periods = [one for one in before(calendar, period, JUDGED) if one.grain is Grain.QUARTER]
    return tuple(_judged(book, submissions, calendar, periods, days) for days in HORIZONS)


def _judged(
    book: DealBook,
    submissions: Sequence[Submission],
    calendar: Calendar,
    periods: Sequence[Period],
    days: int,
) -> Judged:
    promised: list[tuple[Decimal, Decimal]] = []
    modelled: list[tuple[Decimal, Decimal]] = []
    for one in periods:
        stop = one.end - timedelta(days=days)
        start, end = calendar.instant(one.start), calendar.instant(one.end)
        by_owner = said(submissions, one, calendar.instant(stop))
        won = won_by_owner(book.ended, start, end)
        if by_owner:
            came = sum((won.get(owner, NOTHING) for owner in by_owner), NOTHING)
            promised.append((sum(by_owner.values(), NOTHING), came))
        model = expected(book.every, calendar, one, max(stop, one.start))
        if model is not None and book.has_dates:
            modelled.append((model.middle, sum(won.values(), NOTHING)))
    accuracy, bias = _compared(promised)
    return Judged(days, accuracy, bias, _compared(modelled)[0], len(promised))


def _compared(pairs: Sequence[tuple[Decimal, Decimal]]) -> tuple[float | None, float | None]:
    came = sum((actual for _, actual in pairs), NOTHING)
    if came <= 0:
        return None, None
    distance = sum((abs(told - actual) for told, actual in pairs), NOTHING)
    over = sum((told - actual for told, actual in pairs), NOTHING)
    return max(1 - float(distance / came), 0.0), float(over / came)


def promised(
    deals: Sequence[Deal],
    submissions: Sequence[Submission],
    calendar: Calendar,
    period: Period,
    days: int,
) -> Mapping[str, tuple[Decimal, Decimal]]:
    """Return what each person promised so many days before the end of the last four periods.

    Beside it stands what then came. Periods without a promise of theirs are left out.
    """
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for one in before(calendar, period, JUDGED):
        moment = calendar.instant(one.end - timedelta(days=days))
        won = won_by_owner(deals, calendar.instant(one.start), calendar.instant(one.end))
        for owner, amount in said(submissions, one, moment).items():
            told, came = found.get(owner, (NOTHING, NOTHING))
            found[owner] = (told + amount, came + won.get(owner, NOTHING))
    return found
