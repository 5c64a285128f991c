"""Numbers in few letters, for tables that set several side by side."""

from kpi_engine.units import Unit
from portal.demo.scorecard import Change

_SCALES = ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
"""From which size on, by what money is divided, and the letter that says so."""
_SUFFIX = {Unit.DAYS: " d", Unit.HOURS: " h", Unit.MINUTES: " min", Unit.MONEY_PER_DAY: "/day"}


def short(value: float, unit: Unit) -> str:
    """Return a value in at most ten letters; the currency is told elsewhere."""
    if unit is Unit.RATIO:
        return f"{value * 100:,.1f} %"
    if unit is Unit.TIMES:
        return f"{value:,.1f}\N{MULTIPLICATION SIGN}"
    if unit is Unit.SCORE:
        return f"{value:,.2f}"
    if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
        return f"{_scaled(value)}{_SUFFIX.get(unit, '')}"
    if unit is Unit.COUNT and float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.1f}{_SUFFIX.get(unit, '')}"


def _scaled(value: float) -> str:
    for least, scale, letter in _SCALES:
        if abs(value) >= least:
            return f"{value / scale:,.4g} {letter}"
    return f"{value:,.0f}"


def moved(change: Change, unit: Unit) -> str:
    """Return a change in at most nine letters: `+4.2 %`, or in points (`pt`) for a ratio."""
    if change.absolute == 0:
        return ""
    if unit is Unit.RATIO:
        return f"{change.absolute * 100:+,.1f} pt"
    if change.relative is not None:
        return f"{change.relative * 100:+,.1f} %"
    return f"{'+' if change.absolute > 0 else '-'}{short(abs(change.absolute), unit)}"
