"""What a number stands on in words, and whether its two parts make it, so that they may be told."""

from math import isclose

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Aggregate, Kpi, Ratio
from kpi_engine.language import tr
from kpi_engine.reading import Reading
from kpi_engine.units import SHARES, Unit
from portal.readmodels.formats import Formats


def makes_it(reading: Reading) -> bool:
    """Say whether a value is its upper part by its lower; also of one that is still to come.

    An accuracy is one less that: "693 of 2,546" beside 72.8 % would tell another number.
    """
    if reading.over is None or reading.under is None:
        return False
    if reading.value is None:
        return True
    return reading.under != 0 and isclose(reading.over / reading.under, reading.value)


def of_nothing(kpi: Kpi, reading: Reading) -> bool:
    """Say whether a reading is a cost of 0 for each of something: what leads cost without spending.

    It is nobody's saving: it has no status, and no other number is compared with it. A count or a
    time of 0 for each of something is a number like any other, and so is a share.
    """
    told = isinstance(kpi.measure, Ratio) and reading.value == 0
    return told and kpi.unit is Unit.MONEY and kpi.better is Better.LOWER


def of_plan(kpi: Kpi) -> bool:
    """Say whether a KPI is told against quotas: of a plan no number of records is too small.

    What of a quota is won is known, be it one person's; chance has no part in it.
    """
    measure = kpi.measure
    under = measure.under if isinstance(measure, Ratio) else None
    return isinstance(under, Aggregate) and under.entity == "quota"


def comparable(kpi: Kpi, *readings: Reading) -> bool:
    """Say whether readings can be told against one another: none is absent, or of nothing."""
    return not any(one.value is None or of_nothing(kpi, one) for one in readings)


def parts_text(kpi: Kpi, reading: Reading, formats: Formats) -> str:
    """Return what a number stands on: '315 of 1,240', or how many records."""
    if kpi.unit in SHARES and makes_it(reading):
        over, under = both_parts(reading, formats)
        return tr("{over} of {under}", over=over, under=under)
    if kpi.unit is Unit.COUNT and reading.value == reading.n:
        return ""
    return f"n {formats.number(reading.n)}" if reading.n else ""


def both_parts(reading: Reading, formats: Formats) -> tuple[str, str]:
    """Return the upper and the lower part of a quotient as they are read; a missing one is 0."""
    return _bare(reading.over or 0.0, formats), _bare(reading.under or 0.0, formats)


def _bare(amount: float, formats: Formats) -> str:
    return formats.number(amount) if float(amount).is_integer() else formats.number(amount, 1)
