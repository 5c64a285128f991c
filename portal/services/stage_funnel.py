"""How deals pass through the stages: how many enter, move on, and how long they stay.

Who moves on is told of those that left a stage in the time looked at, so a young period is not
held against what its deals had no time for yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from kpi_engine.compiler.dialect import instant
from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.crm.stages import StageMap
from kpi_engine.engine.engine import Engine
from portal.services.deals import Deal, Left, Stay

FEW = 10
"""Stays under which no share and no usual time is told."""
_FEW_STAYS, _FEW_PEOPLE = 20, 4


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many deals that left a stage, how many moved on."""

    on: int
    left: int

    @property
    def value(self) -> float | None:
        """The share; None where too few left to tell."""
        return self.on / self.left if self.left >= FEW else None


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage in the time looked at, and what is usual: the twelve months before."""

    stage: str
    entered: int
    moved: Share
    usual: Share
    days: float | None
    """Median days of the stays that ended; None with too few."""
    ended: int
    usual_days: float | None
    here: int
    """Deals that stand in it now."""

    @property
    def points_below(self) -> float:
        """By how much fewer move on than usual, as a share; 0 where it cannot be told."""
        if self.moved.value is None or self.usual.value is None:
            return 0.0
        return self.usual.value - self.moved.value

    @property
    def days_above(self) -> float:
        """By how many days a stay is longer than usual; 0 where it cannot be told."""
        if self.days is None or self.usual_days is None:
            return 0.0
        return self.days - self.usual_days

    @property
    def fewer(self) -> bool:
        """Whether notably fewer move on than usual."""
        return self.points_below >= _FEWER

    @property
    def slow(self) -> bool:
        """Whether a stay is notably longer than usual."""
        usual = self.usual_days
        return self.days is not None and bool(usual) and self.days >= _SLOW * (usual or 0.0)


_SLOW, _FEWER = 1.25, 0.05
"""So much longer, and so many fewer of all, is worth a mark."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """The open stages in their order, and what was won at the end of them."""

    rows: tuple[StageRow, ...]
    won: int
    unplaced: tuple[str, ...]
    """Stages that the stage map gives no order, though deals were in them."""

    @property
    def weak(self) -> StageRow | None:
        """The stage that holds deals back most against its usual; None where none does."""
        # What the chart marks is never called usual in the sentence below it.
        held = [row for row in self.rows if row.fewer or row.slow or _weight(row) > _NOTABLE]
        return max(held, key=_weight, default=None)


_NOTABLE = 0.25


def _weight(row: StageRow) -> float:
    longer = row.days_above / row.usual_days if row.usual_days else 0.0
    return max(longer, 0.0) + 2 * max(row.points_below, 0.0)


def funnel(
    deals: Sequence[Deal], stages: StageMap, since: datetime, until: datetime, year_before: datetime
) -> Funnel:
    """Return how deals passed between two moments, against the time from `year_before` on."""
    now, usual = _by_stage(deals, since, until), _by_stage(deals, year_before, since)
    order = [name for name, rule in stages.items() if rule.status == "open" and rule.order]
    order.sort(key=lambda name: stages[name].order or 0)
    standing = _standing(deals, until)
    rows = tuple(
        StageRow(
            stage,
            now.entered[stage],
            _share(now.ended[stage]),
            _share(usual.ended[stage]),
            _median(now.ended[stage]),
            len(now.ended[stage]),
            _median(usual.ended[stage]),
            standing[stage],
        )
        for stage in order
    )
    won = sum(deal.won and deal.closed_in(since, until) for deal in deals)
    strange = {stay.stage for deal in deals for stay in deal.stays} - set(order)
    return Funnel(rows, won, tuple(sorted(strange)))


@dataclass(frozen=True, slots=True)
class _Passed:
    entered: Mapping[str, int]
    ended: Mapping[str, list[Stay]]


def _by_stage(deals: Iterable[Deal], since: datetime, until: datetime) -> _Passed:
    entered: dict[str, int] = defaultdict(int)
    ended: dict[str, list[Stay]] = defaultdict(list)
    for deal in deals:
        # A deal that comes back to a stage entered it once.
        for stage in {stay.stage for stay in deal.stays if since <= stay.since < until}:
            entered[stage] += 1
        for stay in deal.stays:
            if stay.until is not None and since <= stay.until < until:
                ended[stay.stage].append(stay)
    return _Passed(entered, ended)


def _standing(deals: Iterable[Deal], until: datetime) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for deal in deals:
        if deal.open_at(until):
            stay = deal.stay_at(until)
            found[stay.stage if stay else deal.stage] += 1
    return found


def _share(stays: Sequence[Stay]) -> Share:
    left = [stay for stay in stays if stay.left in {Left.ON, Left.LOST}]
    return Share(sum(stay.left is Left.ON for stay in left), len(left))


def _median(stays: Sequence[Stay]) -> float | None:
    days = [stay.days for stay in stays if stay.days is not None]
    return median(days) if len(days) >= FEW else None


def usual_days(engine: Engine, since: datetime, until: datetime) -> Mapping[str, float]:
    """Return the usual days in each stage over all deals of the tenant.

    It is a figure of nobody in particular, so it is told to everybody; a stage with fewer than 20
    stays, or with stays of fewer than 4 people, has none.
    """
    if "stage_change" not in engine.facts or "opportunity" not in engine.facts:
        return {}
    changes = engine.runner.now(
        engine.facts["stage_change"], ["id", "source", "opportunity_id", "to_stage", "changed_at"]
    )
    deals = engine.runner.now(
        engine.facts["opportunity"], ["id", "source", "owner_id", "closed_at"]
    )
    order = "OVER (PARTITION BY s.source, s.opportunity_id ORDER BY s.changed_at, s.id)"
    # A change of the date or the amount alone is told as one from a stage to itself.
    entered = (
        f"SELECT s.*, coalesce(lag(s.to_stage) {order} <> s.to_stage, TRUE) AS is_entry"
        f" FROM {changes} AS s"
    )
    owner = f"o.source || chr({ord(KEY_SEPARATOR)}) || o.owner_id"
    table = engine.runner.run(
        f"WITH stays AS (SELECT s.to_stage AS stage, {owner} AS owner, s.changed_at AS since,"
        f" coalesce(lead(s.changed_at) {order}, o.closed_at) AS until FROM ({entered}) AS s"
        f" JOIN {deals} AS o ON o.source = s.source AND o.id = s.opportunity_id WHERE s.is_entry)"
        " SELECT stage, median(epoch_us(until) - epoch_us(since)) / 86400000000 AS days FROM stays"
        f" WHERE until >= {instant(since)} AND until < {instant(until)} AND until > since"
        f" GROUP BY stage HAVING count(*) >= {_FEW_STAYS}"
        f" AND count(DISTINCT owner) >= {_FEW_PEOPLE}"
    )
    found = {row["stage"]: float(row["days"]) for row in table.to_pylist()}
    return {
        name: days
        for name, days in found.items()
        if name in engine.stages and engine.stages[name].status == "open"
    }
