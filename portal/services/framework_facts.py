"""What the rules are asked about, gathered from what a tenant has: its framework, described."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Protocol

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.framework.described import Aim, Framework, Goal, Keeper, Member, Offer, Split, Usual
from kpi_engine.framework.use import DAYS
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from portal.models import actions as action_questions
from portal.models import people as people_questions
from portal.models import targets as target_questions
from portal.models.targets import Target
from portal.readmodels.cards import Tone
from portal.services import goals, kpi_views, lifecycles, numbers, ownership, standings, targets
from portal.services.lifecycles import LifeState
from portal.services.numbers import TENANT
from portal.services.ownership import Ownership
from portal.services.remembering import remembered
from portal.services.score_views import is_variant
from portal.services.standings import Asked, Standing
from portal.services.statuses import MARGIN
from portal.tenancy.session import TenantSession

_HISTORY = 25
"""So many periods back: two years of changes."""
_USUAL = 6
"""So many closed periods tell what is usual."""
_JUDGED = {Tone.GOOD, Tone.WATCH, Tone.BAD}
_ORDER = tuple(Grain)


class Ground(Protocol):
    """Which KPIs there are, and how the tenant cuts time; a desk has both."""

    @property
    def catalogue(self) -> Catalogue:
        """The tenant's KPIs."""

    @property
    def calendar(self) -> Calendar:
        """How it cuts time."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the database tells of all KPIs at once."""

    owners: Mapping[KpiKey, Ownership]
    left: Mapping[str, date]
    """Who may not sign in any more, by address, since when."""
    goals: tuple[goals.Goal, ...]
    aims: Mapping[KpiKey, Aim]
    aimed: frozenset[KpiKey]
    actions: Mapping[str, int]
    viewers: Mapping[KpiKey, int]
    """Only of those that were in use for as long as is asked about."""
    standing: Mapping[KpiKey, Standing]
    usual: Mapping[KpiKey, tuple[Usual, ...]]
    fingerprints: Mapping[KpiKey, str]


def described(session: TenantSession, ground: Ground, today: date) -> Framework:
    """Return the tenant's framework as the rules read it: the adopted KPIs and the others."""
    catalogue = ground.catalogue
    used = lifecycles.adopted(session, catalogue, today)
    kpis = tuple(kpi for kpi in catalogue.values() if kpi.key in used)
    told = _told(session, ground, kpis, today)
    return Framework(
        tuple(_member(kpi, told) for kpi in kpis),
        catalogue,
        tuple(_goal(one) for one in told.goals),
        _offers(session, ground, used, today),
    )


def _told(session: TenantSession, ground: Ground, kpis: Sequence[Kpi], today: date) -> _Told:
    keys = [kpi.key for kpi in kpis]
    standing = _standings(session, ground.calendar, kpis, today)
    since = min((one.points[-1].period.start for one in standing.values()), default=today)
    aims, aimed = _aims(session, ground.catalogue, since)
    return _Told(
        ownership.owners(session, keys, today),
        _left(session, ground.calendar),
        goals.goals(session, ground.catalogue, today),
        aims,
        aimed,
        Counter(row.kpi for row in session.scalars(action_questions.every())),
        _viewers(session, keys, today),
        standing,
        _usual(session, ground.calendar, kpis, today),
        fingerprints(ground.catalogue),
    )


def _member(kpi: Kpi, told: _Told) -> Member:
    owned, standing = told.owners.get(kpi.key), told.standing[kpi.key]
    serving = tuple(
        goal.key for goal in told.goals if any(one.kpi == kpi.key for one in goal.supports)
    )
    tones = (one.status.tone for one in standing.judged)
    return Member(
        kpi=kpi,
        fingerprint=told.fingerprints[kpi.key],
        goals=serving,
        keeper=None if owned is None else _keeper(owned, told.left),
        helpers=() if owned is None else tuple(one.name for one in owned.updaters),
        split=None if owned is None else _split(owned),
        aim=told.aims.get(kpi.key),
        has_target=kpi.key in told.aimed,
        grain=_grain(kpi),
        history=tuple(_final(point.reading) for point in standing.points),
        statuses=tuple(tone.value for tone in tones if tone in _JUDGED),
        usual=told.usual.get(kpi.key, ()),
        actions=told.actions.get(kpi.key, 0),
        viewers=told.viewers.get(kpi.key),
    )


def _keeper(owned: Ownership, left: Mapping[str, date]) -> Keeper:
    person, cover = owned.accountable, owned.cover
    stands_in = cover.name if cover is not None and cover.active else ""
    return Keeper(person.name, person.active, left.get(person.email), stands_in)


