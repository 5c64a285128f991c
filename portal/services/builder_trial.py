"""The number of a definition that is not published yet: asked of the same facts, within bounds.

It is computed by the engine from the checked definition, for a scope that the person sees, and
kept by its fingerprint: whoever builds the same KPI over the same facts is answered at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.fingerprint import fingerprint, fingerprints
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.engine.engine import Engine
from kpi_engine.language import mark
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Question
from kpi_engine.reading import Reading
from portal.services import loads, numbers, records
from portal.services.desks import Desk
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.records import Found, RecordsAsked
from portal.services.shelf import Shelf
from portal.services.too_slow import bounded
from portal.services.viewpoints import Viewpoint
from portal.tenancy.keys import TenantKey

PERIODS = 12
SECONDS = 6.0
"""What a page waits for the numbers of a definition that is being built."""
FEWEST_SHOWN = 10
_KEPT = Shelf(256)


@dataclass(frozen=True, slots=True)
class Tried:
    """One period of a definition that is tried."""

    period: Period
    reading: Reading


def periods_of(desk: Desk, grain: Grain) -> tuple[Period, ...]:
    """Return the last twelve closed periods that have numbers, oldest first."""
    last = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    first = desk.calendar.shift(last.start, grain, 1 - PERIODS)
    return tuple(desk.calendar.periods(grain, first, last.end))


def tried(
    workshop: Workshop, desk: Desk, kpi: Kpi, grown: Catalogue, view: Viewpoint
) -> tuple[Tried, ...]:
    """Return the last twelve closed periods of a definition.

    Raises:
        TooSlowError: if it takes longer than a page waits.
        BadQuestionError: if it cannot be asked so.
    """
    periods = periods_of(desk, kpi.cadence)
    key = (*_ground(desk), fingerprint(kpi, grown), view.who.kind, view.who.id)

    def ask() -> tuple[Tried, ...]:
        with open_grown(workshop, desk.card.key, grown) as opened:
            question = Question(
                (kpi.key,),
                (kpi.cadence,),
                periods[0].start,
                periods[-1].end,
                desk.today,
                opened.calendar,
                scope=view.scope,
            )
            rows = opened.engine.ask(question).rows()
            return tuple(Tried(row.period, row.reading) for row in rows)

    return _KEPT.get(("tried", *key, periods[-1].label, periods[0].label), ask)


def behind(
    workshop: Workshop, desk: Desk, kpi: Kpi, grown: Catalogue, asked: RecordsAsked
) -> Found:
    """Return the first records behind a period of a definition, as far as the scope reaches.

    Raises:
        TooSlowError: if it takes longer than a page waits.
    """
    scope = (asked.scope.kind, asked.scope.ids)
    key = (*_ground(desk), fingerprint(kpi, grown), scope, asked.period.label, asked.side)

    def ask() -> Found:
        with open_grown(workshop, desk.card.key, grown) as opened:
            return records.find_in(opened, replace(asked, most=FEWEST_SHOWN))

    return _KEPT.get(("behind", *key), ask)


def _ground(desk: Desk) -> tuple[object, ...]:
    """Return what a number stands on besides its definition: tenant, facts, calendar, day."""
    load = loads.last_landed(desk.session)
    rules = repr((desk.card.stages, desk.calendar))
    return (desk.card.key, load.seq if load else 0, rules, desk.today)


@contextmanager
def open_grown(
    workshop: Workshop, tenant: TenantKey, grown: Catalogue, seconds: float = SECONDS
) -> Iterator[Opened]:
    """Open an engine over the facts of today with definitions that are not published.

    Raises:
        TooSlowError: if what is asked in the block takes longer than `seconds`.
    """
    with open_engine(workshop, tenant) as opened:
        old = opened.engine
        engine = Engine(
            grown, grown.settings, old.stages, old.facts, old.runner, old.version, old.known_at
        )
        with bounded(old.runner, seconds, _WHILE_BUILDING):
            yield replace(opened, engine=engine, fingerprints=fingerprints(grown))


_WHILE_BUILDING = mark(
    "This takes longer than {seconds:g} seconds to compute, so it is not shown while"
    " you build. Narrow it with a condition, or choose a coarser cadence."
)
