"""Rates that follow on each other, from a KPI's lower part to its upper part, owner by owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Cohort, Kpi, KpiKey, KpiRef, Ratio
from kpi_engine.definitions.kinds import Part as MeasurePart
from kpi_engine.reading import Reading
from portal.services.attribution_parts import Asked, near
from portal.services.ownership import Share

Readings = Mapping[KpiKey, tuple[Reading, Reading]]
"""What each component KPI read before and now."""


@dataclass(frozen=True, slots=True)
class Link:
    """One rate of a chain: its upper and lower part before and now, and whose it is."""

    share: Share
    kpi: KpiKey | None
    unders: tuple[float, float]
    overs: tuple[float, float]

    @property
    def rates(self) -> tuple[float, float]:
        """The rate before and now."""
        before, now = zip(self.overs, self.unders, strict=True)
        return before[0] / before[1], now[0] / now[1]


def chain(asked: Asked, shares: Sequence[Share], readings: Readings) -> list[Link]:
    """Return the links in order, one to each share; empty where the rates do not follow."""
    ends = _ends(asked.readings)
    if ends is None:
        return []
    unders, goal = ends
    step, left, links = unders, list(shares), list[Link]()
    while (found := _next(asked, left, readings, step, first=not links)) is not None:
        links.append(found)
        left.remove(found.share)
        step = found.overs
    if not links or len(left) > 1:
        return []
    if left:
        links.append(Link(left[0], None, step, goal))
    ended = all(near(one, other) for one, other in zip(links[-1].overs, goal, strict=True))
    return links if ended and all(all(link.unders) for link in links) else []


def _ends(
    readings: tuple[Reading, Reading],
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the lower and the upper parts of a quotient, before and now; None where it is none."""
    before, now = readings
    if not all(_is_quotient(one) for one in readings):
        return None
    unders, overs = (before.under or 0.0, now.under or 0.0), (before.over or 0.0, now.over or 0.0)
    return unders, overs


def _is_quotient(reading: Reading) -> bool:
    if reading.value is None or reading.over is None or not reading.under:
        return False
    return near(reading.over / reading.under, reading.value)


def _next(
    asked: Asked,
    shares: Sequence[Share],
    readings: Readings,
    step: tuple[float, float],
    *,
    first: bool,
) -> Link | None:
    """Return the share whose component starts where the chain stands.

    The first must be counted among the same records by its definition; equal counts alone could
    be another measure of the same records. Later ones start at what the one before left.
    """
    catalogue = asked.desk.catalogue
    for share in shares:
        if share.input is None or share.input not in readings or share.input == asked.kpi.key:
            continue
        ends = _ends(readings[share.input])
        if ends is None or not all(map(near, ends[0], step)):
            continue
        if not first or same_base(asked.kpi, catalogue[share.input], catalogue):
            return Link(share, share.input, *ends)
    return None


def same_base(one: Kpi, other: Kpi, catalogue: Catalogue) -> bool:
    """Say whether two rates are counted among the same records, by their definitions."""
    base = _base(one.measure, catalogue)
    return base is not None and base == _base(other.measure, catalogue)


def _base(part: MeasurePart, catalogue: Catalogue) -> object:
    match part:
        case KpiRef(key=key):
            return _base(catalogue[key].measure, catalogue)
        case Cohort(entity=entity, on=on, where=where):
            return ("cohort", entity, on, where)
        case Ratio(under=KpiRef(key=key)):
            return ("ratio", catalogue[key].measure)
        case Ratio(under=under):
            return ("ratio", under)
        case _:
            return None
