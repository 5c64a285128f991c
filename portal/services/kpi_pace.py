"""What the running period of a KPI should have reached: by working days, and as last year went."""

from kpi_engine.language import tr
from portal.services import numbers, pacing, targets
from portal.services.kpi_sights import Sight
from portal.services.pacing import Basis, Course


def said(sight: Sight) -> str:
    """Return the pace of the period that runs, for the last day of the facts.

    Empty where no single value is its target, and for what does not add up over time: the target of
    a rate holds on every day.
    """
    desk, kpi, who = sight.desk, sight.kpi, sight.view.who
    if not pacing.adds_up(desk.catalogue, kpi.key):
        return ""
    asked = ((kpi.key,), sight.grain, who, desk.today)
    told = numbers.to_date(desk.session, desk.calendar, *asked)[kpi.key]
    held = targets.of(desk.session, desk.calendar, (kpi.key,), [told.period], who)
    target = held.get((kpi.key, told.period.start))
    if told.read_on is None or target is None or target.value is None:
        return ""
    course = Course(kpi, who, told.period, told.read_on)
    asked_of = (desk.session, desk.calendar, desk.catalogue, course, target)
    linear, profile = (
        pacing.pace(*asked_of, by=basis) for basis in (Basis.WORKING_DAYS, Basis.LAST_YEAR)
    )
    value = desk.formats.short(linear.expected or 0.0, kpi.unit)
    if profile.basis is not Basis.LAST_YEAR:
        return tr("Pace {value}, by working days.", value=value)
    return tr(
        "Pace {value}, by working days; {other} as {period} went.",
        value=value,
        other=desk.formats.short(profile.expected or 0.0, kpi.unit),
        period=desk.formats.period_short(desk.calendar.last_year(told.period)),
    )
