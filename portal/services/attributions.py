"""Who moved it: the change of a KPI between two periods in exact parts, and in a sentence.

docs/attribution.md tells the method and its limits.
"""

from dataclasses import dataclass

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.periods import Period
from kpi_engine.reading import State
from kpi_engine.statistics.contribution import Method
from kpi_engine.units import Unit
from portal.services import absences, numbers, ownership
from portal.services.attribution_groups import groups
from portal.services.attribution_inputs import inputs
from portal.services.attribution_parts import Asked, Found, Kind, Mix, NotTold, Part, Rate
from portal.services.attribution_shared import shared
from portal.services.attribution_text import Shown, sentence, shown
from portal.services.desks import Desk, NoReachError
from portal.services.engines import Workshop
from portal.services.numbers import Point, Who
from portal.services.quotients import of_nothing

__all__ = ["Attribution", "Kind", "Mix", "NotTold", "Part", "Rate", "attribution"]

_TWO = 2


@dataclass(frozen=True, slots=True)
class Attribution:
    """A change and its parts, which add up to it exactly and also as they are shown."""

    change: float
    unit: Unit
    kind: Kind
    parts: tuple[Part, ...]
    whose_mix: Mix | None
    """What the weights of the segments did, which nobody answers for."""
    sentence: str
    """'-3.0 pp: marketing -1.1, sales -1.6, mix -0.3.'"""
    values: tuple[float, float]
    """Before and now."""
    shown: Shown
    method: Method

    @property
    def mix(self) -> float | None:
        """How much of the change is mix."""
        return self.whose_mix.amount if self.whose_mix is not None else None


def attribution(
    workshop: Workshop, desk: Desk, kpi: Kpi, who: Who, before: Period, now: Period
) -> Attribution | NotTold:
    """Return who moved a KPI of a scope between two periods, or why it cannot be told.

    Raises:
        NoReachError: if the scope's numbers are not for this person.
    """
    if not desk.sees(kpi.key, who):
        raise NoReachError(tr("Those numbers are not open to you."))
    points = tuple(_point(desk, kpi, who, period) for period in (before, now))
    asked = Asked(desk, kpi, who, before, now, (points[0], points[1]))
    why = untold(asked)
    if why:
        return NotTold(why)
    found = _found(workshop, asked)
    if isinstance(found, NotTold):
        return found
    figures = shown(asked, found)
    return Attribution(
        asked.change,
        kpi.unit,
        found.kind,
        found.parts,
        found.mix,
        sentence(asked, found, figures),
        asked.values,
        figures,
        found.method,
    )


def _point(desk: Desk, kpi: Kpi, who: Who, period: Period) -> Point:
    found = numbers.series(desk.session, desk.calendar, (kpi.key,), period.grain, who, period, 1)
    return found[kpi.key][0]


def untold(asked: Asked) -> str:
    """Return why a change has no parts, whatever it is made of."""
    desk, formats = asked.desk, asked.desk.formats
    for point, period in zip(asked.points, (asked.before, asked.now), strict=True):
        told = point.reading
        if told.value is None:
            why = absences.in_words(desk.catalogue, asked.kpi, told, period, formats)
            return tr("{period} has no number: {why}.", period=formats.period(period), why=why)
        if of_nothing(asked.kpi, told):
            return tr(
                "Nothing was spent in {period}, so there is nothing to compare with.",
                period=formats.period(period),
            )
        if told.state is State.SO_FAR:
            return tr(
                "{period} has not ended; its parts are told when it has.",
                period=formats.period(period),
            )
    before, now = asked.points
    if before.definition and now.definition and before.definition != now.definition:
        return tr(
            "The definition changed between {before} and {now}; a change of meaning is nobody's"
            " doing.",
            before=formats.period(asked.before),
            now=formats.period(asked.now),
        )
    was, told_now = (formats.short(value, asked.kpi.unit) for value in asked.values)
    if was == told_now:
        return tr("It did not move: {value} in both periods.", value=told_now)
    return ""


def _found(workshop: Workshop, asked: Asked) -> Found | NotTold:
    key = asked.kpi.key
    desk = asked.desk
    owner = ownership.answering(desk.session, (key,), desk.today, asked.who).get(key)
    if owner is not None and len(owner.shares) >= _TWO:
        return shared(workshop, asked, owner.shares)
    return inputs(asked) or groups(asked)
