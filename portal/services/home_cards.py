"""The cards at the top of a sales home, in the order in which they are wished for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Period
from portal.models.observations import ScopeKind
from portal.readmodels.cards import KpiCard
from portal.services import coverage, numbers, standings
from portal.services.confidence import Told
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.home_card import POINTS, Card, Wish
from portal.services.numbers import Who
from portal.services.standings import Asked
from portal.services.working_time import Days

_FEW_PEOPLE = 4
"""A median of fewer would give away a colleague's own number."""
Made = tuple[KpiCard, Told]
"""A card, and the points of which its number is the last."""


def cards(
    desk: Desk,
    workshop: Workshop,
    who: Who,
    wishes: Sequence[Wish],
    today: date,
    *,
    peers: Iterable[str] = (),
) -> tuple[Made, ...]:
    """Return the cards of the KPIs that there are numbers of, in the order wished.

    Args:
        desk: Whose page it is.
        workshop: What coverage of earlier periods is read with.
        who: Whose numbers.
        wishes: More than are shown: the first seven with numbers are.
        today: The day that the page is as of.
        peers: The keys of the people whose median stands beside the number.
    """
    found = []
    home = _Home(desk, workshop, who, today, frozenset(peers))
    for grain in dict.fromkeys(wish.grain for wish in wishes):
        mine = [wish for wish in wishes if wish.grain is grain and wish.key in desk.catalogue]
        found += _of_grain(home, mine)
    order = {wish.key: place for place, wish in enumerate(wishes)}
    return tuple(sorted(found, key=lambda made: order[made[0].key]))


@dataclass(frozen=True, slots=True)
class _Home:
    """Whose cards are made, as of which day."""

    desk: Desk
    workshop: Workshop
    who: Who
    today: date
    peers: frozenset[str]


def _of_grain(home: _Home, wishes: Sequence[Wish]) -> list[Made]:
    desk, who = home.desk, home.who
    kpis = [desk.catalogue[KpiKey(wish.key)] for wish in wishes]
    if not kpis:
        return []
    running = desk.calendar.holding(home.today, wishes[0].grain)
    ended = home.today + timedelta(days=1) >= running.end
    last = running if ended else desk.calendar.previous(running)
    told = standings.standings(desk, kpis, Asked(who, running, POINTS + 1))
    open_ones = {key: one.points[-1] for key, one in told.items()}
    followed = coverage.by_day(desk, home.workshop, who, open_ones)
    keys = [kpi.key for kpi in kpis]
    medians: dict[Period, Mapping[KpiKey, float]] = {}
    found = []
    for wish in wishes:
        standing = told[KpiKey(wish.key)]
        if not standing.measured:
            continue
        shown = running if wish.open or ended else last
        if home.peers and shown not in medians:
            medians[shown] = _medians(desk, keys, shown, home.peers)
        days = Days(running, home.today, desk.catalogue.settings)
        card = Card(desk, wish, standing, shown, days, followed.get(standing.kpi.key, ()))
        middle = medians.get(shown, {}).get(KpiKey(wish.key))
        found.append((card.made(middle, who), Told(standing.kpi, card.points)))
    return found


def _medians(
    desk: Desk, keys: Sequence[KpiKey], period: Period, peers: frozenset[str]
) -> Mapping[KpiKey, float]:
    told = numbers.across(desk.session, desk.calendar, keys, period, ScopeKind.OWNER)
    found = {}
    for key in keys:
        values = [
            point.reading.value
            for owner, point in told[key].items()
            if owner in peers and point.reading.value is not None
        ]
        if len(values) >= _FEW_PEOPLE:
            found[key] = median(values)
    return found
