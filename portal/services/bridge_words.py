"""How a replaced KPI and its successor differ, in a sentence.

The differences of the shared periods are told by their range and the last of them. They are never
averaged: a mean of ratios, or of their gaps, is the ratio of nothing.
"""

from dataclasses import dataclass

from kpi_engine.language import tr, trn
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.services.bridges import Bridge, Step


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much the new one reads other than the old one: -1, 0 or 1, and the size as text."""

    sign: int
    size: str


def gap(old: float, new: float, unit: Unit, formats: Formats) -> Gap:
    """Return the difference of two values as it is shown: what reads as none is none."""
    low, high = sorted((old, new))
    size = formats.difference(high, low, unit).removeprefix("+")
    if size == formats.difference(old, old, unit).removeprefix("+"):
        return Gap(0, size)
    return Gap(1 if new > old else -1, size)


def gap_text(found: Gap) -> str:
    """Return a gap in words: '4.1 pp lower', 'the same'."""
    if not found.sign:
        return tr("the same")
    if found.sign < 0:
        return tr("{gap} lower", gap=found.size)
    return tr("{gap} higher", gap=found.size)


def sentence(bridge: Bridge, formats: Formats) -> str:
    """Say how the two differ in the periods that ended while both were told."""
    if not bridge.shared:
        return _nothing_shared(bridge)
    both = [step for step in bridge.shared if step.both is not None]
    if not both:
        shared = counted(bridge.grain, len(bridge.shared))
        return tr("In {shared} there is none in which both have a final number.", shared=shared)
    if bridge.old.unit is not bridge.new.unit:
        return _of_two_units(bridge, both[-1], formats)
    told = _values(bridge, both[-1], formats)
    last = gap_text(_gap(bridge, both[-1], formats))
    if len(both) == 1:
        return tr(
            "In {period}, the one shared period with a final number of both, the new one read"
            " {new} where the old one read {old}: {gap}.",
            gap=last,
            **told,
        )
    end = tr(
        "In the last of them, {period}, it read {new} where the old one read {old}: {gap}.",
        gap=last,
        **told,
    )
    return f"{_range_told(bridge, both, formats)} {end}"


def _nothing_shared(bridge: Bridge) -> str:
    if bridge.through < bridge.run.until_day:
        return tr("No period has ended yet in which both were told.")
    return tr("No period ended while both were told.")


def _of_two_units(bridge: Bridge, last: Step, formats: Formats) -> str:
    return tr(
        "The two are told in different units, so there is no difference to read. In {period} the"
        " old one read {old}, the new one {new}.",
        **_values(bridge, last, formats),
    )


def _values(bridge: Bridge, step: Step, formats: Formats) -> dict[str, str]:
    old, new = step.both or (0.0, 0.0)
    return {
        "period": formats.period(step.period),
        "old": formats.short(old, bridge.old.unit),
        "new": formats.short(new, bridge.new.unit),
    }


def _gap(bridge: Bridge, step: Step, formats: Formats) -> Gap:
    old, new = step.both or (0.0, 0.0)
    return gap(old, new, bridge.old.unit, formats)


def _range_told(bridge: Bridge, both: list[Step], formats: Formats) -> str:
    shared = counted(bridge.grain, len(bridge.shared))
    told = _range(bridge, both, formats)
    if len(both) == len(bridge.shared):
        return tr("In {shared} the new one read {range}.", shared=shared, range=told)
    return tr(
        "In {count} of {shared} both have a final number: the new one read {range}.",
        count=len(both),
        shared=shared,
        range=told,
    )


def _range(bridge: Bridge, both: list[Step], formats: Formats) -> str:
    """Return the least and the greatest difference in words."""
    ordered = sorted(both, key=_difference)
    low, high = (_gap(bridge, one, formats) for one in (ordered[0], ordered[-1]))
    if low.sign < 0 < high.sign:
        return tr("from {low} lower to {high} higher", low=low.size, high=high.size)
    if low == high:
        return gap_text(low)
    if low.sign < 0:
        if not high.sign:
            return tr("up to {most} lower", most=low.size)
        return tr("{least} to {most} lower", least=high.size, most=low.size)
    if not low.sign:
        return tr("up to {most} higher", most=high.size)
    return tr("{least} to {most} higher", least=low.size, most=high.size)


def _difference(step: Step) -> float:
    old, new = step.both or (0.0, 0.0)
    return new - old


def counted(grain: Grain, count: int) -> str:
    """Return so many shared periods, as they stand after 'in': '6 shared months'."""
    match grain:
        case Grain.DAY:
            return trn("{count} shared day", "{count} shared days", count)
        case Grain.WEEK:
            return trn("{count} shared week", "{count} shared weeks", count)
        case Grain.MONTH:
            return trn("{count} shared month", "{count} shared months", count)
        case Grain.QUARTER:
            return trn("{count} shared quarter", "{count} shared quarters", count)
        case Grain.YEAR:
            return trn("{count} shared year", "{count} shared years", count)
