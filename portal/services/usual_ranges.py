"""What is usual of a KPI: the limits of its XmR chart, told alike wherever they are told.

They come from the settled periods before the last. What stands at a moment and carries over, as
recurring revenue does, may have no usual level: then its moves are charted (`xmr.carried`).
"""

from collections.abc import Sequence

from kpi_engine.definitions.kinds import Kpi, Stock
from kpi_engine.statistics import xmr
from kpi_engine.statistics.xmr import Xmr
from kpi_engine.units import Unit
from portal.services.numbers import Point
from portal.services.quotients import of_nothing


def of_points(kpi: Kpi, points: Sequence[Point]) -> Xmr | None:
    """Return the limits of a KPI's periods, oldest first; None with too few to tell.

    A month in which nothing was spent says nothing of what is usual where something was.
    """
    told = (None if of_nothing(kpi, point.reading) else point.settled for point in points)
    return of_values(kpi, tuple(told))


def of_values(kpi: Kpi, values: Sequence[float | None]) -> Xmr | None:
    """Return the limits of a series; None is a gap, and too few of them tell none.

    What never was below nothing, or above the whole, is not expected there either.
    """
    told = [value for value in values if value is not None]
    floor = 0.0 if told and min(told) >= 0 else None
    ceiling = 1.0 if kpi.unit is Unit.RATIO and told and max(told) <= 1 else None
    before = sum(value is not None for value in values[:-1])
    make = xmr.carried if isinstance(kpi.measure, Stock) else xmr.chart
    return make(values, baseline=before, floor=floor, ceiling=ceiling)
