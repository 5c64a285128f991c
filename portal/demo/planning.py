"""Sets the targets of the plan, and those that follow from quotas, as a person would."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from portal.demo.generated.people import REGIONS, SELLERS, seller_id
from portal.demo.plan import Aim
from portal.models.observations import ScopeKind
from portal.models.targets import TargetSource
from portal.services import targets
from portal.services.numbers import TENANT, Who
from portal.services.rosters import Roster
from portal.services.targets import Author, Slot, Target
from portal.tenancy.session import TenantSession

_MONTHS, _QUARTERS, _YEARS = 13, 6, 2
_FEWER = {ScopeKind.TENANT: 1.0, ScopeKind.TEAM: 0.6, ScopeKind.OWNER: 0.4}
"""How far back the smaller scopes are planned."""
_QUOTA = KpiKey("won_revenue")
_LONG_BEFORE = 10_000


@dataclass(frozen=True, slots=True)
class Planner:
    """What planning is done with."""

    session: TenantSession
    calendar: Calendar
    catalogue: Mapping[KpiKey, Kpi]
    roster: Roster
    author: Author
    now: datetime
    last: date
    """The last day that there are numbers of: today, or long ago."""


def set_plan(planner: Planner, aims: Mapping[str, Aim]) -> int:
    """Set every target of a plan that is not set yet, and return how many were."""
    done = 0
    for name, aim in aims.items():
        kpi = planner.catalogue.get(KpiKey(name))
        if kpi is None:
            continue
        for who, part in _scopes(planner, aim):
            for period in _periods(planner, who.kind):
                target = _target(kpi, aim, period, part, planner.last)
                if target is not None:
                    slot = Slot(kpi.key, period, who)
                    done += targets.put(
                        planner.session, kpi, slot, target, planner.author, planner.now
                    )
    return done


def set_quotas(planner: Planner, file: Path) -> int:
    """Make the quotas of a file the targets of won revenue: of sellers, teams and the whole."""
    kpi, found = planner.catalogue[_QUOTA], _quotas(file)
    done = 0
    for who, people in _groups(planner.roster):
        for period in _periods(planner, who.kind):
            months = planner.calendar.periods(Grain.MONTH, period.start, period.end)
            amount = sum(found.get((one, month.start), 0.0) for one in people for month in months)
            if amount > 0:
                target = Target(amount, note="From the quotas.", source=TargetSource.QUOTA.value)
                slot = Slot(_QUOTA, period, who)
                done += targets.put(planner.session, kpi, slot, target, planner.author, planner.now)
    return done


def _quotas(file: Path) -> dict[tuple[str, date], float]:
    with file.open(encoding="utf-8", newline="") as opened:
        return {
            (row["owner_id"], date.fromisoformat(row["period_start_on"])): float(row["amount"])
            for row in csv.DictReader(opened)
        }


def _groups(roster: Roster) -> Iterator[tuple[Who, tuple[str, ...]]]:
    """Everybody who sells, in groups: all of them, each region's, each alone."""
    ids = [seller_id(number) for number in range(len(SELLERS))]
    yield TENANT, tuple(ids)
    size = len(SELLERS) // len(REGIONS)
    for number, region in enumerate(REGIONS):
        team = roster.of_team(region.team)
        if team is not None:
            yield Who(ScopeKind.TEAM, team.key), tuple(ids[number * size : (number + 1) * size])
    for each in ids:
        person = roster.of_crm_user(each)
        if person is not None:
            yield Who(ScopeKind.OWNER, person.key), (each,)


def _scopes(planner: Planner, aim: Aim) -> Iterator[tuple[Who, float]]:
    """Whose target it is, and which part of the whole they are to bring where it adds up."""
    for who, people in _groups(planner.roster):
        wanted = {ScopeKind.TENANT: True, ScopeKind.TEAM: aim.each_team}.get(
            who.kind, aim.each_seller
        )
        if wanted:
            yield who, len(people) / len(SELLERS) if aim.shared else 1.0
    if not planner.roster.teams:
        return


def _periods(planner: Planner, kind: ScopeKind) -> Iterator[Period]:
    """The periods that are planned: some back, the running one and the one after it."""
    for grain, count in (
        (Grain.MONTH, _MONTHS),
        (Grain.QUARTER, _QUARTERS),
        (Grain.YEAR, _YEARS),
    ):
        running = planner.calendar.holding(planner.last, grain)
        back = max(1, round(count * _FEWER[kind]))
        first = planner.calendar.shift(running.start, grain, 1 - back)
        ahead = planner.calendar.shift(running.end, grain, 0 if grain is Grain.YEAR else 1)
        yield from planner.calendar.periods(grain, first, ahead)


def _target(kpi: Kpi, aim: Aim, period: Period, part: float, last: date) -> Target | None:
    value = {Grain.MONTH: aim.month, Grain.QUARTER: aim.quarter, Grain.YEAR: aim.year}[period.grain]
    if value is None:
        return None
    away = (period.start - last).days / 365
    value = _told(value * part * (1 + aim.growth) ** away)
    note = "From the plan of the year."
    if kpi.better is not Better.RANGE:
        return Target(value, note=note)
    spread = aim.spread or 0.15
    # Around nothing a share of it would be nothing.
    off = abs(value) * spread if value else spread
    return Target(None, _told(value - off), _told(value + off), note=note)


def _told(value: float) -> float:
    """Round as a person plans: no odd pence, no tenth of a lead."""
    if abs(value) >= _LONG_BEFORE:
        return round(value, -2)
    if abs(value) >= 20:  # noqa: PLR2004 - from here on a plan has no fractions
        return float(round(value))
    return round(value, 3)