def _split(owned: Ownership) -> Split | None:
    if not owned.shares:
        return None
    waiting = [one.person.name for one in owned.shares if one.acknowledged_at is None]
    people = tuple(one.person.name for one in owned.shares)
    return Split(people, tuple(dict.fromkeys(waiting)))


def _left(session: TenantSession, calendar: Calendar) -> Mapping[str, date]:
    return {
        row.email: calendar.local_date(_naive(row.disabled_at))
        for row in session.scalars(people_questions.everybody())
        if row.disabled_at is not None
    }


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _goal(one: goals.Goal) -> Goal:
    owner = one.owner.name if one.owner is not None and one.owner.active else ""
    return Goal(one.key, one.name, owner, tuple(each.kpi for each in one.supports))


def _grain(kpi: Kpi) -> Grain:
    """How long the periods are that a KPI's past is told by: months, or longer if it needs."""
    return max(kpi.cadence, Grain.MONTH, key=_ORDER.index)


# Goals, waivers, actions, lives and views have no part in the stamp and are asked for each time;
# what follows is told from numbers and targets alone.
@remembered
def _standings(
    session: TenantSession, calendar: Calendar, kpis: Iterable[Kpi], today: date
) -> Mapping[KpiKey, Standing]:
    by_grain: dict[Grain, list[Kpi]] = {}
    for kpi in kpis:
        by_grain.setdefault(_grain(kpi), []).append(kpi)
    found: dict[KpiKey, Standing] = {}
    for grain, some in by_grain.items():
        last = numbers.latest(session, calendar, grain, today)
        found |= standings.of_everybody(session, calendar, some, Asked(TENANT, last, _HISTORY))
    return found


def _final(reading: Reading) -> float | None:
    return reading.value if reading.state is State.FINAL else None


def _aims(
    session: TenantSession, catalogue: Catalogue, since: date
) -> tuple[Mapping[KpiKey, Aim], frozenset[KpiKey]]:
    """Return the newest target of one value for each KPI, and which have any since a day."""
    rows = [
        row for row in session.scalars(target_questions.of_the_whole(since)) if targets.says(row)
    ]
    aims = {
        KpiKey(row.kpi): _aim(catalogue[KpiKey(row.kpi)], row, row.value)
        for row in sorted(rows, key=lambda one: one.period_start)
        if row.value is not None and KpiKey(row.kpi) in catalogue
    }
    return aims, frozenset(KpiKey(row.kpi) for row in rows)


def _aim(kpi: Kpi, row: Target, value: float) -> Aim:
    beyond = 1 + MARGIN if kpi.better is Better.LOWER else 1 - MARGIN
    return Aim(value, Grain(row.grain), value * beyond if row.red is None else row.red)


def _viewers(session: TenantSession, keys: Collection[KpiKey], today: date) -> Mapping[KpiKey, int]:
    """Return who looked; nothing where views are kept, or the KPI is in use, for less long."""
    first = today - timedelta(days=DAYS)
    since = kpi_views.kept_since(session)
    if since is None or since > first:
        return {}
    moved = lifecycles.lives(session)
    old = [key for key in keys if key not in moved or moved[key].since <= first]
    return kpi_views.viewers(session, old, first, today + timedelta(days=1))


@remembered
def _usual(
    session: TenantSession, calendar: Calendar, kpis: Sequence[Kpi], today: date
) -> Mapping[KpiKey, tuple[Usual, ...]]:
    found: dict[KpiKey, tuple[Usual, ...]] = {}
    for grain in _ORDER[1:]:
        keys = [kpi.key for kpi in kpis if _ORDER.index(kpi.cadence) <= _ORDER.index(grain)]
        last = numbers.latest(session, calendar, grain, today)
        told = numbers.series(session, calendar, keys, grain, TENANT, last, _USUAL)
        for key, points in told.items():
            final = [each.reading for each in points if each.reading.state is State.FINAL]
            if final:
                found[key] = (*found.get(key, ()), _of_usual(grain, final))
    return found


def _of_usual(grain: Grain, readings: Sequence[Reading]) -> Usual:
    values = [one.value for one in readings if one.value is not None]
    records = [one.n if one.under is None else one.under for one in readings]
    return Usual(grain, median(values), median(records))


def _offers(
    session: TenantSession, ground: Ground, used: frozenset[KpiKey], today: date
) -> tuple[Offer, ...]:
    """Return what could be adopted; not what was retired, and of variants only the plain one."""
    moved = lifecycles.lives(session)
    retired = {key for key, life in moved.items() if life.state is LifeState.RETIRED}
    catalogue = ground.catalogue
    others = [
        kpi
        for key, kpi in catalogue.items()
        if key not in used and key not in retired and not is_variant(key, catalogue)
    ]
    standing = _standings(session, ground.calendar, others, today)
    return tuple(Offer(kpi, standing[kpi.key].measured) for kpi in others)
