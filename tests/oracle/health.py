"""The health of customers: five figures of an account, each made a score, weighted."""

from datetime import date
from fractions import Fraction

from kpi_engine.definitions.kinds import Health
from kpi_engine.definitions.takes import HealthComponent, HealthPart, HealthTake
from kpi_engine.questions import ScopeKind
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.days import ONE_DAY, Days, midnight
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.records import Identity, Row, identity_of

Customers = dict[Identity, Fraction]


def customers(lens: Lens, day: date) -> Customers:
    """Return what each account with running revenue pays when `day` begins."""
    found: Customers = {}
    world = lens.world
    for row in lens.everyones().rows("subscription"):
        ended = row.get("ended_on")
        if row["started_on"] < day and (ended is None or ended >= day):
            then = world.known_then("subscription", row, midnight(day, lens.zone))
            key = world.identity("subscription", row, "account_id")
            if key is not None:
                found[key] = found.get(key, Fraction(0)) + Fraction(then["running_mrr"])
    return {key: amount for key, amount in found.items() if amount > 0}


def health(lens: Lens, measure: Health, window: Window, unit: Unit) -> Outcome:
    """Return the mean health of the customers, or the revenue of those under the threshold."""
    if not lens.world.loaded("subscription"):
        return Outcome(why=Absence.NOT_LOADED)
    day = window.edge(window.days.end)
    mine = {key: paid for key, paid in customers(lens, day).items() if _shown(lens, key)}
    told = {key: _told(lens, measure, key, day) for key in mine}
    scores = {key: points / weight for key, (points, weight) in told.items() if weight}
    zero = measure.take is HealthTake.AT_RISK
    if not scores:
        return Outcome(why=Absence.NO_ROWS, seen=bool(mine), zero_when_empty=zero)
    whole = sum(Fraction(component.weight) for component in measure.components) * len(mine)
    beside = (("coverage", sum(weight for _, weight in told.values()) / whole),)
    if measure.take is HealthTake.MEAN:
        value = sum(scores.values(), Fraction(0)) / len(scores)
    else:
        limit = Fraction(measure.threshold)
        value = sum((mine[key] for key, score in scores.items() if score < limit), Fraction(0))
    return Outcome(value, n=len(scores), beside=beside, seen=True, zero_when_empty=zero)


def _shown(lens: Lens, key: Identity) -> bool:
    """Whether the account is in the lens's group; one without a record is in that of nothing."""
    if key[0] == "record":
        return any(identity_of(row) == key for row in lens.rows("account"))
    everyone = lens.scope.kind is ScopeKind.ALL and lens.where is None
    return everyone and all(value is None for value in lens.group or ())


def _told(lens: Lens, measure: Health, key: Identity, day: date) -> tuple[Fraction, Fraction]:
    """Return the points that an account's components add up to, and the weight of those there."""
    parts = [
        (Fraction(part.weight), _clamped(part, figure))
        for part in measure.components
        if (figure := _FIGURES[part.part](lens, key, Days(day - part.days * ONE_DAY, day)))
        is not None
    ]
    points = sum((weight * score for weight, score in parts), Fraction(0))
    return points, sum((weight for weight, _ in parts), Fraction(0))


def _clamped(part: HealthComponent, figure: Fraction) -> Fraction:
    worst, best = Fraction(part.worst), Fraction(part.best)
    share = (figure - worst) / (best - worst)
    return 100 * min(max(share, Fraction(0)), Fraction(1))


def _rows_of(lens: Lens, entity: str, key: Identity) -> list[Row]:
    return [
        row
        for row in lens.world.now(entity)
        if lens.world.identity(entity, row, "account_id") == key
    ]


def _in(lens: Lens, at: object, days: Days) -> bool:
    return at is not None and not lens.before(at, days.start) and lens.before(at, days.end)


def _usage(lens: Lens, key: Identity, days: Days) -> Fraction | None:
    rows = _rows_of(lens, "usage", key)
    if not any(row["occurred_on"] and lens.before(row["occurred_on"], days.end) for row in rows):
        return None
    return Fraction(len({row["occurred_on"] for row in rows if row["occurred_on"] in days}))


def _tickets(lens: Lens, key: Identity, days: Days) -> Fraction | None:
    made = (row["created_at"] for row in lens.world.now("ticket"))
    if not any(at is not None and lens.before(at, days.end) for at in made):
        return None
    rows = _rows_of(lens, "ticket", key)
    return Fraction(sum(_in(lens, row["created_at"], days) for row in rows))


def _satisfaction(lens: Lens, key: Identity, days: Days) -> Fraction | None:
    rated = [
        Fraction(row["satisfaction"])
        for row in _rows_of(lens, "ticket", key)
        if row.get("satisfaction") is not None and _in(lens, row["created_at"], days)
    ]
    return sum(rated, Fraction(0)) / len(rated) if rated else None


def _renewal(lens: Lens, key: Identity, days: Days) -> Fraction | None:
    decided = [
        (row["due_on"], row["id"], row["source"], row["outcome"])
        for row in _rows_of(lens, "renewal", key)
        if row.get("outcome") in ("renewed", "churned") and row["due_on"] in days
    ]
    return Fraction(max(decided)[-1] == "renewed") if decided else None


def _contact(lens: Lens, key: Identity, days: Days) -> Fraction | None:
    """Return the days from that of the last activity to the last day that is looked at."""
    spoken = [
        lens.day(row["created_at"])
        for row in _rows_of(lens, "activity", key)
        if lens.before(row["created_at"], days.end)
    ]
    return Fraction((days.end - max(spoken)).days - 1) if spoken else None


_FIGURES = {
    HealthPart.USAGE: _usage,
    HealthPart.TICKETS: _tickets,
    HealthPart.SATISFACTION: _satisfaction,
    HealthPart.RENEWAL: _renewal,
    HealthPart.CONTACT: _contact,
}
