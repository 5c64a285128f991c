"""How KPIs stand: their numbers over some periods, each with its target and its status."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Reading, State
from portal.services import beginnings, numbers, statuses, targets, usual_ranges
from portal.services.desks import Desk
from portal.services.numbers import Point, Who
from portal.services.quotients import of_nothing
from portal.services.statuses import Judged
from portal.services.stories import Usual
from portal.services.targets import Target
from portal.services.why_none import NOT_YOURS
from portal.tenancy.session import TenantSession

_ENOUGH = 8
"""So many earlier numbers it takes to tell a usual range."""
_MOST = 24
_LATE = 4
"""So many periods the last number may lie before the last period: a cohort ripens late."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose numbers, up to which period, how many periods back."""

    who: Who
    last: Period
    count: int

    @property
    def grain(self) -> Grain:
        """How long its periods are."""
        return self.last.grain


@dataclass(frozen=True, slots=True)
class Standing:
    """One KPI over some periods, oldest first; the first three tuples are equally long."""

    kpi: Kpi
    points: tuple[Point, ...]
    targets: tuple[Target | None, ...]
    judged: tuple[Judged, ...]
    past: tuple[Point, ...] = ()
    """The points before these, as far as what is usual is told of them; no page shows them."""

    @property
    def known(self) -> tuple[Point, ...]:
        """All points, also those that are not shown: what is usual is told of these."""
        return (*self.past, *self.points)

    @property
    def now(self) -> Reading:
        """The reading of the last period."""
        return self.points[-1].reading

    @property
    def before(self) -> Reading | None:
        """The reading of the period before the last."""
        return self.points[-2].reading if len(self.points) > 1 else None

    @property
    def measured(self) -> bool:
        """Whether any period has a number."""
        return any(point.reading.value is not None for point in self.points)


def standings(desk: Desk, kpis: Iterable[Kpi], asked: Asked) -> Mapping[KpiKey, Standing]:
    """Return how each KPI stands for the person at the desk, in the order of `kpis`.

    One whose numbers they may not see in the scope has none and no target, and says why.
    """
    told = {kpi.key: kpi for kpi in kpis}
    mine = [kpi for key, kpi in told.items() if desk.sees(key, asked.who)]
    # Told of fewer, what is usual would differ from page to page.
    wide = replace(asked, count=max(asked.count, _MOST + 1 + _LATE))
    found = _marked(desk, of_everybody(desk.session, desk.calendar, mine, wide), asked.who)
    found = {key: _cut(one, asked.count) for key, one in found.items()}
    others = [key for key in told if key not in found]
    hidden = _withheld(desk.calendar, others, asked.last, asked.count)
    none = {key: _standing(told[key], points, {}) for key, points in hidden.items()}
    return {key: found[key] if key in found else none[key] for key in told}


def _marked(desk: Desk, found: Mapping[KpiKey, Standing], who: Who) -> Mapping[KpiKey, Standing]:
    """Return standings whose points say in which period the records begin."""
    points = beginnings.all_marked(desk, who, {key: one.points for key, one in found.items()})
    return {key: replace(one, points=points[key]) for key, one in found.items()}


def _cut(standing: Standing, count: int) -> Standing:
    return replace(
        standing,
        points=standing.points[-count:],
        targets=standing.targets[-count:],
        judged=standing.judged[-count:],
        past=standing.points[:-count],
    )


def _withheld(
    calendar: Calendar, kpis: Collection[KpiKey], last: Period, count: int
) -> Mapping[KpiKey, tuple[Point, ...]]:
    """Return the points of KPIs that the reader may not see: periods without any number."""
    first = calendar.shift(last.start, last.grain, 1 - count)
    nothing = Reading(None, State.WITHHELD, NOT_YOURS, 0)
    points = tuple(
        Point(period, nothing, "", 0, restated=False, first=None)
        for period in calendar.periods(last.grain, first, last.end)[-count:]
    )
    return dict.fromkeys(kpis, points)


def of_everybody(
    session: TenantSession, calendar: Calendar, kpis: Iterable[Kpi], asked: Asked
) -> Mapping[KpiKey, Standing]:
    """Return how each KPI stands, whoever asks: for jobs, and for who has checked the reach."""
    told = {kpi.key: kpi for kpi in kpis}
    keys = tuple(told)
    series = numbers.series(
        session, calendar, keys, asked.grain, asked.who, asked.last, asked.count
    )
    periods = _periods(calendar, asked)
    goals = targets.of(session, calendar, keys, periods, asked.who)
    return {key: _standing(kpi, series[key], goals) for key, kpi in told.items()}


def _standing(
    kpi: Kpi, points: tuple[Point, ...], goals: Mapping[tuple[KpiKey, date], Target]
) -> Standing:
    own = tuple(goals.get((kpi.key, point.period.start)) for point in points)
    judged = tuple(
        statuses.judge(kpi, point.reading, target)
        for point, target in zip(points, own, strict=True)
    )
    return Standing(kpi, points, own, judged)


def _periods(calendar: Calendar, asked: Asked) -> tuple[Period, ...]:
    found = [asked.last]
    while len(found) < asked.count:
        found.append(calendar.previous(found[-1]))
    return tuple(reversed(found))


def ripe(standing: Standing, most: int = _LATE) -> Standing:
    """Return the standing up to its newest number, if that lies no more than `most` periods back.

    A cohort ripens late: its last number is then of an earlier period, which its last point names.
    """
    for end in range(len(standing.points), max(len(standing.points) - most, 1), -1):
        if standing.points[end - 1].reading.value is not None:
            return replace(
                standing,
                points=standing.points[:end],
                targets=standing.targets[:end],
                judged=standing.judged[:end],
            )
    return standing


def without(standing: Standing, start: int) -> Standing:
    """Return the standing without its points from `start` up to its last: that one stays."""
    kept = [*range(start), len(standing.points) - 1]
    return replace(
        standing,
        points=tuple(standing.points[at] for at in kept),
        targets=tuple(standing.targets[at] for at in kept),
        judged=tuple(standing.judged[at] for at in kept),
    )


def usual(points: Iterable[Point], kpi: Kpi) -> Usual | None:
    """Return the usual range of a series from the points before its last; None with too few.

    It is that of the KPI's own XmR chart: see `usual_ranges`.
    """
    *earlier, last = tuple(points)[-_MOST - 1 :]
    told = (one for one in earlier if one.settled is not None and not of_nothing(kpi, one.reading))
    if sum(1 for _ in told) < _ENOUGH:
        return None
    limits = usual_ranges.of_points(kpi, (*earlier, last))
    return None if limits is None else Usual(limits.lower, limits.upper, moving=limits.moving)
